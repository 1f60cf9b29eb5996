//! The engine: decides payments one after another, in the order of days, and remembers what they took.

use std::collections::HashMap;

use domain::{Allocation, Invoice, InvoiceId, Money, Text};

use crate::{
    against,
    book::Book,
    candidate,
    decided::{Against, Candidate, Decided, Evidence, Verdict},
    facts::{Fit, Learned, NumberFact, PayerLink, payer_links},
    payment::Payment,
    policy::Policy,
    purpose::{self, FindingKind, Reading},
    reasons::{AgainstKind, EvidenceKind},
    standing::{self, Placed, Standing},
    strangers::{self, Own},
};

/// Candidates shown to a person.
pub const CANDIDATES_MAX: usize = 10;
/// Invoices of other customers with a named number that are looked at closer.
const FOREIGN_NUMBERS_MAX: usize = 20;
/// Invoices of one payer that are looked at without a number or an exact sum, oldest first.
const PAYER_INVOICES_MAX: usize = 20;

/// Holds the open invoices and what was decided in this run.
#[derive(Debug)]
pub struct Engine {
    book: Book,
    own: Own,
    learned: Learned,
    cap: Option<Money>,
}

impl Engine {
    /// The order of `invoices` changes nothing.
    #[must_use]
    pub fn new(invoices: Vec<Invoice>, policy: Policy) -> Self {
        let book = Book::new(invoices);
        Self {
            own: Own::of(&policy),
            learned: Learned::new(&policy.facts, &book),
            cap: policy.caps.automatic_sum,
            book,
        }
    }

    /// Decides one payment. What is decided automatically is no longer open for the next; what is put before a person
    /// makes its candidates contested.
    pub fn decide(&mut self, payment: &Payment) -> Decided {
        if let Some(evidence) = strangers::by_facts(payment, &self.own) {
            return none(payment, evidence);
        }
        let reading = purpose::read(&payment.purpose);
        let stranger = strangers::by_words(payment);
        let placed = self.fitting(payment, &reading);
        if let Some(evidence) = &stranger
            && !standing::is_a_customers(&placed)
        {
            return none(payment, evidence.clone());
        }
        if placed.is_empty() {
            return none(payment, Evidence::plain(EvidenceKind::NothingFits));
        }
        let mut of_payment = against::against_payment(payment, self.cap);
        of_payment.extend(stranger.map(|evidence| reads_as(&evidence)));
        let decided = self.judge(payment, &reading, &placed, of_payment);
        self.remember(&decided, &payment.id);
        decided
    }

