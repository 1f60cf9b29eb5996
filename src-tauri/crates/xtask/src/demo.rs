//! A firm to try the program on: a CRM on this machine, a ledger of its own, statements in its bank folder. Made anew each
//! time under target/demo, so that nothing of it can be mistaken for somebody's books.

use std::{
    fs,
    io::{BufRead, BufReader, Write},
    path::PathBuf,
    process::{Child, Command, Stdio},
};

use anyhow::{Context, Result, bail};
use serde_json::Value;

use crate::{
    program::{line, program},
    project,
};

/// The demo CRM's key is sealed with this one: it guards nothing, and a machine without a keyring can run the demo too.
const DATA_KEY: &str = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";
const FIRST_STATEMENT: &str = "kl_to_1c-2026-11-20.txt";
const NEXT_STATEMENT: &str = "kl_to_1c-2026-11-21.txt";

pub struct Demo {
    folder: PathBuf,
    crm: Child,
}

impl Demo {
    /// Makes the firm. The commands must be built.
    pub fn found() -> Result<Self> {
        let folder = project::target().join("demo");
        if folder.exists() {
            fs::remove_dir_all(&folder).with_context(|| format!("{} cannot be made anew", folder.display()))?;
        }
        for inside in ["bank", "orders"] {
            fs::create_dir_all(folder.join(inside))?;
        }
        let mut crm = sverka()
            .arg("sandbox")
            .stdout(Stdio::piped())
            .spawn()
            .context("`sverka sandbox` starts")?;
        let mut announced = String::new();
        BufReader::new(crm.stdout.take().context("its output is piped")?).read_line(&mut announced)?;
        // From here on the CRM ends with the demo, whatever goes wrong.
        let demo = Self { folder, crm };
        let announced: Value = serde_json::from_str(&announced).context("the sandbox says where it is")?;
        let text = |key: &str| {
            announced[key]
                .as_str()
                .with_context(|| format!("the sandbox says no {key}"))
        };
        demo.furnish(&format!("{}/rest/{}/\n", text("bitrix24")?, text("webhook")?))?;
        Ok(demo)
    }

    fn furnish(&self, webhook: &str) -> Result<()> {
        let fixtures = project::root().join("fixtures/demo");
        let order: Value = serde_json::from_slice(&fs::read(fixtures.join("order.json"))?)?;
        let payer = self.folder.join("payer.json");
        fs::write(&payer, order["payer"].to_string())?;
        self.tell(sverka().arg("init"), "")?;
        self.tell(sverka().args(["connect", "bitrix24", "--webhook-stdin"]), webhook)?;
        self.tell(sverka().args(["invoices", "pull"]), "")?;
        let mut settings = sverka();
        settings.arg("settings").arg("--folder").arg(self.folder.join("bank"));
        settings
            .arg("--export-folder")
            .arg(self.folder.join("orders"))
            .arg("--payer")
            .arg(payer);
        self.tell(&mut settings, "")?;
        fs::copy(
            fixtures.join(FIRST_STATEMENT),
            self.folder.join("bank").join(FIRST_STATEMENT),
        )?;
        println!("demo: a firm in {}; it gets more money with", self.folder.display());
        println!(
            "  cp {} {}",
            fixtures.join(NEXT_STATEMENT).display(),
            self.folder.join("bank").display()
        );
        Ok(())
    }

    fn tell(&self, command: &mut Command, typed: &str) -> Result<()> {
        let mut running = self.on(command).stdin(Stdio::piped()).stdout(Stdio::null()).spawn()?;
        running
            .stdin
            .take()
            .context("its input is piped")?
            .write_all(typed.as_bytes())?;
        let status = running.wait()?;
        if !status.success() {
            bail!("`{}` failed ({status})", line(command));
        }
        Ok(())
    }

    /// The command, on this firm's ledger.
    pub fn on<'a>(&self, command: &'a mut Command) -> &'a mut Command {
        command
            .env("SVERKA_LEDGER", self.folder.join("ledger"))
            .env("SVERKA_DATA_KEY", DATA_KEY)
    }
}

impl Drop for Demo {
    fn drop(&mut self) {
        // It may have ended by itself; then there is nothing to stop.
        let _ = self.crm.kill();
        let _ = self.crm.wait();
    }
}

fn sverka() -> Command {
    program(project::built("sverka"))
}
