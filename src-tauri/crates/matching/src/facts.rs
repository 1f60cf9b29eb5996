//! What is true of a payment and one invoice: number, date, payer, sum. Facts only; what follows is `standing`'s.

use chrono::Datelike;
use domain::{Money, ShortText};
use rustc_hash::FxHashMap;

use crate::{
    book::{Book, Slot},
    case::Case,
    fold::{identifier_key, is_letter, name_key},
    names::{self, PersonName},
    number::{Agreement, Slip},
    payment::PayerKeys,
    policy::LearnedFact,
    purpose::{Finding, FindingKind, Reading},
    said::{self, PartFact, Said},
    table::{Fact, Facts},
    unnumbered,
};

/// How the payer is known to be the customer, surest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PayerLink {
    Inn,
    Account,
    Learned,
    /// The purpose names the customer's INN; somebody else pays.
    InnInText,
    /// The purpose names the customer; somebody else pays.
    NameInText,
    Name,
    /// Surname and initials; of one of both the names are not known in full.
    Initials,
}

impl PayerLink {
    /// Whether it says who pays, and not only who may be meant.
    pub const fn is_sure(self) -> bool {
        matches!(self, Self::Inn | Self::Account | Self::Learned)
    }
}

/// Who pays for whom, found by what is known of the payer.
#[derive(Debug, Default)]
pub struct Learned {
    by_inn: FxHashMap<ShortText, Vec<(Option<ShortText>, usize)>>,
    /// Facts that name only an account.
    by_account: FxHashMap<ShortText, Vec<usize>>,
}

impl Learned {
    /// A fact about a customer without invoices says nothing here.
    pub fn new(facts: &[LearnedFact], book: &Book) -> Self {
        let mut learned = Self::default();
        for fact in facts {
            let customer = identifier_key(Some(&fact.pays_for_inn)).and_then(|inn| book.customer_by_inn(&inn));
            let account = identifier_key(fact.payer_account.as_deref());
            match (customer, identifier_key(fact.payer_inn.as_deref()), account) {
                (Some(customer), Some(inn), account) => {
                    learned.by_inn.entry(inn).or_default().push((account, customer));
                }
                (Some(customer), None, Some(account)) => {
                    learned.by_account.entry(account).or_default().push(customer);
                }
                (None, _, _) | (_, None, None) => {}
            }
        }
        learned
    }

    /// Whether anything is known of whom this payer pays for.
    pub fn knows(&self, inn: Option<&str>, account: Option<&str>) -> bool {
        self.customers(inn, account).next().is_some()
    }

    fn customers(&self, inn: Option<&str>, account: Option<&str>) -> impl Iterator<Item = usize> {
        let of_inn = inn.and_then(|inn| self.by_inn.get(inn)).map_or(&[][..], Vec::as_slice);
        let of_account = account
            .and_then(|account| self.by_account.get(account))
            .map_or(&[][..], Vec::as_slice);
        of_inn
            .iter()
            .filter(move |(known, _)| known.is_none() || known.as_deref() == account)
            .map(|(_, customer)| *customer)
            .chain(of_account.iter().copied())
    }
}

/// A name that more customers have tells nothing.
const NAMESAKES_MAX: usize = 20;

/// The customers a payment may come from, each with its surest link, in the order of customers.
pub fn payer_links(keys: &PayerKeys, reading: &Reading, learned: &Learned, book: &Book) -> Vec<(usize, PayerLink)> {
    let PayerKeys { inn, account, name } = keys;
    let mut links = Vec::new();
    let contradicts = |customer: usize| match (inn, &book.customer(customer).inn) {
        (Some(payer), Some(customer)) => payer != customer,
        _ => false,
    };
    if let Some(customer) = inn.as_deref().and_then(|inn| book.customer_by_inn(inn)) {
        links.push((customer, PayerLink::Inn));
    }
    if let Some(account) = account.as_deref() {
        // An account that several customers claim (a bank's transit account) is nobody's.
        if let [customer] = book.customers_by_account(account)
            && !contradicts(*customer)
        {
            links.push((*customer, PayerLink::Account));
        }
    }
    links.extend(
        learned
            .customers(inn.as_deref(), account.as_deref())
            .map(|customer| (customer, PayerLink::Learned)),
    );
    for named in reading.of(FindingKind::TaxNumber) {
        if let Some(customer) = book.customer_by_inn(&named.value) {
            links.push((customer, PayerLink::InnInText));
        }
    }
    for named in reading.of(FindingKind::Behalf) {
        let name = name_key(&named.value);
        links.extend(
            book.customers_by_name(&name)
                .iter()
                .map(|customer| (*customer, PayerLink::NameInText)),
        );
    }
    let namesakes = book.customers_by_name(name);
    if !name.is_empty() && namesakes.len() <= NAMESAKES_MAX {
        links.extend(
            namesakes
                .iter()
                .filter(|customer| !contradicts(**customer))
                .map(|customer| (*customer, PayerLink::Name)),
        );
    }
    let alike = match names::person(name) {
        Some(PersonName::WithInitials) => book.customers_by_initials(name),
        Some(PersonName::InFull(with_initials)) => book.customers_by_name(&with_initials),
        None => &[],
    };
    if alike.len() <= NAMESAKES_MAX {
        links.extend(
            alike
                .iter()
                .filter(|customer| !contradicts(**customer))
                .map(|customer| (*customer, PayerLink::Initials)),
        );
    }
    links.sort_unstable();
    links.dedup_by_key(|(customer, _)| *customer);
    links
}

