//! What decisions taught: observations of facts, and what each payer's record is. Counted anew from rows that are only
//! ever added: a decision that is undone takes its observations back, a fact that is removed starts again from nothing.
//!
//! What a fact means is the matcher's; here it is a text that is the same for the same fact.

use chrono::NaiveDate;
use domain::{Actor, AuditEvent, DecisionId, EntryId, Timestamp};
use rusqlite::{Connection, Row, named_params};
use serde::Serialize;

use crate::{
    Ledger, StoreError,
    columns::{clamp, count, day, to_json, whole},
    table::audit,
};

// `seq` is the decision's. A setback and a removal hold the last decision before them: what was confirmed up to it
// counts no more.
pub(crate) const SCHEMA: &str = "
CREATE TABLE lesson (
    seq INTEGER PRIMARY KEY REFERENCES decision (seq),
    decision TEXT NOT NULL UNIQUE REFERENCES decision (id),
    payer TEXT NOT NULL,
    payer_name TEXT,
    booked TEXT NOT NULL,
    class TEXT,
    agreed INTEGER NOT NULL CHECK (agreed IN (0, 1)),
    automatic INTEGER NOT NULL CHECK (automatic IN (0, 1))
) STRICT;
CREATE INDEX lesson_payer ON lesson (payer);
CREATE TABLE observation (
    lesson INTEGER NOT NULL REFERENCES lesson (seq),
    fact TEXT NOT NULL,
    holds INTEGER NOT NULL CHECK (holds IN (0, 1)),
    PRIMARY KEY (fact, lesson)
) STRICT, WITHOUT ROWID;
CREATE TABLE fact_removal (
    seq INTEGER PRIMARY KEY,
    fact TEXT NOT NULL,
    after INTEGER NOT NULL,
    actor TEXT NOT NULL,
    at INTEGER NOT NULL
) STRICT;
CREATE INDEX fact_removal_fact ON fact_removal (fact, after);
CREATE TABLE setback (
    seq INTEGER PRIMARY KEY,
    payer TEXT NOT NULL,
    why TEXT NOT NULL CHECK (why IN ('undone', 'otherwise', 'rejected')),
    after INTEGER NOT NULL,
    at INTEGER NOT NULL
) STRICT;
CREATE INDEX setback_payer ON setback (payer, after);
CREATE VIEW live_observation AS
    SELECT o.fact, o.holds, l.seq, l.decision, l.booked FROM observation o JOIN lesson l ON l.seq = o.lesson
    WHERE NOT EXISTS (SELECT 1 FROM reversal r WHERE r.decision = l.decision)
      AND l.seq > coalesce((SELECT max(x.after) FROM fact_removal x WHERE x.fact = o.fact), 0);
CREATE TRIGGER lesson_no_update BEFORE UPDATE ON lesson BEGIN SELECT raise(ABORT, 'lesson is append-only'); END;
CREATE TRIGGER lesson_no_delete BEFORE DELETE ON lesson BEGIN SELECT raise(ABORT, 'lesson is append-only'); END;
CREATE TRIGGER observation_no_update BEFORE UPDATE ON observation BEGIN SELECT raise(ABORT, 'observation is append-only'); END;
CREATE TRIGGER observation_no_delete BEFORE DELETE ON observation BEGIN SELECT raise(ABORT, 'observation is append-only'); END;
CREATE TRIGGER fact_removal_no_update BEFORE UPDATE ON fact_removal BEGIN SELECT raise(ABORT, 'fact_removal is append-only'); END;
CREATE TRIGGER fact_removal_no_delete BEFORE DELETE ON fact_removal BEGIN SELECT raise(ABORT, 'fact_removal is append-only'); END;
CREATE TRIGGER setback_no_update BEFORE UPDATE ON setback BEGIN SELECT raise(ABORT, 'setback is append-only'); END;
CREATE TRIGGER setback_no_delete BEFORE DELETE ON setback BEGIN SELECT raise(ABORT, 'setback is append-only'); END;
";

/// What one decision teaches.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lesson {
    pub payer: String,
    /// As the statement calls it, for people.
    pub payer_name: Option<String>,
    /// The payment's day.
    pub booked: NaiveDate,
    /// What a confirmation of the suggestion counts for; `None` where nothing was suggested that can be earned.
    pub class: Option<String>,
    /// Decided as it was suggested.
    pub agreed: bool,
    /// Facts, and whether the decision speaks for or against each.
    pub observations: Vec<(String, bool)>,
}

/// A fact with what speaks for and against it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FactRow {
    pub fact: String,
    pub count: u64,
    pub exceptions: u64,
    /// Days of the first and the last payment that speak for it, or where none does, against it.
    pub first: NaiveDate,
    pub last: NaiveDate,
}

/// A decision that speaks about a fact.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FactSource {
    pub decision: DecisionId,
    pub entry: EntryId,
    pub booked: NaiveDate,
    pub holds: bool,
}

