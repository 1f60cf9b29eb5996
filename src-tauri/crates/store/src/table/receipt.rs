//! What became of messages in the CRM: the proof that each was delivered.

use domain::{Message, MessageId, Receipt, Timestamp};

use crate::{Ledger, StoreError, columns::json};

impl Ledger {
    /// The proof of delivery.
    ///
    /// # Errors
    /// The ledger cannot be read.
    pub fn receipt(&self, id: &MessageId) -> Result<Option<Receipt>, StoreError> {
        Ok(self.message_record(id)?.and_then(|record| record.receipt))
    }

    /// What became of the messages of money that stand before this one in its lane, in their order.
    ///
    /// # Errors
    /// The ledger cannot be read.
    pub fn receipts_of_money(&self, before: &Message) -> Result<Vec<Receipt>, StoreError> {
        let mut receipts = Vec::new();
        for stored in self.messages_of_lane(&before.lane)? {
            if stored.message.id == before.id {
                break;
            }
            if stored.message.operation.is_of_money() {
                receipts.extend(self.receipt(&stored.message.id)?);
            }
        }
        Ok(receipts)
    }

    /// Messages delivered since then, with their receipts, in the order of the queue: of lanes where nothing is on its way
    /// or set aside.
    ///
    /// # Errors
    /// The ledger cannot be read.
    pub fn delivered_since(&self, since: Timestamp) -> Result<Vec<(Message, Receipt)>, StoreError> {
        self.read(|connection| {
            connection
                .prepare_cached(
                    "SELECT DISTINCT m.seq, m.body, s.receipt FROM attempt_end e
                     JOIN attempt a ON a.seq = e.attempt
                     JOIN message m ON m.id = a.message
                     JOIN message_state s ON s.message = m.id
                     WHERE e.at >= ?1 AND s.state = 'delivered' AND s.receipt IS NOT NULL AND NOT EXISTS (
                         SELECT 1 FROM message o JOIN message_state os ON os.message = o.id
                         WHERE o.lane = m.lane AND os.state IN ('queued', 'in_flight', 'parked'))
                     ORDER BY m.seq",
                )?
                .query_and_then([since.0], |row| Ok((json(row, "body")?, json(row, "receipt")?)))?
                .collect()
        })
    }
}
