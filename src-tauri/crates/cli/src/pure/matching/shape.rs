//! The shape of what `sverka match` takes, which other programs write. Fields that are not known are passed over.

use std::fmt;

use chrono::NaiveDate;
use domain::{Counterparty, Currency, Customer, Direction, Invoice, InvoiceId, InvoiceStatus, Money, ShortText, Text};
use matching::Payment;
use serde::{
    Deserialize, Deserializer,
    de::{self, Visitor},
};

#[derive(Deserialize)]
pub struct InvoiceLine {
    id: ShortText,
    number: String,
    date: Day,
    amount: String,
    open: String,
    currency: String,
    #[serde(default, deserialize_with = "null_is_default")]
    customer: CustomerLine,
    #[serde(default)]
    status: Option<InvoiceStatus>,
    #[serde(default)]
    due: Option<Day>,
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
            date: self.date.0,
            amount: sum(&self.amount, currency)?,
            open: sum(&self.open, currency)?,
            customer: Customer {
                name: self.customer.name.unwrap_or_default(),
                inn: self.customer.inn,
                kpp: self.customer.kpp,
                accounts: self.customer.accounts.unwrap_or_default(),
            },
            status: self.status.unwrap_or(InvoiceStatus::Open),
            due: self.due.map(|due| due.0),
            contract: self.contract,
            company: self.company,
            deal: None,
        })
    }
}

#[derive(Deserialize)]
pub struct PaymentLine {
    id: String,
    date: Day,
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
            date: self.date.0,
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

/// A date, `YYYY-MM-DD`.
struct Day(NaiveDate);

impl<'de> Deserialize<'de> for Day {
    fn deserialize<D: Deserializer<'de>>(source: D) -> Result<Self, D::Error> {
        struct Written;
        impl Visitor<'_> for Written {
            type Value = Day;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a date, YYYY-MM-DD")
            }

            fn visit_str<E: de::Error>(self, text: &str) -> Result<Day, E> {
                // The general reader of dates takes as long as all else in a line, and says what is wrong.
                let date = usual(text).map_or_else(|| text.parse().map_err(E::custom), Ok);
                date.map(Day)
            }
        }
        source.deserialize_str(Written)
    }
}

/// The date, where it is written as it should be.
fn usual(text: &str) -> Option<NaiveDate> {
    let digits = |part: &[u8]| {
        part.iter().try_fold(0_u32, |number, digit| {
            digit.is_ascii_digit().then(|| number * 10 + u32::from(digit - b'0'))
        })
    };
    let [y1, y2, y3, y4, b'-', m1, m2, b'-', d1, d2] = *text.as_bytes() else {
        return None;
    };
    let year = i32::try_from(digits(&[y1, y2, y3, y4])?).ok()?;
    NaiveDate::from_ymd_opt(year, digits(&[m1, m2])?, digits(&[d1, d2])?)
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
