//! Payment orders: revisions of a draft, and what happened to it. The state is a fold over the events of the last
//! revision; a new revision after a submission or an approval leaves both behind.

use domain::{Actor, Approval, ApprovalKind, EntryId, OrderDraft, OrderId, PersonId, Text, Timestamp};
use rusqlite::{Connection, OptionalExtension as _};
use serde::{Deserialize, Serialize};

use crate::{
    Ledger, StoreError,
    columns::{json, to_json, words},
    table::{audit, entry},
};

pub(crate) const SCHEMA: &str = "
CREATE TABLE order_revision (
    seq INTEGER PRIMARY KEY,
    id TEXT NOT NULL,
    revision INTEGER NOT NULL CHECK (revision > 0),
    draft TEXT NOT NULL,
    author TEXT NOT NULL,
    at INTEGER NOT NULL,
    UNIQUE (id, revision)
) STRICT;
CREATE TABLE order_event (
    seq INTEGER PRIMARY KEY,
    id TEXT NOT NULL,
    revision INTEGER NOT NULL,
    event TEXT NOT NULL,
    actor TEXT NOT NULL,
    at INTEGER NOT NULL,
    FOREIGN KEY (id, revision) REFERENCES order_revision (id, revision)
) STRICT;
CREATE INDEX order_event_id ON order_event (id, revision);
CREATE TABLE order_execution (
    entry TEXT PRIMARY KEY REFERENCES entry (id),
    id TEXT NOT NULL UNIQUE
) STRICT;
CREATE TRIGGER order_revision_no_update BEFORE UPDATE ON order_revision BEGIN SELECT raise(ABORT, 'order_revision is append-only'); END;
CREATE TRIGGER order_revision_no_delete BEFORE DELETE ON order_revision BEGIN SELECT raise(ABORT, 'order_revision is append-only'); END;
CREATE TRIGGER order_event_no_update BEFORE UPDATE ON order_event BEGIN SELECT raise(ABORT, 'order_event is append-only'); END;
CREATE TRIGGER order_event_no_delete BEFORE DELETE ON order_event BEGIN SELECT raise(ABORT, 'order_event is append-only'); END;
CREATE TRIGGER order_execution_no_update BEFORE UPDATE ON order_execution BEGIN SELECT raise(ABORT, 'order_execution is append-only'); END;
CREATE TRIGGER order_execution_no_delete BEFORE DELETE ON order_execution BEGIN SELECT raise(ABORT, 'order_execution is append-only'); END;
";

words! {
    OrderState {
        Draft = "draft",
        Submitted = "submitted",
        Approved = "approved",
        Rejected = "rejected",
        Exported = "exported",
        Executed = "executed",
    }
}

impl OrderState {
    pub(crate) fn ru(self) -> &'static str {
        match self {
            Self::Draft => "черновик",
            Self::Submitted => "ждёт утверждения",
            Self::Approved => "утверждена",
            Self::Rejected => "отклонена",
            Self::Exported => "выгружена в банк-клиент",
            Self::Executed => "исполнена банком",
        }
    }
}

/// What can happen to an order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum OrderEvent {
    Submitted {
        by: PersonId,
    },
    Approved {
        approval: Approval,
    },
    Rejected {
        by: PersonId,
        reason: String,
    },
    Exported {
        file_name: String,
        file_sha256: String,
        folder: String,
    },
    Executed {
        entry: EntryId,
    },
}

impl OrderEvent {
    fn leads_to(&self) -> OrderState {
        match self {
            Self::Submitted { .. } => OrderState::Submitted,
            Self::Approved { .. } => OrderState::Approved,
            Self::Rejected { .. } => OrderState::Rejected,
            Self::Exported { .. } => OrderState::Exported,
            Self::Executed { .. } => OrderState::Executed,
        }
    }

