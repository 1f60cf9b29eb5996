//! Money that went back: which entry a refund takes back, how much of it is left, and what the refund took out of invoices.
//!
//! A refund is a decision like any other, with the entry it takes back beside it. Its allocations name the decision they
//! take from, so that an invoice is never given back more than it had been given.

use chrono::NaiveDate;
use domain::{Allocation, Currency, Decision, DecisionId, Direction, EntryId, InvoiceId, Money};
use rusqlite::{Connection, OptionalExtension as _, Row, named_params};
use serde::Serialize;

use crate::{
    Ledger, LedgerEntry, StoreError,
    columns::{clamp, compact, day, money, whole},
    table::{
        entry::{self, EntryFacts},
        invoice,
    },
};

// `went_back` has a row a standing refund. The inbox is as before, with what went back taken into account.
pub(crate) const SCHEMA: &str = "
ALTER TABLE decision ADD COLUMN refund_of TEXT REFERENCES entry (id);
CREATE INDEX decision_refund_of ON decision (refund_of) WHERE refund_of IS NOT NULL;
ALTER TABLE allocation ADD COLUMN takes_from TEXT REFERENCES decision (id);
CREATE INDEX allocation_takes_from ON allocation (takes_from) WHERE takes_from IS NOT NULL;
ALTER TABLE proposal ADD COLUMN goes_back INTEGER NOT NULL DEFAULT 0 CHECK (goes_back IN (0, 1));
CREATE INDEX proposal_goes_back ON proposal (entry) WHERE goes_back = 1;
CREATE INDEX entry_counter_inn ON entry (counter_inn, direction, booked) WHERE counter_inn IS NOT NULL;
CREATE INDEX entry_counter_account ON entry (counter_account, direction, booked) WHERE counter_account <> '';
CREATE INDEX entry_counter_name ON entry (counter_name, direction, booked)
    WHERE counter_inn IS NULL AND counter_account = '';
CREATE VIEW went_back AS
    SELECT d.refund_of AS entry, d.id AS decision, e.id AS refund, e.booked, e.number, e.amount, e.currency
    FROM decision d JOIN entry e ON e.id = d.entry
    WHERE d.refund_of IS NOT NULL AND NOT EXISTS (SELECT 1 FROM reversal r WHERE r.decision = d.id);
CREATE VIEW taken_out AS
    SELECT a.takes_from, a.decision, a.invoice, a.amount, a.currency FROM allocation a
    WHERE a.takes_from IS NOT NULL AND NOT EXISTS (SELECT 1 FROM reversal r WHERE r.decision = a.decision);
DROP VIEW invoice_open;
CREATE VIEW invoice_open AS
    SELECT i.*, i.amount - coalesce((
        SELECT sum(CASE WHEN a.takes_from IS NULL THEN a.amount ELSE -a.amount END) FROM allocation a
        WHERE a.invoice = i.id AND NOT EXISTS (SELECT 1 FROM reversal r WHERE r.decision = a.decision)), 0) AS open
    FROM invoice i;
DROP VIEW inbox;
CREATE VIEW inbox AS
    SELECT e.seq, e.id, e.account, e.direction, e.booked, e.counter_name, e.counter_inn, e.amount, e.currency,
        e.purpose, e.number, d.id AS decision, d.refund_of, coalesce(d.automatic, 0) AS automatic, p.reason,
        CASE
            WHEN d.kind = 'allocated' OR d.refund_of IS NOT NULL THEN 'decided'
            WHEN d.kind = 'not_a_customers_payment' THEN 'not_customers'
            WHEN e.amount <= (SELECT sum(w.amount) FROM went_back w WHERE w.entry = e.id) THEN 'decided'
            WHEN p.verdict IN ('auto', 'review') THEN 'review'
            WHEN p.verdict = 'stranger' THEN 'not_customers'
            ELSE 'not_found'
        END AS state,
        CASE WHEN d.kind = 'allocated' AND e.direction = 'credit' THEN
            e.amount - coalesce((SELECT sum(w.amount) FROM went_back w WHERE w.entry = e.id), 0)
            - coalesce((SELECT sum(a.amount) FROM allocation a WHERE a.decision = d.id), 0)
            + coalesce((SELECT sum(t.amount) FROM taken_out t WHERE t.takes_from = d.id), 0)
        ELSE 0 END AS advance,
        coalesce((SELECT sum(w.amount) FROM went_back w WHERE w.entry = e.id), 0) AS went_back,
        (SELECT json_group_array(i.number) FROM allocation a JOIN invoice i ON i.id = a.invoice
            WHERE a.decision = d.id) AS invoice_numbers
    FROM entry e
    LEFT JOIN decision d ON d.entry = e.id AND NOT EXISTS (SELECT 1 FROM reversal r WHERE r.decision = d.id)
    LEFT JOIN proposal p ON p.entry = e.id;
