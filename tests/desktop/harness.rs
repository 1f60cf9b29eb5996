//! A private desktop for one test: a screen, a session bus with notifications and a tray, a keyring, and the program
//! itself, driven through WebKitWebDriver.

use std::{
    ffi::{OsStr, OsString},
    fs::File,
    io::Write,
    net::{TcpListener, TcpStream},
    path::{Path, PathBuf},
    process::{Command, ExitStatus, Stdio},
    time::{Duration, Instant},
};

use anyhow::{Context, Result, bail, ensure};
use tempfile::TempDir;
use thirtyfour::prelude::*;
use tokio::time::{sleep, timeout};

use crate::{
    processes::Family,
    screen::Screen,
    session_bus::{SessionBus, Shown, TrayIcon},
};

/// How long anything may take that a person would wait for, on a machine that is busy with other tests.
pub const PATIENCE: Duration = Duration::from_secs(30);
pub const LOOK_EVERY: Duration = Duration::from_millis(50);
/// The first frame comes after the page answers; an earlier picture is blank.
const FIRST_FRAME: Duration = Duration::from_secs(1);
/// Where pictures go when they are wanted as documentation.
const SCREENS: &str = "SVERKA_SCREENS";
/// The variable that names the ledger's folder.
pub const LEDGER: &str = "SVERKA_LEDGER";
const TITLE: &str = "Сверка";

/// Where a program runs: a screen, a session bus, an unlocked keyring, a home folder, all its own.
pub struct Place {
    home: TempDir,
    display: String,
    address: String,
    bus: SessionBus,
    _keyring: Family,
    _dbus: Family,
    _screen: Family,
}

/// The program, open on a [`Place`].
pub struct Desktop {
    pub driver: WebDriver,
    // The program goes before the place it runs on.
    _webdriver: Family,
    env: Vec<(&'static str, OsString)>,
    pub place: Place,
}

impl Place {
    pub async fn new() -> Result<Self> {
        let (screen, number) = Family::start_and_read(Command::new("Xvfb").args([
            "-displayfd",
            "1",
            "-screen",
            "0",
            "1280x800x24",
            "-nolisten",
            "tcp",
        ]))?;
        let (dbus, address) = Family::start_and_read(Command::new("dbus-daemon").args([
            "--session",
            "--nofork",
            "--nopidfile",
            "--print-address=1",
        ]))?;
        let bus = SessionBus::serve(&address).await?;
        let (home, display) = (tempfile::tempdir()?, format!(":{number}"));
        let mut keyring = Family::start(
            on_this_place(&home, &display, &address, "gnome-keyring-daemon")
                .args(["--foreground", "--unlock", "--components=secrets"])
                .stdin(Stdio::piped()),
        )?;
        keyring
            .child()
            .stdin
            .take()
            .context("piped above")?
            .write_all(b"test")?;
        Ok(Self {
            home,
            display,
            address,
            bus,
            _keyring: keyring,
            _dbus: dbus,
            _screen: screen,
        })
    }

    /// A program that will run here.
    pub fn command(&self, program: impl AsRef<OsStr>) -> Command {
        on_this_place(&self.home, &self.display, &self.address, program)
    }

    /// Where the program's stderr goes: a panic in the background is heard nowhere else.
    fn complaints(&self) -> PathBuf {
        self.home().join("complaints.txt")
    }

    pub fn home(&self) -> &Path {
        self.home.path()
    }

