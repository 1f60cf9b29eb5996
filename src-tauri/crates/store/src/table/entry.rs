//! Booked lines: each once, by its counted identity.

use chrono::NaiveDate;
use domain::{Direction, Entry, EntryDetail, EntryId, EntryIdentity, Money, PaymentId, identity};
use rusqlite::{Connection, OptionalExtension as _, Row, named_params};
use serde::Serialize;

use crate::{
    DecisionRecord, Ledger, MessageRecord, StoreError, Verdict,
    columns::{compact, json, money, to_json},
    search,
    table::{
        advice,
        balance::Blocked,
        decision, message,
        refund::{self, RefundRecord},
    },
};

// `entry_booked` holds the id so that counting the inbox finds an entry's rulings without its long row.
pub(crate) const SCHEMA: &str = "
CREATE TABLE entry (
    seq INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    payment TEXT NOT NULL,
    identity INTEGER NOT NULL,
    key TEXT NOT NULL,
    occurrence INTEGER NOT NULL CHECK (occurrence > 0),
    statement INTEGER NOT NULL REFERENCES statement (seq),
    format TEXT NOT NULL,
    account TEXT NOT NULL,
    direction TEXT NOT NULL CHECK (direction IN ('credit', 'debit')),
    amount INTEGER NOT NULL CHECK (amount >= 0),
    currency TEXT NOT NULL,
    booked TEXT NOT NULL,
    number TEXT NOT NULL,
    document_date TEXT,
    counter_account TEXT NOT NULL,
    counter_inn TEXT,
    counter_name TEXT,
    purpose TEXT NOT NULL,
    body TEXT NOT NULL
) STRICT;
CREATE INDEX entry_day ON entry (account, booked, direction, amount, currency, format);
CREATE INDEX entry_booked ON entry (direction, booked, seq, id);
CREATE TRIGGER entry_no_update BEFORE UPDATE ON entry BEGIN SELECT raise(ABORT, 'entry is append-only'); END;
CREATE TRIGGER entry_no_delete BEFORE DELETE ON entry BEGIN SELECT raise(ABORT, 'entry is append-only'); END;
CREATE VIRTUAL TABLE entry_search USING fts5 (words, content = '', prefix = '2 3', tokenize = 'unicode61 remove_diacritics 0');
";

/// An entry as the ledger holds it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LedgerEntry {
    pub id: EntryId,
    pub payment: PaymentId,
    /// The account whose statement it is in.
    pub account: String,
    pub entry: Entry,
    /// A decision about it was undone: it is a person's now.
    pub undone: bool,
    /// The balances of its account do not add up at its day: nothing is decided automatically.
    pub blocked: bool,
    /// What refunds that stand took back of it.
    pub went_back: Money,
}

impl LedgerEntry {
    /// What refunds that stand have left of it.
    #[must_use]
    pub fn left(&self) -> Money {
        // No refund is let in beyond it.
        let amount = self.entry.amount;
        amount
            .checked_sub(self.went_back)
            .unwrap_or(Money::zero(amount.currency()))
    }
}

/// Everything about one entry.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct EntryRecord {
    pub ledger_entry: LedgerEntry,
    /// The payments it is made of, where its statement or an advice of the bank tells.
    pub details: Vec<EntryDetail>,
    /// The name of the file it first came in.
    pub file: String,
    pub verdict: Option<Verdict>,
    pub reason: Option<String>,
    pub proposal_json: Option<String>,
    /// The decision that stands.
    pub decision: Option<DecisionRecord>,
    /// Every decision ever made about it, the oldest first, with how it was taken back.
    pub history: Vec<DecisionRecord>,
    /// What the CRM was told of it, in the order of the queue.
    pub messages: Vec<MessageRecord>,
    /// Refunds of it that stand, the earliest first.
    pub refunds: Vec<RefundRecord>,
}