";

/// Entries that take an earlier one back, or say so, and execute no order of ours: the debits of the inbox.
pub(crate) const GOING_BACK: &str = "SELECT p.entry FROM proposal p WHERE p.goes_back = 1
    AND NOT EXISTS (SELECT 1 FROM order_execution x WHERE x.entry = p.entry)
    UNION SELECT entry FROM decision WHERE refund_of IS NOT NULL";

/// A refund that stands, of some entry.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RefundRecord {
    pub decision: DecisionId,
    /// The entry the money went back by.
    pub entry: EntryId,
    pub booked: NaiveDate,
    pub number: Option<String>,
    pub amount: Money,
}

/// Debits that have to be looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DebitsToLookAt {
    /// Undecided ones that go back, as far as is known, or that were never looked at, by day and then by id.
    pub entries: Vec<LedgerEntry>,
    /// Later entries are new: what to ask with the next time.
    pub seen: u64,
}

/// Which earlier entries money may go back for.
#[derive(Debug, Clone, Copy)]
pub struct PastQuery<'a> {
    /// Of the earlier ones.
    pub direction: Direction,
    /// Who is on the other side, as it is written there; by name only where nothing else is known.
    pub inn: Option<&'a str>,
    pub account: Option<&'a str>,
    pub name: Option<&'a str>,
    pub until: NaiveDate,
    /// Of at least this sum.
    pub least: Money,
    /// The latest so many.
    pub limit: u64,
}

impl Ledger {
    /// Undecided debits that may take something back: those known to, and those after `seen` that nobody has looked at.
    /// What executes an order of ours takes nothing back.
    ///
    /// # Errors
    /// The ledger cannot be read.
    pub fn debits_to_look_at(&self, seen: u64) -> Result<DebitsToLookAt, StoreError> {
        self.read(|connection| {
            let blocked = self.blocked.get(connection)?;
            let last = connection
                .prepare_cached("SELECT coalesce(max(seq), 0) AS last FROM entry")?
                .query_row([], |row| row.get::<_, i64>("last"))?;
            let mut statement = connection.prepare_cached(&format!(
                "{SELECT} WHERE +e.direction = 'debit'
                   AND e.id IN ({GOING_BACK}
                       UNION SELECT n.id FROM entry n WHERE n.seq > ?1 AND +n.direction = 'debit'
                           AND NOT EXISTS (SELECT 1 FROM proposal known WHERE known.entry = n.id))
                   AND NOT EXISTS (SELECT 1 FROM live_decision d WHERE d.entry = e.id)
                   AND NOT EXISTS (SELECT 1 FROM order_execution x WHERE x.entry = e.id)
                 ORDER BY e.booked, e.id",
                SELECT = entry::SELECT
            ))?;
            let entries = statement
                .query_and_then([clamp(seen)], |row| entry::ledger_entry(row, &blocked))?
                .collect::<Result<_, _>>()?;
            Ok(DebitsToLookAt {
                entries,
                seen: whole(last)?,
            })
        })
    }

    /// What was said of debits that take nothing back is forgotten: whoever reads them otherwise looks at them anew.
    ///
    /// # Errors
    /// The ledger cannot be written to.
    pub fn forget_outgoing(&self) -> Result<(), StoreError> {
        self.write(|transaction| {
            transaction.execute(
                "DELETE FROM proposal WHERE goes_back = 0
                   AND EXISTS (SELECT 1 FROM entry e WHERE e.id = proposal.entry AND e.direction = 'debit')",
                [],
            )?;
            Ok(())
        })
    }

