//! What somebody changed in the CRM after our write, and what was said to it. Rows are only ever added: a new change is a
//! new row, and so is every word to it.

use std::collections::BTreeMap;

use domain::{
    Actor, DecisionId, Drift, Invoice, InvoiceId, Message, Money, Operation, PaymentId, PaymentStatus, Receipt,
    Timestamp, Written,
};
use rusqlite::{Connection, Row};
use serde::Serialize;

use crate::{
    Ledger, MessageState, StoreError,
    columns::{count, from_json, json, to_json, whole, word, words},
    table::{audit, invoice, message},
};

pub(crate) const SCHEMA: &str = "
CREATE TABLE drift (
    seq INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    invoice TEXT NOT NULL REFERENCES invoice (id),
    body TEXT NOT NULL,
    at INTEGER NOT NULL
) STRICT;
CREATE INDEX drift_invoice ON drift (invoice);
CREATE TABLE drift_ruling (
    seq INTEGER PRIMARY KEY,
    drift TEXT NOT NULL REFERENCES drift (id),
    ruling TEXT NOT NULL CHECK (ruling IN ('left', 'written_again', 'undone', 'later', 'ended', 'replaced')),
    actor TEXT NOT NULL,
    at INTEGER NOT NULL
) STRICT;
CREATE INDEX drift_ruling_drift ON drift_ruling (drift);
CREATE VIEW drift_now AS
    SELECT d.*, (SELECT r.ruling FROM drift_ruling r WHERE r.drift = d.id ORDER BY r.seq DESC LIMIT 1) AS ruling
    FROM drift d;
CREATE VIEW drift_open AS SELECT * FROM drift_now WHERE ruling IS NULL OR ruling = 'later';
CREATE TRIGGER drift_no_update BEFORE UPDATE ON drift BEGIN SELECT raise(ABORT, 'drift is append-only'); END;
CREATE TRIGGER drift_no_delete BEFORE DELETE ON drift BEGIN SELECT raise(ABORT, 'drift is append-only'); END;
CREATE TRIGGER drift_ruling_no_update BEFORE UPDATE ON drift_ruling BEGIN SELECT raise(ABORT, 'drift_ruling is append-only'); END;
CREATE TRIGGER drift_ruling_no_delete BEFORE DELETE ON drift_ruling BEGIN SELECT raise(ABORT, 'drift_ruling is append-only'); END;
";

words! {
    /// What was said to a drift.
    DriftRuling {
        /// The CRM is right.
        Left = "left",
        /// We are right: what is recorded is on its way once more.
        WrittenAgain = "written_again",
        /// The decision it rested on was taken back.
        Undone = "undone",
        /// Not now. It stays open.
        Later = "later",
        /// The invoice is as our write left it again.
        Ended = "ended",
        /// Somebody changed it further: another row tells.
        Replaced = "replaced",
    }
}

/// What our writes left in an invoice, with nothing on its way to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WrittenInvoice {
    pub written: Written,
    /// The last message of its lane: where another has come since, what was looked at is old.
    pub last: u64,
}

/// An invoice that was compared with what our writes left in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DriftLook {
    /// For the row that may become of it.
    pub id: String,
    pub invoice: InvoiceId,
    /// As in [`WrittenInvoice`].
    pub last: u64,
    /// Empty: it is as we left it.
    pub drifts: Vec<Drift>,
}

/// A drift that waits for a person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct DriftRecord {
    pub id: String,
    pub invoice: Invoice,
    pub drifts: Vec<Drift>,
    /// When it was found.
    pub at: Timestamp,
    /// A person put it off.
    pub later: bool,
}

