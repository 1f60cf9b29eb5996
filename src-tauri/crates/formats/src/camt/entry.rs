//! An entry as it was read to an entry of the ledger's words.

use chrono::NaiveDate;
use domain::{Counterparty, Currency, Direction, Entry, EntryDetail, EntryStatus, Money, ShortText, Text};

use crate::{
    diagnostic::{Code, Diagnostic, Place},
    proving::day_text,
};

use super::{
    draft::{EntryDraft, Payment, Sum},
    element::Kind,
    value::reference,
};

/// What an entry has to know of the statement around it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Around<'a> {
    pub(super) kind: Kind,
    pub(super) own_account: &'a str,
    pub(super) currency: Option<Currency>,
    /// For entries without a date of their own.
    pub(super) day: Option<NaiveDate>,
}

/// `None`: it could not be taken, which is told.
pub(super) fn entry(draft: &mut EntryDraft, around: Around<'_>, findings: &mut Vec<Diagnostic>) -> Option<Entry> {
    if draft.damaged {
        return None;
    }
    if let Some(name) = draft.repeated {
        findings.push(Diagnostic::new(Code::CamtRepeated, draft.place, name, &[]));
        return None;
    }
    let amount = match draft.amount {
        Sum::Known(amount) => amount,
        Sum::Unreadable => return None,
        Sum::None => {
            findings.push(Diagnostic::new(Code::CamtAmountMissing, draft.place, "", &[]));
            return None;
        }
    };
    let booked = booked(draft, around, findings)?;
    if draft.direction.is_none() {
        findings.push(Diagnostic::new(Code::CamtDirection, draft.place, "", &[]));
    }
    let status = status(draft, around.kind, findings);
    note(draft, amount, around, findings);
    let details = details(draft, amount, around, findings);
    let single = match draft.payments() {
        [payment] if draft.payments_seen == 1 => Some(payment),
        _ => None,
    };
    let reversal = draft.reversal || single.is_some_and(|payment| payment.returned);
    let info = || reference(&draft.info).map(str::to_owned);
    let kind = draft
        .code
        .kind()
        .or_else(|| single.and_then(|payment| payment.code.kind()));
    Some(Entry {
        direction: draft.direction,
        status,
        reversal,
        amount,
        booked,
        value: draft.value,
        kind: kind.map(ShortText::from),
        number: reference(&draft.number).map(ShortText::from),
        document_date: None,
        counterparty: single.map_or_else(Counterparty::default, |payment| {
            other_side(
                payment,
                payment.direction.or(draft.direction),
                reversal,
                around.own_account,
            )
        }),
        purpose: single.and_then(Payment::purpose).or_else(info).unwrap_or_default(),
        bank_reference: reference(&draft.bank_reference).map(ShortText::from),
        end_to_end_id: single
            .and_then(|payment| reference(&payment.end_to_end))
            .map(ShortText::from),
        line: draft.place.line,
        details,
        raw: std::mem::take(&mut draft.raw),
    })
}

fn booked(draft: &mut EntryDraft, around: Around<'_>, findings: &mut Vec<Diagnostic>) -> Option<NaiveDate> {
    let own = draft.booked.or(draft.value);
    if let Some((place, text)) = draft.no_date.take() {
        let code = if own.is_some() {
            Code::CamtDateIgnored
        } else {
            Code::CamtDate
        };
        findings.push(Diagnostic::new(code, place, &text, &[]));
        return own;
    }
    own.or_else(|| {
        let (code, details) = match around.day {
            Some(day) => (Code::CamtDateOfStatement, vec![day_text(day)]),
            None => (Code::CamtDateMissing, Vec::new()),
        };
        findings.push(Diagnostic::new(code, draft.place, "", &details));
        around.day
    })
}

fn status(draft: &EntryDraft, kind: Kind, findings: &mut Vec<Diagnostic>) -> EntryStatus {
    let own = match draft.status.as_str() {
        // Its absence is booked: only statements leave it out.
        "BOOK" | "" => EntryStatus::Booked,
        "INFO" => EntryStatus::Info,
        "PDNG" | "FUTR" => EntryStatus::Pending,
        unknown => {
            findings.push(Diagnostic::new(Code::CamtStatus, draft.place, unknown, &[]));
            EntryStatus::Pending
        }
    };
    match (kind, own) {
        (Kind::Statement, own) => own,
        (Kind::Report, EntryStatus::Booked) => EntryStatus::Pending,
        (Kind::Report, own) => own,
        (Kind::Notification, _) => EntryStatus::Info,
    }
}

/// What does not change the entry, and somebody may want to know.
fn note(draft: &EntryDraft, amount: Money, around: Around<'_>, findings: &mut Vec<Diagnostic>) {
    let place = draft.place;
    if let Some(currency) = around.currency.filter(|currency| *currency != amount.currency()) {
        let currencies = [amount.currency(), currency].map(|currency| Text::same(currency.code()));
        findings.push(Diagnostic::new(Code::CamtEntryCurrency, place, "", &currencies));
    }
    if draft.shortened || draft.payments().iter().any(|payment| payment.shortened) {
        findings.push(Diagnostic::new(Code::CamtTextLimit, place, "", &[]));
    }
    let charges = match draft.payments() {
        _ if draft.charges.included != 0 => draft.charges,
        [payment] => payment.charges,
        _ => return,
    };
    let Some(net) = charges.taken.filter(|taken| taken.currency() == amount.currency()) else {
        return;
    };
    let included = match draft.direction {
        Some(Direction::Debit) => -charges.included,
        _ => charges.included,
    };
    let gross = i64::try_from(i128::from(amount.minor()) + included).ok();
    let taken = i64::try_from(charges.included).ok();
    if let (Some(gross), Some(taken)) = (gross, taken) {
        let sums = [taken, gross].map(|minor| Money::from_minor(minor, net.currency()).text());
        findings.push(Diagnostic::new(Code::CamtCharges, place, "", &sums));
    }
}

