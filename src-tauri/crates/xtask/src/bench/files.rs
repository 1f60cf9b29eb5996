//! The programs that are measured, and the files they read: made under the target folder, and gone afterwards.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context, Result};

use crate::{
    program::{cargo, must, program},
    project,
};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    Mt,
    Camt,
    Onec,
}

impl Format {
    pub const ALL: [Self; 3] = [Self::Mt, Self::Camt, Self::Onec];

    pub fn title(self) -> &'static str {
        match self {
            Self::Mt => "MT940",
            Self::Camt => "camt.053",
            Self::Onec => "1C",
        }
    }

    /// Of its generator.
    fn name(self) -> &'static str {
        match self {
            Self::Mt => "mt",
            Self::Camt => "camt",
            Self::Onec => "onec",
        }
    }
}

/// A folder for files that are as large as one likes.
pub struct Scratch {
    folder: PathBuf,
}

impl Scratch {
    /// Builds the programs, as they are given to people.
    pub fn prepared() -> Result<Self> {
        must(&mut cargo(&["build", "--locked", "--release", "-p", "cli"]))?;
        let manifest = project::root().join("src-tauri/crates/formats/base-programs/Cargo.toml");
        must(
            cargo(&["build", "--locked", "--release", "--manifest-path"])
                .arg(manifest)
                .arg("--target-dir")
                .arg(base_target()),
        )?;
        let folder = project::target().join("bench-files");
        fs::create_dir_all(&folder).with_context(|| format!("{} cannot be made", folder.display()))?;
        Ok(Self { folder })
    }

    /// A sound file of this many entries, the same each time.
    pub fn file(&self, format: Format, entries: u32) -> Result<StatementFile> {
        let path = self.folder.join(format!("{}-{entries}", format.name()));
        must(base("generate").arg(format.name()).arg(entries.to_string()).arg(&path))?;
        let bytes = fs::metadata(&path)?.len();
        Ok(StatementFile { path, bytes, entries })
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        // What is left behind lies in the target folder, which is anybody's to delete.
        let _ = fs::remove_dir_all(&self.folder);
    }
}

/// Deleted when it is let go of.
pub struct StatementFile {
    path: PathBuf,
    pub bytes: u64,
    pub entries: u32,
}

impl StatementFile {
    pub fn path(&self) -> &Path {
        &self.path
    }
}

impl Drop for StatementFile {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.path);
    }
}

fn base_target() -> PathBuf {
    project::target().join("base-programs")
}

/// One of the programs that ours is measured against.
pub fn base(name: &str) -> Command {
    let path = base_target()
        .join("release/base-programs")
        .with_extension(std::env::consts::EXE_EXTENSION);
    let mut command = program(path);
    command.arg(name);
    command
}

/// `sverka read`, as people get it.
pub fn sverka(words: &[&str]) -> Command {
    let path = project::target()
        .join("release/sverka")
        .with_extension(std::env::consts::EXE_EXTENSION);
    let mut command = program(path);
    command.arg("read").args(words);
    command
}
