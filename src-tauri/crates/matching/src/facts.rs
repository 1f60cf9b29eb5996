//! What is true of a payment and one invoice: number, date, payer, sum. Facts only; what follows is `standing`'s.

use std::collections::HashMap;

use domain::Money;

use crate::{
    book::Book,
    fold::{identifier_key, name_key},
    number::Agreement,
    payment::Payment,
    policy::LearnedFact,
    purpose::{Finding, FindingKind, Reading},
};

/// How the payer is known to be the customer, surest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PayerLink {
    Inn,
    Account,
    Learned,
    /// The purpose names the customer's INN; somebody else pays.
    InnInText,
    Name,
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
    by_inn: HashMap<String, Vec<(Option<String>, usize)>>,
    /// Facts that name only an account.
    by_account: HashMap<String, Vec<usize>>,
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

/// The customers a payment may come from, each with its surest link, in the order of customers.
pub fn payer_links(payment: &Payment, reading: &Reading, learned: &Learned, book: &Book) -> Vec<(usize, PayerLink)> {
    let inn = identifier_key(payment.payer.inn.as_deref());
    let account = identifier_key(payment.payer.account.as_deref());
    let mut links = Vec::new();
    let contradicts = |customer: usize| match (&inn, &book.customer(customer).inn) {
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
    let name = name_key(payment.payer.name.as_deref().unwrap_or_default());
    if !name.is_empty() {
        links.extend(
            book.customers_by_name(&name)
                .iter()
                .filter(|customer| !contradicts(**customer))
                .map(|customer| (*customer, PayerLink::Name)),
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
}

impl<'a> NumberFact<'a> {
    pub fn new(finding: &'a Finding, key: &str, agreement: Agreement) -> Self {
        let own_letters = agreement == Agreement::Whole && key.chars().any(char::is_alphabetic);
        Self {
            finding,
            agreement,
            named: finding.kind == FindingKind::InvoiceNumber || own_letters,
        }
    }

    /// Surest first.
    pub fn order(&self) -> (bool, Agreement, usize) {
        (!self.named, self.agreement, self.finding.start)
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DateFact {
    Silent,
    /// The invoice's date stands with its number, from .. to ..
    Named(usize, usize),
    /// It stands elsewhere in the purpose, where it may be a contract's or an act's.
    Mentioned(usize, usize),
    /// With the number stands another date.
    Differs,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SumFact {
    Exact,
    Less,
    More,
    OtherCurrency,
}

/// One invoice that the payment may pay.
#[derive(Debug, Clone)]
pub struct Fit<'a> {
    pub slot: usize,
    pub number: Option<NumberFact<'a>>,
    pub link: Option<PayerLink>,
    pub date: DateFact,
    pub sum: SumFact,
    pub open: bool,
    pub after_payment: bool,
}

impl<'a> Fit<'a> {
    pub fn new(
        slot: usize,
        number: Option<NumberFact<'a>>,
        link: Option<PayerLink>,
        payment: &Payment,
        reading: &Reading,
        book: &Book,
    ) -> Self {
        let of = book.slot(slot);
        Self {
            slot,
            number,
            link,
            date: date_fact(number, of.invoice.date, reading),
            sum: sum_fact(payment.amount, if of.is_open() { of.open } else { of.invoice.amount }),
            open: of.is_open(),
            after_payment: of.invoice.date > payment.date,
        }
    }

    pub fn is_exact(&self) -> bool {
        self.sum == SumFact::Exact
    }
}

fn date_fact(number: Option<NumberFact<'_>>, invoiced: chrono::NaiveDate, reading: &Reading) -> DateFact {
    if let Some(finding) = number.map(|number| number.finding)
        && let (Some(date), Some((start, end))) = (finding.date, finding.date_span)
    {
        return if date == invoiced {
            DateFact::Named(start, end)
        } else {
            DateFact::Differs
        };
    }
    reading
        .of(FindingKind::Date)
        .find(|finding| finding.date == Some(invoiced))
        .map_or(DateFact::Silent, |finding| {
            DateFact::Mentioned(finding.start, finding.end)
        })
}

fn sum_fact(paid: Money, open: Money) -> SumFact {
    match paid.partial_cmp(&open) {
        None => SumFact::OtherCurrency,
        Some(std::cmp::Ordering::Equal) => SumFact::Exact,
        Some(std::cmp::Ordering::Less) => SumFact::Less,
        Some(std::cmp::Ordering::Greater) => SumFact::More,
    }
}
