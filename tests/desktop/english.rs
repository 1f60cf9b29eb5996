//! A person whose system speaks English meets an English program, in the window and in the tray.

use std::ffi::OsStr;

use anyhow::{Result, ensure};

use crate::{app, harness::Desktop, place::Place};

#[tokio::test]
async fn an_english_system_gets_an_english_program() -> Result<()> {
    let language = ("LANG", OsStr::new("en_US.UTF-8"));
    let mut desktop = Desktop::open(Place::new().await?, app(), &[language]).await?;
    let went = speaks_english(&mut desktop).await;
    desktop.tell(went)
}

async fn speaks_english(desktop: &mut Desktop) -> Result<()> {
    let headline = "Choose the folder that the bank client writes statements to";
    desktop.wait_for_text("[data-testid=status-headline]", headline).await?;
    desktop
        .wait_for_text("[data-testid=room-orders]", "Payment orders")
        .await?;
    let page = desktop.wait_for("body").await?.text().await?;
    let russian: Vec<&str> = page
        .split_whitespace()
        .filter(|word| word.chars().any(|letter| ('а'..='я').contains(&letter)))
        .collect();
    ensure!(russian.is_empty(), "Russian in an English window: {russian:?}");

    let mut tray = desktop.tray().await?;
    tray.until("the tray speaks English", |items| {
        let labels: Vec<&str> = items.iter().map(|item| item.label.as_str()).collect();
        labels == [headline, "Open Sverka", "Pause watching the folder", "Sync now", "Quit"]
    })
    .await
}
