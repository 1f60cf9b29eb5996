//! The program itself on a private desktop, driven through WebKitWebDriver: opened, hidden, killed, photographed.

use std::{
    ffi::{OsStr, OsString},
    fs::File,
    net::{TcpListener, TcpStream},
    ops::Deref,
    path::{Path, PathBuf},
    process::{Command, ExitStatus},
    time::{Duration, Instant},
};

use anyhow::{Context, Result, ensure};
use thirtyfour::prelude::*;
use tokio::time::{sleep, timeout};

use crate::{
    place::{Place, SCREEN_HEIGHT, SCREEN_WIDTH},
    processes::{self, Family},
    screen::Screen,
    session_bus::{Shown, TrayIcon},
};

/// How long anything may take that a person would wait for, on a machine that is busy with other tests.
pub const PATIENCE: Duration = Duration::from_secs(90);
pub const LOOK_EVERY: Duration = Duration::from_millis(50);
/// Where pictures go when they are wanted as documentation.
const SCREENS: &str = "SVERKA_SCREENS";
/// Calls back when what the page is now has been drawn.
const TWO_FRAMES: &str = "requestAnimationFrame(() => requestAnimationFrame(arguments[0]))";
/// The variable that names the ledger's folder.
pub const LEDGER: &str = "SVERKA_LEDGER";
const TITLE: &str = "Сверка";

/// The program, open on a [`Place`].
pub struct Desktop {
    pub driver: Driver,
    // The program goes before the place it runs on.
    program: Family,
    app: PathBuf,
    env: Vec<(&'static str, OsString)>,
    pub place: Place,
}

/// The driver, which never says goodbye: that would wait for minutes where the program is gone or hidden. Its processes
/// are ended instead.
pub struct Driver(WebDriver);

impl Deref for Driver {
    type Target = WebDriver;