    /// Earlier entries that money may go back for, the latest first.
    ///
    /// # Errors
    /// The ledger cannot be read.
    pub fn past(&self, query: &PastQuery<'_>) -> Result<Vec<LedgerEntry>, StoreError> {
        let sides: &[(&str, Option<String>)] = &[
            ("e.counter_inn = :side", query.inn.map(str::to_owned)),
            (
                "e.counter_account = :side AND e.counter_account <> ''",
                query.account.map(compact).filter(|account| !account.is_empty()),
            ),
        ];
        let by_name = [(
            "e.counter_name = :side AND e.counter_inn IS NULL AND e.counter_account = ''",
            query.name.map(str::to_owned),
        )];
        let known = sides.iter().any(|(_, side)| side.is_some());
        let sides = if known { sides } else { &by_name };
        self.read(|connection| {
            let blocked = self.blocked.get(connection)?;
            let mut found: Vec<LedgerEntry> = Vec::new();
            for (condition, side) in sides {
                let Some(side) = side else { continue };
                let mut statement = connection.prepare_cached(&format!(
                    "{SELECT} WHERE {condition} AND e.direction = :direction AND e.booked <= :until
                       AND e.currency = :currency AND e.amount >= :least
                     ORDER BY e.booked DESC, e.id LIMIT :limit",
                    SELECT = entry::SELECT
                ))?;
                let mut rows = statement.query(named_params! {
                    ":side": side,
                    ":direction": entry::direction_word(query.direction),
                    ":until": query.until.to_string(),
                    ":currency": query.least.currency().code(),
                    ":least": query.least.minor(),
                    ":limit": clamp(query.limit),
                })?;
                while let Some(row) = rows.next()? {
                    let one = entry::ledger_entry(row, &blocked)?;
                    if found.iter().all(|known| known.id != one.id) {
                        found.push(one);
                    }
                }
            }
            Ok(found)
        })
    }

    /// What of a standing decision's allocations no refund has taken out, in their order.
    ///
    /// # Errors
    /// The ledger cannot be read.
    pub fn still_allocated(&self, decision: &DecisionId) -> Result<Vec<Allocation>, StoreError> {
        self.read(|connection| still_allocated(connection, decision))
    }

    /// By invoice, what standing refunds took out of it.
    ///
    /// # Errors
    /// The ledger cannot be read.
    pub fn taken_out(&self) -> Result<Vec<Allocation>, StoreError> {
        self.read(|connection| {
            connection
                .prepare_cached(
                    "SELECT invoice, sum(amount) AS amount, currency FROM taken_out GROUP BY invoice, currency",
                )?
                .query_and_then([], allocation)?
                .collect()
        })
    }
}

fn allocation(row: &Row<'_>) -> Result<Allocation, StoreError> {
    Ok(Allocation {
        invoice: InvoiceId::from(row.get::<_, String>("invoice")?),
        amount: money(row, "amount", "currency")?,
    })
}

/// Of an entry, the refunds that stand, the earliest first.
pub(crate) fn of_entry(connection: &Connection, entry: &EntryId) -> Result<Vec<RefundRecord>, StoreError> {
    connection
        .prepare_cached("SELECT * FROM went_back WHERE entry = ?1 ORDER BY booked, refund")?
        .query_and_then([entry.as_str()], |row| -> Result<_, StoreError> {
            let number: String = row.get("number")?;
            Ok(RefundRecord {
                decision: DecisionId(row.get("decision")?),
                entry: EntryId(row.get("refund")?),
                booked: day(row, "booked")?,
                number: (!number.is_empty()).then_some(number),
                amount: money(row, "amount", "currency")?,
            })
        })?
        .collect()
}

/// What standing refunds took back of an entry.
pub(crate) fn went_back(connection: &Connection, entry: &EntryId, currency: Currency) -> Result<Money, StoreError> {
    let minor: i64 = connection
        .prepare_cached("SELECT coalesce(sum(amount), 0) FROM went_back WHERE entry = ?1")?
        .query_row([entry.as_str()], |row| row.get(0))?;
    Ok(Money::from_minor(minor, currency))
}

