//! One payment for several invoices: those that its purpose lists, or, where it names none, those of its payer whose
//! open sums make it up.

mod guessed;
mod shares;
mod unnamed;

use std::borrow::Cow;

use domain::{Allocation, Money, ShortText, Text};

pub use unnamed::{made_up_otherwise, unnamed};

use crate::{
    against, beside,
    book::Book,
    candidate,
    case::Case,
    decided::{Against, Candidate, Evidence},
    facts::{Fit, NumberFact, PayerLink},
    purpose::{Finding, FindingKind},
    reasons::{AgainstKind, EvidenceKind},
    sets::COUNTED_MAX,
    table::{Fact, Facts, Standing},
};

/// So many ways are shown: more are no help to choose by.
const SHOWN_MAX: usize = 3;
/// Ways to read a list whose numbers mean several invoices each; beyond, a person decides.
const WAYS_TRIED_MAX: usize = 1_000;

/// Several invoices that the payment may pay together.
#[derive(Debug, Clone)]
pub struct Together {
    pub standing: Standing,
    pub candidate: Candidate,
}

/// What was found, best first, and what there is to say beside.
#[derive(Debug, Default)]
pub struct Several {
    pub ways: Vec<Together>,
    pub against: Vec<Against>,
}

/// How far a list is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Reach {
    /// The numbers that the purpose calls invoices'.
    Called,
    /// With the numbers that nothing calls anything but that are open invoices of the customer.
    WithBare,
    /// With what the numbers may stand for that are none of the customer's: ends of a range, the last digits only.
    WithGuessed,
}

/// A number of a list.
#[derive(Debug)]
struct Number<'a> {
    finding: &'a Finding,
    /// What it can be compared by.
    keys: Cow<'a, [ShortText]>,
    /// The open invoices that it may mean.
    slots: Vec<usize>,
    /// Only its last digits are written.
    abridged: bool,
}

/// The numbers of a purpose, each once, of one customer.
struct Listed<'a> {
    customer: usize,
    options: Vec<Number<'a>>,
    /// Numbers that mean no open invoice of this customer.
    missing: Vec<&'a Finding>,
}

impl<'a> Listed<'a> {
    fn of(customer: usize, reach: Reach, case: Case<'_, 'a>) -> Self {
        let mut listed = Self {
            customer,
            options: Vec::new(),
            missing: Vec::new(),
        };
        for finding in &case.said.reading.findings {
            let called = finding.kind == FindingKind::InvoiceNumber;
            let taken = called || reach != Reach::Called && finding.kind == FindingKind::BareNumber;
            if !taken {
                continue;
            }
            let slots = meant(finding, &finding.keys, customer, case);
            if !slots.is_empty() {
                listed.add(Number {
                    finding,
                    keys: Cow::Borrowed(&finding.keys),
                    slots,
                    abridged: false,
                });
            } else if called && !(reach == Reach::WithGuessed && listed.guess(finding, case)) {
                listed.missing.push(finding);
            }
        }
        listed
    }

    fn add(&mut self, number: Number<'a>) {
        if self.options.iter().all(|known| known.slots != number.slots) {
            self.options.push(number);
        }
    }

    /// Why each of the others takes no money: paid, cancelled, or none of the customer's.
    fn missing_of(&self, case: Case<'_, '_>) -> Vec<Against> {
        let book = case.book;
        let why = |finding: &Finding| {
            let meant = finding.keys.iter().flat_map(|key| book.numbered(key));
            let mut closed = meant.filter(|(slot, _)| book.slot(*slot).customer == self.customer);
            closed.find_map(|(slot, _)| against::state_of(book.slot(*slot)))
        };
        let missing = self.missing.iter();
        missing
            .map(|finding| why(finding).unwrap_or_else(|| not_found(finding)))
            .collect()
    }

    /// Every way to take one invoice for each number so that the total is the payment.
    fn ways(&self, total: i64, book: &Book) -> Option<Vec<Vec<usize>>> {
        let mut ways: Vec<(i64, Vec<usize>)> = vec![(0, Vec::new())];
        for Number { slots, .. } in &self.options {
            let mut longer = Vec::with_capacity(ways.len() * slots.len());
            for (sum, taken) in &ways {
                for slot in slots.iter().filter(|slot| !taken.contains(slot)) {
                    let more = i64::checked_add(*sum, book.slot(*slot).open.minor());
                    if let Some(more) = more.filter(|more| *more <= total) {
                        longer.push((more, [&taken[..], &[*slot]].concat()));
                    }
                }
            }
            if longer.len() > WAYS_TRIED_MAX {
                return None;
            }
            ways = longer;
        }
        Some(
            ways.into_iter()
                .filter(|(sum, _)| *sum == total)
                .map(|(_, way)| way)
                .collect(),
        )
    }
}

