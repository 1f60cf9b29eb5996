//! Bringing invoices from the CRM into the ledger's mirror, and finding out what became of our writes there.
//!
//! Mostly only what changed is asked for. The whole list is read where there is nothing to go on from, where a person
//! asks, where clocks or the list cannot be trusted, and every hour all the same: a deleted invoice and a customer's
//! changed card move no invoice's time.

use std::{collections::BTreeMap, sync::Arc};

use crm::{Changes, Health, Pull, Told, Trouble};
use domain::{InvoiceId, InvoiceStatus, Text, Timestamp, Written};
use store::{DriftLook, PullMark, PullReport, PullScope};

use crate::{
    connect::{Line, crm_failure, name_of, state_after},
    failure::Failure,
    session::Session,
    wire::CrmState,
};

/// What the notice about a pull is filed under.
const LEFT_OUT: &str = "crm.pull";
/// For so long at most a deleted invoice may still look payable, where the CRM does not tell of it by itself.
const WHOLE_EVERY_MS: u64 = 3_600_000;
/// Our clock and the CRM's may go apart by this between two pulls; what comes late is asked for again anyway.
const CLOCKS_APART_MS: u64 = crm::OVERLAP_MS.unsigned_abs();

/// What one pull brought.
#[derive(Debug, Clone)]
pub struct Pulled {
    pub report: PullReport,
    /// `None`: only what changed was asked for.
    pub whole: Option<Whole>,
    /// `false`: the list was not read to its end, and nothing is decided automatically until it is.
    pub complete: bool,
    /// Invoices that could not be used, and why.
    pub left_out: Vec<Text>,
}

/// Why the whole list was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Whole {
    /// A person asked.
    Asked,
    /// There is nothing to go on from: the first pull, another key, a CRM that does not tell its time.
    Begins,
    /// The last whole one is an hour old, or older: the program was off, say.
    Due,
    /// The last list was not read to its end.
    Incomplete,
    /// This computer's clock went back, or it and the CRM's went apart.
    Clocks,
    /// The CRM did not tell what changed.
    Refused,
}

/// What is to be stored of a pull.
struct Haul {
    scope: PullScope,
    pull: Pull,
}

/// What a pull of one connection came to.
pub struct PulledOf {
    /// The id of the connection, and what it is called.
    pub connection: String,
    pub name: String,
    pub pulled: Result<Pulled, Failure>,
}

impl Session {
    /// Pulls all open invoices of every CRM and matches what waits for them.
    ///
    /// # Errors
    /// As [`Session::pulls`], and where one of them was not pulled; the others are stored all the same.
    pub async fn pull_invoices(self: &Arc<Self>) -> Result<Pulled, Failure> {
        sum(self.pulls(true).await?)
    }

    /// Pulls what changed, or all where that cannot be trusted, and matches what waits for it.
    ///
    /// # Errors
    /// As [`Session::pull_invoices`].
    pub async fn pull_changes(self: &Arc<Self>) -> Result<Pulled, Failure> {
        sum(self.pulls(false).await?)
    }

    /// Pulls from every CRM that is connected, at the same time: one that does not answer keeps no other waiting. All open
    /// invoices, or (`all` is `false`) what changed. A pull that broke off changes nothing.
    ///
    /// # Errors
    /// No CRM is connected; the ledger cannot be read.
    pub async fn pulls(self: &Arc<Self>, all: bool) -> Result<Vec<PulledOf>, Failure> {
        let rows = self.connected()?;
        if rows.is_empty() {
            return Err(not_connected());
        }
        let pulls = rows.into_iter().map(async |row| {
            let pulled = if all {
                self.pull_all_of(&row.id).await
            } else {
                self.pull_changes_of(&row.id).await
            };
            PulledOf {
                name: name_of(&row),
                connection: row.id,
                pulled,
            }
        });
        Ok(futures_util::future::join_all(pulls).await)
    }

