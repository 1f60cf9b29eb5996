//! `test`: everything this machine can check. The core first, because it is quick and everything else stands on it.

use std::process::{Command, ExitCode};

use anyhow::Result;

use crate::{
    desktop,
    program::{cargo, must, npm},
    project::{SHELL, SHELL_TEST_FEATURES},
    report::Report,
    setup,
};

pub fn test() -> Result<ExitCode> {
    let mut report = Report::default();
    setup::everything()?;
    report.step("format", &mut cargo(&["fmt", "--all", "--check"]));
    report.step("lints of the core", &mut lints(&[]));
    report.step(
        "tests of the core",
        &mut cargo(&["test", "--locked", "--no-fail-fast", "--", "--show-output"]),
    );
    page(&mut report)?;
    report.step(
        "lints of the desktop",
        &mut lints(&["-p", SHELL, "--features", SHELL_TEST_FEATURES]),
    );
    report.step(
        "tests of the desktop's parts",
        &mut cargo(&[
            "test",
            "--locked",
            "-p",
            SHELL,
            "--lib",
            "--features",
            SHELL_TEST_FEATURES,
        ]),
    );
    if cfg!(target_os = "linux") {
        report.step("build of the command", &mut cargo(&["build", "--locked", "-p", "cli"]));
        report.step("the desktop itself", &mut desktop::test());
    } else {
        report.skip(
            "the desktop itself",
            "a private desktop for a test exists on Linux only",
        );
    }
    Ok(report.finish())
}

fn page(report: &mut Report) -> Result<()> {
    report.step("types of the page", &mut npm(&["run", "--silent", "check"]));
    report.step("tests of the page", &mut npm(&["test", "--silent"]));
    report.step("build of the page", &mut npm(&["run", "--silent", "build"]));
    let browser = "tests of the page in a browser";
    if setup::has_script("test:browser")? {
        report.step(browser, &mut npm(&["run", "--silent", "test:browser"]));
    } else {
        report.skip(browser, "ui has no script test:browser");
    }
    Ok(())
}

fn lints(packages: &[&str]) -> Command {
    let mut command = cargo(&["clippy", "--locked", "--all-targets"]);
    command.args(packages).args(["--", "-D", "warnings"]);
    command
}

/// Writes the page's types anew; the same test, without the variable, keeps them equal.
pub fn wire() -> Result<ExitCode> {
    setup::core()?;
    must(cargo(&["test", "--quiet", "-p", "app", "wire"]).env("SVERKA_WRITE_WIRE", "1"))?;
    println!("ui/src/wire.ts is what the contract says");
    Ok(ExitCode::SUCCESS)
}

/// Writes the list of diagnostics and the table of matching anew; the same tests, without the variable, keep them equal.
pub fn codes() -> Result<ExitCode> {
    setup::core()?;
    for package in ["formats", "matching"] {
        must(cargo(&["test", "--quiet", "-p", package, "--lib", "documentation"]).env("SVERKA_WRITE_CODES", "1"))?;
    }
    println!("docs/diagnostics.md and docs/matching.md are what the code says");
    Ok(ExitCode::SUCCESS)
}
