//! The real, built program on a private desktop: its window, its tray icon, its notifications, driven as a person would.
//! Linux only, where all of this can be private; `cargo xtask test` brings what it needs.
#![cfg(target_os = "linux")]

mod firm;
mod harness;
mod processes;
mod screen;
mod session_bus;

use std::{
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

use anyhow::{Result, ensure};
use firm::{Firm, InvoiceThere};
use harness::{Desktop, LEDGER, Place};
use thirtyfour::Key;

/// How long the CRM may take to hear of a decision.
const DELIVERY: Duration = Duration::from_secs(30);

fn app() -> &'static Path {
    Path::new(env!("CARGO_BIN_EXE_sverka-desktop"))
}

/// The `sverka` command, built beside the desktop.
fn sverka() -> PathBuf {
    app().with_file_name("sverka")
}

#[tokio::test]
async fn the_window_opens_hides_and_quits_from_the_tray() -> Result<()> {
    let mut desktop = Place::new().await?.open(app(), &[]).await?;
    let went = hides_and_quits(&mut desktop).await;
    desktop.tell(went).await
}

async fn hides_and_quits(desktop: &mut Desktop) -> Result<()> {
    desktop.wait_for("[data-testid=first-start]").await?;
    let mut tray = desktop.tray().await?;
    let items = tray.items().await?;
    let labels: Vec<&str> = items.iter().map(|item| item.label.as_str()).collect();
    ensure!(
        matches!(
            labels[..],
            [
                _,
                "Открыть Сверку",
                "Не следить за папкой",
                "Синхронизировать сейчас",
                "Выйти"
            ]
        ),
        "a state line and four wishes: {labels:?}"
    );
    ensure!(
        !items[0].enabled && items[1].enabled,
        "the state line is read, not clicked"
    );

    ensure!(desktop.is_visible()?, "the window is on the screen");
    desktop.close_window()?;
    desktop
        .until("the window is hidden", |desktop| Ok(!desktop.is_visible()?))
        .await?;

    // A second start brings the first window forward, and ends.
    ensure!(desktop.second_start(app())?.success(), "the second start ends well");
    desktop.until("the window is back", Desktop::is_visible).await?;

    desktop.close_window()?;
    desktop
        .until("the window is hidden again", |desktop| Ok(!desktop.is_visible()?))
        .await?;
    tray.click("Открыть Сверку").await?;
    desktop.until("the tray opens the window", Desktop::is_visible).await?;

    tray.click("Не следить за папкой").await?;
    tray.until("watching is paused", |items| items[2].checked).await?;

    tray.click("Выйти").await?;
    desktop.gone(&tray).await
}

#[tokio::test]
async fn a_dropped_statement_ends_as_a_paid_invoice() -> Result<()> {
    let place = Place::new().await?;
    let firm = Firm::found(&place, &sverka())?;
    let mut desktop = place.open(app(), &[(LEDGER, firm.ledger.as_os_str())]).await?;
    let went = from_the_bank_to_the_crm(&mut desktop, &firm).await;
    desktop.tell(went).await
}

async fn from_the_bank_to_the_crm(desktop: &mut Desktop, firm: &Firm) -> Result<()> {
    desktop.wait_for("[data-testid=first-start]").await?;
    let before = firm.invoice("СЧ-150").await?;
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
    told(firm, "СЧ-145", |invoice| {
        invoice.paid && invoice.payment_ids == 1 && invoice.comments == 1
    })
    .await?;

    // One payment fits two invoices: a person decides, with Enter.
    desktop
        .wait_for_text("[data-testid=inbox-row][data-state=review]", "Полярный экспресс")
        .await?
        .click()
        .await?;
    desktop.wait_for_text("[data-testid=payment]", "36 600,00").await?;
    desktop.screenshot("inbox").await?;
    desktop.press(Key::Enter).await?;
    desktop
        .wait_for_text("[data-testid=inbox-row][data-state=decided]", "Полярный экспресс")
        .await?;
    told(firm, "СЧ-150", |invoice| {
        invoice.paid && invoice.payment_ids == 1 && invoice.comments == 1
    })
    .await?;
    ensure!(
        firm.invoice("СЧ-151").await? == before,
        "the other candidate is as it was"
    );

    // And takes it back, in the CRM too.
    desktop.press_with_control('z').await?;
    desktop
        .wait_for_text("[data-testid=inbox-row][data-state=review]", "Полярный экспресс")
        .await?;
    told(firm, "СЧ-150", |invoice| {
        !invoice.paid && invoice.stage == before.stage && invoice.payment_ids == 0
    })
    .await?;

    // With the window closed everything goes on; a click on the notification opens it on the payment.
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
    let decided = firm.sverka(
        &desktop.place,
        &["inbox", "--state", "decided"].map(std::ffi::OsStr::new),
        "",
    )?;
    ensure!(
        decided.iter().any(|row| row.to_string().contains("Ромашка")),
        "{decided:?}"
    );
    Ok(())
}

/// Waits until the CRM holds the invoice so.
async fn told(firm: &Firm, number: &str, so: impl Fn(&InvoiceThere) -> bool) -> Result<()> {
    let deadline = Instant::now() + DELIVERY;
    loop {
        let invoice = firm.invoice(number).await?;
        if so(&invoice) {
            return Ok(());
        }
        ensure!(Instant::now() < deadline, "the CRM still holds {number} as {invoice:?}");
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}
