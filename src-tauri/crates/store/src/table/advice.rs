//! What a bank advises of single payments beside its statements (ISO 20022 camt.054): kept, never booked.
//!
//! An advice may come before or after the entry it tells of, so which entry that is, is asked when an entry is shown:
//! the one with the bank's reference and the same sum, else the only one with this sum on this day.

use domain::{Direction, Entry, EntryDetail, EntryIdentity};
use rusqlite::{Connection, named_params};

use crate::{
    LedgerEntry, StoreError,
    columns::{json, to_json},
    table::entry::direction_word,
};

pub(crate) const SCHEMA: &str = "
CREATE TABLE advice (
    seq INTEGER PRIMARY KEY,
    statement INTEGER NOT NULL REFERENCES statement (seq),
    account TEXT NOT NULL,
    key TEXT NOT NULL,
    occurrence INTEGER NOT NULL CHECK (occurrence > 0),
    direction TEXT NOT NULL CHECK (direction IN ('credit', 'debit')),
    amount INTEGER NOT NULL CHECK (amount >= 0),
    currency TEXT NOT NULL,
    booked TEXT NOT NULL,
    reference TEXT,
    body TEXT NOT NULL,
    UNIQUE (key, occurrence)
) STRICT;
CREATE INDEX advice_sum ON advice (account, amount, direction, currency);
CREATE TRIGGER advice_no_update BEFORE UPDATE ON advice BEGIN SELECT raise(ABORT, 'advice is append-only'); END;
CREATE TRIGGER advice_no_delete BEFORE DELETE ON advice BEGIN SELECT raise(ABORT, 'advice is append-only'); END;
";

/// Keeps an advice once, however often its file comes.
pub(crate) fn insert(
    connection: &Connection,
    statement: i64,
    account: &str,
    identity: &EntryIdentity,
    direction: Direction,
    entry: &Entry,
) -> Result<(), StoreError> {
    connection
        .prepare_cached(
            "INSERT INTO advice (statement, account, key, occurrence, direction, amount, currency, booked, reference, body)
             VALUES (:statement, :account, :key, :occurrence, :direction, :amount, :currency, :booked, :reference, :body)
             ON CONFLICT (key, occurrence) DO NOTHING",
        )?
        .execute(named_params! {
            ":statement": statement,
            ":account": account,
            ":key": identity.key.as_str(),
            ":occurrence": identity.occurrence,
            ":direction": direction_word(direction),
            ":amount": entry.amount.minor(),
            ":currency": entry.amount.currency().code(),
            ":booked": entry.booked.to_string(),
            ":reference": entry.bank_reference.as_deref(),
            ":body": to_json(entry)?,
        })?;
    Ok(())
}

/// The payments an entry is made of: what its statement says, else what an advice says of it.
pub(crate) fn details_of(connection: &Connection, booked: &LedgerEntry) -> Result<Vec<EntryDetail>, StoreError> {
    let entry = &booked.entry;
    let Some(direction) = entry.direction.filter(|_| entry.details.is_empty()) else {
        return Ok(entry.details.clone());
    };
    let mut advices: Vec<Entry> = connection
        .prepare_cached(
            "SELECT body FROM advice
             WHERE account = ?1 AND amount = ?2 AND direction = ?3 AND currency = ?4 ORDER BY seq",
        )?
        .query_and_then(
            (
                &booked.account,
                entry.amount.minor(),
                direction_word(direction),
                entry.amount.currency().code(),
            ),
            |row| json(row, "body"),
        )?
        .collect::<Result<_, StoreError>>()?;
    let by_reference =
        |advice: &Entry| advice.bank_reference.is_some() && advice.bank_reference == entry.bank_reference;
    if advices.iter().any(by_reference) {
        advices.retain(by_reference);
    } else {
        let may_be = |advice: &Entry| {
            advice.booked == entry.booked && (advice.bank_reference.is_none() || entry.bank_reference.is_none())
        };
        advices.retain(may_be);
        // Of two equal payments on a day nobody knows which one is told of.
        if advices.len() != 1 || alike(connection, booked, direction)? != 1 {
            return Ok(Vec::new());
        }
    }
    Ok(advices.first().map(payments).unwrap_or_default())
}

fn alike(connection: &Connection, booked: &LedgerEntry, direction: Direction) -> Result<i64, StoreError> {
    let entry = &booked.entry;
    Ok(connection
        .prepare_cached(
            "SELECT count(*) FROM entry
             WHERE account = ?1 AND booked = ?2 AND direction = ?3 AND amount = ?4 AND currency = ?5",
        )?
        .query_row(
            (
                &booked.account,
                entry.booked.to_string(),
                direction_word(direction),
                entry.amount.minor(),
                entry.amount.currency().code(),
            ),
            |row| row.get(0),
        )?)
}

/// An advice of one payment has its parties and its purpose on itself.
fn payments(advice: &Entry) -> Vec<EntryDetail> {
    if !advice.details.is_empty() {
        return advice.details.clone();
    }
    vec![EntryDetail {
        amount: advice.amount,
        counterparty: advice.counterparty.clone(),
        purpose: advice.purpose.clone(),
        end_to_end_id: advice.end_to_end_id.clone(),
    }]
}
