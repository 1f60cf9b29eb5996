//! Recording a payment: its id in the invoice's field and the successful stage in one write, then the deal, then one
//! comment.

use domain::{Message, Money, Operation, Receipt};

use super::{
    Client, Semantics, Stage,
    attempt::{Attempt, Stop},
    comments::{Mark, OurComment, StageMove, comment, mark},
    deliver::{no_field, with_payment},
    items::{Item, Looked},
};
use crate::call::Transport;

const TITLE_FULL: &str = "Поступила оплата, счёт оплачен полностью";
const TITLE_PART: &str = "Поступила часть оплаты";

/// What is to be done about the stage.
struct Plan {
    stages: StageMove,
    /// The stage to write.
    stage: Option<String>,
    /// The invoice stands in a successful stage that somebody else set. The comment is then written first: an attempt
    /// that comes back and finds the payment id without a comment knows that the stage was its own doing.
    comment_first: bool,
}

impl<T: Transport> Client<T> {
    pub(super) async fn record(&self, attempt: &mut Attempt<'_, T>, message: &Message) -> Result<Receipt, Stop> {
        let Operation::RecordPayment {
            invoice,
            invoice_number,
            deal,
            payment,
            amount,
            settles,
            ..
        } = &message.operation
        else {
            return Err(Stop::Refused("не запись платежа".to_owned()));
        };
        let target = self.invoice_target(invoice)?;
        let item = match self.item(attempt, target).await? {
            Looked::Item(item) => item,
            Looked::NoField => return Err(no_field(&target.field.name)),
            Looked::Deleted => {
                return Err(Stop::Refused(format!(
                    "Счёт {invoice_number} удалён в Битрикс24: отмените привязку платежа или выставьте счёт заново."
                )));
            }
        };
        let stages = self.stages_of(attempt, &item).await?;
        let mark = mark(Mark::Record, &message.id);
        let [ours] = self.find_comments(attempt, target.id, [&mark]).await?;

        let mut notes = Vec::new();
        let held = item.holds(payment);
        if !held && ours.is_none() {
            acceptable(&item, &stages, *amount, invoice_number)?;
        }
        let settles = *settles && !asks_for_more(&item, payment.as_str(), *amount, &mut notes);
        let plan = plan(&item, &stages, held, settles, ours.as_ref(), invoice_number, &mut notes)?;

        let title = if settles { TITLE_FULL } else { TITLE_PART };
        let text = comment(&message.operation, title, &mark, &plan.stages);
        let mut comment = ours.map(|ours| ours.id);
        let mut added = false;
        if comment.is_none() && plan.comment_first {
            comment = Some(self.add_comment(attempt, target.id, &text).await?);
            added = true;
        }
        if !held || plan.stage.is_some() {
            let payments = with_payment(&item.payments, payment, true);
            let payments = (!held).then_some(payments.as_slice());
            self.update(attempt, target, payments, plan.stage.as_deref()).await?;
        }
        self.carry_to_deal(attempt, deal.as_deref(), payment, true, &mut notes)
            .await?;
        if comment.is_none() {
            comment = Some(self.add_comment(attempt, target.id, &text).await?);
            added = true;
        }

        let now = if attempt.has_written() {
            let Looked::Item(now) = self.item(attempt, target).await? else {
                return Err(attempt.unproven("счёт исчез сразу после записи"));
            };
            now
        } else {
            item
        };
        if !now.holds(payment) {
            return Err(attempt.unproven("Битрикс24 подтвердил запись, но кода платежа в счёте нет"));
        }
        if plan.stage.is_some() && now.stage != plan.stage {
            notes.push(format!(
                "После записи счёт стоит в другой стадии ({}): её сменил портал или другой человек, мы её не трогаем.",
                now.stage.as_deref().unwrap_or("?")
            ));
        }
        if added {
            self.prove_comment(attempt, target.id, &mark, comment.as_deref(), &mut notes)
                .await?;
        }
        Ok(Receipt {
            stage_before: plan.stages.before,
            stage_after: plan.stages.after,
            payments: now.payment_ids(),
            comment,
            found_done: !attempt.has_written(),
            notes,
        })
    }

    /// Reads the comment back. The portal gave its number, so it is there; but where the list does not show it, a later
    /// look would not find it either, and a person should know.
    pub(super) async fn prove_comment(
        &self,
        attempt: &mut Attempt<'_, T>,
        invoice: u64,
        mark: &str,
        id: Option<&str>,
        notes: &mut Vec<String>,
    ) -> Result<(), Stop> {
        let [shown] = self.find_comments(attempt, invoice, [mark]).await?;
        if shown.is_none() {
            notes.push(format!(
                "Комментарий № {} записан, но лента счёта его не показывает.",
                id.unwrap_or("?")
            ));
        }
        Ok(())
    }
}

