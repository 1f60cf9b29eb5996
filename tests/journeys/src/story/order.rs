//! A payment order: drafted, approved by a second person, exported, and read back as the bank would.

use anyhow::{Context, Result};
use domain::Text;

use super::{
    Step, Story,
    connect::{ACCOUNTANT, ACCOUNTANT_PHRASE, APPROVER, APPROVER_PHRASE, OWNER, OWNER_PHRASE},
};
use crate::{
    account::Account,
    bank::ORDER,
    place::{Place, Ran},
    portal::{rows, text},
};

pub const STEP: Step = Step {
    name: "order",
    title: || {
        Text::new(
            "Платёжка: черновик, утверждение вторым человеком, файл для банка",
            "A payment order: drafted, approved by a second person, a file for the bank",
        )
    },
    act,
    check,
};

#[derive(Default)]
pub struct Seen {
    pub order: String,
    pub file: String,
    refusals: Vec<String>,
}

fn act(story: &mut Story) -> Result<()> {
    story.order = export_approved(&story.place)?;
    Ok(())
}

/// Drafts the demo's order and takes it through every refusal to the exported file.
///
/// # Errors
/// A step that must succeed does not.
pub fn export_approved(place: &Place) -> Result<Seen> {
    let order = text(&place.one_with(&["orders", "draft", "-"], ORDER)?, "order");
    let sign = |verb: &str, who: &str, phrase: &str| {
        place.run(
            &["orders", verb, &order, "--as", who, "--passphrase-stdin", "--json"],
            &format!("{phrase}\n"),
        )
    };
    let must = |ran: Ran| {
        anyhow::ensure!(ran.status.success(), "an order's step was refused: {}", ran.err);
        Ok(())
    };
    let refusals = {
        must(sign("submit", OWNER, OWNER_PHRASE)?)?;
        let early = place.run(&["orders", "export", &order, "--json"], "")?;
        let own = sign("approve", OWNER, OWNER_PHRASE)?;
        let role = sign("approve", ACCOUNTANT, ACCOUNTANT_PHRASE)?;
        let wrong = sign("approve", APPROVER, ACCOUNTANT_PHRASE)?;
        must(sign("approve", APPROVER, APPROVER_PHRASE)?)?;
        [early, own, role, wrong].map(|ran| ran.failure_code().unwrap_or_else(|| "—".to_owned()))
    };
    let exported = place.one(&["orders", "export", &order])?;
    Ok(Seen {
        order,
        file: text(&exported, "file"),
        refusals: refusals.into(),
    })
}

fn check(story: &mut Story, account: &mut Account) -> Result<()> {
    let seen = &story.order;
    let place = &story.place;
    let refused = seen.refusals.join(", ");
    account.tell(
        format!("отказано: до утверждения, автору, бухгалтеру без права подписи, с чужой фразой ({refused})"),
        format!("refused: before approval, to the author, to an accountant, with another's passphrase ({refused})"),
    );
    account.same(
        &Text::new("отказы", "refusals"),
        refused,
        "orders/not-approved, orders/approval, orders/may-not-approve, people/wrong-passphrase",
    );
    let shown = place.one(&["orders", "show", &seen.order])?;
    account.same(&Text::new("состояние", "state"), text(&shown, "state"), "exported");
    account.same(&Text::new("автор", "author"), text(&shown, "author"), OWNER);
    account.same(
        &Text::new("утвердил", "approved by"),
        text(&shown, "approved_by"),
        APPROVER,
    );

    let read = place.run(&["read", &seen.file, "--json"], "")?;
    let line = read.out.lines().next().map(serde_json::from_str).transpose()?;
    let file: serde_json::Value = line.unwrap_or_default();
    let empty = serde_json::Value::Null;
    let entry = rows(&file["entries"]).first().unwrap_or(&empty);
    let (number, amount) = (text(entry, "number"), text(entry, "amount"));
    let payee = text(&entry["counterparty"], "account");
    account.tell(
        format!(
            "в файле платёжек {}: № {number} на {} на счёт {payee}",
            rows(&file["entries"]).len(),
            account.money(&amount)
        ),
        format!(
            "{} order in the file: {number} for {} to account {payee}",
            rows(&file["entries"]).len(),
            account.money(&amount)
        ),
    );
    account.same(
        &Text::new("содержание файла", "the file's content"),
        text(&file, "content"),
        "orders",
    );
    let said = format!("{number} {amount} {payee} {}", text(entry, "document_date"));
    account.same(
        &Text::new("платёжка в файле", "the order in the file"),
        said,
        "17 48500.00 40702810002300011938 2026-11-20",
    );
    if account.differences() > 0 {
        return Ok(());
    }

    let before = proofs(story)?;
    let import = place.one(&["import", &seen.file])?;
    let booked = &import["entries_new"];
    account.tell(
        format!("тот же файл загружен как выписка: новых операций {booked}"),
        format!("the same file imported as if it were a statement: {booked} new entries"),
    );
    account.same(&Text::new("новых операций", "new entries"), booked.to_string(), "0");
    account.same(&Text::new("содержание", "content"), text(&import, "content"), "orders");
    account.same(&Text::new("остатки", "balances"), proofs(story)?, before);
    Ok(())
}

fn proofs(story: &Story) -> Result<String> {
    let status = story.place.one(&["status"])?;
    Ok(status.get("accounts").context("no accounts")?.to_string())
}