impl Ledger {
    /// What our writes left in these invoices (in all without a list), where it may be compared with the CRM: where money
    /// of a decision that stands was delivered, and no message is on its way or set aside.
    ///
    /// # Errors
    /// The ledger cannot be read.
    pub fn written(&self, of: Option<&[InvoiceId]>) -> Result<Vec<WrittenInvoice>, StoreError> {
        const SELECT: &str = "SELECT m.seq, m.lane, m.body, s.state, s.receipt,
                EXISTS (SELECT 1 FROM live_decision d WHERE d.id = m.decision) AS stands
            FROM message m JOIN message_state s ON s.message = m.id";
        self.read(|connection| {
            let mut lanes: BTreeMap<String, Lane> = BTreeMap::new();
            match of {
                None => {
                    let mut statement = connection.prepare_cached(&format!("{SELECT} ORDER BY m.seq"))?;
                    gather(&mut lanes, statement.query([])?)?;
                }
                Some(invoices) => {
                    let mut statement =
                        connection.prepare_cached(&format!("{SELECT} WHERE m.lane = ?1 ORDER BY m.seq"))?;
                    for invoice in invoices {
                        gather(&mut lanes, statement.query([invoice.as_str()])?)?;
                    }
                }
            }
            Ok(lanes.into_values().filter_map(Lane::written).collect())
        })
    }

    /// Drifts that wait for a person: those put off last, the oldest first.
    ///
    /// # Errors
    /// The ledger cannot be read.
    pub fn drifts(&self) -> Result<Vec<DriftRecord>, StoreError> {
        self.read(|connection| {
            let mut statement =
                connection.prepare_cached("SELECT * FROM drift_open ORDER BY ruling IS NOT NULL, seq")?;
            statement.query_and_then([], |row| record(connection, row))?.collect()
        })
    }

    /// One that waits for a person.
    ///
    /// # Errors
    /// There is no such drift, or it is settled.
    pub fn drift(&self, id: &str) -> Result<DriftRecord, StoreError> {
        self.read(|connection| open(connection, id))
    }

    /// How many drifts wait for a person, those put off left out.
    ///
    /// # Errors
    /// The ledger cannot be read.
    pub fn drifts_waiting(&self) -> Result<u64, StoreError> {
        self.read(|connection| {
            let mut statement = connection.prepare_cached("SELECT count(*) FROM drift_open WHERE ruling IS NULL")?;
            whole(statement.query_row([], |row| row.get(0))?)
        })
    }

    /// A person says what is to be done; what must be written again is queued in the same transaction.
    ///
    /// # Errors
    /// There is no such drift, or it is settled.
    pub fn rule_drift(
        &self,
        id: &str,
        ruling: DriftRuling,
        messages: &[Message],
        actor: &Actor,
        at: Timestamp,
    ) -> Result<(), StoreError> {
        self.write(|transaction| {
            let drift = open(transaction, id)?;
            for message in messages {
                message::insert(transaction, message)?;
            }
            rule(transaction, (id, &drift.invoice.id), ruling, actor, at)
        })
    }
}

/// What the messages of one invoice come to.
#[derive(Default)]
struct Lane {
    busy: bool,
    last: u64,
    told: Option<Told>,
    /// By its code: what of it settles the invoice.
    payments: BTreeMap<PaymentId, Money>,
    settles: bool,
}

/// As the last delivery left it.
struct Told {
    invoice: InvoiceId,
    number: String,
    stage: Option<String>,
    asked: Option<Money>,
}

fn gather(lanes: &mut BTreeMap<String, Lane>, mut rows: rusqlite::Rows<'_>) -> Result<(), StoreError> {
    while let Some(row) = rows.next()? {
        let lane = lanes.entry(row.get("lane")?).or_default();
        lane.last = count(row, "seq")?;
        let state = word(row, "state", MessageState::parse)?;
        match state {
            MessageState::Delivered => {}
            MessageState::Withdrawn => continue,
            MessageState::Queued | MessageState::InFlight | MessageState::Parked => {
                lane.busy = true;
                continue;
            }
        }
        let receipt: Option<String> = row.get("receipt")?;
        let receipt: Receipt = receipt.as_deref().map(from_json).transpose()?.unwrap_or_default();
        let message: Message = json(row, "body")?;
        lane.take(&message.operation, receipt, row.get("stands")?);
    }
    Ok(())
}

