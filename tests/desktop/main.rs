//! The real, built program on a private desktop: its window, its tray icon, its notifications, driven as a person would.
//! Linux only, where all of this can be private; `cargo xtask test` brings what it needs.
#![cfg(target_os = "linux")]

mod harness;
mod processes;
mod screen;
mod session_bus;

use std::path::Path;

use anyhow::Result;
use harness::Desktop;

const APP: &str = env!("CARGO_BIN_EXE_sverka-desktop");

#[tokio::test]
async fn the_window_opens_hides_and_quits_from_the_tray() -> Result<()> {
    let mut desktop = Desktop::start(Path::new(APP), &[]).await?;
    desktop.wait_for("h1").await?;
    assert_eq!(desktop.driver.title().await?, "Сверка");
    desktop.screenshot("window").await?;

    let mut tray = desktop.tray().await?;
    let labels: Vec<_> = tray.items().await?.into_iter().map(|item| item.label).collect();
    assert_eq!(labels.len(), 5, "a state line and four wishes: {labels:?}");

    assert!(desktop.is_visible()?, "the window is on the screen");
    desktop.close_window()?;
    desktop
        .until("the window is hidden", |desktop| Ok(!desktop.is_visible()?))
        .await?;

    // A second start brings the first window forward, and ends.
    assert!(desktop.second_start(Path::new(APP))?.success());
    desktop.until("the window is back", Desktop::is_visible).await?;

    desktop.close_window()?;
    desktop
        .until("the window is hidden again", |desktop| Ok(!desktop.is_visible()?))
        .await?;
    tray.click("Открыть Сверку").await?;
    desktop.until("the tray opens the window", Desktop::is_visible).await?;

    tray.click("Выйти").await?;
    desktop.gone(&tray).await
}