    fn deref(&self) -> &WebDriver {
        &self.0
    }
}

impl Drop for Driver {
    fn drop(&mut self) {
        if self.0.clone().leak().is_err() {
            eprintln!("the driver has said goodbye already");
        }
    }
}

impl Desktop {
    /// Opens the program with these variables, its window over the whole screen, and waits until its page answers.
    pub async fn open(place: Place, app: &Path, env: &[(&'static str, &OsStr)]) -> Result<Self> {
        let env: Vec<_> = env.iter().map(|(key, value)| (*key, (*value).to_owned())).collect();
        let complaints = File::create(place.complaints())?;
        let port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
        let program = Family::start(
            place
                .command("WebKitWebDriver")
                .args([&format!("--port={port}"), "--host=127.0.0.1"])
                .envs(env.iter().map(|(key, value)| (key, value)))
                .stderr(complaints),
        )?;
        eventually("WebKitWebDriver answers", || {
            TcpStream::connect(("127.0.0.1", port)).is_ok()
        })
        .await?;
        let mut capabilities = Capabilities::new();
        capabilities.set(
            "webkitgtk:browserOptions",
            serde_json::json!({ "binary": app, "args": [] }),
        )?;
        let driver = timeout(
            PATIENCE,
            WebDriver::new(format!("http://127.0.0.1:{port}"), capabilities),
        )
        .await
        .context("the program opened a window in time")
        .and_then(|session| Ok(session?))
        .with_context(|| place.heard())?;
        let driver = Driver(driver);
        driver.set_window_rect(0, 0, SCREEN_WIDTH, SCREEN_HEIGHT).await?;
        Ok(Self {
            driver,
            program,
            app: app.to_owned(),
            env,
            place,
        })
    }

    /// Ends the program as a power cut does, without a word, and opens it anew on the same place.
    pub async fn killed_and_opened_again(self) -> Result<Self> {
        let Self {
            driver,
            program,
            app,
            env,
            place,
        } = self;
        program.kill_member(&app)?;
        drop((driver, program));
        place.nobody_is_first().await?;
        let env: Vec<_> = env.iter().map(|(key, value)| (*key, value.as_os_str())).collect();
        Self::open(place, &app, &env).await
    }

    /// Passes on how a test went; where it went wrong, with a picture of the last moment.
    pub fn tell(&self, went: Result<()>) -> Result<()> {
        let Err(error) = went else { return Ok(()) };
        let log = self.log().unwrap_or_else(|error| format!("no log: {error:#}"));
        let seen = match self.last_seen() {
            Ok(file) => format!("the screen: {}", file.display()),
            Err(error) => format!("no picture: {error:#}"),
        };
        Err(error.context(seen).context(format!("the program's log:\n{log}")))
    }

    /// Where the program keeps its ledger.
    pub fn ledger(&self) -> PathBuf {
        let chosen = self.env.iter().find(|(key, _)| *key == LEDGER);
        chosen.map_or_else(
            || self.place.home().join("data/sverka/ledger"),
            |(_, folder)| folder.into(),
        )
    }

    /// What the program wrote into its log beside the ledger, and what every program here wrote to stderr.
    fn log(&self) -> Result<String> {
        let mut log = self.place.heard();
        for file in std::fs::read_dir(self.ledger().join("logs"))? {
            log.push_str(&std::fs::read_to_string(file?.path())?);
        }
        Ok(log)
    }

    /// A picture of the window for the documentation: of what the page is now, which a busy screen may show a moment later.
    pub async fn screenshot(&self, name: &str) -> Result<()> {
        let folder: PathBuf =
            std::env::var_os(SCREENS).map_or_else(|| env!("CARGO_TARGET_TMPDIR").into(), PathBuf::from);
        std::fs::create_dir_all(&folder)?;
        // The page answers before it is drawn.
        self.driver.execute_async(TWO_FRAMES, Vec::new()).await?;
        Ok(self.driver.screenshot(&folder.join(format!("{name}.png"))).await?)
    }

    /// A picture of the whole screen, asked of the screen and not of the program; the path it is kept under.
    fn last_seen(&self) -> Result<PathBuf> {
        let test = std::thread::current().name().unwrap_or("test").replace("::", "-");
        let file = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("{test}.png"));
        let taken = Command::new("import")
            .args(["-window", "root"])
            .arg(&file)
            .env("DISPLAY", &self.place.display)
            .status()
            .context("ImageMagick's import")?;
        ensure!(taken.success(), "no picture of the screen");
        Ok(file)
    }

    /// Whether the window is on the screen, asked of the screen and not of the program.
    pub fn is_visible(&self) -> Result<bool> {
        Ok(Screen::of(&self.place.display)?.visible(TITLE)?.is_some())
    }

    /// Does what the cross in the window's corner does: asks the program to close the window.
    pub fn close_window(&self) -> Result<()> {
        let screen = Screen::of(&self.place.display)?;
        let window = screen.visible(TITLE)?.context("there is a window to close")?;
        screen.ask_to_close(window)
    }

    /// Waits until something becomes true of the desktop.
    pub async fn until(&self, what: &str, mut is: impl FnMut(&Self) -> Result<bool>) -> Result<()> {
        let mut failed = None;
        eventually(what, || match is(self) {
            Ok(is) => is,
            Err(error) => {
                failed = Some(error);
                true
            }
        })
        .await?;
        failed.map_or(Ok(()), Err)
    }

    /// Starts the program once more, as an impatient person does, and waits until that second one ends. The answer is how
    /// it ended, and how many processes at once held the ledger meanwhile.
    pub async fn second_start(&self) -> Result<(ExitStatus, usize)> {
        // Not under automation: it must notice the first one and leave before it opens a window.
        let mut second = self
            .place
            .command(&self.app)
            .envs(self.env.iter().map(|(key, value)| (key, value)))
            .env_remove("TAURI_WEBVIEW_AUTOMATION")
            .spawn()?;
        let mut most = 0;
        loop {
            most = most.max(processes::holding(&self.ledger())?);
            if let Some(ended) = second.try_wait()? {
                return Ok((ended, most));
            }
            sleep(LOOK_EVERY).await;
        }
    }

    pub async fn tray(&mut self) -> Result<TrayIcon> {
        timeout(PATIENCE, self.place.bus.tray())
            .await
            .context("the tray icon appeared in time")?
    }

    pub async fn next_notification(&mut self) -> Result<Shown> {
        let shown = timeout(PATIENCE, self.place.bus.shown.recv())
            .await
            .context("a notification came in time")?;
        shown.context("the notification server is served")
    }

    /// Waits until the program has ended by itself.
    pub async fn gone(&self, tray: &TrayIcon) -> Result<()> {
        let deadline = Instant::now() + PATIENCE;
        while self.place.bus.runs(tray).await? {
            ensure!(Instant::now() < deadline, "the program is still there");
            sleep(LOOK_EVERY).await;
        }
        Ok(())
    }

    /// Does what a click on a shown notification does.
    pub async fn click_notification(&self, shown: &Shown) -> Result<()> {
        self.place.bus.click_notification(shown.id).await
    }
}

pub async fn eventually(what: &str, mut is: impl FnMut() -> bool) -> Result<()> {
    let deadline = Instant::now() + PATIENCE;
    while !is() {
        ensure!(Instant::now() < deadline, "not in time: {what}");
        sleep(LOOK_EVERY).await;
    }
    Ok(())
}
