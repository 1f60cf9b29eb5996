//! Money that goes back: which earlier payment of the run it undoes.
//!
//! A refund names what it undoes by the number of its payment order or by the invoice, or it is told by the other side
//! and the sum. Where several earlier payments fit, all of them are named and none is chosen. It posts nothing: what
//! becomes of the invoice is for a person to say.

use chrono::NaiveDate;
use domain::{Direction, Money, ShortText};
use rustc_hash::FxHashMap;
use smallvec::SmallVec;

use crate::{
    decided::Undoes,
    payment::{PayerKeys, Payment},
    purpose::{FindingKind, Reading},
};

/// Payments named where nothing tells which one is undone.
const SHOWN_MAX: usize = 3;
/// Of one counterparty, the latest so many are looked through.
const LOOKED_THROUGH_MAX: usize = 1_000;

/// An earlier payment, as far as an undoing one may refer to it.
#[derive(Debug)]
struct Past {
    id: ShortText,
    number: Option<ShortText>,
    date: NaiveDate,
    amount: Money,
    /// What of it was not taken back yet, in minor units.
    left: i64,
    direction: Option<Direction>,
    /// Who is on the other side, see [`other_sides`].
    sides: [Option<ShortText>; 2],
    /// Keys of the invoice numbers in its purpose.
    invoices: SmallVec<[ShortText; 1]>,
}

/// The payments of this run, by who is on the other side.
#[derive(Debug, Default)]
pub struct History {
    past: Vec<Past>,
    /// Of the first [`History::indexed`] payments.
    by_other_side: FxHashMap<ShortText, Vec<usize>>,
    /// Money rarely goes back, so an index is made when it does.
    indexed: usize,
}

/// What an undoing payment came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Undone {
    Nothing,
    One(Undoes),
    OneOf(Vec<String>),
}

impl History {
    pub fn remember(&mut self, payment: &Payment, keys: &PayerKeys, reading: &Reading) {
        self.recall(payment, keys, reading, payment.amount);
    }

    /// One of before this run, of which `left` was not taken back yet.
    pub fn recall(&mut self, payment: &Payment, keys: &PayerKeys, reading: &Reading, left: Money) {
        let invoices = reading
            .of(FindingKind::InvoiceNumber)
            .filter_map(|finding| finding.keys.first());
        self.past.push(Past {
            id: payment.id.as_str().into(),
            number: payment.number.as_deref().map(|number| number.trim().into()),
            date: payment.date,
            amount: payment.amount,
            left: left.minor(),
            direction: payment.direction,
            sides: other_sides(keys).map(|side| side.map(ShortText::from)),
            invoices: invoices.cloned().collect(),
        });
    }

    /// Makes the next look quick.
    pub fn index(&mut self) {
        for (at, past) in self.past.iter().enumerate().skip(self.indexed) {
            for side in past.sides.iter().flatten() {
                match self.by_other_side.get_mut(side) {
                    Some(list) => list.push(at),
                    None => {
                        self.by_other_side.insert(side.clone(), vec![at]);
                    }
                }
            }
        }
        self.indexed = self.past.len();
    }

    /// Which earlier payment this one takes back, in whole or in part.
    pub fn undone_by(&self, payment: &Payment, keys: &PayerKeys, reading: &Reading) -> Undone {
        let (found, contradicted) = self.found(payment, keys, reading);
        match found[..] {
            [] => Undone::Nothing,
            [at] if !contradicted => {
                let past = &self.past[at];
                Undone::One(Undoes {
                    payment: past.id.to_string(),
                    full: payment.amount.minor() == past.left,
                })
            }
            ref several => Undone::OneOf(
                several
                    .iter()
                    .take(SHOWN_MAX)
                    .map(|at| self.past[*at].id.to_string())
                    .collect(),
            ),
        }
    }

    /// Takes it back, so that it is not found for the whole sum again.
    pub fn take_back(&mut self, undoes: &Undoes, payment: &Payment, keys: &PayerKeys) {
        let undone = self
            .of_other_side(payment, keys)
            .into_iter()
            .find(|at| *self.past[*at].id == *undoes.payment);
        if let Some(past) = undone.and_then(|at| self.past.get_mut(at)) {
            past.left = past.left.saturating_sub(payment.amount.minor());
        }
    }

