//! A row of the catalog of invoices, and the invoice it is. Its number and date are only in its name, as people wrote it.

use chrono::{DateTime, NaiveDate};
use domain::{Customer, Invoice, InvoiceStatus, Money, PaymentStatus, Text};
use serde_json::Value;

use super::{
    Account,
    customers::Payer,
    element::{amount, status_of, value},
    layout::{LEGAL_ENTITY, Layout, PAYER, SUPPLIER},
    plan::standing,
};
use crate::php;

/// A readable row, before its customer is known.
pub struct InvoiceRow {
    pub id: u64,
    pub number: String,
    pub date: NaiveDate,
    pub amount: Money,
    pub status: InvoiceStatus,
    pub payer: Payer,
    pub company: Option<String>,
}

/// What a row's status is to the ledger.
///
/// # Errors
/// In words: a status that the account made itself, and that nobody mapped, says nothing to this program.
pub fn ledger_status(row: &Value, layout: &Layout) -> Result<InvoiceStatus, Text> {
    let Some(status) = status_of(row, layout) else {
        return Ok(InvoiceStatus::Open);
    };
    match standing(&layout.mapping, Some(&status.id)).as_slice() {
        [] => {
            let name = php::text(&row["name"]).unwrap_or_default();
            Err(Text::new(
                format!(
                    "«{name}»: статус «{}» добавлен в amoCRM вручную, счёт пропущен. Поставьте стандартный или выберите, \
                     что он значит: Настройки → CRM → Стадии.",
                    status.name
                ),
                format!(
                    "«{name}»: the status «{}» was added to amoCRM by hand, the invoice is left out. Put it into a \
                     standard one, or say what it means: Settings → CRM → Stages.",
                    status.name
                ),
            ))
        }
        stands if stands.iter().all(|status| *status == PaymentStatus::Paid) => Ok(InvoiceStatus::Paid),
        _ => Ok(InvoiceStatus::Open),
    }
}

impl InvoiceRow {
    /// # Errors
    /// In words: what the row lacks to be an invoice.
    pub fn read(row: &Value, layout: &Layout) -> Result<Self, Text> {
        let name = php::text(&row["name"]).unwrap_or_else(|| "?".to_owned());
        let lacks = |ru: &str, en: &str| {
            Text::new(
                format!("Счёт «{name}» в amoCRM пропущен: {ru}. Исправьте счёт в CRM."),
                format!("Invoice «{name}» in amoCRM is left out: {en}. Correct the invoice in the CRM."),
            )
        };
        let id = php::id(&row["id"]).ok_or_else(|| lacks("нет номера записи", "it has no id"))?;
        let status = ledger_status(row, layout)?;
        let number = number(&name).ok_or_else(|| lacks("в названии нет номера счёта", "its name holds no number"))?;
        let amount = amount(row, layout).ok_or_else(|| lacks("не читается сумма", "its sum cannot be read"))?;
        let date = date(&name)
            .or_else(|| created(&row["created_at"], layout.utc_offset_s))
            .ok_or_else(|| lacks("не указана дата", "it has no date"))?;
        let issuer = value(row, layout, LEGAL_ENTITY).or_else(|| value(row, layout, SUPPLIER));
        Ok(Self {
            id,
            number,
            date,
            amount,
            status,
            payer: value(row, layout, PAYER).map(Payer::read).unwrap_or_default(),
            company: issuer.and_then(|issuer| php::text(&issuer["name"]).or_else(|| php::text(issuer))),
        })
    }

    pub fn invoice(self, account: &Account, catalog: u64, customer: Customer, lead: Option<u64>) -> Invoice {
        Invoice {
            id: account.invoice_id(catalog, self.id),
            number: self.number,
            date: self.date,
            amount: self.amount,
            // The CRM knows no allocations: the ledger takes its own off.
            open: self.amount,
            customer,
            status: self.status,
            due: None,
            contract: None,
            company: self.company,
            deal: lead.map(|lead| lead.to_string()),
        }
    }
}

/// What stands behind `№`, `#` or `No`; else the first word with a digit that is no date.
fn number(name: &str) -> Option<String> {
    let lower = name.to_lowercase();
    let behind = ["№", "#", "no.", "no ", "n "].iter().find_map(|sign| {
        let at = lower.find(sign)?;
        // A sign of letters is one only where no other letter touches it.
        let apart = !sign.starts_with('n') || !lower[..at].ends_with(char::is_alphanumeric);
        let rest = lower.get(at + sign.len()..).filter(|_| apart)?;
        // Lower case may have other lengths in bytes: count characters from the end.
        let kept: String = {
            let behind = rest.chars().count();
            let skip = name.chars().count().checked_sub(behind)?;
            name.chars().skip(skip).collect()
        };
        word(kept.trim_start())
    });
    behind.or_else(|| {
        let words = name.split_whitespace().filter(|word| date(word).is_none());
        let mut numbered = words.filter(|word| word.chars().any(|one| one.is_ascii_digit()));
        word(numbered.next()?)
    })
}

/// `[\w/-]+` at the beginning, without joints at its end.
fn word(text: &str) -> Option<String> {
    let taken: String = text
        .chars()
        .take_while(|one| one.is_alphanumeric() || matches!(one, '_' | '/' | '-'))
        .collect();
    let word = taken.trim_end_matches(['/', '-']);
    word.chars().any(char::is_alphanumeric).then(|| word.to_owned())
}

/// The first `20.11.2026` in a name.
fn date(name: &str) -> Option<NaiveDate> {
    name.split(|one: char| !one.is_ascii_digit() && one != '.')
        .find_map(|word| NaiveDate::parse_from_str(word.get(..10)?, "%d.%m.%Y").ok())
}

/// The day on the account's calendar.
fn created(value: &Value, utc_offset_s: i32) -> Option<NaiveDate> {
    let seconds: i64 = php::text(value)?.parse().ok()?;
    let moment = DateTime::from_timestamp(seconds.checked_add(i64::from(utc_offset_s))?, 0)?;
    Some(moment.date_naive())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_number_is_found_in_a_name_as_people_write_it() {
        for (name, expected) in [
            ("Счет №17 от 20.11.2026", Some("17")),
            ("Счёт № СЧ-145/1 от 20.11.2026", Some("СЧ-145/1")),
            ("СЧЁТ №А-7", Some("А-7")),
            ("Счет 17 от 20.11.2026", Some("17")),
            ("Invoice #2026-001", Some("2026-001")),
            ("Invoice No. 55", Some("55")),
            ("Invoice N 56", Some("56")),
            ("Nord 2000", Some("2000")),
            ("№-17-", Some("-17")),
            ("Счет от 20.11.2026", None),
            ("Счет", None),
            ("№", None),
        ] {
            assert_eq!(number(name).as_deref(), expected, "{name}");
        }
    }

    #[test]
    fn the_date_is_the_names_or_the_day_of_making() {
        let day = |text: &str| NaiveDate::parse_from_str(text, "%Y-%m-%d").ok();
        assert_eq!(date("Счет №17 от 20.11.2026г."), day("2026-11-20"));
        assert_eq!(date("Счет №20.11"), None);
        // 2026-11-19T22:00:00Z
        assert_eq!(created(&json!(1_795_125_600), 0), day("2026-11-19"));
        assert_eq!(created(&json!("1795125600"), 10_800), day("2026-11-20"));
        assert_eq!(created(&Value::Null, 0), None);
    }
}
