//! The sandbox as a process, for as long as the clients talk to it.

use std::{
    fs,
    io::{BufRead, BufReader},
    path::{Path, PathBuf},
    process::{Child, Stdio},
};

use anyhow::{Context, Result, bail};
use serde_json::Value;

use crate::{program::program, project};

/// More than two pages of everything, and the same for everybody.
const FIRM: [&str; 6] = ["--seed", "1", "--companies", "60", "--invoices", "130"];

pub struct Server {
    /// Holds the ready line.
    pub ready_file: PathBuf,
    process: Child,
}

impl Server {
    pub fn start(bench: &Path) -> Result<Self> {
        Self::start_with(&project::built("sverka"), bench, &FIRM)
    }

    /// Of this program, with these words behind `sandbox`.
    pub fn start_with(sverka: &Path, bench: &Path, words: &[&str]) -> Result<Self> {
        fs::create_dir_all(bench).with_context(|| format!("{} cannot be made", bench.display()))?;
        let mut process = program(sverka)
            .arg("sandbox")
            .args(words)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()
            .context("`sverka sandbox` could not be started")?;
        let output = process.stdout.take();
        // From here on it ends with us, whatever goes wrong.
        let server = Self {
            ready_file: bench.join("ready.json"),
            process,
        };
        let mut ready = String::new();
        BufReader::new(output.context("its output is piped")?).read_line(&mut ready)?;
        if ready.is_empty() {
            bail!("`sverka sandbox` ended before it was ready");
        }
        fs::write(&server.ready_file, ready)?;
        Ok(server)
    }

    /// What it said when it was ready.
    pub fn ready(&self) -> Result<Value> {
        Ok(serde_json::from_slice(&fs::read(&self.ready_file)?)?)
    }

    /// # Errors
    /// The sandbox has ended: what the clients say after that says nothing about it.
    pub fn must_live(&mut self) -> Result<()> {
        match self.process.try_wait()? {
            Some(status) => bail!("the sandbox ended while a client was talking to it ({status})"),
            None => Ok(()),
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended by itself; then there is nothing to stop.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
