//! A kill in the worst moment, when the CRM has done what it was asked and nobody heard of it: after the next start
//! everything is told once.

use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};
use thirtyfour::Key;

use crate::{firm::Firm, harness::Desktop, place::Place, portal::InvoiceThere};

/// What the statement of the first day pays: five by themselves, one by a person.
const PAID: [&str; 6] = ["СЧ-145", "СЧ-146", "СЧ-147", "СЧ-148", "СЧ-149", "СЧ-150"];
const UNCLEAR: &str = "Полярный экспресс";

#[tokio::test]
async fn a_kill_in_the_middle_of_telling_the_crm_tells_it_once() -> Result<()> {
    let place = Place::new().await?;
    let firm = Firm::found(&place)?;
    let desktop = firm.open(place).await?;
    let went = decided_and_held_back(&desktop, &firm).await;
    desktop.tell(went)?;
    let desktop = desktop.killed_and_opened_again().await?;
    let went = told_once_and_taken_back(&desktop, &firm).await;
    desktop.tell(went)
}

/// Decides while the CRM is away, and stops where it has written the first payment and keeps the answer back.
async fn decided_and_held_back(desktop: &Desktop, firm: &Firm) -> Result<()> {
    firm.crm.order("offline", &json!({})).await?;
    firm.bank_writes("kl_to_1c-2026-11-20.txt").await?;
    desktop
        .click_text("[data-testid=inbox-row][data-state=review]", UNCLEAR)
        .await?;
    desktop.wait_for_text("[data-testid=payment]", "36 600,00").await?;
    desktop.press(Key::Enter).await?;
    desktop
        .wait_for_text("[data-testid=inbox-row][data-state=decided]", UNCLEAR)
        .await?;
    let hangs = json!({ "method": "crm.item.update", "kind": "timeout_after_commit", "times": 1 });
    firm.crm.order("faults", &hangs).await?;
    firm.crm.order("online", &json!({})).await?;
    firm.crm.holds_back("crm.item.update").await
}

async fn told_once_and_taken_back(desktop: &Desktop, firm: &Firm) -> Result<()> {
    for number in PAID {
        firm.crm.told(number, InvoiceThere::paid_once).await?;
    }
    let made = decided(firm, desktop, "decision.made")?;
    let mut once = made.clone();
    once.sort();
    once.dedup();
    ensure!(
        made.len() == once.len() && made.len() >= PAID.len(),
        "a payment is decided twice in the ledger: {made:?}"
    );

    // The person takes back what was decided before the kill.
    desktop
        .click_text("[data-testid=inbox-row][data-state=decided]", UNCLEAR)
        .await?;
    desktop.press_with_control('z').await?;
    desktop
        .wait_for_text("[data-testid=inbox-row][data-state=review]", UNCLEAR)
        .await?;
    firm.crm
        .told("СЧ-150", |invoice| !invoice.paid && invoice.payment_ids == 0)
        .await?;
    let undone = decided(firm, desktop, "decision.undone")?;
    ensure!(
        undone.len() == 1 && made.contains(&undone[0]) && decided(firm, desktop, "decision.made")? == made,
        "one decision is taken back, once: {undone:?} of {made:?}"
    );
    firm.sverka(&desktop.place, "audit verify", None, "")?;
    for number in &PAID[..5] {
        let invoice = firm.crm.invoice(number).await?;
        ensure!(invoice.paid_once(), "{number} is as it was: {invoice:?}");
    }
    Ok(())
}

/// The payments that the audit log has such an event of, each as often as it has.
fn decided(firm: &Firm, desktop: &Desktop, action: &str) -> Result<Vec<String>> {
    let events = firm.sverka(&desktop.place, "audit list --limit 1000", None, "")?;
    let found = events.iter().filter(|event| event["action"] == action);
    found
        .map(|event| {
            let body: Value = serde_json::from_str(event["body"].as_str().context("a body")?)?;
            body["entry"].as_str().map(str::to_owned).context("an entry")
        })
        .collect()
}
