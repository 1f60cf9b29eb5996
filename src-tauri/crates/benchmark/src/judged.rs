//! Runs a program on a firm, as a person would: files in, lines out.

use std::{
    collections::HashMap,
    fs,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use anyhow::{Context, Result, ensure};

use crate::{firm::Firm, shape::DecisionLine};

/// Has the program match a firm that is written in the folder, and gives its answers in the order of the payments.
///
/// `command` is a program and its words; the files are told as `--invoices`, `--payments` and `--policy`.
///
/// # Errors
/// When the program cannot be run, fails, or leaves a payment without an answer.
pub fn answers(command: &[String], firm: &Firm, folder: &Path) -> Result<Vec<DecisionLine>> {
    let (program, words) = command.split_first().context("no program is named")?;
    let output = Command::new(program)
        .args(words)
        .arg("--invoices")
        .arg(folder.join("invoices.ndjson"))
        .arg("--payments")
        .arg(folder.join("payments.ndjson"))
        .arg("--policy")
        .arg(folder.join("policy.json"))
        .stdin(Stdio::null())
        .stderr(Stdio::inherit())
        .output()
        .with_context(|| format!("`{program}` could not be started"))?;
    ensure!(output.status.success(), "`{program}` failed ({})", output.status);
    let text = String::from_utf8(output.stdout).context("its answers are not UTF-8")?;
    let mut by_payment: HashMap<String, DecisionLine> = HashMap::new();
    for line in text.lines().filter(|line| !line.trim().is_empty()) {
        let decision: DecisionLine = serde_json::from_str(line).with_context(|| format!("not understood: {line}"))?;
        by_payment.insert(decision.payment.clone(), decision);
    }
    firm.payments
        .iter()
        .map(|payment| {
            by_payment
                .remove(&payment.id)
                .with_context(|| format!("payment {} has no answer", payment.id))
        })
        .collect()
}

/// A folder that is gone afterwards.
#[derive(Debug)]
pub struct Scratch(PathBuf);

impl Scratch {
    /// # Errors
    /// When the system's folder for temporary files cannot be written to.
    pub fn new() -> Result<Self> {
        let folder = std::env::temp_dir().join(format!("matching-benchmark-{}", std::process::id()));
        fs::create_dir_all(&folder).with_context(|| format!("{} cannot be made", folder.display()))?;
        Ok(Self(folder))
    }

    #[must_use]
    pub fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        // What is left behind lies among temporary files, which the system clears.
        let _ = fs::remove_dir_all(&self.0);
    }
}
