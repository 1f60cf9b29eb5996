//! Where things are in the checkout.

use std::path::{Path, PathBuf};

/// The repository's root, two folders above the crates'.
pub fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .ancestors()
        .nth(3)
        .unwrap_or(Path::new("."))
}

pub fn ui() -> PathBuf {
    root().join("ui")
}

/// Where Cargo builds.
pub fn target() -> PathBuf {
    match std::env::var_os("CARGO_TARGET_DIR") {
        Some(chosen) => root().join(chosen),
        None => root().join("target"),
    }
}

/// A program of ours, as Cargo builds it for development.
pub fn built(name: &str) -> PathBuf {
    target()
        .join("debug")
        .join(name)
        .with_extension(std::env::consts::EXE_EXTENSION)
}

/// The package that is the desktop shell.
pub const SHELL: &str = "sverka-desktop";
/// The shell as a person gets it, with the page inside.
pub const SHELL_FEATURES: &str = "custom-protocol";
/// The same with the desktop test.
pub const SHELL_TEST_FEATURES: &str = "custom-protocol,desktop-test";
