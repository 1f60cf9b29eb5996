//! What goes wrong at an accountant's desk: every trouble is said in the window with what to do, and ends when its cause
//! does.

use anyhow::{Result, ensure};
use serde_json::json;

use crate::{
    app,
    firm::Firm,
    harness::{Desktop, LEDGER},
    place::Place,
    portal::InvoiceThere,
};

/// The bank's statement for people is none for a program; the page that says «log in again» neither.
const NOT_STATEMENTS: [(&str, &[u8]); 2] = [
    (
        "Выписка за ноябрь.pdf",
        b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<< /Type /Catalog >>\nendobj\n%%EOF\n",
    ),
    (
        "kl_to_1c.txt",
        b"<!DOCTYPE html>\n<html><head><title>Log in</title></head><body>Log in again</body></html>\n",
    ),
];

#[tokio::test]
async fn troubles_are_said_with_a_remedy_and_end_with_their_cause() -> Result<()> {
    let place = Place::new().await?;
    let firm = Firm::found(&place)?;
    let desktop = firm.open(place).await?;
    let went = one_trouble_after_another(&desktop, &firm).await;
    desktop.tell(went)
}

async fn one_trouble_after_another(desktop: &Desktop, firm: &Firm) -> Result<()> {
    for (name, bytes) in NOT_STATEMENTS {
        std::fs::write(firm.bank.join(name), bytes)?;
    }
    a_wrong_key(desktop, firm).await?;
    no_network(desktop, firm).await?;
    not_a_statement(desktop).await?;
    the_folder_is_away(desktop, firm).await
}

/// The connection that works is kept.
async fn a_wrong_key(desktop: &Desktop, firm: &Firm) -> Result<()> {
    desktop.enter("settings").await?;
    let wrong = firm.crm.webhook.replacen("/rest/", "/rest/9", 1);
    for (typed, code) in [("не адрес", "crm/webhook"), (wrong.as_str(), "crm/unauthorised")] {
        desktop.fill("[data-testid=crm-webhook]", typed).await?;
        desktop.click("[data-testid=crm-connect]").await?;
        said_with_a_remedy(desktop, code).await?;
        desktop.click("[data-testid=failure] .button:last-child").await?;
    }
    desktop.wait_for_text("[data-testid=status-crm]", "на связи").await?;
    let pulled = firm.sverka(&desktop.place, "invoices pull", None, "");
    ensure!(pulled.is_ok(), "the key that works is kept: {pulled:?}");
    Ok(())
}

/// Being offline is a calm line, and no error.
async fn no_network(desktop: &Desktop, firm: &Firm) -> Result<()> {
    firm.crm.order("offline", &json!({})).await?;
    firm.bank_writes("kl_to_1c-2026-11-21.txt").await?;
    desktop
        .wait_for_text(
            "[data-testid=status-headline][data-condition=offline]",
            "Нет сети: 2 записи уйдут сами",
        )
        .await?;
    desktop.enter("outbox").await?;
    desktop
        .wait_for_text(
            "[data-testid=outbox-offline]",
            "Нет сети: 2 записи уйдут сами, когда она появится",
        )
        .await?;
    desktop.wait_without("[data-testid=failure]").await?;
    let before = firm.crm.invoice("СЧ-153").await?;
    ensure!(!before.paid && before.comments == 0, "{before:?}");

    firm.crm.order("online", &json!({})).await?;
    for number in ["СЧ-153", "СЧ-154"] {
        firm.crm.told(number, InvoiceThere::paid_once).await?;
    }
    desktop
        .wait_for_text("[data-testid=status-headline][data-condition=ok]", "Всё сделано")
        .await?;
    desktop.wait_without("[data-testid=outbox-offline]").await
}

/// A file without a known end may still be written, so it is read when it has lain still for a while.
async fn not_a_statement(desktop: &Desktop) -> Result<()> {
    for (name, _) in NOT_STATEMENTS {
        let notice = desktop.wait_for_text("[data-testid=standing-notice]", name).await?;
        let says = notice.text().await?;
        ensure!(says.contains("не прочитан") && says.contains("Что делать:"), "{says}");
    }
    Ok(())
}

async fn the_folder_is_away(desktop: &Desktop, firm: &Firm) -> Result<()> {
    let away = firm.bank.with_file_name("unplugged");
    std::fs::rename(&firm.bank, &away)?;
    let says = desktop
        .wait_for_text(
            "[data-testid=status-headline][data-condition=error]",
            &firm.bank.display().to_string(),
        )
        .await?
        .text()
        .await?;
    ensure!(says.contains("не найдена") && says.contains("Проверьте"), "{says}");
    desktop
        .wait_for_text("[data-testid=status-folder]", "недоступна")
        .await?;

    std::fs::rename(&away, &firm.bank)?;
    desktop
        .wait_for_text("[data-testid=status-folder]", "наблюдается")
        .await?;
    desktop
        .wait_without("[data-testid=status-headline][data-condition=error]")
        .await?;
    // It is watched as before.
    firm.bank_writes("kl_to_1c-2026-11-20.txt").await?;
    firm.crm.told("СЧ-145", InvoiceThere::paid_once).await
}

#[tokio::test]
async fn a_ledger_that_cannot_be_opened_opens_a_window_that_says_why() -> Result<()> {
    let place = Place::new().await?;
    let file = place.home().join("ledger");
    let text = "Это не папка";
    std::fs::write(&file, text)?;
    let desktop = Desktop::open(place, app(), &[(LEDGER, file.as_os_str())]).await?;
    let went = async {
        let says = said_with_a_remedy(&desktop, "ledger/not-a-folder").await?;
        ensure!(says.contains(&file.display().to_string()), "it names the file: {says}");
        ensure!(desktop.is_visible()?, "the window is there");
        ensure!(std::fs::read_to_string(&file)? == text, "the file is as it was");
        Ok(())
    };
    let went = went.await;
    desktop.tell(went)
}

/// The failure in the window, once it has this code.
async fn said_with_a_remedy(desktop: &Desktop, code: &str) -> Result<String> {
    let box_of = format!("[data-testid=failure][data-code^='{code}']");
    let says = desktop.wait_for(&box_of).await?.text().await?;
    let remedy = says
        .split("Что делать:")
        .nth(1)
        .and_then(|rest| rest.split("Код:").next());
    ensure!(
        remedy.is_some_and(|remedy| !remedy.trim().is_empty()),
        "no remedy: {says}"
    );
    Ok(says)
}
