//! What statements declare about balances: kept as declared, and which of several declarations about the same days
//! holds. That is derived, and does not depend on the order of import: one made after the day was over before one made
//! during it, then the one that knew more entries, then the newer one.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use domain::{Currency, Money, Statement};
use rusqlite::{Connection, Row, named_params};

use crate::{
    StoreError,
    columns::{day, money_or_none, to_json},
};

pub(crate) const SCHEMA: &str = "
CREATE TABLE statement (
    seq INTEGER PRIMARY KEY,
    file INTEGER NOT NULL REFERENCES source_file (seq),
    account TEXT,
    bank TEXT,
    currency TEXT,
    period_from TEXT,
    period_to TEXT,
    body TEXT NOT NULL
) STRICT;
CREATE INDEX statement_account ON statement (account);
CREATE TABLE declared (
    statement INTEGER NOT NULL REFERENCES statement (seq),
    first TEXT NOT NULL,
    last TEXT NOT NULL,
    opening INTEGER,
    credits INTEGER,
    debits INTEGER,
    closing INTEGER,
    currency TEXT NOT NULL,
    over INTEGER NOT NULL,
    entries INTEGER NOT NULL
) STRICT;
CREATE INDEX declared_statement ON declared (statement);
CREATE TRIGGER statement_no_update BEFORE UPDATE ON statement BEGIN SELECT raise(ABORT, 'statement is append-only'); END;
CREATE TRIGGER statement_no_delete BEFORE DELETE ON statement BEGIN SELECT raise(ABORT, 'statement is append-only'); END;
CREATE TRIGGER declared_no_update BEFORE UPDATE ON declared BEGIN SELECT raise(ABORT, 'declared is append-only'); END;
CREATE TRIGGER declared_no_delete BEFORE DELETE ON declared BEGIN SELECT raise(ABORT, 'declared is append-only'); END;
";

/// A stretch of days and what one statement declares about it.
#[derive(Debug, Clone)]
pub(crate) struct Declared {
    pub first: NaiveDate,
    pub last: NaiveDate,
    pub opening: Option<Money>,
    pub credits: Option<Money>,
    pub debits: Option<Money>,
    pub closing: Option<Money>,
    /// The days were over when the statement was made: it goes on after them.
    over: bool,
    /// How many booked entries the statement had there.
    entries: i64,
    /// The first import of a file with this content.
    import: i64,
}

impl Declared {
    fn rank(&self) -> (bool, i64, i64) {
        (self.over, self.entries, self.import)
    }
}

fn declared(row: &Row<'_>) -> Result<Declared, StoreError> {
    Ok(Declared {
        first: day(row, "first")?,
        last: day(row, "last")?,
        opening: money_or_none(row, "opening", "currency")?,
        credits: money_or_none(row, "credits", "currency")?,
        debits: money_or_none(row, "debits", "currency")?,
        closing: money_or_none(row, "closing", "currency")?,
        over: row.get("over")?,
        entries: row.get("entries")?,
        import: row.get("import")?,
    })
}

/// What holds of an account, by the last day: of several declarations about the same days the one that knew most; and
/// none that stopped in the middle of a day where another goes on past it.
pub(crate) fn standing(
    connection: &Connection,
    account: &str,
    currency: Currency,
) -> Result<Vec<Declared>, StoreError> {
    let all = connection
        .prepare_cached(
            "SELECT d.*, (SELECT min(same.seq) FROM source_file same WHERE same.sha256 = f.sha256) AS import
             FROM declared d JOIN statement s ON s.seq = d.statement JOIN source_file f ON f.seq = s.file
             WHERE s.account = ?1 AND d.currency = ?2",
        )?
        .query_and_then((account, currency.code()), declared)?
        .collect::<Result<Vec<_>, _>>()?;
    Ok(choose(all))
}