/// What is known of the decisions about one payer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PayerRow {
    pub payer: String,
    pub name: Option<String>,
    /// Decisions, and suggestions that were refused.
    pub decisions: u64,
    /// Of these, taken back, made otherwise than suggested, or refused.
    pub undone: u64,
    /// By class: suggestions confirmed by a person since the last setback, and standing.
    pub confirmed: Vec<(String, u64)>,
}

impl Ledger {
    /// Facts that something speaks for or against, by their text.
    ///
    /// # Errors
    /// The ledger cannot be read.
    pub fn facts(&self) -> Result<Vec<FactRow>, StoreError> {
        self.read(|connection| {
            let mut statement = connection.prepare_cached(
                "SELECT fact, sum(holds) AS count, sum(1 - holds) AS exceptions,
                     coalesce(min(CASE WHEN holds THEN booked END), min(booked)) AS first,
                     coalesce(max(CASE WHEN holds THEN booked END), max(booked)) AS last
                 FROM live_observation GROUP BY fact ORDER BY fact",
            )?;
            statement
                .query_and_then([], |row| {
                    Ok(FactRow {
                        fact: row.get("fact")?,
                        count: count(row, "count")?,
                        exceptions: count(row, "exceptions")?,
                        first: day(row, "first")?,
                        last: day(row, "last")?,
                    })
                })?
                .collect()
        })
    }

    /// The decisions a fact comes from, the latest first.
    ///
    /// # Errors
    /// The ledger cannot be read.
    pub fn fact_sources(&self, fact: &str, limit: u64) -> Result<Vec<FactSource>, StoreError> {
        self.read(|connection| {
            let mut statement = connection.prepare_cached(
                "SELECT o.decision, d.entry, o.booked, o.holds FROM live_observation o
                 JOIN decision d ON d.seq = o.seq WHERE o.fact = ?1 ORDER BY o.seq DESC LIMIT ?2",
            )?;
            statement
                .query_and_then((fact, clamp(limit)), |row| {
                    Ok(FactSource {
                        decision: DecisionId(row.get("decision")?),
                        entry: EntryId(row.get("entry")?),
                        booked: day(row, "booked")?,
                        holds: row.get("holds")?,
                    })
                })?
                .collect()
        })
    }

    /// Forgets what was observed of a fact up to now. Later decisions may teach it anew.
    ///
    /// # Errors
    /// Nothing is known of such a fact.
    pub fn remove_fact(&self, fact: &str, actor: &Actor, at: Timestamp) -> Result<(), StoreError> {
        self.write(|transaction| {
            let known = "SELECT EXISTS (SELECT 1 FROM live_observation WHERE fact = ?1)";
            if !transaction.query_row(known, [fact], |row| row.get::<_, bool>(0))? {
                return Err(StoreError::NotFound {
                    what: "fact",
                    id: fact.to_owned(),
                });
            }
            transaction.execute(
                "INSERT INTO fact_removal (fact, after, actor, at)
                 VALUES (?1, (SELECT max(seq) FROM decision), ?2, ?3)",
                (fact, to_json(actor)?, at.0),
            )?;
            audit::append(transaction, event("fact.removed", fact, actor, at)).map(|_| ())
        })
    }

    /// Every payer about whom something was decided, by key.
    ///
    /// # Errors
    /// The ledger cannot be read.
    pub fn payer_records(&self) -> Result<Vec<PayerRow>, StoreError> {
        self.read(|connection| {
            let mut payers: Vec<PayerRow> = connection
                .prepare_cached(PAYERS)?
                .query_and_then([], payer)?
                .collect::<Result<_, StoreError>>()?;
            let mut statement = connection.prepare_cached(CONFIRMED)?;
            let mut rows = statement.query([])?;
            while let Some(row) = rows.next()? {
                let key: String = row.get("payer")?;
                let confirmed = (row.get("class")?, count(row, "confirmed")?);
                if let Ok(at) = payers.binary_search_by(|payer| payer.payer.cmp(&key)) {
                    payers[at].confirmed.push(confirmed);
                }
            }
            Ok(payers)
        })
    }

    /// Decisions made before anything was learned from them, and standing; the oldest first.
    ///
    /// # Errors
    /// The ledger cannot be read.
    pub fn untaught(&self, limit: u64) -> Result<Vec<DecisionId>, StoreError> {
        self.read(|connection| {
            let mut statement = connection.prepare_cached(
                "SELECT id FROM live_decision d WHERE kind = 'allocated' AND automatic = 0
                   AND NOT EXISTS (SELECT 1 FROM lesson l WHERE l.seq = d.seq) ORDER BY seq LIMIT ?1",
            )?;
            statement
                .query_and_then([clamp(limit)], |row| Ok(DecisionId(row.get(0)?)))?
                .collect()
        })
    }

