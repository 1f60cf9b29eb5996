//! A firm, its people, its CRM.

use anyhow::Result;
use domain::Text;
use serde_json::Value;

use super::{Step, Story};
use crate::{
    account::Account,
    place::Place,
    portal::{Portal, rows, text, total},
};

pub const STEP: Step = Step {
    name: "connect",
    title: || Text::new("Фирма, её люди и CRM", "The firm, its people, its CRM"),
    act,
    check,
};

pub const OWNER: &str = "Ольга Власова";
pub const OWNER_PHRASE: &str = "верба у старой пристани";
pub const ACCOUNTANT: &str = "Анна Бурова";
pub const ACCOUNTANT_PHRASE: &str = "шесть синих папок";
pub const APPROVER: &str = "Пётр Громов";
pub const APPROVER_PHRASE: &str = "ветер северо-западный";

/// Rows asked of a list at once: all of the demo's.
const ALL: &str = "500";

fn act(story: &mut Story) -> Result<()> {
    found_firm(&story.place)?;
    add_people(&story.place)?;
    connect(&story.place, &story.portal)
}

/// The owner, an accountant, an approver.
///
/// # Errors
/// The command fails.
pub fn add_people(place: &Place) -> Result<()> {
    for (name, role, phrase) in [
        (OWNER, "owner", OWNER_PHRASE),
        (ACCOUNTANT, "accountant", ACCOUNTANT_PHRASE),
        (APPROVER, "approver", APPROVER_PHRASE),
    ] {
        let words = ["people", "add", name, "--role", role, "--passphrase-stdin"];
        if role == "owner" {
            place.one_with(&words, &format!("{phrase}\n"))?;
        } else {
            let phrases = format!("{phrase}\n{OWNER_PHRASE}\n");
            place.one_with(&[&words[..], &["--owner", OWNER]].concat(), &phrases)?;
        }
    }
    Ok(())
}

/// A ledger with its folders.
///
/// # Errors
/// The command fails.
pub fn found_firm(place: &Place) -> Result<()> {
    place.one(&["init"])?;
    let (statements, orders) = (place.statements(), place.orders());
    let (statements, orders) = (statements.to_string_lossy(), orders.to_string_lossy());
    place.one(&["settings", "--folder", &statements, "--export-folder", &orders])?;
    Ok(())
}

/// The CRM connected, its open invoices pulled.
///
/// # Errors
/// The command fails.
pub fn connect(place: &Place, portal: &Portal) -> Result<()> {
    place.one_with(
        &["connect", "bitrix24", "--webhook-stdin"],
        &format!("{}\n", portal.webhook()),
    )?;
    place.one(&["invoices", "pull"])?;
    Ok(())
}

fn check(story: &mut Story, account: &mut Account) -> Result<()> {
    let people = story.place.one(&["people", "list"])?;
    let roles: Vec<String> = rows(&people["people"])
        .iter()
        .map(|person| text(person, "role"))
        .collect();
    account.same(
        &Text::new("люди", "people"),
        roles.join(", "),
        "owner, accountant, approver",
    );

    let held = story.portal.snapshot()?;
    let known = story.place.lines(&["invoices", "list", "--open", "--limit", ALL])?;
    let theirs = total(held.open().map(|invoice| invoice.amount.as_str()))?;
    let ours = total(known.iter().filter_map(|row| row["open"]["amount"].as_str()))?;
    account.tell(
        format!(
            "людей {}; в CRM открытых счетов {} на {}; в учёте {} на {}",
            roles.len(),
            held.open().count(),
            account.money(&theirs),
            known.len(),
            account.money(&ours)
        ),
        format!(
            "{} people; {} open invoices in the CRM for {}; {} in the ledger for {}",
            roles.len(),
            held.open().count(),
            account.money(&theirs),
            known.len(),
            account.money(&ours)
        ),
    );
    let numbers = |mut numbers: Vec<String>| {
        numbers.sort();
        numbers.join(" ")
    };
    account.same(
        &Text::new("открытые счета в учёте", "open invoices in the ledger"),
        numbers(known.iter().map(|row: &Value| text(row, "number")).collect()),
        numbers(held.open().map(|invoice| invoice.number.clone()).collect()),
    );
    account.same(&Text::new("сумма открытых счетов", "the open sum"), ours, theirs);
    Ok(())
}