fn choose(all: Vec<Declared>) -> Vec<Declared> {
    let mut best: BTreeMap<(NaiveDate, NaiveDate), Declared> = BTreeMap::new();
    for one in all {
        let place = best.entry((one.last, one.first)).or_insert_with(|| one.clone());
        if one.rank() > place.rank() {
            *place = one;
        }
    }
    let stretches: Vec<Declared> = best.into_values().collect();
    let superseded = |one: &Declared| {
        !one.over
            && stretches
                .iter()
                .any(|other| other.first <= one.last && one.last < other.last)
    };
    let mut standing: Vec<Declared> = stretches.iter().filter(|one| !superseded(one)).cloned().collect();
    standing.sort_by_key(|one| (one.last, one.first));
    standing
}

/// The row the next statement will have.
pub(crate) fn next_row(connection: &Connection) -> Result<i64, StoreError> {
    Ok(connection.query_row("SELECT coalesce(max(seq), 0) + 1 FROM statement", [], |row| row.get(0))?)
}

/// `account` is the one whose entries are booked: none for a file of orders, whatever account it names.
pub(crate) fn insert_statement(
    connection: &Connection,
    row: i64,
    file: i64,
    statement: &Statement,
    account: Option<&str>,
) -> Result<(), StoreError> {
    let told = statement.account.as_ref().filter(|_| account.is_some());
    connection
        .prepare_cached(
            "INSERT INTO statement (seq, file, account, bank, currency, period_from, period_to, body)
             VALUES (:seq, :file, :account, :bank, :currency, :period_from, :period_to, :body)",
        )?
        .execute(named_params! {
            ":seq": row,
            ":file": file,
            ":account": account,
            ":bank": told.and_then(|account| account.bank.as_deref()),
            ":currency": told.map(|account| account.currency.code().to_owned()),
            ":period_from": statement.period.map(|period| period.from.to_string()),
            ":period_to": statement.period.map(|period| period.to.to_string()),
            ":body": to_json(statement)?,
        })?;
    Ok(())
}

/// Keeps what a statement declares, once it is known how many entries it had on which day.
pub(crate) fn insert_declared(
    connection: &Connection,
    row: i64,
    statement: &Statement,
    entries: &BTreeMap<NaiveDate, i64>,
) -> Result<(), StoreError> {
    let Some(account) = &statement.account else {
        return Ok(());
    };
    let last_day = statement
        .period
        .map(|period| period.from.max(period.to))
        .into_iter()
        .chain(statement.days.iter().map(|day| day.date))
        .chain(entries.keys().next_back().copied())
        .max();
    let whole = || {
        let period = statement.period;
        let first = period.map(|period| period.from.min(period.to));
        let first = first.or_else(|| entries.keys().next().copied())?;
        Some(Declared {
            first,
            last: last_day?,
            opening: statement.opening,
            credits: statement.credits,
            debits: statement.debits,
            closing: statement.closing,
            over: false,
            entries: 0,
            import: 0,
        })
    };
    let by_day = statement.days.iter().map(|day| Declared {
        first: day.from.min(day.date),
        last: day.from.max(day.date),
        opening: day.opening,
        credits: day.credits,
        debits: day.debits,
        closing: day.closing,
        over: last_day.is_some_and(|last| day.date < last),
        entries: 0,
        import: 0,
    });
    let stretches: Vec<Declared> = if statement.days.is_empty() {
        whole().into_iter().collect()
    } else {
        by_day.collect()
    };
    let minor = |money: Option<Money>| money.map(Money::minor);
    for one in stretches {
        let counted: i64 = entries.range(one.first..=one.last).map(|(_, count)| count).sum();
        connection
            .prepare_cached(
                "INSERT INTO declared (statement, first, last, opening, credits, debits, closing, currency, over, entries)
                 VALUES (:statement, :first, :last, :opening, :credits, :debits, :closing, :currency, :over, :entries)",
            )?
            .execute(named_params! {
                ":statement": row,
                ":first": one.first.to_string(),
                ":last": one.last.to_string(),
                ":opening": minor(one.opening),
                ":credits": minor(one.credits),
                ":debits": minor(one.debits),
                ":closing": minor(one.closing),
                ":currency": account.currency.code(),
                ":over": one.over,
                ":entries": counted,
            })?;
    }
    Ok(())
}