/// The open invoices of the customer that a number may mean. A date that stands with it tells them apart.
fn meant(finding: &Finding, keys: &[ShortText], customer: usize, case: Case<'_, '_>) -> Vec<usize> {
    let Case { payment, book, .. } = case;
    let mut slots: Vec<usize> = keys
        .iter()
        .flat_map(|key| book.numbered(key))
        .map(|(slot, _)| *slot)
        .filter(|slot| {
            let of = book.slot(*slot);
            of.customer == customer
                && of.is_open()
                && !case.refused.has(&of.invoice)
                && of.open.currency() == payment.amount.currency()
                && of.invoice.date <= payment.date
        })
        .collect();
    slots.sort_unstable();
    slots.dedup();
    let dated = |slot: &usize| finding.date == Some(book.slot(*slot).invoice.date);
    if slots.iter().any(dated) {
        slots.retain(dated);
    }
    slots
}

/// What the purpose lists. Empty where it lists fewer than two.
pub fn listed(case: Case<'_, '_>, links: &[(usize, PayerLink)]) -> Several {
    let Case {
        payment, said, book, ..
    } = case;
    let mut several = Several::default();
    if said.reading.of(FindingKind::InvoiceNumber).next().is_none() {
        return several;
    }
    let total = payment.amount.minor();
    for (customer, link) in links {
        let mut listed = Listed::of(*customer, Reach::Called, case);
        let Some(mut ways) = listed.ways(total, book) else {
            continue;
        };
        for reach in [Reach::WithBare, Reach::WithGuessed] {
            if !ways.is_empty() {
                break;
            }
            let more = Listed::of(*customer, reach, case);
            if let Some(found) = more.ways(total, book).filter(|ways| !ways.is_empty()) {
                (listed, ways) = (more, found);
            }
        }
        if listed.options.len() + listed.missing.len() < 2 || listed.options.is_empty() {
            continue;
        }
        let tied = ways.len();
        for way in ways.iter().filter(|way| way.len() > 1).take(SHOWN_MAX) {
            let mut facts = Facts::of(&[Fact::AllNamed, Fact::TotalExact]);
            if link.is_sure() {
                facts.add(Fact::PayerSure);
            }
            let mut reasons = of_list(&listed, *link, way, case);
            if tied > 1 {
                reasons.push(tie(tied));
            }
            several.add(facts, way, *link, &listed, reasons, case);
        }
        several.ways.extend(shares::of(&listed, *link, case));
        if tied == 0 && listed.options.len() > 1 {
            several.in_order(&listed, *link, case);
        }
    }
    several.ways.sort_by_key(|way| way.standing);
    several
}

/// What speaks against a list whose sum is right.
fn of_list(listed: &Listed<'_>, link: PayerLink, way: &[usize], case: Case<'_, '_>) -> Vec<Against> {
    let said = case.said;
    let mut reasons: Vec<Against> = listed.missing_of(case);
    reasons.extend(beside::another_named(way, case));
    if !link.is_sure() {
        reasons.push(Against::plain(AgainstKind::PayerUnknown));
    }
    for (slot, number) in way.iter().zip(&listed.options) {
        let fit = fit_of(*slot, number, link, case);
        reasons.extend(against::of_listed(&fit, case));
        reasons.extend(
            number
                .abridged
                .then(|| guessed::abridged(number.finding, *slot, case.book)),
        );
    }
    if let Some(part) = said.reading.of(FindingKind::Part).find(|part| part.percent.is_some()) {
        reasons.push(against::other_part(part));
    }
    each_once(reasons)
}

/// What speaks against any of a list, whatever it takes of each.
fn of_each(listed: &Listed<'_>, link: PayerLink, case: Case<'_, '_>) -> Vec<Against> {
    let mut reasons = listed.missing_of(case);
    let slots: Vec<usize> = listed
        .options
        .iter()
        .filter_map(|number| number.slots.first().copied())
        .collect();
    reasons.extend(beside::another_named(&slots, case));
    for (slot, number) in slots.iter().zip(&listed.options) {
        reasons.extend(against::of_listed(&fit_of(*slot, number, link, case), case));
    }
    each_once(reasons)
}

fn each_once(reasons: Vec<Against>) -> Vec<Against> {
    let mut told: Vec<Against> = Vec::new();
    for reason in reasons {
        if !told.contains(&reason) {
            told.push(reason);
        }
    }
    told
}

fn not_found(finding: &Finding) -> Against {
    let number = &finding.value;
    Against {
        kind: AgainstKind::NumberNotFound,
        text: Text::new(
            format!("номера {number} нет среди открытых счетов покупателя"),
            format!("number {number} is none of the customer's open invoices"),
        ),
    }
}

