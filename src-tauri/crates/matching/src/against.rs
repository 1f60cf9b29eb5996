//! What speaks against posting a payment without a person, in sentences about this very case.

use domain::{InvoiceStatus, Money, Text};

use crate::{
    book::{Book, Slot},
    decided::Against,
    facts::{DateFact, Fit, PayerLink, SumFact},
    payment::{Hold, Payment},
    purpose::{Finding, FindingKind, Reading},
    reasons::AgainstKind,
    standing::{Placed, Standing},
};

/// What forbids an automatic decision whatever the invoice: holds, the cap, a list of numbers.
pub fn against_payment(payment: &Payment, cap: Option<Money>) -> Vec<Against> {
    let mut against = Vec::new();
    if payment.direction.is_none() {
        against.push(Against::plain(AgainstKind::DirectionUnknown));
    }
    match payment.hold {
        Some(Hold::Unproven) => against.push(Against::plain(AgainstKind::UnprovenStatement)),
        Some(Hold::Undone) => against.push(Against::plain(AgainstKind::UndoneBefore)),
        Some(Hold::InvoicesIncomplete) => against.push(Against::plain(AgainstKind::InvoicesIncomplete)),
        None => {}
    }
    // A cap in another currency cannot be compared, so it does not let anything through.
    if let Some(cap) = cap
        && payment.amount.partial_cmp(&cap).is_none_or(std::cmp::Ordering::is_gt)
    {
        against.push(Against {
            kind: AgainstKind::OverCap,
            text: Text::new(
                format!(
                    "сумма {} выше предела {} для решений без человека",
                    payment.amount.text().ru,
                    cap.text().ru
                ),
                format!(
                    "{} is over the limit of {} for decisions without a person",
                    payment.amount.text().en,
                    cap.text().en
                ),
            ),
        });
    }
    against
}

/// Everything that speaks against posting the payment to this one without a person.
pub fn against_one(
    placed: &Placed<'_>,
    all: &[Placed<'_>],
    payment: &Payment,
    reading: &Reading,
    book: &Book,
) -> Vec<Against> {
    let fit = &placed.fit;
    let slot = book.slot(fit.slot);
    let mut against = Vec::new();
    state_of(slot, &mut against);
    if fit.sum == SumFact::OtherCurrency {
        against.push(Against {
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
        });
    } else if slot.is_open() && !fit.is_exact() {
        against.push(Against {
            kind: AgainstKind::AmountDiffers,
            text: Text::new(
                format!(
                    "пришло {}, а по счёту {} открыто {}",
                    payment.amount.text().ru,
                    label_ru(slot),
                    slot.open.text().ru
                ),
                format!(
                    "{} came, and {} is open on invoice {}",
                    payment.amount.text().en,
                    slot.open.text().en,
                    label_en(slot)
                ),
            ),
        });
    }
    if fit.after_payment {
        against.push(Against {
            kind: AgainstKind::InvoiceAfterPayment,
            text: Text::new(
                format!(
                    "счёт {} выставлен позже платежа ({})",
                    label_ru(slot),
                    payment.date.format("%d.%m.%Y")
                ),
                format!(
                    "invoice {} is dated after the payment ({})",
                    label_en(slot),
                    payment.date
                ),
            ),
        });
    }
    payer_of(fit, slot, &mut against);
    if let Some(other) = other_customer(slot, reading, book) {
        against.push(Against {
            kind: AgainstKind::OtherCustomerNamed,
            text: Text::new(
                format!("в назначении назван ИНН другого покупателя: {other}"),
                format!("the purpose names another customer's INN: {other}"),
            ),
        });
    }
    number_of(fit, slot, payment, reading, &mut against);
    if fit.date == DateFact::Differs {
        against.push(Against::plain(AgainstKind::InvoiceDateDiffers));
    }
    if fit.open && !covers(slot, payment.amount) {
        against.push(Against::plain(AgainstKind::Contested));
    }
    rivals_of(placed, all, book, &mut against);
    against
}

fn state_of(slot: &Slot, against: &mut Vec<Against>) {
    let (kind, ru, en) = match (&slot.closed_by, slot.invoice.status) {
        (_, InvoiceStatus::Cancelled) => (
            AgainstKind::InvoiceCancelled,
            format!("счёт {} отменён", label_ru(slot)),
            format!("invoice {} is cancelled", label_en(slot)),
        ),
        (Some(payment), _) => (
            AgainstKind::InvoicePaid,
            format!("счёт {} уже закрыт платежом {payment}", label_ru(slot)),
            format!("invoice {} is already closed by payment {payment}", label_en(slot)),
        ),
        (None, InvoiceStatus::Open) if slot.is_open() => return,
        (None, _) => (
            AgainstKind::InvoicePaid,
            format!("счёт {} уже оплачен", label_ru(slot)),
            format!("invoice {} is already paid", label_en(slot)),
        ),
    };
    against.push(Against {
        kind,
        text: Text::new(ru, en),
    });
}

fn payer_of(fit: &Fit<'_>, slot: &Slot, against: &mut Vec<Against>) {
    let customer = &slot.invoice.customer.name;
    match fit.link {
        Some(PayerLink::Inn | PayerLink::Account | PayerLink::Learned) => {}
        Some(PayerLink::Name) => against.push(Against::plain(AgainstKind::PayerUnknown)),
        Some(PayerLink::InnInText) | None => against.push(Against {
            kind: AgainstKind::PayerDiffers,
            text: Text::new(
                format!("счёт {} выставлен другому: {customer}", label_ru(slot)),
                format!("invoice {} is somebody else's: {customer}", label_en(slot)),
            ),
        }),
    }
}

/// Customers pay for each other, and then they say for whom. Our own INN and strangers' say nothing.
fn other_customer<'a>(slot: &Slot, reading: &'a Reading, book: &Book) -> Option<&'a str> {
    reading
        .of(FindingKind::TaxNumber)
        .find(|named| {
            book.customer_by_inn(&named.value)
                .is_some_and(|customer| customer != slot.customer)
        })
        .map(|named| named.value.as_str())
}

