//! A statement dropped into the folder ends as paid invoices in the CRM; what is unclear a person decides, and takes back.

use anyhow::{Result, ensure};
use thirtyfour::Key;

use crate::{firm::Firm, harness::Desktop, place::Place, portal::InvoiceThere};

#[tokio::test]
async fn a_dropped_statement_ends_as_a_paid_invoice() -> Result<()> {
    let place = Place::new().await?;
    let firm = Firm::found(&place)?;
    let mut desktop = firm.open(place).await?;
    let went = from_the_bank_to_the_crm(&mut desktop, &firm).await;
    desktop.tell(went)
}

async fn from_the_bank_to_the_crm(desktop: &mut Desktop, firm: &Firm) -> Result<()> {
    desktop.wait_for("[data-testid=first-start]").await?;
    let before = firm.crm.invoice("СЧ-150").await?;
    ensure!(!before.paid && before.comments == 0, "{before:?}");

    // The bank writes; the payments appear by themselves, and the clear ones are told to the CRM.
    firm.bank_writes("kl_to_1c-2026-11-20.txt").await?;
    let shown = desktop.next_notification().await?;
    ensure!(
        shown.summary == "Сверка" && shown.body.starts_with("Поступило"),
        "{shown:?}"
    );
    desktop
        .wait_for_text("[data-testid=inbox-row][data-state=decided]", "Ромашка")
        .await?;
    desktop.read_the_notice().await?;
    firm.crm.told("СЧ-145", InvoiceThere::paid_once).await?;

    // One payment fits two invoices: a person decides, with Enter.
    desktop
        .click_text("[data-testid=inbox-row][data-state=review]", "Полярный экспресс")
        .await?;
    desktop.wait_for_text("[data-testid=payment]", "36 600,00").await?;
    desktop.screenshot("inbox").await?;
    desktop.press(Key::Enter).await?;
    desktop
        .wait_for_text("[data-testid=inbox-row][data-state=decided]", "Полярный экспресс")
        .await?;
    desktop.read_the_notice().await?;
    firm.crm.told("СЧ-150", InvoiceThere::paid_once).await?;
    ensure!(
        firm.crm.invoice("СЧ-151").await? == before,
        "the other candidate is as it was"
    );
    what_the_crm_has_now(desktop, firm).await?;

    // And takes it back, in the CRM too.
    desktop.press_with_control('z').await?;
    desktop
        .wait_for_text("[data-testid=inbox-row][data-state=review]", "Полярный экспресс")
        .await?;
    firm.crm
        .told("СЧ-150", |invoice| {
            !invoice.paid && invoice.stage == before.stage && invoice.payment_ids == 0
        })
        .await?;
    with_the_window_closed(desktop, firm).await
}

/// The receipt of what was told, and the invoices after it.
async fn what_the_crm_has_now(desktop: &Desktop, firm: &Firm) -> Result<()> {
    desktop.enter("outbox").await?;
    desktop.click("[data-testid=outbox-filter-delivered]").await?;
    desktop
        .click_text("[data-testid=message-row][data-state=delivered]", "СЧ-150")
        .await?;
    desktop.wait_for("[data-testid=message] [data-testid=attempt]").await?;
    let receipt = desktop.wait_for("[data-testid=receipt]").await?.text().await?;
    let there = firm.crm.state().await?;
    let invoices = there["bitrix24"]["invoices"].as_array().into_iter().flatten();
    let mut payments = invoices
        .filter(|invoice| invoice["number"] == "СЧ-150")
        .filter_map(|invoice| invoice["payment_ids"][0].as_str());
    ensure!(
        payments.next().is_some_and(|payment| receipt.contains(payment)),
        "the receipt names the payment that the CRM holds: {receipt}"
    );
    desktop.screenshot("outbox").await?;

    desktop.enter("invoices").await?;
    // The paid ones too.
    desktop.click("[data-testid=invoices-only-open]").await?;
    desktop
        .wait_for_text("[data-testid=invoice-row][data-state=paid]", "СЧ-150")
        .await?;
    desktop.fill("[data-testid=invoices-search]", "СЧ-14").await?;
    // Far down the list, and in sight only among what was found.
    desktop
        .wait_for_text("[data-testid=invoice-row][data-state=paid]", "СЧ-145")
        .await?;
    desktop.screenshot("invoices").await?;
    desktop.enter("inbox").await
}

/// Everything goes on; a click on the notification opens the window on the payment.
async fn with_the_window_closed(desktop: &mut Desktop, firm: &Firm) -> Result<()> {
    desktop.close_window()?;
    desktop
        .until("the window is hidden", |desktop| Ok(!desktop.is_visible()?))
        .await?;
    firm.bank_writes("kl_to_1c-2026-11-21.txt").await?;
    let shown = desktop.next_notification().await?;
    ensure!(
        !desktop.is_visible()?,
        "a notification does not open the window by itself"
    );
    desktop.click_notification(&shown).await?;
    desktop.until("the click opens the window", Desktop::is_visible).await?;

    // Another process finds the same in the ledger.
    let decided = firm.sverka(&desktop.place, "inbox --state decided", None, "")?;
    ensure!(
        decided.iter().any(|row| row.to_string().contains("Ромашка")),
        "{decided:?}"
    );
    Ok(())
}
