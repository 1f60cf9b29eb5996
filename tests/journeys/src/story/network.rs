//! The network is off: the queue waits, and waits through a kill.

use anyhow::Result;
use domain::Text;

use super::{Step, Story, expected::FIRST_DAY};
use crate::{
    account::Account,
    portal::{rows, text},
    wait,
};

pub const STEP: Step = Step {
    name: "offline",
    title: || Text::new("Сети нет: очередь ждёт", "No network: the queue waits"),
    act,
    check,
};

fn act(story: &mut Story) -> Result<()> {
    wait::until("the queue is tried without a network", || {
        Ok((attempts(story)? > 0).then_some(()))
    })?;
    story.kill_watching()?;
    let before = attempts(story)?;
    story.start_watching()?;
    wait::until("the queue is tried again after the kill", || {
        Ok((attempts(story)? > before).then_some(()))
    })
}

/// Attempts that ended, of all that waits.
fn attempts(story: &Story) -> Result<usize> {
    let mut ended = 0;
    for row in story.place.lines(&["outbox", "list"])? {
        let shown = story.place.one(&["outbox", "show", &text(&row, "message")])?;
        let of_it = rows(&shown["attempts"]).iter();
        ended += of_it.filter(|attempt| !attempt["ended"].is_null()).count();
    }
    Ok(ended)
}

fn check(story: &mut Story, account: &mut Account) -> Result<()> {
    let held = story.portal.snapshot()?;
    let status = story.place.one(&["status"])?;
    let queue = &status["outbox"];
    let said = text(
        &status["crm"]["message"],
        if account.lang() == domain::Lang::Ru { "ru" } else { "en" },
    );
    account.tell(
        format!(
            "ждут {}, отложено {}, доставлено {}; «{said}»; наблюдателя убили между загрузкой и отправкой: kill -9",
            queue["waiting"], queue["parked"], queue["delivered"]
        ),
        format!(
            "{} wait, {} parked, {} delivered; «{said}»; the watcher was killed between import and delivery: kill -9",
            queue["waiting"], queue["parked"], queue["delivered"]
        ),
    );
    account.must(&Text::new("CRM недоступна", "the CRM is away"), !held.online());
    for (key, must) in [("waiting", FIRST_DAY.len()), ("parked", 0), ("delivered", 0)] {
        account.same(
            &Text::same(format!("outbox.{key}")),
            queue[key].to_string(),
            must.to_string(),
        );
    }
    account.same(
        &Text::new("состояние CRM", "the CRM's state"),
        text(&status["crm"], "state"),
        "offline",
    );
    let written = held.calls("crm.item.update") + held.calls("crm.timeline.comment.add");
    account.same(&Text::new("записей в CRM", "writes to the CRM"), written, 0);
    Ok(())
}
