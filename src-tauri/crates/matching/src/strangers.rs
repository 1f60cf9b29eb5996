//! Money that no customer sent for an invoice: own transfers, loans, acquirers, the budget, the bank itself.
//!
//! What the accounts say is certain. What the words say holds only where nothing says «customer»: a customer may well
//! write «кредит» in a payment for an invoice.

use std::{
    collections::{HashMap, HashSet},
    sync::LazyLock,
};

use domain::{Direction, ShortText};

use crate::{
    decided::Evidence,
    fold::{begins_with, folded, identifier_key, name_key, word_starts},
    payment::{PayerKeys, Payment},
    policy::Policy,
    purpose::Reading,
    reasons::EvidenceKind as Kind,
};

/// Own accounts and tax numbers, in a form to compare by.
#[derive(Debug, Default)]
pub struct Own {
    inns: HashSet<ShortText>,
    accounts: HashSet<ShortText>,
    /// Whose an account is, where its company is known by INN.
    company_of: HashMap<ShortText, ShortText>,
}

impl Own {
    pub fn of(policy: &Policy) -> Self {
        Self {
            inns: policy
                .own
                .iter()
                .filter_map(|company| identifier_key(company.inn.as_deref()))
                .collect(),
            accounts: policy
                .own
                .iter()
                .flat_map(|company| &company.accounts)
                .filter_map(|account| identifier_key(Some(account)))
                .collect(),
            company_of: policy
                .own
                .iter()
                .filter_map(|company| Some((identifier_key(company.inn.as_deref())?, &company.accounts)))
                .flat_map(|(inn, accounts)| accounts.iter().map(move |account| (account, inn.clone())))
                .filter_map(|(account, inn)| Some((identifier_key(Some(account))?, inn)))
                .collect(),
        }
    }

    /// Whether it is the INN of a company of ours.
    pub fn has_inn(&self, inn: &str) -> bool {
        self.inns.contains(inn)
    }

    /// Whether the money came to one company of ours and the invoice is another's.
    pub fn is_of_another(&self, invoice_company: Option<&str>, own_account: Option<&str>) -> bool {
        self.came_to_its_issuer(invoice_company, own_account) == Some(false)
    }

    /// Whether the money came to the company of ours that issued the invoice; `None` where either is not known.
    pub fn came_to_its_issuer(&self, invoice_company: Option<&str>, own_account: Option<&str>) -> Option<bool> {
        if self.company_of.is_empty() {
            return None;
        }
        let issuer = identifier_key(invoice_company).filter(|issuer| self.has_inn(issuer))?;
        let paid = identifier_key(own_account).and_then(|account| self.company_of.get(&account))?;
        Some(issuer == *paid)
    }
}

/// Certain whatever the words say.
pub fn by_facts(payment: &Payment, keys: &PayerKeys, own: &Own) -> Option<Evidence> {
    let PayerKeys { inn, account, .. } = keys;
    let is_own_account = account.as_ref().is_some_and(|account| {
        own.accounts.contains(account) || identifier_key(payment.own_account.as_deref()).as_ref() == Some(account)
    });
    let kind = if payment.reversal {
        Kind::Reversal
    } else if payment.direction == Some(Direction::Debit) {
        Kind::Outgoing
    } else if !payment.amount.is_positive() {
        Kind::NoSum
    } else if is_own_account {
        Kind::OwnAccount
    } else if inn.as_ref().is_some_and(|inn| own.inns.contains(inn)) {
        Kind::OwnInn
    } else {
        return None;
    };
    Some(Evidence::plain(kind))
}

/// Of a Russian account.
const ACCOUNT_DIGITS: usize = 20;

/// Acquirers and marketplaces by name, folded as payers' names are.
static ACQUIRERS: LazyLock<Vec<String>> = LazyLock::new(|| {
    [
        "нко юмани",
        "юмани",
        "юкасса",
        "робокасса",
        "cloudpayments",
        "клаудпэйментс",
        "wildberries",
        "вайлдберриз",
        "рвб",
        "ozon",
        "озон",
        "интернет решения",
        "яндекс пэй",
    ]
    .into_iter()
    .map(name_key)
    .collect()
});

