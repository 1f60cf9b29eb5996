//! The sandbox as a process of its own, read and steered over HTTP.

use std::process::Command;

use anyhow::{Context, Result, ensure};
use domain::{Currency, Money};
use reqwest::blocking::Client;
use serde_json::{Value, json};

use crate::{place::Place, process::Running, programs};

/// Bitrix24's number for smart invoices.
const INVOICE_TYPE: u32 = 31;
/// Bitrix24's number for deals.
const DEAL_TYPE: u32 = 2;

pub struct Portal {
    process: Running,
    http: Client,
    control: String,
    address: String,
    webhook: String,
    amo_bearer: String,
}

/// What the amoCRM account beside the portal holds, at one moment.
pub struct AmoSnapshot(Value);

impl AmoSnapshot {
    /// # Errors
    /// There is no such invoice.
    pub fn invoice(&self, id: u64) -> Result<&Value> {
        let found = rows(&self.0["invoices"]).iter().find(|invoice| invoice["id"] == id);
        found.with_context(|| format!("amoCRM holds no invoice {id}"))
    }

    /// How many notes have these words.
    #[must_use]
    pub fn notes_with(&self, words: &str) -> usize {
        let notes = rows(&self.0["notes"]).iter();
        notes
            .filter(|note| text(&note["params"], "text").contains(words))
            .count()
    }
}

/// An invoice or a deal as the CRM holds it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    pub id: u64,
    pub number: String,
    pub amount: String,
    pub stage: String,
    pub stage_name: String,
    /// `S` paid, `F` cancelled, empty: open.
    pub semantics: String,
    pub deal: u64,
    pub payments: Vec<String>,
    pub comments: Vec<String>,
}

/// Everything the sandbox says it holds, at one moment.
pub struct Snapshot {
    pub whole: Value,
    pub invoices: Vec<Item>,
    pub deals: Vec<Item>,
}

impl Portal {
    /// # Errors
    /// The sandbox does not start.
    pub fn start(place: &Place) -> Result<Self> {
        Self::start_as("sandbox", place)
    }

    /// One of several; its output goes by this name.
    ///
    /// # Errors
    /// The sandbox does not start.
    pub fn start_as(name: &str, place: &Place) -> Result<Self> {
        let mut command = Command::new(programs::sverka()?);
        command.arg("sandbox");
        let (process, line) = Running::start_announced(command, name, place.root())?;
        let told: Value = serde_json::from_str(&line).context("the sandbox's announcement")?;
        let text = |key: &str| told[key].as_str().with_context(|| format!("no {key} in {line}"));
        Ok(Self {
            process,
            http: Client::builder().no_proxy().build()?,
            control: text("control")?.to_owned(),
            address: text("bitrix24")?.to_owned(),
            webhook: format!("{}/rest/{}/", text("bitrix24")?, text("webhook")?),
            amo_bearer: told["amo"]["bearer"].as_str().context("no token of amoCRM")?.to_owned(),
        })
    }

    /// The inbound webhook's address.
    #[must_use]
    pub fn webhook(&self) -> &str {
        &self.webhook
    }

    /// Where both CRMs answer: `http://127.0.0.1:P`.
    #[must_use]
    pub fn address(&self) -> &str {
        &self.address
    }

    /// The long-lived token of the amoCRM account.
    #[must_use]
    pub fn amo_bearer(&self) -> &str {
        &self.amo_bearer
    }

    /// # Errors
    /// The sandbox does not answer.
    pub fn amocrm(&self) -> Result<AmoSnapshot> {
        let held = self.http.get(format!("{}/state/amocrm", self.control)).send()?.json()?;
        Ok(AmoSnapshot(held))
    }

    #[must_use]
    pub fn tail(&self) -> String {
        self.process.tail()
    }

    fn post(&self, address: &str, body: &Value) -> Result<Value> {
        let answer = self.http.post(address).json(body).send()?;
        let status = answer.status();
        let body: Value = answer.json()?;
        ensure!(status.is_success(), "{address}: {status}: {body}");
        Ok(body)
    }

    fn control(&self, order: &str, body: &Value) -> Result<()> {
        self.post(&format!("{}/{order}", self.control), body).map(drop)
    }

    /// Holds this firm from now on, and nothing else.
    ///
    /// # Errors
    /// It is no firm.
    pub fn load(&self, firm: &Value) -> Result<()> {
        self.control("load", firm)
    }

