//! The firm a test works for: a CRM on this machine, a ledger, the folder where the bank drops statements. What the window
//! did is asked of the CRM and, by another process, of the ledger.

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

use crate::{harness::Place, processes::Family};

/// How long the bank's program pauses in the middle of writing a file.
const SLOW_WRITER: Duration = Duration::from_millis(500);

pub struct Firm {
    command: PathBuf,
    pub ledger: PathBuf,
    bank: PathBuf,
    control: String,
    _crm: Family,
}

/// An invoice as the CRM holds it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InvoiceThere {
    pub stage: String,
    /// In the CRM's own word for success.
    pub paid: bool,
    pub payment_ids: usize,
    pub comments: usize,
}

impl Firm {
    /// Starts the CRM, makes a ledger, connects them and names the bank's folder.
    pub fn found(place: &Place, sverka: &Path) -> Result<Self> {
        ensure!(
            sverka.exists(),
            "{} is not built: `cargo build -p cli`",
            sverka.display()
        );
        let (crm, announced) = Family::start_and_read(place.command(sverka).arg("sandbox"))?;
        let announced: Value = serde_json::from_str(&announced)?;
        let text = |key: &str| {
            announced[key]
                .as_str()
                .map(str::to_owned)
                .with_context(|| format!("no {key}"))
        };
        let firm = Self {
            command: sverka.to_owned(),
            ledger: place.home().join("ledger"),
            bank: place.home().join("bank"),
            control: text("control")?,
            _crm: crm,
        };
        std::fs::create_dir(&firm.bank)?;
        firm.sverka(place, &["init".as_ref()], "")?;
        let webhook = format!("{}/rest/{}/\n", text("bitrix24")?, text("webhook")?);
        firm.sverka(
            place,
            &["connect", "bitrix24", "--webhook-stdin"].map(OsStr::new),
            &webhook,
        )?;
        firm.sverka(place, &["invoices".as_ref(), "pull".as_ref()], "")?;
        firm.sverka(
            place,
            &["settings".as_ref(), "--folder".as_ref(), firm.bank.as_os_str()],
            "",
        )?;
        Ok(firm)
    }

    /// Runs the `sverka` command on the same ledger; the JSON lines it prints.
    pub fn sverka(&self, place: &Place, words: &[&OsStr], typed: &str) -> Result<Vec<Value>> {
        let mut running = place
            .command(&self.command)
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
            "sverka {words:?}: {}",
            String::from_utf8_lossy(&output.stderr)
        );
        String::from_utf8(output.stdout)?
            .lines()
            .map(|line| Ok(serde_json::from_str(line)?))
            .collect()
    }

    /// What the bank's program does: writes a statement into the folder, and takes its time.
    pub async fn bank_writes(&self, fixture: &str) -> Result<()> {
        let bytes = std::fs::read(
            Path::new(env!("CARGO_MANIFEST_DIR"))
                .join("fixtures/demo")
                .join(fixture),
        )?;
        let mut file = File::create(self.bank.join(fixture))?;
        let (first, rest) = bytes.split_at(bytes.len() / 2);
        file.write_all(first)?;
        tokio::time::sleep(SLOW_WRITER).await;
        Ok(file.write_all(rest)?)
    }

    /// The invoice of this number, asked of the CRM over HTTP.
    pub async fn invoice(&self, number: &str) -> Result<InvoiceThere> {
        let state: Value = reqwest::get(format!("{}/state", self.control)).await?.json().await?;
        let invoices = state["bitrix24"]["invoices"]
            .as_array()
            .context("the CRM lists its invoices")?;
        let invoice = invoices
            .iter()
            .find(|invoice| invoice["number"] == number)
            .context("there is such an invoice")?;
        let count = |key: &str| {
            invoice[key]
                .as_array()
                .map(Vec::len)
                .with_context(|| format!("{key} is a list"))
        };
        Ok(InvoiceThere {
            stage: invoice["stage"].as_str().context("a stage")?.to_owned(),
            paid: invoice["semantics"] == "S",
            payment_ids: count("payment_ids")?,
            comments: count("comments")?,
        })
    }
}
