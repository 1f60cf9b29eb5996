//! Taking a refund back: the payment stands in the invoice again, and status and lead go on from where our refund left them.
//! What somebody moved since is left alone.

use domain::{Message, Operation, PaymentStatus, Receipt, Text};

use super::{
    Client,
    carry_out::Course,
    notes::{Search, lead_of, record_mark, reverse_mark},
    plan,
    record::PaidOn,
};
use crate::{
    attempt::{Attempt, Stop},
    call::Transport,
    interface::Earlier,
    moves::StageMove,
};

const TITLE: &str = "Возврат отменён: оплата снова относится к этому счёту";

impl<T: Transport> Client<T> {
    pub(super) async fn restore(
        &self,
        attempt: &mut Attempt<'_, T>,
        message: &Message,
        earlier: &Earlier,
    ) -> Result<Receipt, Stop> {
        let Operation::RestorePayment {
            invoice,
            invoice_number,
            deal,
            payment,
            booked,
            undoes,
            status,
            ..
        } = &message.operation
        else {
            return Err(Stop::Refused(Text::new(
                "не отмена возврата",
                "not the undo of a refund",
            )));
        };
        let (layout, id) = self.target(attempt, invoice).await?;
        let mut notes = Vec::new();
        let lead = lead_of(deal.as_deref(), &mut notes);
        let mark = record_mark(&message.id);
        let Some(element) = self.element(attempt, id, &layout).await? else {
            self.disown_doubles_behind(attempt, lead, id, &mark, &mut notes).await?;
            return Err(Stop::Refused(Text::new(
                format!("счёт {invoice_number} удалён в amoCRM"),
                format!("invoice {invoice_number} is deleted in amoCRM"),
            )));
        };
        let told = match lead {
            Some(lead) => self.find_notes(attempt, lead, id, Search::Alone).await?,
            None => Vec::new(),
        };
        let ours = told.iter().find(|note| note.mark == mark);
        let refund_mark = reverse_mark(undoes);
        let refund = earlier.undone.as_ref().map(StageMove::of).or_else(|| {
            let noted = told.iter().find(|note| note.mark == refund_mark);
            noted.map(|note| note.invoice.clone())
        });
        let moved = match ours {
            Some(ours) => ours.invoice.clone(),
            None => plan::restore(&element, &layout, refund.as_ref(), *status, &mut notes),
        };
        let lead_moves = match (ours, lead) {
            (Some(ours), _) => ours.lead.clone(),
            (None, Some(lead)) if moved.changed().is_some() => {
                self.lead_plan(attempt, lead, *status, &mut notes).await?
            }
            _ => StageMove::default(),
        };
        let course = Course {
            element,
            layout: &layout,
            id,
            lead,
            ours: ours.cloned(),
            moved,
            lead_moves,
            code: Some((payment, true)),
            message,
            title: TITLE,
            mark: &mark,
            paid_on: if *status == PaymentStatus::Paid {
                PaidOn::Day(*booked)
            } else {
                PaidOn::Left
            },
        };
        self.carry_out(attempt, course, notes).await
    }
}
