//! The story: the steps in their order, what they share, and how they are told.

mod closing;
pub mod connect;
pub mod expected;
pub mod faults;
pub mod kills;
mod network;
mod next_day;
pub mod order;
mod partial;
mod person;
mod repeated;
mod statement;

use std::path::Path;

use anyhow::{Context, Result};
use domain::{Lang, Text};
use serde_json::Value;

use crate::{
    account::Account,
    breaks::Break,
    place::Place,
    portal::{Portal, text},
    process::Running,
    wait,
};

/// One step: something happens, then it is looked at from outside.
pub struct Step {
    pub name: &'static str,
    pub title: fn() -> Text,
    act: fn(&mut Story) -> Result<()>,
    check: fn(&mut Story, &mut Account) -> Result<()>,
}

/// In the order of the story.
pub const STEPS: &[Step] = &[
    connect::STEP,
    statement::STEP,
    network::STEP,
    faults::STEP,
    kills::STEP,
    person::STEP,
    partial::STEP,
    order::STEP,
    next_day::STEP,
    repeated::STEP,
    closing::AUDIT,
    closing::ONCE,
];

/// What the steps share.
pub struct Story {
    pub lang: Lang,
    pub place: Place,
    pub portal: Portal,
    watch: Option<Running>,
    broken: Option<&'static Break>,
    statement: statement::Seen,
    kills: Vec<kills::End>,
    person: person::Seen,
    order: order::Seen,
    repeated: repeated::Seen,
}

/// Tells the whole story. `false`: something was not as it must be, and was told.
///
/// # Errors
/// The story could not go on: a program did not start, or something awaited never came.
pub fn tell(lang: Lang, broken: Option<&'static Break>) -> Result<bool> {
    let mut account = Account::new(lang);
    let mut story = Story::begin(lang, broken)?;
    for (at, step) in STEPS.iter().enumerate() {
        if broken.is_some_and(|broken| step.name == kills::STEP.name && broken.step != step.name) {
            // It has firms of its own: what is spoilt elsewhere cannot show in them.
            continue;
        }
        account.step(at + 1, &(step.title)());
        story.go(step, &mut account).map_err(|error| story.explained(error))?;
        if account.differences() > 0 {
            return Ok(false);
        }
    }
    Ok(true)
}

impl Story {
    fn begin(lang: Lang, broken: Option<&'static Break>) -> Result<Self> {
        let place = Place::new(lang)?;
        Ok(Self {
            lang,
            portal: Portal::start(&place)?,
            place,
            watch: None,
            broken,
            statement: statement::Seen::default(),
            kills: Vec::new(),
            person: person::Seen::default(),
            order: order::Seen::default(),
            repeated: repeated::Seen::default(),
        })
    }

    fn go(&mut self, step: &Step, account: &mut Account) -> Result<()> {
        (step.act)(self)?;
        if let Some(spoil) = self
            .broken
            .filter(|broken| broken.step == step.name)
            .and_then(|broken| broken.spoil)
        {
            spoil(self)?;
        }
        (step.check)(self, account)
    }

    /// Whether this very thing is to be spoilt while it happens.
    #[must_use]
    pub fn spoils(&self, name: &str) -> bool {
        self.broken.is_some_and(|broken| broken.name == name)
    }

    /// The firms that lived through a kill.
    #[must_use]
    pub fn kills(&self) -> &[kills::End] {
        &self.kills
    }

    /// Where the order went.
    #[must_use]
    pub fn exported_file(&self) -> &Path {
        Path::new(&self.order.file)
    }

    fn start_watching(&mut self) -> Result<()> {
        self.watch = Some(self.place.watch()?);
        Ok(())
    }

    /// `kill -9`.
    fn kill_watching(&mut self) -> Result<()> {
        self.watch.take().context("nothing watches")?.kill()
    }

    fn explained(&self, error: anyhow::Error) -> anyhow::Error {
        let watch = self.watch.as_ref().map(Running::tail).unwrap_or_default();
        error.context(format!("{watch}\n{}\n{}", self.place.log_tail(), self.portal.tail()))
    }

    /// How many times the watching program told that money came, and all of it was looked at.
    fn money_came(&self) -> Result<usize> {
        let printed = self.watch.as_ref().context("nothing watches")?.printed()?;
        Ok(printed.lines().filter(|line| line.contains("\"money_came\"")).count())
    }

    /// Waits until nothing in the queue is on its way any more.
    fn queue_is_done(&self) -> Result<()> {
        queue_is_done(&self.place)
    }

    /// The entry of the ledger with this sum, as `sverka inbox` shows it.
    fn entry_of(&self, sum: &str) -> Result<Value> {
        let rows = self.place.lines(&["inbox"])?;
        rows.into_iter()
            .find(|row| row["sum"]["amount"] == sum)
            .with_context(|| format!("the ledger has no incoming payment of {sum}"))
    }

    /// Events of this kind in the audit log.
    fn events(&self, action: &str) -> Result<usize> {
        let events = self.place.lines(&["audit", "list", "--limit", "10000"])?;
        Ok(events.iter().filter(|event| text(event, "action") == action).count())
    }
}

/// Waits until nothing in the queue is on its way any more.
///
/// # Errors
/// It stays.
pub fn queue_is_done(place: &Place) -> Result<()> {
    wait::until("the queue to the CRM is empty", || {
        let status = place.one(&["status"])?;
        Ok((status["outbox"]["waiting"] == 0).then_some(()))
    })
}
