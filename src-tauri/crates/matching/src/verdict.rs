//! From facts to a verdict. [`Standing`] is the table: which facts together stand where, and which may be automatic.

use domain::{Allocation, InvoiceStatus, Money, Text};

use crate::{
    book::{Book, Slot},
    decided::{Against, Candidate, Evidence},
    facts::{DateFact, Fit, PayerLink, SumFact},
    number::Agreement,
    payment::Payment,
    purpose::{Finding, FindingKind, Reading, slice},
    reasons::{AgainstKind, EvidenceKind},
};

/// How well an invoice fits, best first. Only the first is ever decided without a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Standing {
    /// The number is named, the payer is sure, the sum is exact.
    Whole,
    NumberMentionedPayerSum,
    NumberNameSum,
    NumberPayer,
    NumberSum,
    PayerSum,
    MentionedNameSum,
    MentionedPayer,
    NumberName,
    NameSum,
    MentionedSum,
    PayerOnly,
    NumberOnly,
    NameOnly,
}

impl Standing {
    /// `None`: too little to be shown to anybody.
    pub fn of(fit: &Fit<'_>) -> Option<Self> {
        #[derive(PartialEq, Eq)]
        enum Number {
            Named,
            Mentioned,
            Silent,
        }
        enum Payer {
            Sure,
            Maybe,
            Unknown,
        }
        let number = match fit.number {
            Some(number) if number.named => Number::Named,
            Some(_) => Number::Mentioned,
            None => Number::Silent,
        };
        let payer = match fit.link {
            Some(link) if link.is_sure() => Payer::Sure,
            Some(_) => Payer::Maybe,
            None => Payer::Unknown,
        };
        Some(match (number, payer, fit.is_exact()) {
            (Number::Named, Payer::Sure, true) => Self::Whole,
            (Number::Mentioned, Payer::Sure, true) => Self::NumberMentionedPayerSum,
            (Number::Named, Payer::Maybe, true) => Self::NumberNameSum,
            (Number::Named, Payer::Sure, false) => Self::NumberPayer,
            (Number::Named, Payer::Unknown, true) => Self::NumberSum,
            (Number::Silent, Payer::Sure, true) => Self::PayerSum,
            (Number::Mentioned, Payer::Maybe, true) => Self::MentionedNameSum,
            (Number::Mentioned, Payer::Sure, false) => Self::MentionedPayer,
            (Number::Named, Payer::Maybe, false) => Self::NumberName,
            (Number::Silent, Payer::Maybe, true) => Self::NameSum,
            (Number::Mentioned, Payer::Unknown, true) => Self::MentionedSum,
            (Number::Silent, Payer::Sure, false) => Self::PayerOnly,
            (Number::Named, Payer::Unknown, false) => Self::NumberOnly,
            (_, Payer::Maybe, false) => Self::NameOnly,
            (Number::Mentioned, Payer::Unknown, false) | (Number::Silent, Payer::Unknown, _) => return None,
        })
    }

    /// Enough of a customer's payment to be asked about even where the words speak of a loan or a refund.
    pub const fn speaks_for_a_customer(self) -> bool {
        matches!(
            self,
            Self::Whole
                | Self::NumberMentionedPayerSum
                | Self::NumberNameSum
                | Self::NumberPayer
                | Self::NumberSum
                | Self::PayerSum
                | Self::NumberName
        )
    }
}

/// An invoice with its place in the table.
#[derive(Debug, Clone)]
pub struct Placed<'a> {
    pub fit: Fit<'a>,
    pub standing: Standing,
}

impl Placed<'_> {
    /// Whether a person could post the payment to it.
    pub fn can_take(&self) -> bool {
        self.fit.open && self.fit.sum != SumFact::OtherCurrency
    }

    /// Two that agree in this fit equally: nothing in the payment tells them apart.
    fn fits_like(&self, other: &Self) -> bool {
        self.standing == other.standing
            && self.can_take()
            && other.can_take()
            && !self.fit.after_payment
            && !other.fit.after_payment
            && self.names_date() == other.names_date()
            && (self.fit.is_exact() || self.number_place() == other.number_place())
    }

    /// Only a date that stands with the number tells two invoices of one number apart.
    fn names_date(&self) -> bool {
        matches!(self.fit.date, DateFact::Named(..))
    }

    /// «счетам 145 и 146» is a list, «145» of two years is a tie.
    fn number_place(&self) -> Option<usize> {
        self.fit.number.map(|number| number.finding.start)
    }
}