impl Ledger {
    /// Incoming payments nobody has ruled on and that did not go back as a whole, by day and then by id.
    ///
    /// # Errors
    /// The ledger cannot be read.
    pub fn undecided_credits(&self) -> Result<Vec<LedgerEntry>, StoreError> {
        self.read(|connection| {
            let blocked = self.blocked.get(connection)?;
            let mut statement = connection.prepare_cached(&format!(
                "{SELECT} WHERE e.direction = 'credit'
                   AND NOT EXISTS (SELECT 1 FROM live_decision d WHERE d.entry = e.id)
                   AND NOT e.amount <= coalesce((SELECT sum(w.amount) FROM went_back w WHERE w.entry = e.id), -1)
                 ORDER BY e.booked, e.id"
            ))?;
            statement
                .query_and_then([], |row| ledger_entry(row, &blocked))?
                .collect()
        })
    }

    /// # Errors
    /// The ledger cannot be read.
    pub fn entry_record(&self, id: &EntryId) -> Result<Option<EntryRecord>, StoreError> {
        self.read(|connection| {
            let blocked = self.blocked.get(connection)?;
            let found = connection
                .prepare_cached(&format!("{SELECT} WHERE e.id = ?1"))?
                .query_and_then([id.as_str()], |row| -> Result<_, StoreError> {
                    let verdict: Option<String> = row.get("verdict")?;
                    Ok(EntryRecord {
                        ledger_entry: ledger_entry(row, &blocked)?,
                        details: Vec::new(),
                        file: row.get("file_name")?,
                        verdict: verdict.as_deref().and_then(Verdict::parse),
                        reason: row.get("reason")?,
                        proposal_json: row.get("proposal")?,
                        decision: None,
                        history: Vec::new(),
                        messages: Vec::new(),
                        refunds: Vec::new(),
                    })
                })?
                .next()
                .transpose()?;
            let Some(mut record) = found else { return Ok(None) };
            record.details = advice::details_of(connection, &record.ledger_entry)?;
            record.history = decision::of_entry(connection, id)?;
            record.decision = record.history.iter().find(|made| made.reversal.is_none()).cloned();
            record.messages = message::of_entry(connection, id)?;
            record.refunds = refund::of_entry(connection, id)?;
            Ok(Some(record))
        })
    }

    /// Every entry of the ledger's id, in order: what two ledgers are compared by.
    ///
    /// # Errors
    /// The ledger cannot be read.
    pub fn entry_ids(&self) -> Result<Vec<EntryId>, StoreError> {
        self.read(|connection| {
            let mut statement = connection.prepare_cached("SELECT id FROM entry ORDER BY id")?;
            statement.query_and_then([], |row| Ok(EntryId(row.get(0)?)))?.collect()
        })
    }

    /// Outgoing payments since a day that execute no order of ours yet, by day and then by id.
    ///
    /// # Errors
    /// The ledger cannot be read.
    pub fn debits_since(&self, day: NaiveDate) -> Result<Vec<LedgerEntry>, StoreError> {
        self.read(|connection| {
            let blocked = self.blocked.get(connection)?;
            let mut statement = connection.prepare_cached(&format!(
                "{SELECT} WHERE e.direction = 'debit' AND e.booked >= ?1
                   AND NOT EXISTS (SELECT 1 FROM order_execution x WHERE x.entry = e.id)
                 ORDER BY e.booked, e.id"
            ))?;
            statement
                .query_and_then([day.to_string()], |row| ledger_entry(row, &blocked))?
                .collect()
        })
    }

    /// Debits that look like the execution of an order and are claimed by no other, by day and then by id. Leading
    /// zeros of the number say nothing; a statement may be silent about the document's date.
    ///
    /// # Errors
    /// The ledger cannot be read.
    pub fn find_debit(
        &self,
        account: &str,
        number: &str,
        document_date: NaiveDate,
        amount: Money,
        counter_account: &str,
    ) -> Result<Vec<EntryId>, StoreError> {
        self.read(|connection| {
            let mut statement = connection.prepare_cached(
                "SELECT e.id FROM entry e
                 WHERE e.account = :account AND e.direction = 'debit' AND e.amount = :amount AND e.currency = :currency
                   AND ltrim(e.number, '0') = ltrim(:number, '0')
                   AND (e.document_date IS NULL OR e.document_date = :document_date)
                   AND e.counter_account = :counter_account
                   AND NOT EXISTS (SELECT 1 FROM order_execution x WHERE x.entry = e.id)
                 ORDER BY e.booked, e.id",
            )?;
            let found = statement.query_and_then(
                named_params! {
                    ":account": compact(account),
                    ":amount": amount.minor(),
                    ":currency": amount.currency().code(),
                    ":number": number.trim(),
                    ":document_date": document_date.to_string(),
                    ":counter_account": compact(counter_account),
                },
                |row| Ok(EntryId(row.get(0)?)),
            )?;
            found.collect()
        })
    }
}