    async fn pull_all_of(self: &Arc<Self>, connection: &str) -> Result<Pulled, Failure> {
        let turn = self.pulling(connection);
        let _alone = turn.lock().await;
        self.pull_whole(&self.line(Some(connection))?, Whole::Asked).await
    }

    /// Pulls from one CRM what changed, or all where that cannot be trusted.
    ///
    /// # Errors
    /// It is not connected; it does not answer; the ledger cannot be written.
    pub(crate) async fn pull_changes_of(self: &Arc<Self>, connection: &str) -> Result<Pulled, Failure> {
        let turn = self.pulling(connection);
        let _alone = turn.lock().await;
        let line = self.line(Some(connection))?;
        let mut sum: Option<Pulled> = None;
        loop {
            let mark = match self.goes_on_from(&line)? {
                Ok(mark) => mark,
                Err(why) => return self.pull_whole(&line, why).await,
            };
            let changes = match line.crm.changes(mark.until).await {
                Ok(changes) => changes,
                Err(trouble) if trouble.health == Health::Failing => {
                    return self.pull_whole(&line, Whole::Refused).await;
                }
                Err(trouble) => return Err(self.crm_said(&line, trouble)),
            };
            if changes
                .until
                .is_none_or(|until| !clocks_agree(&mark, until, self.host.now()))
            {
                return self.pull_whole(&line, Whole::Clocks).await;
            }
            let told = changes.told.clone();
            let Some(pulled) = self.keep_changes(&line, changes).await? else {
                return self.pull_whole(&line, Whole::Refused).await;
            };
            self.heard(&line, &told).await;
            let pulled = match sum {
                Some(sum) => sum.and(pulled),
                None => pulled,
            };
            if !told.more {
                return Ok(pulled);
            }
            sum = Some(pulled);
        }
    }

    /// From where only changes may be asked for; or why not.
    fn goes_on_from(&self, line: &Line) -> Result<Result<PullMark, Whole>, Failure> {
        let now = self.host.now();
        let row = self.ledger.connection(&line.id)?;
        if row.is_some_and(|row| !row.whole) {
            return Ok(Err(Whole::Incomplete));
        }
        Ok(match self.ledger.pull_mark(&line.id)? {
            None => Err(Whole::Begins),
            Some(mark) if now < mark.at => Err(Whole::Clocks),
            Some(mark) if now.ms_since(mark.whole_at) >= WHOLE_EVERY_MS => Err(Whole::Due),
            Some(mark) => Ok(mark),
        })
    }

    async fn pull_whole(self: &Arc<Self>, line: &Line, why: Whole) -> Result<Pulled, Failure> {
        tracing::info!(?why, connection = line.id, "the whole list of invoices is pulled");
        // Also those we know to be paid in full: only the CRM can say that they are closed there too.
        let still_open: Vec<_> = self
            .ledger
            .matchable_invoices()?
            .into_iter()
            .filter(|invoice| invoice.status == InvoiceStatus::Open && invoice.id.connection() == line.id)
            .map(|invoice| invoice.id)
            .collect();
        let mut pull = match line.crm.pull(&still_open).await {
            Ok(pull) => pull,
            Err(trouble) => return Err(self.crm_said(line, trouble)),
        };
        let looks = match self.looks(line, None).await {
            Ok(looks) => looks,
            Err(Look::Ledger(failure)) => return Err(failure),
            Err(Look::Crm(trouble)) if trouble.health == Health::Failing => {
                tracing::warn!(says = trouble.says.en, "what became of our writes was not told");
                // The invoices are worth having; the next pull is a whole one and looks again.
                pull.until = None;
                Vec::new()
            }
            Err(Look::Crm(trouble)) => return Err(self.crm_said(line, trouble)),
        };
        let scope = if pull.complete {
            PullScope::Whole
        } else {
            PullScope::Part
        };
        let pulled = self.keep(line, Haul { scope, pull }, &looks)?;
        self.look_for_repeats(line).await?;
        Ok(Pulled {
            whole: Some(why),
            ..pulled
        })
    }

