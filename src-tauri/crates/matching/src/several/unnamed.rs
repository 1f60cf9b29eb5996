//! Without numbers: open invoices of one payer whose sums together make up the payment.

use domain::Text;

use super::{SHOWN_MAX, Several, Together, once, push_new, tie, whole};
use crate::{
    against,
    book::Book,
    candidate,
    case::Case,
    decided::{Against, Evidence},
    facts::{Fit, PayerLink},
    purpose::FindingKind,
    reasons::{AgainstKind, EvidenceKind},
    sets::{self, SUMS_MAX},
    table::{Fact, Facts, Standing},
};

/// Open invoices of one customer that are looked at for sets, oldest first.
const LOOKED_AT_MAX: usize = 500;

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
    let slots = open_on_day(*customer, case);
    if slots.len() < 2 {
        return several;
    }
    let total = payment.amount.minor();
    let found = sets_of(&slots, total, book).unwrap_or_else(|| {
        several.against.push(too_many());
        sets::all_or_two(&sums_of(&slots, book), total, SHOWN_MAX)
    });
    let Some(standing) = Standing::of(Facts::of(&[Fact::PayerSure, Fact::TotalExact])) else {
        return several;
    };
    let may_be_chance = sets::agree_by_chance(&sums_of(&slots, book));
    for set in found.best.iter().filter(|set| set.len() > 1) {
        let way: Vec<usize> = set.iter().map(|at| slots[*at]).collect();
        let mut evidence = Vec::new();
        for slot in &way {
            let fit = Fit::new(*slot, None, Some(*link), case);
            push_new(&mut evidence, candidate::evidence_for(&fit, said, book));
        }
        evidence.push(Evidence::plain(EvidenceKind::SetTotal));
        let mut reasons = vec![Against::plain(AgainstKind::SetUnnamed)];
        reasons.extend(of_set(&way, *link, case));
        if may_be_chance && !(way.len() == slots.len() && slots.len() < LOOKED_AT_MAX) {
            reasons.push(Against::plain(AgainstKind::SetByChance));
        }
        if found.count > 1 {
            reasons.push(tie(found.count));
        }
        several.ways.push(Together {
            standing,
            candidate: candidate::of_allocations(payment.amount, whole(&way, book), evidence, reasons),
        });
    }
    several
}

/// Whether two or three other open invoices of the customer make up the same sum: then one with the sum is not the only
/// answer. With more, some set agrees with nearly any sum.
pub fn made_up_otherwise(slot: usize, case: Case<'_, '_>) -> bool {
    let Case { payment, book, .. } = case;
    const INVOICES_MAX: usize = 3;
    let customer = book.slot(slot).customer;
    let mut slots = open_on_day(customer, case);
    slots.retain(|other| *other != slot);
    slots.truncate(SUMS_MAX);
    sets_of(&slots, payment.amount.minor(), book)
        .is_some_and(|sets| sets.best.first().is_some_and(|set| set.len() <= INVOICES_MAX))
}

/// Oldest first.
fn open_on_day(customer: usize, case: Case<'_, '_>) -> Vec<usize> {
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
    .take(LOOKED_AT_MAX)
    .collect()
}

fn sums_of(slots: &[usize], book: &Book) -> Vec<i64> {
    slots.iter().map(|slot| book.slot(*slot).open.minor()).collect()
}

fn sets_of(slots: &[usize], total: i64, book: &Book) -> Option<sets::Sets> {
    sets::sets(&sums_of(slots, book), total, SHOWN_MAX)
}

/// What speaks against a set, each reason once.
fn of_set(way: &[usize], link: PayerLink, case: Case<'_, '_>) -> Vec<Against> {
    let mut reasons: Vec<Against> = Vec::new();
    for slot in way {
        let fit = Fit::new(*slot, None, Some(link), case);
        reasons.extend(against::of_unnamed(&fit, case));
    }
    reasons.extend(against::also_named(way, case).map(against::other_number_named));
    once(reasons)
}

fn too_many() -> Against {
    Against {
        kind: AgainstKind::TooManyToTry,
        text: Text::new(
            format!("у покупателя открыто больше {SUMS_MAX} счетов: проверены только все вместе и по два"),
            format!("the customer has over {SUMS_MAX} open invoices: only all of them and two at a time were tried"),
        ),
    }
}