/// Sorts best first, the same way whatever the order was. Invoices are numbered by id, so the last word is the id's.
pub fn sort(placed: &mut [Placed<'_>], payment: &Payment, book: &Book) {
    placed.sort_by_cached_key(|one| {
        let days_apart = (payment.date - book.slot(one.fit.slot).invoice.date).num_days();
        let agreement = one.fit.number.map_or(Agreement::Digits, |number| number.agreement);
        let date = match one.fit.date {
            DateFact::Named(..) => 0,
            DateFact::Mentioned(..) => 1,
            DateFact::Silent => 2,
            DateFact::Differs => 3,
        };
        (
            !one.can_take(),
            one.standing,
            one.fit.after_payment,
            date,
            agreement,
            one.fit.link,
            // What is owed longest is paid first.
            std::cmp::Reverse(days_apart),
            one.fit.slot,
        )
    });
}

/// What forbids an automatic decision whatever the invoice: holds, the cap, a list of numbers.
pub fn against_payment(payment: &Payment, cap: Option<Money>) -> Vec<Against> {
    use crate::payment::Hold;
    let mut against = Vec::new();
    if payment.direction.is_none() {
        against.push(Against::plain(AgainstKind::DirectionUnknown));
    }
    match payment.hold {
        Some(Hold::Unproven) => against.push(Against::plain(AgainstKind::UnprovenStatement)),
        Some(Hold::Undone) => against.push(Against::plain(AgainstKind::UndoneBefore)),
        None => {}
    }
    // A cap in another currency cannot be compared, so it does not let anything through.
    if let Some(cap) = cap
        && payment.amount.partial_cmp(&cap).is_none_or(std::cmp::Ordering::is_gt)
    {
        against.push(Against {
            kind: AgainstKind::OverCap,
            text: Text::new(
                format!("сумма {} выше предела {cap} для решений без человека", payment.amount),
                format!(
                    "{} is over the limit of {cap} for decisions without a person",
                    payment.amount
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
                    payment.amount,
                    label_ru(slot),
                    slot.open
                ),
                format!(
                    "{} came, and {} is open on invoice {}",
                    payment.amount,
                    slot.open,
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

/// What speaks for this one.
pub fn evidence_for(fit: &Fit<'_>, payment: &Payment, book: &Book) -> Vec<Evidence> {
    let invoice = &book.slot(fit.slot).invoice.id;
    let placed = |kind, start, end| Evidence {
        kind,
        text: Some(slice(&payment.purpose, start, end)),
        start: Some(start),
        end: Some(end),
        for_invoice: Some(invoice.clone()),
    };
    let mut evidence = Vec::new();
    if let Some(number) = fit.number {
        let kind = match (number.named, number.agreement) {
            (false, _) => EvidenceKind::NumberInText,
            (true, Agreement::Whole) => EvidenceKind::InvoiceNumber,
            (true, Agreement::Digits) => EvidenceKind::InvoiceNumberByDigits,
        };
        evidence.push(placed(kind, number.finding.start, number.finding.end));
    }
    if let DateFact::Named(start, end) | DateFact::Mentioned(start, end) = fit.date {
        evidence.push(placed(EvidenceKind::InvoiceDate, start, end));
    }
    if let Some(link) = fit.link {
        evidence.push(Evidence::plain(match link {
            PayerLink::Inn => EvidenceKind::PayerInn,
            PayerLink::Account => EvidenceKind::PayerAccount,
            PayerLink::Learned => EvidenceKind::PayerLearned,
            PayerLink::InnInText => EvidenceKind::CustomerInnInText,
            PayerLink::Name => EvidenceKind::PayerName,
        }));
    }
    if fit.is_exact() && fit.open {
        evidence.push(Evidence::plain(EvidenceKind::ExactAmount));
    }
    evidence
}

/// The candidate: as much of the payment as the invoice can take.
pub fn candidate(
    placed: &Placed<'_>,
    payment: &Payment,
    evidence: Vec<Evidence>,
    against: Vec<Against>,
    book: &Book,
) -> Candidate {
    let slot = book.slot(placed.fit.slot);
    let allocations = if placed.can_take() {
        let amount = if payment.amount.minor() < slot.open.minor() {
            payment.amount
        } else {
            slot.open
        };
        vec![Allocation {
            invoice: slot.invoice.id.clone(),
            amount,
        }]
    } else {
        Vec::new()
    };
    Candidate {
        allocations,
        rank: 0,
        evidence,
        against,
    }
}

fn label_ru(slot: &Slot) -> String {
    format!(
        "№ {} от {} на {}",
        slot.invoice.number,
        slot.invoice.date.format("%d.%m.%Y"),
        slot.invoice.amount
    )
}

fn label_en(slot: &Slot) -> String {
    format!(
        "{} of {} for {}",
        slot.invoice.number, slot.invoice.date, slot.invoice.amount
    )
}

/// Whether the words alone may not hide this payment.
pub fn is_a_customers(placed: &[Placed<'_>]) -> bool {
    placed.iter().any(|one| one.standing.speaks_for_a_customer())
}
