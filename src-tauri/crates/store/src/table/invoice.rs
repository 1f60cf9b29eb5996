//! The mirror of the CRM's invoices. The CRM is the truth of what they are; what is still open is derived here.

use domain::{Customer, Invoice, InvoiceId, InvoiceStatus, Money, Timestamp};
use rusqlite::{Connection, Row, named_params, params_from_iter};

use crate::{
    Ledger, Page, StoreError,
    columns::{clamp, day, day_of, json, money, to_json, whole},
    search,
};

pub(crate) const SCHEMA: &str = "
CREATE TABLE invoice (
    id TEXT PRIMARY KEY,
    connection TEXT NOT NULL,
    number TEXT NOT NULL,
    date TEXT NOT NULL,
    amount INTEGER NOT NULL,
    currency TEXT NOT NULL,
    customer TEXT NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('open', 'paid', 'cancelled')),
    due TEXT,
    contract TEXT,
    company TEXT,
    deal TEXT,
    words TEXT NOT NULL,
    gone INTEGER NOT NULL DEFAULT 0,
    at INTEGER NOT NULL
) STRICT;
CREATE TABLE pull (connection TEXT PRIMARY KEY, at INTEGER NOT NULL) STRICT;
CREATE INDEX invoice_date ON invoice (date, id);
CREATE INDEX invoice_connection ON invoice (connection);
";

/// Which invoices a list shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InvoiceQuery {
    /// Open ones with something left to pay.
    pub only_open: bool,
    /// Words of the number, the customer, the INN.
    pub search: String,
    pub offset: u64,
    pub limit: u64,
}

impl Default for InvoiceQuery {
    fn default() -> Self {
        Self {
            only_open: false,
            search: String::new(),
            offset: 0,
            limit: 100,
        }
    }
}

impl Ledger {
    /// Invoices with something left to pay, by date and then by id.
    ///
    /// # Errors
    /// The ledger cannot be read.
    pub fn open_invoices(&self) -> Result<Vec<Invoice>, StoreError> {
        self.read(|connection| {
            let mut statement = connection.prepare_cached(
                "SELECT * FROM invoice_open WHERE status = 'open' AND gone = 0 AND open > 0 ORDER BY date, id",
            )?;
            statement.query_and_then([], invoice)?.collect()
        })
    }

    /// Every invoice a payment may name, by date and then by id: also paid and cancelled ones, so that a payment that
    /// names one can be told so. One that the CRM names no more is paid where nothing of it is open, else cancelled.
    ///
    /// # Errors
    /// The ledger cannot be read.
    pub fn matchable_invoices(&self) -> Result<Vec<Invoice>, StoreError> {
        self.read(|connection| {
            let mut statement = connection.prepare_cached("SELECT * FROM invoice_open ORDER BY date, id")?;
            let invoices = statement.query_and_then([], |row| -> Result<_, StoreError> {
                let mut invoice = invoice(row)?;
                if row.get("gone")? && invoice.status == InvoiceStatus::Open {
                    invoice.status = if invoice.open.is_positive() {
                        InvoiceStatus::Cancelled
                    } else {
                        InvoiceStatus::Paid
                    };
                }
                Ok(invoice)
            })?;
            invoices.collect()
        })
    }

    /// Our own companies as CRMs name them on invoices.
    ///
    /// # Errors
    /// The ledger cannot be read.
    pub fn issuers(&self) -> Result<Vec<String>, StoreError> {
        self.read(|connection| {
            let mut statement = connection
                .prepare_cached("SELECT DISTINCT company FROM invoice WHERE company IS NOT NULL ORDER BY 1")?;
            statement.query_and_then([], |row| Ok(row.get(0)?))?.collect()
        })
    }

    /// # Errors
    /// The ledger cannot be read.
    pub fn invoice(&self, id: &InvoiceId) -> Result<Option<Invoice>, StoreError> {
        self.read(|connection| find(connection, id))
    }

    /// The latest first.
    ///
    /// # Errors
    /// The ledger cannot be read.
    pub fn invoices(&self, query: &InvoiceQuery) -> Result<Page<Invoice>, StoreError> {
        self.read(|connection| {
            let patterns = search::patterns(&query.search);
            let mut conditions = vec!["1"];
            if query.only_open {
                conditions.push("status = 'open' AND gone = 0 AND open > 0");
            }
            conditions.extend(patterns.iter().map(|_| "words LIKE ?"));
            let conditions = conditions.join(" AND ");
            let total = connection
                .prepare_cached(&format!("SELECT count(*) FROM invoice_open WHERE {conditions}"))?
                .query_row(params_from_iter(&patterns), |row| row.get(0))?;
            // Whole numbers, so no quoting is in question.
            let rows = connection
                .prepare_cached(&format!(
                    "SELECT * FROM invoice_open WHERE {conditions} ORDER BY date DESC, id DESC LIMIT {} OFFSET {}",
                    clamp(query.limit),
                    clamp(query.offset)
                ))?
                .query_and_then(params_from_iter(&patterns), invoice)?
                .collect::<Result<_, _>>()?;
            Ok(Page {
                total: whole(total)?,
                rows,
            })
        })
    }

