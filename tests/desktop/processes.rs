//! Programs a test starts and must not leave behind.

use std::{
    io::{BufRead, BufReader},
    os::unix::process::CommandExt,
    process::{Child, Command, Stdio},
};

use anyhow::{Context, Result, ensure};

/// A program with everything it started, ended together when dropped.
pub struct Family(Child);

impl Family {
    pub fn start(command: &mut Command) -> Result<Self> {
        let name = command.get_program().to_string_lossy().into_owned();
        let child = command
            .process_group(0)
            .spawn()
            .with_context(|| format!("{name} started"))?;
        Ok(Self(child))
    }

    /// The same, and the first line it prints: how Xvfb and dbus-daemon say where they are.
    pub fn start_and_read(command: &mut Command) -> Result<(Self, String)> {
        let mut family = Self::start(command.stdout(Stdio::piped()))?;
        let stdout = family.0.stdout.take().context("piped above")?;
        let mut line = String::new();
        BufReader::new(stdout).read_line(&mut line)?;
        ensure!(!line.trim().is_empty(), "{command:?} said nothing");
        Ok((family, line.trim().to_owned()))
    }

    pub fn child(&mut self) -> &mut Child {
        &mut self.0
    }
}

impl Drop for Family {
    fn drop(&mut self) {
        // The group, because WebKitWebDriver starts the program under test; it may be gone already.
        let _ = Command::new("kill")
            .args(["-KILL", "--", &format!("-{}", self.0.id())])
            .stderr(Stdio::null())
            .status();
        let _ = self.0.wait();
    }
}
