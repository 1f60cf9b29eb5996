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
    rules::Applied,
    standing::{self, Placed, Standing},
    strangers::{self, Own},
    taught::{self, Taught},
};

/// Candidates shown to a person.
pub const CANDIDATES_MAX: usize = 10;
/// Invoices of other customers with a named number that are looked at closer.
const FOREIGN_NUMBERS_MAX: usize = 20;
/// Invoices of one payer that are looked at without a number or an exact sum, oldest first.
const PAYER_INVOICES_MAX: usize = 20;

/// The class of a list of numbers whose open sums make up the payment.
const WHOLE_LIST: &str = "whole_list";

/// Holds the open invoices and what was decided in this run.
#[derive(Debug)]
pub struct Engine {
    book: Book,
    own: Own,
    learned: Learned,
    taught: Taught,
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
            taught: Taught::of(&policy),
            cap: policy.caps.automatic_sum,
            book,
        }
    }

    /// Decides one payment. What is decided automatically is no longer open for the next; what is put before a person
    /// makes its candidates contested.
    pub fn decide(&mut self, payment: &Payment) -> Decided {
        let decided = self.look(payment);
        self.remember(&decided, &payment.id);
        decided
    }

    /// Posts what somebody else decided about a payment.
    pub fn post(&mut self, allocations: &[Allocation], payment: &str) {
        for allocation in allocations {
            self.book.take(allocation, payment);
        }
    }

    /// What would be decided about one payment; nothing is remembered.
    #[must_use]
    pub fn look(&self, payment: &Payment) -> Decided {
        if let Some(evidence) = strangers::by_facts(payment, &self.own) {
            return none(payment, evidence);
        }
        let rule = self.taught.rule(payment);
        if let Some(rule) = &rule
            && let Some(kind) = rule.category()
        {
            let mut hidden = none(payment, Evidence::plain(kind));
            hidden.evidence.push(rule.evidence(payment));
            return hidden;
        }
        let mut reading = purpose::read(&payment.purpose);
        if let Some(rule) = &rule {
            rule.amend(&mut reading);
        }
        let stranger = strangers::by_words(payment);
        let placed = self.fitting(payment, &reading, rule.as_ref());
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
        of_payment.extend(self.taught.against(payment, rule.as_ref()));
        let mut decided = self.judge(payment, &reading, &placed, of_payment);
        if let Some(rule) = &rule {
            decided.add_to_all(&rule.evidence(payment));
        }
        decided
    }

    /// Every invoice that may be meant, best first.
    fn fitting<'a>(&self, payment: &Payment, reading: &'a Reading, rule: Option<&Applied<'_>>) -> Vec<Placed<'a>> {
        let mut links: HashMap<usize, PayerLink> = payer_links(payment, reading, &self.learned, &self.book)
            .into_iter()
            .collect();
        if let Some(customer) = rule
            .and_then(Applied::customer)
            .and_then(|inn| self.book.customer_by_inn(inn))
        {
            // Whom the rule names, and nobody else.
            links = HashMap::from([(customer, PayerLink::Learned)]);
        }
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
        let refused = self.taught.refused(payment);
        let mut placed: Vec<Placed<'a>> = found
            .into_iter()
            .filter(|(slot, _)| !refused.has(&self.book.slot(*slot).invoice))
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
            let mut evidence = candidate::evidence_for(&one.fit, payment, &self.book);
            let open = one.can_take().then(|| self.book.slot(one.fit.slot).open);
            evidence.extend(self.taught.habits(payment, 1, one.fit.number.is_some(), open));
            let of_one = against::against_one(one, placed, payment, reading, &self.book);
            candidates.push(candidate::candidate(one, payment, evidence, of_one, &self.book));
        }
        candidates.truncate(CANDIDATES_MAX);
        for (at, candidate) in candidates.iter_mut().enumerate() {
            candidate.rank = u32::try_from(at + 1).unwrap_or(u32::MAX);
        }
        let class = match candidates.first() {
            Some(best) if best.allocations.len() > 1 => Some(WHOLE_LIST),
            _ => placed.first().map(|best| best.standing.code()),
        };
        let certain = placed.first().is_some_and(|best| best.standing == Standing::Whole)
            && of_payment.is_empty()
            && candidates.first().is_some_and(|best| best.against.is_empty());
        let first = || placed.first().filter(|best| best.can_take()).and(candidates.first());
        let class = class.filter(|class| {
            certain || first().is_some_and(|best| taught::can_be_earned(class, &best.against, &of_payment))
        });
        let earned = !certain && of_payment.is_empty() && class.is_some_and(|class| self.taught.earned(payment, class));
        if earned && let Some(best) = candidates.first_mut() {
            best.evidence.push(Evidence::plain(EvidenceKind::Earned));
        }
        let automatic = certain || earned;
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
            class,
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
        evidence.extend(self.taught.habits(payment, allocations.len(), true, None));
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
        class: None,
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
