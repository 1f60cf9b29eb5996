//! A candidate: what speaks for it, and how much of the payment it takes.

use domain::Allocation;

use crate::{
    book::Book,
    decided::{Against, Candidate, Evidence},
    facts::{DateFact, Fit, PayerLink},
    number::Agreement,
    payment::Payment,
    purpose::slice,
    reasons::EvidenceKind,
    standing::Placed,
};

/// What speaks for this one.
pub fn evidence_for(fit: &Fit<'_>, payment: &Payment, book: &Book) -> Vec<Evidence> {
    let invoice = &book.slot(fit.slot).invoice.id;
    let placed = |kind, start, end| Evidence {
        kind,
        text: Some(slice(&payment.purpose, start, end)),
        start: Some(start),
        end: Some(end),
        for_invoice: Some(invoice.clone()),
    };
    let mut evidence = Vec::new();
    if let Some(number) = fit.number {
        let kind = match (number.named, number.agreement) {
            (false, _) => EvidenceKind::NumberInText,
            (true, Agreement::Whole) => EvidenceKind::InvoiceNumber,
            (true, Agreement::Digits) => EvidenceKind::InvoiceNumberByDigits,
        };
        evidence.push(placed(kind, number.finding.start, number.finding.end));
    }
    if let DateFact::Named(start, end) | DateFact::Mentioned(start, end) = fit.date {
        evidence.push(placed(EvidenceKind::InvoiceDate, start, end));
    }
    if let Some(link) = fit.link {
        evidence.push(Evidence::plain(match link {
            PayerLink::Inn => EvidenceKind::PayerInn,
            PayerLink::Account => EvidenceKind::PayerAccount,
            PayerLink::Learned => EvidenceKind::PayerLearned,
            PayerLink::InnInText => EvidenceKind::CustomerInnInText,
            PayerLink::Name => EvidenceKind::PayerName,
        }));
    }
    if fit.is_exact() && fit.open {
        evidence.push(Evidence::plain(EvidenceKind::ExactAmount));
    }
    evidence
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
    Candidate {
        allocations,
        rank: 0,
        evidence,
        against,
    }
}
