//! `kill -9` at the worst moments, each in a firm of its own; every one must end as the firm that was left alone.

use std::{fs, thread, time::Duration};

use anyhow::{Context, Result, anyhow};
use domain::{Lang, Text};

use super::{Step, Story, connect, expected::FIRST_DAY, queue_is_done};
use crate::{
    account::Account,
    bank,
    place::Place,
    portal::{Portal, Snapshot},
    process::Running,
    wait,
};

pub const STEP: Step = Step {
    name: "kill",
    title: || {
        Text::new(
            "Наблюдателя убивают (kill -9) в худшие моменты, каждый раз в другой фирме",
            "The watcher is killed (kill -9) at the worst moments, each time in another firm",
        )
    },
    act,
    check,
};

/// When the program is killed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Moment {
    /// The first pages of the import reach the ledger's log.
    Importing,
    /// Booked and decided, nothing sent yet.
    BeforeDelivery,
    /// The CRM has the call and has not done it yet.
    WriteUnderWay,
    /// The CRM has done it, and the answer is not out yet.
    WriteDone,
    /// The comment stands, and nobody knows.
    CommentDone,
}

pub const MOMENTS: [Moment; 5] = [
    Moment::Importing,
    Moment::BeforeDelivery,
    Moment::WriteUnderWay,
    Moment::WriteDone,
    Moment::CommentDone,
];

impl Moment {
    fn words(self) -> Text {
        match self {
            Self::Importing => Text::new("идёт загрузка выписки", "the statement is being imported"),
            Self::BeforeDelivery => Text::new("загружено, ещё не отправлено", "imported, nothing sent"),
            Self::WriteUnderWay => Text::new("запись ушла, CRM её ещё не сделала", "a write is sent, not yet done"),
            Self::WriteDone => Text::new("CRM записала, ответа ещё нет", "a write is done, not yet answered"),
            Self::CommentDone => Text::new(
                "комментарий записан, ответа ещё нет",
                "the comment is there, not yet answered",
            ),
        }
    }
}

/// How a firm stands at the end.
pub struct End {
    pub moment: Moment,
    pub portal: Portal,
    pub place: Place,
}

/// Longer than the story: an answer that is held back until the kill.
const HELD_BACK_MS: u32 = 20_000;
const LOOK_CLOSELY: Duration = Duration::from_millis(1);
/// The call journal of a running watcher adds less to the log at once, an import adds more.
const IMPORT_BYTES: u64 = 48 * 1024;

fn act(story: &mut Story) -> Result<()> {
    let lang = story.lang;
    story.kills = thread::scope(|scope| {
        let runs: Vec<_> = MOMENTS.map(|moment| scope.spawn(move || end_of(moment, lang))).into();
        runs.into_iter()
            .map(|run| run.join().map_err(|_| anyhow!("a firm's thread panicked"))?)
            .collect::<Result<_>>()
    })?;
    Ok(())
}

