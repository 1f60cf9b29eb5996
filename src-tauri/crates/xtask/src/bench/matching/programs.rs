//! The programs that are measured and the files they read, made under the target folder and gone afterwards.

use std::{fs, path::PathBuf, process::Command};

use anyhow::{Context, Result, ensure};

use crate::{
    program::{cargo, listen, must, program},
    project,
};

pub struct Programs {
    pub sverka: PathBuf,
    pub benchmark: PathBuf,
}

impl Programs {
    /// As they are given to people.
    pub fn built() -> Result<Self> {
        must(&mut cargo(&[
            "build",
            "--locked",
            "--release",
            "-p",
            "cli",
            "-p",
            "benchmark",
        ]))?;
        let built = |name: &str| {
            project::target()
                .join("release")
                .join(name)
                .with_extension(std::env::consts::EXE_EXTENSION)
        };
        Ok(Self {
            sverka: built("sverka"),
            benchmark: built("benchmark"),
        })
    }

    /// As many payments as invoices, of a fifth as many customers; the same each time.
    pub fn firm(&self, payments: u32) -> Result<LargeFirm> {
        let folder = project::target()
            .join("bench-files")
            .join(format!("matching-{payments}"));
        fs::create_dir_all(&folder).with_context(|| format!("{} cannot be made", folder.display()))?;
        let firm = LargeFirm { folder, payments };
        must(
            program(&self.benchmark)
                .args(["large", &payments.to_string()])
                .arg(&firm.folder),
        )?;
        Ok(firm)
    }

    /// `sverka match`, as people run it.
    pub fn matched(&self, firm: &LargeFirm) -> Command {
        let mut command = program(&self.sverka);
        command
            .args(["match", "--invoices"])
            .arg(firm.invoices())
            .arg("--payments")
            .arg(firm.payments());
        command
    }

    /// The program that only reads the files and writes as many answers.
    pub fn least(&self, firm: &LargeFirm) -> Command {
        let mut command = program(&self.benchmark);
        command.arg("least").arg(firm.invoices()).arg(firm.payments());
        command
    }

    /// Fails unless every payment is answered, and many without a person: a refusal is quick too.
    pub fn checked(&self, firm: &LargeFirm) -> Result<()> {
        let (mut answers, mut automatic) = (0, 0);
        let ran = listen(&mut self.matched(firm), |line| {
            answers += 1;
            automatic += u32::from(line.contains(r#""decision":"auto""#));
        })?;
        ensure!(
            ran && answers == firm.payments && automatic > firm.payments / 3,
            "sverka answers {answers} of {} payments, {automatic} of them without a person",
            firm.payments
        );
        Ok(())
    }
}

/// Deleted when it is let go of.
pub struct LargeFirm {
    folder: PathBuf,
    pub payments: u32,
}

impl LargeFirm {
    fn invoices(&self) -> PathBuf {
        self.folder.join("invoices.ndjson")
    }

    fn payments(&self) -> PathBuf {
        self.folder.join("payments.ndjson")
    }
}

impl Drop for LargeFirm {
    fn drop(&mut self) {
        // What is left behind lies in the target folder, which is anybody's to delete.
        let _ = fs::remove_dir_all(&self.folder);
    }
}
