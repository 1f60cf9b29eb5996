//! Other invoices of the customer whose numbers stand in the purpose, beside those that are to be paid.
//!
//! The sum may be the first one's alone, and the words still name two, or one that is paid already, or one whose number
//! agrees better: then a person looks, whatever else agrees.

mod joints;

use std::cell::OnceCell;

use joints::is_joined;

use crate::{
    against::{also_named, both_fit, state_of},
    book::Book,
    case::Case,
    decided::Against,
    fold::{is_letter, is_letter_or_digit},
    number::{self, Agreement},
    purpose::{Finding, FindingKind},
};

/// A shorter number has the sum of another invoice beside it too often by chance.
const TELLING_DIGITS_MIN: usize = 3;
/// Some invoice's number ends with nearly every figure.
const END_DIGITS_MIN: usize = 2;
/// Invoices of one customer whose numbers are looked through, the latest first.
const LOOKED_THROUGH_MAX: usize = 200;
/// The end of a number behind a blank or a new line: «12 34», «145 К».
const TORN_OFF_MAX: usize = 8;

/// An invoice that a number of the purpose means, and how well: the place of the key first, then how it agrees.
type Meant = (usize, (usize, Agreement));

/// The first number that speaks for another invoice than these of one customer.
pub fn another_named(paid: &[usize], case: Case<'_, '_>) -> Option<Against> {
    let customer = case.book.slot(*paid.first()?).customer;
    torn(customer, paid, case).or_else(|| {
        case.said
            .reading
            .findings
            .iter()
            .find_map(|finding| by(finding, customer, paid, case))
    })
}

/// What one finding says of it.
fn by(finding: &Finding, customer: usize, paid: &[usize], case: Case<'_, '_>) -> Option<Against> {
    if !matches!(finding.kind, FindingKind::InvoiceNumber | FindingKind::BareNumber) {
        return reads_as_another(finding, customer, paid, case);
    }
    let meant = meant(finding, customer, case);
    let ours = meant.iter().filter(|(slot, _)| paid.contains(slot));
    match ours.map(|(_, how)| *how).min() {
        Some(how) => agrees_better(finding, how, &meant, paid, case),
        // One that is called an invoice's is looked at with the number itself, and with the list.
        None if finding.kind == FindingKind::InvoiceNumber => None,
        None if meant.is_empty() => end_of_another(finding, customer, paid, case),
        None => told(finding, &meant, case),
    }
}

/// The customer's invoices, open or not, that were there on the day.
fn meant(finding: &Finding, customer: usize, case: Case<'_, '_>) -> Vec<Meant> {
    let Case { payment, book, .. } = case;
    let keys = finding.keys.iter().enumerate();
    keys.flat_map(|(place, key)| book.numbered(key).iter().map(move |(slot, how)| (*slot, (place, *how))))
        .filter(|(slot, _)| {
            let of = book.slot(*slot);
            of.customer == customer && of.invoice.date <= payment.date
        })
        .collect()
}

/// The number as typed is another invoice's, and only in part ours; or it may be that of a closed one of the same sum.
fn agrees_better(
    finding: &Finding,
    how: (usize, Agreement),
    meant: &[Meant],
    paid: &[usize],
    case: Case<'_, '_>,
) -> Option<Against> {
    let book = case.book;
    let ours = || meant.iter().map(|(slot, _)| *slot).filter(|slot| paid.contains(slot));
    if ours().any(|slot| finding.date == Some(book.slot(slot).invoice.date)) {
        return None;
    }
    let others = meant.iter().filter(|(slot, _)| !paid.contains(slot));
    let (other, _) = others.into_iter().find(|(other, agrees)| {
        let of = book.slot(*other);
        let twin = || !of.is_open() && ours().any(|slot| book.slot(slot).open == of.invoice.amount);
        *agrees < how || twin()
    })?;
    Some(about(*other, finding, book))
}

