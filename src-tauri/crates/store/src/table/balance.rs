//! What statements declared about balances, and whether the ledger's entries bear it out.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, PoisonError},
};

use chrono::NaiveDate;
use domain::{Actor, AuditEvent, Currency, DayCheck, Money, Proof, Timestamp};
use rusqlite::Connection;
use serde::Serialize;

use crate::{
    Ledger, StoreError,
    columns::{compact, currency_of, day, to_json},
    table::{
        audit,
        declared::{self, Declared},
    },
};

pub(crate) const SCHEMA: &str = "
CREATE TABLE released (
    account TEXT NOT NULL,
    day TEXT NOT NULL,
    difference INTEGER NOT NULL,
    actor TEXT NOT NULL,
    at INTEGER NOT NULL
) STRICT;
CREATE INDEX released_account ON released (account);
CREATE TRIGGER released_no_update BEFORE UPDATE ON released BEGIN SELECT raise(ABORT, 'released is append-only'); END;
CREATE TRIGGER released_no_delete BEFORE DELETE ON released BEGIN SELECT raise(ABORT, 'released is append-only'); END;
";

/// One day (or a stretch of days the bank speaks of as one) of an account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct DayProof {
    pub from: NaiveDate,
    /// The last day.
    pub date: NaiveDate,
    pub opening: Option<Money>,
    pub credits: Option<Money>,
    pub debits: Option<Money>,
    pub closing: Option<Money>,
    /// What the ledger's own entries come to.
    pub counted_credits: Money,
    pub counted_debits: Money,
    pub proof: Proof,
    /// A person has said go about this very difference.
    pub released: bool,
}

/// An account over everything the ledger knows of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AccountProof {
    pub account: String,
    pub bank: Option<String>,
    pub currency: Currency,
    pub first_day: Option<NaiveDate>,
    pub last_day: Option<NaiveDate>,
    /// The last declared closing balance.
    pub closing: Option<Money>,
    pub days: Vec<DayProof>,
    /// From this day on nothing is decided automatically.
    pub blocked_from: Option<NaiveDate>,
    /// Something did not add up, and a person said go.
    pub released: bool,
}

impl Ledger {
    /// Every account a statement was imported of, by number.
    ///
    /// # Errors
    /// The ledger cannot be read.
    pub fn account_proofs(&self) -> Result<Vec<AccountProof>, StoreError> {
        self.read(|connection| {
            accounts(connection)?
                .iter()
                .map(|account| proof_of(connection, account))
                .collect()
        })
    }

    /// The accounts this ledger has statements of.
    ///
    /// # Errors
    /// The ledger cannot be read.
    pub fn own_accounts(&self) -> Result<Vec<String>, StoreError> {
        self.read(accounts)
    }

    /// A person says go although the balances do not add up: every difference up to this day, as it now is.
    ///
    /// # Errors
    /// Nothing is broken up to this day.
    pub fn release_account(
        &self,
        account: &str,
        day: NaiveDate,
        actor: &Actor,
        at: Timestamp,
    ) -> Result<(), StoreError> {
        self.write(|transaction| {
            let account = compact(account);
            let proof = proof_of(transaction, &account)?;
            let mut differences = Vec::new();
            for (broken, difference) in proof.days.iter().filter(|known| !known.released).filter_map(broken_day) {
                if broken <= day {
                    differences.push(serde_json::json!({ "day": broken, "difference": difference.decimal() }));
                    transaction.execute(
                        "INSERT INTO released (account, day, difference, actor, at) VALUES (?1, ?2, ?3, ?4, ?5)",
                        (&account, broken.to_string(), difference.minor(), to_json(actor)?, at.0),
                    )?;
                }
            }
            if differences.is_empty() {
                return Err(StoreError::NotFound {
                    what: "broken day",
                    id: format!("{account} {day}"),
                });
            }
            audit::append(
                transaction,
                AuditEvent {
                    at,
                    actor: actor.clone(),
                    action: "account.released".to_owned(),
                    subject: account,
                    body: to_json(&differences)?,
                },
            )?;
            Ok(())
        })
    }
}

fn broken_day(day: &DayProof) -> Option<(NaiveDate, Money)> {
    match &day.proof {
        Proof::Broken {
            day: broken,
            difference,
        } => Some((broken.unwrap_or(day.date), *difference)),
        Proof::Proven | Proof::Silent => None,
    }
}

/// Accounts where nothing is decided automatically, and from which day on.
pub(crate) type Blocked = BTreeMap<String, NaiveDate>;

/// The last rows of everything the balances depend on. Those tables only grow, so the same last rows mean the same answer.
type Seen = (i64, i64, i64);

/// Proving a long history takes a walk over it, and every automatic decision asks.
#[derive(Debug, Default)]
pub(crate) struct BlockedCache(Mutex<Option<(Seen, Arc<Blocked>)>>);

