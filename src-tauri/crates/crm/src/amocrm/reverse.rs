//! Taking a payment back: its id leaves the invoice (unless only a part of it goes back), and status and lead return only
//! where they are still what our write made of them.

use domain::{Message, Operation, PaymentStatus, Receipt, Text};

use super::{
    Client,
    carry_out::Course,
    notes::{OurNote, Search, lead_of, reverse_mark},
    plan,
    record::PaidOn,
};
use crate::{
    attempt::{Attempt, Stop},
    bitrix24::StageMove,
    call::Transport,
    interface::{Earlier, TakenBack},
};

impl<T: Transport> Client<T> {
    pub(super) async fn reverse(
        &self,
        attempt: &mut Attempt<'_, T>,
        message: &Message,
        earlier: &Earlier,
    ) -> Result<Receipt, Stop> {
        let Operation::ReversePayment {
            invoice,
            invoice_number,
            deal,
            payment,
            refund,
            recalled,
            partly,
            ..
        } = &message.operation
        else {
            return Err(Stop::Refused(Text::new(
                "не отмена платежа",
                "not the reversal of a payment",
            )));
        };
        let taken_back = TakenBack::of(*refund, *recalled);
        let (layout, id) = self.target(attempt, invoice).await?;
        let mut notes = Vec::new();
        let mark = reverse_mark(&message.id);
        let Some(element) = self.element(attempt, id, &layout).await? else {
            notes.push(Text::new(
                format!("Счёт {invoice_number} удалён в amoCRM: отменять в нём нечего."),
                format!("Invoice {invoice_number} is deleted in amoCRM: nothing in it to take back."),
            ));
            let lead = lead_of(deal.as_deref(), &mut Vec::new());
            self.disown_doubles_behind(attempt, lead, id, &mark, &mut notes).await?;
            return Ok(Receipt {
                found_done: !attempt.has_written(),
                notes,
                ..Receipt::default()
            });
        };
        let lead = lead_of(deal.as_deref(), &mut notes);
        let told = match lead {
            // All of them count: they say what the invoice was before us.
            Some(lead) => self.find_notes(attempt, lead, id, Search::Alone).await?,
            None => Vec::new(),
        };
        let ours = told.iter().find(|note| note.mark == mark);
        // Of a payment of which something stays, the code stays too.
        let out = element.holds(payment) && !partly;
        let others = *partly || element.payments.iter().any(|other| *other != payment.0);
        let moved = match ours {
            Some(ours) => ours.invoice.clone(),
            None => {
                let moves = moves(&told, earlier);
                let status = taken_back.leaves(others);
                plan::reverse(&element, &layout, &moves, out, status, &mut notes)
            }
        };
        let lead_moves = match ours {
            Some(ours) => ours.lead.clone(),
            // With the invoice paid no longer, the lead goes back where our write took it from.
            None if moved.changed().is_some() => lead_back(&told),
            None => StageMove::default(),
        };
        let paid = |status: Option<&str>| plan::standing(&layout.mapping, status).contains(&PaymentStatus::Paid);
        // A day of payment would go on saying that the invoice is paid.
        let paid_on = if element.dated && !paid(moved.after.as_deref()) {
            PaidOn::Emptied
        } else {
            PaidOn::Left
        };
        let course = Course {
            element,
            layout: &layout,
            id,
            lead,
            ours: ours.cloned(),
            moved,
            lead_moves,
            code: (!partly).then_some((payment, false)),
            message,
            title: taken_back.title(*partly),
            mark: &mark,
            paid_on,
        };
        self.carry_out(attempt, course, notes).await
    }
}

/// Our moves of this invoice's status: as the lead's notes tell them, else as the receipts do.
fn moves(told: &[OurNote], earlier: &Earlier) -> Vec<StageMove> {
    let mut of_money = told.iter().filter(|note| note.is_of_money()).peekable();
    if of_money.peek().is_some() {
        return of_money.map(|note| note.invoice.clone()).collect();
    }
    let receipts = [&earlier.undone, &earlier.settling];
    let mut moves: Vec<StageMove> = receipts
        .into_iter()
        .flatten()
        .map(|receipt| StageMove {
            before: receipt.stage_before.clone(),
            after: receipt.stage_after.clone(),
        })
        .collect();
    moves.dedup();
    moves
}

/// The last move of the lead that was ours, backwards.
fn lead_back(told: &[OurNote]) -> StageMove {
    let last = told.iter().rev().find(|note| note.lead.changed().is_some());
    let Some(OurNote { lead, .. }) = last.filter(|note| note.mark.starts_with("sv-record-")) else {
        return StageMove::default();
    };
    StageMove {
        before: lead.after.clone(),
        after: lead.before.clone(),
    }
}
