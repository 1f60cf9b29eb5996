//! What the words say against invoices that they do not number, though payer and sum agree: another number, document or
//! date, a part, an occasion, somebody else.
//!
//! Whatever is decided by the sum is held to this one list: one invoice with the sum, several that make it up, a number
//! that nothing calls an invoice's.

use domain::Text;

use crate::{
    against::{also_named, other_number},
    beside,
    book::Book,
    case::Case,
    decided::Against,
    facts::{DateFact, Fit},
    fold::identifier_key,
    purpose::{Finding, FindingKind, slice},
    reasons::AgainstKind,
    said,
};

/// Everything that speaks against `paid`, of which `fit` is one. That the sum is round is a fact of its own.
pub fn reasons(fit: &Fit<'_>, paid: &[usize], case: Case<'_, '_>) -> Vec<Against> {
    let Case {
        payment, said, book, ..
    } = case;
    let reading = said.reading;
    let mut against = Vec::new();
    let own = fit.number.map(|number| number.finding.start);
    let is_own = |finding: &&Finding| Some(finding.start) == own;
    if let Some(other) = reading.of(FindingKind::InvoiceNumber).find(|other| !is_own(other)) {
        against.push(other_number(other));
    }
    let bare = || reading.of(FindingKind::BareNumber).filter(|bare| !is_own(bare));
    if let Some(reason) = beside::another_named(paid, case) {
        against.push(reason);
    } else if let Some(other) = bare().find(|bare| is_anothers(bare, paid, book)) {
        against.push(also_named(other));
    } else if let Some(other) = bare().find(|bare| may_refer(bare) && !is_of(bare, paid, book)) {
        against.push(other_number(other));
    }
    if let Some((start, end)) = said.occasion().or_else(|| {
        let refund = reading.of(FindingKind::Refund).next()?;
        Some((refund.start, refund.end))
    }) {
        let word = slice(&payment.purpose, start, end);
        against.push(Against {
            kind: AgainstKind::OtherWords,
            text: Text::new(
                format!("в назначении сказано «{word}»: это может быть не оплата счёта"),
                format!("the purpose says «{word}»: it may be no payment of an invoice"),
            ),
        });
    }
    if reading.of(FindingKind::Part).next().is_some() {
        against.push(Against::plain(AgainstKind::PartUnnumbered));
    }
    if let Some(other) = other_document(fit, paid, case) {
        let number = &other.value;
        against.push(Against {
            kind: AgainstKind::OtherDocument,
            text: Text::new(
                format!("в назначении назван другой документ: № {number}"),
                format!("the purpose names another document: No. {number}"),
            ),
        });
    }
    against.extend(for_another(fit, case));
    against
}

/// Whether anything is said that speaks against this one alone.
pub fn says_otherwise(fit: &Fit<'_>, case: Case<'_, '_>) -> bool {
    fit.date == DateFact::Differs || !reasons(fit, &[fit.slot], case).is_empty()
}

/// Whether it stands where the number of what is paid for stands, or behind a number sign.
fn may_refer(bare: &Finding) -> bool {
    let has_sign = bare.end - bare.start > bare.value.chars().count();
    bare.refers || has_sign
}

/// Whether it is the number of one of these.
pub fn is_of(bare: &Finding, paid: &[usize], book: &Book) -> bool {
    let mut numbered = bare.keys.iter().flat_map(|key| book.numbered(key));
    numbered.any(|(slot, _)| paid.contains(slot))
}

/// Purposes are full of numbers: sizes, models, standards. One that another invoice of the customer has is told.
fn is_anothers(bare: &Finding, paid: &[usize], book: &Book) -> bool {
    let mut numbered = bare.keys.iter().flat_map(|key| book.numbered(key));
    numbered.any(|(slot, _)| is_beside(*slot, paid, book))
}

fn is_beside(slot: usize, paid: &[usize], book: &Book) -> bool {
    !paid.contains(&slot)
        && paid
            .first()
            .is_some_and(|one| book.slot(*one).customer == book.slot(slot).customer)
}

/// A document that is named and speaks against this invoice: another contract than the invoice's own, or one whose
/// number another open invoice of the customer has as well, so that it may have been meant.
fn other_document<'r>(fit: &Fit<'_>, paid: &[usize], case: Case<'_, 'r>) -> Option<&'r Finding> {
    let Case { said, book, .. } = case;
    let contract = book.slot(fit.slot).invoice.contract.as_deref();
    let contract = contract.filter(|contract| !contract.trim().is_empty());
    let is_open_anothers = |finding: &Finding| {
        let mut numbered = finding.keys.iter().flat_map(|key| book.numbered(key));
        numbered.any(|(slot, _)| is_beside(*slot, paid, book) && book.slot(*slot).is_open())
    };
    said.reading.findings.iter().find(|finding| match finding.kind {
        FindingKind::Contract => {
            contract.is_some_and(|contract| !names_contract(contract, finding)) || is_open_anothers(finding)
        }
        FindingKind::TaxInvoice | FindingKind::Act | FindingKind::Order | FindingKind::Specification => {
            is_open_anothers(finding)
        }
        _ => false,
    })
}

fn names_contract(contract: &str, finding: &Finding) -> bool {
    contract
        .split(|character: char| character.is_whitespace() || character == '№')
        .chain([contract])
        .map(crate::number::key)
        .any(|key| finding.keys.contains(&key))
}

/// Somebody is paid for who is not the customer: by name, or by an INN that is neither his nor the payer's nor ours.
fn for_another(fit: &Fit<'_>, case: Case<'_, '_>) -> Option<Against> {
    let Case {
        payment,
        said,
        book,
        own,
        ..
    } = case;
    let slot = book.slot(fit.slot);
    let known = [payment.payer.inn.as_deref(), slot.invoice.customer.inn.as_deref()].map(identifier_key);
    let stranger = said.reading.of(FindingKind::TaxNumber).find(|named| {
        let is_known = known.iter().flatten().any(|known| *known == named.value);
        !is_known && !own.has_inn(&named.value)
    });
    if let Some(stranger) = stranger {
        let inn = &stranger.value;
        return Some(Against {
            kind: AgainstKind::PayerDiffers,
            text: Text::new(
                format!("в назначении назван чужой ИНН: {inn}"),
                format!("the purpose names somebody else's INN: {inn}"),
            ),
        });
    }
    said::for_another(said.reading, &slot.invoice.customer.name).then(|| Against::plain(AgainstKind::PayerDiffers))
}
