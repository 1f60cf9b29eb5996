//! The same files again, and one that overlaps both days.

use anyhow::Result;
use domain::Text;

use super::{Step, Story, statement::balances};
use crate::{account::Account, bank, portal::text, wait};

pub const STEP: Step = Step {
    name: "repeat",
    title: || {
        Text::new(
            "Те же файлы ещё раз, и файл за оба дня",
            "The same files again, and one file for both days",
        )
    },
    act,
    check,
};

#[derive(Default)]
pub struct Seen {
    /// File, new, known.
    imports: Vec<(String, u64, u64)>,
    before: String,
}

fn act(story: &mut Story) -> Result<()> {
    story.repeated.before = figures(story)?;
    let folder = story.place.statements();
    let booked = story.events("file.imported")?;
    let both = bank::both_days()?;
    let both = if story.spoils("repeat") {
        // A payment of the second day becomes another one.
        bank::altered(&both, "=18300.00", "=18301.00")?
    } else {
        both
    };
    bank::drop_file(&folder, bank::FIRST_NAME, bank::FIRST_DAY)?;
    bank::drop_file(&folder, "copy.txt", bank::SECOND_DAY)?;
    bank::drop_file(&folder, "kl_to_1c-both-days.txt", &both)?;
    wait::until("the file for both days is imported", || {
        Ok((story.events("file.imported")? > booked).then_some(()))
    })?;
    for name in [bank::FIRST_NAME, "copy.txt", "kl_to_1c-both-days.txt"] {
        let path = folder.join(name);
        let import = story.place.one(&["import", &path.to_string_lossy()])?;
        let count = |key: &str| import[key].as_u64().unwrap_or(u64::MAX);
        story
            .repeated
            .imports
            .push((text(&import, "file"), count("entries_new"), count("entries_known")));
    }
    story.queue_is_done()
}

fn check(story: &mut Story, account: &mut Account) -> Result<()> {
    for ((file, new, known), must) in story.repeated.imports.iter().zip([12, 3, 15]) {
        account.tell(
            format!("{file}: новых {new}, известных {known}"),
            format!("{file}: {new} new, {known} known"),
        );
        account.same(&Text::new(format!("{file}: новых"), format!("{file}: new")), *new, 0);
        account.same(
            &Text::new(format!("{file}: известных"), format!("{file}: known")),
            *known,
            must,
        );
    }
    let before = story.repeated.before.clone();
    account.same(&Text::new("учёт и CRM", "ledger and CRM"), figures(story)?, before);
    balances(story, account, "2793670.00", "2026-11-21")
}

/// Everything that must not move.
fn figures(story: &Story) -> Result<String> {
    let status = story.place.one(&["status"])?;
    let held = story.portal.snapshot()?;
    let comments: usize = held.invoices.iter().map(|invoice| invoice.comments.len()).sum();
    Ok(format!(
        "{} {} {} {comments}",
        status["inbox"],
        status["outbox"],
        held.paid().count()
    ))
}