/// Organisations that are nobody's customer as a rule, by INN: payers whose name is written in many ways.
const KNOWN: &[(&str, Kind)] = &[
    ("7750005725", Kind::Acquirer),  // НКО ЮМани
    ("7708806062", Kind::Acquirer),  // КлаудПэйментс
    ("7721546864", Kind::Acquirer),  // Вайлдберриз
    ("9714053621", Kind::Acquirer),  // РВБ
    ("7704217370", Kind::Acquirer),  // Интернет Решения (Ozon)
    ("7727406020", Kind::TaxRefund), // Казначейство России (ФНС России)
    ("7706016118", Kind::TaxRefund), // Социальный фонд России
];

/// Accounts by their first digits, by the chart of accounts of the Bank of Russia (809-П) and of the treasury (15н).
const ACCOUNTS: &[(&str, Kind)] = &[
    ("30232", Kind::Acquirer),
    ("30233", Kind::Acquirer),
    ("20202", Kind::Cash),
    ("20208", Kind::Cash),
    ("452", Kind::Loan),
    ("454", Kind::Loan),
    ("47426", Kind::Interest),
    ("47427", Kind::Interest),
    ("03100", Kind::TaxRefund),
];

/// Kinds of documents: words of Russian banks, and the types of SWIFT, folded.
static DOCUMENTS: LazyLock<Vec<(String, Kind)>> = LazyLock::new(|| {
    [
        ("взнос наличными", Kind::Cash),
        ("взнос наличных", Kind::Cash),
        ("nint", Kind::Interest),
        ("nchg", Kind::Fee),
        ("nldp", Kind::Loan),
    ]
    .map(|(words, kind)| (folded(words), kind))
    .into()
});

/// What the purpose, the payer and the kind of document read like. A place only where the purpose says it.
pub fn by_words(payment: &Payment, keys: &PayerKeys, reading: &Reading) -> Option<Evidence> {
    if let Some((kind, start, end)) = reading.money {
        return Some(Evidence::placed(kind, &payment.purpose, start, end));
    }
    let told = |kind, text: Option<&str>| Evidence {
        text: text.map(str::to_owned),
        ..Evidence::plain(kind)
    };
    let payer = &payment.payer;
    if let Some((_, kind)) = KNOWN.iter().find(|(known, _)| keys.inn.as_deref() == Some(known)) {
        return Some(told(*kind, payer.name.as_deref()));
    }
    if ACQUIRERS.contains(&keys.name) {
        return Some(told(Kind::Acquirer, payer.name.as_deref()));
    }
    let account = keys.account.as_ref().filter(|account| account.len() == ACCOUNT_DIGITS);
    let of_account = ACCOUNTS
        .iter()
        .find(|(start, _)| account.is_some_and(|account| account.starts_with(start)));
    if let Some((_, kind)) = of_account {
        return Some(told(*kind, payer.account.as_deref()));
    }
    let document = payment.kind.as_deref()?;
    let of_document = word_starts(document)
        .find_map(|(_, from_there)| DOCUMENTS.iter().find(|(words, _)| begins_with(from_there, words)));
    of_document.map(|(_, kind)| told(*kind, payment.kind.as_deref()))
}

/// Whether the purpose opens as a customer's does, so that a mere word does not make a known customer's payment another's:
/// «Оплата за услуги эквайринга».
pub fn opens_as_a_payment(payment: &Payment, evidence: &Evidence) -> bool {
    let first = payment
        .purpose
        .split_whitespace()
        .next()
        .map(folded)
        .unwrap_or_default();
    let opens = ["оплат", "опл", "предоплат", "доплат", "payment"]
        .iter()
        .any(|word| first.starts_with(&folded(word)));
    opens && evidence.start.is_some() && matches!(evidence.kind, Kind::Acquirer | Kind::Fee)
}