impl Lane {
    fn take(&mut self, operation: &Operation, receipt: Receipt, stands: bool) {
        // What is asked of people and tidied up leaves the invoice as it is.
        if !operation.moves() {
            return;
        }
        let before = self.told.take();
        self.told = Some(Told {
            invoice: operation.invoice().clone(),
            number: operation.invoice_number().to_owned(),
            stage: receipt.stage_after.or_else(|| before.as_ref()?.stage.clone()),
            asked: receipt.asked.or_else(|| before.as_ref()?.asked),
        });
        match operation {
            Operation::RecordPayment {
                payment,
                amount,
                settles,
                ..
            } if stands => {
                self.payments.insert(payment.clone(), *amount);
                self.settles |= settles;
            }
            Operation::RecordPayment { .. }
            | Operation::MarkStatus { .. }
            | Operation::AskResponsible { .. }
            | Operation::RemoveRepeats { .. } => {}
            Operation::ReversePayment {
                payment,
                amount,
                partly,
                ..
            } => {
                self.settles = false;
                match self.payments.get_mut(payment) {
                    Some(left) if *partly => *left = left.checked_sub(*amount).unwrap_or(*left),
                    _ => {
                        self.payments.remove(payment);
                    }
                }
            }
            Operation::RestorePayment {
                payment,
                amount,
                status,
                ..
            } => {
                // A payment whose own decision was undone since comes back with a message that takes it out again.
                let held = self
                    .payments
                    .get(payment)
                    .and_then(|left| left.checked_add(*amount).ok());
                self.payments.insert(payment.clone(), held.unwrap_or(*amount));
                self.settles = *status == PaymentStatus::Paid;
            }
        }
    }

    fn written(self) -> Option<WrittenInvoice> {
        let told = self.told.filter(|_| !self.busy && !self.payments.is_empty())?;
        let mut sums = self.payments.values().copied();
        let paid = sums
            .next()
            .and_then(|first| sums.try_fold(first, |paid, one| paid.checked_add(one).ok()));
        // Of a receipt that does not know what was asked for, what was meant when it was written is taken.
        let settled = match (told.asked, paid) {
            (Some(asked), Some(paid)) => paid >= asked,
            _ => self.settles,
        };
        Some(WrittenInvoice {
            written: Written {
                invoice: told.invoice,
                number: told.number,
                amount: told.asked,
                settled,
                stage: told.stage,
                payments: self.payments.into_keys().collect(),
            },
            last: self.last,
        })
    }
}

/// Keeps what a look found; `true`: it is new.
pub(crate) fn take(connection: &Connection, look: &DriftLook, at: Timestamp) -> Result<bool, StoreError> {
    let (last, busy): (Option<i64>, i64) = connection
        .prepare_cached(
            "SELECT max(m.seq), count(*) FILTER (WHERE s.state IN ('queued', 'in_flight', 'parked'))
             FROM message m JOIN message_state s ON s.message = m.id WHERE m.lane = ?1",
        )?
        .query_row([look.invoice.as_str()], |row| Ok((row.get(0)?, row.get(1)?)))?;
    // We ourselves wrote meanwhile, or are about to: our write moves the invoice's time, so it is looked at again.
    if last.map(whole).transpose()? != Some(look.last) || busy > 0 {
        return Ok(false);
    }
    let mut known =
        connection.prepare_cached("SELECT * FROM drift_now WHERE invoice = ?1 ORDER BY seq DESC LIMIT 1")?;
    let known = known
        .query_and_then([look.invoice.as_str()], |row| -> Result<_, StoreError> {
            let ruling: Option<String> = row.get("ruling")?;
            let ruling = ruling.as_deref().and_then(DriftRuling::parse);
            Ok((row.get::<_, String>("id")?, json::<Vec<Drift>>(row, "body")?, ruling))
        })?
        .next()
        .transpose()?;
    if let Some((id, drifts, ruling)) = &known {
        use DriftRuling::{Ended, Later, Left, Replaced};
        let about = (id.as_str(), &look.invoice);
        if look.drifts.is_empty() {
            if !matches!(ruling, Some(Ended | Replaced)) {
                rule(connection, about, Ended, &Actor::Program, at)?;
            }
            return Ok(false);
        }
        if *drifts == look.drifts && matches!(ruling, None | Some(Later | Left)) {
            return Ok(false);
        }
        if matches!(ruling, None | Some(Later)) {
            rule(connection, about, Replaced, &Actor::Program, at)?;
        }
    }
    if look.drifts.is_empty() {
        return Ok(false);
    }
    let body = to_json(&look.drifts)?;
    connection
        .prepare_cached("INSERT INTO drift (id, invoice, body, at) VALUES (?1, ?2, ?3, ?4)")?
        .execute((&look.id, look.invoice.as_str(), &body, at.0))?;
    let body = to_json(&serde_json::json!({ "invoice": look.invoice, "drifts": look.drifts }))?;
    audit::event(connection, "drift.found", &look.id, body, &Actor::Program, at)?;
    Ok(true)
}

