//! How invoices stand without money, told to the CRM where the user chose a stage for it: overdue and unpaid, or with a
//! payment that waits for a person; and no longer so.
//!
//! What is told is a comparison of what is true with what was told last, so that nothing is told twice, and a program that
//! died in between tells it the next time. Nothing is chosen by default, and then nothing of this is done.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use crm::Of;
use domain::{Invoice, InvoiceId, Lane, Message, MessageId, Operation, PaymentStatus};
use store::{ConnectionRow, MarkDraft, MessageState, ProposalRow, StoredMessage, Verdict};

use crate::{failure::Failure, mapping::mapping_of, session::Session};

/// What was told last of how an invoice stands.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Told {
    status: PaymentStatus,
    /// The first that told so, of those that followed each other.
    began: MessageId,
    /// A payment was told since.
    paid_since: bool,
}

/// What is to be told.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Telling {
    status: PaymentStatus,
    began: Option<MessageId>,
}

impl Session {
    /// Queues what the CRM is to be told of how invoices stand. `proposed` is what was just proposed for everything
    /// undecided.
    pub(crate) fn tell_statuses(&self, proposed: &[ProposalRow]) -> Result<(), Failure> {
        for row in self.connected()? {
            // Until the list was whole once, and is whole, an invoice may have been paid or closed unheard.
            if row.whole {
                self.tell_statuses_of(&row, proposed)?;
            }
        }
        Ok(())
    }

    fn tell_statuses_of(&self, connection: &ConnectionRow, proposed: &[ProposalRow]) -> Result<(), Failure> {
        let mapping = mapping_of(connection)?;
        let chosen = |status| {
            let mut choices = mapping.choices.iter();
            choices.any(|choice| choice.of == Of::Invoices && choice.status == status)
        };
        let (expired, review) = (chosen(PaymentStatus::Expired), chosen(PaymentStatus::ManualReview));
        if !expired && !review {
            return Ok(());
        }
        let Some(mark) = self.ledger.pull_mark(&connection.id)? else {
            return Ok(());
        };
        let today = expired.then(|| self.host.local_at(mark.whole_at).date());
        let waiting = if review {
            self.waited_for(proposed)
        } else {
            BTreeSet::new()
        };
        let lanes = self.ledger.marked_lanes()?;
        let mut drafts = Vec::new();
        for invoice in self.ledger.open_in(&connection.id)? {
            let lane = Lane::of_invoice(&invoice.id);
            let told = lanes.get(&lane).and_then(|lane| told(lane));
            let is = stands(&invoice, today, &waiting);
            let Some(telling) = telling(&invoice, is, told.as_ref()) else {
                continue;
            };
            let messages = match lanes.get(&lane) {
                Some(known) => known.clone(),
                None => self.ledger.messages_of_lane(&lane)?,
            };
            drafts.push(self.draft(invoice, lane, &messages, telling));
        }
        if self.ledger.queue_marks(&drafts)? > 0 {
            self.deliver_bell.notify_one();
            self.changed();
        }
        Ok(())
    }

    fn draft(&self, invoice: Invoice, lane: Lane, messages: &[StoredMessage], telling: Telling) -> MarkDraft {
        let reached =
            |stored: &&StoredMessage| stored.state != MessageState::Withdrawn && stored.message.operation.moves();
        let mut reached = messages.iter().rev().filter(reached);
        MarkDraft {
            last: messages.last().map(|stored| stored.seq),
            message: Message {
                id: MessageId(self.host.new_id()),
                lane,
                decision: None,
                created: self.host.now(),
                operation: Operation::MarkStatus {
                    invoice: invoice.id,
                    invoice_number: invoice.number,
                    deal: invoice.deal,
                    due: invoice.due.filter(|_| telling.status == PaymentStatus::Expired),
                    status: telling.status,
                    follows: reached.next().map(|stored| stored.message.id.clone()),
                    began: telling.began,
                },
            },
        }
    }