    /// # Errors
    /// The sandbox does not answer.
    pub fn offline(&self) -> Result<()> {
        self.control("offline", &json!({}))
    }

    /// # Errors
    /// The sandbox does not answer.
    pub fn online(&self) -> Result<()> {
        self.control("online", &json!({}))
    }

    /// The next call of `method` meets this fault.
    ///
    /// # Errors
    /// The sandbox does not know such a fault.
    pub fn fault(&self, method: &str, kind: &str) -> Result<()> {
        self.control("faults", &json!({ "method": method, "kind": kind }))
    }

    /// The next call of `method` is done only after a while.
    ///
    /// # Errors
    /// The sandbox does not answer.
    pub fn delay(&self, method: &str, ms: u32) -> Result<()> {
        self.control("faults", &json!({ "method": method, "kind": "delay", "delay_ms": ms }))
    }

    /// A call as any other program with the webhook could make it.
    ///
    /// # Errors
    /// The portal refuses it.
    pub fn rest(&self, method: &str, params: &Value) -> Result<Value> {
        self.post(&format!("{}{method}", self.webhook), params)
    }

    /// # Errors
    /// The sandbox does not answer.
    pub fn whole(&self) -> Result<Value> {
        Ok(self.http.get(format!("{}/state", self.control)).send()?.json()?)
    }

    /// # Errors
    /// The sandbox does not answer.
    pub fn snapshot(&self) -> Result<Snapshot> {
        let whole = self.whole()?;
        let items = |key: &str| -> Vec<Item> { rows(&whole["bitrix24"][key]).iter().map(item).collect() };
        Ok(Snapshot {
            invoices: items("invoices"),
            deals: items("deals"),
            whole,
        })
    }

    /// Methods of the requests that have no answer yet, with how far each has come.
    ///
    /// # Errors
    /// The sandbox does not answer.
    pub fn in_progress(&self) -> Result<Vec<(String, String)>> {
        let whole = self.whole()?;
        let open = rows(&whole["in_progress"]);
        Ok(open
            .iter()
            .map(|one| (text(one, "method"), text(one, "phase")))
            .collect())
    }

    /// # Errors
    /// The portal refuses it.
    pub fn move_invoice(&self, id: u64, stage: &str) -> Result<()> {
        let params = json!({ "entityTypeId": INVOICE_TYPE, "id": id, "fields": { "stageId": stage } });
        self.rest("crm.item.update", &params).map(drop)
    }

    /// # Errors
    /// The portal refuses it.
    pub fn delete_invoice(&self, id: u64) -> Result<()> {
        let params = json!({ "entityTypeId": INVOICE_TYPE, "id": id });
        self.rest("crm.item.delete", &params).map(drop)
    }

    /// Another sum for an invoice.
    ///
    /// # Errors
    /// The portal refuses it.
    pub fn price_invoice(&self, id: u64, sum: &str) -> Result<()> {
        let params = json!({ "entityTypeId": INVOICE_TYPE, "id": id, "fields": { "opportunity": sum } });
        self.rest("crm.item.update", &params).map(drop)
    }

    /// Takes every payment's id out of an invoice.
    ///
    /// # Errors
    /// The portal refuses it.
    pub fn empty_invoice(&self, id: u64) -> Result<()> {
        let params =
            json!({ "entityTypeId": INVOICE_TYPE, "id": id, "fields": { "ufCrmSmartInvoiceBankPaymentId": [] } });
        self.rest("crm.item.update", &params).map(drop)
    }

    /// # Errors
    /// The portal refuses it.
    pub fn empty_deal(&self, id: u64) -> Result<()> {
        let params = json!({ "entityTypeId": DEAL_TYPE, "id": id, "fields": { "ufCrmDealBankPaymentId": [] } });
        self.rest("crm.item.update", &params).map(drop)
    }

    /// Adds an id to those an invoice carries.
    ///
    /// # Errors
    /// The portal refuses it.
    pub fn add_payment(&self, id: u64, payment: &str) -> Result<()> {
        let mut payments = self.snapshot()?.invoice(id)?.payments.clone();
        payments.push(payment.to_owned());
        let fields = json!({ "ufCrmSmartInvoiceBankPaymentId": payments });
        let params = json!({ "entityTypeId": INVOICE_TYPE, "id": id, "fields": fields });
        self.rest("crm.item.update", &params).map(drop)
    }

