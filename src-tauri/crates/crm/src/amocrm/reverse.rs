//! Taking a payment back: its id leaves the invoice, and status and lead return only where they are still what our write
//! made of them.

use domain::{Message, Operation, Receipt, Text};

use super::{
    Client,
    notes::{COMMON, OurNote, Said, Search, lead_of, reverse_mark},
    plan,
    record::{Change, gone, moved_at_once, with_payment},
};
use crate::{
    attempt::{Attempt, Stop},
    bitrix24::StageMove,
    call::Transport,
    interface::{Earlier, after_reversal},
};

const TITLE: &str = "Отметка об оплате снята: платёж больше не относится к этому счёту";
const TITLE_REFUND: &str = "Отметка об оплате снята: деньги возвращены покупателю";

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
            ..
        } = &message.operation
        else {
            return Err(Stop::Refused(Text::new(
                "не отмена платежа",
                "not the reversal of a payment",
            )));
        };
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
        let held = element.holds(payment);
        let payments = with_payment(&element.payments, payment, false);
        let moved = match ours {
            Some(ours) => ours.invoice.clone(),
            None => {
                let moves = moves(&told, earlier);
                let status = after_reversal(*refund, !payments.is_empty());
                plan::reverse(&element, &layout, &moves, held, status, &mut notes)
            }
        };
        let lead_moves = match ours {
            Some(ours) => ours.lead.clone(),
            // With the invoice paid no longer, the lead goes back where our write took it from.
            None if moved.changed().is_some() => lead_back(&told),
            None => StageMove::default(),
        };
        let status = moved.changed().map(|(_, after)| after).filter(|after| {
            // Written already by an attempt whose answer was lost, or to be written now.
            element.status_id().as_deref() != Some(after) && ours.is_none()
        });
        if held || status.is_some() {
            let change = Change {
                payments: held.then_some(payments.as_slice()),
                status,
                was: element.status_id(),
                paid_on: None,
            };
            self.update(attempt, id, &layout, &change).await?;
        }
        let said = Said {
            message,
            element: id,
            kind: COMMON,
            title: if *refund { TITLE_REFUND } else { TITLE },
            mark: &mark,
            invoice: &moved,
            lead: &lead_moves,
        };
        let to_say = lead.filter(|_| ours.is_none());
        let mut comment = match to_say {
            Some(lead) => self.add_note(attempt, lead, &said, &mut notes).await?,
            None => ours.map(|ours| ours.id.clone()),
        };
        let mut doubles = ours.map(|ours| ours.doubles.clone()).unwrap_or_default();
        if let Some(lead) = lead {
            self.move_lead(attempt, lead, &lead_moves, &mut notes).await?;
        }

        let now = if attempt.has_written() {
            let now = self.element(attempt, id, &layout).await?;
            now.ok_or_else(|| attempt.unproven(gone()))?
        } else {
            element.clone()
        };
        if now.holds(payment) {
            return Err(attempt.unproven(Text::new(
                "amoCRM подтвердила запись, но код платежа остался в счёте",
                "amoCRM confirmed the write, but the payment's code is still in the invoice",
            )));
        }
        if status.is_some() && now.status_id().as_deref() != status {
            notes.push(moved_at_once(&now));
        }
        if let Some(lead) = to_say.filter(|_| comment.is_some()) {
            let proved = self.prove_note(attempt, lead, id, &mark, &mut notes).await?;
            if let Some(shown) = proved.shown {
                (comment, doubles) = (Some(shown.id), shown.doubles);
            }
            self.disown_all(attempt, lead, &proved.others, &mut notes).await?;
        }
        if let (Some(lead), Some(first)) = (lead, &comment) {
            self.disown_doubles(attempt, lead, first, &doubles, &mut notes).await?;
        }
        Ok(Receipt {
            stage_before: moved.before.clone(),
            stage_after: moved.after.clone(),
            asked: now.amount,
            payments: now.payment_ids(),
            comment,
            found_done: !attempt.has_written(),
            notes,
            traces: std::mem::take(&mut attempt.traces),
        })
    }
}

/// Our moves of this invoice's status: as the lead's notes tell them, else as the receipts do.
fn moves(told: &[OurNote], earlier: &Earlier) -> Vec<StageMove> {
    if !told.is_empty() {
        return told.iter().map(|note| note.invoice.clone()).collect();
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
