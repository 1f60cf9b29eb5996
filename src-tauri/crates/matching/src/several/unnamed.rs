//! One payment for several invoices that it does not number: those of its payer whose open sums make it up.

use domain::{Money, Text};

use super::{Several, Together, each_once, push_new, tie, whole};
use crate::{
    against,
    book::Book,
    candidate,
    case::Case,
    decided::{Against, Evidence},
    facts::{self, Fit, PayerLink},
    purpose::FindingKind,
    reasons::{AgainstKind, EvidenceKind},
    sets::{self, SUMS_MAX},
    table::{Fact, Facts, Standing},
    unnumbered,
};

/// So many ways are shown: more are no help to choose by.
const SHOWN_MAX: usize = 3;
/// Open invoices of one customer that are added up to see whether all are paid.
const ADDED_UP_MAX: usize = 100;

/// Without numbers: sets of two and more open invoices of one payer that make up the payment.
pub fn unnamed(case: Case<'_, '_>, links: &[(usize, PayerLink)]) -> Several {
    let Case {
        payment, said, book, ..
    } = case;
    let mut several = Several::default();
    if said.reading.of(FindingKind::InvoiceNumber).next().is_some() {
        return several;
    }
    let sure: Vec<&(usize, PayerLink)> = links.iter().filter(|(_, link)| link.is_sure()).collect();
    let [(customer, link)] = sure[..] else { return several };
    let slots = open_on_day(*customer, ADDED_UP_MAX + 1, case);
    if slots.len() < 2 {
        return several;
    }
    let Some(standing) = Standing::of(Facts::of(&[Fact::PayerSure, Fact::TotalExact])) else {
        return several;
    };
    let mut add = |way: Vec<usize>, reason: Option<Against>| {
        let fits: Vec<Fit<'_>> = way
            .iter()
            .map(|slot| Fit::new(*slot, None, Some(*link), case))
            .collect();
        let mut evidence = Vec::new();
        for fit in &fits {
            push_new(&mut evidence, candidate::evidence_for(fit, said, book));
        }
        evidence.push(Evidence::plain(EvidenceKind::SetTotal));
        let mut reasons = vec![Against::plain(AgainstKind::SetUnnamed)];
        reasons.extend(reason);
        reasons.extend(of_set(&way, &fits, &slots, case));
        several.ways.push(Together {
            standing,
            candidate: candidate::of_allocations(payment.amount, whole(&way, book), evidence, reasons),
        });
    };
    match sets_of(&slots, payment.amount.minor(), book) {
        Some(found) => {
            for set in found.best.iter().filter(|set| set.len() > 1) {
                let tied = (found.count > 1).then(|| tie(found.count));
                add(set.iter().map(|at| slots[*at]).collect(), tied);
            }
        }
        // Nobody tried whether others make it up as well.
        None if slots.len() <= ADDED_UP_MAX && is_all(&slots, payment.amount, book) => {
            add(slots.clone(), Some(too_many()))
        }
        None => several.against.push(too_many()),
    }
    several
}

/// Whether the payment is all that is open.
fn is_all(slots: &[usize], paid: Money, book: &Book) -> bool {
    let open = slots.iter().map(|slot| book.slot(*slot).open.minor());
    let all = open.into_iter().try_fold(0_i64, i64::checked_add);
    all == Some(paid.minor())
}

/// What speaks against a set whose sums add up: all that speaks against one invoice without a number, and chance.
fn of_set(way: &[usize], fits: &[Fit<'_>], open: &[usize], case: Case<'_, '_>) -> Vec<Against> {
    let Case {
        payment, said, book, ..
    } = case;
    let mut reasons = Vec::new();
    for fit in fits {
        reasons.extend(against::of_listed(fit, case));
        reasons.extend(unnumbered::reasons(fit, way, case));
    }
    let bare = said.reading.of(FindingKind::BareNumber);
    let numbered = bare.filter(|bare| unnumbered::is_of(bare, way, book)).count();
    if numbered > 0 && numbered < way.len() {
        reasons.push(Against::plain(AgainstKind::SetPartlyNamed));
    }
    if payment.amount.minor() % facts::ROUND == 0 {
        reasons.push(Against::plain(AgainstKind::RoundSum));
    }
    let sums: Vec<i64> = open.iter().map(|slot| book.slot(*slot).open.minor()).collect();
    if way.len() < open.len() && sets::may_be_chance(&sums, payment.amount.minor()) {
        reasons.push(Against::plain(AgainstKind::SetByChance));
    }
    each_once(reasons)
}

/// Whether two or three other open invoices of the customer make up the same sum: then one with the sum is not the only
/// answer. With more, some set agrees with nearly any sum.
pub fn made_up_otherwise(slot: usize, case: Case<'_, '_>) -> bool {
    let Case { payment, book, .. } = case;
    const INVOICES_MAX: usize = 3;
    let customer = book.slot(slot).customer;
    let mut slots = open_on_day(customer, SUMS_MAX + 1, case);
    slots.retain(|other| *other != slot);
    slots.truncate(SUMS_MAX);
    sets_of(&slots, payment.amount.minor(), book)
        .is_some_and(|sets| sets.best.first().is_some_and(|set| set.len() <= INVOICES_MAX))
}

/// Oldest first, so many at most.
fn open_on_day(customer: usize, most: usize, case: Case<'_, '_>) -> Vec<usize> {
    let Case {
        payment, book, refused, ..
    } = case;
    let all = book.customer(customer).invoices.iter().copied();
    all.filter(|slot| {
        let of = book.slot(*slot);
        of.is_open()
            && of.open.currency() == payment.amount.currency()
            && of.invoice.date <= payment.date
            && !refused.has(&of.invoice)
    })
    .take(most)
    .collect()
}

fn sets_of(slots: &[usize], total: i64, book: &Book) -> Option<sets::Sets> {
    let sums: Vec<i64> = slots.iter().map(|slot| book.slot(*slot).open.minor()).collect();
    sets::sets(&sums, total, SHOWN_MAX)
}

fn too_many() -> Against {
    Against {
        kind: AgainstKind::TooManyToTry,
        text: Text::new(
            format!("у покупателя открыто больше {SUMS_MAX} счетов: наборы не перебирались"),
            format!("the customer has over {SUMS_MAX} open invoices: sets of them were not tried"),
        ),
    }
}
