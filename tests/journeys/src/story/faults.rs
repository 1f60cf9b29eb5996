//! The network is back, and the CRM loses two answers after doing what was asked.

use anyhow::{Context, Result};
use domain::Text;

use super::{
    Step, Story,
    expected::{FIRST_DAY, Paid},
};
use crate::{
    account::Account,
    place::Place,
    portal::{Snapshot, text},
};

pub const STEP: Step = Step {
    name: "faults",
    title: || {
        Text::new(
            "Сеть вернулась, CRM два раза записала и не ответила",
            "The network is back, the CRM wrote twice and did not answer",
        )
    },
    act,
    check,
};

const LOST_ANSWERS: usize = 2;

fn act(story: &mut Story) -> Result<()> {
    story.portal.fault("crm.item.update", "timeout_after_commit")?;
    story.portal.fault("crm.timeline.comment.add", "timeout_after_commit")?;
    story.portal.online()?;
    story.queue_is_done()
}

fn check(story: &mut Story, account: &mut Account) -> Result<()> {
    let held = story.portal.snapshot()?;
    let queue = story.place.lines(&["outbox", "list", "--limit", "500"])?;
    let again = queue.iter().filter(|row| row["attempts"].as_u64() > Some(1)).count();
    let comments: usize = held.invoices.iter().map(|invoice| invoice.comments.len()).sum();
    let ids: usize = held.invoices.iter().map(|invoice| invoice.payments.len()).sum();
    let deals: usize = held.deals.iter().map(|deal| deal.payments.len()).sum();
    account.tell(
        format!(
            "потеряно ответов {}, пришлось повторить {again}; в CRM: комментариев {comments}, кодов платежей на счетах {ids}, на сделках {deals}",
            held.faults_met()
        ),
        format!(
            "{} answers lost, {again} tried again; in the CRM: {comments} comments, {ids} payment ids on invoices, {deals} on deals",
            held.faults_met()
        ),
    );
    account.same(
        &Text::new("потеряно ответов", "answers lost"),
        held.faults_met(),
        LOST_ANSWERS,
    );
    account.same(
        &Text::new("комментариев в CRM", "comments in the CRM"),
        comments,
        FIRST_DAY.len(),
    );
    account.same(&Text::new("кодов на счетах", "ids on invoices"), ids, FIRST_DAY.len());
    let on_deals = FIRST_DAY.iter().filter(|paid| paid.deal.is_some()).count();
    account.same(&Text::new("кодов на сделках", "ids on deals"), deals, on_deals);
    for paid in &FIRST_DAY {
        paid_once(&story.place, &held, paid, account)?;
    }
    Ok(())
}

/// In its stage of success, commented once, with the id that the ledger gave the payment, and so its deal.
///
/// # Errors
/// The CRM or the ledger has no such invoice.
pub fn paid_once(place: &Place, held: &Snapshot, paid: &Paid, account: &mut Account) -> Result<()> {
    let invoice = held.invoice(paid.invoice)?;
    let own = own_payment(place, paid.invoice)?;
    let number = paid.number;
    let what = |ru: &str, en: &str| Text::new(format!("{number}: {ru}"), format!("{number}: {en}"));
    account.same(&what("стадия", "stage"), invoice.stage.as_str(), paid.stage);
    account.same(&what("успех", "success"), invoice.semantics.as_str(), "S");
    account.same(&what("комментариев", "comments"), invoice.comments.len(), 1);
    account.same(
        &what("коды платежей", "payment ids"),
        invoice.payments.join(" "),
        own.clone(),
    );
    if let Some(deal) = paid.deal {
        let of_deal = held.deal(deal)?.payments.join(" ");
        account.same(&what("код на сделке", "the deal's payment id"), of_deal, own);
    }
    Ok(())
}

/// The payment id that stands in the ledger's queue for this invoice.
///
/// # Errors
/// The ledger says nothing of it.
pub fn own_payment(place: &Place, invoice: u64) -> Result<String> {
    let name = format!("b24:31:{invoice}");
    let queue = place.lines(&["outbox", "list", "--limit", "500"])?;
    let row = queue
        .iter()
        .find(|row| text(row, "invoice") == name && text(row, "operation") == "record_payment")
        .with_context(|| format!("the queue never held anything for {name}"))?;
    let shown = place.one(&["outbox", "show", &text(row, "message")])?;
    Ok(text(&shown, "payment_id"))
}
