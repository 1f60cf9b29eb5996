//! What the numbers in the purpose say against an invoice: another one is named, or this one only by a slip, by its digits,
//! by nothing that calls it a number.

use domain::Text;

use super::{state_of, without_number};
use crate::{
    book::{Book, Slot},
    case::Case,
    decided::Against,
    facts::{Fit, NumberFact},
    number::Agreement,
    purpose::{Finding, FindingKind},
    reasons::AgainstKind,
};

pub(super) fn number_of(fit: &Fit<'_>, slot: &Slot, case: Case<'_, '_>, against: &mut Vec<Against>) {
    let Case {
        payment, said, book, ..
    } = case;
    let named = || said.reading.of(FindingKind::InvoiceNumber);
    let Some(number) = fit.number else {
        if let Some(other) = named().next() {
            against.push(other_number(other, AgainstKind::OtherNumberNamed));
        } else if stands_inside(&slot.invoice.number, &payment.purpose) {
            against.push(Against::plain(AgainstKind::NotAWholeNumber));
        } else {
            against.push(Against::plain(AgainstKind::NoNumber));
        }
        without_number(fit, case, against);
        return;
    };
    if number.slip.is_some() {
        let (typed, meant) = (&number.finding.value, &slot.invoice.number);
        against.push(Against {
            kind: AgainstKind::NumberSlip,
            text: Text::new(
                format!("назван № {typed}, а счёт — № {meant}: похоже на описку"),
                format!("No. {typed} is named, the invoice is No. {meant}: it looks like a slip"),
            ),
        });
    } else if !number.named {
        against.push(Against::plain(AgainstKind::NumberNotNamed));
    }
    let is_this_one = |other: &Finding| {
        let mut numbered = other.keys.iter().flat_map(|key| book.numbered(key));
        numbered.any(|(at, _)| *at == fit.slot)
    };
    if let Some(other) = named().find(|other| other.keys.first() != number.finding.keys.first() && !is_this_one(other))
    {
        let kind = if number.named {
            AgainstKind::SeveralInvoices
        } else {
            AgainstKind::OtherNumberNamed
        };
        against.push(other_number(other, kind));
    } else if let Some(other) = also_named(&[fit.slot], case) {
        against.push(other_number(other, AgainstKind::SeveralInvoices));
    }
    typed_is_anothers(&number, slot, case, against);
}

/// A number that nothing calls anything and that is another invoice of the customer, beside those that are paid: one
/// that is open, or a closed one's number as it is written and long enough to be no quantity.
pub fn also_named<'r>(paid: &[usize], case: Case<'r, '_>) -> Option<&'r Finding> {
    const CLOSED_CHARACTERS_MIN: usize = 3;
    let Case { said, book, .. } = case;
    let customer = book.slot(*paid.first()?).customer;
    said.reading.of(FindingKind::BareNumber).find(|finding| {
        let numbered = || finding.keys.iter().flat_map(|key| book.numbered(key));
        let long = finding.value.chars().count() >= CLOSED_CHARACTERS_MIN;
        let another = |(at, agreement): &(usize, Agreement)| {
            let other = book.slot(*at);
            other.customer == customer && (other.is_open() || long && *agreement == Agreement::Whole)
        };
        numbered().any(another) && !numbered().any(|(at, _)| paid.contains(at))
    })
}

/// The number as it is typed is another invoice's. A closed one's: paid twice, it must not land on another one that only
/// shares its digits, or had the same sum in another year. An open one's of another sum: the sum does not correct it.
fn typed_is_anothers(number: &NumberFact<'_>, slot: &Slot, case: Case<'_, '_>, against: &mut Vec<Against>) {
    let Case { payment, book, .. } = case;
    if number.slip.is_some() || number.finding.date == Some(slot.invoice.date) {
        return;
    }
    let numbered = number.finding.keys.iter().flat_map(|key| book.numbered(key));
    let another = numbered
        .map(|(at, agreement)| (book.slot(*at), agreement))
        .filter(|(other, _)| other.customer == slot.customer && other.invoice.id != slot.invoice.id)
        .find(|(other, agreement)| {
            let surer = **agreement < number.agreement;
            let again = **agreement == number.agreement && !other.is_open() && other.invoice.amount == payment.amount;
            surer || again
        });
    match another {
        Some((other, _)) if other.is_open() && other.open != payment.amount => {
            against.push(other_number(number.finding, AgainstKind::OtherNumberNamed));
        }
        Some((other, _)) => state_of(other, against),
        None => {}
    }
}

/// Another invoice is named beside those that make up the sum.
pub fn other_number_named(other: &Finding) -> Against {
    other_number(other, AgainstKind::OtherNumberNamed)
}

/// The number is that of an invoice of the customer which is paid or cancelled.
pub fn closed(finding: &Finding, customer: usize, book: &Book) -> Option<Against> {
    let numbered = finding.keys.iter().flat_map(|key| book.numbered(key));
    let slot = numbered
        .map(|(at, _)| book.slot(*at))
        .find(|slot| slot.customer == customer && !slot.is_open())?;
    let mut against = Vec::new();
    state_of(slot, &mut against);
    against.pop()
}

fn other_number(other: &Finding, kind: AgainstKind) -> Against {
    let number = &other.value;
    Against {
        kind,
        text: match kind {
            AgainstKind::SeveralInvoices => Text::new(
                format!("названо несколько счетов, ещё № {number}: проверьте разбивку"),
                format!("several invoices are named, also No. {number}: check how the sum is split"),
            ),
            _ => Text::new(
                format!("в назначении назван другой счёт: № {number}"),
                format!("the purpose names another invoice: No. {number}"),
            ),
        },
    }
}

/// Whether the number's characters stand in the purpose though no finding is this number.
fn stands_inside(number: &str, purpose: &str) -> bool {
    /// One digit stands inside nearly everything.
    const CHARACTERS_MIN: usize = 2;
    let number = crate::fold::folded(number);
    number.chars().count() >= CHARACTERS_MIN && crate::fold::folded(purpose).contains(&number)
}