/// The invoice's number in the purpose.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NumberFact<'a> {
    pub finding: &'a Finding,
    pub agreement: Agreement,
    /// Called an invoice number by a word, a sign, or its own letters.
    pub named: bool,
    /// It is the invoice's only if one slip was made in typing it.
    pub slip: Option<Slip>,
}

impl<'a> NumberFact<'a> {
    pub fn new(finding: &'a Finding, key: &str, agreement: Agreement) -> Self {
        let own_letters = agreement == Agreement::Whole && key.chars().any(is_letter);
        Self {
            finding,
            agreement,
            named: finding.kind == FindingKind::InvoiceNumber || own_letters,
            slip: None,
        }
    }

    pub const fn slipped(finding: &'a Finding, agreement: Agreement, slip: Slip) -> Self {
        Self {
            finding,
            agreement,
            named: true,
            slip: Some(slip),
        }
    }

    /// Surest first.
    pub fn order(&self) -> (bool, Option<Slip>, Agreement, usize) {
        (!self.named, self.slip, self.agreement, self.finding.start)
    }

    /// What the table calls it.
    const fn fact(&self) -> Fact {
        match (self.named, self.slip) {
            (_, Some(_)) => Fact::NumberSlip,
            (true, None) => Fact::NumberNamed,
            (false, None) => Fact::NumberInText,
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DateFact {
    Silent,
    /// The invoice's date stands with its number, from .. to ..
    Named(usize, usize),
    /// It stands elsewhere in the purpose, where it may be a contract's or an act's.
    Mentioned(usize, usize),
    /// With the number, or with the word for an invoice, stands another date; or, where no number is named, anywhere the
    /// date of another invoice of the customer.
    Differs,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SumFact {
    Exact,
    /// Less than [`NEAR_MAX`] more or less than what is open.
    Kopecks,
    /// Short by at most [`COMMISSION_PERCENT_MAX`].
    Commission,
    Less,
    More,
    OtherCurrency,
}

/// A rouble, in minor units: who pays so much less or more has rounded.
pub const NEAR_MAX: i64 = 100;
/// What a bank or a marketplace takes for passing money on is rarely more.
pub const COMMISSION_PERCENT_MAX: i64 = 5;
/// Hundreds of roubles, in minor units: advances and prices agree in them by chance.
pub const ROUND: i64 = 10_000;

/// One invoice that the payment may pay.
#[derive(Debug, Clone)]
pub struct Fit<'a> {
    pub slot: usize,
    pub number: Option<NumberFact<'a>>,
    pub link: Option<PayerLink>,
    pub date: DateFact,
    pub sum: SumFact,
    pub part: PartFact,
    pub open: bool,
    pub after_payment: bool,
    pub facts: Facts,
}

impl<'a> Fit<'a> {
    pub fn new(slot: usize, number: Option<NumberFact<'a>>, link: Option<PayerLink>, case: Case<'_, '_>) -> Self {
        let Case {
            payment, said, book, ..
        } = case;
        let of = book.slot(slot);
        let due = if of.is_open() { of.open } else { of.invoice.amount };
        let mut fit = Self {
            slot,
            number,
            link,
            date: date_fact(number, slot, said, book),
            sum: sum_fact(payment.amount, due),
            part: said::part_fact(said.reading, payment.amount, of.invoice.amount, due),
            open: of.is_open(),
            after_payment: of.invoice.date > payment.date,
            facts: Facts::default(),
        };
        fit.facts = fit.gathered(case);
        fit
    }

    pub fn is_exact(&self) -> bool {
        self.sum == SumFact::Exact
    }

    /// Whether the purpose calls its number an invoice's, and has no slip in it.
    pub fn is_numbered(&self) -> bool {
        self.number.is_some_and(|number| number.fact() == Fact::NumberNamed)
    }

    /// Whether payer and sum are all there is to tell it by. A number that nothing calls an invoice's tells nothing
    /// apart: it may be a flat's, a stage's, a number of pupils.
    pub fn rests_on_sum(&self) -> bool {
        let may_be_its = self.number.is_none_or(|number| !number.named);
        self.is_exact() && may_be_its && self.link.is_some()
    }

    fn gathered(&self, case: Case<'_, '_>) -> Facts {
        let mut facts = Facts::default();
        if let Some(number) = &self.number {
            facts.add(number.fact());
        }
        if matches!(self.date, DateFact::Named(..)) {
            facts.add(Fact::DateNamed);
        }
        match self.link {
            Some(link) if link.is_sure() => facts.add(Fact::PayerSure),
            Some(PayerLink::InnInText) => facts.add(Fact::CustomerInnInText),
            Some(_) => facts.add(Fact::CustomerNamed),
            None => {}
        }
        match self.sum {
            SumFact::Exact => facts.add(Fact::SumExact),
            SumFact::Kopecks | SumFact::Commission => facts.add(Fact::SumNear),
            SumFact::Less | SumFact::More | SumFact::OtherCurrency => {}
        }
        if matches!(self.part, PartFact::Agrees(..))
            && self.open
            && case.payment.amount.minor() < case.book.slot(self.slot).open.minor()
        {
            facts.add(Fact::SumNamedPart);
        }
        if self.is_exact() && !self.is_numbered() && self.link.is_some_and(PayerLink::is_sure) {
            self.add_of_sum(&mut facts, case);
        }
        facts
    }

    /// Only for a sure payer's exact sum without its number: they cost some looking, and nothing else asks for them.
    fn add_of_sum(&self, facts: &mut Facts, case: Case<'_, '_>) {
        let Case { payment, book, .. } = case;
        let of = book.slot(self.slot);
        if book
            .open_with_sum(of.customer, payment.amount)
            .filter(|slot| book.slot(*slot).invoice.date <= payment.date)
            .take(2)
            .all(|slot| slot == self.slot)
        {
            facts.add(Fact::SumUnique);
        }
        if payment.amount.minor() % ROUND != 0 {
            facts.add(Fact::SumNotRound);
        }
        if !unnumbered::says_otherwise(self, case) {
            facts.add(Fact::NothingElseSaid);
        }
    }
}

fn date_fact(number: Option<NumberFact<'_>>, slot: usize, said: &Said<'_>, book: &Book) -> DateFact {
    let Slot { customer, invoice, .. } = book.slot(slot);
    let invoiced = invoice.date;
    if let Some(finding) = number.map(|number| number.finding)
        && let (Some(date), Some((start, end))) = (finding.date, finding.date_span)
    {
        return if date == invoiced {
            DateFact::Named(start, end)
        } else {
            DateFact::Differs
        };
    }
    let year = number.and_then(|number| number.finding.year);
    if year.is_some_and(|year| year != invoiced.year()) {
        return DateFact::Differs;
    }
    let dates = || said.reading.of(FindingKind::Date);
    let mentioned = dates().find(|finding| finding.date == Some(invoiced));
    let is_unnumbered = || said.reading.of(FindingKind::InvoiceNumber).next().is_none();
    let is_another_invoices = |finding: &Finding| {
        finding
            .date
            .is_some_and(|date| book.dated(*customer, date).next().is_some())
    };
    if let Some(finding) = mentioned {
        DateFact::Mentioned(finding.start, finding.end)
    } else if (number.is_none() || is_unnumbered()) && said.invoice_date().is_some()
        || is_unnumbered() && dates().any(is_another_invoices)
    {
        DateFact::Differs
    } else {
        DateFact::Silent
    }
}

fn sum_fact(paid: Money, open: Money) -> SumFact {
    if paid.currency() != open.currency() {
        return SumFact::OtherCurrency;
    }
    let Some(missing) = open.minor().checked_sub(paid.minor()) else {
        return SumFact::More;
    };
    match missing {
        0 => SumFact::Exact,
        _ if missing.unsigned_abs() < NEAR_MAX.unsigned_abs() => SumFact::Kopecks,
        _ if missing < 0 => SumFact::More,
        _ if missing <= open.minor() / 100 * COMMISSION_PERCENT_MAX => SumFact::Commission,
        _ => SumFact::Less,
    }
}
