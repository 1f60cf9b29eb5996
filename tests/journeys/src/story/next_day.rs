//! The next statement: the bank executed the order, two more invoices are paid, the days are chained.

use anyhow::Result;
use domain::Text;

use super::{Step, Story, expected::SECOND_DAY, faults::paid_once, statement::balances};
use crate::{
    account::Account,
    bank::{self, SECOND_NAME},
    portal::text,
    wait,
};

pub const STEP: Step = Step {
    name: "next-day",
    title: || Text::new("Выписка следующего дня", "The next day's statement"),
    act,
    check,
};

fn act(story: &mut Story) -> Result<()> {
    let before = story.money_came()?;
    let bytes = if story.spoils("next-day") {
        bank::altered(bank::SECOND_DAY, "=2750670.00", "=2750671.00")?
    } else {
        bank::SECOND_DAY.to_vec()
    };
    bank::drop_file(&story.place.statements(), SECOND_NAME, &bytes)?;
    wait::until("the second statement is imported and matched", || {
        Ok((story.money_came()? > before).then_some(()))
    })?;
    story.queue_is_done()
}

fn check(story: &mut Story, account: &mut Account) -> Result<()> {
    balances(story, account, "2793670.00", "2026-11-21")?;
    let order = story.place.one(&["orders", "show", &story.order.order])?;
    let held = story.portal.snapshot()?;
    let paid: Vec<&str> = SECOND_DAY
        .iter()
        .filter(|paid| held.invoice(paid.invoice).is_ok_and(|invoice| invoice.semantics == "S"))
        .map(|paid| paid.number)
        .collect();
    account.tell(
        format!(
            "платёжка: {}; оплачены счета {}",
            text(&order, "state"),
            paid.join(", ")
        ),
        format!(
            "the order: {}; invoices paid: {}",
            text(&order, "state"),
            paid.join(", ")
        ),
    );
    account.same(&Text::new("платёжка", "the order"), text(&order, "state"), "executed");
    account.must(
        &Text::new("платёжку закрыло списание", "a debit executed the order"),
        !text(&order, "executed_entry").is_empty(),
    );
    if account.differences() > 0 {
        return Ok(());
    }
    for paid in &SECOND_DAY {
        paid_once(&story.place, &held, paid, account)?;
    }
    Ok(())
}