    /// What a delivery did to an invoice, until the next pull says it too.
    ///
    /// # Errors
    /// There is no such invoice.
    pub fn set_invoice_status(&self, id: &InvoiceId, status: InvoiceStatus, at: Timestamp) -> Result<(), StoreError> {
        self.write(|transaction| {
            let changed = transaction.execute(
                "UPDATE invoice SET status = ?2, at = ?3 WHERE id = ?1",
                (id.as_str(), status_word(status), at.0),
            )?;
            if changed == 0 {
                return Err(not_found(id));
            }
            Ok(())
        })
    }
}

pub(crate) fn not_found(id: &InvoiceId) -> StoreError {
    StoreError::NotFound {
        what: "invoice",
        id: id.to_string(),
    }
}

pub(crate) fn find(connection: &Connection, id: &InvoiceId) -> Result<Option<Invoice>, StoreError> {
    connection
        .prepare_cached("SELECT * FROM invoice_open WHERE id = ?1")?
        .query_and_then([id.as_str()], invoice)?
        .next()
        .transpose()
}

pub(crate) fn invoice(row: &Row<'_>) -> Result<Invoice, StoreError> {
    let due: Option<String> = row.get("due")?;
    let customer: Customer = json(row, "customer")?;
    Ok(Invoice {
        id: InvoiceId::from(row.get::<_, String>("id")?),
        number: row.get("number")?,
        date: day(row, "date")?,
        amount: money(row, "amount", "currency")?,
        open: money(row, "open", "currency")?,
        customer,
        status: status_of(&row.get::<_, String>("status")?)?,
        due: due.as_deref().map(day_of).transpose()?,
        contract: row.get("contract")?,
        company: row.get("company")?,
        deal: row.get("deal")?,
    })
}

pub(crate) fn status_word(status: InvoiceStatus) -> &'static str {
    match status {
        InvoiceStatus::Open => "open",
        InvoiceStatus::Paid => "paid",
        InvoiceStatus::Cancelled => "cancelled",
    }
}

fn status_of(word: &str) -> Result<InvoiceStatus, StoreError> {
    match word {
        "open" => Ok(InvoiceStatus::Open),
        "paid" => Ok(InvoiceStatus::Paid),
        "cancelled" => Ok(InvoiceStatus::Cancelled),
        other => Err(StoreError::Corrupt {
            what: format!("«{other}» is no status of an invoice"),
        }),
    }
}

pub(crate) enum Put {
    New,
    Changed,
    Unchanged,
}

pub(crate) fn put(
    transaction: &Connection,
    connection: &str,
    invoice: &Invoice,
    at: Timestamp,
) -> Result<Put, StoreError> {
    let before: Option<(Invoice, bool)> = transaction
        .prepare_cached("SELECT * FROM invoice_open WHERE id = ?1")?
        .query_and_then([invoice.id.as_str()], |row| -> Result<_, StoreError> {
            Ok((self::invoice(row)?, row.get("gone")?))
        })?
        .next()
        .transpose()?;
    let put = match &before {
        None => Put::New,
        // What is open is ours to say, not the CRM's.
        Some((known, false))
            if Invoice {
                open: Money::zero(known.open.currency()),
                ..known.clone()
            } == (Invoice {
                open: Money::zero(known.open.currency()),
                ..invoice.clone()
            }) =>
        {
            return Ok(Put::Unchanged);
        }
        Some(_) => Put::Changed,
    };
    let customer = &invoice.customer;
    let words = [
        invoice.number.as_str(),
        &customer.name,
        customer.inn.as_deref().unwrap_or(""),
        invoice.contract.as_deref().unwrap_or(""),
    ]
    .join(" ");
    transaction
        .prepare_cached(
            "INSERT INTO invoice (id, connection, number, date, amount, currency, customer, status, due, contract,
                 company, deal, words, gone, at)
             VALUES (:id, :connection, :number, :date, :amount, :currency, :customer, :status, :due, :contract,
                 :company, :deal, :words, 0, :at)
             ON CONFLICT (id) DO UPDATE SET connection = :connection, number = :number, date = :date,
                 amount = :amount, currency = :currency, customer = :customer, status = :status, due = :due,
                 contract = :contract, company = :company, deal = :deal, words = :words, gone = 0, at = :at",
        )?
        .execute(named_params! {
            ":id": invoice.id.as_str(),
            ":connection": connection,
            ":number": invoice.number,
            ":date": invoice.date.to_string(),
            ":amount": invoice.amount.minor(),
            ":currency": invoice.amount.currency().code(),
            ":customer": to_json(customer)?,
            ":status": status_word(invoice.status),
            ":due": invoice.due.map(|due| due.to_string()),
            ":contract": invoice.contract,
            ":company": invoice.company,
            ":deal": invoice.deal,
            ":words": search::fold(&words),
            ":at": at.0,
        })?;
    Ok(put)
}
