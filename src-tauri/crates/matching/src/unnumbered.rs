//! What the words say against invoices that they do not number, though payer and sum agree: another number, document or
//! date, a part, an occasion, somebody else.
//!
//! Whatever is decided by the sum is held to this one list: one invoice with the sum, several that make it up, a number
//! that nothing calls an invoice's.

use chrono::{Datelike, NaiveDate};
use domain::{Invoice, Text};

use crate::{
    against::{also_named, other_number, state_of},
    beside,
    book::Book,
    case::Case,
    decided::Against,
    facts::{DateFact, Fit},
    fold::identifier_key,
    purpose::{Finding, FindingKind, Month, Reading, slice},
    reasons::AgainstKind,
    said,
};

/// Everything that speaks against `paid`, of which `fit` is one. That the sum is round is a fact of its own.
pub fn reasons(fit: &Fit<'_>, paid: &[usize], case: Case<'_, '_>) -> Vec<Against> {
    let Case { said, book, .. } = case;
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
        against.push(also_named(&other.value));
    } else if let Some(digits) = digits_of_another(paid, case) {
        against.push(also_named(&digits));
    } else if let Some(other) = bare().find(|bare| may_refer(bare) && !is_of(bare, paid, book)) {
        against.push(other_number(other));
    }
    against.extend(other_words(case).or_else(|| no_purchase(case)));
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
    against.extend(of_paid_month(fit, case));
    against
}

/// A month is named whose invoice of the same sum is closed, and this one is another month's.
fn of_paid_month(fit: &Fit<'_>, case: Case<'_, '_>) -> Option<Against> {
    /// An invoice of the first days of a month may be for the month before.
    const FOR_MONTH_BEFORE_UNTIL: u32 = 10;
    let Case {
        payment, said, book, ..
    } = case;
    let slot = book.slot(fit.slot);
    let invoiced = slot.invoice.date;
    let is_for = |date: NaiveDate, named: &Month| {
        date.month() == named.month && named.year.is_none_or(|year| year == date.year())
    };
    let may_be_for = |named: &Month| {
        let month_before = invoiced.with_day(1).and_then(|first| first.pred_opt());
        let late = invoiced.day() <= FOR_MONTH_BEFORE_UNTIL && month_before.is_some_and(|day| is_for(day, named));
        late || is_for(invoiced, named)
    };
    let months = &said.reading.months;
    if months.is_empty() || months.iter().any(may_be_for) {
        return None;
    }
    let invoices = book
        .customer(slot.customer)
        .invoices
        .iter()
        .map(|slot| book.slot(*slot));
    invoices
        .filter(|other| other.invoice.amount == slot.open && other.invoice.date <= payment.date)
        .filter(|other| months.iter().any(|named| is_for(other.invoice.date, named)))
        .find_map(state_of)
}

/// Words of another occasion, or of money that goes back.
pub fn other_words(case: Case<'_, '_>) -> Option<Against> {
    let Case { payment, said, .. } = case;
    let (start, end) = said.occasion().or_else(|| {
        let refund = said.reading.of(FindingKind::Refund).next()?;
        Some((refund.start, refund.end))
    })?;
    let word = slice(&payment.purpose, start, end);
    Some(Against {
        kind: AgainstKind::OtherWords,
        text: Text::new(
            format!("в назначении сказано «{word}»: это может быть не оплата счёта"),
            format!("the purpose says «{word}»: it may be no payment of an invoice"),
        ),
    })
}

/// Words of which none says that something is paid for.
fn no_purchase(case: Case<'_, '_>) -> Option<Against> {
    (!case.said.names_a_purchase()).then(|| Against {
        kind: AgainstKind::OtherWords,
        text: Text::new(
            "в назначении не сказано, что за что-то платят",
            "the purpose does not say that something is paid for",
        ),
    })
}

/// Whether anything is said that speaks against this one alone.
pub fn says_otherwise(fit: &Fit<'_>, case: Case<'_, '_>) -> bool {
    fit.date == DateFact::Differs || !reasons(fit, &[fit.slot], case).is_empty()
}

