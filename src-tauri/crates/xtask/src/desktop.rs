//! The test of the real desktop, which is also the documentation's photographer.

use std::process::{Command, ExitCode};

use anyhow::Result;

use crate::{
    program::{cargo, must},
    project::{self, SHELL, SHELL_TEST_FEATURES},
    setup,
};

/// It works with the `sverka` command beside it, which must be built.
pub fn test() -> Command {
    cargo(&[
        "test",
        "--locked",
        "-p",
        SHELL,
        "--features",
        SHELL_TEST_FEATURES,
        "--test",
        "desktop",
    ])
}

pub fn screens() -> Result<ExitCode> {
    setup::everything()?;
    setup::build_page()?;
    let folder = project::root().join("docs/screens");
    must(&mut cargo(&["build", "--locked", "-p", "cli"]))?;
    must(test().env("SVERKA_SCREENS", &folder))?;
    println!("pictures are in {}", folder.display());
    Ok(ExitCode::SUCCESS)
}