pub(crate) const SELECT: &str = "SELECT e.*, p.verdict, p.reason, p.body AS proposal, f.name AS file_name,
       coalesce((SELECT sum(w.amount) FROM went_back w WHERE w.entry = e.id), 0) AS went_back,
       EXISTS (SELECT 1 FROM decision d JOIN reversal r ON r.decision = d.id WHERE d.entry = e.id) AS undone
    FROM entry e
    JOIN statement s ON s.seq = e.statement
    JOIN source_file f ON f.seq = s.file
    LEFT JOIN proposal p ON p.entry = e.id";

pub(crate) fn find(
    connection: &Connection,
    id: &EntryId,
    blocked: &Blocked,
) -> Result<Option<LedgerEntry>, StoreError> {
    connection
        .prepare_cached(&format!("{SELECT} WHERE e.id = ?1"))?
        .query_and_then([id.as_str()], |row| ledger_entry(row, blocked))?
        .next()
        .transpose()
}

pub(crate) fn ledger_entry(row: &Row<'_>, blocked: &Blocked) -> Result<LedgerEntry, StoreError> {
    let account: String = row.get("account")?;
    let entry: Entry = json(row, "body")?;
    let blocked = blocked.get(&account).is_some_and(|from| entry.booked >= *from);
    Ok(LedgerEntry {
        id: EntryId(row.get("id")?),
        payment: PaymentId(row.get("payment")?),
        account,
        entry,
        undone: row.get("undone")?,
        blocked,
        went_back: money(row, "went_back", "currency")?,
    })
}

pub(crate) fn direction_word(direction: Direction) -> &'static str {
    match direction {
        Direction::Credit => "credit",
        Direction::Debit => "debit",
    }
}

pub(crate) fn direction_of(word: &str) -> Option<Direction> {
    match word {
        "credit" => Some(Direction::Credit),
        "debit" => Some(Direction::Debit),
        _ => None,
    }
}

/// What a decision and an order need to know of an entry.
pub(crate) struct EntryFacts {
    pub account: String,
    pub direction: String,
    pub amount: Money,
    pub booked: NaiveDate,
}

pub(crate) fn facts(connection: &Connection, id: &EntryId) -> Result<EntryFacts, StoreError> {
    connection
        .prepare_cached("SELECT account, direction, amount, currency, booked FROM entry WHERE id = ?1")?
        .query_and_then([id.as_str()], facts_of)?
        .next()
        .transpose()?
        .ok_or_else(|| StoreError::NotFound {
            what: "entry",
            id: id.0.clone(),
        })
}

fn facts_of(row: &Row<'_>) -> Result<EntryFacts, StoreError> {
    Ok(EntryFacts {
        account: row.get("account")?,
        direction: row.get("direction")?,
        amount: money(row, "amount", "currency")?,
        booked: crate::columns::day(row, "booked")?,
    })
}

/// The entry of this identity, where the ledger has it. The id is the identity's hash, so one index serves both.
pub(crate) fn of_identity(
    connection: &Connection,
    identity: &EntryIdentity,
) -> Result<Option<(EntryId, EntryFacts)>, StoreError> {
    connection
        .prepare_cached("SELECT id, account, direction, amount, currency, booked FROM entry WHERE id = ?1")?
        .query_and_then([identity.entry_id().as_str()], |row| {
            Ok((EntryId(row.get("id")?), facts_of(row)?))
        })?
        .next()
        .transpose()
}

/// Whether another kind of file has already told of this account and day.
pub(crate) fn told_by_another_format(
    connection: &Connection,
    account: &str,
    day: NaiveDate,
    format: &str,
) -> Result<bool, StoreError> {
    Ok(connection
        .prepare_cached("SELECT EXISTS (SELECT 1 FROM entry WHERE account = ?1 AND booked = ?2 AND format <> ?3)")?
        .query_row((account, day.to_string(), format), |row| row.get(0))?)
}