/// Digits by themselves that another invoice's number has, whatever they were read as («в/счету 19744», «123/1450/25»);
/// but not those of a day, a sum, a tax, a period, an INN, nor of a document, which is held against open invoices only.
fn digits_of_another(paid: &[usize], case: Case<'_, '_>) -> Option<String> {
    /// Shorter ones stand in nearly every purpose.
    const DIGITS_MIN: usize = 3;
    /// Invoices of one customer whose numbers are cut into runs of digits; all are looked up by the whole number.
    const LOOKED_THROUGH_MAX: usize = 200;
    let Case {
        payment, said, book, ..
    } = case;
    let is_read = |place: usize| {
        said.reading.findings.iter().any(|finding| {
            let is_known = matches!(
                finding.kind,
                FindingKind::Date
                    | FindingKind::Sum
                    | FindingKind::Vat
                    | FindingKind::Percent
                    | FindingKind::Period
                    | FindingKind::TaxNumber
                    | FindingKind::Contract
                    | FindingKind::TaxInvoice
                    | FindingKind::Act
                    | FindingKind::Order
                    | FindingKind::Specification
                    | FindingKind::PaymentOrder
            );
            is_known && (finding.start..finding.end).contains(&place)
        })
    };
    let mut standing = runs_of_digits(&payment.purpose);
    standing.retain(|(place, digits)| digits.len() >= DIGITS_MIN && !is_read(*place));
    if standing.is_empty() {
        return None;
    }
    let by_number = standing.iter().find(|(_, digits)| {
        let mut numbered = book.numbered(digits.trim_start_matches('0')).iter();
        numbered.any(|(slot, _)| is_beside(*slot, paid, book))
    });
    if let Some((_, digits)) = by_number {
        return Some(digits.clone());
    }
    let customer = book.slot(*paid.first()?).customer;
    let latest = book.customer(customer).invoices.iter().rev().take(LOOKED_THROUGH_MAX);
    let others = latest.filter(|slot| !paid.contains(slot));
    others.map(|slot| &book.slot(*slot).invoice).find_map(|other| {
        // Nearly none has any of them, so its own digits are cut out only then.
        let mut inside = standing
            .iter()
            .filter(|(_, stands)| other.number.contains(stands.trim_start_matches('0')));
        let (_, stands) = inside.next()?;
        let runs = runs_of_digits(&other.number);
        let is_year = |digits: &str| runs.len() > 1 && digits == other.date.format("%Y").to_string();
        let is_one = |digits: &str| digits.trim_start_matches('0') == stands.trim_start_matches('0');
        let has = runs.iter().any(|(_, digits)| is_one(digits) && !is_year(digits));
        (has && other.date <= payment.date).then(|| stands.clone())
    })
}

/// With the place of the first.
fn runs_of_digits(text: &str) -> Vec<(usize, String)> {
    let mut runs: Vec<(usize, String)> = Vec::new();
    for (place, digit) in text
        .chars()
        .enumerate()
        .filter(|(_, character)| character.is_ascii_digit())
    {
        match runs.last_mut() {
            Some((first, run)) if *first + run.len() == place => run.push(digit),
            _ => runs.push((place, digit.to_string())),
        }
    }
    runs
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
    let is_open_anothers = |finding: &Finding| {
        let mut numbered = finding.keys.iter().flat_map(|key| book.numbered(key));
        numbered.any(|(slot, _)| is_beside(*slot, paid, book) && book.slot(*slot).is_open())
    };
    said.reading.findings.iter().find(|finding| match finding.kind {
        FindingKind::Contract => {
            names_contract(&book.slot(fit.slot).invoice, finding) == Some(false) || is_open_anothers(finding)
        }
        FindingKind::TaxInvoice | FindingKind::Act | FindingKind::Order | FindingKind::Specification => {
            is_open_anothers(finding)
        }
        _ => false,
    })
}

/// Whether it is the contract of this invoice; `None` where the invoice tells none.
fn names_contract(invoice: &Invoice, finding: &Finding) -> Option<bool> {
    let contract = invoice
        .contract
        .as_deref()
        .filter(|contract| !contract.trim().is_empty())?;
    let mut keys = contract
        .split(|character: char| character.is_whitespace() || character == '№')
        .chain([contract])
        .map(crate::number::key);
    Some(keys.any(|key| finding.keys.contains(&key)))
}

/// How the contract that the purpose names agrees with the invoice's, best first.
pub fn contract_order(invoice: &Invoice, reading: &Reading) -> u8 {
    let agreed = reading
        .of(FindingKind::Contract)
        .filter_map(|finding| names_contract(invoice, finding));
    match agreed.max() {
        Some(true) => 0,
        None => 1,
        Some(false) => 2,
    }
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
