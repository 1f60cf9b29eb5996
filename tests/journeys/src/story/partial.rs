//! Half of an invoice is paid: the CRM is told, and the invoice stays open.

use anyhow::Result;
use domain::Text;

use super::{
    Step, Story,
    expected::{HALF, HALVED, SENT_STAGE},
    faults::own_payment,
};
use crate::{account::Account, portal::text};

pub const STEP: Step = Step {
    name: "partial",
    title: || Text::new("Половина счёта", "Half of an invoice"),
    act,
    check,
};

fn act(story: &mut Story) -> Result<()> {
    let entry = text(&story.entry_of(HALF)?, "entry");
    let pays = format!("b24:31:{}={HALF}", HALVED.0);
    story.place.one(&["decide", &entry, "--invoice", &pays])?;
    story.queue_is_done()
}

fn check(story: &mut Story, account: &mut Account) -> Result<()> {
    let (id, number, deal) = HALVED;
    let held = story.portal.snapshot()?;
    let invoice = held.invoice(id)?;
    let known = story.place.lines(&["invoices", "list", "--limit", "500"])?;
    let ours = known.iter().find(|row| text(row, "number") == number);
    let left = ours.map_or_else(String::new, |row| text(&row["open"], "amount"));
    let own = own_payment(&story.place, id)?;
    account.tell(
        format!(
            "№ {number}: «{}», кодов платежей {}, комментариев {}, открыто {}",
            invoice.stage_name,
            invoice.payments.len(),
            invoice.comments.len(),
            account.money(&left)
        ),
        format!(
            "{number}: «{}», {} payment ids, {} comments, {} stay open",
            invoice.stage_name,
            invoice.payments.len(),
            invoice.comments.len(),
            account.money(&left)
        ),
    );
    account.same(&Text::new("стадия", "stage"), invoice.stage.as_str(), SENT_STAGE);
    account.same(
        &Text::new("код платежа", "payment id"),
        invoice.payments.join(" "),
        own.clone(),
    );
    account.same(&Text::new("комментариев", "comments"), invoice.comments.len(), 1);
    let of_deal = held.deal(deal)?.payments.join(" ");
    account.same(&Text::new("код на сделке", "the deal's payment id"), of_deal, own);
    account.same(&Text::new("открыто", "left open"), left, HALF);
    Ok(())
}
