//! Programs a test starts and must not leave behind, and what this machine says of running ones.

use std::{
    fs,
    io::{BufRead, BufReader},
    os::unix::process::CommandExt,
    path::Path,
    process::{Child, Command, Stdio},
};

use anyhow::{Context, Result, ensure};

/// How the names of the ledger's database and of its journals begin.
const DATABASE: &str = "ledger.sqlite";

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

    /// Kills the one process of the family that runs this program.
    pub fn kill_member(&self, program: &Path) -> Result<()> {
        let group = self.0.id().to_string();
        let members: Vec<u32> = running()?
            .filter(|process| {
                let runs = fs::read_link(format!("/proc/{process}/exe")).is_ok_and(|found| found == program);
                runs && group_of(*process).is_some_and(|found| found == group)
            })
            .collect();
        let [member] = members[..] else {
            anyhow::bail!("{} runs as {members:?}", program.display());
        };
        let killed = Command::new("kill").args(["-KILL", &member.to_string()]).status()?;
        ensure!(killed.success(), "the program was not there to be killed");
        Ok(())
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

/// How many processes have a file of the ledger's database open.
pub fn holding(ledger: &Path) -> Result<usize> {
    let database = |file: &Path| {
        let name = file.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        file.parent() == Some(ledger) && name.starts_with(DATABASE)
    };
    let holds = |process: &u32| {
        // A process that ends meanwhile holds nothing.
        let Ok(open) = fs::read_dir(format!("/proc/{process}/fd")) else {
            return false;
        };
        open.flatten()
            .any(|file| fs::read_link(file.path()).is_ok_and(|file| database(&file)))
    };
    Ok(running()?.filter(holds).count())
}

fn running() -> Result<impl Iterator<Item = u32>> {
    let names = fs::read_dir("/proc")?.flatten().map(|entry| entry.file_name());
    Ok(names.filter_map(|name| name.to_str()?.parse().ok()))
}

/// The group a process belongs to, as its `stat` says: the third word after the name, which is in brackets.
fn group_of(process: u32) -> Option<String> {
    let stat = fs::read_to_string(format!("/proc/{process}/stat")).ok()?;
    let (_, rest) = stat.rsplit_once(')')?;
    rest.split_whitespace().nth(2).map(str::to_owned)
}