    fn is_legal_from(&self, state: OrderState) -> bool {
        use OrderState::{Approved, Draft, Exported, Rejected, Submitted};
        match self {
            Self::Submitted { .. } => matches!(state, Draft | Rejected),
            Self::Approved { .. } => state == Submitted,
            Self::Rejected { .. } => matches!(state, Submitted | Approved),
            Self::Exported { .. } => state == Approved,
            Self::Executed { .. } => state == Exported,
        }
    }
}

/// A step of an order's history.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum OrderStep {
    Drafted { revision: u32 },
    Happened(OrderEvent),
}

impl OrderStep {
    /// What happened, without who.
    #[must_use]
    pub fn text(&self) -> Text {
        match self {
            Self::Drafted { revision: 1 } => Text::new("черновик составлен", "drafted"),
            Self::Drafted { .. } => Text::new("черновик изменён", "the draft was changed"),
            Self::Happened(event) => match event {
                OrderEvent::Submitted { .. } => Text::new("отправлена на утверждение", "submitted for approval"),
                OrderEvent::Approved { approval } => match approval.kind {
                    ApprovalKind::SecondPerson { .. } => Text::new("утверждена", "approved"),
                    ApprovalKind::SoleOperator { .. } => {
                        Text::new("утверждена единственным оператором", "approved by the sole operator")
                    }
                },
                OrderEvent::Rejected { reason, .. } => {
                    Text::new(format!("отклонена: {reason}"), format!("rejected: {reason}"))
                }
                OrderEvent::Exported { file_name, .. } => Text::new(
                    format!("выгружена в файл {file_name}"),
                    format!("exported to the file {file_name}"),
                ),
                OrderEvent::Executed { .. } => {
                    Text::new("исполнена: списание в выписке", "executed: the debit is on a statement")
                }
            },
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct OrderHistoryRow {
    pub at: Timestamp,
    pub actor: Actor,
    pub event: OrderStep,
}

/// A file of orders, as it is about to get its name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExportedFile {
    pub name: String,
    pub sha256: String,
    pub folder: String,
}

/// The file an order went to the bank in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ExportRecord {
    pub file_name: String,
    pub file_sha256: String,
    pub folder: String,
    pub at: Timestamp,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct OrderRecord {
    pub id: OrderId,
    pub revision: u32,
    pub draft: OrderDraft,
    /// Who wrote the last revision.
    pub author: PersonId,
    pub state: OrderState,
    pub submitted_by: Option<PersonId>,
    pub approval: Option<Approval>,
    pub exported: Option<ExportRecord>,
    pub executed: Option<EntryId>,
    pub history: Vec<OrderHistoryRow>,
}

impl Ledger {
    /// Keeps a draft as a new revision, whatever is wrong in it. A submission or an approval of an earlier one is void.
    ///
    /// # Errors
    /// The order is at the bank already.
    pub fn save_order_draft(
        &self,
        id: &OrderId,
        draft: &OrderDraft,
        author: &PersonId,
        at: Timestamp,
    ) -> Result<(), StoreError> {
        self.write(|transaction| {
            let known = find(transaction, id)?;
            if let Some(known) = &known {
                if matches!(known.state, OrderState::Exported | OrderState::Executed) {
                    return Err(wrong_state(known, OrderState::Draft));
                }
                if &known.draft == draft {
                    return Ok(());
                }
            }
            let revision = known.map_or(0, |known| known.revision) + 1;
            transaction.execute(
                "INSERT INTO order_revision (id, revision, draft, author, at) VALUES (?1, ?2, ?3, ?4, ?5)",
                (id.as_str(), revision, to_json(draft)?, author.as_str(), at.0),
            )?;
            let actor = Actor::Person { id: author.clone() };
            let body = to_json(&serde_json::json!({ "revision": revision, "draft": draft }))?;
            audit::event(transaction, "order.drafted", &id.0, body, &actor, at)
        })
    }

    /// Adds what happened, where that may follow.
    ///
    /// # Errors
    /// [`StoreError::OrderState`]; a submission with defects; an approval of other content or by the author; an
    /// execution by an entry that is not its debit, or is another order's.
    pub fn record_order_event(
        &self,
        id: &OrderId,
        happened: &OrderEvent,
        actor: &Actor,
        at: Timestamp,
    ) -> Result<(), StoreError> {
        self.write(|transaction| record(transaction, &existing(transaction, id)?, happened, actor, at))
    }

    /// These orders went to the bank in one file: all of them, or none. Each is named with the revision that is in the
    /// file, so that an order changed and approved anew meanwhile is not taken for it.
    ///
    /// # Errors
    /// One of them is not approved, is another revision by now, or stands in the file twice.
    pub fn record_orders_exported(
        &self,
        orders: &[(&OrderId, u32)],
        file: &ExportedFile,
        actor: &Actor,
        at: Timestamp,
    ) -> Result<(), StoreError> {
        let happened = OrderEvent::Exported {
            file_name: file.name.clone(),
            file_sha256: file.sha256.clone(),
            folder: file.folder.clone(),
        };
        self.write(|transaction| {
            for (id, revision) in orders {
                let known = existing(transaction, id)?;
                if known.revision != *revision {
                    return Err(StoreError::OrderContentChanged { order: known.id });
                }
                record(transaction, &known, &happened, actor, at)?;
            }
            Ok(())
        })
    }

    /// # Errors
    /// The ledger cannot be read.
    pub fn order(&self, id: &OrderId) -> Result<Option<OrderRecord>, StoreError> {
        self.read(|connection| find(connection, id))
    }

    /// Orders in this state, or all; the latest begun first.
    ///
    /// # Errors
    /// The ledger cannot be read.
    pub fn orders(&self, state: Option<OrderState>) -> Result<Vec<OrderRecord>, StoreError> {
        self.read(|connection| {
            Ok(all(connection)?
                .into_iter()
                .filter(|order| state.is_none_or(|state| order.state == state))
                .collect())
        })
    }
}

pub(crate) fn all(connection: &Connection) -> Result<Vec<OrderRecord>, StoreError> {
    let ids = connection
        .prepare_cached("SELECT id FROM order_revision WHERE revision = 1 ORDER BY seq DESC")?
        .query_and_then([], |row| Ok(OrderId(row.get(0)?)))?
        .collect::<Result<Vec<_>, StoreError>>()?;
    let mut orders = Vec::with_capacity(ids.len());
    for id in ids {
        orders.extend(find(connection, &id)?);
    }
    Ok(orders)
}

fn existing(connection: &Connection, id: &OrderId) -> Result<OrderRecord, StoreError> {
    find(connection, id)?.ok_or_else(|| StoreError::NotFound {
        what: "order",
        id: id.0.clone(),
    })
}

fn record(
    connection: &Connection,
    known: &OrderRecord,
    happened: &OrderEvent,
    actor: &Actor,
    at: Timestamp,
) -> Result<(), StoreError> {
    let (id, state) = (&known.id, happened.leads_to());
    if !happened.is_legal_from(known.state) {
        return Err(wrong_state(known, state));
    }
    check(connection, known, happened)?;
    let body = to_json(happened)?;
    connection.execute(
        "INSERT INTO order_event (id, revision, event, actor, at) VALUES (?1, ?2, ?3, ?4, ?5)",
        (id.as_str(), known.revision, &body, to_json(actor)?, at.0),
    )?;
    if let OrderEvent::Executed { entry } = happened {
        connection.execute(
            "INSERT INTO order_execution (entry, id) VALUES (?1, ?2)",
            (entry.as_str(), id.as_str()),
        )?;
    }
    audit::event(connection, &format!("order.{}", state.as_str()), &id.0, body, actor, at)
}

fn wrong_state(known: &OrderRecord, attempted: OrderState) -> StoreError {
    StoreError::OrderState {
        order: known.id.clone(),
        state: known.state,
        attempted: attempted.as_str(),
    }
}

fn check(connection: &Connection, known: &OrderRecord, happened: &OrderEvent) -> Result<(), StoreError> {
    let order = known.id.clone();
    let checked = || {
        known.draft.check().map_err(|_| StoreError::OrderDefective {
            order: known.id.clone(),
        })
    };
    match happened {
        OrderEvent::Submitted { .. } => checked().map(|_| ()),
        OrderEvent::Approved { approval } => {
            if approval.content_hash != checked()?.content_hash() {
                return Err(StoreError::OrderContentChanged { order });
            }
            match &approval.kind {
                ApprovalKind::SecondPerson { approver } if Some(approver) == known.submitted_by.as_ref() => {
                    Err(StoreError::AuthorApproves { order })
                }
                ApprovalKind::SoleOperator { operator } if Some(operator) != known.submitted_by.as_ref() => {
                    Err(StoreError::NotTheAuthor { order })
                }
                ApprovalKind::SecondPerson { .. } | ApprovalKind::SoleOperator { .. } => Ok(()),
            }
        }
        OrderEvent::Executed { entry } => {
            let facts = entry::facts(connection, entry)?;
            let content = checked()?;
            if facts.direction != "debit" || facts.amount != content.amount {
                return Err(StoreError::NotItsDebit {
                    order,
                    entry: entry.clone(),
                });
            }
            let claimed: Option<String> = connection
                .prepare_cached("SELECT id FROM order_execution WHERE entry = ?1")?
                .query_row([entry.as_str()], |row| row.get(0))
                .optional()?;
            claimed.map_or(Ok(()), |by| {
                Err(StoreError::EntryClaimed {
                    entry: entry.clone(),
                    order: OrderId(by),
                })
            })
        }
        OrderEvent::Rejected { .. } | OrderEvent::Exported { .. } => Ok(()),
    }
}

fn find(connection: &Connection, id: &OrderId) -> Result<Option<OrderRecord>, StoreError> {
    let mut statement = connection.prepare_cached("SELECT * FROM order_revision WHERE id = ?1 ORDER BY revision")?;
    let mut rows = statement.query([id.as_str()])?;
    let mut record: Option<OrderRecord> = None;
    while let Some(row) = rows.next()? {
        let revision: u32 = row.get("revision")?;
        let author = PersonId(row.get("author")?);
        let mut history = record.take().map_or_else(Vec::new, |before| before.history);
        history.push(OrderHistoryRow {
            at: Timestamp(row.get("at")?),
            actor: Actor::Person { id: author.clone() },
            event: OrderStep::Drafted { revision },
        });
        let mut next = OrderRecord {
            id: id.clone(),
            revision,
            draft: json(row, "draft")?,
            author,
            state: OrderState::Draft,
            submitted_by: None,
            approval: None,
            exported: None,
            executed: None,
            history,
        };
        fold_events(connection, &mut next)?;
        record = Some(next);
    }
    Ok(record)
}

fn fold_events(connection: &Connection, order: &mut OrderRecord) -> Result<(), StoreError> {
    let mut statement =
        connection.prepare_cached("SELECT * FROM order_event WHERE id = ?1 AND revision = ?2 ORDER BY seq")?;
    let mut rows = statement.query((order.id.as_str(), order.revision))?;
    while let Some(row) = rows.next()? {
        let at = Timestamp(row.get("at")?);
        let happened: OrderEvent = json(row, "event")?;
        order.state = happened.leads_to();
        match &happened {
            OrderEvent::Submitted { by } => order.submitted_by = Some(by.clone()),
            OrderEvent::Approved { approval } => order.approval = Some(approval.clone()),
            OrderEvent::Rejected { .. } => {
                order.submitted_by = None;
                order.approval = None;
            }
            OrderEvent::Exported {
                file_name,
                file_sha256,
                folder,
            } => {
                order.exported = Some(ExportRecord {
                    file_name: file_name.clone(),
                    file_sha256: file_sha256.clone(),
                    folder: folder.clone(),
                    at,
                });
            }
            OrderEvent::Executed { entry } => order.executed = Some(entry.clone()),
        }
        order.history.push(OrderHistoryRow {
            at,
            actor: json(row, "actor")?,
            event: OrderStep::Happened(happened),
        });
    }
    Ok(())
}
