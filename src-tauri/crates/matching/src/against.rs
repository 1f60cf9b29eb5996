//! What speaks against posting a payment without a person, in sentences about this very case.

mod numbers;
mod sums;

use domain::{InvoiceStatus, Money, Text};

pub use numbers::{also_named, other_number};
pub use sums::other_part;

use crate::{
    book::{Book, Slot},
    case::Case,
    decided::Against,
    facts::{DateFact, Fit, PayerLink},
    fold::name_key,
    names::differ_in_form,
    payment::{Hold, Payment},
    purpose::FindingKind,
    reasons::AgainstKind,
    standing::Placed,
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
pub fn against_one(placed: &Placed<'_>, all: &[Placed<'_>], case: Case<'_, '_>) -> Vec<Against> {
    let Case {
        payment, said, book, ..
    } = case;
    let fit = &placed.fit;
    let slot = book.slot(fit.slot);
    let mut against = Vec::new();
    against.extend(state_of(slot));
    sums::of_one(placed, payment, said, book, &mut against);
    of_both(fit, case, &mut against);
    payer_of(fit, slot, payment, &mut against);
    numbers::of_one(fit, case, &mut against);
    rivals_of(placed, all, case, &mut against);
    let despite = placed.standing.row().despite;
    against.retain(|reason| !despite.contains(&reason.kind));
    against
}

/// What speaks against one invoice of a list whose sums add up.
pub fn of_listed(fit: &Fit<'_>, case: Case<'_, '_>) -> Vec<Against> {
    let mut against = Vec::new();
    of_both(fit, case, &mut against);
    against
}

/// What speaks against an invoice whether it is paid alone or with others.
fn of_both(fit: &Fit<'_>, case: Case<'_, '_>, against: &mut Vec<Against>) {
    let Case { payment, book, own, .. } = case;
    let slot = book.slot(fit.slot);
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
    other_customer(slot, case, against);
    if own.is_of_another(slot.invoice.company.as_deref(), payment.own_account.as_deref()) {
        against.push(Against::plain(AgainstKind::OtherCompany));
    }
    if fit.date == DateFact::Differs {
        against.push(Against::plain(AgainstKind::InvoiceDateDiffers));
    }
    if fit.open && !covers(slot, payment.amount) {
        against.push(Against::plain(AgainstKind::Contested));
    }
    if let Some(before) = repeats(slot, case) {
        against.push(Against {
            kind: AgainstKind::Repeated,
            text: Text::new(
                format!("такой же платёж по этому счёту уже был: {before}"),
                format!("the same payment for this invoice has been before: {before}"),
            ),
        });
    }
}

/// An earlier payment of this run for the invoice that is this one again: of the same sum and in the same words, or of
/// the same sum and called an advance once more.
fn repeats<'b>(slot: &'b Slot, case: Case<'_, '_>) -> Option<&'b str> {
    if slot.payments.is_empty() {
        return None;
    }
    let words = case.said.words();
    let again = |posted: bool| posted && case.said.names_advance();
    slot.payments
        .iter()
        .find(|before| before.amount == case.payment.amount && (before.words == words || again(before.posted)))
        .map(|before| before.payment.as_str())
}

/// Why an invoice takes no money, if it is not open.
pub fn state_of(slot: &Slot) -> Option<Against> {
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
        (None, InvoiceStatus::Open) if slot.is_open() => return None,
        (None, _) => (
            AgainstKind::InvoicePaid,
            format!("счёт {} уже оплачен", label_ru(slot)),
            format!("invoice {} is already paid", label_en(slot)),
        ),
    };
    Some(Against {
        kind,
        text: Text::new(ru, en),
    })
}

fn payer_of(fit: &Fit<'_>, slot: &Slot, payment: &Payment, against: &mut Vec<Against>) {
    let customer = &slot.invoice.customer.name;
    match fit.link {
        Some(PayerLink::Inn | PayerLink::Account | PayerLink::Learned) => {}
        Some(PayerLink::Name) => {
            against.push(Against::plain(AgainstKind::PayerUnknown));
            let payer = payment.payer.name.as_deref().unwrap_or_default();
            if differ_in_form(payer, customer) {
                against.push(Against {
                    kind: AgainstKind::OtherLegalForm,
                    text: Text::new(
                        format!("платит {payer}, а счёт выставлен {customer}: это разные организации"),
                        format!("{payer} pays, and the invoice is {customer}'s: they are two organisations"),
                    ),
                });
            }
        }
        Some(PayerLink::Initials) => {
            against.push(Against::plain(AgainstKind::PayerUnknown));
            against.push(Against::plain(AgainstKind::OnlyInitials));
        }
        Some(PayerLink::InnInText | PayerLink::NameInText) | None => against.push(Against {
            kind: AgainstKind::PayerDiffers,
            text: Text::new(
                format!("счёт {} выставлен другому: {customer}", label_ru(slot)),
                format!("invoice {} is somebody else's: {customer}", label_en(slot)),
            ),
        }),
    }
}