fn still_allocated(connection: &Connection, decision: &DecisionId) -> Result<Vec<Allocation>, StoreError> {
    connection
        .prepare_cached(
            "SELECT invoice, left AS amount, currency FROM (
                 SELECT a.rowid AS at, a.invoice, a.currency, a.amount - coalesce((
                     SELECT sum(t.amount) FROM taken_out t WHERE t.takes_from = a.decision AND t.invoice = a.invoice), 0)
                     AS left
                 FROM allocation a WHERE a.decision = ?1 AND a.takes_from IS NULL)
             WHERE left > 0 ORDER BY at",
        )?
        .query_and_then([decision.as_str()], allocation)?
        .collect()
}

/// The decision that gave an entry to invoices and stands.
pub(crate) fn giving(connection: &Connection, entry: &EntryId) -> Result<Option<DecisionId>, StoreError> {
    Ok(connection
        .prepare_cached("SELECT id FROM live_decision WHERE entry = ?1 AND kind = 'allocated'")?
        .query_row([entry.as_str()], |row| row.get(0).map(DecisionId))
        .optional()?)
}

/// A standing refund that took something out of what this decision had given.
pub(crate) fn taking_from(connection: &Connection, decision: &DecisionId) -> Result<Option<DecisionId>, StoreError> {
    Ok(connection
        .prepare_cached("SELECT decision FROM taken_out WHERE takes_from = ?1 ORDER BY decision LIMIT 1")?
        .query_row([decision.as_str()], |row| row.get(0).map(DecisionId))
        .optional()?)
}

/// Whether the decision may take back what it says, and take out of invoices what it says.
pub(crate) fn check(
    connection: &Connection,
    decision: &Decision,
    of: &EntryId,
    facts: &EntryFacts,
) -> Result<(), StoreError> {
    let refused = || StoreError::NotARefund {
        entry: decision.entry.clone(),
        of: of.clone(),
    };
    let taken = entry::facts(connection, of)?;
    let executes: i64 = connection
        .prepare_cached("SELECT count(*) AS executes FROM order_execution WHERE entry = ?1")?
        .query_row([decision.entry.as_str()], |row| row.get("executes"))?;
    let sound = taken.direction != facts.direction
        && taken.amount.currency() == facts.amount.currency()
        && taken.booked <= facts.booked
        && facts.amount.is_positive()
        && executes == 0;
    if !sound {
        return Err(refused());
    }
    let left = taken
        .amount
        .checked_sub(went_back(connection, of, taken.amount.currency())?)?
        .checked_sub(facts.amount)?;
    if left.is_negative() {
        return Err(refused());
    }
    let given = match giving(connection, of)? {
        Some(giving) => still_allocated(connection, &giving)?,
        None => Vec::new(),
    };
    let mut still = Money::zero(facts.amount.currency());
    for one in &given {
        still = still.checked_add(one.amount)?;
    }
    let mut out = Money::zero(facts.amount.currency());
    for (at, one) in decision.allocations.iter().enumerate() {
        let twice = decision
            .allocations
            .iter()
            .take(at)
            .any(|other| other.invoice == one.invoice);
        if !one.amount.is_positive() || twice {
            return Err(StoreError::InvalidAllocation {
                invoice: one.invoice.clone(),
            });
        }
        let held = given
            .iter()
            .find(|given| given.invoice == one.invoice)
            .map(|given| given.amount);
        if held.is_none_or(|held| held.currency() != one.amount.currency() || held < one.amount) {
            return Err(StoreError::NotGiven {
                invoice: one.invoice.clone(),
            });
        }
        out = out.checked_add(one.amount)?;
    }
    // Neither more than went back, nor so little that invoices keep more than is left of the payment.
    if out > facts.amount || still.checked_sub(out)? > left {
        return Err(StoreError::EntryExceeded {
            entry: decision.entry.clone(),
            amount: facts.amount,
        });
    }
    Ok(())
}

/// Whether what a refund took out fits into its invoices again: another payment may have come in its place.
pub(crate) fn check_undo(connection: &Connection, decision: &Decision) -> Result<(), StoreError> {
    for one in &decision.allocations {
        let invoice = invoice::find(connection, &one.invoice)?.ok_or_else(|| invoice::not_found(&one.invoice))?;
        if one.amount > invoice.open {
            return Err(StoreError::OverAllocated {
                invoice: invoice.id,
                open: invoice.open,
            });
        }
    }
    Ok(())
}
