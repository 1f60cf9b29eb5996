//! Bringing one file into the ledger: one transaction, all or nothing, nothing twice, nothing lost.

use std::{
    collections::{BTreeMap, HashMap},
    path::Path,
    sync::MutexGuard,
};

use chrono::NaiveDate;
use domain::{
    Actor, AuditEvent, Content, Direction, Entry, EntryId, EntryIdentity, EntryKey, EntryStatus, Money, Statement,
    Timestamp,
};
use rusqlite::Connection;
use serde::{Deserialize, Serialize};

use crate::{
    FileOutcome, Ledger, StoreError,
    columns::{compact, from_json, to_json, whole, words},
    table::{
        advice, asked, audit, declared,
        entry::{self, EntryFacts, Likeness, NewEntry},
        file,
    },
};

/// A file as it was found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SourceFile {
    pub name: String,
    /// Of the bytes, lower-case hexadecimal.
    pub sha256: String,
    /// In bytes.
    pub size: u64,
    /// `onec`, `mt940`, `camt`: what tells one source of the same days from another.
    pub format: String,
    pub encoding: String,
    pub content: Content,
}

/// A statement of the running import.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct StatementRow(usize);

/// What became of an entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Booked {
    New(EntryId),
    Known(EntryId),
    Asked(EntryAsked),
    /// An advice of a payment: kept beside the entry it tells of.
    Advice,
    /// Orders, pending lines, lines of nobody's statement.
    NotBooked,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct EntryAsked {
    pub id: u64,
    pub reason: AskedReason,
}

words! {
    /// Why an entry waits for a person.
    AskedReason {
        /// The file does not let it be told whether money came or went.
        NoDirection = "no_direction",
        /// Another kind of file has told of this day, and has no such entry.
        OtherSource = "other_source",
        /// The bank's reference is known, with another sum or day.
        DiffersFromKnown = "differs_from_known",
        /// The sum is negative, which no entry's is.
        NegativeAmount = "negative_amount",
    }
}

/// What an import brought.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct ImportReport {
    pub file_id: u64,
    pub entries_new: u64,
    pub entries_known: u64,
    pub entries_asked: u64,
    pub entries_not_booked: u64,
    /// What came in with the new entries, one sum a currency.
    pub credited: Vec<Money>,
    pub new_credits: u64,
    /// Of the new credits, the first in the file.
    pub first_credit: Option<EntryId>,
    /// The accounts the file is a statement of.
    pub accounts: Vec<String>,
}

impl ImportReport {
    pub(crate) fn of_file(file_id: u64) -> Self {
        Self {
            file_id,
            ..Self::default()
        }
    }

    fn credit(&mut self, id: &EntryId, amount: Money) -> Result<(), StoreError> {
        self.new_credits += 1;
        self.first_credit.get_or_insert_with(|| id.clone());
        match self.credited.iter_mut().find(|sum| sum.currency() == amount.currency()) {
            Some(sum) => *sum = sum.checked_add(amount)?,
            None => self.credited.push(amount),
        }
        Ok(())
    }
}

/// A running import. It holds the ledger's writer; dropped without [`Import::commit`], nothing of it stays.
#[derive(Debug)]
pub struct Import<'a> {
    connection: MutexGuard<'a, Connection>,
    folder: &'a Path,
    source: SourceFile,
    file: i64,
    at: Timestamp,
    statements: Vec<Progress>,
    /// Whether another format has told of an account's day.
    told: HashMap<(String, NaiveDate), bool>,
    diagnostics: String,
    report: ImportReport,
}

#[derive(Debug)]
struct Progress {
    row: i64,
    /// As far as it is known.
    statement: Statement,
    /// The number without blanks; `None`: nothing of it is booked.
    account: Option<String>,
    entries: BTreeMap<NaiveDate, i64>,
}

impl Ledger {
    /// Begins one import. Other writers wait until it is committed or dropped.
    ///
    /// # Errors
    /// The ledger cannot be written to.
    pub fn begin_import(&self, source: &SourceFile, at: Timestamp) -> Result<Import<'_>, StoreError> {
        let connection = self.lock_writer();
        let begun = || -> Result<i64, StoreError> {
            connection.execute_batch(
                // Entries come before all of their statement is known.
                "BEGIN IMMEDIATE;
                 PRAGMA defer_foreign_keys = ON;
                 CREATE TEMP TABLE IF NOT EXISTS counted (key TEXT PRIMARY KEY, n INTEGER NOT NULL) WITHOUT ROWID, STRICT;
                 DELETE FROM temp.counted;",
            )?;
            file::insert(&connection, source, at)
        };
        match begun() {
            Ok(file) => Ok(Import {
                folder: self.folder(),
                source: source.clone(),
                file,
                at,
                statements: Vec::new(),
                told: HashMap::new(),
                diagnostics: "[]".to_owned(),
                report: ImportReport::of_file(whole(file)?),
                connection,
            }),
            Err(error) => {
                roll_back(&connection);
                Err(error.located(self.folder()))
            }
        }
    }
}

