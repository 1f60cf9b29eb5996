//! Installers for the system we are on, by Tauri's own command-line tool.

use std::process::ExitCode;

use anyhow::Result;

use crate::{
    program::{must, npm},
    project, setup,
};

pub fn bundle() -> Result<ExitCode> {
    setup::desktop()?;
    let mut command = npm(&["run", "tauri", "--", "build", "--ci"]);
    if cfg!(target_os = "linux") {
        // An AppImage would download its tools while it is made.
        command.args(["--bundles", "deb,rpm"]);
    }
    must(&mut command)?;
    println!(
        "installers are in {}",
        project::target().join("release/bundle").display()
    );
    Ok(ExitCode::SUCCESS)
}
