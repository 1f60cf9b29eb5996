//! The shape of what `sverka match` takes, which other programs write. Fields that are not known are passed over.

use chrono::NaiveDate;
use domain::{Counterparty, Currency, Customer, Direction, Invoice, InvoiceId, InvoiceStatus, Money, ShortText, Text};
use matching::Payment;
use serde::{Deserialize, Deserializer};

#[derive(Deserialize)]
pub struct InvoiceLine {
    id: String,
    number: String,
    date: NaiveDate,
    amount: String,
    open: String,
    currency: String,
    #[serde(default, deserialize_with = "null_is_default")]
    customer: CustomerLine,
    #[serde(default)]
    status: Option<InvoiceStatus>,
    #[serde(default)]
    due: Option<NaiveDate>,
    #[serde(default)]
    contract: Option<String>,
    #[serde(default)]
    company: Option<String>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct CustomerLine {
    name: Option<String>,
    inn: Option<String>,
    kpp: Option<String>,
    accounts: Option<Vec<String>>,
}

impl InvoiceLine {
    pub fn invoice(self) -> Result<Invoice, Text> {
        let currency = currency(&self.currency)?;
        Ok(Invoice {
            id: InvoiceId(self.id),
            number: self.number,
            date: self.date,
            amount: sum(&self.amount, currency)?,
            open: sum(&self.open, currency)?,
            customer: Customer {
                name: self.customer.name.unwrap_or_default(),
                inn: self.customer.inn,
                kpp: self.customer.kpp,
                accounts: self.customer.accounts.unwrap_or_default(),
            },
            status: self.status.unwrap_or(InvoiceStatus::Open),
            due: self.due,
            contract: self.contract,
            company: self.company,
            deal: None,
        })
    }
}

#[derive(Deserialize)]
pub struct PaymentLine {
    id: String,
    date: NaiveDate,
    amount: String,
    currency: String,
    #[serde(default, deserialize_with = "null_is_default")]
    payer: PayerLine,
    #[serde(default, deserialize_with = "null_is_default")]
    purpose: String,
    /// A list of payments to match is of incoming ones where it does not say; null: it cannot be told.
    #[serde(default = "incoming")]
    direction: Option<Direction>,
    #[serde(default)]
    kind: Option<ShortText>,
    #[serde(default)]
    number: Option<ShortText>,
    #[serde(default)]
    own_account: Option<String>,
    #[serde(default, deserialize_with = "null_is_default")]
    reversal: bool,
}

// Serde asks for exactly this shape.
#[expect(clippy::unnecessary_wraps, reason = "the default of a field that may also be null")]
fn incoming() -> Option<Direction> {
    Some(Direction::Credit)
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct PayerLine {
    name: Option<String>,
    inn: Option<ShortText>,
    kpp: Option<ShortText>,
    account: Option<ShortText>,
    bic: Option<ShortText>,
}

impl PaymentLine {
    pub fn payment(self) -> Result<Payment, Text> {
        let amount = sum(&self.amount, currency(&self.currency)?)?;
        if amount.is_negative() {
            return Err(Text::new(
                format!(
                    "сумма {} отрицательная: куда идут деньги, говорит поле direction",
                    self.amount
                ),
                format!(
                    "the sum {} is negative: the field direction says which way the money goes",
                    self.amount
                ),
            ));
        }
        let PayerLine {
            name,
            inn,
            kpp,
            account,
            bic,
        } = self.payer;
        Ok(Payment {
            id: self.id,
            date: self.date,
            amount,
            payer: Counterparty {
                name,
                inn,
                kpp,
                account,
                bank: bic,
                bank_name: None,
            },
            purpose: self.purpose,
            direction: self.direction,
            kind: self.kind,
            number: self.number,
            own_account: self.own_account,
            reversal: self.reversal,
            hold: None,
        })
    }
}

pub fn null_is_default<'de, T: Default + Deserialize<'de>, D: Deserializer<'de>>(source: D) -> Result<T, D::Error> {
    Ok(Option::deserialize(source)?.unwrap_or_default())
}

fn currency(text: &str) -> Result<Currency, Text> {
    Currency::parse(text).map_err(|error| {
        Text::new(
            format!("«{text}» — не валюта: нужны три латинские буквы"),
            error.to_string(),
        )
    })
}

pub fn sum(text: &str, currency: Currency) -> Result<Money, Text> {
    Money::parse(text, currency).map_err(|error| Text::new(format!("«{text}» — не сумма"), error.to_string()))
}
