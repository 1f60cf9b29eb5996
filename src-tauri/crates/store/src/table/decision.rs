//! Decisions, their allocations, and how they are taken back: rows that are only ever added.

use std::collections::BTreeSet;

use domain::{
    Actor, Allocation, AuditEvent, Decision, DecisionId, DecisionKind, EntryId, Invoice, InvoiceId, InvoiceStatus,
    Message, MessageId, Money, Reversal, Timestamp,
};
use rusqlite::{Connection, OptionalExtension as _, Row, named_params};
use serde::Serialize;

use crate::{
    Ledger, LedgerEntry, StoreError,
    columns::{clamp, from_json, json, money, to_json},
    table::{
        audit,
        balance::Blocked,
        drift, entry, invoice,
        lesson::{self, Lesson},
        message, refund,
    },
};

pub(crate) const SCHEMA: &str = "
CREATE TABLE decision (
    seq INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    entry TEXT NOT NULL REFERENCES entry (id),
    kind TEXT NOT NULL CHECK (kind IN ('allocated', 'not_a_customers_payment')),
    actor TEXT NOT NULL,
    automatic INTEGER NOT NULL,
    evidence TEXT NOT NULL,
    at INTEGER NOT NULL
) STRICT;
CREATE INDEX decision_entry ON decision (entry);
CREATE TABLE allocation (
    decision TEXT NOT NULL REFERENCES decision (id),
    invoice TEXT NOT NULL REFERENCES invoice (id),
    amount INTEGER NOT NULL CHECK (amount > 0),
    currency TEXT NOT NULL,
    PRIMARY KEY (decision, invoice)
) STRICT;
CREATE INDEX allocation_invoice ON allocation (invoice);
CREATE TABLE reversal (
    decision TEXT PRIMARY KEY REFERENCES decision (id),
    actor TEXT NOT NULL,
    reason TEXT NOT NULL,
    at INTEGER NOT NULL
) STRICT;
CREATE VIEW live_decision AS
    SELECT * FROM decision d WHERE NOT EXISTS (SELECT 1 FROM reversal r WHERE r.decision = d.id);
CREATE VIEW invoice_open AS
    SELECT i.*, i.amount - coalesce((SELECT sum(a.amount) FROM allocation a
        WHERE a.invoice = i.id AND NOT EXISTS (SELECT 1 FROM reversal r WHERE r.decision = a.decision)), 0) AS open
    FROM invoice i;
CREATE TRIGGER decision_once BEFORE INSERT ON decision
    WHEN EXISTS (SELECT 1 FROM live_decision d WHERE d.entry = new.entry)
    BEGIN SELECT raise(ABORT, 'an entry has one live decision'); END;
CREATE TRIGGER decision_no_update BEFORE UPDATE ON decision BEGIN SELECT raise(ABORT, 'decision is append-only'); END;
CREATE TRIGGER decision_no_delete BEFORE DELETE ON decision BEGIN SELECT raise(ABORT, 'decision is append-only'); END;
CREATE TRIGGER allocation_no_update BEFORE UPDATE ON allocation BEGIN SELECT raise(ABORT, 'allocation is append-only'); END;
CREATE TRIGGER allocation_no_delete BEFORE DELETE ON allocation BEGIN SELECT raise(ABORT, 'allocation is append-only'); END;
CREATE TRIGGER reversal_no_update BEFORE UPDATE ON reversal BEGIN SELECT raise(ABORT, 'reversal is append-only'); END;
CREATE TRIGGER reversal_no_delete BEFORE DELETE ON reversal BEGIN SELECT raise(ABORT, 'reversal is append-only'); END;
";

/// A decision, and how it was taken back where it was.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct DecisionRecord {
    pub decision: Decision,
    pub reversal: Option<Reversal>,
}

/// An entry with the decision about it that stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ConfirmedEntry {
    pub entry: LedgerEntry,
    pub decision: Decision,
}

/// What undoing a decision did to the queue.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct ReversalReport {
    /// Messages that will not be sent (again).
    pub withdrawn: Vec<MessageId>,
    /// Messages that take back what the CRM has, or may have, seen.
    pub queued: Vec<MessageId>,
}

impl Ledger {
    /// Rules about an entry: the decision, its allocations, what the CRM must be told and the audit event, at once.
    ///
    /// # Errors
    /// The entry is decided already, or blocked against automatic decisions; it is no credit and is given to invoices; a
    /// sum that is not positive, in another currency, or more than is left of the entry or the invoice has open; a refund
    /// of more than is left of what it takes back, or out of invoices that were not given it.
    pub fn record_decision(
        &self,
        decision: &Decision,
        messages: &[Message],
        event: &AuditEvent,
    ) -> Result<(), StoreError> {
        self.record_decision_telling(decision, |_| messages.to_vec(), event)
    }

