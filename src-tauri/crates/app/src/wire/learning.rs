//! What the engine was taught: facts with their sources, payers with their records, refused pairs, rules, and what a
//! change would have done to the past.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::{Sum, Words};

/// What the engine knows by people's decisions.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct Facts {
    pub facts: Vec<FactView>,
    pub rejected: Vec<RejectedView>,
    pub payers: Vec<PayerView>,
    /// The largest sum that is decided without a person; null: no limit.
    pub cap: Option<Sum>,
    /// Confirmations that make a fact count.
    pub confirmations_for_a_fact: u32,
    /// Confirmations of a class in a row that earn it.
    pub confirmations_to_earn: u32,
}

/// Why the engine goes by a fact or does not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum FactStateName {
    InForce,
    TooFew,
    Intermediary,
    Exceptions,
}

#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct FactView {
    /// What it is removed by.
    pub fact: String,
    /// The payer as the last statement called it.
    pub payer: String,
    pub says: Words,
    pub state: FactStateName,
    /// The state in words.
    pub state_says: Words,
    pub count: u32,
    pub exceptions: u32,
    /// Days of the first and the last payment that show it.
    pub first: String,
    pub last: String,
}

#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct FactRequest {
    /// Of a fact or of a refusal.
    pub fact: String,
}

#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct FactDetail {
    pub fact: FactView,
    /// Decisions it comes from, the latest first.
    pub sources: Vec<FactSourceView>,
}

#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct FactSourceView {
    pub decision: String,
    pub entry: String,
    pub date: String,
    /// For the fact, or against it.
    pub holds: bool,
}

#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct RejectedView {
    /// What it is taken back by.
    pub fact: String,
    pub entry: String,
    pub says: Words,
    pub by: Words,
    pub at: String,
}

/// A payer's record and what it has earned.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct PayerView {
    /// `inn:7701234567`, or `account:…`.
    pub payer: String,
    pub name: String,
    pub decisions: u32,
    pub undone: u32,
    /// The largest share of wrong decisions that this record leaves possible at 95 per cent, in per cent with two digits
    /// after the point: `0.96`. With nothing undone it is `1 - 0.05^(1/decisions)`, rounded up.
    pub bound_percent: String,
    /// «312 решений, 0 отмен: ошибочных не больше 0,96 %».
    pub says: Words,
    pub classes: Vec<ClassView>,
}

/// One row of the table that a payer can earn.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct ClassView {
    pub class: String,
    /// Suggestions confirmed in a row, since the last that was undone.
    pub confirmed: u32,
    pub earned: bool,
}

#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct CapRequest {
    /// A decimal in roubles; null: no limit.
    pub sum: Option<String>,
}

/// How far a refusal goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum RejectScope {
    /// This payment is not for this invoice.
    Payment,
    /// This payer does not pay for this invoice's customer.
    Payer,
}

#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct RejectRequest {
    pub entry: String,
    pub invoice: String,
    pub scope: RejectScope,
}

/// A rule as it is written: the shape of the policy file's `rules`. All conditions that are given must hold.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct RuleBody {
    pub name: String,
    #[serde(default)]
    pub purpose_contains: Option<String>,
    /// A regular expression; named groups can stand in the invoice's number.
    #[serde(default)]
    pub purpose_matches: Option<String>,
    #[serde(default)]
    pub payer: RulePayer,
    #[serde(default)]
    pub sum_from: Option<String>,
    #[serde(default)]
    pub sum_to: Option<String>,
    /// Of the sums; null: roubles.
    #[serde(default)]
    pub currency: Option<String>,
    pub then: RuleThen,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct RulePayer {
    pub inn: Option<String>,
    pub account: Option<String>,
    pub name: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum RuleThen {
    /// What it is instead of a customer's payment: one of `RulesView.categories`.
    Category(String),
    CustomerInn(String),
    /// A number, or one with named groups of the expression: `СЧ-$n`.
    Invoice(String),
    /// Always true.
    NeverAutomatic(bool),
}

#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct RulesView {
    /// In their order: the first that fits a payment holds.
    pub rules: Vec<RuleView>,
    pub categories: Vec<CategoryView>,
}

#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct CategoryView {
    pub category: String,
    pub says: Words,
}

#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct RuleView {
    pub rule: String,
    pub body: RuleBody,
    /// In plain words.
    pub says: Words,
    pub by: Words,
    pub at: String,
}

/// A change of the rules, of any kind.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum RuleChange {
    Add {
        body: Box<RuleBody>,
        /// Counted from 1; null: behind the last.
        place: Option<u32>,
    },
    /// Written anew, in its place.
    Rewrite {
        rule: String,
        body: Box<RuleBody>,
    },
    Remove {
        rule: String,
    },
    Move {
        rule: String,
        place: u32,
    },
}

#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct RulePreviewRequest {
    pub change: RuleChange,
}

#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct RuleSaveRequest {
    pub change: RuleChange,
    /// The second confirmation: needed where the change breaks anything of the past.
    pub breaks_accepted: bool,
}

/// How an answer stood to what people decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum AnswerName {
    /// Decided without a person, rightly.
    Right,
    /// Asked, the first suggestion right.
    AskedRight,
    /// Asked, and a person had to look for it.
    Asked,
    Wrong,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum ChangeName {
    Better,
    /// Decided rightly before, suggested rightly now.
    AskedNow,
    Broken,
}

/// What the confirmed past says of a change.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct ReplayView {
    /// Payments that were looked at: those decided last, where there are more than fit.
    pub past: u32,
    pub better: u32,
    pub broken: u32,
    pub asked_now: u32,
    /// «+38 верных, ломает 2».
    pub summary: Words,
    /// Every payment that changes; what breaks stands first.
    pub changes: Vec<ReplayRow>,
}

#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct ReplayRow {
    pub entry: String,
    pub date: String,
    pub sum: Sum,
    pub payer: String,
    pub purpose: String,
    /// Numbers of the invoices that people gave it to.
    pub invoices: Vec<String>,
    pub before: AnswerName,
    pub after: AnswerName,
    pub change: ChangeName,
}
