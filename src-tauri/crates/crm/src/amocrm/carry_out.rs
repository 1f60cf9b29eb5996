//! Carrying out what a look at an invoice came to: code and status in one write, then one note on the lead, then the lead
//! itself, then the look that proves it. Recording a payment has a course of its own; everything else goes this way.

use domain::{Message, PaymentId, Receipt, Text};

use super::{
    Client,
    element::Element,
    layout::Layout,
    notes::{COMMON, OurNote, Said},
    record::{Change, PaidOn, gone, moved_at_once, with_payment},
};
use crate::{
    attempt::{Attempt, Stop},
    call::Transport,
    moves::StageMove,
};

/// What a message makes of an invoice that is there.
pub(super) struct Course<'a> {
    pub element: Element,
    pub layout: &'a Layout,
    pub id: u64,
    pub lead: Option<u64>,
    /// Our own note, where an earlier attempt left it: then the status is somebody's will by now.
    pub ours: Option<OurNote>,
    pub moved: StageMove,
    pub lead_moves: StageMove,
    /// The payment whose code is to be in the invoice, or not.
    pub code: Option<(&'a PaymentId, bool)>,
    pub message: &'a Message,
    pub title: &'a str,
    pub mark: &'a str,
    /// What the status that is written makes of the day of payment.
    pub paid_on: PaidOn,
}

impl<T: Transport> Client<T> {
    pub(super) async fn carry_out(
        &self,
        attempt: &mut Attempt<'_, T>,
        course: Course<'_>,
        mut notes: Vec<Text>,
    ) -> Result<Receipt, Stop> {
        let Course { element, id, lead, .. } = &course;
        let status = course.moved.changed().map(|(_, after)| after).filter(|after| {
            // Written already by an attempt whose answer was lost, or to be written now.
            element.status_id().as_deref() != Some(after) && course.ours.is_none()
        });
        let changes = course
            .code
            .filter(|(payment, present)| element.holds(payment) != *present);
        if changes.is_some() || status.is_some() {
            let payments = changes.map(|(payment, present)| with_payment(&element.payments, payment, present));
            let change = Change {
                payments: payments.as_deref(),
                status,
                was: element.status_id(),
                paid_on: status.map(|_| course.paid_on).unwrap_or_default(),
            };
            self.update(attempt, *id, course.layout, &change).await?;
        }
        let said = Said {
            message: course.message,
            element: *id,
            kind: COMMON,
            title: course.title,
            mark: course.mark,
            invoice: &course.moved,
            lead: &course.lead_moves,
        };
        let to_say = lead.filter(|_| course.ours.is_none());
        let mut comment = match to_say {
            Some(lead) => self.add_note(attempt, lead, &said, &mut notes).await?,
            None => course.ours.as_ref().map(|ours| ours.id.clone()),
        };
        let mut doubles = course
            .ours
            .as_ref()
            .map(|ours| ours.doubles.clone())
            .unwrap_or_default();
        if let Some(lead) = lead {
            self.move_lead(attempt, *lead, &course.lead_moves, &mut notes).await?;
        }

        let now = if attempt.has_written() {
            let is_there = |now: &Element| match changes {
                Some((payment, present)) => now.holds(payment) == present,
                None => status.is_none() || now.status_id().as_deref() == status,
            };
            let now = self.read_back(attempt, *id, course.layout, is_there).await?;
            now.ok_or_else(|| attempt.unproven(gone()))?
        } else {
            element.clone()
        };
        if let Some((_, present)) = course.code.filter(|(payment, present)| now.holds(payment) != *present) {
            return Err(attempt.unproven(as_it_was(present)));
        }
        if status.is_some() && now.status_id().as_deref() != status {
            notes.push(moved_at_once(&now));
        }
        if let Some(lead) = to_say.filter(|_| comment.is_some()) {
            let proved = self.prove_note(attempt, lead, *id, course.mark, &mut notes).await?;
            if let Some(shown) = proved.shown {
                (comment, doubles) = (Some(shown.id), shown.doubles);
            }
            self.disown_all(attempt, lead, &proved.others, &mut notes).await?;
        }
        if let (Some(lead), Some(first)) = (lead, &comment) {
            self.disown_doubles(attempt, *lead, first, &doubles, &mut notes).await?;
        }
        Ok(Receipt {
            stage_before: course.moved.before.clone(),
            stage_after: course.moved.after.clone(),
            asked: now.amount,
            payments: now.payment_ids(),
            comment,
            found_done: !attempt.has_written(),
            notes,
            traces: std::mem::take(&mut attempt.traces),
        })
    }
}

fn as_it_was(wanted: bool) -> Text {
    if wanted {
        Text::new(
            "amoCRM подтвердила запись, но кода платежа в счёте нет",
            "amoCRM confirmed the write, but the invoice does not hold the payment's code",
        )
    } else {
        Text::new(
            "amoCRM подтвердила запись, но код платежа остался в счёте",
            "amoCRM confirmed the write, but the payment's code is still in the invoice",
        )
    }
}
