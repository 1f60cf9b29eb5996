//! A program that runs beside the story: killed when dropped, its output kept in files for when something goes wrong.

use std::{
    fs::{self, File},
    io::{BufRead, BufReader},
    path::{Path, PathBuf},
    process::{Child, ChildStdout, Command, Stdio},
};

use anyhow::{Context, Result};

/// Lines of output that explain a failure.
const TAIL_LINES: usize = 12;

pub struct Running {
    child: Child,
    name: String,
    out: PathBuf,
    err: PathBuf,
}

impl Running {
    /// Starts it with both outputs going to files in `folder`.
    ///
    /// # Errors
    /// The program does not start.
    pub fn start(mut command: Command, name: &str, folder: &Path) -> Result<Self> {
        let (out, err) = (folder.join(format!("{name}.out")), folder.join(format!("{name}.err")));
        let append = |path: &Path| File::options().create(true).append(true).open(path);
        command.stdin(Stdio::null()).stdout(append(&out)?).stderr(append(&err)?);
        let child = command.spawn().with_context(|| format!("{name} does not start"))?;
        Ok(Self {
            child,
            name: name.to_owned(),
            out,
            err,
        })
    }

    /// Starts it and waits for the one line in which it says that it is ready.
    ///
    /// # Errors
    /// The program does not start, or ends without a line.
    pub fn start_announced(mut command: Command, name: &str, folder: &Path) -> Result<(Self, String)> {
        let err = folder.join(format!("{name}.err"));
        command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(File::create(&err)?);
        let mut child = command.spawn().with_context(|| format!("{name} does not start"))?;
        let stdout: Option<ChildStdout> = child.stdout.take();
        let running = Self {
            child,
            name: name.to_owned(),
            out: folder.join(format!("{name}.out")),
            err,
        };
        let mut line = String::new();
        BufReader::new(stdout.context("no output")?).read_line(&mut line)?;
        anyhow::ensure!(!line.is_empty(), "{name} ended at once\n{}", running.tail());
        Ok((running, line))
    }

    /// What it printed so far.
    ///
    /// # Errors
    /// The file of its output cannot be read.
    pub fn printed(&self) -> Result<String> {
        Ok(fs::read_to_string(&self.out)?)
    }

    /// `kill -9`: it has no moment to tidy up.
    ///
    /// # Errors
    /// It could not be killed.
    pub fn kill(mut self) -> Result<()> {
        self.child.kill()?;
        self.child.wait()?;
        Ok(())
    }

    /// The last lines of what it said.
    #[must_use]
    pub fn tail(&self) -> String {
        let read = |path: &Path| fs::read_to_string(path).unwrap_or_default();
        let said = [read(&self.out), read(&self.err)].concat();
        let lines: Vec<&str> = said.lines().collect();
        let from = lines.len().saturating_sub(TAIL_LINES);
        format!("--- {} ---\n{}", self.name, lines[from..].join("\n"))
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // It may have ended by itself; then there is nothing to kill.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
