//! Reads every file of a folder of real bank statements with the `sverka` command: a look at what the tests only count.

use std::{
    fs,
    path::{Path, PathBuf},
    process::ExitCode,
};

use anyhow::{Context, Result, bail};

use crate::{
    program::{cargo, must, program},
    project, setup,
};

const VARIABLE: &str = "SVERKA_CORPORA";
/// `sverka read` found something that cannot be used, and said so: for a corpus that is a result, not a failure.
const SOMETHING_UNUSABLE: i32 = 1;

pub fn corpora(folders: &[String]) -> Result<ExitCode> {
    let Some(corpora) = std::env::var_os(VARIABLE).map(PathBuf::from) else {
        bail!("{VARIABLE} is not set: point it at a folder of bank statements");
    };
    let mut files = Vec::new();
    if folders.is_empty() {
        gather(&corpora, &mut files)?;
    }
    for folder in folders {
        gather(&corpora.join(folder), &mut files)?;
    }
    files.sort();
    if files.is_empty() {
        bail!("no files under {}", corpora.display());
    }
    setup::core()?;
    must(&mut cargo(&["build", "--quiet", "-p", "cli"]))?;
    let status = program(project::built("sverka"))
        .args(["read", "--summary"])
        .args(&files)
        .status()?;
    match status.code() {
        Some(0 | SOMETHING_UNUSABLE) => {
            println!("{} files read", files.len());
            Ok(ExitCode::SUCCESS)
        }
        _ => bail!("`sverka read` ended badly ({status})"),
    }
}

fn gather(folder: &Path, files: &mut Vec<PathBuf>) -> Result<()> {
    for found in fs::read_dir(folder).with_context(|| format!("{} cannot be read", folder.display()))? {
        let path = found?.path();
        if path.is_dir() {
            gather(&path, files)?;
        } else {
            files.push(path);
        }
    }
    Ok(())
}
