//! What a machine needs before anything can be built or tested: system packages, Rust components, Node packages.
//! Says in one line what it does, and does nothing that is done already.

mod node;
mod packages;

use anyhow::{Result, bail};

use crate::program::{answer, cargo, found, must, program};

pub use node::{build_page, has_script, install_page_packages};

/// For building and testing everything.
pub fn everything() -> Result<()> {
    rust_components()?;
    packages::install(packages::Wanted::Tests)?;
    node::check()?;
    install_page_packages()
}

/// For building and starting the desktop.
pub fn desktop() -> Result<()> {
    packages::install(packages::Wanted::Desktop)?;
    node::check()?;
    install_page_packages()
}

/// For the core alone: it needs a C compiler and nothing else.
pub fn core() -> Result<()> {
    packages::install(packages::Wanted::Core)
}

/// rustfmt and clippy, which a minimal Rust installation leaves out.
fn rust_components() -> Result<()> {
    let missing: Vec<&str> = [("fmt", "rustfmt"), ("clippy", "clippy")]
        .into_iter()
        .filter(|(command, _)| answer(&mut cargo(&[command, "--version"])).is_none())
        .map(|(_, component)| component)
        .collect();
    if missing.is_empty() {
        return Ok(());
    }
    if !found("rustup") {
        bail!(
            "Rust's {} missing: install them the way Rust was installed",
            missing.join(" and ")
        );
    }
    println!("set-up: rustup component add {}", missing.join(" "));
    must(program("rustup").args(["component", "add"]).args(missing))
}
