//! Carrying out what a look at an invoice came to: the payment's code and the stage in one write, then the deal, then one
//! comment, then the look that proves it. Recording a payment has a course of its own; everything else goes this way.

use domain::{PaymentId, Receipt, Text};

use super::{
    Client,
    attempt::{Attempt, Stop},
    comments::OurComment,
    deliver::{Carry, with_payment},
    items::{Item, Target},
};
use crate::{call::Transport, moves::StageMove};

/// What a message makes of an invoice that is there.
pub(super) struct Course<'a> {
    pub target: Target<'a>,
    pub item: Item,
    /// Our own comment, where an earlier attempt left it: then the stage is somebody's will by now.
    pub ours: Option<OurComment>,
    /// Comments of earlier messages of ours that stand there once too often.
    pub repeats: Vec<String>,
    pub moved: StageMove,
    pub code: Option<Code<'a>>,
    pub mark: &'a str,
    /// The comment.
    pub text: String,
}

/// What becomes of a payment's code in the invoice and in the deal behind it.
#[derive(Clone, Copy)]
pub(super) struct Code<'a> {
    pub payment: &'a PaymentId,
    pub deal: Option<&'a str>,
    pub carry: Carry,
}

impl<T: Transport> Client<T> {
    pub(super) async fn carry_out(
        &self,
        attempt: &mut Attempt<'_, T>,
        course: Course<'_>,
        mut notes: Vec<Text>,
    ) -> Result<Receipt, Stop> {
        let Course {
            target,
            item,
            ours,
            repeats,
            moved,
            code,
            mark,
            text,
        } = course;
        let stage = moved.changed().map(|(_, after)| after).filter(|after| {
            // Written already by an attempt whose answer was lost, or to be written now.
            item.stage.as_deref() != Some(after) && ours.is_none()
        });
        let present = |code: &Code<'_>| code.carry != Carry::Out;
        let changes = code.filter(|code| item.holds(code.payment) != present(code));
        if changes.is_some() || stage.is_some() {
            let payments = changes.map(|code| with_payment(&item.payments, code.payment, present(&code)));
            self.update(attempt, target, &item, payments.as_deref(), stage).await?;
        }
        if let Some(code) = code {
            self.carry_to_deal(attempt, code.deal, code.payment, code.carry, &mut notes)
                .await?;
        }
        let added = ours.is_none();
        let (mut comment, mut doubles) = match ours {
            Some(ours) => (ours.id, ours.doubles),
            None => (self.add_comment(attempt, target.id, &text).await?, Vec::new()),
        };
        let now = self.after_writing(attempt, target, item).await?;
        if let Some(code) = code.filter(|code| now.holds(code.payment) != present(code)) {
            return Err(attempt.unproven(as_it_was(present(&code))));
        }
        if added
            && let Some(shown) = self
                .prove_comment(attempt, target.id, mark, Some(&comment), &mut notes)
                .await?
        {
            (comment, doubles) = (shown.id, shown.doubles);
        }
        self.remove_doubles(attempt, &doubles, &mut notes).await?;
        self.remove_doubles(attempt, &repeats, &mut notes).await?;
        Ok(Receipt {
            stage_before: moved.before,
            stage_after: moved.after,
            asked: now.amount,
            payments: now.payment_ids(),
            comment: Some(comment),
            found_done: !attempt.has_written(),
            notes,
            traces: std::mem::take(&mut attempt.traces),
        })
    }
}

fn as_it_was(wanted: bool) -> Text {
    if wanted {
        Text::new(
            "Битрикс24 подтвердил запись, но кода платежа в счёте нет",
            "Bitrix24 confirmed the write, but the invoice does not hold the payment's code",
        )
    } else {
        Text::new(
            "Битрикс24 подтвердил запись, но код платежа остался в счёте",
            "Bitrix24 confirmed the write, but the payment's code is still in the invoice",
        )
    }
}