    /// As [`Ledger::record_decision`]; what to tell depends on the invoices as they stand in this very transaction,
    /// before the decision and in the order of its allocations: of two payments that share an invoice, the one that
    /// comes second must know that it settles it.
    ///
    /// # Errors
    /// As [`Ledger::record_decision`].
    pub fn record_decision_telling(
        &self,
        decision: &Decision,
        tell: impl FnOnce(&[Invoice]) -> Vec<Message>,
        event: &AuditEvent,
    ) -> Result<(), StoreError> {
        self.record_decision_teaching(decision, tell, |_| None, event)
    }

    /// As [`Ledger::record_decision_telling`]; what it teaches depends on the same invoices and is kept with it.
    ///
    /// # Errors
    /// As [`Ledger::record_decision`].
    pub fn record_decision_teaching(
        &self,
        decision: &Decision,
        tell: impl FnOnce(&[Invoice]) -> Vec<Message>,
        teach: impl FnOnce(&[Invoice]) -> Option<Lesson>,
        event: &AuditEvent,
    ) -> Result<(), StoreError> {
        self.write(|transaction| {
            check(transaction, decision, &*self.blocked.get(transaction)?)?;
            let mut invoices = Vec::with_capacity(decision.allocations.len());
            for allocation in &decision.allocations {
                invoices.extend(invoice::find(transaction, &allocation.invoice)?);
            }
            insert(transaction, decision)?;
            for message in tell(&invoices) {
                message::insert(transaction, &message)?;
            }
            if matches!(decision.kind, DecisionKind::Refund { .. }) {
                drift::settled(transaction, &decision.id, &decision.actor, decision.at)?;
            }
            if let Some(lesson) = teach(&invoices) {
                lesson::insert(transaction, &decision.id, &lesson)?;
            }
            audit::append(transaction, event.clone())?;
            Ok(())
        })
    }

    /// Takes a decision back. Its messages that certainly never reached the CRM are withdrawn, and those of `messages`
    /// that would undo them are not queued; whatever may have reached the CRM is delivered first and undone after. Only
    /// a parked one that may have reached it is withdrawn too, or its lane would stand for ever: what undoes it looks
    /// for itself at what the CRM holds.
    ///
    /// # Errors
    /// There is no such decision, or it is undone already; a refund that stands takes from it; it is a refund, and what it
    /// took out of an invoice has come from elsewhere since.
    pub fn record_reversal(
        &self,
        reversal: &Reversal,
        messages: &[Message],
        event: &AuditEvent,
    ) -> Result<ReversalReport, StoreError> {
        self.write(|transaction| {
            let id = &reversal.decision;
            let known = find(transaction, id)?.ok_or_else(|| StoreError::NotFound {
                what: "decision",
                id: id.0.clone(),
            })?;
            if known.reversal.is_some() {
                return Err(StoreError::AlreadyReversed { decision: id.clone() });
            }
            if let Some(refund) = refund::taking_from(transaction, id)? {
                return Err(StoreError::RefundStands {
                    decision: id.clone(),
                    refund,
                });
            }
            if matches!(known.decision.kind, DecisionKind::Refund { .. }) {
                refund::check_undo(transaction, &known.decision)?;
            }
            transaction
                .prepare_cached("INSERT INTO reversal (decision, actor, reason, at) VALUES (?1, ?2, ?3, ?4)")?
                .execute((id.as_str(), to_json(&reversal.actor)?, &reversal.reason, reversal.at.0))?;
            lesson::undone(transaction, id, reversal.at)?;
            drift::settled(transaction, id, &reversal.actor, reversal.at)?;
            let withdrawn = message::withdraw(transaction, id)?;
            let mut report = ReversalReport::default();
            for message in messages {
                let undone = message::undoes(message).and_then(|undone| withdrawn.iter().find(|one| one.id == *undone));
                if undone.is_some_and(|undone| undone.unseen) {
                    continue;
                }
                message::insert(transaction, message)?;
                if let Some(due) = undone.and_then(|undone| undone.due) {
                    message::wait_until(transaction, &message.id, due)?;
                }
                report.queued.push(message.id.clone());
            }
            report.withdrawn = withdrawn.into_iter().map(|one| one.id).collect();
            audit::append(transaction, event.clone())?;
            Ok(report)
        })
    }

