//! Where the `sverka` program under test is, built first where cargo is at hand.

use std::{
    env,
    path::{Path, PathBuf},
    process::Command,
    sync::OnceLock,
};

use anyhow::{Context, Result, bail, ensure};

/// Names a program to test instead of the one built beside this one.
pub const BINARY_VARIABLE: &str = "SVERKA_BINARY";

/// The program, found or built once in a process.
///
/// # Errors
/// It is neither there nor can be built.
pub fn sverka() -> Result<&'static Path> {
    static FOUND: OnceLock<Result<PathBuf, String>> = OnceLock::new();
    match FOUND.get_or_init(|| find().map_err(|error| format!("{error:#}"))) {
        Ok(path) => Ok(path),
        Err(why) => bail!("{why}"),
    }
}

fn find() -> Result<PathBuf> {
    if let Some(named) = env::var_os(BINARY_VARIABLE) {
        return Ok(named.into());
    }
    let own = env::current_exe()?;
    let mut folder = own.parent().context("a program without a folder")?;
    // Tests lie one folder below programs.
    if folder.ends_with("deps") {
        folder = folder.parent().context("a test without a target folder")?;
    }
    // Started through cargo: what is there may be older than the source.
    if let Some(cargo) = env::var_os("CARGO") {
        build(Command::new(cargo), folder)?;
    }
    let program = folder.join(format!("sverka{}", env::consts::EXE_SUFFIX));
    ensure!(
        program.is_file(),
        "there is no {}: build it with `cargo build -p cli`, or name one in {BINARY_VARIABLE}",
        program.display()
    );
    Ok(program)
}

fn build(mut cargo: Command, folder: &Path) -> Result<()> {
    let target = folder.parent().context("a target folder without a parent")?;
    // With both packages named, the features are those of the build that made this program, and nothing is built twice.
    cargo
        .args([
            "build",
            "--quiet",
            "--package",
            "cli",
            "--package",
            "journeys",
            "--bin",
            "sverka",
        ])
        .arg("--target-dir")
        .arg(target)
        .current_dir(env!("CARGO_MANIFEST_DIR"));
    if folder.ends_with("release") {
        cargo.arg("--release");
    }
    let built = cargo.status().context("cargo does not start")?;
    ensure!(built.success(), "the `sverka` program could not be built");
    Ok(())
}
