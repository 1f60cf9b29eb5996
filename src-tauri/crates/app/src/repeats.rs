//! What a CRM shows more than once of one write of ours: found in the hourly look, and taken away through the queue, whose
//! receipt says so.
//!
//! A delivery takes away what came twice before it was read back. A network may deliver the second one later than that.

use domain::{Message, MessageId, Operation, Timestamp};

use crate::{connect::Line, failure::Failure, session::Session};

/// Messages are looked at for so long after their delivery: more than one hourly look, and longer than anything on the way
/// keeps a request.
const WITHIN_MS: i64 = 3 * 3_600_000;

impl Session {
    /// Queues the removal of what came twice. A CRM that does not tell is asked again in the next hour.
    pub(crate) async fn look_for_repeats(&self, line: &Line) -> Result<(), Failure> {
        let now = self.host.now();
        let mut delivered = self
            .ledger
            .delivered_since(Timestamp(now.0.saturating_sub(WITHIN_MS)))?;
        delivered.retain(|(message, _)| message.operation.invoice().connection() == line.id);
        if delivered.is_empty() {
            return Ok(());
        }
        let repeated = match line.crm.repeated(&delivered).await {
            Ok(repeated) => repeated,
            Err(trouble) => {
                tracing::warn!(says = trouble.says.en, "whether anything came twice was not told");
                return Ok(());
            }
        };
        let of = |id: &MessageId| delivered.iter().find(|(message, _)| message.id == *id);
        let messages: Vec<Message> = repeated
            .iter()
            .filter_map(of)
            .map(|(message, _)| self.removal(message, now))
            .collect();
        if messages.is_empty() {
            return Ok(());
        }
        self.ledger.queue_messages(&messages, now)?;
        self.deliver_bell.notify_one();
        Ok(())
    }

    fn removal(&self, message: &Message, at: Timestamp) -> Message {
        let operation = &message.operation;
        Message {
            id: MessageId(self.host.new_id()),
            lane: message.lane.clone(),
            decision: message.decision.clone(),
            created: at,
            operation: Operation::RemoveRepeats {
                invoice: operation.invoice().clone(),
                invoice_number: operation.invoice_number().to_owned(),
                deal: operation.deal().map(str::to_owned),
                payment: operation.payment().cloned(),
                amount: operation.amount(),
                of: message.id.clone(),
                reversed: matches!(operation, Operation::ReversePayment { .. }),
                stands: matches!(operation, Operation::MarkStatus { .. }),
            },
        }
    }
}
