//! The firm a test works for: its CRM, its ledger, the folder where the bank drops statements. What the window did is
//! asked of the ledger by another process, the `sverka` command.

use std::{
    ffi::OsStr,
    fs::File,
    io::Write,
    path::{Path, PathBuf},
    process::Stdio,
    time::Duration,
};

use anyhow::{Context, Result, ensure};
use serde_json::Value;

use crate::{
    app,
    harness::{Desktop, LEDGER},
    place::Place,
    portal::Portal,
    sverka,
};

/// How long the bank's program pauses in the middle of writing a file.
const SLOW_WRITER: Duration = Duration::from_millis(500);

pub struct Firm {
    pub ledger: PathBuf,
    pub bank: PathBuf,
    pub crm: Portal,
}

/// A file that belongs to the demo.
pub fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/demo").join(name)
}

impl Firm {
    /// Starts the CRM, makes a ledger, connects them and names the bank's folder.
    pub fn found(place: &Place) -> Result<Self> {
        ensure!(
            sverka().exists(),
            "{} is not built: `cargo build -p cli`",
            sverka().display()
        );
        let firm = Self {
            ledger: place.home().join("ledger"),
            bank: place.home().join("Выписки банка"),
            crm: Portal::start(place, &sverka())?,
        };
        std::fs::create_dir(&firm.bank)?;
        firm.sverka(place, "init", None, "")?;
        let webhook = format!("{}\n", firm.crm.webhook);
        firm.sverka(place, "connect bitrix24 --webhook-stdin", None, &webhook)?;
        firm.sverka(place, "invoices pull", None, "")?;
        firm.sverka(place, "settings --folder", Some(&firm.bank), "")?;
        Ok(firm)
    }

    /// Opens the window on the firm's ledger.
    pub async fn open(&self, place: Place) -> Result<Desktop> {
        Desktop::open(place, app(), &[(LEDGER, self.ledger.as_os_str())]).await
    }

    /// Runs the `sverka` command on the same ledger; the JSON lines it prints. A path comes last and may hold gaps.
    pub fn sverka(&self, place: &Place, words: &str, path: Option<&Path>, typed: &str) -> Result<Vec<Value>> {
        let words = words.split_whitespace().map(OsStr::new).chain(path.map(OsStr::new));
        self.sverka_words(place, &words.collect::<Vec<_>>(), typed)
    }

    pub fn sverka_words(&self, place: &Place, words: &[impl AsRef<OsStr>], typed: &str) -> Result<Vec<Value>> {
        let mut running = place
            .command(sverka())
            .args(words)
            .arg("--json")
            .arg("--ledger")
            .arg(&self.ledger)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()?;
        running
            .stdin
            .take()
            .context("piped above")?
            .write_all(typed.as_bytes())?;
        let output = running.wait_with_output()?;
        ensure!(
            output.status.success(),
            "sverka {:?}: {}",
            words.iter().map(AsRef::as_ref).collect::<Vec<_>>(),
            String::from_utf8_lossy(&output.stderr)
        );
        String::from_utf8(output.stdout)?
            .lines()
            .map(|line| Ok(serde_json::from_str(line)?))
            .collect()
    }

    /// What the bank's program does: writes a statement into the folder, and takes its time.
    pub async fn bank_writes(&self, statement: &str) -> Result<()> {
        let bytes = std::fs::read(fixture(statement))?;
        let mut file = File::create(self.bank.join(statement))?;
        let (first, rest) = bytes.split_at(bytes.len() / 2);
        file.write_all(first)?;
        tokio::time::sleep(SLOW_WRITER).await;
        Ok(file.write_all(rest)?)
    }
}