/// Before the first write: an invoice that can take this payment at all.
fn acceptable(item: &Item, stages: &[Stage], amount: Money, number: &str) -> Result<(), Stop> {
    if semantics(item, stages) == Some(Semantics::Failure) {
        return Err(Stop::Refused(format!(
            "Счёт {number} в Битрикс24 стоит в неуспешной стадии «{}»: верните его в работу или отмените привязку \
             платежа.",
            stage_name(item, stages)
        )));
    }
    let Some(asked) = item.amount else {
        return Err(Stop::Refused(format!(
            "Счёт {number}: в Битрикс24 не читается сумма или валюта. Исправьте счёт и повторите."
        )));
    };
    if asked.currency() != amount.currency() {
        return Err(Stop::Refused(format!(
            "Счёт {number} в Битрикс24 теперь в валюте {}, а платёж в {}. Проверьте счёт.",
            asked.currency(),
            amount.currency()
        )));
    }
    if asked < amount {
        return Err(Stop::Refused(format!(
            "Счёт {number} в Битрикс24 теперь на {asked}, это меньше платежа {amount}. Обновите счета и решите заново."
        )));
    }
    Ok(())
}

/// The only payment of an invoice cannot settle it if the portal now asks for more: it is recorded, without the stage.
fn asks_for_more(item: &Item, payment: &str, amount: Money, notes: &mut Vec<String>) -> bool {
    let only = item.payments.iter().all(|held| held == payment);
    match item.amount {
        Some(asked) if only && asked > amount => {
            notes.push(format!(
                "Счёт в Битрикс24 теперь на {asked}, а оплачено {amount}: стадия «оплачен» не поставлена. Обновите счета."
            ));
            true
        }
        _ => false,
    }
}

fn plan(
    item: &Item,
    stages: &[Stage],
    held: bool,
    settles: bool,
    ours: Option<&OurComment>,
    number: &str,
    notes: &mut Vec<String>,
) -> Result<Plan, Stop> {
    let as_it_is = StageMove {
        before: item.stage.clone(),
        after: item.stage.clone(),
    };
    let keep = |stages: StageMove| Plan {
        stages,
        stage: None,
        comment_first: false,
    };
    if let Some(ours) = ours {
        // Everything but perhaps the field was done before; a stage changed since then is somebody's will.
        if let Some((_, after)) = ours.stages.changed()
            && item.stage.as_deref() != Some(after)
        {
            notes.push(format!(
                "Стадию счёта после нашей записи сменили на «{}»: оставлена.",
                stage_name(item, stages)
            ));
        }
        return Ok(keep(ours.stages.clone()));
    }
    if !settles {
        return Ok(keep(as_it_is));
    }
    match semantics(item, stages) {
        Some(Semantics::Success) if held => {
            // The id and the stage are one write, so an attempt of ours set this stage and its answer was lost.
            let before = item.previous_stage.clone().filter(|previous| {
                let stage = stages.iter().find(|stage| stage.id == *previous);
                stage.is_some_and(|stage| stage.semantics == Semantics::Open)
            });
            if before.is_none() {
                notes.push("Портал не помнит прежней стадии: при отмене её придётся вернуть вручную.".to_owned());
            }
            Ok(keep(StageMove {
                before,
                after: item.stage.clone(),
            }))
        }
        Some(Semantics::Success) => {
            notes.push(format!(
                "Счёт уже стоял в стадии «{}», её поставили не мы: оставлена.",
                stage_name(item, stages)
            ));
            Ok(Plan {
                comment_first: true,
                ..keep(as_it_is)
            })
        }
        // Refused above unless an earlier attempt of ours has been here: a person has cancelled it since.
        Some(Semantics::Failure) => {
            notes.push(format!(
                "Счёт после нашей записи перевели в стадию «{}»: оставлена.",
                stage_name(item, stages)
            ));
            Ok(keep(as_it_is))
        }
        _ if held && was_successful(item, stages) => {
            notes.push(format!(
                "Счёт после нашей записи вернули в стадию «{}»: оставлена.",
                stage_name(item, stages)
            ));
            Ok(keep(StageMove {
                before: None,
                after: item.previous_stage.clone(),
            }))
        }
        Some(Semantics::Open) | None => {
            let success = stages
                .iter()
                .find(|stage| stage.semantics == Semantics::Success)
                .ok_or_else(|| {
                    Stop::Refused(format!(
                        "В воронке счёта {number} нет успешной стадии: добавьте её в Битрикс24 и повторите."
                    ))
                })?;
            Ok(Plan {
                stages: StageMove {
                    before: item.stage.clone(),
                    after: Some(success.id.clone()),
                },
                stage: Some(success.id.clone()),
                comment_first: false,
            })
        }
    }
}

fn semantics(item: &Item, stages: &[Stage]) -> Option<Semantics> {
    let stage = stages.iter().find(|stage| Some(&stage.id) == item.stage.as_ref());
    stage.map(|stage| stage.semantics)
}

/// The stage before this one was a successful one: ours, where the payment id came with it.
fn was_successful(item: &Item, stages: &[Stage]) -> bool {
    let mut successful = stages.iter().filter(|stage| stage.semantics == Semantics::Success);
    successful.any(|stage| Some(&stage.id) == item.previous_stage.as_ref())
}

pub(super) fn stage_name<'a>(item: &'a Item, stages: &'a [Stage]) -> &'a str {
    let id = item.stage.as_deref().unwrap_or("?");
    stages
        .iter()
        .find(|stage| stage.id == id)
        .map_or(id, |stage| stage.name.as_str())
}
