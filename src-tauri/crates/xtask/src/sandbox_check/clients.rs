//! The foreign clients, and how each gets onto this machine: in a folder of its own, so that none meets another's needs.

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use anyhow::{Context, Result, bail};
use serde_json::Value;

use crate::program::{answer, line, program};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Index {
    Pip,
    Npm,
}

/// A client somebody else wrote, and our script that drives it.
#[derive(Debug)]
pub struct Client {
    /// What its script is called after `drive_`.
    pub name: String,
    /// As the package index knows them, with the versions the script was written for.
    pub packages: Vec<String>,
    script: PathBuf,
    index: Index,
}

/// Every client of the lists in `folder`.
///
/// # Errors
/// A list cannot be read, or an entry is none.
pub fn listed(folder: &Path) -> Result<Vec<Client>> {
    let mut lists: Vec<PathBuf> = fs::read_dir(folder)
        .with_context(|| format!("{} cannot be read", folder.display()))?
        .map(|entry| Ok(entry?.path()))
        .collect::<Result<_>>()?;
    lists.retain(|path| path.extension().is_some_and(|extension| extension == "json"));
    lists.sort();
    let mut clients = Vec::new();
    for list in lists {
        let entries: Value = serde_json::from_slice(&fs::read(&list)?)?;
        for entry in entries.as_array().context("a list of clients is a JSON array")? {
            let client = Client::read(folder, entry).with_context(|| format!("{}: {entry}", list.display()))?;
            clients.push(client);
        }
    }
    Ok(clients)
}

impl Client {
    fn read(folder: &Path, entry: &Value) -> Result<Self> {
        let text = |key: &str| entry[key].as_str().with_context(|| format!("no `{key}`"));
        let script = folder.join(text("script")?);
        let stem = script.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        let packages = entry["packages"].as_array().context("no `packages`")?;
        Ok(Self {
            name: stem.strip_prefix("drive_").unwrap_or(&stem).to_owned(),
            packages: packages.iter().filter_map(Value::as_str).map(str::to_owned).collect(),
            index: match text("with")? {
                "pip" => Index::Pip,
                "npm" => Index::Npm,
                other => bail!("`{other}` is neither pip nor npm"),
            },
            script,
        })
    }

    fn folder(&self, bench: &Path) -> PathBuf {
        bench.join(&self.name)
    }

    /// # Errors
    /// What is missing on this machine, or that the package index does not answer.
    pub fn install(&self, bench: &Path) -> Result<()> {
        let folder = self.folder(bench);
        fs::create_dir_all(&folder).with_context(|| format!("{} cannot be made", folder.display()))?;
        match self.index {
            Index::Pip => self.pip(&folder),
            Index::Npm => self.npm(&folder),
        }
    }

    fn pip(&self, folder: &Path) -> Result<()> {
        let python = python(folder);
        if !python.is_file() {
            let system = if cfg!(windows) { "python" } else { "python3" };
            if answer(program(system).arg("--version")).is_none() {
                bail!(
                    "Python is missing: install Python 3.9 or newer with venv (on Debian: apt-get install python3-venv)"
                );
            }
            quietly(program(system).args(["-m", "venv"]).arg(folder))?;
        }
        let arguments = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check"];
        quietly(program(python).args(arguments).args(&self.packages))
            .context("not installed: the Python package index does not answer, or does not have it")
    }

    fn npm(&self, folder: &Path) -> Result<()> {
        let manifest = folder.join("package.json");
        if !manifest.is_file() {
            fs::write(&manifest, "{\"private\": true}\n")?;
        }
        let name = if cfg!(windows) { "npm.cmd" } else { "npm" };
        let arguments = ["install", "--silent", "--no-audit", "--no-fund"];
        quietly(program(name).args(arguments).args(&self.packages).current_dir(folder))
            .context("not installed: the npm registry does not answer, or does not have it")
    }

    /// The script, told where the sandbox is.
    ///
    /// # Errors
    /// It cannot be put beside its packages, where Node looks for them and nowhere else.
    pub fn script(&self, bench: &Path, ready_file: &Path) -> Result<Command> {
        self.other_script(&self.script, bench, ready_file)
    }

    /// The same with another script of ours.
    pub fn other_script(&self, script: &Path, bench: &Path, ready_file: &Path) -> Result<Command> {
        let folder = self.folder(bench);
        let mut command = match self.index {
            Index::Pip => {
                let mut command = program(python(&folder));
                command.arg(script);
                command
            }
            Index::Npm => {
                for module in modules(script)? {
                    let name = module.file_name().context("a script has a name")?;
                    fs::copy(&module, folder.join(name))
                        .with_context(|| format!("{} is not copied", module.display()))?;
                }
                let mut command = program("node");
                command.arg(script.file_name().context("a script has a name")?);
                command.current_dir(&folder);
                command
            }
        };
        let ready: Value = serde_json::from_slice(&fs::read(ready_file)?)?;
        command
            .env("SVERKA_SANDBOX", ready_file)
            // Node reads whom to trust once, when it starts.
            .env("NODE_EXTRA_CA_CERTS", ready["ca_pem"].as_str().unwrap_or_default())
            .env("PYTHONDONTWRITEBYTECODE", "1")
            .env("PYTHONIOENCODING", "utf-8")
            // Everything is on this machine.
            .env("NO_PROXY", "*")
            .env("no_proxy", "*");
        Ok(command)
    }
}

fn python(folder: &Path) -> PathBuf {
    if cfg!(windows) {
        folder.join("Scripts/python.exe")
    } else {
        folder.join("bin/python")
    }
}

/// A JavaScript script and what such scripts share.
fn modules(script: &Path) -> Result<Vec<PathBuf>> {
    let folder = script.parent().context("a script is in a folder")?;
    let mut modules = vec![script.to_owned()];
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.to_string_lossy().ends_with("_checks.mjs") {
            modules.push(path);
        }
    }
    Ok(modules)
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
    use crate::project;

    #[test]
    fn every_client_of_the_lists_has_its_script_and_its_version() {
        let clients = listed(&project::root().join("fixtures/crm/foreign")).unwrap();
        assert!(clients.len() >= 6, "{clients:?}");
        for client in clients {
            assert!(client.script.is_file(), "{}", client.script.display());
            for package in &client.packages {
                let pinned = package.contains("==") || package.trim_start_matches('@').contains('@');
                assert!(pinned, "{package}: another version tomorrow is another check");
            }
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
