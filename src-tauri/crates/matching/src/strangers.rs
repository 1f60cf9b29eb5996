//! Money that no customer sent for an invoice: own transfers, loans, acquirers, the budget, the bank itself.
//!
//! What the accounts say is certain. What the words say holds only where nothing says «customer»: a customer may well
//! write «кредит» in a payment for an invoice.

use std::{collections::HashSet, sync::LazyLock};

use domain::Direction;

use crate::{
    decided::Evidence,
    fold::{folded, identifier_key, name_key},
    payment::Payment,
    policy::Policy,
    purpose::{self, PlacedWord},
    reasons::EvidenceKind as Kind,
};

/// Own accounts and tax numbers, in a form to compare by.
#[derive(Debug, Default)]
pub struct Own {
    inns: HashSet<String>,
    accounts: HashSet<String>,
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
        }
    }
}

/// Certain whatever the words say.
pub fn by_facts(payment: &Payment, own: &Own) -> Option<Evidence> {
    let account = identifier_key(payment.payer.account.as_deref());
    let inn = identifier_key(payment.payer.inn.as_deref());
    let is_own_account = account.as_ref().is_some_and(|account| {
        own.accounts.contains(account) || identifier_key(payment.own_account.as_deref()).as_ref() == Some(account)
    });
    let kind = if payment.direction == Some(Direction::Debit) {
        Kind::Outgoing
    } else if payment.reversal {
        Kind::Reversal
    } else if !payment.amount.is_positive() {
        Kind::NoSum
    } else if is_own_account {
        Kind::OwnAccount
    } else if inn.is_some_and(|inn| own.inns.contains(&inn)) {
        Kind::OwnInn
    } else {
        return None;
    };
    Some(Evidence::plain(kind))
}

/// A phrase: starts of words, in this order, with at most [`GAP_WORDS_MAX`] other words between two.
struct Phrase {
    kind: Kind,
    stems: &'static [&'static str],
    /// Only as the first word of the purpose.
    first: bool,
}

const GAP_WORDS_MAX: usize = 3;

const fn phrase(kind: Kind, stems: &'static [&'static str]) -> Phrase {
    Phrase {
        kind,
        stems,
        first: false,
    }
}

const fn opening(kind: Kind, stems: &'static [&'static str]) -> Phrase {
    Phrase {
        kind,
        stems,
        first: true,
    }
}