    /// Those that fit best, latest first, and whether they are other payments than the one referred to: another sum agrees
    /// by chance.
    fn found(&self, payment: &Payment, keys: &PayerKeys, reading: &Reading) -> (Vec<usize>, bool) {
        let possible: Vec<usize> = self.of_other_side(payment, keys);
        let narrowed = |fits: &dyn Fn(&Past) -> bool| -> Vec<usize> {
            possible.iter().copied().filter(|at| fits(&self.past[*at])).collect()
        };
        let refers = referred(reading);
        let by_order = narrowed(&|past| refers.names_order(past));
        if !by_order.is_empty() {
            return (exact_first(by_order, payment, &self.past), false);
        }
        if !refers.invoices.is_empty() {
            let by_invoice = narrowed(&|past| past.invoices.iter().any(|key| refers.invoices.contains(&&**key)));
            if !by_invoice.is_empty() {
                return (exact_first(by_invoice, payment, &self.past), false);
            }
        }
        let found = exact_first(possible, payment, &self.past);
        let contradicted = found.iter().any(|at| {
            let past = &self.past[*at];
            // A letter or a contract is no word about which payment it was.
            reading.findings.iter().any(|finding| match finding.kind {
                FindingKind::InvoiceNumber => !past.invoices.is_empty(),
                FindingKind::PaymentOrder => past.number.is_some() && !finding.value.is_empty(),
                _ => false,
            })
        });
        (found, contradicted)
    }

    /// Earlier ones the other way, with this side, with enough left.
    fn of_other_side(&self, payment: &Payment, keys: &PayerKeys) -> Vec<usize> {
        let sides = other_sides(keys);
        let listed = sides
            .iter()
            .flatten()
            .filter_map(|side| self.by_other_side.get(*side))
            .flat_map(|list| list.iter().rev().take(LOOKED_THROUGH_MAX).copied());
        let new = (self.indexed..self.past.len()).filter(|at| {
            let mut known = self.past[*at].sides.iter().flatten();
            known.any(|known| sides.iter().flatten().any(|side| **known == **side))
        });
        let mut possible: Vec<usize> = listed
            .chain(new)
            .filter(|at| {
                let past = &self.past[*at];
                past.direction != payment.direction
                    && past.amount.currency() == payment.amount.currency()
                    && past.date <= payment.date
                    && past.left >= payment.amount.minor()
            })
            .collect();
        possible.sort_unstable_by(|one, other| other.cmp(one));
        possible.dedup();
        possible
    }
}

/// The whole sum before a part of it.
fn exact_first(possible: Vec<usize>, payment: &Payment, past: &[Past]) -> Vec<usize> {
    let exact: Vec<usize> = possible
        .iter()
        .copied()
        .filter(|at| past[*at].left == payment.amount.minor())
        .collect();
    if exact.is_empty() { possible } else { exact }
}

/// What a refund says it is for.
#[derive(Debug, Default)]
struct Referred<'a> {
    orders: Vec<(&'a str, Option<NaiveDate>)>,
    invoices: Vec<&'a str>,
}

impl Referred<'_> {
    /// The number of a payment order agrees, and its date where one stands with it.
    fn names_order(&self, past: &Past) -> bool {
        let number = past.number.as_deref().map(|number| number.trim_start_matches('0'));
        self.orders.iter().any(|(order, date)| {
            Some(order.trim_start_matches('0')) == number && date.is_none_or(|date| date == past.date)
        })
    }
}

fn referred(reading: &Reading) -> Referred<'_> {
    let mut referred = Referred::default();
    for finding in &reading.findings {
        match finding.kind {
            FindingKind::PaymentOrder | FindingKind::Refund if !finding.value.is_empty() => {
                referred.orders.push((&finding.value, finding.date));
            }
            FindingKind::InvoiceNumber => referred.invoices.extend(finding.keys.iter().map(ShortText::as_str)),
            _ => {}
        }
        if finding.kind == FindingKind::Refund {
            referred.invoices.extend(finding.keys.iter().map(ShortText::as_str));
        }
    }
    referred
}

/// Who is on the other side: by INN and by account; by name only where there is neither.
fn other_sides(keys: &PayerKeys) -> [Option<&str>; 2] {
    let known = [keys.inn.as_deref(), keys.account.as_deref()];
    let by_name = known == [None, None] && !keys.name.is_empty();
    if by_name {
        [Some(keys.name.as_str()), None]
    } else {
        known
    }
}