/// A firm of its own lives through one kill.
///
/// # Errors
/// Something awaited never came.
pub fn end_of(moment: Moment, lang: Lang) -> Result<End> {
    let place = Place::new(lang)?;
    let portal = Portal::start(&place)?;
    connect::found_firm(&place)?;
    connect::connect(&place, &portal)?;
    match moment {
        // Without a CRM nothing but the program's own start makes up for what the kill cut off.
        Moment::Importing | Moment::BeforeDelivery => portal.offline()?,
        Moment::WriteUnderWay => portal.delay("crm.item.update", HELD_BACK_MS)?,
        Moment::WriteDone => portal.fault("crm.item.update", "timeout_after_commit")?,
        Moment::CommentDone => portal.fault("crm.timeline.comment.add", "timeout_after_commit")?,
    }
    bank::drop_file(&place.statements(), bank::FIRST_NAME, bank::FIRST_DAY)?;
    let watch = place.watch()?;
    await_moment(moment, &place, &portal, &watch)
        .with_context(|| format!("{moment:?}\n{}\n{}", watch.tail(), place.log_tail()))?;
    watch.kill()?;
    let watch = place.watch()?;
    if matches!(moment, Moment::Importing | Moment::BeforeDelivery) {
        wait::until("everything is matched without a network", || {
            let status = place.one(&["status"])?;
            Ok((status["inbox"]["decided"] == FIRST_DAY.len()).then_some(()))
        })
        .with_context(|| format!("{moment:?}\n{}\n{}", watch.tail(), place.log_tail()))?;
        portal.online()?;
    }
    let delivered = || {
        wait::until("all of it is told", || {
            let status = place.one(&["status"])?;
            Ok((status["outbox"]["delivered"] == FIRST_DAY.len()).then_some(()))
        })?;
        queue_is_done(&place)
    };
    delivered().with_context(|| format!("{moment:?}\n{}\n{}", watch.tail(), place.log_tail()))?;
    Ok(End { moment, portal, place })
}

fn await_moment(moment: Moment, place: &Place, portal: &Portal, watch: &Running) -> Result<()> {
    let in_progress = |method: &'static str, phase: &'static str| {
        wait::until_every(LOOK_CLOSELY, "the CRM holds the call", || {
            let calls = portal.in_progress()?;
            Ok(calls
                .iter()
                .any(|(called, at)| called == method && at == phase)
                .then_some(()))
        })
    };
    match moment {
        Moment::Importing => {
            let log = place.ledger().join("ledger.sqlite-wal");
            // The log may start anew at any time, so growth is counted from look to look.
            let mut before = None;
            wait::until_every(LOOK_CLOSELY, "the import reaches the ledger", || {
                let now = fs::metadata(&log).map_or(0, |meta| meta.len());
                let grown = before.replace(now).is_some_and(|before| now > before + IMPORT_BYTES);
                Ok(grown.then_some(()))
            })
        }
        Moment::BeforeDelivery => wait::until("the statement is matched", || {
            Ok(watch.printed()?.contains("\"money_came\"").then_some(()))
        }),
        Moment::WriteUnderWay => in_progress("crm.item.update", "delayed"),
        Moment::WriteDone => in_progress("crm.item.update", "held"),
        Moment::CommentDone => in_progress("crm.timeline.comment.add", "held"),
    }
}

fn check(story: &mut Story, account: &mut Account) -> Result<()> {
    let alone = shape(&story.portal.snapshot()?);
    for end in &story.kills {
        let held = end.portal.snapshot()?;
        let status = end.place.one(&["status"])?;
        let words = end.moment.words();
        let comments: usize = held.invoices.iter().map(|invoice| invoice.comments.len()).sum();
        let ids: usize = held.invoices.iter().map(|invoice| invoice.payments.len()).sum();
        account.tell(
            format!(
                "{}: доставлено {}, комментариев {comments}, кодов на счетах {ids}",
                words.ru, status["outbox"]["delivered"]
            ),
            format!(
                "{}: {} delivered, {comments} comments, {ids} payment ids on invoices",
                words.en, status["outbox"]["delivered"]
            ),
        );
        for (is, must) in shape(&held).into_iter().zip(&alone) {
            account.same(&words, is, must.clone());
        }
        account.same(&words, status["outbox"]["parked"].to_string(), "0");
        account.must(&words, status["accounts"][0]["proven"] == true);
    }
    Ok(())
}

/// What every invoice and deal of the CRM came to, without what differs from one firm to the next.
fn shape(held: &Snapshot) -> Vec<String> {
    let items = held.invoices.iter().chain(&held.deals);
    items
        .map(|item| {
            let (stage, payments, comments) = (&item.stage, item.payments.join(" "), item.comments.len());
            format!("{} {} {stage} [{payments}] {comments}", item.id, item.number)
        })
        .collect()
}