/// With this decision, or with its undo, nothing of ours may be left in an invoice: then nobody is asked about it any more.
pub(crate) fn settled(
    connection: &Connection,
    decision: &DecisionId,
    actor: &Actor,
    at: Timestamp,
) -> Result<(), StoreError> {
    let rows = connection
        .prepare_cached(
            "SELECT o.id, o.invoice FROM drift_open o JOIN allocation a ON a.invoice = o.invoice AND a.decision = ?1
             WHERE coalesce((SELECT sum(CASE WHEN b.takes_from IS NULL THEN b.amount ELSE -b.amount END)
                 FROM allocation b JOIN live_decision d ON d.id = b.decision WHERE b.invoice = o.invoice), 0) = 0",
        )?
        .query_and_then([decision.as_str()], |row| -> Result<_, StoreError> {
            Ok((
                row.get::<_, String>("id")?,
                InvoiceId::from(row.get::<_, String>("invoice")?),
            ))
        })?
        .collect::<Result<Vec<_>, _>>()?;
    for (id, invoice) in rows {
        rule(connection, (&id, &invoice), DriftRuling::Undone, actor, at)?;
    }
    Ok(())
}

fn rule(
    connection: &Connection,
    (id, invoice): (&str, &InvoiceId),
    ruling: DriftRuling,
    actor: &Actor,
    at: Timestamp,
) -> Result<(), StoreError> {
    connection
        .prepare_cached("INSERT INTO drift_ruling (drift, ruling, actor, at) VALUES (?1, ?2, ?3, ?4)")?
        .execute((id, ruling.as_str(), to_json(actor)?, at.0))?;
    let body = to_json(&serde_json::json!({ "invoice": invoice, "ruling": ruling }))?;
    audit::event(connection, "drift.ruled", id, body, actor, at)
}

fn open(connection: &Connection, id: &str) -> Result<DriftRecord, StoreError> {
    connection
        .prepare_cached("SELECT * FROM drift_open WHERE id = ?1")?
        .query_and_then([id], |row| record(connection, row))?
        .next()
        .transpose()?
        .ok_or_else(|| StoreError::NotFound {
            what: "drift",
            id: id.to_owned(),
        })
}

fn record(connection: &Connection, row: &Row<'_>) -> Result<DriftRecord, StoreError> {
    let invoice = InvoiceId::from(row.get::<_, String>("invoice")?);
    let ruling: Option<String> = row.get("ruling")?;
    Ok(DriftRecord {
        id: row.get("id")?,
        invoice: invoice::find(connection, &invoice)?.ok_or_else(|| invoice::not_found(&invoice))?,
        drifts: json(row, "body")?,
        at: Timestamp(row.get("at")?),
        later: ruling.is_some(),
    })
}