/// What entries of different sources are compared by.
pub(crate) struct Likeness<'a> {
    pub account: &'a str,
    pub direction: Direction,
    pub entry: &'a Entry,
}

impl Likeness<'_> {
    pub fn counter_key(&self) -> String {
        let amount = self.entry.amount.minor().to_string();
        domain::audit::hash_of(&[
            self.account,
            direction_word(self.direction),
            &self.entry.booked.to_string(),
            &amount,
            self.entry.amount.currency().code(),
            number_of(self.entry),
            &counter_account_of(self.entry),
        ])
    }

    /// The n-th entry like this, counted from 1 in a fixed order.
    pub fn nth(&self, connection: &Connection, n: u32) -> Result<Option<EntryId>, StoreError> {
        Ok(connection
            .prepare_cached(
                "SELECT id FROM entry
                 WHERE account = :account AND booked = :booked AND direction = :direction AND amount = :amount
                   AND currency = :currency AND number = :number AND counter_account = :counter_account
                 ORDER BY id LIMIT 1 OFFSET :before",
            )?
            .query_row(
                named_params! {
                    ":account": self.account,
                    ":booked": self.entry.booked.to_string(),
                    ":direction": direction_word(self.direction),
                    ":amount": self.entry.amount.minor(),
                    ":currency": self.entry.amount.currency().code(),
                    ":number": number_of(self.entry),
                    ":counter_account": counter_account_of(self.entry),
                    ":before": n.saturating_sub(1),
                },
                |row| row.get(0).map(EntryId),
            )
            .optional()?)
    }
}

fn number_of(entry: &Entry) -> &str {
    entry.number.as_deref().unwrap_or("").trim()
}

fn counter_account_of(entry: &Entry) -> String {
    compact(entry.counterparty.account.as_deref().unwrap_or(""))
}

/// An entry on its way into the ledger.
pub(crate) struct NewEntry<'a> {
    pub identity: &'a EntryIdentity,
    pub statement: i64,
    pub format: &'a str,
    pub account: &'a str,
    pub direction: Direction,
    pub entry: &'a Entry,
}

pub(crate) fn insert(connection: &Connection, new: &NewEntry<'_>) -> Result<EntryId, StoreError> {
    let id = new.identity.entry_id();
    let entry = new.entry;
    let party = &entry.counterparty;
    connection
        .prepare_cached(
            "INSERT INTO entry (id, payment, identity, key, occurrence, statement, format, account, direction, amount,
                 currency, booked, number, document_date, counter_account, counter_inn, counter_name, purpose, body)
             VALUES (:id, :payment, :identity, :key, :occurrence, :statement, :format, :account, :direction, :amount,
                 :currency, :booked, :number, :document_date, :counter_account, :counter_inn, :counter_name, :purpose, :body)",
        )?
        .execute(named_params! {
            ":id": id.as_str(),
            ":payment": new.identity.payment_id().as_str(),
            ":identity": identity::VERSION,
            ":key": new.identity.key.as_str(),
            ":occurrence": new.identity.occurrence,
            ":statement": new.statement,
            ":format": new.format,
            ":account": new.account,
            ":direction": direction_word(new.direction),
            ":amount": entry.amount.minor(),
            ":currency": entry.amount.currency().code(),
            ":booked": entry.booked.to_string(),
            ":number": number_of(entry),
            ":document_date": entry.document_date.map(|date| date.to_string()),
            ":counter_account": counter_account_of(entry),
            ":counter_inn": party.inn.as_deref(),
            ":counter_name": party.name,
            ":purpose": entry.purpose,
            ":body": to_json(entry)?,
        })?;
    let words = [
        party.name.as_deref().unwrap_or(""),
        &entry.purpose,
        party.inn.as_deref().unwrap_or(""),
        number_of(entry),
        &entry.amount.decimal(),
    ]
    .join(" ");
    connection
        .prepare_cached("INSERT INTO entry_search (rowid, words) VALUES (?1, ?2)")?
        .execute((connection.last_insert_rowid(), search::fold(&words)))?;
    Ok(id)
}
