//! The list a person works through: incoming payments by what became of them, searched and paged in SQL.

use chrono::NaiveDate;
use domain::{DecisionId, Direction, EntryId, Money};
use rusqlite::{Connection, Row, ToSql};
use serde::Serialize;

use crate::{
    Ledger, Page, StoreError,
    columns::{clamp, count, day, from_json, money, whole, word, words},
    search,
    table::{entry, refund::GOING_BACK},
};

// One row an entry, with the ruling that stands or the proposal.
pub(crate) const SCHEMA: &str = "
CREATE VIEW inbox AS
    SELECT e.seq, e.id, e.account, e.direction, e.booked, e.counter_name, e.counter_inn, e.amount, e.currency,
        e.purpose, e.number, d.id AS decision, coalesce(d.automatic, 0) AS automatic, p.reason,
        CASE
            WHEN d.kind = 'allocated' THEN 'decided'
            WHEN d.kind = 'not_a_customers_payment' THEN 'not_customers'
            WHEN p.verdict IN ('auto', 'review') THEN 'review'
            WHEN p.verdict = 'stranger' THEN 'not_customers'
            ELSE 'not_found'
        END AS state,
        (SELECT json_group_array(i.number) FROM allocation a JOIN invoice i ON i.id = a.invoice
            WHERE a.decision = d.id) AS invoice_numbers
    FROM entry e
    LEFT JOIN decision d ON d.entry = e.id AND NOT EXISTS (SELECT 1 FROM reversal r WHERE r.decision = d.id)
    LEFT JOIN proposal p ON p.entry = e.id;
";

// What is left of a payment above the invoices it was given to is an advance.
pub(crate) const ADVANCES: &str = "
DROP VIEW inbox;
CREATE VIEW inbox AS
    SELECT e.seq, e.id, e.account, e.direction, e.booked, e.counter_name, e.counter_inn, e.amount, e.currency,
        e.purpose, e.number, d.id AS decision, coalesce(d.automatic, 0) AS automatic, p.reason,
        CASE
            WHEN d.kind = 'allocated' THEN 'decided'
            WHEN d.kind = 'not_a_customers_payment' THEN 'not_customers'
            WHEN p.verdict IN ('auto', 'review') THEN 'review'
            WHEN p.verdict = 'stranger' THEN 'not_customers'
            ELSE 'not_found'
        END AS state,
        CASE WHEN d.kind = 'allocated' AND e.direction = 'credit' THEN
            e.amount - coalesce((SELECT sum(a.amount) FROM allocation a WHERE a.decision = d.id), 0)
        ELSE 0 END AS advance,
        (SELECT json_group_array(i.number) FROM allocation a JOIN invoice i ON i.id = a.invoice
            WHERE a.decision = d.id) AS invoice_numbers
    FROM entry e
    LEFT JOIN decision d ON d.entry = e.id AND NOT EXISTS (SELECT 1 FROM reversal r WHERE r.decision = d.id)
    LEFT JOIN proposal p ON p.entry = e.id;
";

words! {
    /// Where an entry stands.
    InboxState {
        /// Candidates are proposed, a person decides.
        Review = "review",
        /// Undecided, and no invoice fits.
        NotFound = "not_found",
        /// Allocated to invoices, or kept as an advance.
        Decided = "decided",
        /// Not a customer's payment, by a person's word or by what it says.
        NotCustomers = "not_customers",
    }
}

words! {
    InboxDirection {
        /// What a person works through: incoming payments, and outgoing ones that take such back.
        Customers = "customers",
        Credits = "credit",
        Debits = "debit",
        Both = "both",
    }
}

/// What a list shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InboxQuery {
    /// `None`: all.
    pub state: Option<InboxState>,
    /// Only those of which something is kept as an advance.
    pub advances: bool,
    pub direction: InboxDirection,
    /// Words of payer, purpose, INN, number, sum, each by its start.
    pub search: String,
    pub offset: u64,
    pub limit: u64,
}

