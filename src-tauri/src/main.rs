//! The desktop program. Everything is in the library, so that a test can reach it.
// A release build on Windows opens no console behind the window.
#![cfg_attr(not(debug_assertions), windows_subsystem = "windows")]

fn main() -> std::process::ExitCode {
    sverka_desktop::run()
}
