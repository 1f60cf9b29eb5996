//! How far the CRM was heard. What a pull brought, what it found changed by others, and how far the next one may go on
//! from are one transaction: a program that dies in between asks for the same again.

use domain::{Invoice, InvoiceId, InvoiceStatus, Timestamp};
use rusqlite::{Connection, OptionalExtension as _};
use serde::Serialize;

use crate::{
    Ledger, StoreError,
    table::{
        connection,
        drift::{self, DriftLook},
        invoice::{self, Put, put, status_word},
    },
};

pub(crate) const SCHEMA: &str = "
CREATE TABLE pull_mark (
    connection TEXT PRIMARY KEY,
    until INTEGER NOT NULL,
    at INTEGER NOT NULL,
    whole_at INTEGER NOT NULL
) STRICT;
";

/// From where the next pull may ask for changes only.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PullMark {
    /// The CRM's clock when the last pull began.
    pub until: Timestamp,
    /// Our clock when that pull was stored.
    pub at: Timestamp,
    /// Our clock when the last whole pull was stored.
    pub whole_at: Timestamp,
}

/// What a pull asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PullScope {
    /// All that is open, and it was named to the end: what is open here and was not named is gone.
    Whole,
    /// All that is open, and the CRM named a part of it: silence says nothing.
    Part,
    /// What changed since the mark. An invoice that is not open and was never known is left out, as a whole pull leaves it.
    Changes,
}

/// What a pull brought, whole.
#[derive(Debug, Clone, Copy)]
pub struct Pulled<'a> {
    pub connection: &'a str,
    pub scope: PullScope,
    pub invoices: &'a [Invoice],
    /// No longer in the CRM: cancelled.
    pub deleted: &'a [InvoiceId],
    /// The CRM's clock when the pull began. `None`: it does not tell, and the next pull is a whole one.
    pub until: Option<Timestamp>,
    /// What became of our writes, as it was looked at.
    pub looks: &'a [DriftLook],
}

/// What a pull changed.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct PullReport {
    pub new: u64,
    pub changed: u64,
    pub unchanged: u64,
    /// Not told of any more by a complete pull.
    pub gone: Vec<InvoiceId>,
    /// Invoices that somebody changed after our write, found just now.
    pub drifted: u64,
}

impl Ledger {
    /// What the CRM said. `complete`: it named all that are open, so what is open here and was not named is gone. Of one
    /// that is paid or cancelled here, silence says nothing. The next pull is a whole one.
    ///
    /// # Errors
    /// The ledger cannot be written to.
    pub fn replace_invoices(
        &self,
        connection: &str,
        invoices: &[Invoice],
        complete: bool,
        at: Timestamp,
    ) -> Result<PullReport, StoreError> {
        let scope = if complete { PullScope::Whole } else { PullScope::Part };
        let pulled = Pulled {
            connection,
            scope,
            invoices,
            deleted: &[],
            until: None,
            looks: &[],
        };
        self.store_pull(&pulled, at)
    }