    /// Invoices that are the only one some undecided payment may pay.
    fn waited_for(&self, proposed: &[ProposalRow]) -> BTreeSet<InvoiceId> {
        let asked = proposed
            .iter()
            .filter(|row| row.verdict == Verdict::Review && !row.goes_back);
        asked
            .filter_map(|row| {
                let candidates = self.proposed(Some(&row.json)).candidates;
                let named: BTreeSet<InvoiceId> = candidates
                    .into_iter()
                    .flat_map(|candidate| candidate.allocations)
                    .map(|allocation| allocation.invoice)
                    .collect();
                let mut named = named.into_iter();
                named.next().filter(|_| named.next().is_none())
            })
            .collect()
    }
}

/// What the messages of a lane, in the order of the queue, last told of how its invoice stands.
fn told(lane: &[StoredMessage]) -> Option<Told> {
    let reached = lane.iter().filter(|stored| stored.state != MessageState::Withdrawn);
    reached.fold(None, |before, stored| match &stored.message.operation {
        Operation::MarkStatus {
            status: PaymentStatus::Awaiting,
            ..
        } => None,
        Operation::MarkStatus { status, began, .. } => Some(Told {
            status: *status,
            began: began.clone().unwrap_or_else(|| stored.message.id.clone()),
            paid_since: false,
        }),
        Operation::RecordPayment { .. } | Operation::RestorePayment { .. } => before.map(|told| Told {
            paid_since: true,
            ..told
        }),
        Operation::ReversePayment { .. } | Operation::AskResponsible { .. } | Operation::RemoveRepeats { .. } => before,
    })
}

/// How an open invoice stands without money. `today` is the day of the last whole list; without it no day has passed.
fn stands(invoice: &Invoice, today: Option<NaiveDate>, waiting: &BTreeSet<InvoiceId>) -> Option<PaymentStatus> {
    if !is_unpaid(invoice) {
        return None;
    }
    if waiting.contains(&invoice.id) {
        return Some(PaymentStatus::ManualReview);
    }
    let overdue = today.zip(invoice.due).is_some_and(|(today, due)| due < today);
    overdue.then_some(PaymentStatus::Expired)
}

fn is_unpaid(invoice: &Invoice) -> bool {
    invoice.open == invoice.amount && invoice.amount.is_positive()
}

fn telling(invoice: &Invoice, is: Option<PaymentStatus>, told: Option<&Told>) -> Option<Telling> {
    match (is, told) {
        (Some(status), Some(told)) if told.status == status && !told.paid_since => None,
        (Some(status), told) => Some(Telling {
            status,
            // After a payment that was taken back it begins anew.
            began: told.filter(|told| !told.paid_since).map(|told| told.began.clone()),
        }),
        // A payment in full has its stage; a part may have none, and then the invoice stands where it was told to stand.
        (None, Some(told)) if invoice.open.is_positive() => Some(Telling {
            status: PaymentStatus::Awaiting,
            began: Some(told.began.clone()),
        }),
        (None, _) => None,
    }
}

#[cfg(test)]
mod tests {
    use domain::{Currency, Customer, InvoiceStatus, Money, Timestamp};

    use super::*;

    fn invoice(open: i64, due: Option<&str>) -> Invoice {
        let rub = |minor| Money::from_minor(minor, Currency::RUB);
        Invoice {
            id: "b24:31:1".into(),
            number: "1".to_owned(),
            date: "2026-11-01".parse().unwrap(),
            amount: rub(100),
            open: rub(open),
            customer: Customer::default(),
            status: InvoiceStatus::Open,
            due: due.map(|due| due.parse().unwrap()),
            contract: None,
            company: None,
            deal: None,
        }
    }

    fn stored(seq: u64, state: MessageState, operation: Operation) -> StoredMessage {
        StoredMessage {
            seq,
            message: Message {
                id: format!("m{seq}").into(),
                lane: Lane("b24:31:1".to_owned()),
                decision: None,
                created: Timestamp(0),
                operation,
            },
            state,
            attempts: 0,
            due: None,
            reason: None,
        }
    }

