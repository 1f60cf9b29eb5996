//! The foreign clients, and how each gets onto this machine.

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use anyhow::{Context, Result, bail};

use super::server::Server;
use crate::{
    program::{answer, line, program},
    project,
};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Language {
    Python,
    JavaScript,
}

/// A client somebody else wrote, and our script that drives it.
#[derive(Debug)]
pub struct Client {
    pub name: &'static str,
    /// As its package index knows it, with the version the script was written for.
    package: &'static str,
    pub script: &'static str,
    language: Language,
}

pub const CLIENTS: &[Client] = &[
    Client {
        name: "b24pysdk",
        package: "b24pysdk==1.3.2",
        script: "check_b24pysdk.py",
        language: Language::Python,
    },
    Client {
        name: "b24jssdk",
        package: "@bitrix24/b24jssdk@2.2.0",
        script: "check_b24jssdk.mjs",
        language: Language::JavaScript,
    },
    Client {
        name: "fast_bitrix24",
        package: "fast_bitrix24==1.8.14",
        script: "check_fast_bitrix24.py",
        language: Language::Python,
    },
];

/// Makes certificates for `front.py`.
const TRUSTME: &str = "trustme==1.2.1";

/// The folder with the clients in it.
pub struct Bench {
    folder: PathBuf,
}

impl Bench {
    pub fn open(folder: &Path) -> Result<Self> {
        fs::create_dir_all(folder).with_context(|| format!("{} cannot be made", folder.display()))?;
        Ok(Self {
            folder: folder.to_owned(),
        })
    }

    pub fn file(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    fn python(&self) -> PathBuf {
        let venv = self.folder.join("venv");
        if cfg!(windows) {
            venv.join("Scripts/python.exe")
        } else {
            venv.join("bin/python")
        }
    }

    /// # Errors
    /// What is missing on this machine, or that the package index does not answer.
    pub fn install(&self, client: &Client) -> Result<()> {
        match client.language {
            Language::Python => self.pip(client.package),
            Language::JavaScript => self.npm(client.package),
        }
    }

    fn pip(&self, package: &str) -> Result<()> {
        if !self.python().is_file() {
            let system = if cfg!(windows) { "python" } else { "python3" };
            if answer(program(system).arg("--version")).is_none() {
                bail!(
                    "Python is missing: install Python 3.9 or newer with venv (on Debian: apt-get install python3-venv)"
                );
            }
            quietly(program(system).args(["-m", "venv"]).arg(self.folder.join("venv")))?;
        }
        let arguments = [
            "-m",
            "pip",
            "install",
            "--quiet",
            "--disable-pip-version-check",
            package,
        ];
        quietly(program(self.python()).args(arguments)).with_context(|| {
            format!("{package} could not be installed: the Python package index does not answer, or does not have it")
        })
    }

    fn npm(&self, package: &str) -> Result<()> {
        let package_file = self.folder.join("package.json");
        if !package_file.is_file() {
            fs::write(&package_file, "{\"private\": true, \"type\": \"module\"}\n")?;
        }
        let name = if cfg!(windows) { "npm.cmd" } else { "npm" };
        let mut command = program(name);
        command
            .args(["install", "--silent", "--no-audit", "--no-fund", package])
            .current_dir(&self.folder);
        quietly(&mut command).with_context(|| {
            format!("{package} could not be installed: the npm registry does not answer, or does not have it")
        })
    }

    /// A Python program of the scripts' folder that makes TLS where the sandbox has none.
    pub fn front(&self, port: &str, authority: &Path) -> Result<Command> {
        self.pip(TRUSTME)?;
        let mut command = program(self.python());
        command.arg(scripts().join("front.py")).arg(port).arg(authority);
        Ok(command)
    }

    /// A client's script, told where the sandbox is and whose certificates to trust.
    pub fn script(&self, client: &Client, server: &Server) -> Result<Command> {
        let mut command = match client.language {
            Language::Python => {
                let mut command = program(self.python());
                command.arg(scripts().join(client.script));
                command
            }
            Language::JavaScript => {
                // Node looks for packages beside the script, and nowhere else.
                for script in ["checks.mjs", client.script] {
                    fs::copy(scripts().join(script), self.folder.join(script))
                        .with_context(|| format!("{script} cannot be copied"))?;
                }
                let mut command = program("node");
                command.arg(self.folder.join(client.script));
                command
            }
        };
        command
            .env("SANDBOX", server.ready.to_string())
            .env("REQUESTS_CA_BUNDLE", &server.authority)
            .env("SSL_CERT_FILE", &server.authority)
            .env("NODE_EXTRA_CA_CERTS", &server.authority)
            .env("PYTHONDONTWRITEBYTECODE", "1")
            .env("PYTHONIOENCODING", "utf-8")
            // Everything is on this machine.
            .env("NO_PROXY", "*")
            .env("no_proxy", "*");
        Ok(command)
    }
}

fn scripts() -> PathBuf {
    project::root().join("fixtures/crm/foreign")
}

/// Runs it without a word; when it fails, its last words are the error.
fn quietly(command: &mut Command) -> Result<()> {
    let output = command
        .stdin(Stdio::null())
        .output()
        .with_context(|| format!("`{}` could not be started", line(command)))?;
    if output.status.success() {
        return Ok(());
    }
    let said = String::from_utf8_lossy(&output.stderr).into_owned() + &String::from_utf8_lossy(&output.stdout);
    let last = said.lines().rfind(|line| !line.trim().is_empty()).unwrap_or_default();
    bail!("`{}` failed: {}", line(command), last.trim())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_client_has_its_script() {
        for client in CLIENTS {
            assert!(scripts().join(client.script).is_file(), "{}", client.script);
        }
    }

    #[test]
    fn a_failed_installation_says_its_last_words() {
        let error = quietly(program("cargo").arg("no-such-command"))
            .unwrap_err()
            .to_string();
        assert!(error.starts_with("`cargo no-such-command` failed: "), "{error}");
    }
}
