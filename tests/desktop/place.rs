//! Where a test runs the program: a screen, a session bus with notifications and a tray, a keyring and a home folder, all
//! its own.

use std::{
    ffi::OsStr,
    io::Write,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    time::Instant,
};

use anyhow::{Context, Result, ensure};
use tempfile::TempDir;
use tokio::time::sleep;

use crate::{
    harness::{LOOK_EVERY, PATIENCE},
    processes::Family,
    session_bus::SessionBus,
};

/// As pictures of the program are shown, in pixels.
pub const SCREEN_WIDTH: u32 = 1280;
pub const SCREEN_HEIGHT: u32 = 800;
/// The name that the first of several starts holds on the bus: `tauri.conf.json`'s identifier, and the plugin's word.
const FIRST: &str = "ru.sverka.desktop.SingleInstance";

pub struct Place {
    home: TempDir,
    pub display: String,
    address: String,
    pub bus: SessionBus,
    _keyring: Family,
    _dbus: Family,
    _screen: Family,
}

impl Place {
    pub async fn new() -> Result<Self> {
        let (screen, number) = Family::start_and_read(Command::new("Xvfb").args([
            "-displayfd",
            "1",
            "-screen",
            "0",
            &format!("{SCREEN_WIDTH}x{SCREEN_HEIGHT}x24"),
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
    pub fn complaints(&self) -> PathBuf {
        self.home().join("complaints.txt")
    }

    /// What the programs here wrote to stderr, for a test that fails.
    pub fn heard(&self) -> String {
        let complaints = std::fs::read_to_string(self.complaints());
        complaints.unwrap_or_else(|error| format!("nothing was heard of the programs: {error}"))
    }

    /// Waits until the bus knows of no program here. A killed one keeps its name there while it goes, which takes seconds on
    /// a busy disk, and a second start would turn to it.
    pub async fn nobody_is_first(&self) -> Result<()> {
        let deadline = Instant::now() + PATIENCE;
        while self.bus.has_owner(FIRST).await? {
            ensure!(Instant::now() < deadline, "the killed program is still there");
            sleep(LOOK_EVERY).await;
        }
        Ok(())
    }

    pub fn home(&self) -> &Path {
        self.home.path()
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