    /// # Errors
    /// The portal refuses it.
    pub fn add_invoice(&self, title: &str, amount: &str) -> Result<()> {
        let fields = json!({ "title": title, "opportunity": amount, "currencyId": "RUB", "companyId": 11 });
        let params = json!({ "entityTypeId": INVOICE_TYPE, "fields": fields });
        self.rest("crm.item.add", &params).map(drop)
    }

    /// # Errors
    /// The portal refuses it.
    pub fn add_comment(&self, invoice: u64, words: &str) -> Result<()> {
        let fields = json!({ "ENTITY_ID": invoice, "ENTITY_TYPE": "dynamic_31", "COMMENT": words });
        self.rest("crm.timeline.comment.add", &json!({ "fields": fields }))
            .map(drop)
    }

    /// Deletes the last comment on an invoice.
    ///
    /// # Errors
    /// There is none, or the portal refuses it.
    pub fn delete_comment(&self, invoice: u64) -> Result<()> {
        let whole = self.whole()?;
        let last = rows(&whole["bitrix24"]["comments"])
            .iter()
            .filter(|comment| comment["ENTITY_ID"].as_u64() == Some(invoice))
            .filter_map(|comment| comment["ID"].as_u64())
            .max()
            .context("there is no comment to delete")?;
        self.rest("crm.timeline.comment.delete", &json!({ "id": last }))
            .map(drop)
    }
}

impl Snapshot {
    /// # Errors
    /// There is no such invoice.
    pub fn invoice(&self, id: u64) -> Result<&Item> {
        find(&self.invoices, id).with_context(|| format!("the CRM has no invoice {id}"))
    }

    /// # Errors
    /// There is no such deal.
    pub fn deal(&self, id: u64) -> Result<&Item> {
        find(&self.deals, id).with_context(|| format!("the CRM has no deal {id}"))
    }

    pub fn open(&self) -> impl Iterator<Item = &Item> {
        self.invoices.iter().filter(|invoice| invoice.semantics.is_empty())
    }

    pub fn paid(&self) -> impl Iterator<Item = &Item> {
        self.invoices.iter().filter(|invoice| invoice.semantics == "S")
    }

    /// How many calls of this method came in.
    #[must_use]
    pub fn calls(&self, method: &str) -> u64 {
        self.whole["requests"]["by_method"][method].as_u64().unwrap_or(0)
    }

    /// How many requests met a fault.
    #[must_use]
    pub fn faults_met(&self) -> usize {
        let log = rows(&self.whole["log"]);
        log.iter().filter(|request| !request["fault"].is_null()).count()
    }

    #[must_use]
    pub fn online(&self) -> bool {
        self.whole["online"] == json!(true)
    }
}

fn find(items: &[Item], id: u64) -> Option<&Item> {
    items.iter().find(|item| item.id == id)
}

fn item(row: &Value) -> Item {
    let texts = |key: &str| -> Vec<String> {
        rows(&row[key])
            .iter()
            .filter_map(Value::as_str)
            .map(ToOwned::to_owned)
            .collect()
    };
    Item {
        id: row["id"].as_u64().unwrap_or(0),
        number: text(row, "number"),
        amount: text(row, "amount"),
        stage: text(row, "stage"),
        stage_name: text(row, "stage_name"),
        semantics: text(row, "semantics"),
        deal: row["deal"].as_u64().unwrap_or(0),
        payments: texts("payment_ids"),
        comments: texts("comments"),
    }
}

/// A list in JSON, or nothing.
#[must_use]
pub fn rows(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

/// A text in JSON; empty where there is none.
#[must_use]
pub fn text(value: &Value, key: &str) -> String {
    value[key].as_str().unwrap_or_default().to_owned()
}

/// Adds decimals of roubles exactly.
///
/// # Errors
/// One of them is no sum, or they are too many.
pub fn total<'a>(amounts: impl IntoIterator<Item = &'a str>) -> Result<String> {
    let mut sum = Money::zero(Currency::RUB);
    for amount in amounts {
        sum = sum.checked_add(Money::parse(amount, Currency::RUB)?)?;
    }
    Ok(sum.decimal())
}
