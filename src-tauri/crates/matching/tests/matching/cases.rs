//! Reads the cases of `fixtures/matching`. What a case does not say is the same in all: a customer, a date, a sum.

use std::path::PathBuf;

use chrono::NaiveDate;
use domain::{Counterparty, Currency, Customer, Direction, Invoice, InvoiceStatus, Money};
use matching::{Autonomy, Caps, Hold, LearnedFact, OwnCompany, Payment, Policy};
use serde_json::Value;

pub const INN: &str = "7707083893";
const NAME: &str = "ООО «Ромашка»";
const SUM: &str = "15000.00";

pub fn lines(name: &str) -> Vec<Value> {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("../../../fixtures/matching")
        .join(name);
    json_lines(&std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display())))
}

pub fn json_lines(text: &str) -> Vec<Value> {
    text.lines()
        .filter(|line| !line.trim().is_empty())
        .map(|line| serde_json::from_str(line).unwrap_or_else(|error| panic!("{line}: {error}")))
        .collect()
}

pub fn strings(list: &Value) -> Vec<String> {
    let items = list.as_array().map_or(&[][..], Vec::as_slice);
    items.iter().map(|item| item.as_str().unwrap().to_owned()).collect()
}

/// A text, or the default where the field is missing; `null` is silence.
fn text(value: &Value, field: &str, default: Option<&str>) -> Option<String> {
    match value.get(field) {
        None => default.map(str::to_owned),
        Some(value) => value.as_str().map(str::to_owned),
    }
}

fn day(value: &Value, default: &str) -> NaiveDate {
    text(value, "date", Some(default)).unwrap().parse().unwrap()
}

pub fn invoice(value: &Value) -> Invoice {
    let currency = Currency::parse(&text(value, "currency", Some("RUB")).unwrap()).unwrap();
    let money = |field, default: &str| Money::parse(&text(value, field, Some(default)).unwrap(), currency).unwrap();
    let open = money("open", SUM);
    Invoice {
        id: value["id"].as_str().unwrap().into(),
        number: value["number"].as_str().unwrap().to_owned(),
        date: day(value, "2025-03-12"),
        amount: if open.is_zero() { money("amount", SUM) } else { open },
        open,
        customer: Customer {
            name: text(value, "customer", Some(NAME)).unwrap(),
            inn: text(value, "inn", Some(INN)),
            kpp: None,
            accounts: strings(&value["accounts"]),
        },
        status: match value["status"].as_str() {
            None => InvoiceStatus::Open,
            Some("paid") => InvoiceStatus::Paid,
            Some("cancelled") => InvoiceStatus::Cancelled,
            Some(other) => panic!("status {other}"),
        },
        due: None,
        contract: text(value, "contract", None),
        company: text(value, "company", None),
        deal: None,
    }
}

pub fn payment(id: &str, value: &Value) -> Payment {
    Payment {
        id: id.to_owned(),
        date: day(value, "2025-03-14"),
        amount: Money::parse(&text(value, "amount", Some(SUM)).unwrap(), Currency::RUB).unwrap(),
        payer: Counterparty {
            name: text(value, "payer", Some(NAME)),
            inn: text(value, "inn", Some(INN)).map(Into::into),
            account: text(value, "account", None).map(Into::into),
            ..Counterparty::default()
        },
        purpose: value["purpose"].as_str().unwrap().to_owned(),
        direction: match text(value, "direction", Some("credit")).as_deref() {
            Some("credit") => Some(Direction::Credit),
            Some("debit") => Some(Direction::Debit),
            None => None,
            Some(other) => panic!("direction {other}"),
        },
        kind: None,
        number: text(value, "number", None).map(Into::into),
        own_account: text(value, "own_account", None),
        reversal: value["reversal"].as_bool().unwrap_or(false),
        hold: match value["hold"].as_str() {
            None => None,
            Some("unproven") => Some(Hold::Unproven),
            Some("undone") => Some(Hold::Undone),
            Some(other) => panic!("hold {other}"),
        },
    }
}

pub fn policy(value: &Value) -> Policy {
    let list = |field: &str| value[field].as_array().cloned().unwrap_or_default();
    Policy {
        own: list("own")
            .into_iter()
            .map(|own| serde_json::from_value::<OwnCompany>(own).unwrap())
            .collect(),
        facts: list("facts")
            .into_iter()
            .map(|fact| serde_json::from_value::<LearnedFact>(fact).unwrap())
            .collect(),
        caps: Caps {
            automatic_sum: value["caps"]["automatic_sum"]
                .as_str()
                .map(|sum| Money::parse(sum, Currency::RUB).unwrap()),
        },
        autonomy: if value["earned"].as_bool().unwrap_or(false) {
            Autonomy::of_everybody()
        } else {
            Autonomy::default()
        },
        ..Policy::default()
    }
}
