//! Our own legal entities: which of our accounts is whose, and which connection bills for whom. They are settings: they
//! change, and every change is an event.

use std::collections::BTreeMap;

use domain::{Actor, Entry, Timestamp};
use rusqlite::{Connection, OptionalExtension as _};
use serde::Serialize;

use crate::{
    Ledger, StoreError,
    columns::{clamp, compact, json, to_json},
    table::{audit, connection},
};

pub(crate) const SCHEMA: &str = "
CREATE TABLE company (
    seq INTEGER PRIMARY KEY,
    inn TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    kpp TEXT
) STRICT;
CREATE TABLE account_company (
    account TEXT PRIMARY KEY,
    inn TEXT NOT NULL REFERENCES company (inn)
) STRICT, WITHOUT ROWID;
CREATE TABLE connection_company (
    connection TEXT NOT NULL REFERENCES connection (id),
    inn TEXT NOT NULL REFERENCES company (inn),
    PRIMARY KEY (connection, inn)
) STRICT, WITHOUT ROWID;
";

/// Which of our companies issued an invoice at all is asked with every look at the inbox.
pub(crate) const ISSUERS: &str = "CREATE INDEX invoice_company ON invoice (company) WHERE company IS NOT NULL;";

/// One of our own legal entities, known by its INN.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CompanyRow {
    pub inn: String,
    pub name: String,
    pub kpp: Option<String>,
}

impl Ledger {
    /// In the order in which they were added.
    ///
    /// # Errors
    /// The ledger cannot be read.
    pub fn companies(&self) -> Result<Vec<CompanyRow>, StoreError> {
        self.read(|connection| {
            let mut statement = connection.prepare_cached("SELECT inn, name, kpp FROM company ORDER BY seq")?;
            let rows = statement.query_and_then([], |row| -> Result<_, StoreError> {
                Ok(CompanyRow {
                    inn: row.get(0)?,
                    name: row.get(1)?,
                    kpp: row.get(2)?,
                })
            })?;
            rows.collect()
        })
    }

    /// Adds a company, or changes the name and the KPP of the one with this INN.
    ///
    /// # Errors
    /// The ledger cannot be written to.
    pub fn save_company(&self, row: &CompanyRow, actor: &Actor, at: Timestamp) -> Result<(), StoreError> {
        self.write(|transaction| {
            let changed = transaction.execute(
                "INSERT INTO company (inn, name, kpp) VALUES (?1, ?2, ?3)
                 ON CONFLICT (inn) DO UPDATE SET name = ?2, kpp = ?3 WHERE name <> ?2 OR kpp IS NOT ?3",
                (&row.inn, &row.name, &row.kpp),
            )?;
            if changed == 0 {
                return Ok(());
            }
            audit::event(transaction, "company.saved", &row.inn, to_json(row)?, actor, at)
        })
    }

    /// Takes a company out, and what was said of its accounts and connections with it.
    ///
    /// # Errors
    /// There is no such company, or the ledger cannot be written to.
    pub fn remove_company(&self, inn: &str, actor: &Actor, at: Timestamp) -> Result<(), StoreError> {
        self.write(|transaction| {
            for table in ["account_company", "connection_company"] {
                transaction.execute(&format!("DELETE FROM {table} WHERE inn = ?1"), [inn])?;
            }
            if transaction.execute("DELETE FROM company WHERE inn = ?1", [inn])? == 0 {
                return Err(not_found(inn));
            }
            audit::event(transaction, "company.removed", inn, "{}".to_owned(), actor, at)
        })
    }

    /// The company of each account of which a person said it.
    ///
    /// # Errors
    /// The ledger cannot be read.
    pub fn account_companies(&self) -> Result<BTreeMap<String, String>, StoreError> {
        self.read(|connection| {
            let mut statement = connection.prepare_cached("SELECT account, inn FROM account_company")?;
            statement
                .query_and_then([], |row| Ok((row.get(0)?, row.get(1)?)))?
                .collect()
        })
    }

    /// A person says whose an account is; `None`: what the statements say counts again.
    ///
    /// # Errors
    /// There is no such company, or the ledger cannot be written to.
    pub fn set_account_company(
        &self,
        account: &str,
        inn: Option<&str>,
        actor: &Actor,
        at: Timestamp,
    ) -> Result<(), StoreError> {
        self.write(|transaction| {
            let account = compact(account);
            match inn {
                None => transaction.execute("DELETE FROM account_company WHERE account = ?1", [&account])?,
                Some(inn) => {
                    must_be_there(transaction, inn)?;
                    transaction.execute(
                        "INSERT INTO account_company (account, inn) VALUES (?1, ?2)
                         ON CONFLICT (account) DO UPDATE SET inn = ?2",
                        [account.as_str(), inn],
                    )?
                }
            };
            let body = to_json(&serde_json::json!({ "inn": inn }))?;
            audit::event(transaction, "account.company", &account, body, actor, at)
        })
    }

    /// The companies each connection bills for, as far as a person said it.
    ///
    /// # Errors
    /// The ledger cannot be read.
    pub fn connection_companies(&self) -> Result<BTreeMap<String, Vec<String>>, StoreError> {
        self.read(|reader| {
            let mut statement = reader.prepare_cached(
                "SELECT s.connection, s.inn FROM connection_company s JOIN company c ON c.inn = s.inn ORDER BY c.seq",
            )?;
            let mut companies: BTreeMap<String, Vec<String>> = BTreeMap::new();
            let mut rows = statement.query([])?;
            while let Some(row) = rows.next()? {
                companies.entry(row.get(0)?).or_default().push(row.get(1)?);
            }
            Ok(companies)
        })
    }

    /// A person says for whom a connection bills; nobody: it is not known.
    ///
    /// # Errors
    /// There is no such connection or company, or the ledger cannot be written to.
    pub fn set_connection_companies(
        &self,
        id: &str,
        inns: &[String],
        actor: &Actor,
        at: Timestamp,
    ) -> Result<(), StoreError> {
        self.write(|transaction| {
            connection::find(transaction, id)?.ok_or_else(|| connection::not_found(id))?;
            transaction.execute("DELETE FROM connection_company WHERE connection = ?1", [id])?;
            for inn in inns {
                must_be_there(transaction, inn)?;
                transaction.execute(
                    "INSERT INTO connection_company (connection, inn) VALUES (?1, ?2) ON CONFLICT DO NOTHING",
                    [id, inn],
                )?;
            }
            let body = to_json(&serde_json::json!({ "companies": inns }))?;
            audit::event(transaction, "connection.companies", id, body, actor, at)
        })
    }

    /// The latest entries of an account.
    ///
    /// # Errors
    /// The ledger cannot be read.
    pub fn latest_of_account(&self, account: &str, limit: u64) -> Result<Vec<Entry>, StoreError> {
        self.read(|connection| {
            let mut statement =
                connection.prepare_cached("SELECT body FROM entry WHERE account = ?1 ORDER BY booked DESC LIMIT ?2")?;
            statement
                .query_and_then((compact(account), clamp(limit)), |row| json(row, "body"))?
                .collect()
        })
    }
}

fn must_be_there(connection: &Connection, inn: &str) -> Result<(), StoreError> {
    let found: Option<i64> = connection
        .prepare_cached("SELECT 1 FROM company WHERE inn = ?1")?
        .query_row([inn], |row| row.get(0))
        .optional()?;
    found.map(drop).ok_or_else(|| not_found(inn))
}

fn not_found(inn: &str) -> StoreError {
    StoreError::NotFound {
        what: "company",
        id: inn.to_owned(),
    }
}