impl BlockedCache {
    pub(crate) fn get(&self, connection: &Connection) -> Result<Arc<Blocked>, StoreError> {
        let seen: Seen = connection
            .prepare_cached(
                "SELECT coalesce((SELECT max(seq) FROM entry), 0), coalesce((SELECT max(rowid) FROM declared), 0),
                    coalesce((SELECT max(rowid) FROM released), 0)",
            )?
            .query_row([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?;
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((of, blocked)) = kept.as_ref()
            && *of == seen
        {
            return Ok(Arc::clone(blocked));
        }
        let blocked = Arc::new(blocked_accounts(connection)?);
        *kept = Some((seen, Arc::clone(&blocked)));
        Ok(blocked)
    }
}

fn blocked_accounts(connection: &Connection) -> Result<Blocked, StoreError> {
    let mut blocked = Blocked::new();
    for account in accounts(connection)? {
        if let Some(from) = proof_of(connection, &account)?.blocked_from {
            blocked.insert(account, from);
        }
    }
    Ok(blocked)
}

fn accounts(connection: &Connection) -> Result<Vec<String>, StoreError> {
    connection
        .prepare_cached("SELECT DISTINCT account FROM statement WHERE account IS NOT NULL ORDER BY account")?
        .query_and_then([], |row| Ok(row.get(0)?))?
        .collect()
}

/// The ledger's own sums by day: credits and debits.
struct Sums {
    currency: Currency,
    by_day: BTreeMap<NaiveDate, (Money, Money)>,
}

impl Sums {
    fn of(connection: &Connection, account: &str, currency: Currency) -> Result<Self, StoreError> {
        let mut by_day: BTreeMap<NaiveDate, (Money, Money)> = BTreeMap::new();
        let mut statement = connection.prepare_cached(
            "SELECT booked, direction, sum(amount) AS amount FROM entry
             WHERE account = ?1 AND currency = ?2 GROUP BY booked, direction",
        )?;
        let mut rows = statement.query((account, currency.code()))?;
        while let Some(row) = rows.next()? {
            let zero = Money::zero(currency);
            let sums = by_day.entry(day(row, "booked")?).or_insert((zero, zero));
            let amount = Money::from_minor(row.get("amount")?, currency);
            match row.get_ref("direction")?.as_str() {
                Ok("credit") => sums.0 = amount,
                _ => sums.1 = amount,
            }
        }
        Ok(Self { currency, by_day })
    }

    fn between(&self, first: NaiveDate, last: NaiveDate) -> Result<(Money, Money), StoreError> {
        let zero = Money::zero(self.currency);
        if first > last {
            return Ok((zero, zero));
        }
        let mut total = (zero, zero);
        for (credits, debits) in self.by_day.range(first..=last).map(|(_, sums)| sums) {
            total = (total.0.checked_add(*credits)?, total.1.checked_add(*debits)?);
        }
        Ok(total)
    }
}

fn proof_of(connection: &Connection, account: &str) -> Result<AccountProof, StoreError> {
    let (bank, currency): (Option<String>, String) = connection
        .prepare_cached(
            "SELECT bank, currency FROM statement WHERE account = ?1 AND currency IS NOT NULL
             ORDER BY bank IS NULL, seq DESC LIMIT 1",
        )?
        .query_row([account], |row| Ok((row.get(0)?, row.get(1)?)))?;
    let currency = currency_of(&currency)?;
    let sums = Sums::of(connection, account, currency)?;
    let released = releases(connection, account)?;
    let standing = declared::standing(connection, account, currency)?;
    let mut days = Vec::with_capacity(standing.len());
    for one in &standing {
        days.push(day_proof(one, &standing, &sums, &released)?);
    }
    let blocked_from = days
        .iter()
        .filter(|day| !day.released)
        .filter_map(broken_day)
        .map(|(day, _)| day)
        .min();
    Ok(AccountProof {
        account: account.to_owned(),
        bank,
        currency,
        first_day: days.iter().map(|day| day.from).min(),
        last_day: days.iter().map(|day| day.date).max(),
        closing: days.iter().rev().find_map(|day| day.closing),
        released: days.iter().any(|day| day.released),
        blocked_from,
        days,
    })
}

/// The stretch by itself first, then its opening against the last closing known before it.
fn day_proof(
    one: &Declared,
    standing: &[Declared],
    sums: &Sums,
    released: &[(NaiveDate, i64)],
) -> Result<DayProof, StoreError> {
    let (counted_credits, counted_debits) = sums.between(one.first, one.last)?;
    let check = DayCheck {
        date: Some(one.last),
        opening: one.opening,
        closing: one.closing,
        credits: one.credits,
        debits: one.debits,
        counted_credits,
        counted_debits,
    };
    let mut proof = check.proof();
    let chained = if matches!(proof, Proof::Broken { .. }) {
        None
    } else {
        chain_difference(one, standing, sums)?
    };
    if let Some(difference) = chained {
        proof = Proof::Broken {
            day: Some(one.first),
            difference,
        };
    }
    let mut day = DayProof {
        from: one.first,
        date: one.last,
        opening: one.opening,
        credits: one.credits,
        debits: one.debits,
        closing: one.closing,
        counted_credits,
        counted_debits,
        proof,
        released: false,
    };
    day.released =
        broken_day(&day).is_some_and(|(broken, difference)| released.contains(&(broken, difference.minor())));
    Ok(day)
}

/// Opening less the last closing before it. Entries between the two (from a statement silent about balances) count.
fn chain_difference(one: &Declared, standing: &[Declared], sums: &Sums) -> Result<Option<Money>, StoreError> {
    let Some(opening) = one.opening else { return Ok(None) };
    let before = standing
        .iter()
        .filter(|other| other.last < one.first)
        .filter_map(|other| other.closing.map(|closing| (other.last, closing)))
        .max_by_key(|(last, _)| *last);
    let Some((last, closing)) = before else { return Ok(None) };
    let next_day = last.succ_opt().unwrap_or(last);
    let day_before = one.first.pred_opt().unwrap_or(one.first);
    let (credits, debits) = sums.between(next_day, day_before)?;
    let expected = closing.checked_add(credits)?.checked_sub(debits)?;
    let difference = opening.checked_sub(expected)?;
    Ok((!difference.is_zero()).then_some(difference))
}

fn releases(connection: &Connection, account: &str) -> Result<Vec<(NaiveDate, i64)>, StoreError> {
    connection
        .prepare_cached("SELECT day, difference FROM released WHERE account = ?1")?
        .query_and_then([account], |row| Ok((day(row, "day")?, row.get("difference")?)))?
        .collect()
}