    /// Everything a pull brought, and from where the next one goes on: all of it or nothing.
    ///
    /// # Errors
    /// The ledger cannot be written to.
    pub fn store_pull(&self, pulled: &Pulled<'_>, at: Timestamp) -> Result<PullReport, StoreError> {
        self.write(|transaction| {
            transaction.execute_batch(
                "CREATE TEMP TABLE IF NOT EXISTS pulled (id TEXT PRIMARY KEY) WITHOUT ROWID, STRICT;
                 DELETE FROM temp.pulled;",
            )?;
            let mut report = PullReport::default();
            for invoice in pulled.invoices {
                let known = invoice.status == InvoiceStatus::Open || invoice::find(transaction, &invoice.id)?.is_some();
                if pulled.scope == PullScope::Changes && !known {
                    continue;
                }
                transaction
                    .prepare_cached("INSERT INTO temp.pulled (id) VALUES (?1) ON CONFLICT DO NOTHING")?
                    .execute([invoice.id.as_str()])?;
                match put(transaction, pulled.connection, invoice, at)? {
                    Put::New => report.new += 1,
                    Put::Changed => report.changed += 1,
                    Put::Unchanged => report.unchanged += 1,
                }
            }
            for deleted in pulled.deleted {
                transaction
                    .prepare_cached("UPDATE invoice SET status = ?2, at = ?3 WHERE id = ?1 AND status <> ?2")?
                    .execute((deleted.as_str(), status_word(InvoiceStatus::Cancelled), at.0))?;
            }
            if pulled.scope == PullScope::Whole {
                report.gone = gone(transaction, pulled.connection, at)?;
            }
            for look in pulled.looks {
                report.drifted += u64::from(drift::take(transaction, look, at)?);
            }
            transaction.execute(
                "INSERT INTO pull (connection, at) VALUES (?1, ?2) ON CONFLICT (connection) DO UPDATE SET at = ?2",
                (pulled.connection, at.0),
            )?;
            move_mark(transaction, pulled, at)?;
            match pulled.scope {
                PullScope::Whole => connection::list_is_whole(transaction, pulled.connection, true, at)?,
                PullScope::Part => connection::list_is_whole(transaction, pulled.connection, false, at)?,
                PullScope::Changes => {}
            }
            Ok(report)
        })
    }

    /// From where the next pull may go on; `None`: only a whole one will do.
    ///
    /// # Errors
    /// The ledger cannot be read.
    pub fn pull_mark(&self, connection: &str) -> Result<Option<PullMark>, StoreError> {
        self.read(|reader| {
            Ok(reader
                .prepare_cached("SELECT until, at, whole_at FROM pull_mark WHERE connection = ?1")?
                .query_row([connection], |row| {
                    Ok(PullMark {
                        until: Timestamp(row.get(0)?),
                        at: Timestamp(row.get(1)?),
                        whole_at: Timestamp(row.get(2)?),
                    })
                })
                .optional()?)
        })
    }

    /// When the CRM was last heard.
    ///
    /// # Errors
    /// The ledger cannot be read.
    pub fn pulled_at(&self, connection: &str) -> Result<Option<Timestamp>, StoreError> {
        self.read(|reader| {
            Ok(reader
                .prepare_cached("SELECT at FROM pull WHERE connection = ?1")?
                .query_row([connection], |row| row.get(0).map(Timestamp))
                .optional()?)
        })
    }
}

fn gone(connection: &Connection, of: &str, at: Timestamp) -> Result<Vec<InvoiceId>, StoreError> {
    let mut gone = connection
        .prepare_cached(
            "UPDATE invoice SET gone = 1, at = ?2
             WHERE connection = ?1 AND gone = 0 AND status = 'open'
               AND id NOT IN (SELECT id FROM temp.pulled) RETURNING id",
        )?
        .query_and_then((of, at.0), |row| Ok(InvoiceId::from(row.get::<_, String>(0)?)))?
        .collect::<Result<Vec<_>, StoreError>>()?;
    gone.sort();
    Ok(gone)
}

fn move_mark(connection: &Connection, pulled: &Pulled<'_>, at: Timestamp) -> Result<(), StoreError> {
    match (pulled.scope, pulled.until) {
        (PullScope::Whole, Some(until)) => connection.execute(
            "INSERT INTO pull_mark (connection, until, at, whole_at) VALUES (?1, ?2, ?3, ?3)
             ON CONFLICT (connection) DO UPDATE SET until = ?2, at = ?3, whole_at = ?3",
            (pulled.connection, until.0, at.0),
        )?,
        (PullScope::Changes, Some(until)) => connection.execute(
            "UPDATE pull_mark SET until = ?2, at = ?3 WHERE connection = ?1",
            (pulled.connection, until.0, at.0),
        )?,
        (PullScope::Part, _) | (_, None) => {
            connection.execute("DELETE FROM pull_mark WHERE connection = ?1", [pulled.connection])?
        }
    };
    Ok(())
}
