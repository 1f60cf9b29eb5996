//! The window hides and comes back; the tray icon works without it.

use anyhow::{Result, ensure};

use crate::{app, harness::Desktop, place::Place};

#[tokio::test]
async fn the_window_opens_hides_and_quits_from_the_tray() -> Result<()> {
    let mut desktop = Desktop::open(Place::new().await?, app(), &[]).await?;
    let went = hides_and_quits(&mut desktop).await;
    desktop.tell(went)
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
    let (ended, holders) = desktop.second_start().await?;
    ensure!(ended.success(), "the second start ends well: {ended}");
    ensure!(holders == 1, "{holders} processes held the ledger");
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