impl Import<'_> {
    /// Begins a statement; its entries follow. Its account must be known by now, its balances may come with
    /// [`Import::end`].
    ///
    /// # Errors
    /// The ledger cannot be written to.
    pub fn statement(&mut self, statement: &Statement) -> Result<StatementRow, StoreError> {
        self.begin_statement(statement)
            .map_err(|error| error.located(self.folder))
    }

    fn begin_statement(&mut self, statement: &Statement) -> Result<StatementRow, StoreError> {
        self.check_running()?;
        let is_statement = self.source.content == Content::Statement && statement.content == Content::Statement;
        let account = statement
            .account
            .as_ref()
            .filter(|_| is_statement)
            .map(|account| compact(&account.number));
        let row = match self.statements.last() {
            Some(before) => before.row + 1,
            None => declared::next_row(&self.connection)?,
        };
        if let Some(account) = &account
            && !self.report.accounts.contains(account)
        {
            self.report.accounts.push(account.clone());
        }
        self.statements.push(Progress {
            row,
            statement: statement.clone(),
            account,
            entries: BTreeMap::new(),
        });
        Ok(StatementRow(self.statements.len() - 1))
    }

    /// Ends a statement with all that it declares.
    ///
    /// # Errors
    /// A statement of another import.
    pub fn end(&mut self, statement: StatementRow, declared: &Statement) -> Result<(), StoreError> {
        self.progress(statement)?.statement = declared.clone();
        Ok(())
    }

    fn progress(&mut self, statement: StatementRow) -> Result<&mut Progress, StoreError> {
        self.statements
            .get_mut(statement.0)
            .ok_or_else(|| StoreError::NotFound {
                what: "statement",
                id: statement.0.to_string(),
            })
    }

    /// Books an entry, or says why not.
    ///
    /// # Errors
    /// The ledger cannot be written to; a statement of another import.
    pub fn entry(&mut self, statement: StatementRow, entry: &Entry) -> Result<Booked, StoreError> {
        let booked = self
            .book(statement, entry)
            .map_err(|error| error.located(self.folder))?;
        let count = match &booked {
            Booked::New(_) => &mut self.report.entries_new,
            Booked::Known(_) => &mut self.report.entries_known,
            Booked::Asked(_) => &mut self.report.entries_asked,
            Booked::Advice | Booked::NotBooked => &mut self.report.entries_not_booked,
        };
        *count += 1;
        Ok(booked)
    }

    fn book(&mut self, statement: StatementRow, entry: &Entry) -> Result<Booked, StoreError> {
        self.check_running()?;
        let progress = self.progress(statement)?;
        let row = progress.row;
        let Some(account) = progress.account.clone() else {
            return Ok(Booked::NotBooked);
        };
        match (entry.status, entry.direction) {
            (EntryStatus::Booked, _) => {}
            (EntryStatus::Info, Some(direction)) if !entry.amount.is_negative() => {
                let key = EntryKey::of(&account, entry);
                let occurrence = self.count(&format!("advice:{}", key.as_str()))?;
                let identity = EntryIdentity { key, occurrence };
                advice::insert(&self.connection, row, &account, &identity, direction, entry)?;
                return Ok(Booked::Advice);
            }
            (EntryStatus::Info | EntryStatus::Pending, _) => return Ok(Booked::NotBooked),
        }
        let progress = self.progress(statement)?;
        *progress.entries.entry(entry.booked).or_default() += 1;
        let identity = self.identify(&account, entry)?;
        let ask = |import: &Self, reason| import.ask(row, &account, &identity, reason, entry);
        let Some(direction) = entry.direction else {
            return ask(self, AskedReason::NoDirection);
        };
        if entry.amount.is_negative() {
            return ask(self, AskedReason::NegativeAmount);
        }
        if let Some((id, known)) = entry::of_identity(&self.connection, &identity)? {
            return if is_the_same(&known, entry) {
                Ok(Booked::Known(id))
            } else {
                ask(self, AskedReason::DiffersFromKnown)
            };
        }
        if self.told_by_another_format(&account, entry.booked)? {
            let likeness = Likeness {
                account: &account,
                direction,
                entry,
            };
            let n = self.count(&format!("like:{}", likeness.counter_key()))?;
            return match likeness.nth(&self.connection, n)? {
                Some(id) => Ok(Booked::Known(id)),
                None => ask(self, AskedReason::OtherSource),
            };
        }
        let new = NewEntry {
            identity: &identity,
            statement: row,
            format: &self.source.format,
            account: &account,
            direction,
            entry,
        };
        let id = entry::insert(&self.connection, &new)?;
        if direction == Direction::Credit {
            self.report.credit(&id, entry.amount)?;
        }
        Ok(Booked::New(id))
    }

    fn ask(
        &self,
        statement: i64,
        account: &str,
        identity: &EntryIdentity,
        reason: AskedReason,
        entry: &Entry,
    ) -> Result<Booked, StoreError> {
        let id = asked::insert(&self.connection, statement, account, identity, reason, entry, self.at)?;
        Ok(match asked::ruling(&self.connection, id)? {
            None => Booked::Asked(EntryAsked { id, reason }),
            Some(Some(booked)) => Booked::Known(booked),
            Some(None) => Booked::NotBooked,
        })
    }

    /// The reader's diagnostics of the file, as JSON.
    ///
    /// # Errors
    /// It is not JSON.
    pub fn diagnostics(&mut self, json: &str) -> Result<(), StoreError> {
        let _well_formed: serde::de::IgnoredAny = from_json(json)?;
        json.clone_into(&mut self.diagnostics);
        Ok(())
    }

    /// Makes all of it last.
    ///
    /// # Errors
    /// The ledger cannot be written to: then nothing of the file is in it.
    pub fn commit(mut self, at: Timestamp) -> Result<ImportReport, StoreError> {
        self.finish(at).map_err(|error| error.located(self.folder))?;
        Ok(std::mem::take(&mut self.report))
    }

    fn finish(&mut self, at: Timestamp) -> Result<(), StoreError> {
        self.check_running()?;
        for progress in &self.statements {
            let (row, account) = (progress.row, progress.account.as_deref());
            declared::insert_statement(&self.connection, row, self.file, &progress.statement, account)?;
            if account.is_some() && !progress.statement.provisional {
                declared::insert_declared(&self.connection, row, &progress.statement, &progress.entries)?;
            }
        }
        file::finish(
            &self.connection,
            self.file,
            FileOutcome::Imported,
            "",
            &self.report,
            &self.diagnostics,
            at,
        )?;
        let body = to_json(&serde_json::json!({ "name": self.source.name, "report": self.report }))?;
        audit::append(
            &self.connection,
            AuditEvent {
                at,
                actor: Actor::Program,
                action: "file.imported".to_owned(),
                subject: self.source.sha256.clone(),
                body,
            },
        )?;
        self.connection.execute_batch("COMMIT")?;
        Ok(())
    }

    /// Which of the entries alike in this file it is.
    fn identify(&self, account: &str, entry: &Entry) -> Result<EntryIdentity, StoreError> {
        let key = EntryKey::of(account, entry);
        let occurrence = self.count(key.as_str())?;
        Ok(EntryIdentity { key, occurrence })
    }

    /// Counts in a table, not in memory: a file may have any number of entries.
    fn count(&self, key: &str) -> Result<u32, StoreError> {
        Ok(self
            .connection
            .prepare_cached(
                "INSERT INTO temp.counted (key, n) VALUES (?1, 1) ON CONFLICT (key) DO UPDATE SET n = n + 1 RETURNING n",
            )?
            .query_row([key], |row| row.get(0))?)
    }

    fn told_by_another_format(&mut self, account: &str, day: NaiveDate) -> Result<bool, StoreError> {
        let place = (account.to_owned(), day);
        if let Some(told) = self.told.get(&place) {
            return Ok(*told);
        }
        // What this import adds is of its own format, so the answer holds to its end.
        let told = entry::told_by_another_format(&self.connection, account, day, &self.source.format)?;
        self.told.insert(place, told);
        Ok(told)
    }

    /// SQLite ends a transaction by itself when the disk is full: nothing more may be written then, since each row
    /// would last on its own.
    fn check_running(&self) -> Result<(), StoreError> {
        if self.connection.is_autocommit() {
            return Err(StoreError::ImportBroken);
        }
        Ok(())
    }
}

/// An entry found by its identity is the same unless the bank used a reference for something else.
fn is_the_same(known: &EntryFacts, entry: &Entry) -> bool {
    known.amount == entry.amount && known.booked == entry.booked
}

impl Drop for Import<'_> {
    fn drop(&mut self) {
        roll_back(&self.connection);
    }
}

fn roll_back(connection: &Connection) {
    if !connection.is_autocommit() {
        // Where even this fails, the connection stays in the transaction, and the next write says so.
        let _unreported = connection.execute_batch("ROLLBACK");
    }
}
