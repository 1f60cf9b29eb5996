//! Firms, and what is paid to them.

use domain::{Currency, Lane, Message, Money, Operation, Timestamp};
use sandbox::{Firm, FirmDeal, Inside, Options, Seed};
use serde_json::{Value, json};

use crate::line::START_MS;

/// A firm by a seed in which every invoice has a deal, with the number of the invoice.
pub fn with_deals(seed: Seed) -> Firm {
    let mut firm = seed.firm();
    for invoice in &mut firm.invoices {
        invoice.deal = deal_of(invoice.id);
        firm.deals.push(FirmDeal {
            id: invoice.deal,
            title: invoice.number.clone(),
            amount: invoice.amount.clone(),
            stage: Some("EXECUTING".to_owned()),
            category: 0,
            company: invoice.company,
        });
    }
    firm
}

pub fn deal_of(invoice: i64) -> i64 {
    500_000 + invoice
}

pub fn sandbox_with(firm: &Firm, limits: bool) -> Inside {
    let options = Options {
        limits,
        load: Some(serde_json::to_value(firm).unwrap()),
        clock_ms: Some(START_MS),
        ..Options::default()
    };
    Inside::open(&options).unwrap()
}

pub fn sum(amount: &Value) -> Money {
    Money::parse(amount.as_str().unwrap(), Currency::RUB).unwrap()
}

/// An invoice's one payment.
pub fn whole_payment(connection: &str, at: usize, firm: &Firm) -> Message {
    let invoice = &firm.invoices[at];
    let operation = Operation::RecordPayment {
        invoice: format!("{connection}:{}", invoice.id).as_str().into(),
        invoice_number: invoice.number.clone(),
        deal: Some(invoice.deal.to_string()),
        payment: payment_id(at).as_str().into(),
        amount: sum(&invoice.amount),
        booked: "2026-11-20".parse().unwrap(),
        document_number: Some("17".to_owned()),
        payer: None,
        settles: true,
        restores: None,
    };
    message(&format!("m{at}"), operation)
}

pub fn payment_id(at: usize) -> String {
    format!("sv1-{at:032x}")
}

pub fn message(id: &str, operation: Operation) -> Message {
    Message {
        id: id.into(),
        lane: Lane::of_invoice(operation.invoice()),
        decision: Some("d1".into()),
        created: Timestamp(0),
        operation,
    }
}

/// Whether a word stands in a text, whatever markup is around it.
pub fn has_word(text: &str, word: &str) -> bool {
    text.split(|one: char| !(one.is_ascii_alphanumeric() || "-_:".contains(one)))
        .any(|one| one == word)
}

/// In how many of the texts a word stands.
pub fn times(texts: impl IntoIterator<Item = Value>, word: &str) -> usize {
    let texts = texts.into_iter();
    texts
        .filter(|text| has_word(text.as_str().unwrap_or_default(), word))
        .count()
}

/// A list, also where it is one thing or none.
pub fn list(value: &Value) -> Vec<Value> {
    value.as_array().cloned().unwrap_or_else(|| match value {
        Value::Null => Vec::new(),
        one => vec![json!(one)],
    })
}
