//! What was taken of the requests that a CRM grants, by connection: every process that has the ledger open takes of the same
//! grant. What it says is the host's and opaque here.

use rusqlite::OptionalExtension as _;

use crate::{Ledger, StoreError};

pub(crate) const SCHEMA: &str =
    "CREATE TABLE spent (connection TEXT PRIMARY KEY, body TEXT NOT NULL) STRICT, WITHOUT ROWID;";

impl Ledger {
    /// Gives what was last kept of this connection, and keeps what `take` makes of it, with no other process between.
    ///
    /// # Errors
    /// The ledger cannot be written to.
    pub fn spend(&self, connection: &str, take: impl FnOnce(Option<&str>) -> String) -> Result<(), StoreError> {
        self.write(|transaction| {
            let before: Option<String> = transaction
                .prepare_cached("SELECT body FROM spent WHERE connection = ?1")?
                .query_row([connection], |row| row.get(0))
                .optional()?;
            let after = take(before.as_deref());
            transaction
                .prepare_cached(
                    "INSERT INTO spent (connection, body) VALUES (?1, ?2)
                     ON CONFLICT (connection) DO UPDATE SET body = ?2",
                )?
                .execute([connection, after.as_str()])?;
            Ok(())
        })
    }
}
