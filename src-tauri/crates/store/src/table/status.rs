//! The ledger at a glance, and whether its file is sound.

use std::collections::BTreeMap;

use rusqlite::Connection;
use serde::Serialize;

use crate::{
    InboxCounts, Ledger, OutboxCounts, StoreError,
    columns::whole,
    table::{inbox, message, order},
};

#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct StatusCounts {
    pub files: u64,
    pub entries: u64,
    pub inbox: InboxCounts,
    pub invoices_open: u64,
    pub outbox: OutboxCounts,
    /// By state's name.
    pub orders: BTreeMap<&'static str, u64>,
    pub audit_links: u64,
}

impl Ledger {
    /// # Errors
    /// The ledger cannot be read.
    pub fn status_counts(&self) -> Result<StatusCounts, StoreError> {
        self.read(|connection| {
            let mut orders = BTreeMap::new();
            for order in order::all(connection)? {
                *orders.entry(order.state.as_str()).or_default() += 1;
            }
            Ok(StatusCounts {
                files: count(connection, "SELECT count(*) FROM source_file")?,
                entries: count(connection, "SELECT count(*) FROM entry")?,
                inbox: inbox::counts(connection)?,
                invoices_open: count(
                    connection,
                    "SELECT count(*) FROM invoice_open WHERE status = 'open' AND gone = 0 AND open > 0",
                )?,
                outbox: message::counts(connection)?,
                orders,
                audit_links: count(connection, "SELECT count(*) FROM audit")?,
            })
        })
    }

    /// Looks through the whole file. Empty where it is sound.
    ///
    /// # Errors
    /// The ledger cannot be read at all.
    pub fn integrity_check(&self) -> Result<Vec<String>, StoreError> {
        self.read(|connection| {
            let mut found = connection
                .prepare("PRAGMA integrity_check")?
                .query_and_then([], |row| Ok(row.get(0)?))?
                .collect::<Result<Vec<String>, StoreError>>()?;
            found.retain(|line| line != "ok");
            let dangling = connection
                .prepare("PRAGMA foreign_key_check")?
                .query_and_then([], |row| Ok(format!("{} refers to nothing", row.get::<_, String>(0)?)))?
                .collect::<Result<Vec<String>, StoreError>>()?;
            found.extend(dangling);
            Ok(found)
        })
    }
}

fn count(connection: &Connection, sql: &str) -> Result<u64, StoreError> {
    whole(connection.prepare_cached(sql)?.query_row([], |row| row.get(0))?)
}
