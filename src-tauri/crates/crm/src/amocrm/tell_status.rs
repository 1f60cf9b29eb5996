//! Telling how an invoice stands without money, in amoCRM: as in Bitrix24, with a note on the lead for a comment. Where
//! there is no lead, nothing remembers an earlier attempt, and the status alone is looked at.

use domain::{Message, MessageId, Operation, PaymentStatus, Receipt, Text};

use super::{
    Client,
    element::Element,
    layout::Layout,
    notes::{COMMON, Said, Search, lead_of, status_mark},
    plan::{self, Followed},
    record::{Change, gone, moved_at_once},
};
use crate::{
    attempt::{Attempt, Stop},
    bitrix24::status_title,
    call::Transport,
    interface::Earlier,
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
            deal,
            status,
            follows,
            ..
        } = &message.operation
        else {
            return Err(Stop::Refused(Text::new("не статус счёта", "no status of an invoice")));
        };
        let (layout, id) = self.target(attempt, invoice).await?;
        let Some(element) = self.element(attempt, id, &layout).await? else {
            return Ok(nothing_done(None, Vec::new()));
        };
        let mut notes = Vec::new();
        let lead = lead_of(deal.as_deref(), &mut Vec::new());
        let mark = status_mark(&message.id);
        let ours = match lead {
            Some(lead) => self.our_note(attempt, lead, id, &mark, Search::Alone).await?,
            None => None,
        };
        let (mut comment, mut moved) = match &ours {
            Some(ours) => (Some(ours.id.clone()), ours.invoice.clone()),
            None => (
                None,
                to_status(&element, &layout, (*status, follows.as_ref()), earlier, &mut notes),
            ),
        };
        let Some((before, after)) = moved
            .changed()
            .map(|(before, after)| (before.to_owned(), after.to_owned()))
        else {
            return Ok(Receipt {
                stage_after: moved.after,
                ..nothing_done(Some(element), notes)
            });
        };
        if let (Some(lead), None) = (lead, &ours) {
            let nothing = StageMove::default();
            let said = Said {
                message,
                element: id,
                kind: COMMON,
                title: status_title(*status),
                mark: &mark,
                invoice: &moved,
                lead: &nothing,
            };
            comment = self.add_note(attempt, lead, &said, &mut notes).await?;
        }
        match element.status_id() {
            Some(now) if now == before => {
                let change = Change {
                    status: Some(&after),
                    was: Some(now),
                    ..Change::default()
                };
                self.update(attempt, id, &layout, &change).await?;
            }
            Some(now) if now == after => {}
            _ => {
                notes.push(plan::moved_since(element.status_name()));
                moved.after = None;
            }
        }
        let now = if attempt.has_written() {
            let now = self.element(attempt, id, &layout).await?;
            now.ok_or_else(|| attempt.unproven(gone()))?
        } else {
            element
        };
        if moved.after.is_some() && now.status_id() != moved.after {
            notes.push(moved_at_once(&now));
            moved.after = None;
        }
        if let (Some(lead), Some(first), Some(ours)) = (lead, &comment, &ours) {
            self.disown_doubles(attempt, lead, first, &ours.doubles, &mut notes)
                .await?;
        }
        Ok(Receipt {
            stage_before: moved.before,
            stage_after: moved.after,
            asked: now.amount,
            payments: now.payment_ids(),
            comment,
            found_done: !attempt.has_written(),
            notes,
            traces: std::mem::take(&mut attempt.traces),
        })
    }
}

fn to_status(
    element: &Element,
    layout: &Layout,
    (status, follows): (PaymentStatus, Option<&MessageId>),
    earlier: &Earlier,
    notes: &mut Vec<Text>,
) -> StageMove {
    let left_at = earlier.undone.as_ref().and_then(|last| last.stage_after.as_deref());
    let followed = Followed {
        left_at: follows.map(|_| left_at),
        before: earlier
            .settling
            .as_ref()
            .and_then(|first| first.stage_before.as_deref()),
    };
    plan::stand(element, layout, status, &followed, notes)
}

fn nothing_done(element: Option<Element>, notes: Vec<Text>) -> Receipt {
    Receipt {
        stage_before: element.as_ref().and_then(Element::status_id),
        asked: element.as_ref().and_then(|element| element.amount),
        payments: element.map(|element| element.payment_ids()).unwrap_or_default(),
        found_done: true,
        notes,
        ..Receipt::default()
    }
}
