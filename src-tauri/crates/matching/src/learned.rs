//! What a confirmed decision teaches: facts that a person can read, check and delete. Nothing is weighed.
//!
//! A decision gives one observation of each fact it speaks about, for or against it. Where they are kept, and that a
//! decision that is undone takes its observations back, is the ledger's.

use std::{
    collections::{HashMap, HashSet},
    fmt,
};

use domain::{Invoice, Money, ShortText, Text};
use serde::{Deserialize, Serialize};

use crate::{
    fold::identifier_key,
    payer::{PayerKey, is_shared},
    payment::Payment,
    policy::LearnedFact,
    purpose::{FindingKind, Reading},
};

/// Observations that make a fact one that counts: one may be a favour and two a chance.
pub const CONFIRMATIONS_FOR_A_FACT: u32 = 3;
/// Who pays for more customers than that passes on other people's money (a bank, a payment service): for whom a payment
/// of it is, only the purpose can tell.
pub const CUSTOMERS_OF_A_PAYER_MAX: usize = 5;

/// How a payer uses to pay.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Habit {
    /// Pays several invoices at once.
    SeveralInvoices,
    /// Never names an invoice's number.
    NoNumbers,
    /// Pays in whole roubles what has kopecks.
    RoundSums,
}

impl Habit {
    pub const ALL: [Self; 3] = [Self::SeveralInvoices, Self::NoNumbers, Self::RoundSums];

    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::SeveralInvoices => "several_invoices",
            Self::NoNumbers => "no_numbers",
            Self::RoundSums => "round_sums",
        }
    }

    #[must_use]
    pub fn text(self) -> Text {
        match self {
            Self::SeveralInvoices => Text::new("платит за несколько счетов сразу", "pays several invoices at once"),
            Self::NoNumbers => Text::new("не называет номера счетов", "names no invoice numbers"),
            Self::RoundSums => Text::new("округляет сумму до рублей", "rounds the sum to whole roubles"),
        }
    }

    /// «Never» is broken by one case; «sometimes» is not.
    const fn bears_exceptions(self) -> bool {
        matches!(self, Self::SeveralInvoices | Self::RoundSums)
    }
}

/// Something learned.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Fact {
    /// This payer, an INN or an account, pays for the customer with this INN.
    PaysFor {
        payer: PayerKey,
        customer: String,
    },
    Habit {
        payer: PayerKey,
        habit: Habit,
    },
}

impl Fact {
    #[must_use]
    pub const fn payer(&self) -> &PayerKey {
        match self {
            Self::PaysFor { payer, .. } | Self::Habit { payer, .. } => payer,
        }
    }

    /// What [`Fact`]'s text says; `None` for any other text.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (kind, rest) = text.split_once(':')?;
        let (payer, last) = rest.rsplit_once(':')?;
        let payer = PayerKey::parse(payer)?;
        match kind {
            "pays-for" => Some(Self::PaysFor {
                payer,
                customer: identifier_key(Some(last))?.into(),
            }),
            "habit" => Some(Self::Habit {
                payer,
                habit: Habit::ALL.into_iter().find(|habit| habit.code() == last)?,
            }),
            _ => None,
        }
    }

    /// In plain words.
    #[must_use]
    pub fn text(&self) -> Text {
        let who = match self.payer() {
            PayerKey::Inn(inn) => Text::new(format!("плательщик с ИНН {inn}"), format!("the payer with INN {inn}")),
            PayerKey::Account(account) => Text::new(format!("счёт {account}"), format!("account {account}")),
        };
        let what = match self {
            Self::PaysFor { customer, .. } => Text::new(
                format!("платит за покупателя с ИНН {customer}"),
                format!("pays for the customer with INN {customer}"),
            ),
            Self::Habit { habit, .. } => habit.text(),
        };
        Text::new(format!("{} {}", who.ru, what.ru), format!("{} {}", who.en, what.en))
    }
}

/// `pays-for:inn:7701234567:7709876543`, `habit:inn:7701234567:no_numbers`
impl fmt::Display for Fact {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::PaysFor { payer, customer } => write!(f, "pays-for:{payer}:{customer}"),
            Self::Habit { payer, habit } => write!(f, "habit:{payer}:{}", habit.code()),
        }
    }
}

/// One decision's word about a fact.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Observation {
    pub fact: Fact,
    /// For it, or against it.
    pub holds: bool,
}

