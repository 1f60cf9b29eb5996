//! The same share of several invoices that the purpose lists: «аванс 50 % по счетам 145 и 146».

use domain::{Allocation, Money};
use rust_decimal::{Decimal, RoundingStrategy, prelude::ToPrimitive};

use super::{Listed, Together, fit_of, of_each, push_new};
use crate::{
    candidate,
    case::Case,
    facts::PayerLink,
    purpose::FindingKind,
    reasons::EvidenceKind,
    table::{Fact, Facts, Standing},
};

/// Where one percentage is named and that share of all the listed invoices is what was paid.
pub fn of(listed: &Listed<'_>, link: PayerLink, case: Case<'_, '_>) -> Option<Together> {
    let Case {
        payment, said, book, ..
    } = case;
    let mut named = said.reading.of(FindingKind::Part).filter(|part| part.percent.is_some());
    let part = named.next()?;
    let percent = part.percent?;
    if !link.is_sure() || listed.options.len() < 2 || named.any(|other| other.percent != Some(percent)) {
        return None;
    }
    let mut allocations = Vec::new();
    let mut evidence = Vec::new();
    for number in &listed.options {
        let [slot] = number.slots[..] else { return None };
        let of = book.slot(slot);
        let share = share(of.invoice.amount, percent).filter(|share| share.minor() <= of.open.minor())?;
        allocations.push(Allocation {
            invoice: of.invoice.id.clone(),
            amount: share,
        });
        push_new(
            &mut evidence,
            candidate::evidence_for(&fit_of(slot, number, link, case), said, book),
        );
    }
    let total = allocations
        .iter()
        .try_fold(0_i64, |total, one| total.checked_add(one.amount.minor()))?;
    if total != payment.amount.minor() {
        return None;
    }
    evidence.push(said.quote(EvidenceKind::NamedPart, part.start, part.end));
    let standing = Standing::of(Facts::of(&[Fact::AllNamed, Fact::PayerSure, Fact::SumNamedPart]))?;
    let reasons = of_each(listed, link, case);
    Some(Together {
        standing,
        candidate: candidate::of_allocations(payment.amount, allocations, evidence, reasons),
    })
}

fn share(whole: Money, percent: Decimal) -> Option<Money> {
    let share = Decimal::from(whole.minor()).checked_mul(percent)? / Decimal::ONE_HUNDRED;
    let minor = share
        .round_dp_with_strategy(0, RoundingStrategy::MidpointAwayFromZero)
        .to_i64()?;
    Some(Money::from_minor(minor, whole.currency())).filter(|share| share.is_positive())
}