/// Customers pay for each other, and then they say for whom. Our own INN and strangers' say nothing.
fn other_customer(slot: &Slot, case: Case<'_, '_>, against: &mut Vec<Against>) {
    let Case { said, book, .. } = case;
    let others_inn = said.reading.of(FindingKind::TaxNumber).find(|named| {
        book.customer_by_inn(&named.value)
            .is_some_and(|customer| customer != slot.customer)
    });
    let is_named_by_inn = said
        .reading
        .of(FindingKind::TaxNumber)
        .any(|named| book.customer_by_inn(&named.value) == Some(slot.customer));
    let others_name = || {
        said.reading.of(FindingKind::Behalf).find(|named| {
            let name = name_key(&named.value);
            let customers = book.customers_by_name(&name);
            // A long name without quotes is read to its middle; the INN beside it tells whose it is.
            let begins_his = || name_key(&slot.invoice.customer.name).starts_with(&name);
            !(customers.is_empty() || customers.contains(&slot.customer) || is_named_by_inn && begins_his())
        })
    };
    if let Some(named) = others_inn {
        let other = &named.value;
        against.push(Against {
            kind: AgainstKind::OtherCustomerNamed,
            text: Text::new(
                format!("в назначении назван ИНН другого покупателя: {other}"),
                format!("the purpose names another customer's INN: {other}"),
            ),
        });
    } else if let Some(named) = others_name() {
        let other = &named.value;
        against.push(Against {
            kind: AgainstKind::OtherCustomerNamed,
            text: Text::new(
                format!("в назначении назван другой покупатель: {other}"),
                format!("the purpose names another customer: {other}"),
            ),
        });
    }
}

fn rivals_of(placed: &Placed<'_>, all: &[Placed<'_>], case: Case<'_, '_>, against: &mut Vec<Against>) {
    let book = case.book;
    let came_to_issuer = |slot: &Slot| {
        let (issuer, account) = (slot.invoice.company.as_deref(), case.payment.own_account.as_deref());
        case.own.came_to_its_issuer(issuer, account)
    };
    // Another company of ours has the same number and sum: where the money came tells the two apart.
    let told_apart =
        |other: &Slot| came_to_issuer(other) == Some(false) && came_to_issuer(book.slot(placed.fit.slot)) == Some(true);
    let rivals: Vec<&Slot> = all
        .iter()
        .filter(|other| other.fit.slot != placed.fit.slot && placed.fits_like(other))
        .map(|other| book.slot(other.fit.slot))
        .filter(|other| !told_apart(other))
        .collect();
    let Some(first) = rivals.first() else {
        named_elsewhere(placed, all, book, against);
        return;
    };
    let slot = book.slot(placed.fit.slot);
    if placed.standing.is_last_resort() {
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

/// Another invoice has the number as it is typed, and the sum: then it was no slip; or it is the payer's own, though he
/// says that he pays for somebody.
fn named_elsewhere(placed: &Placed<'_>, all: &[Placed<'_>], book: &Book, against: &mut Vec<Against>) {
    let fit = &placed.fit;
    let is_slip = fit.number.is_some_and(|number| number.slip.is_some());
    let is_for_another = fit.link == Some(PayerLink::InnInText) && fit.is_exact();
    let as_typed = all.iter().find(|other| {
        let is_payers = || other.fit.link.is_some_and(PayerLink::is_sure);
        let rivals = is_slip || is_for_another && is_payers();
        rivals && other.fit.is_exact() && other.can_take() && other.fit.is_numbered()
    });
    if let Some(other) = as_typed {
        against.push(both_fit(book.slot(placed.fit.slot), book.slot(other.fit.slot)));
    }
}

/// Two that the words may mean.
pub fn both_fit(slot: &Slot, other: &Slot) -> Against {
    Against {
        kind: AgainstKind::Tie,
        text: Text::new(
            format!("подходит и счёт {}, и счёт {}", label_ru(slot), label_ru(other)),
            format!("both invoice {} and invoice {} fit", label_en(slot), label_en(other)),
        ),
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
