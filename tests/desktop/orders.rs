//! A payment order from an empty form to the bank's debit: typed, signed by two people, written for the bank client.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};
use serde_json::Value;

use crate::{
    firm::{Firm, fixture},
    harness::Desktop,
    place::Place,
};

const AUTHOR: [&str; 2] = ["Анна Климова", "тихая гавань у маяка"];
const APPROVER: [&str; 2] = ["Борис Ветров", "северное сияние в мае"];

#[tokio::test]
async fn an_order_needs_two_people_and_ends_as_a_debit() -> Result<()> {
    let place = Place::new().await?;
    let firm = Firm::found(&place)?;
    let draft: Value = serde_json::from_slice(&std::fs::read(fixture("order.json"))?)?;
    let export = prepared(&firm, &place, &draft)?;
    let desktop = firm.open(place).await?;
    let went = from_the_form_to_the_debit(&desktop, &firm, &draft, &export).await;
    desktop.tell(went)
}

/// Two people, our own requisites and a folder for the bank client.
fn prepared(firm: &Firm, place: &Place, draft: &Value) -> Result<PathBuf> {
    let ([author, first], [approver, second]) = (AUTHOR, APPROVER);
    firm.sverka_words(
        place,
        &["people", "add", author, "--passphrase-stdin"],
        &format!("{first}\n"),
    )?;
    firm.sverka_words(
        place,
        &[
            "people",
            "add",
            approver,
            "--role",
            "approver",
            "--owner",
            author,
            "--passphrase-stdin",
        ],
        &format!("{second}\n{first}\n"),
    )?;
    let payer = place.home().join("payer.json");
    std::fs::write(&payer, draft["payer"].to_string())?;
    firm.sverka(place, "settings --payer", Some(&payer), "")?;
    let export = place.home().join("Платёжки в банк");
    std::fs::create_dir(&export)?;
    firm.sverka(place, "settings --export-folder", Some(&export), "")?;
    Ok(export)
}

async fn from_the_form_to_the_debit(desktop: &Desktop, firm: &Firm, draft: &Value, export: &Path) -> Result<()> {
    desktop.enter("orders").await?;
    desktop.click("[data-testid=order-new]").await?;
    typed(desktop, draft).await?;
    desktop
        .wait_for_text("[data-testid=order-defects]", "Замечаний нет")
        .await?;
    desktop.click("[data-testid=order-save]").await?;
    row(desktop, "draft").await?;
    let kept = only_order(firm, desktop)?;
    ensure!(kept["draft"] == *draft, "the ledger holds what was typed: {kept}");

    desktop.click("[data-testid=order-submit]").await?;
    desktop.sign(AUTHOR[0], AUTHOR[1]).await?;
    row(desktop, "submitted").await?;

    // Who wrote it cannot approve it.
    desktop.click("[data-testid=order-approve]").await?;
    desktop.sign(AUTHOR[0], AUTHOR[1]).await?;
    let refused = desktop
        .wait_for("[data-testid=failure][data-code='orders/approval']")
        .await?
        .text()
        .await?;
    ensure!(refused.contains("Что делать:"), "a remedy: {refused}");
    ensure!(
        only_order(firm, desktop)?["state"] == "submitted",
        "nothing was approved"
    );

    desktop.sign(APPROVER[0], APPROVER[1]).await?;
    row(desktop, "approved").await?;
    let approved = only_order(firm, desktop)?;
    ensure!(
        approved["author"] == AUTHOR[0] && approved["approved_by"] == APPROVER[0] && approved["alone"] == false,
        "{approved}"
    );

    ensure!(
        std::fs::read_dir(export)?.count() == 0,
        "nothing is written before it is asked for"
    );
    desktop.click("[data-testid=orders-export]").await?;
    row(desktop, "exported").await?;
    written(firm, desktop, draft, export)?;
    desktop.read_the_notice().await?;

    // The bank's next statement has the debit.
    firm.bank_writes("kl_to_1c-2026-11-21.txt").await?;
    let done = row(desktop, "executed").await?;
    ensure!(done.contains("исполнено"), "{done}");
    let executed = only_order(firm, desktop)?;
    ensure!(
        executed["state"] == "executed" && executed["executed_entry"].is_string(),
        "{executed}"
    );
    pictures(desktop).await
}

/// Fills the form; what the program knows of us is there already.
async fn typed(desktop: &Desktop, draft: &Value) -> Result<()> {
    let text = |value: &Value| value.as_str().map(str::to_owned).context("every field is text");
    let date = text(&draft["date"])?;
    let day: Vec<&str> = date.rsplit('-').collect();
    field(desktop, "number", &text(&draft["number"])?).await?;
    field(desktop, "date", &day.join(".")).await?;
    field(desktop, "amount", &text(&draft["amount"])?).await?;
    for (name, value) in draft["payee"].as_object().context("a payee")? {
        field(desktop, &format!("payee.{name}"), &text(value)?).await?;
    }
    field(desktop, "purpose", &text(&draft["purpose"])?).await
}

async fn field(desktop: &Desktop, name: &str, text: &str) -> Result<()> {
    desktop.fill(&format!("[data-field='{name}']"), text).await
}

/// What the list says of the order, as soon as it is so.
async fn row(desktop: &Desktop, state: &str) -> Result<String> {
    let row = desktop
        .wait_for(&format!("[data-testid=order-row][data-state={state}]"))
        .await?;
    Ok(row.text().await?)
}

/// The ledger's only order, as another process reads it.
fn only_order(firm: &Firm, desktop: &Desktop) -> Result<Value> {
    let listed = firm.sverka(&desktop.place, "orders list", None, "")?;
    ensure!(listed.len() == 1, "one order: {listed:?}");
    let order = listed[0]["order"].as_str().context("an order has a name")?;
    let shown = firm.sverka(&desktop.place, &format!("orders show {order}"), None, "")?;
    shown.into_iter().next().context("the order is shown")
}

/// The file for the bank client says what was approved.
fn written(firm: &Firm, desktop: &Desktop, draft: &Value, export: &Path) -> Result<()> {
    let files: Vec<PathBuf> = std::fs::read_dir(export)?
        .map(|file| Ok(file?.path()))
        .collect::<Result<_>>()?;
    let [file] = &files[..] else {
        anyhow::bail!("one file for the bank: {files:?}");
    };
    let read = firm.sverka(&desktop.place, "read", Some(file), "")?;
    let entries = read[0]["entries"].as_array().context("the orders of the file")?;
    let [entry] = &entries[..] else {
        anyhow::bail!("one order in the file: {entries:?}");
    };
    ensure!(
        read[0]["content"] == "orders"
            && entry["amount"] == draft["amount"]
            && entry["number"] == draft["number"]
            && entry["purpose"] == draft["purpose"]
            && entry["counterparty"]["account"] == draft["payee"]["account"],
        "{read:?}"
    );
    let remarks = read[0]["diagnostics"].as_array().context("what is odd in it")?;
    ensure!(remarks.iter().all(|remark| remark["severity"] == "note"), "{remarks:?}");
    Ok(())
}

/// The order with its whole way, and the settings of a firm that works.
async fn pictures(desktop: &Desktop) -> Result<()> {
    desktop.read_the_notice().await?;
    desktop.screenshot("orders").await?;
    desktop.enter("settings").await?;
    desktop.wait_for_text("[data-testid=person]", APPROVER[0]).await?;
    desktop.screenshot("settings").await?;
    Ok(())
}