/// What a decision that gives `payment` to `invoices` teaches; `open` in them is what was open before it.
#[must_use]
pub fn observed(payment: &Payment, invoices: &[Invoice]) -> Vec<Observation> {
    let Some(payer) = PayerKey::of(&payment.payer) else {
        return Vec::new();
    };
    if invoices.is_empty() {
        return Vec::new();
    }
    let mut seen = Vec::new();
    let mut customers: Vec<ShortText> = invoices
        .iter()
        .filter_map(|invoice| identifier_key(invoice.customer.inn.as_deref()))
        .collect();
    customers.sort_unstable();
    customers.dedup();
    for customer in customers {
        seen.extend(pays_for(payment, &payer, customer).map(|fact| Observation { fact, holds: true }));
    }
    let reading = crate::purpose::read(&payment.purpose);
    let habits = [
        (Habit::SeveralInvoices, invoices.len() > 1),
        (Habit::NoNumbers, !names_a_number(&reading)),
        (Habit::RoundSums, rounds(payment.amount, invoices)),
    ];
    seen.extend(habits.into_iter().map(|(habit, holds)| Observation {
        fact: Fact::Habit {
            payer: payer.clone(),
            habit,
        },
        holds,
    }));
    seen
}

/// Who pays for himself by his INN teaches that the account is his; the same by account says nothing new.
fn pays_for(payment: &Payment, payer: &PayerKey, customer: ShortText) -> Option<Fact> {
    let payer = if payer.inn() == Some(customer.as_str()) {
        let account = identifier_key(payment.payer.account.as_deref()).filter(|account| !is_shared(account))?;
        PayerKey::Account(account)
    } else {
        payer.clone()
    };
    let customer = customer.into();
    Some(Fact::PaysFor { payer, customer })
}

fn names_a_number(reading: &Reading) -> bool {
    let named = [FindingKind::InvoiceNumber, FindingKind::BareNumber];
    named.into_iter().any(|kind| reading.of(kind).next().is_some())
}

/// Whole roubles, and what was open is less than one rouble away.
fn rounds(paid: Money, invoices: &[Invoice]) -> bool {
    let major = 10i64.pow(paid.currency().minor_digits());
    let zero = Money::zero(paid.currency());
    let open = invoices
        .iter()
        .try_fold(zero, |sum, invoice| sum.checked_add(invoice.open));
    let difference = open.and_then(|open| open.checked_sub(paid));
    difference.is_ok_and(|difference| {
        paid.minor() % major == 0 && !difference.is_zero() && difference.minor().unsigned_abs() < major.unsigned_abs()
    })
}

/// A fact with what speaks for and against it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Counted {
    pub fact: Fact,
    pub count: u32,
    pub exceptions: u32,
}

/// Whether a fact counts, and why it does not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FactState {
    /// The engine goes by it.
    InForce,
    /// Seen less than [`CONFIRMATIONS_FOR_A_FACT`] times.
    TooFew,
    /// The payer pays for more customers than can be told apart by who pays.
    Intermediary,
    /// There were cases to the contrary.
    Exceptions,
}

/// The state of each, in their order. They must be all there are: who pays for many is known only by all of them.
#[must_use]
pub fn states(all: &[Counted]) -> Vec<FactState> {
    let mut customers: HashMap<&PayerKey, usize> = HashMap::new();
    for counted in all.iter().filter(|counted| counted.count > 0) {
        if let Fact::PaysFor { payer, .. } = &counted.fact {
            *customers.entry(payer).or_default() += 1;
        }
    }
    let state = |counted: &Counted| {
        let most = match counted.fact.payer() {
            PayerKey::Inn(_) => CUSTOMERS_OF_A_PAYER_MAX,
            // An account is one firm's; one of two firms is neither's.
            PayerKey::Account(_) => 1,
        };
        match &counted.fact {
            Fact::PaysFor { payer, .. } if customers.get(payer).is_some_and(|count| *count > most) => {
                FactState::Intermediary
            }
            Fact::Habit { habit, .. } if counted.exceptions > 0 && !habit.bears_exceptions() => FactState::Exceptions,
            _ if counted.count < CONFIRMATIONS_FOR_A_FACT => FactState::TooFew,
            _ => FactState::InForce,
        }
    };
    all.iter().map(state).collect()
}

/// What the engine goes by.
#[must_use]
pub fn in_force(all: &[Counted]) -> (Vec<LearnedFact>, Habits) {
    let mut facts = Vec::new();
    let mut habits = HashSet::new();
    for (counted, state) in all.iter().zip(states(all)) {
        if state != FactState::InForce {
            continue;
        }
        match &counted.fact {
            Fact::PaysFor { payer, customer } => facts.push(LearnedFact {
                payer_inn: payer.inn().map(ToOwned::to_owned),
                payer_account: payer.account().map(ToOwned::to_owned),
                pays_for_inn: customer.clone(),
            }),
            Fact::Habit { payer, habit } => {
                habits.insert((payer.clone(), *habit));
            }
        }
    }
    (facts, Habits(habits))
}

/// Who has which habits.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Habits(HashSet<(PayerKey, Habit)>);

impl Habits {
    #[must_use]
    pub fn of(habits: impl IntoIterator<Item = (PayerKey, Habit)>) -> Self {
        Self(habits.into_iter().collect())
    }

    #[must_use]
    pub fn has(&self, payer: &PayerKey, habit: Habit) -> bool {
        // Only the payer's own, a handful: a lookup by borrowed parts is not worth a type.
        self.0.contains(&(payer.clone(), habit))
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}
