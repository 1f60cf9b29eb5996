//! A candidate: what speaks for it, and how much of the payment it takes.

use domain::{Allocation, Customer, Money};

use crate::{
    book::Book,
    decided::{Against, Candidate, Evidence},
    facts::{DateFact, Fit, PayerLink},
    fold::{identifier_key, name_key},
    number::Agreement,
    payment::Payment,
    purpose::FindingKind,
    reasons::EvidenceKind,
    said::{PartFact, Said},
    standing::Placed,
    table::{Fact, Facts},
};

/// What speaks for this one.
pub fn evidence_for(fit: &Fit<'_>, said: &Said<'_>, book: &Book) -> Vec<Evidence> {
    let invoice = &book.slot(fit.slot).invoice.id;
    let placed = |kind, start, end| Evidence {
        for_invoice: Some(invoice.clone()),
        ..said.quote(kind, start, end)
    };
    let mut evidence = Vec::new();
    if let Some(number) = fit.number {
        let kind = match (number.slip, number.named, number.agreement) {
            (Some(_), _, _) => EvidenceKind::InvoiceNumberSlip,
            (None, false, _) => EvidenceKind::NumberInText,
            (None, true, Agreement::Whole) => EvidenceKind::InvoiceNumber,
            (None, true, Agreement::Digits) => EvidenceKind::InvoiceNumberByDigits,
        };
        evidence.push(placed(kind, number.finding.start, number.finding.end));
    }
    if let DateFact::Named(start, end) | DateFact::Mentioned(start, end) = fit.date {
        evidence.push(placed(EvidenceKind::InvoiceDate, start, end));
    }
    if let Some(link) = fit.link {
        evidence.push(of_payer(link, &book.slot(fit.slot).invoice.customer, said));
    }
    if fit.is_exact() && fit.open {
        evidence.push(Evidence::plain(EvidenceKind::ExactAmount));
    }
    if rests_on_sum(fit) {
        evidence.push(Evidence::plain(EvidenceKind::OnlyWithSum));
    }
    if let PartFact::Agrees(start, end) = fit.part
        && fit.open
    {
        evidence.push(placed(EvidenceKind::NamedPart, start, end));
    }
    evidence
}

/// Whether that no other invoice has the sum is what the decision rests on.
fn rests_on_sum(fit: &Fit<'_>) -> bool {
    const UNIQUE: Facts = Facts::of(&[Fact::SumUnique]);
    let named = fit.number.is_some_and(|number| number.named && number.slip.is_none());
    fit.open && !named && fit.facts.has(UNIQUE)
}

/// Who pays, or is paid for; what the purpose says of it with its place.
fn of_payer(link: PayerLink, customer: &Customer, said: &Said<'_>) -> Evidence {
    let (kind, named) = match link {
        PayerLink::Inn => (EvidenceKind::PayerInn, None),
        PayerLink::Account => (EvidenceKind::PayerAccount, None),
        PayerLink::Learned => (EvidenceKind::PayerLearned, None),
        PayerLink::Name => (EvidenceKind::PayerName, None),
        PayerLink::Initials => (EvidenceKind::PayerInitials, None),
        PayerLink::InnInText => {
            let inn = identifier_key(customer.inn.as_deref());
            let mut named = said.reading.of(FindingKind::TaxNumber);
            let named = named.find(|finding| Some(&finding.value) == inn.as_ref());
            (EvidenceKind::CustomerInnInText, named)
        }
        PayerLink::NameInText => {
            let name = name_key(&customer.name);
            let mut named = said.reading.of(FindingKind::Behalf);
            let named = named.find(|finding| name_key(&finding.value) == name);
            (EvidenceKind::CustomerNameInText, named)
        }
    };
    named.map_or_else(
        || Evidence::plain(kind),
        |finding| said.quote(kind, finding.start, finding.end),
    )
}

/// The candidate: as much of the payment as the invoice can take.
pub fn candidate(
    placed: &Placed<'_>,
    payment: &Payment,
    evidence: Vec<Evidence>,
    against: Vec<Against>,
    book: &Book,
) -> Candidate {
    let slot = book.slot(placed.fit.slot);
    let allocations = if placed.can_take() {
        let amount = if payment.amount.minor() < slot.open.minor() {
            payment.amount
        } else {
            slot.open
        };
        vec![Allocation {
            invoice: slot.invoice.id.clone(),
            amount,
        }]
    } else {
        Vec::new()
    };
    of_allocations(payment.amount, allocations, evidence, against)
}

/// A candidate with its remainder: what no invoice takes is an advance.
pub fn of_allocations(
    paid: Money,
    allocations: Vec<Allocation>,
    evidence: Vec<Evidence>,
    against: Vec<Against>,
) -> Candidate {
    let advance = remainder(paid, &allocations);
    Candidate {
        advance: Some(advance).filter(|advance| advance.is_positive() && !allocations.is_empty()),
        allocations,
        rank: 0,
        evidence,
        against,
    }
}

/// What is left of the payment. Allocations are built never to exceed it.
pub fn remainder(amount: Money, allocations: &[Allocation]) -> Money {
    allocations
        .iter()
        .try_fold(amount, |left, allocation| left.checked_sub(allocation.amount))
        .unwrap_or(amount)
}