impl Default for InboxQuery {
    fn default() -> Self {
        Self {
            state: None,
            advances: false,
            direction: InboxDirection::Customers,
            search: String::new(),
            offset: 0,
            limit: 100,
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct InboxRow {
    pub entry: EntryId,
    pub account: String,
    pub date: NaiveDate,
    pub payer: Option<String>,
    pub inn: Option<String>,
    pub amount: Money,
    pub purpose: String,
    pub number: Option<String>,
    pub state: InboxState,
    /// Of the proposal, as it was saved; empty where there is none.
    pub reason: String,
    /// What the standing decision pays.
    pub invoice_numbers: Vec<String>,
    /// What of a decided payment is above its invoices; zero where nothing is.
    pub advance: Money,
    /// Decided by a rule.
    pub automatic: bool,
    pub decision: Option<DecisionId>,
    pub direction: Direction,
    /// What the standing decision takes back.
    pub refund_of: Option<EntryId>,
    /// What refunds that stand took back of it.
    pub went_back: Money,
}

/// What a person works through, by state.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct InboxCounts {
    pub review: u64,
    pub not_found: u64,
    pub decided: u64,
    /// Of the decided ones, those a rule decided.
    pub automatic: u64,
    /// Of the decided ones, those of which something is kept as an advance.
    pub advances: u64,
    pub not_customers: u64,
    /// Entries of any direction that were not booked and wait for a person.
    pub asked: u64,
}

impl Ledger {
    /// A page of entries, the latest day first.
    ///
    /// # Errors
    /// The ledger cannot be read.
    pub fn inbox(&self, query: &InboxQuery) -> Result<Page<InboxRow>, StoreError> {
        self.read(|connection| page(connection, query))
    }

    /// # Errors
    /// The ledger cannot be read.
    pub fn inbox_counts(&self) -> Result<InboxCounts, StoreError> {
        self.read(counts)
    }
}

fn page(connection: &Connection, query: &InboxQuery) -> Result<Page<InboxRow>, StoreError> {
    let mut conditions = vec!["1"];
    let mut parameters: Vec<&dyn ToSql> = Vec::new();
    let state = query.state.map(InboxState::as_str);
    if let Some(state) = &state {
        conditions.push("state = ?");
        parameters.push(state);
    }
    if query.advances {
        conditions.push("advance > 0");
    }
    let expression = search::expression(&query.search);
    if let Some(expression) = &expression {
        conditions.push("seq IN (SELECT rowid FROM entry_search WHERE entry_search MATCH ?)");
        parameters.push(expression);
    }
    let conditions = conditions.join(" AND ");
    // The view has one row an entry. Where the rulings do not matter, an index counts without looking at them.
    let counted = if query.state.is_some() || query.advances {
        "inbox"
    } else {
        "entry"
    };
    // Each part has an index in the order of the list, and the parts are merged.
    let parts = parts(query.direction);
    let repeated: Vec<&dyn ToSql> = parts.iter().flat_map(|_| parameters.iter().copied()).collect();
    let of = |columns: &str, view: &str| -> Vec<String> {
        let part = |part: &String| format!("SELECT {columns} FROM {view} WHERE {part} AND {conditions}");
        parts.iter().map(part).collect()
    };
    let total = connection
        .prepare_cached(&format!(
            "SELECT sum(n) FROM ({})",
            of("count(*) AS n", counted).join(" UNION ALL ")
        ))?
        .query_row(repeated.as_slice(), |row| row.get(0))?;
    let (limit, offset) = (clamp(query.limit), clamp(query.offset));
    let mut repeated = repeated;
    repeated.push(&limit);
    repeated.push(&offset);
    let rows = connection
        .prepare_cached(&format!(
            "{} ORDER BY booked DESC, seq DESC LIMIT ? OFFSET ?",
            of("*", "inbox").join(" UNION ALL ")
        ))?
        .query_and_then(repeated.as_slice(), inbox_row)?
        .collect::<Result<_, _>>()?;
    Ok(Page {
        total: whole(total)?,
        rows,
    })
}

/// The entries of a list, as conditions that exclude each other.
fn parts(direction: InboxDirection) -> Vec<String> {
    let credits = || "direction = 'credit'".to_owned();
    match direction {
        // The few that go back are looked up, not looked for among all debits: the plus keeps their index out of it.
        InboxDirection::Customers => vec![credits(), format!("+direction = 'debit' AND id IN ({GOING_BACK})")],
        InboxDirection::Credits => vec![credits()],
        InboxDirection::Debits => vec!["direction = 'debit'".to_owned()],
        InboxDirection::Both => vec!["1".to_owned()],
    }
}

fn inbox_row(row: &Row<'_>) -> Result<InboxRow, StoreError> {
    let number: String = row.get("number")?;
    let decision: Option<String> = row.get("decision")?;
    let reason: Option<String> = row.get("reason")?;
    let refund_of: Option<String> = row.get("refund_of")?;
    Ok(InboxRow {
        entry: EntryId(row.get("id")?),
        account: row.get("account")?,
        date: day(row, "booked")?,
        payer: row.get("counter_name")?,
        inn: row.get("counter_inn")?,
        amount: money(row, "amount", "currency")?,
        purpose: row.get("purpose")?,
        number: (!number.is_empty()).then_some(number),
        state: word(row, "state", InboxState::parse)?,
        reason: reason.unwrap_or_default(),
        invoice_numbers: from_json(&row.get::<_, String>("invoice_numbers")?)?,
        advance: money(row, "advance", "currency")?,
        automatic: row.get("automatic")?,
        decision: decision.map(DecisionId),
        direction: word(row, "direction", entry::direction_of)?,
        refund_of: refund_of.map(EntryId),
        went_back: money(row, "went_back", "currency")?,
    })
}

pub(crate) fn counts(connection: &Connection) -> Result<InboxCounts, StoreError> {
    let asked = connection
        .prepare_cached("SELECT count(*) FROM asked_open")?
        .query_row([], |row| row.get(0))?;
    let mut counts = InboxCounts {
        asked: whole(asked)?,
        ..InboxCounts::default()
    };
    let parts: Vec<String> = parts(InboxDirection::Customers)
        .iter()
        .map(|part| {
            format!(
                "SELECT state, automatic, advance > 0 AS has_advance, count(*) AS n FROM inbox WHERE {part}
                 GROUP BY state, automatic, has_advance"
            )
        })
        .collect();
    let mut statement = connection.prepare_cached(&parts.join(" UNION ALL "))?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let n = count(row, "n")?;
        match word(row, "state", InboxState::parse)? {
            InboxState::Review => counts.review += n,
            InboxState::NotFound => counts.not_found += n,
            InboxState::Decided => {
                counts.decided += n;
                if row.get("automatic")? {
                    counts.automatic += n;
                }
                if row.get("has_advance")? {
                    counts.advances += n;
                }
            }
            InboxState::NotCustomers => counts.not_customers += n,
        }
    }
    Ok(counts)
}
