//! A firm's computer in a temporary folder: a ledger, the bank client's folders, and the `sverka` command on them.

use std::{
    fs,
    io::Write as _,
    path::{Path, PathBuf},
    process::{Command, ExitStatus, Stdio},
};

use anyhow::{Context, Result, bail};
use domain::Lang;
use serde_json::Value;

use crate::{process::Running, programs};

/// 32 bytes in base64: the key of ledgers that hold nothing worth a secret.
const DATA_KEY: &str = "c3ZlcmthIGpvdXJuZXkga2V5IDMyIGJ5dGVzIGxvbmc=";

/// Lines of the log that explain a failure.
const LOG_LINES: usize = 12;

pub struct Place {
    root: tempfile::TempDir,
    lang: Lang,
}

/// How a command ended.
pub struct Ran {
    pub status: ExitStatus,
    pub out: String,
    pub err: String,
}

impl Ran {
    /// The code of the failure it printed with `--json`.
    #[must_use]
    pub fn failure_code(&self) -> Option<String> {
        let told: Value = serde_json::from_str(self.err.lines().last()?).ok()?;
        told["failure"]["code"].as_str().map(ToOwned::to_owned)
    }
}

impl Place {
    /// # Errors
    /// No temporary folder can be made.
    pub fn new(lang: Lang) -> Result<Self> {
        let root = tempfile::Builder::new().prefix("sverka-journey-").tempdir()?;
        let place = Self { root, lang };
        fs::create_dir(place.statements())?;
        fs::create_dir(place.orders())?;
        Ok(place)
    }

    #[must_use]
    pub fn root(&self) -> &Path {
        self.root.path()
    }

    #[must_use]
    pub fn ledger(&self) -> PathBuf {
        self.root().join("ledger")
    }

    /// Where the bank client drops statements.
    #[must_use]
    pub fn statements(&self) -> PathBuf {
        self.root().join("statements")
    }

    /// Where the bank client takes orders from.
    #[must_use]
    pub fn orders(&self) -> PathBuf {
        self.root().join("orders")
    }

    /// The command on this ledger, not started yet.
    ///
    /// # Errors
    /// The program is not there.
    pub fn command(&self, arguments: &[&str]) -> Result<Command> {
        let lang = match self.lang {
            Lang::Ru => "ru",
            Lang::En => "en",
        };
        self.command_in(lang, arguments)
    }

    fn command_in(&self, lang: &str, arguments: &[&str]) -> Result<Command> {
        let mut command = Command::new(programs::sverka()?);
        command
            .args(arguments)
            .args(["--lang", lang])
            .env("SVERKA_LEDGER", self.ledger())
            .env("SVERKA_DATA_KEY", DATA_KEY)
            .current_dir(self.root());
        Ok(command)
    }

    /// Runs it to its end, `input` on its standard input.
    ///
    /// # Errors
    /// The program does not start.
    pub fn run(&self, arguments: &[&str], input: &str) -> Result<Ran> {
        run(self.command(arguments)?, input)
    }

    /// The same in a language of its own.
    ///
    /// # Errors
    /// The program does not start.
    pub fn run_in(&self, lang: &str, arguments: &[&str], input: &str) -> Result<Ran> {
        run(self.command_in(lang, arguments)?, input)
    }

    /// The JSON lines of a command that must succeed.
    ///
    /// # Errors
    /// It does not, or prints no JSON.
    pub fn lines(&self, arguments: &[&str]) -> Result<Vec<Value>> {
        self.lines_with(arguments, "")
    }

    /// # Errors
    /// As [`Place::lines`].
    pub fn lines_with(&self, arguments: &[&str], input: &str) -> Result<Vec<Value>> {
        let ran = self.run(&[arguments, &["--json"]].concat(), input)?;
        if !ran.status.success() {
            bail!(
                "sverka {} ended with {}: {}{}",
                arguments.join(" "),
                ran.status,
                ran.out,
                ran.err
            );
        }
        ran.out
            .lines()
            .map(|line| serde_json::from_str(line).with_context(|| format!("not JSON: {line}")))
            .collect()
    }

    /// The one JSON line of a command that must succeed.
    ///
    /// # Errors
    /// As [`Place::lines`].
    pub fn one(&self, arguments: &[&str]) -> Result<Value> {
        self.one_with(arguments, "")
    }

    /// # Errors
    /// As [`Place::lines`].
    pub fn one_with(&self, arguments: &[&str], input: &str) -> Result<Value> {
        self.lines_with(arguments, input)?
            .into_iter()
            .next()
            .with_context(|| format!("sverka {} printed nothing", arguments.join(" ")))
    }

    /// The last lines of the program's own log.
    #[must_use]
    pub fn log_tail(&self) -> String {
        let Ok(files) = fs::read_dir(self.ledger().join("logs")) else {
            return String::new();
        };
        let newest = files.flatten().map(|file| file.path()).max();
        let log = newest
            .and_then(|path| fs::read_to_string(path).ok())
            .unwrap_or_default();
        let lines: Vec<&str> = log.lines().collect();
        let from = lines.len().saturating_sub(LOG_LINES);
        lines[from..].join("\n")
    }

    /// Starts `sverka watch`.
    ///
    /// # Errors
    /// It does not start.
    pub fn watch(&self) -> Result<Running> {
        Running::start(self.command(&["watch", "--json"])?, "watch", self.root())
    }
}

/// Runs a command to its end.
///
/// # Errors
/// It does not start.
pub fn run(mut command: Command, input: &str) -> Result<Ran> {
    let mut child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()?;
    if let Some(mut stdin) = child.stdin.take() {
        // A command that refuses before it reads closes the pipe: its own words say why.
        let _ = stdin.write_all(input.as_bytes());
    }
    let output = child.wait_with_output()?;
    Ok(Ran {
        status: output.status,
        out: String::from_utf8(output.stdout)?,
        err: String::from_utf8(output.stderr)?,
    })
}
