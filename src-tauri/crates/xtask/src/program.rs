//! Running other programs: from the repository's root, with a clean environment, their failure a sentence.

use std::{
    ffi::OsStr,
    io::{BufRead, BufReader},
    path::Path,
    process::{Command, Stdio},
};

use anyhow::{Context, Result, bail};

use crate::project;

/// A command that starts in the repository's root.
pub fn program(name: impl AsRef<OsStr>) -> Command {
    let mut command = Command::new(name);
    command.current_dir(project::root());
    // What Cargo told xtask about xtask is not true of a Cargo inside it, and would make it build things anew.
    for (key, _) in std::env::vars_os() {
        let told = key.to_str().is_some_and(|key| {
            key.starts_with("CARGO_PKG_")
                || matches!(
                    key,
                    "CARGO_MANIFEST_DIR" | "CARGO_MANIFEST_PATH" | "CARGO_CRATE_NAME" | "CARGO_BIN_NAME"
                )
        });
        if told {
            command.env_remove(key);
        }
    }
    command
}

/// The Cargo that runs us, with these words.
pub fn cargo(words: &[&str]) -> Command {
    let mut command = program(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.args(words);
    command
}

/// npm in the page's folder.
pub fn npm(words: &[&str]) -> Command {
    let mut command = program(if cfg!(windows) { "npm.cmd" } else { "npm" });
    command.args(words).current_dir(project::ui());
    command
}

/// The command line as somebody would type it.
pub fn line(command: &Command) -> String {
    let name = Path::new(command.get_program())
        .file_stem()
        .unwrap_or(command.get_program());
    std::iter::once(name)
        .chain(command.get_args())
        .map(|word| word.to_string_lossy())
        .collect::<Vec<_>>()
        .join(" ")
}

/// Runs it with our own input and output; anything but success is an error.
pub fn must(command: &mut Command) -> Result<()> {
    let status = command
        .status()
        .with_context(|| format!("`{}` could not be started", line(command)))?;
    if !status.success() {
        bail!("`{}` failed ({status})", line(command));
    }
    Ok(())
}

/// What it prints, or nothing when it is not there or fails: for questions like `node --version`.
pub fn answer(command: &mut Command) -> Option<String> {
    let output = command.stdin(Stdio::null()).stderr(Stdio::null()).output().ok()?;
    output
        .status
        .success()
        .then(|| String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

/// Runs it and hands every line of its output to `see` as it comes; true when it succeeded.
pub fn listen(command: &mut Command, mut see: impl FnMut(&str)) -> Result<bool> {
    let mut child = command
        .stdout(Stdio::piped())
        .spawn()
        .with_context(|| format!("`{}` could not be started", line(command)))?;
    let output = child.stdout.take().context("its output is piped")?;
    for line in BufReader::new(output).split(b'\n') {
        see(String::from_utf8_lossy(&line?).trim_end_matches('\r'));
    }
    Ok(child.wait()?.success())
}

/// Whether a program of this name can be found.
pub fn found(name: &str) -> bool {
    std::env::var_os("PATH").is_some_and(|path| std::env::split_paths(&path).any(|folder| folder.join(name).is_file()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failure_names_the_command() {
        let error = must(program("cargo").arg("no-such-command").stderr(Stdio::null())).unwrap_err();
        assert!(
            error.to_string().starts_with("`cargo no-such-command` failed"),
            "{error}"
        );
    }

    #[test]
    fn every_line_is_heard() {
        let mut heard = Vec::new();
        assert!(listen(&mut cargo(&["--version"]), |line| heard.push(line.to_owned())).unwrap());
        assert!(heard.iter().any(|line| line.starts_with("cargo ")), "{heard:?}");
    }
}
