//! The sandbox as a process, with TLS: its own where it has it, else a front of ours.

use std::{
    io::{BufRead, BufReader},
    path::PathBuf,
    process::{Child, Command, Stdio},
};

use anyhow::{Context, Result, bail};
use serde_json::Value;

use super::clients::Bench;
use crate::{program::program, project};

/// More than two pages of everything, and the same for everybody.
const FIRM: [&str; 6] = ["--seed", "1", "--companies", "60", "--invoices", "130"];

pub struct Server {
    /// The ready line, with an address for HTTPS in any case.
    pub ready: Value,
    /// The certificate authority to trust.
    pub authority: PathBuf,
    processes: Vec<Child>,
}

impl Server {
    pub fn start(bench: &Bench) -> Result<Self> {
        let mut server = Self {
            ready: Value::Null,
            authority: bench.file("ca.pem"),
            processes: Vec::new(),
        };
        let line = server.spawn(program(project::built("sverka")).arg("sandbox").args(FIRM))?;
        server.ready = serde_json::from_str(&line).context("the sandbox says where it is")?;
        if let Some(own) = server.ready["ca_pem"].as_str() {
            server.authority = own.into();
            return Ok(server);
        }
        let plain = server.ready["bitrix24"]
            .as_str()
            .context("the sandbox says no address")?;
        let port = plain.rsplit(':').next().unwrap_or_default().to_owned();
        let front = server.spawn(&mut bench.front(&port, &server.authority)?)?;
        server.ready["bitrix24_https"] = format!("https://localhost:{}", front.trim()).into();
        server.ready["ca_pem"] = server.authority.to_string_lossy().into();
        Ok(server)
    }

    /// Starts a process that ends with us, and reads the first line it prints.
    fn spawn(&mut self, command: &mut Command) -> Result<String> {
        let mut child = command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()
            .with_context(|| format!("`{}` could not be started", crate::program::line(command)))?;
        let output = child.stdout.take().context("its output is piped")?;
        self.processes.push(child);
        let mut line = String::new();
        BufReader::new(output).read_line(&mut line)?;
        if line.is_empty() {
            bail!("`{}` ended before it was ready", crate::program::line(command));
        }
        Ok(line)
    }

    /// # Errors
    /// The sandbox has ended: what the clients say after that says nothing about it.
    pub fn must_live(&mut self) -> Result<()> {
        for process in &mut self.processes {
            if let Some(status) = process.try_wait()? {
                bail!("the sandbox ended while a client was talking to it ({status})");
            }
        }
        Ok(())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        for process in &mut self.processes {
            // It may have ended by itself; then there is nothing to stop.
            let _ = process.kill();
            let _ = process.wait();
        }
    }
}