/// The first that stands in the purpose counts, so the narrower ones come first.
const PHRASES: &[Phrase] = &[
    phrase(Kind::OwnAccount, &["перевод", "собственн", "средств"]),
    phrase(Kind::OwnAccount, &["между", "сво", "счет"]),
    phrase(Kind::OwnAccount, &["между", "собственн", "счет"]),
    phrase(Kind::Acquirer, &["эквайр"]),
    phrase(Kind::Acquirer, &["возмещен", "карт"]),
    phrase(Kind::Acquirer, &["возмещен", "терминал"]),
    phrase(Kind::Acquirer, &["возмещен", "операци"]),
    phrase(Kind::Acquirer, &["возмещен", "сбп"]),
    phrase(Kind::Acquirer, &["мерчант"]),
    phrase(Kind::Acquirer, &["реестр", "операци"]),
    phrase(Kind::Acquirer, &["реестр", "платеж"]),
    phrase(Kind::TaxRefund, &["возврат", "налог"]),
    phrase(Kind::TaxRefund, &["возврат", "переплат", "взнос"]),
    phrase(Kind::TaxRefund, &["возмещен", "ндс"]),
    phrase(Kind::TaxRefund, &["возврат", "ндс"]),
    phrase(Kind::TaxRefund, &["возврат", "енс"]),
    phrase(Kind::TaxRefund, &["сальдо", "енс"]),
    phrase(Kind::TaxRefund, &["возврат", "ндфл"]),
    phrase(Kind::Interest, &["начислен", "процент"]),
    phrase(Kind::Interest, &["выплат", "процент"]),
    phrase(Kind::Interest, &["уплат", "процент"]),
    phrase(Kind::Interest, &["процент", "вклад"]),
    phrase(Kind::Interest, &["процент", "депозит"]),
    phrase(Kind::Interest, &["процент", "остат"]),
    phrase(Kind::Interest, &["процент", "займ"]),
    phrase(Kind::Loan, &["займ"]),
    phrase(Kind::Loan, &["заем"]),
    phrase(Kind::Loan, &["овердрафт"]),
    phrase(Kind::Loan, &["кредитн", "лини"]),
    phrase(Kind::Loan, &["договор", "кредит"]),
    phrase(Kind::Loan, &["кредитн", "договор"]),
    phrase(Kind::Loan, &["предоставл", "кредит"]),
    phrase(Kind::Loan, &["выдач", "кредит"]),
    phrase(Kind::Loan, &["погашен", "кредит"]),
    phrase(Kind::Loan, &["возврат", "кредит"]),
    phrase(Kind::Fee, &["возврат", "комисси"]),
    phrase(Kind::Fee, &["комисси", "банк"]),
    opening(Kind::Fee, &["комисси"]),
    phrase(Kind::Cash, &["взнос", "наличн"]),
    phrase(Kind::Cash, &["внесен", "наличн"]),
    phrase(Kind::Cash, &["прием", "наличн"]),
    phrase(Kind::Cash, &["сдач", "выручк"]),
    phrase(Kind::Cash, &["торгов", "выручк"]),
    phrase(Kind::Cash, &["инкасс"]),
    phrase(Kind::Cash, &["самоинкасс"]),
    phrase(Kind::FounderMoney, &["взнос", "учредител"]),
    phrase(Kind::FounderMoney, &["вклад", "учредител"]),
    phrase(Kind::FounderMoney, &["вклад", "имуществ"]),
    phrase(Kind::FounderMoney, &["уставн", "капитал"]),
    phrase(Kind::FounderMoney, &["финансов", "помощ"]),
    phrase(Kind::FounderMoney, &["пополнен", "счет"]),
    phrase(Kind::FounderMoney, &["пополнен", "средств"]),
    phrase(Kind::Returned, &["возврат"]),
    phrase(Kind::Returned, &["возвращ"]),
];

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

/// What the purpose, the payer's name and the kind of document read like.
pub fn by_words(payment: &Payment) -> Option<Evidence> {
    let words = purpose::placed_words(&payment.purpose);
    let found = PHRASES.iter().find_map(|phrase| {
        let (first, last) = find(phrase, &words)?;
        Some((phrase.kind, words[first].start, words[last].end))
    });
    if let Some((kind, start, end)) = found {
        return Some(Evidence {
            kind,
            text: Some(purpose::slice(&payment.purpose, start, end)),
            start: Some(start),
            end: Some(end),
            for_invoice: None,
        });
    }
    let payer = name_key(payment.payer.name.as_deref().unwrap_or_default());
    if ACQUIRERS.contains(&payer) {
        return Some(Evidence::plain(Kind::Acquirer));
    }
    let document = folded(payment.kind.as_deref().unwrap_or_default());
    document
        .contains("взнос наличными")
        .then(|| Evidence::plain(Kind::Cash))
}

/// The first and the last word of the phrase.
fn find(phrase: &Phrase, words: &[PlacedWord]) -> Option<(usize, usize)> {
    let (head, tail) = phrase.stems.split_first()?;
    let starts = if phrase.first { words.len().min(1) } else { words.len() };
    (0..starts)
        .filter(|at| starts_with(&words[*at].folded, head))
        .find_map(|first| {
            let last = tail.iter().try_fold(first, |last, stem| {
                words
                    .iter()
                    .enumerate()
                    .skip(last + 1)
                    .take(GAP_WORDS_MAX + 1)
                    .find(|(_, word)| starts_with(&word.folded, stem))
                    .map(|(at, _)| at)
            })?;
            Some((first, last))
        })
}

fn starts_with(word: &str, stem: &str) -> bool {
    // «возвратная тара» is goods and «процентный заём» a loan.
    let adjective = match stem {
        "возврат" => word.starts_with("возвратн"),
        "процент" => word.starts_with("процентн"),
        _ => false,
    };
    word.starts_with(stem) && !adjective
}