    /// `None`: what became of our writes was not told, so that nothing may move on.
    async fn keep_changes(self: &Arc<Self>, line: &Line, changes: Changes) -> Result<Option<Pulled>, Failure> {
        let ids = changes.invoices.iter().map(|invoice| &invoice.id);
        let ids: Vec<InvoiceId> = ids.chain(&changes.deleted).cloned().collect();
        let looks = match self.looks(line, Some(&ids)).await {
            Ok(looks) => looks,
            Err(Look::Ledger(failure)) => return Err(failure),
            Err(Look::Crm(trouble)) if trouble.health == Health::Failing => return Ok(None),
            Err(Look::Crm(trouble)) => return Err(self.crm_said(line, trouble)),
        };
        let pull = Pull {
            invoices: changes.invoices,
            deleted: changes.deleted,
            complete: true,
            until: changes.until,
            skipped: changes.skipped,
        };
        let scope = PullScope::Changes;
        self.keep(line, Haul { scope, pull }, &looks).map(Some)
    }

    /// Compares what our writes left in these invoices (in all without a list) with what the CRM holds.
    async fn looks(&self, line: &Line, of: Option<&[InvoiceId]>) -> Result<Vec<DriftLook>, Look> {
        let mut written = self.ledger.written(of).map_err(|error| Look::Ledger(error.into()))?;
        written.retain(|one| one.written.invoice.connection() == line.id);
        let lasts: BTreeMap<InvoiceId, u64> = written
            .iter()
            .map(|one| (one.written.invoice.clone(), one.last))
            .collect();
        let written: Vec<Written> = written.into_iter().map(|one| one.written).collect();
        let seen = line.crm.drift(&written).await.map_err(Look::Crm)?;
        let looks = seen.into_iter().filter_map(|(invoice, drifts)| {
            let last = *lasts.get(&invoice)?;
            let id = self.host.new_id();
            Some(DriftLook {
                id,
                invoice,
                last,
                drifts,
            })
        });
        Ok(looks.collect())
    }

    fn keep(self: &Arc<Self>, line: &Line, haul: Haul, looks: &[DriftLook]) -> Result<Pulled, Failure> {
        let Haul { scope, pull } = haul;
        let stored = store::Pulled {
            connection: &line.id,
            scope,
            invoices: &pull.invoices,
            deleted: &pull.deleted,
            until: pull.until,
            looks,
        };
        let report = self.ledger.store_pull(&stored, self.host.now())?;
        // An increment says nothing of what was left out before it.
        if scope != PullScope::Changes || !pull.skipped.is_empty() {
            self.tell_left_out(line, &pull.skipped)?;
        }
        self.crm_is(&line.id, CrmState::Ok, Text::same(""));
        self.crm_answered(&line.id);
        self.match_new()?;
        self.changed();
        Ok(Pulled {
            report,
            whole: None,
            complete: pull.complete,
            left_out: pull.skipped,
        })
    }

    /// The CRM may forget what it told. Where it does not hear that, it keeps it for a while, and that does no harm.
    async fn heard(&self, line: &Line, told: &Told) {
        if let Err(trouble) = line.crm.stored(told).await {
            tracing::info!(says = trouble.says.en, "the CRM keeps what it told");
        }
    }

    fn crm_said(&self, line: &Line, trouble: Trouble) -> Failure {
        let state = state_after(&trouble);
        let failure = crm_failure(&*line.crm, trouble);
        self.crm_is(&line.id, state, failure.message.clone());
        failure
    }

