//! People who work with this ledger. Only the hash of a passphrase is kept, and it does not print.

use std::fmt;

use domain::{Actor, AuditEvent, PersonId, Timestamp};
use rusqlite::{Connection, Row};

use crate::{
    Ledger, StoreError,
    columns::{to_json, word, words},
    table::audit,
};

pub(crate) const SCHEMA: &str = "
CREATE TABLE person (
    seq INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    role TEXT NOT NULL CHECK (role IN ('accountant', 'approver', 'viewer', 'owner')),
    passphrase_hash TEXT NOT NULL,
    at INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX person_name ON person (name);
";

words! {
    Role {
        Accountant = "accountant",
        Approver = "approver",
        Viewer = "viewer",
        Owner = "owner",
    }
}

#[derive(Clone, PartialEq, Eq)]
pub struct Person {
    pub id: PersonId,
    pub name: String,
    pub role: Role,
    pub passphrase_hash: String,
}

impl fmt::Debug for Person {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Person")
            .field("id", &self.id)
            .field("name", &self.name)
            .field("role", &self.role)
            .finish_non_exhaustive()
    }
}

impl Ledger {
    /// # Errors
    /// The name or the id is taken.
    pub fn add_person(&self, person: &Person, actor: &Actor, at: Timestamp) -> Result<(), StoreError> {
        self.write(|transaction| {
            let name = person.name.trim();
            let taken =
                find(transaction, "name", name)?.is_some() || find(transaction, "id", person.id.as_str())?.is_some();
            if taken {
                return Err(StoreError::Exists {
                    what: "person",
                    id: name.to_owned(),
                });
            }
            transaction.execute(
                "INSERT INTO person (id, name, role, passphrase_hash, at) VALUES (?1, ?2, ?3, ?4, ?5)",
                (
                    person.id.as_str(),
                    name,
                    person.role.as_str(),
                    &person.passphrase_hash,
                    at.0,
                ),
            )?;
            let event = AuditEvent {
                at,
                actor: actor.clone(),
                action: "person.added".to_owned(),
                subject: person.id.0.clone(),
                body: to_json(&serde_json::json!({ "name": name, "role": person.role }))?,
            };
            audit::append(transaction, event).map(|_| ())
        })
    }

    /// In the order they were added.
    ///
    /// # Errors
    /// The ledger cannot be read.
    pub fn people(&self) -> Result<Vec<Person>, StoreError> {
        self.read(|connection| {
            let mut statement = connection.prepare_cached("SELECT * FROM person ORDER BY seq")?;
            statement.query_and_then([], person)?.collect()
        })
    }

    /// # Errors
    /// The ledger cannot be read.
    pub fn person_by_name(&self, name: &str) -> Result<Option<Person>, StoreError> {
        self.read(|connection| find(connection, "name", name.trim()))
    }
}

fn find(connection: &Connection, column: &'static str, value: &str) -> Result<Option<Person>, StoreError> {
    connection
        .prepare_cached(&format!("SELECT * FROM person WHERE {column} = ?1"))?
        .query_and_then([value], person)?
        .next()
        .transpose()
}

fn person(row: &Row<'_>) -> Result<Person, StoreError> {
    Ok(Person {
        id: PersonId(row.get("id")?),
        name: row.get("name")?,
        role: word(row, "role", Role::parse)?,
        passphrase_hash: row.get("passphrase_hash")?,
    })
}
