//! The CRM of a test, a Bitrix24 on this machine: what it holds is asked of it over HTTP, and it can be made to fail.

use std::time::Instant;

use anyhow::{Context, Result, ensure};
use serde_json::Value;
use tokio::time::sleep;

use crate::{
    harness::{LOOK_EVERY, PATIENCE},
    place::Place,
    processes::Family,
};

pub struct Portal {
    control: String,
    /// The address of a webhook it accepts.
    pub webhook: String,
    _running: Family,
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

impl InvoiceThere {
    /// Whether the CRM was told of one payment, and once.
    pub fn paid_once(&self) -> bool {
        self.paid && self.payment_ids == 1 && self.comments == 1
    }
}

impl Portal {
    pub fn start(place: &Place, sverka: &std::path::Path) -> Result<Self> {
        let (running, announced) = Family::start_and_read(place.command(sverka).arg("sandbox"))?;
        let announced: Value = serde_json::from_str(&announced)?;
        let text = |key: &str| announced[key].as_str().with_context(|| format!("no {key}"));
        Ok(Self {
            control: text("control")?.to_owned(),
            webhook: format!("{}/rest/{}/", text("bitrix24")?, text("webhook")?),
            _running: running,
        })
    }

    /// Everything it holds and what was asked of it.
    pub async fn state(&self) -> Result<Value> {
        Ok(reqwest::get(format!("{}/state", self.control)).await?.json().await?)
    }

    /// Gives it an order: `offline`, `online`, `faults`.
    pub async fn order(&self, what: &str, body: &Value) -> Result<()> {
        let sent = reqwest::Client::new().post(format!("{}/{what}", self.control));
        sent.json(body).send().await?.error_for_status()?;
        Ok(())
    }

    /// The invoice of this number.
    pub async fn invoice(&self, number: &str) -> Result<InvoiceThere> {
        let state = self.state().await?;
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

    /// Waits until it holds the invoice so.
    pub async fn told(&self, number: &str, so: impl Fn(&InvoiceThere) -> bool) -> Result<()> {
        let deadline = Instant::now() + PATIENCE;
        loop {
            let invoice = self.invoice(number).await?;
            if so(&invoice) {
                return Ok(());
            }
            ensure!(Instant::now() < deadline, "the CRM still holds {number} as {invoice:?}");
            sleep(2 * LOOK_EVERY).await;
        }
    }

    /// Waits until it has done this request and keeps the answer back.
    pub async fn holds_back(&self, method: &str) -> Result<()> {
        let deadline = Instant::now() + PATIENCE;
        loop {
            let state = self.state().await?;
            let requests = state["in_progress"].as_array().context("a list of requests")?;
            if requests
                .iter()
                .any(|request| request["method"] == method && request["phase"] == "held")
            {
                return Ok(());
            }
            ensure!(Instant::now() < deadline, "{method} never came: {requests:?}");
            sleep(LOOK_EVERY).await;
        }
    }
}