/// What is read as something else and is, as it stands, another invoice's whole number: «25032025», «145 т».
fn reads_as_another(finding: &Finding, customer: usize, paid: &[usize], case: Case<'_, '_>) -> Option<Against> {
    let is_digits = || finding.value.chars().all(|character| character.is_ascii_digit());
    let may_be = match finding.kind {
        FindingKind::Date => is_digits(),
        FindingKind::Quantity => true,
        _ => false,
    };
    if !may_be {
        return None;
    }
    let book = case.book;
    let key = number::key(&finding.value);
    let mut slots = book.numbered(&key).iter();
    let (other, _) = slots.find(|(slot, agreement)| {
        *agreement == Agreement::Whole && book.slot(*slot).customer == customer && !paid.contains(slot)
    })?;
    Some(about(*other, finding, book))
}

/// «43/2044 и 2047»: the next of a list, of whose number only the end is written.
fn end_of_another(finding: &Finding, customer: usize, paid: &[usize], case: Case<'_, '_>) -> Option<Against> {
    let Case { payment, book, .. } = case;
    let end = finding.keys.first()?;
    let digits = end.chars().filter(char::is_ascii_digit).count();
    if digits < END_DIGITS_MIN || !finding.refers || !is_joined(finding, case) {
        return None;
    }
    let latest = book.customer(customer).invoices.iter().rev().take(LOOKED_THROUGH_MAX);
    let mut slots = latest.filter(|slot| !paid.contains(slot));
    let other = slots.find(|slot| {
        let invoice = &book.slot(**slot).invoice;
        invoice.date <= payment.date && number::key(&invoice.number).ends_with(end.as_str())
    })?;
    Some(about(*other, finding, book))
}

/// A number that nothing calls anything, and that is another invoice's. Purposes are full of other documents' numbers
/// that may be one by chance: it tells by its own letters, its date, the sum, or as the next of a list.
fn told(finding: &Finding, meant: &[Meant], case: Case<'_, '_>) -> Option<Against> {
    let Case { payment, book, .. } = case;
    let digits = finding.value.chars().filter(char::is_ascii_digit).count();
    let lettered = finding.value.chars().any(is_letter);
    let joined = OnceCell::new();
    let (other, _) = meant.iter().find(|(slot, how)| {
        let of = book.slot(*slot);
        let with_sum = || digits >= TELLING_DIGITS_MIN && of.is_open() && of.open == payment.amount;
        lettered && *how == (0, Agreement::Whole)
            || finding.date == Some(of.invoice.date)
            || with_sum()
            || *joined.get_or_init(|| is_joined(finding, case))
    })?;
    Some(about(*other, finding, book))
}

fn about(slot: usize, finding: &Finding, book: &Book) -> Against {
    state_of(book.slot(slot)).unwrap_or_else(|| also_named(&finding.value))
}

/// Another invoice with the sum has the number that comes about when what stands behind a blank is joined to it.
fn torn(customer: usize, paid: &[usize], case: Case<'_, '_>) -> Option<Against> {
    let Case {
        payment, said, book, ..
    } = case;
    let named = said.reading.of(FindingKind::InvoiceNumber);
    named.into_iter().find_map(|finding| {
        let mut behind = payment.purpose.chars().skip(finding.end).peekable();
        behind.next_if(|character| character.is_whitespace())?;
        while behind.next_if(|character| character.is_whitespace()).is_some() {}
        let torn_off: String = behind
            .take_while(|character| is_letter_or_digit(*character))
            .take(TORN_OFF_MAX)
            .collect();
        // Digits, or one letter: another word is no part of a number.
        let is_digits = torn_off.chars().all(|character| character.is_ascii_digit());
        if torn_off.is_empty() || !is_digits && torn_off.chars().nth(1).is_some() {
            return None;
        }
        let typed = &finding.value;
        let keys = [format!("{typed}{torn_off}"), format!("{typed}-{torn_off}")].map(|text| number::key(&text));
        let mut slots = keys.iter().flat_map(|key| book.numbered(key)).map(|(slot, _)| *slot);
        let other = slots.find(|slot| {
            let of = book.slot(*slot);
            of.customer == customer && !paid.contains(slot) && of.is_open() && of.open == payment.amount
        })?;
        Some(both_fit(book.slot(paid[0]), book.slot(other)))
    })
}
