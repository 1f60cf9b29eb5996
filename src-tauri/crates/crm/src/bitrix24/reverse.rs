//! Taking a payment back: its id leaves the invoice and the deal (unless only a part of it goes back), and the stage returns
//! only if it is still the one that our write set.

use domain::{Message, Operation, PaymentStatus, Receipt, Text};

use super::{
    Client, Semantics, Stage,
    attempt::{Attempt, Stop},
    carry_out::{Code, Course},
    comments::{Mark, StageMove, Timeline, comment, mark},
    deliver::{Carry, no_field},
    items::{Item, Looked},
    record::{moved_since, stage_name},
};
use crate::{
    call::Transport,
    interface::{Earlier, TakenBack},
    mapping::{Mapping, Of, stage_is_gone},
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
            undoes,
            settled_by,
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
        // Of a payment of which something stays, the code stays too.
        let code = (!partly).then_some(Code {
            payment,
            deal: deal.as_deref(),
            carry: Carry::Out,
        });
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
                if let Some(code) = code {
                    self.carry_to_deal(attempt, code.deal, payment, code.carry, &mut notes)
                        .await?;
                }
                return Ok(Receipt {
                    found_done: !attempt.has_written(),
                    notes,
                    traces: std::mem::take(&mut attempt.traces),
                    ..Receipt::default()
                });
            }
        };
        let ours_mark = mark(Mark::Reverse, &message.id);
        // The stage is of the payment that settled the invoice, else of the one that is taken back. Without a receipt the
        // comment of that message knows the stages as well.
        let (told_by, receipt) = match settled_by {
            Some(settled_by) => (settled_by, &earlier.settling),
            None => (undoes, &earlier.undone),
        };
        let told_mark = mark(Mark::Record, told_by);
        let marks = async |looks: &Attempt<'_, T>| match receipt {
            Some(receipt) => {
                let found = self.find_comments(looks, target.id, [&ours_mark]).await?;
                let Timeline { ours: [ours], repeats } = found;
                let moved = StageMove {
                    before: receipt.stage_before.clone(),
                    after: receipt.stage_after.clone(),
                };
                Ok::<_, Stop>((ours, Some(moved), repeats))
            }
            None => {
                let marks = [ours_mark.as_str(), told_mark.as_str()];
                let Timeline {
                    ours: [ours, told],
                    mut repeats,
                } = self.find_comments(looks, target.id, marks).await?;
                repeats.extend(told.iter().flat_map(|told| told.doubles.clone()));
                Ok((ours, told.map(|told| told.stages), repeats))
            }
        };
        let looks = &*attempt;
        let (stages, found) = tokio::join!(self.stages_of(looks, &item), marks(looks));
        let (stages, (ours, set_by_us, repeats)) = (stages?, found?);
        let others = *partly || item.payments.iter().any(|other| *other != payment.0);
        let back = Back {
            status: taken_back.leaves(others),
            mapping: &self.portal.mapping,
            funnel: item.category.unwrap_or_default(),
        };
        let moved = match &ours {
            Some(ours) => ours.stages.clone(),
            None => back.moves(&item, &stages, set_by_us.as_ref(), &mut notes),
        };
        let course = Course {
            target,
            code,
            text: comment(&message.operation, taken_back.title(*partly), &ours_mark, &moved),
            mark: &ours_mark,
            item,
            ours,
            repeats,
            moved,
        };
        self.carry_out(attempt, course, notes).await
    }
}

/// Where an invoice goes once a payment was taken out of it.
struct Back<'a> {
    status: PaymentStatus,
    mapping: &'a Mapping,
    funnel: u64,
}

