//! A refund that a person confirmed, and one that is undone: what the CRM is told.

use domain::{Allocation, Decision, DecisionKind, EntryId, Lane, Message, MessageId, Operation, PaymentStatus, Text};
use store::{EntryRecord, LedgerEntry, MessageState, StoreError, StoredMessage};

use crate::{
    failure::Failure,
    proposals::Proposed,
    session::Session,
    wire::{DecideRequest, Done},
};

impl Session {
    /// A person confirms: this takes that back, out of these invoices. Without a list, as the candidate says; without a
    /// name of what is taken back, as the best one.
    pub(crate) fn decide_refund(
        &self,
        request: &DecideRequest,
        record: EntryRecord,
        proposed: &Proposed,
    ) -> Result<Done, Failure> {
        let named = request.undoes.as_deref();
        let candidate = proposed.candidates.iter().find(|candidate| {
            let undoes = candidate.undoes.as_ref().map(|undoes| undoes.entry.as_str());
            undoes.is_some() && named.is_none_or(|named| undoes == Some(named))
        });
        let of = match (named, candidate.and_then(|candidate| candidate.undoes.as_ref())) {
            (Some(named), _) => EntryId(named.to_owned()),
            (None, Some(undoes)) => undoes.entry.clone(),
            (None, None) => return Err(nothing_taken_back()),
        };
        let currency = record.ledger_entry.entry.amount.currency();
        let allocations = match &request.allocations[..] {
            [] => candidate.map_or_else(Vec::new, |candidate| candidate.allocations.clone()),
            lines => lines
                .iter()
                .map(|line| self.allocation(line, currency))
                .collect::<Result<_, _>>()?,
        };
        self.rule(record.ledger_entry, DecisionKind::Refund { of }, allocations, proposed)
    }

    /// What the CRM must be told of a refund: of every invoice it comes out of, what of the payment goes.
    pub(crate) fn refund_messages(
        &self,
        decision: &Decision,
        entry: &LedgerEntry,
        of: &EntryId,
    ) -> Result<Vec<Message>, StoreError> {
        let undone = self.ledger.entry_record(of)?.ok_or_else(|| StoreError::NotFound {
            what: "entry",
            id: of.0.clone(),
        })?;
        let Some(giving) = undone.decision.map(|made| made.decision) else {
            return Ok(Vec::new());
        };
        let still = self.ledger.still_allocated(&giving.id)?;
        let mut messages = Vec::new();
        for allocation in &decision.allocations {
            let lane = Lane::of_invoice(&allocation.invoice);
            let stays = |one: &&Allocation| one.invoice == allocation.invoice && one.amount > allocation.amount;
            let partly = still.iter().find(stays).is_some();
            let Some(told) = self.telling(&lane, &giving)? else {
                continue;
            };
            let Operation::RecordPayment {
                invoice,
                invoice_number,
                deal,
                payment,
                ..
            } = told.message.operation
            else {
                continue;
            };
            messages.push(Message {
                id: MessageId(self.host.new_id()),
                decision: Some(decision.id.clone()),
                created: decision.at,
                operation: Operation::ReversePayment {
                    settled_by: self.settled_by(&lane, &invoice)?,
                    invoice,
                    invoice_number,
                    deal,
                    payment,
                    amount: allocation.amount,
                    booked: entry.entry.booked,
                    document_number: entry.entry.number.as_deref().map(str::to_owned),
                    undoes: told.message.id,
                    refund: true,
                    recalled: entry.entry.reversal,
                    partly,
                },
                lane,
            });
        }
        Ok(messages)
    }

    /// The message by which the CRM was, or will be, told what a decision gave to the invoice of this lane.
    fn telling(&self, lane: &Lane, giving: &Decision) -> Result<Option<StoredMessage>, StoreError> {
        let told = self.ledger.messages_of_lane(lane)?;
        Ok(told.into_iter().find(|stored| {
            stored.message.decision.as_ref() == Some(&giving.id)
                && stored.state != MessageState::Withdrawn
                && matches!(
                    stored.message.operation,
                    Operation::RecordPayment { restores: None, .. }
                )
        }))
    }

    /// The message that undoes what the CRM was told of a refund.
    pub(crate) fn restoring(&self, told: &Message, at: domain::Timestamp) -> Result<Option<Message>, Failure> {
        let Operation::ReversePayment {
            invoice,
            invoice_number,
            deal,
            payment,
            amount,
            undoes,
            ..
        } = told.operation.clone()
        else {
            return Ok(None);
        };
        // The payment's own day and number, not the refund's.
        let Some(recorded) = self.ledger.message_record(&undoes)? else {
            return Ok(None);
        };
        let Operation::RecordPayment {
            booked,
            document_number,
            ..
        } = recorded.stored.message.operation
        else {
            return Ok(None);
        };
        let open = self.ledger.invoice(&invoice)?.map(|invoice| invoice.open);
        let taken_out = self.ledger.taken_out()?;
        let others = taken_out
            .iter()
            .any(|one| one.invoice == invoice && one.amount > amount);
        let status = if open == Some(amount) {
            PaymentStatus::Paid
        } else if others {
            PaymentStatus::PartialRefund
        } else {
            PaymentStatus::PartlyPaid
        };
        Ok(Some(Message {
            id: MessageId(self.host.new_id()),
            lane: told.lane.clone(),
            decision: told.decision.clone(),
            created: at,
            operation: Operation::RestorePayment {
                invoice,
                invoice_number,
                deal,
                payment,
                amount,
                booked,
                document_number,
                undoes: told.id.clone(),
                status,
            },
        }))
    }
}

fn nothing_taken_back() -> Failure {
    Failure::new(
        "decide/no-candidate",
        Text::new(
            "прежний платёж, который возвращён, не найден",
            "the earlier payment that went back is not found",
        ),
        Text::new(
            "назовите его: --refund-of ПЛАТЁЖ, или отметьте, что это не возврат: --dismiss",
            "name it: --refund-of ENTRY, or say that it is no refund: --dismiss",
        ),
    )
}
