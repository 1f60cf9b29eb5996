//! Windows and macOS, looked at from Debian: users are on Windows, so it is checked and not hoped for.
//! What it cannot show is the window itself, installers and prompts.

use std::{path::PathBuf, process::ExitCode};

use anyhow::{Result, bail};

use crate::{
    program::{must, program},
    project, setup,
};

/// The crates whose tests mean something under Wine: no web view, no other processes of ours.
const UNDER_WINE: [&str; 8] = [
    "domain", "formats", "matching", "intake", "outbox", "store", "crm", "app",
];

pub fn windows(wish: &[String]) -> Result<ExitCode> {
    let (check, test) = match wish {
        [] => (true, true),
        [only] if only == "check" => (true, false),
        [only] if only == "test" => (false, true),
        _ => bail!("`cargo xtask windows` takes nothing, `check` or `test`"),
    };
    prepared()?;
    if check {
        must(script("windows.sh").args(["check", "--workspace"]))?;
    }
    if test {
        let mut command = script("windows.sh");
        command.arg("test");
        for package in UNDER_WINE {
            command.args(["-p", package]);
        }
        must(&mut command)?;
    }
    Ok(ExitCode::SUCCESS)
}

pub fn macos() -> Result<ExitCode> {
    prepared()?;
    must(script("macos.sh").args(["check", "--workspace"]))?;
    Ok(ExitCode::SUCCESS)
}

fn prepared() -> Result<()> {
    if !cfg!(target_os = "linux") {
        bail!("this looks at Windows and macOS from Debian; here, `cargo xtask test` is the real thing");
    }
    setup::desktop()
}

fn script(name: &str) -> std::process::Command {
    let mut command = program("bash");
    let folder: PathBuf = project::root().join("src-tauri/crates/xtask/scripts");
    command.arg(folder.join(name));
    command
}
