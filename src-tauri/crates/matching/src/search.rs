//! Which invoices a payment may mean: found by number, by payer, by sum, never by looking through all.

use crate::{
    book::Book,
    case::Case,
    facts::{Fit, NumberFact, PayerLink},
    number::{keys_of_invoice, slip},
    purpose::{Finding, FindingKind},
    standing::{self, Placed},
};

/// Invoices of other customers with a named number that are looked at closer.
const FOREIGN_NUMBERS_MAX: usize = 20;
/// Invoices of one payer that are looked at without a number or an exact sum, oldest first.
const PAYER_INVOICES_MAX: usize = 20;
/// Invoices of one payer that a mistyped number is held against, those with the exact sum first, then the oldest.
const SLIPS_TRIED_MAX: usize = 100;

/// Each invoice once. There are a few, so they are looked through.
#[derive(Debug, Default)]
struct Found<'a>(Vec<(usize, Option<NumberFact<'a>>)>);

impl<'a> Found<'a> {
    fn add(&mut self, slot: usize) {
        if self.0.iter().all(|(known, _)| *known != slot) {
            self.0.push((slot, None));
        }
    }

    /// The surest number counts.
    fn add_numbered(&mut self, slot: usize, fact: NumberFact<'a>) {
        match self.0.iter_mut().find(|(known, _)| *known == slot) {
            Some((_, known)) if known.is_some_and(|known| known.order() <= fact.order()) => {}
            Some((_, known)) => *known = Some(fact),
            None => self.0.push((slot, Some(fact))),
        }
    }
}

/// Every invoice that may be meant, best first. `links`: the customers it may come from, each with its surest link.
pub fn fitting<'a>(case: Case<'_, 'a>, links: &[(usize, PayerLink)]) -> Vec<Placed<'a>> {
    let Case { payment, book, .. } = case;
    let mut found = Found::default();
    by_number(case, links, &mut found);
    for (customer, link) in links {
        if link.is_sure() {
            by_slip(case, *customer, &mut found);
        }
        for slot in book.open_with_sum(*customer, payment.amount) {
            found.add(slot);
        }
    }
    let mut placed = place(found, case, links);
    // What only the payer speaks for is looked at where nothing else does.
    if placed.iter().all(|one| one.standing.is_last_resort()) {
        let mut rest = Found::default();
        for (customer, _) in links {
            let known = |slot: &usize| placed.iter().any(|one| one.fit.slot == *slot);
            for slot in open_of(*customer, book)
                .take(PAYER_INVOICES_MAX)
                .filter(|slot| !known(slot))
            {
                rest.add(slot);
            }
        }
        placed.extend(place(rest, case, links));
    }
    standing::sort(&mut placed, case);
    placed
}

fn place<'a>(found: Found<'a>, case: Case<'_, 'a>, links: &[(usize, PayerLink)]) -> Vec<Placed<'a>> {
    found
        .0
        .into_iter()
        .filter(|(slot, _)| !case.refused.has(&case.book.slot(*slot).invoice))
        .filter_map(|(slot, number)| {
            let link = link_of(case.book.slot(slot).customer, links);
            Placed::new(Fit::new(slot, number, link, case))
        })
        .collect()
}

/// Links stand in the order of customers.
fn link_of(customer: usize, links: &[(usize, PayerLink)]) -> Option<PayerLink> {
    let at = links.binary_search_by_key(&customer, |(customer, _)| *customer).ok()?;
    Some(links[at].1)
}

fn open_of(customer: usize, book: &Book) -> impl Iterator<Item = usize> {
    let all = book.customer(customer).invoices.iter().copied();
    all.filter(|slot| book.slot(*slot).is_open())
}

/// Invoices whose number stands in the purpose: all of the payer's, all with the exact sum, a few others.
fn by_number<'a>(case: Case<'_, 'a>, links: &[(usize, PayerLink)], found: &mut Found<'a>) {
    let Case {
        payment, said, book, ..
    } = case;
    let numbers = said
        .reading
        .of(FindingKind::InvoiceNumber)
        .chain(said.reading.of(FindingKind::BareNumber));
    for finding in numbers {
        let mut foreign = 0;
        for key in &finding.keys {
            for (slot, agreement) in book.numbered(key) {
                let of = book.slot(*slot);
                let fact = NumberFact::new(finding, key, *agreement);
                if link_of(of.customer, links).is_none() && of.open != payment.amount {
                    if !fact.named || !of.is_open() || foreign == FOREIGN_NUMBERS_MAX {
                        continue;
                    }
                    foreign += 1;
                }
                found.add_numbered(*slot, fact);
            }
        }
    }
}

/// Open invoices of a payer whose number was meant if one slip was made in typing it. A number that is one of the
/// payer's as it stands was not mistyped.
fn by_slip<'a>(case: Case<'_, 'a>, customer: usize, found: &mut Found<'a>) {
    let Case {
        payment, said, book, ..
    } = case;
    for finding in said.reading.of(FindingKind::InvoiceNumber) {
        if names_one_of(finding, customer, book) {
            continue;
        }
        let with_sum = book.open_with_sum(customer, payment.amount);
        for slot in with_sum.chain(open_of(customer, book)).take(SLIPS_TRIED_MAX) {
            if let Some(fact) = slipped(finding, slot, book) {
                found.add_numbered(slot, fact);
            }
        }
    }
}

/// Whether the number, as it stands, is one of this customer's, open or not.
pub fn names_one_of(finding: &Finding, customer: usize, book: &Book) -> bool {
    let invoices = finding.keys.iter().flat_map(|key| book.numbered(key));
    invoices
        .into_iter()
        .any(|(slot, _)| book.slot(*slot).customer == customer)
}

fn slipped<'a>(finding: &'a Finding, slot: usize, book: &Book) -> Option<NumberFact<'a>> {
    let invoice = &book.slot(slot).invoice;
    keys_of_invoice(&invoice.number, invoice.date)
        .iter()
        .flat_map(|(key, agreement)| {
            let typed = finding.keys.iter().map(move |typed| (typed, key, *agreement));
            typed.filter_map(|(typed, key, agreement)| Some(NumberFact::slipped(finding, agreement, slip(typed, key)?)))
        })
        .min_by_key(NumberFact::order)
}
