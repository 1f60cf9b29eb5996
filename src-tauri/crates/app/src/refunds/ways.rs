//! What a refund may come out of: what no invoice was given, one invoice, or several.

use domain::{Allocation, Invoice, Money, Text};
use matching::{
    number::{key, keys_of_invoice},
    purpose::{FindingKind, Reading},
};
use store::EntryRecord;

use super::{Looked, UndoesKept};
use crate::{failure::Failure, proposals::CandidateKept, session::Session};

/// Ways that are shown of one earlier payment.
const WAYS_MAX: usize = 5;

impl Session {
    /// The ways in which an entry may take back the one of `record`, the surest first.
    pub(super) fn ways(&self, back: &Looked, record: &EntryRecord) -> Result<Vec<CandidateKept>, Failure> {
        let given = match &record.decision {
            Some(made) => self.ledger.still_allocated(&made.decision.id)?,
            None => Vec::new(),
        };
        let mut named = Vec::new();
        for one in &given {
            let invoice = self.ledger.invoice(&one.invoice)?;
            named.push(invoice.is_some_and(|invoice| names(&back.reading, &invoice)));
        }
        let (sum, left) = (back.seen.amount, record.ledger_entry.left());
        if sum > left {
            return Ok(Vec::new());
        }
        let full = sum == left;
        let ways = ways(sum, left, &given, &named);
        let reasons = reasons(back, record, full);
        Ok(ways
            .into_iter()
            .take(WAYS_MAX)
            .map(|allocations| {
                let out = allocations
                    .iter()
                    .try_fold(sum, |rest, one| rest.checked_sub(one.amount));
                CandidateKept {
                    remainder: out.unwrap_or(Money::zero(sum.currency())),
                    allocations,
                    reasons: reasons.clone(),
                    against: Vec::new(),
                    behind: None,
                    undoes: Some(UndoesKept {
                        entry: record.ledger_entry.id.clone(),
                        full,
                    }),
                }
            })
            .collect())
    }
}

/// Whether the words name this invoice.
fn names(reading: &Reading, invoice: &Invoice) -> bool {
    let keys = keys_of_invoice(&invoice.number, invoice.date);
    let is_its = |said: &str| keys.iter().any(|(known, _)| known == said);
    reading
        .findings
        .iter()
        .filter(|finding| matches!(finding.kind, FindingKind::InvoiceNumber | FindingKind::Refund))
        .any(|finding| finding.keys.iter().any(|said| is_its(said)) || is_its(&key(&finding.value)))
}

/// How much of which invoice may go out again, where `sum` of a payment goes back that had `left`, `given` of it to
/// invoices. Neither may invoices keep more than is then left, nor give more than goes back.
fn ways(sum: Money, left: Money, given: &[Allocation], named: &[bool]) -> Vec<Vec<Allocation>> {
    let total = given.iter().map(|one| one.amount.minor()).sum::<i64>();
    // What no invoice was given: an advance.
    let advance = left.minor().saturating_sub(total);
    let out = sum.minor().saturating_sub(advance).max(0);
    let take = |one: &Allocation, minor: i64| Allocation {
        invoice: one.invoice.clone(),
        amount: Money::from_minor(minor, sum.currency()),
    };
    let mut ways: Vec<Vec<Allocation>> = Vec::new();
    let mut add = |way: Vec<Allocation>| {
        if !ways.contains(&way) {
            ways.push(way);
        }
    };
    if sum == left {
        return vec![given.to_vec()];
    }
    // The invoice that is named, by as much as goes back; else what is above the invoices goes first.
    for (one, _) in given.iter().zip(named).filter(|(_, named)| **named) {
        let minor = sum.minor().min(one.amount.minor());
        if minor >= out {
            add(vec![take(one, minor)]);
        }
    }
    if out == 0 {
        add(Vec::new());
    }
    for one in given.iter().filter(|one| out > 0 && one.amount.minor() >= out) {
        add(vec![take(one, out)]);
    }
    for one in given.iter().filter(|one| out == 0 && one.amount.minor() >= sum.minor()) {
        add(vec![take(one, sum.minor())]);
    }
    // No invoice holds as much: the last ones first.
    let mut rest = out;
    let mut spread = Vec::new();
    for one in given.iter().rev().filter(|one| one.amount.is_positive()) {
        let minor = rest.min(one.amount.minor());
        if minor > 0 {
            spread.push(take(one, minor));
            rest -= minor;
        }
    }
    spread.reverse();
    if out > 0 && spread.len() > 1 {
        add(spread);
    }
    ways
}