    /// # Errors
    /// The ledger cannot be read.
    pub fn decision(&self, id: &DecisionId) -> Result<Option<DecisionRecord>, StoreError> {
        self.read(|connection| find(connection, id))
    }

    /// Entries with decisions that stand, refunds left out, by day and then by id; of more than `limit`, those decided
    /// last.
    ///
    /// # Errors
    /// The ledger cannot be read.
    pub fn confirmed(&self, limit: u64) -> Result<Vec<ConfirmedEntry>, StoreError> {
        self.read(|connection| {
            let ids: Vec<(String, String)> = connection
                .prepare_cached(
                    "SELECT e.id, d.id FROM (
                         SELECT * FROM live_decision WHERE refund_of IS NULL ORDER BY seq DESC LIMIT ?1) d
                     JOIN entry e ON e.id = d.entry ORDER BY e.booked, e.id",
                )?
                .query_and_then([clamp(limit)], |row| -> Result<_, StoreError> {
                    Ok((row.get(0)?, row.get(1)?))
                })?
                .collect::<Result<_, _>>()?;
            let blocked = self.blocked.get(connection)?;
            let mut confirmed = Vec::with_capacity(ids.len());
            for (entry, decision) in ids {
                let entry = entry::find(connection, &EntryId(entry), &blocked)?;
                let decision = find(connection, &DecisionId(decision))?.map(|record| record.decision);
                confirmed.extend(
                    entry
                        .zip(decision)
                        .map(|(entry, decision)| ConfirmedEntry { entry, decision }),
                );
            }
            Ok(confirmed)
        })
    }

    /// The latest decision of a person that stands: what «undo» means.
    ///
    /// # Errors
    /// The ledger cannot be read.
    pub fn last_decision(&self) -> Result<Option<Decision>, StoreError> {
        self.read(|connection| {
            let id: Option<String> = connection
                .prepare_cached("SELECT id FROM live_decision WHERE automatic = 0 ORDER BY seq DESC LIMIT 1")?
                .query_row([], |row| row.get(0))
                .optional()?;
            let found = id.map_or(Ok(None), |id| find(connection, &DecisionId(id)))?;
            Ok(found.map(|record| record.decision))
        })
    }
}

fn check(connection: &Connection, decision: &Decision, blocked: &Blocked) -> Result<(), StoreError> {
    let facts = entry::facts(connection, &decision.entry)?;
    if facts.direction != "credit" && decision.kind == DecisionKind::Allocated {
        return Err(StoreError::NotACredit {
            entry: decision.entry.clone(),
        });
    }
    if find(connection, &decision.id)?.is_some() {
        return Err(StoreError::Exists {
            what: "decision",
            id: decision.id.0.clone(),
        });
    }
    if let Some(live) = of_entry(connection, &decision.entry)?
        .into_iter()
        .find(|made| made.reversal.is_none())
    {
        return Err(StoreError::EntryAlreadyDecided {
            entry: decision.entry.clone(),
            decision: live.decision.id,
        });
    }
    if is_automatic(&decision.actor)
        && let Some(from) = blocked.get(&facts.account)
        && facts.booked >= *from
    {
        return Err(StoreError::AccountBlocked {
            account: facts.account,
            from: *from,
        });
    }
    match &decision.kind {
        DecisionKind::Allocated => {
            let back = refund::went_back(connection, &decision.entry, facts.amount.currency())?;
            check_allocations(connection, decision, facts.amount.checked_sub(back)?)
        }
        DecisionKind::NotACustomersPayment if decision.allocations.is_empty() => Ok(()),
        DecisionKind::NotACustomersPayment => Err(StoreError::AllocationsNotExpected),
        DecisionKind::Refund { of } => refund::check(connection, decision, of, &facts),
    }
}

fn check_allocations(connection: &Connection, decision: &Decision, amount: Money) -> Result<(), StoreError> {
    let mut seen = BTreeSet::new();
    let mut total = Money::zero(amount.currency());
    for Allocation {
        invoice: id,
        amount: part,
    } in &decision.allocations
    {
        if !part.is_positive() || !seen.insert(id) {
            return Err(StoreError::InvalidAllocation { invoice: id.clone() });
        }
        let invoice = invoice::find(connection, id)?.ok_or_else(|| invoice::not_found(id))?;
        if part.currency() != amount.currency() || invoice.amount.currency() != amount.currency() {
            return Err(StoreError::CurrencyMismatch { invoice: id.clone() });
        }
        if invoice.status == InvoiceStatus::Cancelled {
            return Err(StoreError::InvoiceCancelled { invoice: id.clone() });
        }
        if *part > invoice.open {
            return Err(StoreError::OverAllocated {
                invoice: id.clone(),
                open: invoice.open,
            });
        }
        total = total.checked_add(*part)?;
    }
    if total > amount {
        return Err(StoreError::EntryExceeded {
            entry: decision.entry.clone(),
            amount,
        });
    }
    Ok(())
}