    /// Every invoice that may be meant, best first.
    fn fitting<'a>(&self, payment: &Payment, reading: &'a Reading) -> Vec<Placed<'a>> {
        let links: HashMap<usize, PayerLink> = payer_links(payment, reading, &self.learned, &self.book)
            .into_iter()
            .collect();
        let mut found: HashMap<usize, Option<NumberFact<'a>>> = HashMap::new();
        self.by_number(payment, reading, &links, &mut found);
        for customer in links.keys() {
            for slot in self.book.open_with_sum(*customer, payment.amount) {
                found.entry(slot).or_insert(None);
            }
            let others = self.book.customer(*customer).invoices.iter().copied();
            for slot in others
                .filter(|slot| self.book.slot(*slot).is_open())
                .take(PAYER_INVOICES_MAX)
            {
                found.entry(slot).or_insert(None);
            }
        }
        let mut placed: Vec<Placed<'a>> = found
            .into_iter()
            .filter_map(|(slot, number)| {
                let link = links.get(&self.book.slot(slot).customer).copied();
                let fit = Fit::new(slot, number, link, payment, reading, &self.book);
                Standing::of(&fit).map(|standing| Placed { fit, standing })
            })
            .collect();
        standing::sort(&mut placed, payment, &self.book);
        placed
    }

    /// Invoices whose number stands in the purpose: all of the payer's, all with the exact sum, a few others.
    fn by_number<'a>(
        &self,
        payment: &Payment,
        reading: &'a Reading,
        links: &HashMap<usize, PayerLink>,
        found: &mut HashMap<usize, Option<NumberFact<'a>>>,
    ) {
        let numbers = reading
            .of(FindingKind::InvoiceNumber)
            .chain(reading.of(FindingKind::BareNumber));
        for finding in numbers {
            let mut foreign = 0;
            for key in &finding.keys {
                for (slot, agreement) in self.book.numbered(key) {
                    let of = self.book.slot(*slot);
                    let fact = NumberFact::new(finding, key, *agreement);
                    if !links.contains_key(&of.customer) && of.open != payment.amount {
                        if !fact.named || !of.is_open() || foreign == FOREIGN_NUMBERS_MAX {
                            continue;
                        }
                        foreign += 1;
                    }
                    let known = found.entry(*slot).or_insert(None);
                    if known.is_none_or(|known| fact.order() < known.order()) {
                        *known = Some(fact);
                    }
                }
            }
        }
    }

    fn judge(&self, payment: &Payment, reading: &Reading, placed: &[Placed<'_>], of_payment: Vec<Against>) -> Decided {
        let mut candidates: Vec<Candidate> = self.whole_list(payment, placed).into_iter().collect();
        let mut reasons = Vec::new();
        for one in placed.iter().take(CANDIDATES_MAX) {
            let evidence = candidate::evidence_for(&one.fit, payment, &self.book);
            let of_one = against::against_one(one, placed, payment, reading, &self.book);
            candidates.push(candidate::candidate(one, payment, evidence, of_one, &self.book));
        }
        candidates.truncate(CANDIDATES_MAX);
        for (at, candidate) in candidates.iter_mut().enumerate() {
            candidate.rank = u32::try_from(at + 1).unwrap_or(u32::MAX);
        }
        let automatic = placed.first().is_some_and(|best| best.standing == Standing::Whole)
            && of_payment.is_empty()
            && candidates.first().is_some_and(|best| best.against.is_empty());
        if let Some(best) = candidates.first() {
            reasons.extend(best.against.iter().cloned());
        }
        // A named number whose invoice is closed is why the next best is only asked about.
        for closed in candidates
            .iter()
            .skip(1)
            .filter(|candidate| candidate.allocations.is_empty())
        {
            for reason in &closed.against {
                let tells = matches!(
                    reason.kind,
                    AgainstKind::InvoicePaid | AgainstKind::InvoiceCancelled | AgainstKind::OtherCurrency
                );
                if tells && !reasons.contains(reason) {
                    reasons.push(reason.clone());
                }
            }
        }
        reasons.extend(of_payment);
        let evidence = candidates.first().map_or_else(Vec::new, |best| best.evidence.clone());
        let (verdict, allocations) = if automatic {
            let allocations = candidates
                .first()
                .map_or_else(Vec::new, |best| best.allocations.clone());
            (Verdict::Auto, allocations)
        } else {
            (Verdict::Review, Vec::new())
        };
        Decided {
            payment: payment.id.clone(),
            verdict,
            remainder: remainder(payment.amount, &allocations),
            allocations,
            evidence,
            against: if automatic { Vec::new() } else { reasons },
            candidates,
        }
    }

    /// Several named invoices of one sure payer whose open sums make up the payment exactly.
    fn whole_list(&self, payment: &Payment, placed: &[Placed<'_>]) -> Option<Candidate> {
        let listed: Vec<&Placed<'_>> = placed
            .iter()
            .filter(|one| one.standing == Standing::NumberPayer && one.can_take() && !one.fit.after_payment)
            .collect();
        if listed.len() < 2 {
            return None;
        }
        let customer = self.book.slot(listed[0].fit.slot).customer;
        let mut total = Money::zero(payment.amount.currency());
        let mut allocations = Vec::with_capacity(listed.len());
        let mut evidence = Vec::new();
        for one in listed {
            let slot = self.book.slot(one.fit.slot);
            if slot.customer != customer {
                return None;
            }
            total = total.checked_add(slot.open).ok()?;
            allocations.push(Allocation {
                invoice: slot.invoice.id.clone(),
                amount: slot.open,
            });
            for reason in candidate::evidence_for(&one.fit, payment, &self.book) {
                if !evidence.contains(&reason) {
                    evidence.push(reason);
                }
            }
        }
        if total != payment.amount {
            return None;
        }
        evidence.push(Evidence::plain(EvidenceKind::ExactTotal));
        Some(Candidate {
            allocations,
            rank: 0,
            evidence,
            against: vec![Against::plain(AgainstKind::SeveralInvoices)],
        })
    }

    fn remember(&mut self, decided: &Decided, payment: &str) {
        match decided.verdict {
            Verdict::Auto => {
                for allocation in &decided.allocations {
                    self.book.take(allocation, payment);
                }
            }
            Verdict::Review => {
                // One payment takes an invoice once, however many candidates name it.
                let mut wanted: HashMap<&InvoiceId, &Allocation> = HashMap::new();
                for allocation in decided.candidates.iter().flat_map(|candidate| &candidate.allocations) {
                    let known = wanted.entry(&allocation.invoice).or_insert(allocation);
                    if known.amount.minor() < allocation.amount.minor() {
                        *known = allocation;
                    }
                }
                for allocation in wanted.into_values() {
                    self.book.contest(allocation);
                }
            }
            Verdict::None => {}
        }
    }
}

fn none(payment: &Payment, evidence: Evidence) -> Decided {
    Decided {
        payment: payment.id.clone(),
        verdict: Verdict::None,
        allocations: Vec::new(),
        remainder: payment.amount,
        evidence: vec![evidence],
        against: Vec::new(),
        candidates: Vec::new(),
    }
}

fn reads_as(evidence: &Evidence) -> Against {
    let what = evidence.kind.text();
    let quote = evidence
        .text
        .as_deref()
        .map_or_else(String::new, |text| format!(" («{text}»)"));
    Against {
        kind: AgainstKind::ReadsAsOther,
        text: Text::new(
            format!("по назначению похоже на другое: {}{quote}", what.ru),
            format!("the purpose reads like something else: {}{quote}", what.en),
        ),
    }
}

/// What is left of the payment. Allocations are built never to exceed it.
fn remainder(amount: Money, allocations: &[Allocation]) -> Money {
    allocations
        .iter()
        .try_fold(amount, |left, allocation| left.checked_sub(allocation.amount))
        .unwrap_or(amount)
}
