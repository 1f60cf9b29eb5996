//! Pairs that a person refused: a payment and an invoice, or a payer and a customer. Only ever added; taking a refusal
//! back is a row of its own.

use domain::{Actor, AuditEvent, EntryId, InvoiceId, Timestamp};
use rusqlite::{Row, named_params};
use serde::Serialize;

use crate::{
    Ledger, StoreError,
    columns::to_json,
    table::{audit, entry, lesson},
};

pub(crate) const SCHEMA: &str = "
CREATE TABLE rejection (
    id TEXT PRIMARY KEY,
    entry TEXT NOT NULL REFERENCES entry (id),
    payer TEXT,
    invoice TEXT REFERENCES invoice (id),
    customer TEXT,
    at INTEGER NOT NULL,
    actor TEXT NOT NULL,
    CHECK ((invoice IS NULL) <> (customer IS NULL)),
    CHECK (customer IS NULL OR payer IS NOT NULL)
) STRICT;
CREATE TABLE rejection_removal (
    rejection TEXT PRIMARY KEY REFERENCES rejection (id),
    actor TEXT NOT NULL,
    at INTEGER NOT NULL
) STRICT;
CREATE TRIGGER rejection_no_update BEFORE UPDATE ON rejection BEGIN SELECT raise(ABORT, 'rejection is append-only'); END;
CREATE TRIGGER rejection_no_delete BEFORE DELETE ON rejection BEGIN SELECT raise(ABORT, 'rejection is append-only'); END;
CREATE TRIGGER rejection_removal_no_update BEFORE UPDATE ON rejection_removal BEGIN SELECT raise(ABORT, 'rejection_removal is append-only'); END;
CREATE TRIGGER rejection_removal_no_delete BEFORE DELETE ON rejection_removal BEGIN SELECT raise(ABORT, 'rejection_removal is append-only'); END;
";

/// What was refused.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub enum Refused {
    /// For this payment, this invoice.
    Invoice(InvoiceId),
    /// For every payment of this payer, the customer with this INN.
    Customer { payer: String, inn: String },
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Rejection {
    pub id: String,
    /// The payment at which it was refused.
    pub entry: EntryId,
    pub refused: Refused,
    pub actor: Actor,
    pub at: Timestamp,
}

impl Ledger {
    /// Remembers a refusal. `set_back`: the payer whose record it breaks, where the engine would have decided so.
    ///
    /// # Errors
    /// There is no such entry or invoice.
    pub fn reject(&self, rejection: &Rejection, set_back: Option<&str>, event: &AuditEvent) -> Result<(), StoreError> {
        self.write(|transaction| {
            entry::facts(transaction, &rejection.entry)?;
            let (invoice, payer, customer) = match &rejection.refused {
                Refused::Invoice(invoice) => (Some(invoice.as_str()), None, None),
                Refused::Customer { payer, inn } => (None, Some(payer), Some(inn)),
            };
            transaction
                .prepare_cached(
                    "INSERT INTO rejection (id, entry, payer, invoice, customer, at, actor)
                     VALUES (:id, :entry, :payer, :invoice, :customer, :at, :actor)",
                )?
                .execute(named_params! {
                    ":id": rejection.id,
                    ":entry": rejection.entry.as_str(),
                    ":payer": payer,
                    ":invoice": invoice,
                    ":customer": customer,
                    ":at": rejection.at.0,
                    ":actor": to_json(&rejection.actor)?,
                })?;
            if let Some(payer) = set_back {
                lesson::set_back(transaction, payer, "rejected", rejection.at)?;
            }
            audit::append(transaction, event.clone()).map(|_| ())
        })
    }

    /// Refusals that stand, the latest first.
    ///
    /// # Errors
    /// The ledger cannot be read.
    pub fn rejections(&self) -> Result<Vec<Rejection>, StoreError> {
        self.read(|connection| {
            let mut statement = connection.prepare_cached(
                "SELECT * FROM rejection j
                 WHERE NOT EXISTS (SELECT 1 FROM rejection_removal x WHERE x.rejection = j.id) ORDER BY rowid DESC",
            )?;
            statement.query_and_then([], rejection)?.collect()
        })
    }

    /// Takes a refusal back: the pair may be offered again.
    ///
    /// # Errors
    /// There is no such refusal, or it was taken back already.
    pub fn remove_rejection(&self, id: &str, actor: &Actor, at: Timestamp) -> Result<(), StoreError> {
        self.write(|transaction| {
            let removed = transaction.execute(
                "INSERT INTO rejection_removal (rejection, actor, at)
                 SELECT id, ?2, ?3 FROM rejection j WHERE j.id = ?1
                   AND NOT EXISTS (SELECT 1 FROM rejection_removal x WHERE x.rejection = j.id)",
                (id, to_json(actor)?, at.0),
            )?;
            if removed == 0 {
                return Err(StoreError::NotFound {
                    what: "fact",
                    id: id.to_owned(),
                });
            }
            audit::append(transaction, lesson::event("rejection.removed", id, actor, at)).map(|_| ())
        })
    }
}

fn rejection(row: &Row<'_>) -> Result<Rejection, StoreError> {
    let invoice: Option<String> = row.get("invoice")?;
    Ok(Rejection {
        id: row.get("id")?,
        entry: EntryId(row.get("entry")?),
        refused: match invoice {
            Some(invoice) => Refused::Invoice(invoice.into()),
            None => Refused::Customer {
                payer: row.get("payer")?,
                inn: row.get("customer")?,
            },
        },
        actor: crate::columns::json(row, "actor")?,
        at: Timestamp(row.get("at")?),
    })
}
