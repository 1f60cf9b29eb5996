//! A statement is written slowly into the watched folder, the watching program is killed meanwhile, the CRM is away.

use std::{thread, time::Duration};

use anyhow::Result;
use domain::Text;

use super::{
    Step, Story,
    expected::{ACCOUNT, FIRST_DAY, LEFT_ALONE},
};
use crate::{
    account::Account,
    bank::{self, FIRST_NAME},
    portal::{rows, text},
    wait,
};

pub const STEP: Step = Step {
    name: "statement",
    title: || {
        Text::new(
            "Выписка медленно пишется в папку, сети нет",
            "A statement is slowly written into the folder, the network is off",
        )
    },
    act,
    check,
};

const PIECES: usize = 6;
/// After this piece the writer rests for so long that a hasty reader would take the file as it is.
const LONG_PAUSE_AFTER: usize = 2;
/// Longer than two looks of the watcher are apart.
const LONG_PAUSE: Duration = Duration::from_millis(2_600);
const PAUSE: Duration = Duration::from_millis(250);
/// The watching program is killed after this piece.
const KILL_AFTER: usize = 3;

#[derive(Default)]
pub struct Seen {
    looks_while_writing: usize,
    entries_while_writing: usize,
}

fn act(story: &mut Story) -> Result<()> {
    story.portal.offline()?;
    story.start_watching()?;
    let path = story.place.statements().join(FIRST_NAME);
    let bytes = if story.spoils("statement") {
        bank::altered(bank::FIRST_DAY, "=146400.00", "=146401.00")?
    } else {
        bank::FIRST_DAY.to_vec()
    };
    bank::write_slowly(&path, &bytes, PIECES, |piece| {
        thread::sleep(if piece == LONG_PAUSE_AFTER { LONG_PAUSE } else { PAUSE });
        if piece == LONG_PAUSE_AFTER && story.spoils("half-file") {
            story.place.run(&["import", &path.to_string_lossy()], "")?;
        }
        if piece == KILL_AFTER {
            story.kill_watching()?;
            story.start_watching()?;
        }
        let seen = story.place.lines(&["inbox"])?.len();
        story.statement.looks_while_writing += 1;
        story.statement.entries_while_writing += seen;
        Ok(())
    })?;
    wait::until("the statement is imported and matched", || {
        Ok((story.money_came()? > 0).then_some(()))
    })
}

fn check(story: &mut Story, account: &mut Account) -> Result<()> {
    let seen = &story.statement;
    account.tell(
        format!(
            "пока файл писался, заглянули {} раз: операций в учёте {} (и один раз убили наблюдателя: kill -9)",
            seen.looks_while_writing, seen.entries_while_writing
        ),
        format!(
            "while it was written we looked {} times: {} entries in the ledger (and the watcher was killed once: kill -9)",
            seen.looks_while_writing, seen.entries_while_writing
        ),
    );
    account.same(
        &Text::new("операций до конца записи", "entries before the writer was done"),
        seen.entries_while_writing,
        0,
    );
    if seen.entries_while_writing > 0 {
        return Ok(());
    }
    let inbox = story.place.lines(&["inbox"])?;
    let count = |state: &str| inbox.iter().filter(|row| text(row, "state") == state).count();
    account.tell(
        format!(
            "поступлений {}: решено само {}, ждут человека {}, не от покупателей {}",
            inbox.len(),
            count("decided"),
            count("review"),
            count("not_customers")
        ),
        format!(
            "{} payments in: {} decided by themselves, {} wait for a person, {} are not customers'",
            inbox.len(),
            count("decided"),
            count("review"),
            count("not_customers")
        ),
    );
    account.same(
        &Text::new("поступлений", "payments in"),
        inbox.len(),
        FIRST_DAY.len() + LEFT_ALONE.len(),
    );
    for paid in &FIRST_DAY {
        let row = inbox.iter().find(|row| row["sum"]["amount"] == paid.sum);
        let pays = row.map_or_else(String::new, |row| {
            let invoices: Vec<&str> = rows(&row["invoices"]).iter().filter_map(|one| one.as_str()).collect();
            format!("{} {} {}", text(row, "state"), row["automatic"], invoices.join(" "))
        });
        let what = Text::new(
            format!("платёж на {}", paid.sum),
            format!("the payment of {}", paid.sum),
        );
        account.same(&what, pays, format!("decided true {}", paid.number));
    }
    for (sum, state) in LEFT_ALONE {
        let row = inbox.iter().find(|row| row["sum"]["amount"] == sum);
        let is = row.map_or_else(String::new, |row| text(row, "state"));
        account.same(
            &Text::new(format!("платёж на {sum}"), format!("the payment of {sum}")),
            is,
            state,
        );
    }
    balances(story, account, "2750670.00", "2026-11-20")?;
    declared(story, account)
}

/// The account's chain of days, as the ledger has it.
///
/// # Errors
/// The ledger cannot be read.
pub fn balances(story: &Story, account: &mut Account, closing: &str, day: &str) -> Result<()> {
    let status = story.place.one(&["status"])?;
    let empty = serde_json::Value::Null;
    let own = rows(&status["accounts"])
        .iter()
        .find(|row| text(row, "account") == ACCOUNT)
        .unwrap_or(&empty);
    let is = text(&own["closing"], "amount");
    let proven = own["proven"] == true;
    let (ru, en) = if proven {
        ("сходится", "proven")
    } else {
        ("не сходится", "not proven")
    };
    account.tell(
        format!(
            "счёт {ACCOUNT}: остаток на {} {} — {ru}",
            text(own, "closing_date"),
            account.money(&is)
        ),
        format!(
            "account {ACCOUNT}: {} on {}, {en}",
            account.money(&is),
            text(own, "closing_date")
        ),
    );
    account.same(&Text::new("остаток", "the closing balance"), is, closing);
    account.same(
        &Text::new("день остатка", "the day of it"),
        text(own, "closing_date"),
        day,
    );
    account.must(&Text::new("остатки сходятся", "the balances are proven"), proven);
    Ok(())
}

/// The file's own figures, read by a process without a ledger.
fn declared(story: &Story, account: &mut Account) -> Result<()> {
    let path = story.place.statements().join(FIRST_NAME);
    let read = story.place.one(&["read", &path.to_string_lossy()])?;
    let figures = ["opening", "credits", "debits", "closing"]
        .map(|key| text(&read, key))
        .join(" ");
    account.same(
        &Text::new("обороты в файле", "the file's turnovers"),
        figures,
        "1250000.00 1585820.00 85150.00 2750670.00",
    );
    account.same(
        &Text::new("операций в файле", "the file's entries"),
        rows(&read["entries"]).len(),
        12,
    );
    account.same(
        &Text::new("кодировка", "the encoding"),
        text(&read, "encoding"),
        "windows-1251",
    );
    Ok(())
}