fn number_of(fit: &Fit<'_>, slot: &Slot, payment: &Payment, reading: &Reading, against: &mut Vec<Against>) {
    let named = || reading.of(FindingKind::InvoiceNumber);
    let Some(number) = fit.number else {
        if let Some(other) = named().next() {
            against.push(other_number(other, AgainstKind::OtherNumberNamed));
        } else if stands_inside(&slot.invoice.number, &payment.purpose) {
            against.push(Against::plain(AgainstKind::NotAWholeNumber));
        } else {
            against.push(Against::plain(AgainstKind::NoNumber));
        }
        return;
    };
    if !number.named {
        against.push(Against::plain(AgainstKind::NumberNotNamed));
    }
    if let Some(other) = named().find(|other| other.keys.first() != number.finding.keys.first()) {
        let kind = if number.named {
            AgainstKind::SeveralInvoices
        } else {
            AgainstKind::OtherNumberNamed
        };
        against.push(other_number(other, kind));
    }
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

fn rivals_of(placed: &Placed<'_>, all: &[Placed<'_>], book: &Book, against: &mut Vec<Against>) {
    let rivals: Vec<&Slot> = all
        .iter()
        .filter(|other| other.fit.slot != placed.fit.slot && placed.fits_like(other))
        .map(|other| book.slot(other.fit.slot))
        .collect();
    let Some(first) = rivals.first() else { return };
    let slot = book.slot(placed.fit.slot);
    if placed.standing == Standing::PayerOnly || placed.standing == Standing::NameOnly {
        against.push(Against::plain(AgainstKind::SeveralOpen));
    } else {
        let more = rivals.len() - 1;
        let (more_ru, more_en) = if more == 0 {
            (String::new(), String::new())
        } else {
            (format!(" и ещё {more}"), format!(" and {more} more"))
        };
        against.push(Against {
            kind: AgainstKind::Tie,
            text: Text::new(
                format!(
                    "одинаково подходят счета {} и {}{more_ru}: выберите сами",
                    label_ru(slot),
                    label_ru(first)
                ),
                format!(
                    "invoices {} and {}{more_en} fit equally: choose one",
                    label_en(slot),
                    label_en(first)
                ),
            ),
        });
    }
}

/// Whether what is open covers this payment and every earlier one that still waits.
fn covers(slot: &Slot, amount: Money) -> bool {
    slot.contested.is_zero()
        || slot
            .contested
            .checked_add(amount)
            .is_ok_and(|wanted| wanted.partial_cmp(&slot.open).is_some_and(std::cmp::Ordering::is_le))
}

fn label_ru(slot: &Slot) -> String {
    format!(
        "№ {} от {} на {}",
        slot.invoice.number,
        slot.invoice.date.format("%d.%m.%Y"),
        slot.invoice.amount.text().ru
    )
}

fn label_en(slot: &Slot) -> String {
    format!(
        "{} of {} for {}",
        slot.invoice.number,
        slot.invoice.date,
        slot.invoice.amount.text().en
    )
}
