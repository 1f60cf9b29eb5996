//! What something on the way delivered once more after it had been read back: found in the next look at the invoice, and
//! taken away.

use std::collections::BTreeMap;

use domain::{Message, MessageId, Operation, Receipt, Text, Touched};

use super::{
    Client, CrmError, Mark,
    attempt::{Attempt, Stop},
    batch::Read,
    comments::{Timeline, is_repeated, mark},
    extras::{DOCUMENTS, act_repeats, acts_asked, acts_of},
};
use crate::{
    call::{CallError, Transport},
    interface::Earlier,
};

/// The mark in a message's comment; `None`: it writes none.
fn mark_of(message: &Message) -> Option<String> {
    let kind = match message.operation {
        Operation::RecordPayment { .. } | Operation::RestorePayment { .. } => Mark::Record,
        Operation::MarkStatus { .. } => Mark::Status,
        Operation::ReversePayment { .. } => Mark::Reverse,
        Operation::AskResponsible { .. } | Operation::RemoveRepeats { .. } => return None,
    };
    Some(mark(kind, &message.id))
}

/// The act that a message made.
fn act_of(receipt: &Receipt) -> Option<u64> {
    let act = receipt.traces.iter().find(|trace| trace.what == Touched::Document)?;
    act.id.parse().ok()
}

impl<T: Transport> Client<T> {
    /// Which of these messages stand in the portal more than once, many invoices a request.
    ///
    /// # Errors
    /// The portal could not be asked, or answers something else.
    pub async fn repeated(&self, delivered: &[(Message, Receipt)]) -> Result<Vec<MessageId>, CrmError> {
        let mut reads: Vec<Read> = Vec::new();
        let mut timelines: BTreeMap<u64, usize> = BTreeMap::new();
        let mut acts: BTreeMap<usize, usize> = BTreeMap::new();
        for (at, (message, receipt)) in delivered.iter().enumerate() {
            let Some(invoice) = self.portal.invoice_number(message.operation.invoice()) else {
                continue;
            };
            timelines.entry(invoice).or_insert_with(|| {
                reads.push(self.last_comments(invoice));
                reads.len() - 1
            });
            if let (Some(template), Some(_)) = (self.portal.also.act_template, act_of(receipt)) {
                acts.insert(at, reads.len());
                reads.push(Read {
                    method: DOCUMENTS,
                    params: acts_asked(invoice, template),
                });
            }
        }
        let answers = self.read_together(&reads).await?;
        let body = |at: &usize| match answers.get(*at) {
            Some(Ok(body)) => Ok(Some(body)),
            // Of an invoice that is gone, or closed to us, nothing is told.
            Some(Err(CallError::Refused { .. })) | None => Ok(None),
            Some(Err(error)) => Err(CrmError::Call {
                method: "crm.timeline.comment.list",
                error: error.clone(),
            }),
        };
        let mut repeated = Vec::new();
        for (at, (message, receipt)) in delivered.iter().enumerate() {
            let Some(invoice) = self.portal.invoice_number(message.operation.invoice()) else {
                continue;
            };
            let comments = timelines.get(&invoice).map(body).transpose()?.flatten();
            let documents = acts.get(&at).map(body).transpose()?.flatten();
            let comment_twice = comments
                .zip(mark_of(message))
                .is_some_and(|(body, mark)| is_repeated(body, &mark));
            let act_twice = documents
                .zip(act_of(receipt))
                .zip(self.portal.also.act_template)
                .is_some_and(|((body, first), template)| {
                    !act_repeats(&acts_of(body, invoice, template), first).is_empty()
                });
            if comment_twice || act_twice {
                repeated.push(message.id.clone());
            }
        }
        Ok(repeated)
    }

    pub(super) async fn remove_repeats(
        &self,
        attempt: &mut Attempt<'_, T>,
        message: &Message,
        earlier: &Earlier,
    ) -> Result<Receipt, Stop> {
        let Operation::RemoveRepeats {
            invoice,
            of,
            reversed,
            stands,
            ..
        } = &message.operation
        else {
            return Err(Stop::Refused(Text::new(
                "не уборка повторов",
                "not the removal of repeats",
            )));
        };
        let target = self.invoice_target(invoice)?;
        let kind = match (stands, reversed) {
            (true, _) => Mark::Status,
            (false, true) => Mark::Reverse,
            (false, false) => Mark::Record,
        };
        let mark = mark(kind, of);
        let mut notes = Vec::new();
        let Timeline { ours: [ours], repeats } = self.find_comments(attempt, target.id, [&mark]).await?;
        let comment = ours.as_ref().map(|ours| ours.id.clone());
        let doubles = ours.map(|ours| ours.doubles).unwrap_or_default();
        for doubles in [doubles, repeats] {
            self.remove_doubles(attempt, &doubles, &mut notes).await?;
        }
        let act = earlier.undone.as_ref().and_then(act_of);
        if let Some((template, act)) = self.portal.also.act_template.zip(act) {
            self.remove_act_repeats(attempt, (target.id, template), act, &mut notes)
                .await?;
        }
        Ok(Receipt {
            comment,
            found_done: !attempt.has_written(),
            notes,
            traces: std::mem::take(&mut attempt.traces),
            ..Receipt::default()
        })
    }
}
