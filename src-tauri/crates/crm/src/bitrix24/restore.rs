//! Taking a refund back: the payment stands in the invoice again, and the stage goes on from where our refund left it. One
//! that somebody moved since is left alone.

use domain::{Message, Operation, PaymentStatus, Receipt, Text};

use super::{
    Client, Semantics, Stage,
    attempt::{Attempt, Stop},
    carry_out::{Code, Course},
    comments::{Mark, Timeline, comment, mark},
    deliver::{Carry, no_field},
    items::{Item, Looked},
    record::{left_for_want_of, moved_since, stage_name},
};
use crate::{call::Transport, interface::Earlier, mapping::Of, moves::StageMove};

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
        let target = self.invoice_target(invoice)?;
        let item = match self.item(attempt, target).await? {
            Looked::Item(item) => item,
            Looked::NoField => return Err(no_field(&target.field.name)),
            Looked::Deleted => {
                return Err(Stop::Refused(Text::new(
                    format!("счёт {invoice_number} удалён в Битрикс24"),
                    format!("invoice {invoice_number} is deleted in Bitrix24"),
                )));
            }
        };
        let (ours_mark, refund_mark) = (mark(Mark::Record, &message.id), mark(Mark::Reverse, undoes));
        let looks = &*attempt;
        let marks = [ours_mark.as_str(), refund_mark.as_str()];
        let (stages, found) = tokio::join!(
            self.stages_of(looks, &item),
            self.find_comments(looks, target.id, marks)
        );
        let Timeline {
            ours: [ours, refund],
            mut repeats,
        } = found?;
        let stages = stages?;
        repeats.extend(refund.iter().flat_map(|refund| refund.doubles.clone()));
        let mut notes = Vec::new();
        let moved = match &ours {
            Some(ours) => ours.stages.clone(),
            None => {
                // The receipt knows best; without one the comment of the refund knows the stages as well.
                let by_receipt = earlier.undone.as_ref().map(StageMove::of);
                let refund = by_receipt.or_else(|| refund.map(|refund| refund.stages));
                self.onward(&item, &stages, refund.as_ref(), *status, &mut notes)
            }
        };
        let course = Course {
            target,
            code: Some(Code {
                payment,
                deal: deal.as_deref(),
                carry: Carry::In(*status),
            }),
            text: comment(&message.operation, TITLE, &ours_mark, &moved),
            mark: &ours_mark,
            item,
            ours,
            repeats,
            moved,
        };
        self.carry_out(attempt, course, notes).await
    }

    /// From which stage to which the invoice moves; both the same where the stage stays.
    fn onward(
        &self,
        item: &Item,
        stages: &[Stage],
        refund: Option<&StageMove>,
        status: PaymentStatus,
        notes: &mut Vec<Text>,
    ) -> StageMove {
        let stay = StageMove {
            before: item.stage.clone(),
            after: item.stage.clone(),
        };
        let Some((before, after)) = refund.and_then(StageMove::changed) else {
            return stay;
        };
        let Some(target) = self.stage_again(item, stages, before, status, notes) else {
            return stay;
        };
        match item.stage.as_deref() {
            // Where the refund left it, or where an earlier attempt of ours has put it.
            Some(now) if now == after || now == target => StageMove {
                before: Some(after.to_owned()),
                after: Some(target),
            },
            _ => {
                notes.push(moved_since(stage_name(item, stages)));
                stay
            }
        }
    }

    /// The stage that the user chose, else the one the refund took it from, where that says what is true now.
    fn stage_again(
        &self,
        item: &Item,
        stages: &[Stage],
        before: &str,
        status: PaymentStatus,
        notes: &mut Vec<Text>,
    ) -> Option<String> {
        let funnel = item.category.unwrap_or_default();
        let known = |id: &str| stages.iter().find(|stage| stage.id == id);
        if let Some(chosen) = self.portal.mapping.stage(Of::Invoices, funnel, status) {
            if known(chosen).is_some() {
                return Some(chosen.to_owned());
            }
            notes.push(left_for_want_of(chosen, status));
            return None;
        }
        let says_paid = known(before)?.semantics == Semantics::Success
            || self
                .portal
                .mapping
                .standing(Of::Invoices, funnel, before)
                .any(|standing| standing == PaymentStatus::Paid);
        match status {
            PaymentStatus::Paid => Some(before.to_owned()),
            PaymentStatus::PartlyPaid => (!says_paid).then(|| before.to_owned()),
            // Another refund stands, and the stage is where it belongs.
            _ => None,
        }
    }
}
