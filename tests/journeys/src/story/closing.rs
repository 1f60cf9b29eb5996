//! The end: the log is sound, and every invoice is paid exactly once.

use std::collections::BTreeSet;

use anyhow::Result;
use domain::Text;

use super::{
    Step, Story,
    expected::{FIRST_DAY, HALVED, PAID_BEFORE, SECOND_DAY, TIED},
};
use crate::{account::Account, portal::text};

pub const AUDIT: Step = Step {
    name: "audit",
    title: || Text::new("Журнал", "The audit log"),
    act: |story| story.kill_watching(),
    check: audited,
};

pub const ONCE: Step = Step {
    name: "once",
    title: || Text::new("Каждый счёт оплачен один раз", "Every invoice is paid exactly once"),
    act: |_| Ok(()),
    check: once,
};

fn audited(story: &mut Story, account: &mut Account) -> Result<()> {
    let ran = story.place.run(&["audit", "verify", "--json"], "")?;
    let verdict: serde_json::Value = ran
        .out
        .lines()
        .next()
        .map(serde_json::from_str)
        .transpose()?
        .unwrap_or_default();
    let (links, sound) = (&verdict["links"], verdict["sound"] == true);
    account.tell(
        format!("событий {links}, цепочка {}", if sound { "цела" } else { "нарушена" }),
        format!(
            "{links} events, the chain is {}",
            if sound { "sound" } else { "broken" }
        ),
    );
    account.must(&Text::new("цепочка цела", "the chain is sound"), sound);
    account.must(&Text::new("код выхода 0", "exit code 0"), ran.status.success());
    Ok(())
}

fn once(story: &mut Story, account: &mut Account) -> Result<()> {
    let held = story.portal.snapshot()?;
    let [_, (chosen, _)] = TIED;
    let expected: BTreeSet<u64> = FIRST_DAY
        .iter()
        .chain(&SECOND_DAY)
        .map(|paid| paid.invoice)
        .chain([chosen, PAID_BEFORE])
        .collect();
    let paid: BTreeSet<u64> = held.paid().map(|invoice| invoice.id).collect();
    account.same(
        &Text::new("оплаченные счета", "invoices paid"),
        list(&paid),
        list(&expected),
    );
    let mut ids = BTreeSet::new();
    for invoice in &held.invoices {
        let touched = !invoice.payments.is_empty() || !invoice.comments.is_empty();
        if !touched && invoice.semantics != "S" {
            continue;
        }
        let shown = account.money(&invoice.amount);
        account.tell(
            format!(
                "{:<8} {shown:>16}  {:<18} комментариев {}  {}",
                invoice.number,
                invoice.stage_name,
                invoice.comments.len(),
                invoice.payments.join(" ")
            ),
            format!(
                "{:<8} {shown:>16}  {:<18} {} comments  {}",
                invoice.number,
                invoice.stage_name,
                invoice.comments.len(),
                invoice.payments.join(" ")
            ),
        );
        let ours = invoice.id != PAID_BEFORE && (invoice.semantics == "S" || invoice.id == HALVED.0);
        let what = Text::same(invoice.number.clone());
        account.same(&what, invoice.payments.len(), usize::from(ours));
        for id in &invoice.payments {
            account.must(&what, ids.insert(id.clone()));
        }
    }
    let status = story.place.one(&["status"])?;
    let queue = &status["outbox"];
    account.tell(
        format!(
            "«{}»; записей доставлено {}, ждут {}, отложено {}",
            text(&status["headline"], "ru"),
            queue["delivered"],
            queue["waiting"],
            queue["parked"]
        ),
        format!(
            "«{}»; {} messages delivered, {} wait, {} parked",
            text(&status["headline"], "en"),
            queue["delivered"],
            queue["waiting"],
            queue["parked"]
        ),
    );
    Ok(())
}

fn list(ids: &BTreeSet<u64>) -> String {
    let ids: Vec<String> = ids.iter().map(u64::to_string).collect();
    ids.join(" ")
}