fn tie(count: usize) -> Against {
    let (ru, en) = if count > COUNTED_MAX {
        (format!("больше {COUNTED_MAX}"), format!("over {COUNTED_MAX}"))
    } else {
        (count.to_string(), count.to_string())
    };
    Against {
        kind: AgainstKind::Tie,
        text: Text::new(
            format!("одинаково подходят разные наборы счетов ({ru}): выберите сами"),
            format!("different sets of invoices fit equally ({en}): choose one"),
        ),
    }
}

fn fit_of<'a>(slot: usize, number: &Number<'a>, link: PayerLink, case: Case<'_, 'a>) -> Fit<'a> {
    let book = case.book;
    let of_slot = |key: &&ShortText| book.numbered(key).iter().any(|(known, _)| *known == slot);
    let key = number.keys.iter().find(of_slot);
    let agreement = key.and_then(|key| book.numbered(key).iter().find(|(known, _)| *known == slot));
    let fact = key
        .zip(agreement)
        .map(|(key, (_, agreement))| NumberFact::new(number.finding, key, *agreement));
    Fit::new(slot, fact, Some(link), case)
}

impl Several {
    /// Whether it is enough of a customer's payment that words of a loan or a refund do not hide it.
    pub fn speaks(&self) -> bool {
        self.ways.iter().any(|way| way.standing.row().speaks)
    }

    fn add(
        &mut self,
        facts: Facts,
        way: &[usize],
        link: PayerLink,
        listed: &Listed<'_>,
        reasons: Vec<Against>,
        case: Case<'_, '_>,
    ) {
        let Case {
            payment, said, book, ..
        } = case;
        let Some(standing) = Standing::of(facts) else { return };
        let mut evidence: Vec<Evidence> = Vec::new();
        for (slot, number) in way.iter().zip(&listed.options) {
            let fit = fit_of(*slot, number, link, case);
            push_new(&mut evidence, candidate::evidence_for(&fit, said, book));
        }
        evidence.push(Evidence::plain(EvidenceKind::ExactTotal));
        let allocations = whole(way, book);
        self.ways.push(Together {
            standing,
            candidate: candidate::of_allocations(payment.amount, allocations, evidence, reasons),
        });
    }

    /// Whether a way makes up the payment exactly.
    pub fn is_exact(&self) -> bool {
        let exact = |way: &Together| way.standing.row().facts.contains(&Fact::TotalExact);
        self.ways.iter().any(exact)
    }

    /// The sum is not what the list makes up: each takes its open sum in the order of the list, as far as the money goes.
    fn in_order(&mut self, listed: &Listed<'_>, link: PayerLink, case: Case<'_, '_>) {
        let Case {
            payment, said, book, ..
        } = case;
        let mut facts = Facts::of(&[Fact::NumberNamed]);
        if link.is_sure() {
            facts.add(Fact::PayerSure);
        }
        let Some(standing) = Standing::of(facts) else { return };
        let mut left = payment.amount;
        let mut allocations = Vec::new();
        let mut evidence = Vec::new();
        let mut total = Some(Money::zero(payment.amount.currency()));
        for number in &listed.options {
            let slot = number.slots[0];
            let open = book.slot(slot).open;
            total = total.and_then(|total| total.checked_add(open).ok());
            let takes = if open.minor() < left.minor() { open } else { left };
            if takes.is_positive() {
                allocations.push(Allocation {
                    invoice: book.slot(slot).invoice.id.clone(),
                    amount: takes,
                });
                left = left.checked_sub(takes).unwrap_or(left);
            }
            let fit = fit_of(slot, number, link, case);
            push_new(&mut evidence, candidate::evidence_for(&fit, said, book));
        }
        if allocations.len() < 2 {
            return;
        }
        let mut reasons = listed.missing_of(case);
        if let Some(total) = total {
            reasons.insert(0, list_differs(payment.amount, total));
        }
        self.ways.push(Together {
            standing,
            candidate: candidate::of_allocations(payment.amount, allocations, evidence, reasons),
        });
    }
}

fn list_differs(paid: Money, total: Money) -> Against {
    let (paid, total) = (paid.text(), total.text());
    Against {
        kind: AgainstKind::ListDiffers,
        text: Text::new(
            format!("пришло {}, а по названным счетам вместе открыто {}", paid.ru, total.ru),
            format!(
                "{} came, and {} is open on the named invoices together",
                paid.en, total.en
            ),
        ),
    }
}

fn whole(way: &[usize], book: &Book) -> Vec<Allocation> {
    way.iter()
        .map(|slot| Allocation {
            invoice: book.slot(*slot).invoice.id.clone(),
            amount: book.slot(*slot).open,
        })
        .collect()
}

fn push_new(evidence: &mut Vec<Evidence>, more: Vec<Evidence>) {
    for one in more {
        // The sum of one of them is not the sum of the payment.
        if one.kind != EvidenceKind::ExactAmount && !evidence.contains(&one) {
            evidence.push(one);
        }
    }
}