/// Why it is this payment.
fn reasons(back: &Looked, record: &EntryRecord, full: bool) -> Vec<Text> {
    let undone = &record.ledger_entry.entry;
    let (one, other) = (&back.seen.payer, &undone.counterparty);
    let same = |one: Option<&str>, other: Option<&str>| one.is_some() && one.map(str::trim) == other.map(str::trim);
    let mut reasons = Vec::new();
    if same(one.inn.as_deref(), other.inn.as_deref()) {
        reasons.push(Text::new("тот же ИНН", "the same INN"));
    }
    if same(one.account.as_deref(), other.account.as_deref()) {
        reasons.push(Text::new("тот же счёт в банке", "the same bank account"));
    }
    if reasons.is_empty() {
        reasons.push(Text::new("то же название", "the same name"));
    }
    let number = undone
        .number
        .as_deref()
        .map(|number| number.trim().trim_start_matches('0'));
    let names_order = back.reading.findings.iter().any(|finding| {
        matches!(finding.kind, FindingKind::PaymentOrder | FindingKind::Refund)
            && !finding.value.is_empty()
            && Some(finding.value.trim_start_matches('0')) == number
    });
    if names_order {
        reasons.push(Text::new(
            "назван номер платёжки, которая возвращается",
            "the number of the payment order that goes back is named",
        ));
    }
    let left = record.ledger_entry.left().text();
    reasons.push(if full {
        Text::new(
            format!("сумма до копейки равна тому, что осталось от платежа: {}", left.ru),
            format!("the sum is exactly what is left of the payment: {}", left.en),
        )
    } else {
        let sum = back.seen.amount.text();
        Text::new(
            format!("возвращается часть: {} из {}", sum.ru, left.ru),
            format!("a part goes back: {} of {}", sum.en, left.en),
        )
    });
    reasons
}

#[cfg(test)]
mod tests {
    use domain::Currency;

    use super::*;

    fn rub(minor: i64) -> Money {
        Money::from_minor(minor, Currency::RUB)
    }

    fn parts(parts: &[(&str, i64)]) -> Vec<Allocation> {
        let part = |(invoice, minor): &(&str, i64)| Allocation {
            invoice: (*invoice).into(),
            amount: rub(*minor),
        };
        parts.iter().map(part).collect()
    }

    #[test]
    fn a_refund_comes_out_of_the_named_invoice_of_what_is_above_or_of_whichever_holds_it() {
        type Way = &'static [(&'static str, i64)];
        /// What goes back, of what is left, given to these, of which these are named; the ways.
        type Case = (i64, i64, Way, &'static [bool], &'static [Way]);
        let cases: &[Case] = &[
            // All of it.
            (
                100,
                100,
                &[("i", 60), ("j", 40)],
                &[false, false],
                &[&[("i", 60), ("j", 40)]],
            ),
            // One invoice, nothing above it.
            (30, 100, &[("i", 100)], &[false], &[&[("i", 30)]]),
            // More came than the invoice asked for: what is above goes first, unless the invoice is named.
            (30, 100, &[("i", 60)], &[false], &[&[], &[("i", 30)]]),
            (30, 100, &[("i", 60)], &[true], &[&[("i", 30)], &[]]),
            (50, 100, &[("i", 60)], &[false], &[&[("i", 10)]]),
            (50, 100, &[("i", 60)], &[true], &[&[("i", 50)], &[("i", 10)]]),
            (80, 100, &[("i", 60)], &[true], &[&[("i", 60)], &[("i", 40)]]),
            // Two invoices: whichever holds it, the named one first; none does, so the last first.
            (
                30,
                100,
                &[("i", 60), ("j", 40)],
                &[false, true],
                &[&[("j", 30)], &[("i", 30)]],
            ),
            (
                50,
                100,
                &[("i", 60), ("j", 40)],
                &[false, true],
                &[&[("i", 50)], &[("i", 10), ("j", 40)]],
            ),
            (
                80,
                100,
                &[("i", 60), ("j", 40)],
                &[false, false],
                &[&[("i", 40), ("j", 40)]],
            ),
            // Not given to anything yet.
            (30, 100, &[], &[], &[&[]]),
            (100, 100, &[], &[], &[&[]]),
        ];
        for (sum, left, given, named, expected) in cases {
            let found = ways(rub(*sum), rub(*left), &parts(given), named);
            let expected: Vec<Vec<Allocation>> = expected.iter().map(|way| parts(way)).collect();
            assert_eq!(found, expected, "{sum} of {left} given {given:?} {named:?}");
            for way in found {
                let out: i64 = way.iter().map(|one| one.amount.minor()).sum();
                let given: i64 = given.iter().map(|(_, minor)| minor).sum();
                assert!(out <= *sum && given - out <= left - sum, "{sum} of {left}");
            }
        }
    }
}
