//! A rule as it is written: the shape of the policy's `rules`, of the ledger and of the page.

use domain::Text;
use serde::{Deserialize, Serialize};

use crate::reasons::EvidenceKind;

/// What a payment can be instead of a customer's.
pub const CATEGORIES: &[EvidenceKind] = &[
    EvidenceKind::OwnAccount,
    EvidenceKind::Loan,
    EvidenceKind::Acquirer,
    EvidenceKind::TaxRefund,
    EvidenceKind::Interest,
    EvidenceKind::Fee,
    EvidenceKind::Cash,
    EvidenceKind::Returned,
    EvidenceKind::FounderMoney,
    EvidenceKind::OtherIncome,
];

/// One rule. All conditions that are given must hold; at least one must be given.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RuleSpec {
    /// What the accountant calls it.
    pub name: String,
    /// The purpose contains this, whatever the case, ё or е, Latin letters that look Cyrillic.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub purpose_contains: Option<String>,
    /// The purpose fits this regular expression (syntax of the `regex` crate, case aside). Named groups can be used in
    /// the invoice's number: `(?<n>\d+)` as `$n`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub purpose_matches: Option<String>,
    #[serde(default, skip_serializing_if = "PayerIs::is_anybody")]
    pub payer: PayerIs,
    /// The least sum, a decimal.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sum_from: Option<String>,
    /// The largest sum, a decimal.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sum_to: Option<String>,
    /// Of the sums; without it roubles. A payment in another currency does not fit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub currency: Option<String>,
    pub then: Then,
}

/// Who pays. What is given must all agree.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct PayerIs {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub inn: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub account: Option<String>,
    /// Without legal form, quotes and case.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
}

impl PayerIs {
    pub(super) fn is_anybody(&self) -> bool {
        *self == Self::default()
    }
}

/// What follows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Then {
    /// No customer's payment, but this: one of [`CATEGORIES`].
    Category(EvidenceKind),
    /// It pays for the customer with this INN.
    CustomerInn(String),
    /// The invoice's number: fixed, or with named groups of the expression (`СЧ-$n`).
    Invoice(String),
    /// A person decides, whatever fits. Only `true` is meant.
    NeverAutomatic(bool),
}

impl RuleSpec {
    /// The rule in plain words.
    #[must_use]
    pub fn text(&self) -> Text {
        let mut ru = Vec::new();
        let mut en = Vec::new();
        let mut says = |words: Option<(String, String)>| {
            if let Some((russian, english)) = words {
                ru.push(russian);
                en.push(english);
            }
        };
        let quoted = |text: &Option<String>, ru: &str, en: &str| {
            text.as_ref()
                .map(|text| (format!("{ru} «{text}»"), format!("{en} «{text}»")))
        };
        says(quoted(
            &self.purpose_contains,
            "в назначении есть",
            "the purpose contains",
        ));
        says(quoted(
            &self.purpose_matches,
            "назначение подходит под выражение",
            "the purpose fits the expression",
        ));
        says(quoted(&self.payer.inn, "ИНН плательщика", "the payer's INN is"));
        says(quoted(
            &self.payer.account,
            "счёт плательщика",
            "the payer's account is",
        ));
        says(quoted(&self.payer.name, "плательщик", "the payer is"));
        let currency = self.currency.as_deref().unwrap_or("RUB");
        let sum = |text: &Option<String>, ru: &str, en: &str| {
            text.as_ref()
                .map(|sum| (format!("{ru} {sum} {currency}"), format!("{en} {sum} {currency}")))
        };
        says(sum(&self.sum_from, "сумма не меньше", "the sum is at least"));
        says(sum(&self.sum_to, "сумма не больше", "the sum is at most"));
        let then = match &self.then {
            Then::Category(kind) => {
                let what = kind.text();
                Text::new(
                    format!("не от покупателя: {}", what.ru),
                    format!("not a customer's: {}", what.en),
                )
            }
            Then::CustomerInn(inn) => Text::new(
                format!("платёж за покупателя с ИНН {inn}"),
                format!("it pays for the customer with INN {inn}"),
            ),
            Then::Invoice(number) => Text::new(
                format!("номер счёта — «{number}»"),
                format!("the invoice number is «{number}»"),
            ),
            Then::NeverAutomatic(_) => Text::new("решает только человек", "only a person decides"),
        };
        Text::new(
            format!("если {}, то {}", ru.join(" и "), then.ru),
            format!("if {}, then {}", en.join(" and "), then.en),
        )
    }
}
