//! Taking a payment back: its id leaves the invoice and the deal, and the stage returns only if it is still the one that
//! our write set.

use domain::{Message, Operation, Receipt, Text};

use super::{
    Client, Semantics, Stage,
    attempt::{Attempt, Stop},
    comments::{Mark, OurComment, StageMove, comment, mark},
    deliver::{Carry, no_field, with_payment},
    items::{Item, Looked},
    record::{gone, moved_since, stage_name},
};
use crate::call::Transport;

const TITLE: &str = "Отметка об оплате снята: платёж больше не относится к этому счёту";

impl<T: Transport> Client<T> {
    pub(super) async fn reverse(
        &self,
        attempt: &mut Attempt<'_, T>,
        message: &Message,
        earlier: Option<&Receipt>,
    ) -> Result<Receipt, Stop> {
        let Operation::ReversePayment {
            invoice,
            invoice_number,
            deal,
            payment,
            settled_by,
            ..
        } = &message.operation
        else {
            return Err(Stop::Refused(Text::new(
                "не отмена платежа",
                "not the reversal of a payment",
            )));
        };
        let mut notes = Vec::new();
        let target = self.invoice_target(invoice)?;
        let item = match self.item(attempt, target).await? {
            Looked::Item(item) => item,
            Looked::NoField => return Err(no_field(&target.field.name)),
            Looked::Deleted => {
                notes.push(Text::new(
                    format!("Счёт {invoice_number} удалён в Битрикс24: отменять в нём нечего."),
                    format!("Invoice {invoice_number} is deleted in Bitrix24: nothing in it to take back."),
                ));
                self.carry_to_deal(attempt, deal.as_deref(), payment, Carry::Out, &mut notes)
                    .await?;
                return Ok(Receipt {
                    found_done: !attempt.has_written(),
                    notes,
                    traces: std::mem::take(&mut attempt.traces),
                    ..Receipt::default()
                });
            }
        };
        let ours_mark = mark(Mark::Reverse, &message.id);
        // Without a receipt the comment of the settling message knows the stages as well.
        let settled_mark = settled_by.as_ref().map(|settled_by| mark(Mark::Record, settled_by));
        let marks = async |looks: &Attempt<'_, T>| match (&settled_mark, earlier) {
            (Some(settled_mark), None) => {
                let marks = [ours_mark.as_str(), settled_mark.as_str()];
                let [ours, settling] = self.find_comments(looks, target.id, marks).await?;
                Ok::<_, Stop>((ours, settling))
            }
            _ => {
                let [ours] = self.find_comments(looks, target.id, [&ours_mark]).await?;
                Ok((ours, None))
            }
        };
        let looks = &*attempt;
        let (stages, found) = tokio::join!(self.stages_of(looks, &item), marks(looks));
        let (stages, (ours, settling)) = (stages?, found?);
        let set_by_us = settled_by.as_ref().and_then(|_| {
            earlier
                .map(|earlier| StageMove {
                    before: earlier.stage_before.clone(),
                    after: earlier.stage_after.clone(),
                })
                .or_else(|| settling.map(|settling| settling.stages))
        });
        let moved = restore(&item, &stages, set_by_us.as_ref(), ours.as_ref(), &mut notes);

        let held = item.holds(payment);
        let stage = moved.changed().map(|(_, after)| after).filter(|after| {
            // Written already by an attempt whose answer was lost, or to be written now.
            item.stage.as_deref() != Some(after) && ours.is_none()
        });
        if held || stage.is_some() {
            let payments = with_payment(&item.payments, payment, false);
            let payments = held.then_some(payments.as_slice());
            self.update(attempt, target, &item, payments, stage).await?;
        }
        self.carry_to_deal(attempt, deal.as_deref(), payment, Carry::Out, &mut notes)
            .await?;
        let (mut comment, mut doubles) = match &ours {
            Some(ours) => (ours.id.clone(), ours.doubles.clone()),
            None => {
                let text = comment(&message.operation, TITLE, &ours_mark, &moved);
                (self.add_comment(attempt, target.id, &text).await?, Vec::new())
            }
        };

        let now = if attempt.has_written() {
            let Looked::Item(now) = self.item(attempt, target).await? else {
                return Err(attempt.unproven(gone()));
            };
            now
        } else {
            item
        };
        if now.holds(payment) {
            return Err(attempt.unproven(Text::new(
                "Битрикс24 подтвердил запись, но код платежа остался в счёте",
                "Bitrix24 confirmed the write, but the payment's code is still in the invoice",
            )));
        }
        if ours.is_none()
            && let Some(shown) = self
                .prove_comment(attempt, target.id, &ours_mark, Some(&comment), &mut notes)
                .await?
        {
            (comment, doubles) = (shown.id, shown.doubles);
        }
        self.remove_doubles(attempt, &doubles, &mut notes).await?;
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

/// From which stage to which the reversal moves the invoice; both the same where the stage stays.
fn restore(
    item: &Item,
    stages: &[Stage],
    set_by_us: Option<&StageMove>,
    ours: Option<&OurComment>,
    notes: &mut Vec<Text>,
) -> StageMove {
    if let Some(ours) = ours {
        return ours.stages.clone();
    }
    let stay = StageMove {
        before: item.stage.clone(),
        after: item.stage.clone(),
    };
    let name = stage_name(item, stages);
    let successful = stages
        .iter()
        .any(|stage| Some(&stage.id) == item.stage.as_ref() && stage.semantics == Semantics::Success);
    let Some((before, after)) = set_by_us.and_then(StageMove::changed) else {
        if successful {
            notes.push(Text::new(
                format!(
                    "Стадия «{name}» оставлена: её поставили не мы или неизвестно, что было до неё. Проверьте счёт в \
                     Битрикс24."
                ),
                format!(
                    "The stage «{name}» is left: it was not our doing, or what was before it is not known. Check the \
                     invoice in Bitrix24."
                ),
            ));
        }
        return stay;
    };
    let back = StageMove {
        before: Some(after.to_owned()),
        after: Some(before.to_owned()),
    };
    match item.stage.as_deref() {
        // An earlier attempt has put it back.
        Some(now) if now == before => back,
        Some(now) if now != after => {
            notes.push(moved_since(name));
            stay
        }
        _ if stages.iter().all(|stage| stage.id != before) => {
            notes.push(Text::new(
                format!("Прежней стадии ({before}) больше нет, счёт остался в «{name}». Переведите его вручную."),
                format!("The stage before ({before}) is gone, the invoice stays in «{name}». Move it by hand."),
            ));
            stay
        }
        _ => back,
    }
}
