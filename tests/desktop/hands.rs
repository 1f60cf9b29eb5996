//! What a person at the window does: looks for something, clicks, types, presses keys.

use std::time::Instant;

use anyhow::{Result, bail};
use thirtyfour::{error::WebDriverErrorInner, prelude::*};
use tokio::time::sleep;

use crate::harness::{Desktop, LOOK_EVERY, PATIENCE};

fn is_stale(error: &WebDriverError) -> bool {
    matches!(error.as_inner(), WebDriverErrorInner::StaleElementReference(_))
}

impl Desktop {
    /// The element, as soon as the page has it.
    pub async fn wait_for(&self, css: &str) -> Result<WebElement> {
        self.wait_for_text(css, "").await
    }

    /// The first element that contains this text.
    pub async fn wait_for_text(&self, css: &str, text: &str) -> Result<WebElement> {
        let deadline = Instant::now() + PATIENCE;
        while Instant::now() < deadline {
            for element in self.all(css).await?.unwrap_or_default() {
                // The page may redraw between the two questions.
                if whole_text(&element).await.is_some_and(|found| found.contains(text)) {
                    return Ok(element);
                }
            }
            sleep(LOOK_EVERY).await;
        }
        let page = self.driver.find(By::Css("body")).await?.text().await?;
        bail!("no «{css}» with «{text}»; the window says: {page}")
    }

    /// Waits until the page has no such element.
    pub async fn wait_without(&self, css: &str) -> Result<()> {
        let deadline = Instant::now() + PATIENCE;
        while Instant::now() < deadline {
            if self.all(css).await?.is_some_and(|found| found.is_empty()) {
                return Ok(());
            }
            sleep(LOOK_EVERY).await;
        }
        bail!("«{css}» is still there")
    }

    pub async fn click(&self, css: &str) -> Result<()> {
        self.click_text(&format!("{css}:enabled"), "").await
    }

    /// Clicks the first element that contains this text. One that the page drew anew in between is looked for again.
    pub async fn click_text(&self, css: &str, text: &str) -> Result<()> {
        let deadline = Instant::now() + PATIENCE;
        loop {
            match self.wait_for_text(css, text).await?.click().await {
                Ok(()) => return Ok(()),
                Err(error) if is_stale(&error) && Instant::now() < deadline => sleep(LOOK_EVERY).await,
                Err(error) => return Err(error.into()),
            }
        }
    }

    /// What fits now; `None`: the page was being drawn anew at this moment.
    async fn all(&self, css: &str) -> Result<Option<Vec<WebElement>>> {
        match self.driver.find_all(By::Css(css)).await {
            Ok(found) => Ok(Some(found)),
            Err(error) if is_stale(&error) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    /// Opens a room of the program by its name in the page's contract.
    pub async fn enter(&self, room: &str) -> Result<()> {
        self.click(&format!("[data-testid=room-{room}]")).await
    }

    /// Types into a field in place of what it holds.
    pub async fn fill(&self, css: &str, text: &str) -> Result<()> {
        let field = self.wait_for(css).await?;
        field.clear().await?;
        Ok(field.send_keys(text).await?)
    }

    /// Signs in the dialog that asks whose consent it is.
    pub async fn sign(&self, name: &str, passphrase: &str) -> Result<()> {
        self.fill("[data-testid=who-name]", name).await?;
        self.fill("[data-testid=who-passphrase]", passphrase).await?;
        self.click("[data-testid=who-ok]").await
    }

    /// Closes what was just told, so that it hides nothing.
    pub async fn read_the_notice(&self) -> Result<()> {
        self.click("[data-testid=notice] .button.plain").await?;
        self.wait_without("[data-testid=notice]").await
    }

    /// Keys to whatever has the focus.
    pub async fn press(&self, keys: impl Into<TypingData>) -> Result<()> {
        Ok(self.driver.action_chain().send_keys(keys).perform().await?)
    }

    /// A letter while Ctrl is down.
    pub async fn press_with_control(&self, letter: char) -> Result<()> {
        let keys = self
            .driver
            .action_chain()
            .key_down(Key::Control)
            .send_keys(letter)
            .key_up(Key::Control);
        Ok(keys.perform().await?)
    }
}

/// The text with what does not fit in its column, every gap a plain space; nothing when the element is gone.
pub async fn whole_text(element: &WebElement) -> Option<String> {
    let text = element.prop("textContent").await.ok()??;
    Some(text.split_whitespace().collect::<Vec<_>>().join(" "))
}