    /// Opens the program with these variables, and waits until its page answers.
    pub async fn open(self, app: &Path, env: &[(&'static str, &OsStr)]) -> Result<Desktop> {
        let env: Vec<_> = env.iter().map(|(key, value)| (*key, (*value).to_owned())).collect();
        let complaints = File::create(self.complaints())?;
        let port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
        let webdriver = Family::start(
            self.command("WebKitWebDriver")
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
        .context("the program opened a window in time")??;
        Ok(Desktop {
            driver,
            _webdriver: webdriver,
            env,
            place: self,
        })
    }
}

fn on_this_place(home: &TempDir, display: &str, address: &str, program: impl AsRef<OsStr>) -> Command {
    let mut command = Command::new(program);
    let home = home.path();
    command
        .env("DISPLAY", display)
        .env("DBUS_SESSION_BUS_ADDRESS", address)
        .env("HOME", home)
        .env("XDG_DATA_HOME", home.join("data"))
        .env("XDG_CONFIG_HOME", home.join("config"))
        .env("XDG_CACHE_HOME", home.join("cache"))
        .env("XDG_RUNTIME_DIR", home)
        .env("LANG", "ru_RU.UTF-8")
        .env("NO_AT_BRIDGE", "1")
        // Without it the driver waits for ever for a session.
        .env("TAURI_WEBVIEW_AUTOMATION", "true")
        .env_remove("WAYLAND_DISPLAY")
        .env_remove("LC_ALL")
        .env_remove("LANGUAGE")
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    command
}

impl Drop for Desktop {
    fn drop(&mut self) {
        // Saying goodbye over the driver would wait for minutes where the program is gone or hidden; its processes are
        // ended instead.
        if self.driver.clone().leak().is_err() {
            eprintln!("the driver has said goodbye already");
        }
    }
}

impl Desktop {
    /// Passes on how a test went; where it went wrong, with a picture of the last moment.
    pub async fn tell(&self, went: Result<()>) -> Result<()> {
        let Err(error) = went else { return Ok(()) };
        let log = self.log()?;
        let seen = match self.screenshot("failed").await {
            Ok(file) => format!("the screen: {}", file.display()),
            Err(error) => format!("no picture: {error:#}"),
        };
        Err(error.context(seen).context(format!("the program's log:\n{log}")))
    }

    /// What the program wrote into its log beside the ledger, and what every program here wrote to stderr.
    fn log(&self) -> Result<String> {
        let chosen = self
            .env
            .iter()
            .find(|(key, _)| *key == LEDGER)
            .map(|(_, folder)| PathBuf::from(folder));
        let ledger = chosen.unwrap_or_else(|| self.place.home().join("data/sverka"));
        let mut log = String::new();
        for file in std::fs::read_dir(ledger.join("logs"))? {
            log.push_str(&std::fs::read_to_string(file?.path())?);
        }
        log.push_str(&std::fs::read_to_string(self.place.complaints())?);
        Ok(log)
    }

    /// The element, as soon as the page has it.
    pub async fn wait_for(&self, css: &str) -> Result<WebElement> {
        self.wait_for_text(css, "").await
    }

    /// The first element that contains this text.
    pub async fn wait_for_text(&self, css: &str, text: &str) -> Result<WebElement> {
        let deadline = Instant::now() + PATIENCE;
        while Instant::now() < deadline {
            for element in self.driver.find_all(By::Css(css)).await? {
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

    /// A picture of the whole screen for a person to look at; the path it is kept under.
    pub async fn screenshot(&self, name: &str) -> Result<PathBuf> {
        sleep(FIRST_FRAME).await;
        let folder = std::env::var_os(SCREENS).map_or_else(|| env!("CARGO_TARGET_TMPDIR").into(), PathBuf::from);
        std::fs::create_dir_all(&folder)?;
        let file = folder.join(format!("{name}.png"));
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

    /// Starts the program once more, as an impatient person does, and waits until that second one ends.
    pub fn second_start(&self, app: &Path) -> Result<ExitStatus> {
        // Not under automation: it must notice the first one and leave before it opens a window.
        Ok(self
            .place
            .command(app)
            .envs(self.env.iter().map(|(key, value)| (key, value)))
            .env_remove("TAURI_WEBVIEW_AUTOMATION")
            .status()?)
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

/// The text with what does not fit in its column, every gap a plain space; nothing when the element is gone.
async fn whole_text(element: &WebElement) -> Option<String> {
    let text = element.prop("textContent").await.ok()??;
    Some(text.split_whitespace().collect::<Vec<_>>().join(" "))
}

async fn eventually(what: &str, mut is: impl FnMut() -> bool) -> Result<()> {
    let deadline = Instant::now() + PATIENCE;
    while !is() {
        ensure!(Instant::now() < deadline, "not in time: {what}");
        sleep(LOOK_EVERY).await;
    }
    Ok(())
}