impl Back<'_> {
    /// From which stage to which the reversal moves the invoice; both the same where the stage stays. The stage that the
    /// user chose for how the invoice stands now, else the one before our write.
    fn moves(&self, item: &Item, stages: &[Stage], set_by_us: Option<&StageMove>, notes: &mut Vec<Text>) -> StageMove {
        let chosen = self.mapping.stage(Of::Invoices, self.funnel, self.status);
        let offered = chosen.filter(|chosen| stages.iter().any(|stage| stage.id == **chosen));
        if let (Some(chosen), None) = (chosen, offered) {
            let why = stage_is_gone(chosen, self.status);
            notes.push(Text::new(
                format!("Счёт возвращён в прежнюю стадию: {}.", why.ru),
                format!("The invoice goes back to the stage before: {}.", why.en),
            ));
        }
        let Some(target) = offered else {
            return self.restored(item, stages, set_by_us, notes);
        };
        let stay = StageMove {
            before: item.stage.clone(),
            after: item.stage.clone(),
        };
        let ours = set_by_us.and_then(StageMove::changed);
        let to_target = |before: &str| StageMove {
            before: Some(before.to_owned()),
            after: Some(target.to_owned()),
        };
        match item.stage.as_deref() {
            // An earlier attempt has put it back, or it stands there by the other payments.
            Some(now) if now == target => ours.map_or(stay, |(_, after)| to_target(after)),
            Some(now) if ours.is_some_and(|(before, after)| now == after || now == before) => to_target(now),
            Some(now) if self.stands_for_money(now, stages) => to_target(now),
            _ => {
                notes.push(if ours.is_some() {
                    moved_since(stage_name(item, stages))
                } else {
                    not_ours(stage_name(item, stages))
                });
                stay
            }
        }
    }

    /// An open stage that says that some money is there: only this program puts invoices into it.
    fn stands_for_money(&self, stage: &str, stages: &[Stage]) -> bool {
        let open = |known: &Stage| known.id == stage && known.semantics == Semantics::Open;
        let mut standing = self.mapping.standing(Of::Invoices, self.funnel, stage);
        stages.iter().any(open)
            && standing.any(|status| {
                matches!(
                    status,
                    PaymentStatus::PartlyPaid | PaymentStatus::Paid | PaymentStatus::PartialRefund
                )
            })
    }

    fn restored(
        &self,
        item: &Item,
        stages: &[Stage],
        set_by_us: Option<&StageMove>,
        notes: &mut Vec<Text>,
    ) -> StageMove {
        let stay = StageMove {
            before: item.stage.clone(),
            after: item.stage.clone(),
        };
        let name = stage_name(item, stages);
        let now = item.stage.as_deref().unwrap_or_default();
        let successful = stages
            .iter()
            .any(|stage| stage.id == now && stage.semantics == Semantics::Success);
        let nothing_left = matches!(
            self.status,
            PaymentStatus::Awaiting | PaymentStatus::Failed | PaymentStatus::FullRefund
        );
        let says_money = successful || (nothing_left && self.stands_for_money(now, stages));
        let Some((before, after)) = set_by_us.and_then(StageMove::changed) else {
            if says_money {
                notes.push(not_ours(name));
            }
            return stay;
        };
        let back = StageMove {
            before: Some(after.to_owned()),
            after: Some(before.to_owned()),
        };
        if now == before {
            // An earlier attempt has put it back; or another payment's reversal, and then it may say too much.
            if says_money {
                notes.push(not_ours(name));
            }
            return back;
        }
        if now != after {
            notes.push(moved_since(name));
            return stay;
        }
        if stages.iter().all(|stage| stage.id != before) {
            notes.push(Text::new(
                format!("Прежней стадии ({before}) больше нет, счёт остался в «{name}». Переведите его вручную."),
                format!("The stage before ({before}) is gone, the invoice stays in «{name}». Move it by hand."),
            ));
            return stay;
        }
        back
    }
}

fn not_ours(name: &str) -> Text {
    Text::new(
        format!(
            "Стадия «{name}» оставлена: её поставили не мы или неизвестно, что было до неё. Проверьте счёт в Битрикс24."
        ),
        format!(
            "The stage «{name}» is left: it was not our doing, or what was before it is not known. Check the invoice in \
             Bitrix24."
        ),
    )
}