    fn mark(status: PaymentStatus, began: Option<&str>) -> Operation {
        Operation::MarkStatus {
            invoice: "b24:31:1".into(),
            invoice_number: "1".to_owned(),
            deal: None,
            status,
            due: None,
            follows: None,
            began: began.map(Into::into),
        }
    }

    fn paid() -> Operation {
        Operation::RecordPayment {
            invoice: "b24:31:1".into(),
            invoice_number: "1".to_owned(),
            deal: None,
            payment: "sv1-0".into(),
            amount: Money::from_minor(1, Currency::RUB),
            booked: "2026-11-20".parse().unwrap(),
            document_number: None,
            payer: None,
            settles: false,
            restores: None,
        }
    }

    #[test]
    fn an_invoice_is_overdue_the_day_after_its_day_and_a_waiting_payment_comes_first() {
        use PaymentStatus::{Expired, ManualReview};
        let today = Some("2026-11-20".parse().unwrap());
        let nobody = BTreeSet::new();
        let somebody = BTreeSet::from([InvoiceId::from("b24:31:1")]);
        for (open, due, today, waiting, expected) in [
            (100, Some("2026-11-19"), today, &nobody, Some(Expired)),
            (100, Some("2026-11-20"), today, &nobody, None),
            (100, None, today, &nobody, None),
            (100, Some("2026-11-19"), None, &nobody, None),
            (99, Some("2026-11-19"), today, &nobody, None),
            (0, Some("2026-11-19"), today, &somebody, None),
            (100, Some("2026-11-19"), today, &somebody, Some(ManualReview)),
            (100, None, None, &somebody, Some(ManualReview)),
        ] {
            assert_eq!(stands(&invoice(open, due), today, waiting), expected, "{open} {due:?}");
        }
    }

    #[test]
    fn only_what_is_not_told_yet_is_told() {
        use MessageState::{Delivered, Withdrawn};
        use PaymentStatus::{Awaiting, Expired, ManualReview};
        let say = |status, began: Option<&str>| Some((status, began.map(str::to_owned)));
        let e = || mark(Expired, None);
        for (lane, open, is, expected) in [
            (vec![], 100, Some(Expired), say(Expired, None)),
            (vec![], 100, None, None),
            (vec![(Delivered, e())], 100, Some(Expired), None),
            (vec![(Withdrawn, e())], 100, Some(Expired), say(Expired, None)),
            (
                vec![(Delivered, e())],
                100,
                Some(ManualReview),
                say(ManualReview, Some("m0")),
            ),
            (
                vec![(Delivered, e()), (Delivered, mark(ManualReview, Some("m0")))],
                100,
                None,
                say(Awaiting, Some("m0")),
            ),
            (vec![(Delivered, e())], 100, None, say(Awaiting, Some("m0"))),
            (
                vec![(Delivered, e()), (Delivered, mark(Awaiting, Some("m0")))],
                100,
                None,
                None,
            ),
            (
                vec![(Delivered, e()), (Delivered, mark(Awaiting, Some("m0")))],
                100,
                Some(Expired),
                say(Expired, None),
            ),
            // Paid in part, in full, and taken back again.
            (
                vec![(Delivered, e()), (Delivered, paid())],
                99,
                None,
                say(Awaiting, Some("m0")),
            ),
            (vec![(Delivered, e()), (Delivered, paid())], 0, None, None),
            (
                vec![(Delivered, e()), (Delivered, paid())],
                100,
                Some(Expired),
                say(Expired, None),
            ),
            (vec![(Delivered, paid())], 99, None, None),
        ] {
            let lane: Vec<StoredMessage> = (0..)
                .zip(lane)
                .map(|(seq, (state, operation))| stored(seq, state, operation))
                .collect();
            let telling = telling(&invoice(open, None), is, told(&lane).as_ref());
            let found = telling.map(|one| (one.status, one.began.map(|began| began.0)));
            assert_eq!(found, expected, "{lane:?} {open} {is:?}");
        }
    }
}
