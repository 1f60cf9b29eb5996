//! What a sum says against an invoice: too little, too much, by kopecks, by a commission, against a named share.

use domain::{Money, Text};

use super::{label_en, label_ru};
use crate::{
    book::{Book, Slot},
    decided::Against,
    facts::SumFact,
    payment::Payment,
    purpose::{Finding, FindingKind},
    reasons::AgainstKind,
    said::{PartFact, Said},
    standing::Placed,
    table::Fact,
};

pub fn of_one(placed: &Placed<'_>, payment: &Payment, said: &Said<'_>, book: &Book, against: &mut Vec<Against>) {
    let fit = &placed.fit;
    let slot = book.slot(fit.slot);
    if fit.sum == SumFact::OtherCurrency {
        against.push(other_currency(slot, payment));
        return;
    }
    if !slot.is_open() {
        return;
    }
    // With a number, or for all of an invoice, a share that disagrees is a contradiction.
    if fit.part == PartFact::Differs && (fit.number.is_some() || fit.is_exact()) {
        against.extend(said.reading.of(FindingKind::Part).next().map(other_part));
    }
    if placed.standing.row().facts.contains(&Fact::SumNamedPart) {
        return;
    }
    let (paid, open) = (payment.amount, slot.open);
    match fit.sum {
        SumFact::Exact | SumFact::OtherCurrency => {}
        SumFact::Kopecks => against.push(differs(AgainstKind::KopeckDifference, slot, paid, open)),
        SumFact::Commission => against.push(differs(AgainstKind::CommissionWithheld, slot, paid, open)),
        SumFact::Less => against.push(differs(AgainstKind::AmountDiffers, slot, paid, open)),
        SumFact::More => against.push(differs(AgainstKind::Overpaid, slot, paid, open)),
    }
}

fn other_currency(slot: &Slot, payment: &Payment) -> Against {
    Against {
        kind: AgainstKind::OtherCurrency,
        text: Text::new(
            format!(
                "платёж в {}, счёт {} в {}",
                payment.amount.currency(),
                label_ru(slot),
                slot.open.currency()
            ),
            format!(
                "the payment is in {}, invoice {} in {}",
                payment.amount.currency(),
                label_en(slot),
                slot.open.currency()
            ),
        ),
    }
}

fn differs(kind: AgainstKind, slot: &Slot, paid: Money, open: Money) -> Against {
    let difference = Money::from_minor(
        paid.minor().saturating_sub(open.minor()).saturating_abs(),
        paid.currency(),
    );
    let (paid, open, difference) = (paid.text(), open.text(), difference.text());
    let came_ru = format!("пришло {}, а по счёту {} открыто {}", paid.ru, label_ru(slot), open.ru);
    let came_en = format!(
        "{} came, and {} is open on invoice {}",
        paid.en,
        open.en,
        label_en(slot)
    );
    let (ru, en) = match kind {
        AgainstKind::KopeckDifference => (
            format!("расхождение в копейках, {}: {came_ru}", difference.ru),
            format!("kopecks differ, by {}: {came_en}", difference.en),
        ),
        AgainstKind::CommissionWithheld => (
            format!("не хватает {}, возможно, удержана комиссия: {came_ru}", difference.ru),
            format!(
                "{} is missing, a commission may have been withheld: {came_en}",
                difference.en
            ),
        ),
        AgainstKind::Overpaid => (
            format!("{came_ru}: {} останется авансом", difference.ru),
            format!("{came_en}: {} would stay as an advance", difference.en),
        ),
        _ => (came_ru, came_en),
    };
    Against {
        kind,
        text: Text::new(ru, en),
    }
}

/// The share that the purpose names is not what came.
pub fn other_part(part: &Finding) -> Against {
    let named = part
        .percent
        .map_or_else(String::new, |percent| format!(" {} %", percent.normalize()));
    Against {
        kind: AgainstKind::PartDiffers,
        text: Text::new(
            format!("в назначении названа часть{named}, и пришедшая сумма ей не равна"),
            format!("the purpose names a part{named}, and the sum that came is another"),
        ),
    }
}
