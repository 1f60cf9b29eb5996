//! Telling how an invoice stands without money: overdue, with a payment that waits for a person, or neither any more. It is
//! written where the user chose a stage for it, once, and only into an invoice that is as our last message left it.
//!
//! The comment goes before the stage: an attempt that comes back and finds it knows from where to where the stage was to
//! go, and that anything else is somebody's will.

use domain::{Message, MessageId, Operation, PaymentStatus, Receipt, Text};

use super::{
    Client, Semantics, Stage,
    attempt::{Attempt, Stop},
    comments::{Mark, Timeline, mark, status_comment},
    items::{Item, Looked},
    record::{left_for_want_of, moved_since, stage_name},
};
use crate::{
    call::Transport,
    interface::Earlier,
    mapping::{Of, is_told_so},
    moves::StageMove,
};

impl<T: Transport> Client<T> {
    pub(super) async fn tell_status(
        &self,
        attempt: &mut Attempt<'_, T>,
        message: &Message,
        earlier: &Earlier,
    ) -> Result<Receipt, Stop> {
        let Operation::MarkStatus {
            invoice,
            status,
            due,
            follows,
            ..
        } = &message.operation
        else {
            return Err(Stop::Refused(Text::new("не статус счёта", "no status of an invoice")));
        };
        let target = self.invoice_target(invoice)?;
        let Looked::Item(item) = self.item(attempt, target).await? else {
            return Ok(nothing_done(None, Vec::new()));
        };
        let mark = mark(Mark::Status, &message.id);
        let looks = &*attempt;
        let (stages, found) = tokio::join!(
            self.stages_of(looks, &item),
            self.find_comments(looks, target.id, [&mark])
        );
        let Timeline { ours: [ours], repeats } = found?;
        let stages = stages?;
        let mut notes = Vec::new();
        let came_back = ours.is_some();
        let (comment, doubles, mut moved) = match ours {
            Some(ours) => (ours.id, ours.doubles, ours.stages),
            None => {
                let aim = Aim {
                    status: *status,
                    follows: follows.as_ref(),
                    earlier,
                };
                let moved = self.to_status(&item, &stages, &aim, &mut notes);
                if moved.changed().is_none() {
                    return Ok(Receipt {
                        stage_after: moved.after,
                        ..nothing_done(Some(item), notes)
                    });
                }
                let text = status_comment(*status, *due, &mark, &moved);
                (self.add_comment(attempt, target.id, &text).await?, Vec::new(), moved)
            }
        };
        if let Some((before, after)) = moved.changed() {
            let was_there = came_back && item.previous_stage.as_deref() == Some(after);
            match item.stage.as_deref() {
                Some(now) if now == before && !was_there => {
                    self.update(attempt, target, &item, None, Some(after)).await?;
                }
                Some(now) if now == after => {}
                _ => {
                    notes.push(moved_since(stage_name(&item, &stages)));
                    moved.after = None;
                }
            }
        }
        let now = self.after_writing(attempt, target, item).await?;
        if moved.after.is_some() && now.stage != moved.after {
            // A robot of the portal, or a person: it is no longer ours.
            notes.push(moved_since(stage_name(&now, &stages)));
            moved.after = None;
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

    /// From which stage to which; both the same where nothing is to be done, and to none where the invoice is not ours to
    /// move.
    fn to_status(&self, item: &Item, stages: &[Stage], aim: &Aim<'_>, notes: &mut Vec<Text>) -> StageMove {
        let there = StageMove {
            before: item.stage.clone(),
            after: item.stage.clone(),
        };
        let left = StageMove {
            after: None,
            ..there.clone()
        };
        let funnel = item.category.unwrap_or_default();
        let mapping = &self.portal.mapping;
        let chosen = mapping.stage(Of::Invoices, funnel, aim.status);
        let before_us = earlier_stage(aim);
        let Some(target) = chosen.or(before_us.filter(|_| aim.status == PaymentStatus::Awaiting)) else {
            return there;
        };
        if stages.iter().all(|stage| stage.id != target) {
            notes.push(left_for_want_of(target, aim.status));
            return left;
        }
        let now = item.stage.as_deref().unwrap_or_default();
        if now == target {
            return there;
        }
        let ours = match aim.follows {
            Some(_) => aim.earlier.undone.as_ref().and_then(|last| last.stage_after.as_deref()) == Some(now),
            None => true,
        };
        let open = stages
            .iter()
            .any(|stage| stage.id == now && stage.semantics == Semantics::Open);
        let standing: Vec<_> = mapping.standing(Of::Invoices, funnel, now).collect();
        if aim.status == PaymentStatus::Awaiting && !standing.iter().any(|standing| is_told_so(*standing)) {
            // Money has moved it on since, or nobody chose that stage any more: nothing to take back.
            return there;
        }
        let may_follow = standing.is_empty() || standing.iter().any(|before| aim.status.may_follow(*before));
        if !ours || !open || !may_follow {
            notes.push(moved_since(stage_name(item, stages)));
            return left;
        }
        StageMove {
            before: item.stage.clone(),
            after: Some(target.to_owned()),
        }
    }
}

struct Aim<'a> {
    status: PaymentStatus,
    follows: Option<&'a MessageId>,
    earlier: &'a Earlier,
}

/// Where the invoice stood before the first of our messages that said how it stands.
fn earlier_stage<'a>(aim: &Aim<'a>) -> Option<&'a str> {
    aim.earlier.settling.as_ref()?.stage_before.as_deref()
}

fn nothing_done(item: Option<Item>, notes: Vec<Text>) -> Receipt {
    Receipt {
        stage_before: item.as_ref().and_then(|item| item.stage.clone()),
        asked: item.as_ref().and_then(|item| item.amount),
        payments: item.map(|item| item.payment_ids()).unwrap_or_default(),
        found_done: true,
        notes,
        ..Receipt::default()
    }
}
