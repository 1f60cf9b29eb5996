//! Starting the command, and reading what it says.

use std::{
    ffi::OsStr,
    io::{BufRead, BufReader, Write},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
};

use serde_json::Value;
use tempfile::TempDir;

/// Thirty-two zero bytes: a data key for tests only.
const DATA_KEY: &str = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";

/// A file of the project's fixtures.
pub fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../../fixtures")
        .join(name)
}

pub fn command() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_sverka"));
    command
        .env_remove("SVERKA_LEDGER")
        .env_remove("SVERKA_LOG")
        .env("SVERKA_DATA_KEY", DATA_KEY);
    command
}

/// How one run ended.
#[derive(Debug)]
pub struct Ran {
    pub code: Option<i32>,
    pub out: String,
    pub err: String,
}

impl Ran {
    /// The only line of output.
    #[track_caller]
    pub fn line(&self) -> Value {
        let lines = self.lines();
        assert_eq!(lines.len(), 1, "{self:?}");
        lines.into_iter().next().unwrap()
    }

    /// Every line of output is one JSON value.
    #[track_caller]
    pub fn lines(&self) -> Vec<Value> {
        let parse = |line| serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {self:?}"));
        self.out.lines().map(parse).collect()
    }

    #[track_caller]
    pub fn done(self) -> Self {
        assert_eq!(self.code, Some(0), "{self:?}");
        self
    }

    /// The failure told to programs: a line of JSON on standard error, in both languages, and nothing else there.
    #[track_caller]
    pub fn failure(&self) -> Value {
        assert_eq!(self.code, Some(1), "{self:?}");
        let told: Value = serde_json::from_str(&self.err).unwrap_or_else(|error| panic!("{error}: {self:?}"));
        let failure = told["failure"].clone();
        for sentence in ["message", "remedy"] {
            for lang in ["ru", "en"] {
                assert!(!failure[sentence][lang].as_str().unwrap().is_empty(), "{self:?}");
            }
        }
        failure
    }

    /// The code of the failure.
    #[track_caller]
    pub fn refusal(&self) -> String {
        self.failure()["code"].as_str().unwrap().to_owned()
    }
}

pub fn run(command: &mut Command, typed: &[u8]) -> Ran {
    let mut child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // A command that reads no input may have ended already.
    let _ = child.stdin.take().unwrap().write_all(typed);
    let output = child.wait_with_output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    Ran {
        code: output.status.code(),
        out: text(output.stdout),
        err: text(output.stderr),
    }
}

/// Runs the command without a ledger.
pub fn sverka<I: IntoIterator<Item = S>, S: AsRef<OsStr>>(words: I) -> Ran {
    run(command().args(words), b"")
}

/// The words of a command line: `"read --json"` and then paths.
pub fn words<'a>(text: &'a str, paths: &'a [PathBuf]) -> Vec<&'a OsStr> {
    let words = text.split_whitespace().map(OsStr::new);
    words.chain(paths.iter().map(|path| path.as_os_str())).collect()
}

/// A ledger of its own for one test. The commands speak JSON.
pub struct Ledger {
    pub dir: TempDir,
    pub log: &'static str,
}

impl Ledger {
    /// A place for one; nothing is made yet.
    pub fn none() -> Self {
        Self {
            dir: tempfile::tempdir().unwrap(),
            log: "info",
        }
    }

    pub fn new() -> Self {
        let ledger = Self::none();
        ledger.run("init").done();
        ledger
    }

    pub fn folder(&self) -> PathBuf {
        self.dir.path().join("ledger")
    }

    pub fn run(&self, text: &str) -> Ran {
        self.run_with(text, &[], "")
    }

    pub fn run_on(&self, text: &str, path: impl Into<PathBuf>) -> Ran {
        self.run_with(text, &[path.into()], "")
    }

    pub fn typed(&self, text: &str, typed: &str) -> Ran {
        self.run_with(text, &[], typed)
    }

    pub fn run_with(&self, text: &str, paths: &[PathBuf], typed: &str) -> Ran {
        let mut command = command();
        command
            .args(words(text, paths))
            .args(["--json", "--lang", "en", "--ledger"])
            .arg(self.folder())
            .env("SVERKA_LOG", self.log);
        run(&mut command, typed.as_bytes())
    }

    /// With this certificate as the only authority that the system trusts.
    pub fn trusting(&self, authority: &Path, text: &str, typed: &str) -> Ran {
        let mut command = command();
        command
            .args(text.split_whitespace())
            .args(["--json", "--lang", "en", "--ledger"])
            .arg(self.folder())
            .env("SSL_CERT_FILE", authority);
        run(&mut command, typed.as_bytes())
    }

    /// What it says to a person.
    pub fn says(&self, text: &str, lang: &str) -> Ran {
        let mut command = command();
        command.args(text.split_whitespace());
        run(command.args(["--lang", lang, "--ledger"]).arg(self.folder()), b"")
    }
}

/// `sverka sandbox` as a process of its own; it ends with the test.
pub struct Sandbox {
    child: Child,
    pub bitrix24: String,
    pub webhook: String,
    /// For both CRMs.
    pub https: String,
    pub amo_token: String,
    /// The certificate of the authority behind it.
    pub authority: PathBuf,
}

impl Sandbox {
    pub fn start() -> Self {
        let mut child = command().arg("sandbox").stdout(Stdio::piped()).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap())
            .read_line(&mut line)
            .unwrap();
        let told: Value = serde_json::from_str(&line).unwrap();
        let text = |key: &str| told[key].as_str().unwrap().to_owned();
        Self {
            child,
            bitrix24: text("bitrix24"),
            webhook: text("webhook"),
            https: text("bitrix24_https"),
            amo_token: told["amo"]["bearer"].as_str().unwrap().to_owned(),
            authority: PathBuf::from(text("ca_pem")),
        }
    }

    pub fn address(&self) -> String {
        format!("{}/rest/{}/", self.bitrix24, self.webhook)
    }

    /// The part of the address that is a secret.
    pub fn secret(&self) -> &str {
        self.webhook.rsplit('/').next().unwrap()
    }
}

impl Drop for Sandbox {
    fn drop(&mut self) {
        // It may have ended by itself, and then there is nothing to stop.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
