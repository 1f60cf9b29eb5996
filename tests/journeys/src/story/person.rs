//! A person decides what the machine would not, takes it back, and decides otherwise.

use anyhow::Result;
use domain::Text;

use super::{
    Step, Story,
    expected::{PAID_STAGE, SENT_STAGE, TIED, TIED_SUM},
};
use crate::{
    account::Account,
    portal::{Item, text},
};

pub const STEP: Step = Step {
    name: "decide",
    title: || {
        Text::new(
            "Человек решает спорный платёж, отменяет и решает иначе",
            "A person decides the tie, takes it back, decides otherwise",
        )
    },
    act,
    check,
};

#[derive(Default)]
pub struct Seen {
    decided: Option<Item>,
    undone: Option<Item>,
}

fn act(story: &mut Story) -> Result<()> {
    let entry = text(&story.entry_of(TIED_SUM)?, "entry");
    let [(first, _), (second, _)] = TIED;
    let place = &story.place;
    let pay = |invoice: u64| format!("b24:31:{invoice}={TIED_SUM}");
    let decided = place.one(&["decide", &entry, "--invoice", &pay(first)])?;
    story.queue_is_done()?;
    story.person.decided = Some(story.portal.snapshot()?.invoice(first)?.clone());
    story.place.one(&["undo", &text(&decided, "decision")])?;
    story.queue_is_done()?;
    story.person.undone = Some(story.portal.snapshot()?.invoice(first)?.clone());
    story.place.one(&["decide", &entry, "--invoice", &pay(second)])?;
    story.queue_is_done()
}

fn check(story: &mut Story, account: &mut Account) -> Result<()> {
    let held = story.portal.snapshot()?;
    let [(first, number), (second, _)] = TIED;
    let now = held.invoice(first)?;
    let other = held.invoice(second)?;
    let own = super::faults::own_payment(&story.place, second)?;
    if let Some(decided) = &story.person.decided {
        tell(account, "решено", "decided", decided);
        account.same(&stage(number), decided.stage.as_str(), PAID_STAGE);
        account.same(&ids(number), decided.payments.join(" "), own.clone());
        account.same(&comments(number), decided.comments.len(), 1);
    }
    if let Some(undone) = &story.person.undone {
        tell(account, "отменено", "taken back", undone);
        account.same(&stage(number), undone.stage.as_str(), SENT_STAGE);
        account.same(&ids(number), undone.payments.join(" "), String::new());
        account.same(&comments(number), undone.comments.len(), 2);
    }
    tell(account, "решено иначе", "decided otherwise", other);
    account.same(&stage(number), now.stage.as_str(), SENT_STAGE);
    account.same(&ids(number), now.payments.join(" "), String::new());
    account.same(&comments(number), now.comments.len(), 2);
    account.same(&stage(&other.number), other.stage.as_str(), PAID_STAGE);
    account.same(&ids(&other.number), other.payments.join(" "), own);
    account.same(&comments(&other.number), other.comments.len(), 1);
    Ok(())
}

fn tell(account: &Account, ru: &str, en: &str, item: &Item) {
    let (number, stage, comments, payments) =
        (&item.number, &item.stage_name, item.comments.len(), item.payments.len());
    account.tell(
        format!("{ru}: № {number} — «{stage}», кодов платежей {payments}, комментариев {comments}"),
        format!("{en}: {number} is in «{stage}», {payments} payment ids, {comments} comments"),
    );
}

fn stage(number: &str) -> Text {
    Text::new(format!("{number}: стадия"), format!("{number}: stage"))
}

fn ids(number: &str) -> Text {
    Text::new(format!("{number}: коды платежей"), format!("{number}: payment ids"))
}

fn comments(number: &str) -> Text {
    Text::new(format!("{number}: комментариев"), format!("{number}: comments"))
}