/// The payments of a batch. A single payment is the entry itself.
fn details(draft: &EntryDraft, amount: Money, around: Around<'_>, findings: &mut Vec<Diagnostic>) -> Vec<EntryDetail> {
    let payments = draft.payments();
    if draft.payments_seen < 2 {
        if let [payment] = payments {
            single(payment, draft, amount, findings);
        }
        return Vec::new();
    }
    let mut details = Vec::with_capacity(payments.len());
    let mut sum = Some(0i128);
    let mut included = 0i128;
    for payment in payments {
        let detail = detail(payment, draft, amount, around, findings);
        sum = detail
            .as_ref()
            .filter(|detail| detail.amount.currency() == amount.currency())
            .and_then(|detail| Some(sum? + i128::from(detail.amount.minor())));
        included += payment.charges.included;
        details.extend(detail);
    }
    let beyond = draft.payments_seen - payments.len() as u64;
    if beyond > 0 {
        let counts = [payments.len() as u64, beyond].map(|count| Text::same(count.to_string()));
        findings.push(Diagnostic::new(Code::CamtDetailsLimit, draft.place, "", &counts));
        return details;
    }
    if let Some(sum) = sum {
        held_against(sum, included, draft, amount, findings);
    }
    details
}

/// The only payment of an entry is the entry: where it names its own sum, that is the same.
fn single(payment: &Payment, draft: &EntryDraft, whole: Money, findings: &mut Vec<Diagnostic>) {
    let Some(amount) = payment.amount.known().filter(|own| own.currency() == whole.currency()) else {
        return;
    };
    let against = matches!((payment.direction, draft.direction), (Some(own), Some(entry)) if own != entry);
    let minor = i128::from(amount.minor());
    let sum = if against { -minor } else { minor };
    held_against(sum, payment.charges.included, draft, whole, findings);
}

/// The payments may be named before the bank took its charges.
fn held_against(sum: i128, included: i128, draft: &EntryDraft, amount: Money, findings: &mut Vec<Diagnostic>) {
    let whole = i128::from(amount.minor());
    let mut explained = [0, included, draft.charges.included, included + draft.charges.included]
        .into_iter()
        .flat_map(|charges| [whole + charges, whole - charges]);
    if !explained.any(|explained| explained == sum) {
        let sum = i64::try_from(sum).map_or_else(
            |_| sum.to_string(),
            |minor| Money::from_minor(minor, amount.currency()).decimal(),
        );
        let sums = [Text::same(sum), Text::same(amount.decimal())];
        findings.push(Diagnostic::new(Code::CamtDetailsSum, draft.place, "", &sums));
    }
}

fn detail(
    payment: &Payment,
    draft: &EntryDraft,
    whole: Money,
    around: Around<'_>,
    findings: &mut Vec<Diagnostic>,
) -> Option<EntryDetail> {
    let of_entry = |sum: Sum| sum.known().filter(|sum| sum.currency() == whole.currency());
    let amount = payment
        .amount
        .known()
        .or_else(|| of_entry(payment.paid))
        .or_else(|| of_entry(payment.instructed))
        .or_else(|| payment.paid.known());
    let Some(amount) = amount else {
        let sums = [payment.amount, payment.paid, payment.instructed];
        if !sums.contains(&Sum::Unreadable) {
            findings.push(Diagnostic::new(Code::CamtDetailNoSum, payment.place, "", &[]));
        }
        return None;
    };
    let against = matches!((payment.direction, draft.direction), (Some(own), Some(entry)) if own != entry);
    let amount = if against { amount.checked_neg().ok()? } else { amount };
    let direction = payment.direction.or(draft.direction);
    Some(EntryDetail {
        amount,
        counterparty: other_side(
            payment,
            direction,
            draft.reversal || payment.returned,
            around.own_account,
        ),
        purpose: payment.purpose().unwrap_or_default(),
        end_to_end_id: reference(&payment.end_to_end).map(ShortText::from),
    })
}

/// Money comes from the debtor and goes to the creditor. A reversal or a return names the sides of the payment it takes
/// back. Where a side is the account itself, the other one is meant whatever the signs say.
fn other_side(payment: &Payment, direction: Option<Direction>, taken_back: bool, own: &str) -> Counterparty {
    let (debtor, creditor) = (&payment.debtor, &payment.creditor);
    let side = match (debtor.is_of_account(own), creditor.is_of_account(own), direction) {
        (true, false, _) => creditor,
        (false, true, _) => debtor,
        (_, _, None) => return Counterparty::default(),
        (_, _, Some(direction)) => {
            let (by_sign, opposite) = if (direction == Direction::Credit) == taken_back {
                (creditor, debtor)
            } else {
                (debtor, creditor)
            };
            // Not every bank turns the sides of a payment that came back.
            if taken_back && by_sign.is_empty() {
                opposite
            } else {
                by_sign
            }
        }
    };
    side.counterparty()
}

/// Told of a sum that is not one.
pub(super) fn no_sum(code: Code, text: &str, place: Place, currency: Currency) -> Diagnostic {
    let digits = [
        Text::same(currency.minor_digits().to_string()),
        Text::same(currency.code()),
    ];
    Diagnostic::new(code, place, text, &digits)
}
