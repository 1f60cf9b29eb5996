//! The real, built program on a private desktop: its window, its tray icon, its notifications, driven as a person would.
//! Linux only, where all of this can be private; `cargo xtask test` brings what it needs.
#![cfg(target_os = "linux")]

mod english;
mod firm;
mod hands;
mod harness;
mod orders;
mod place;
mod portal;
mod processes;
mod restart;
mod screen;
mod session_bus;
mod statement;
mod tray;
mod troubles;

use std::path::{Path, PathBuf};

fn app() -> &'static Path {
    Path::new(env!("CARGO_BIN_EXE_sverka-desktop"))
}

/// The `sverka` command, built beside the desktop.
fn sverka() -> PathBuf {
    app().with_file_name("sverka")
}