fn is_automatic(actor: &Actor) -> bool {
    matches!(actor, Actor::Rule { .. } | Actor::Program)
}

fn insert(connection: &Connection, decision: &Decision) -> Result<(), StoreError> {
    // A refund pays no invoice either: what it takes back stands beside the kind.
    let (kind, refund_of) = match &decision.kind {
        DecisionKind::Allocated => ("allocated", None),
        DecisionKind::NotACustomersPayment => ("not_a_customers_payment", None),
        DecisionKind::Refund { of } => ("not_a_customers_payment", Some(of)),
    };
    let takes_from = refund_of.map_or(Ok(None), |of| refund::giving(connection, of))?;
    connection
        .prepare_cached(
            "INSERT INTO decision (id, entry, kind, refund_of, actor, automatic, evidence, at)
             VALUES (:id, :entry, :kind, :refund_of, :actor, :automatic, :evidence, :at)",
        )?
        .execute(named_params! {
            ":id": decision.id.as_str(),
            ":entry": decision.entry.as_str(),
            ":kind": kind,
            ":refund_of": refund_of.map(EntryId::as_str),
            ":actor": to_json(&decision.actor)?,
            ":automatic": is_automatic(&decision.actor),
            ":evidence": decision.evidence,
            ":at": decision.at.0,
        })?;
    for Allocation { invoice, amount } in &decision.allocations {
        connection
            .prepare_cached(
                "INSERT INTO allocation (decision, invoice, amount, currency, takes_from) VALUES (?1, ?2, ?3, ?4, ?5)",
            )?
            .execute((
                decision.id.as_str(),
                invoice.as_str(),
                amount.minor(),
                amount.currency().code(),
                takes_from.as_ref().map(DecisionId::as_str),
            ))?;
    }
    Ok(())
}

const SELECT: &str = "SELECT d.*, r.actor AS undone_by, r.reason AS undone_why, r.at AS undone_at
    FROM decision d LEFT JOIN reversal r ON r.decision = d.id";

pub(crate) fn find(connection: &Connection, id: &DecisionId) -> Result<Option<DecisionRecord>, StoreError> {
    connection
        .prepare_cached(&format!("{SELECT} WHERE d.id = ?1"))?
        .query_and_then([id.as_str()], |row| record(connection, row))?
        .next()
        .transpose()
}

/// Every decision about an entry, the oldest first.
pub(crate) fn of_entry(connection: &Connection, entry: &EntryId) -> Result<Vec<DecisionRecord>, StoreError> {
    connection
        .prepare_cached(&format!("{SELECT} WHERE d.entry = ?1 ORDER BY d.seq"))?
        .query_and_then([entry.as_str()], |row| record(connection, row))?
        .collect()
}

fn record(connection: &Connection, row: &Row<'_>) -> Result<DecisionRecord, StoreError> {
    let id = DecisionId(row.get("id")?);
    let kind: String = row.get("kind")?;
    let refund_of: Option<String> = row.get("refund_of")?;
    let allocations = connection
        .prepare_cached("SELECT * FROM allocation WHERE decision = ?1 ORDER BY rowid")?
        .query_and_then([id.as_str()], |row| -> Result<_, StoreError> {
            Ok(Allocation {
                invoice: InvoiceId::from(row.get::<_, String>("invoice")?),
                amount: money(row, "amount", "currency")?,
            })
        })?
        .collect::<Result<_, _>>()?;
    let undone_by: Option<String> = row.get("undone_by")?;
    let reversal = undone_by
        .map(|actor| -> Result<Reversal, StoreError> {
            Ok(Reversal {
                decision: id.clone(),
                actor: from_json(&actor)?,
                at: Timestamp(row.get("undone_at")?),
                reason: row.get("undone_why")?,
            })
        })
        .transpose()?;
    Ok(DecisionRecord {
        decision: Decision {
            id,
            entry: EntryId(row.get("entry")?),
            kind: match (refund_of, kind.as_str()) {
                (Some(of), _) => DecisionKind::Refund { of: EntryId(of) },
                (None, "allocated") => DecisionKind::Allocated,
                (None, _) => DecisionKind::NotACustomersPayment,
            },
            allocations,
            actor: json(row, "actor")?,
            at: Timestamp(row.get("at")?),
            evidence: row.get("evidence")?,
        },
        reversal,
    })
}