    /// Whether every list was read to its end, of the CRMs that are connected; where none is, of those that were. Until a
    /// pull says otherwise a first one's is: without a CRM there is none.
    pub(crate) fn invoices_complete(&self) -> Result<bool, Failure> {
        let mut rows = self.ledger.connections()?;
        if rows.iter().any(|row| row.key.is_some()) {
            rows.retain(|row| row.key.is_some());
        }
        Ok(rows.iter().all(|row| row.whole))
    }

    fn tell_left_out(&self, line: &Line, left_out: &[Text]) -> Result<(), Failure> {
        let about = format!("{LEFT_OUT}.{}", line.id);
        let Some(first) = left_out.first() else {
            self.settled(&about);
            return Ok(());
        };
        let more = left_out.len() - 1;
        let others = if more == 0 {
            Text::same("")
        } else {
            Text::new(format!(" (и ещё {more})"), format!(" (and {more} more)"))
        };
        let of = self
            .crm_names()?
            .of(&line.id)
            .map_or_else(String::new, |name| format!(" {name}"));
        let says = Text::new(
            format!("Из CRM{of} взяты не все счета: {}{}", first.ru, others.ru),
            format!("Not all invoices came from the CRM{of}: {}{}", first.en, others.en),
        );
        self.notice(about, says);
        Ok(())
    }
}

/// What came of them in a sentence, each with its name where there are several.
pub(crate) fn text(pulls: &[PulledOf]) -> Text {
    let said = pulls.iter().map(|one| {
        let text = match &one.pulled {
            Ok(pulled) => Text::new(
                format!(
                    "счета обновлены: новых {}, изменённых {}",
                    pulled.report.new, pulled.report.changed
                ),
                format!(
                    "invoices updated: {} new, {} changed",
                    pulled.report.new, pulled.report.changed
                ),
            ),
            Err(failure) => failure.message.clone(),
        };
        match pulls.len() {
            1 => text,
            _ => Text::new(
                format!("{}: {}", one.name, text.ru),
                format!("{}: {}", one.name, text.en),
            ),
        }
    });
    let (ru, en): (Vec<String>, Vec<String>) = said.map(|text| (text.ru, text.en)).unzip();
    Text::new(ru.join("; "), en.join("; "))
}

/// All of them as one.
fn sum(pulls: Vec<PulledOf>) -> Result<Pulled, Failure> {
    let mut sum: Option<Pulled> = None;
    for one in pulls {
        let pulled = one.pulled?;
        sum = Some(match sum {
            Some(sum) => Pulled {
                whole: sum.whole.and(pulled.whole),
                complete: sum.complete && pulled.complete,
                ..sum.and(pulled)
            },
            None => pulled,
        });
    }
    sum.ok_or_else(not_connected)
}

/// Why what became of our writes is not known.
enum Look {
    Crm(Trouble),
    Ledger(Failure),
}

impl Pulled {
    fn and(mut self, more: Self) -> Self {
        self.report.new += more.report.new;
        self.report.changed += more.report.changed;
        self.report.unchanged += more.report.unchanged;
        self.report.drifted += more.report.drifted;
        self.report.gone.extend(more.report.gone);
        self.left_out.extend(more.left_out);
        self
    }
}

/// Whether both clocks went on by about the same since the last pull: a CRM whose clock jumped gave times to changes that
/// asking by time would miss.
fn clocks_agree(mark: &PullMark, until: Timestamp, now: Timestamp) -> bool {
    let (theirs, ours) = (until.0.saturating_sub(mark.until.0), now.0.saturating_sub(mark.at.0));
    until >= mark.until && theirs.abs_diff(ours) <= CLOCKS_APART_MS
}

pub(crate) fn not_connected() -> Failure {
    Failure::new(
        "crm/not-connected",
        Text::new("CRM не подключена", "no CRM is connected"),
        Text::new(
            "подключите: `sverka connect bitrix24`, `sverka connect amocrm` или Настройки → CRM",
            "connect one: `sverka connect bitrix24`, `sverka connect amocrm`, or Settings → CRM",
        ),
    )
}
