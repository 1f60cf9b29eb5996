//! Notes that something on the way delivered once more after they had been read back: found in the next look at the
//! invoice, and marked as what they are.

use std::collections::BTreeMap;

use domain::{Message, MessageId, Operation, Receipt, Text};
use serde_json::{Value, json};

use super::{
    AmocrmError, Client,
    notes::{BILL_PAID, COMMON, Search, lead_of, notes_among, record_mark, reverse_mark, status_mark},
    pages::CHUNK_IDS,
};
use crate::{
    attempt::{Attempt, Stop},
    call::Transport,
    php,
};

/// Notes are asked for by their time, a little before the message was made: two clocks are never quite one.
const BEFORE_MS: i64 = 5 * 60_000;

/// The mark in a message's note; `None`: it writes none.
fn mark_of(message: &Message) -> Option<String> {
    match message.operation {
        Operation::RecordPayment { .. } | Operation::RestorePayment { .. } => Some(record_mark(&message.id)),
        Operation::MarkStatus { .. } => Some(status_mark(&message.id)),
        Operation::ReversePayment { .. } => Some(reverse_mark(&message.id)),
        Operation::AskResponsible { .. } | Operation::RemoveRepeats { .. } => None,
    }
}

impl<T: Transport> Client<T> {
    /// Which of these messages stand on their leads more than once, many leads a request.
    ///
    /// # Errors
    /// The account could not be asked, or answers something else.
    pub async fn repeated(&self, delivered: &[(Message, Receipt)]) -> Result<Vec<MessageId>, AmocrmError> {
        let mut by_lead: BTreeMap<u64, Vec<(&Message, u64, String)>> = BTreeMap::new();
        for (message, _) in delivered {
            let lead = message.operation.deal().and_then(|deal| deal.parse().ok());
            let element = self.account.element(message.operation.invoice());
            if let (Some(lead), Some((_, element)), Some(mark)) = (lead, element, mark_of(message)) {
                by_lead.entry(lead).or_default().push((message, element, mark));
            }
        }
        let Some(oldest) = delivered.iter().map(|(message, _)| message.created.0).min() else {
            return Ok(Vec::new());
        };
        let leads: Vec<u64> = by_lead.keys().copied().collect();
        let mut rows: BTreeMap<u64, Vec<Value>> = BTreeMap::new();
        for leads in leads.chunks(CHUNK_IDS) {
            let since = (oldest - BEFORE_MS).div_euclid(1_000);
            let asked = json!({"filter": {"entity_id": leads, "note_type": [COMMON, BILL_PAID], "updated_at": {"from": since}}});
            for row in self.list("leads/notes", &asked, "notes").await? {
                if let Some(lead) = php::id(&row["entity_id"]) {
                    rows.entry(lead).or_default().push(row);
                }
            }
        }
        let mut repeated = Vec::new();
        for (lead, told) in &by_lead {
            let rows = rows.get(lead).map(Vec::as_slice).unwrap_or_default();
            for (message, element, mark) in told {
                let notes = notes_among(rows, *element);
                if notes.iter().any(|note| note.mark == *mark && !note.doubles.is_empty()) {
                    repeated.push(message.id.clone());
                }
            }
        }
        Ok(repeated)
    }

    pub(super) async fn remove_repeats(
        &self,
        attempt: &mut Attempt<'_, T>,
        message: &Message,
    ) -> Result<Receipt, Stop> {
        let Operation::RemoveRepeats { invoice, deal, .. } = &message.operation else {
            return Err(Stop::Refused(Text::new(
                "не уборка повторов",
                "not the removal of repeats",
            )));
        };
        let (_, element) = self.target(attempt, invoice).await?;
        let mut notes = Vec::new();
        if let Some(lead) = lead_of(deal.as_deref(), &mut notes) {
            let all = self.find_notes(attempt, lead, element, Search::Alone).await?;
            self.disown_all(attempt, lead, &all, &mut notes).await?;
        }
        Ok(Receipt {
            found_done: !attempt.has_written(),
            notes,
            ..Receipt::default()
        })
    }
}