    /// What an earlier decision teaches. One that has taught already, or was undone, teaches nothing.
    ///
    /// # Errors
    /// The ledger cannot be written to.
    pub fn teach(&self, lessons: &[(DecisionId, Lesson)], event: &AuditEvent) -> Result<u64, StoreError> {
        self.write(|transaction| {
            let mut taught = 0;
            for (decision, lesson) in lessons {
                let is_new = "SELECT EXISTS (SELECT 1 FROM live_decision d WHERE d.id = ?1
                    AND NOT EXISTS (SELECT 1 FROM lesson l WHERE l.seq = d.seq))";
                if transaction.query_row(is_new, [decision.as_str()], |row| row.get::<_, bool>(0))? {
                    insert(transaction, decision, lesson)?;
                    taught += 1;
                }
            }
            if taught > 0 {
                audit::append(transaction, event.clone())?;
            }
            Ok(taught)
        })
    }
}

const PAYERS: &str = "
    SELECT l.payer,
        (SELECT n.payer_name FROM lesson n WHERE n.payer = l.payer ORDER BY n.seq DESC LIMIT 1) AS name,
        count(*) + (SELECT count(*) FROM setback s WHERE s.payer = l.payer AND s.why = 'rejected') AS decisions,
        (SELECT count(*) FROM setback s WHERE s.payer = l.payer) AS undone
    FROM lesson l GROUP BY l.payer ORDER BY l.payer";

const CONFIRMED: &str = "
    SELECT l.payer, l.class, count(*) AS confirmed FROM lesson l
    WHERE l.class IS NOT NULL AND l.agreed = 1 AND l.automatic = 0
      AND l.seq > coalesce((SELECT max(s.after) FROM setback s WHERE s.payer = l.payer), 0)
      AND NOT EXISTS (SELECT 1 FROM reversal r WHERE r.decision = l.decision)
    GROUP BY l.payer, l.class ORDER BY l.payer, l.class";

fn payer(row: &Row<'_>) -> Result<PayerRow, StoreError> {
    Ok(PayerRow {
        payer: row.get("payer")?,
        name: row.get("name")?,
        decisions: count(row, "decisions")?,
        undone: count(row, "undone")?,
        confirmed: Vec::new(),
    })
}

/// Inside the transaction that records the decision.
pub(crate) fn insert(connection: &Connection, decision: &DecisionId, lesson: &Lesson) -> Result<(), StoreError> {
    connection
        .prepare_cached(
            "INSERT INTO lesson (seq, decision, payer, payer_name, booked, class, agreed, automatic)
             SELECT seq, id, :payer, :name, :booked, :class, :agreed, automatic FROM decision WHERE id = :decision",
        )?
        .execute(named_params! {
            ":decision": decision.as_str(),
            ":payer": lesson.payer,
            ":name": lesson.payer_name,
            ":booked": lesson.booked.to_string(),
            ":class": lesson.class,
            ":agreed": lesson.agreed,
        })?;
    let seq = connection.last_insert_rowid();
    for (fact, holds) in &lesson.observations {
        connection
            .prepare_cached("INSERT INTO observation (lesson, fact, holds) VALUES (?1, ?2, ?3)")?
            .execute((seq, fact, holds))?;
    }
    if lesson.class.is_some() && !lesson.agreed {
        let at: i64 = connection.query_row("SELECT at FROM decision WHERE seq = ?1", [seq], |row| row.get(0))?;
        set_back(connection, &lesson.payer, "otherwise", Timestamp(at))?;
    }
    Ok(())
}

/// The payer of a decision that is undone begins anew. Inside the transaction that undoes it.
pub(crate) fn undone(connection: &Connection, decision: &DecisionId, at: Timestamp) -> Result<(), StoreError> {
    let payer: Option<String> = connection
        .prepare_cached("SELECT payer FROM lesson WHERE decision = ?1")?
        .query_and_then([decision.as_str()], |row| row.get(0))?
        .next()
        .transpose()?;
    payer.map_or(Ok(()), |payer| set_back(connection, &payer, "undone", at))
}

pub(crate) fn set_back(connection: &Connection, payer: &str, why: &str, at: Timestamp) -> Result<(), StoreError> {
    let last: i64 = connection
        .prepare_cached("SELECT coalesce(max(seq), 0) FROM decision")?
        .query_row([], |row| row.get(0))?;
    whole(last)?;
    connection
        .prepare_cached("INSERT INTO setback (payer, why, after, at) VALUES (?1, ?2, ?3, ?4)")?
        .execute((payer, why, last, at.0))?;
    Ok(())
}

pub(crate) fn event(action: &str, subject: &str, actor: &Actor, at: Timestamp) -> AuditEvent {
    AuditEvent {
        at,
        actor: actor.clone(),
        action: action.to_owned(),
        subject: subject.to_owned(),
        body: "{}".to_owned(),
    }
}
