//! Words of what the engine is taught: rules, facts, refusals, replays.

use clap::{Args, Subcommand};

#[derive(Subcommand)]
pub enum RulesCommand {
    /// List the rules in their order: the first that fits a payment holds.
    List,
    /// Add a rule, after a look at what it would have done to past decisions.
    Add {
        #[command(flatten)]
        rule: Box<RuleArgs>,
        #[command(flatten)]
        accept: Accept,
    },
    /// Show what a rule would have done to past decisions, and save nothing.
    Preview {
        #[command(flatten)]
        rule: Box<RuleArgs>,
    },
    /// Remove a rule.
    Remove {
        /// The rule, as `rules list` names it.
        rule: String,
        #[command(flatten)]
        accept: Accept,
    },
    /// Give a rule another place in the order.
    Move {
        /// The rule, as `rules list` names it.
        rule: String,
        /// Its new place, counted from 1.
        #[arg(value_parser = clap::value_parser!(u32).range(1..))]
        place: u32,
        #[command(flatten)]
        accept: Accept,
    },
}

/// The second confirmation.
#[derive(Args)]
pub struct Accept {
    /// Save it although it breaks past decisions: look at the preview first.
    #[arg(long)]
    pub accept_breaks: bool,
}

/// A rule, in options. All conditions that are given must hold.
#[derive(Args)]
pub struct RuleArgs {
    /// Begin from this payment: its payer, and that a person decides.
    #[arg(long, value_name = "ENTRY")]
    pub entry: Option<String>,
    /// What you call it.
    #[arg(long, value_name = "TEXT", required_unless_present = "entry")]
    pub name: Option<String>,
    /// The purpose contains this.
    #[arg(long, value_name = "TEXT")]
    pub contains: Option<String>,
    /// The purpose fits this regular expression; named groups can stand in --invoice.
    #[arg(long, value_name = "REGEX")]
    pub matches: Option<String>,
    /// The payer's INN.
    #[arg(long, value_name = "INN")]
    pub payer_inn: Option<String>,
    /// The payer's account.
    #[arg(long, value_name = "ACCOUNT")]
    pub payer_account: Option<String>,
    /// The payer's name, without its legal form.
    #[arg(long, value_name = "NAME")]
    pub payer_name: Option<String>,
    /// The least sum.
    #[arg(long, value_name = "SUM")]
    pub from: Option<String>,
    /// The largest sum.
    #[arg(long, value_name = "SUM")]
    pub to: Option<String>,
    /// The currency of the sums; roubles without it.
    #[arg(long, value_name = "CODE")]
    pub currency: Option<String>,
    #[command(flatten)]
    pub then: ThenArgs,
    /// Its place in the order, counted from 1; behind the last without it.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    pub place: Option<u32>,
}

/// What follows: one of these.
#[derive(Args)]
#[group(multiple = false)]
pub struct ThenArgs {
    /// It is no customer's payment, but this: own_account, loan, acquirer, tax_refund, interest, fee, cash, returned, founder_money, other_income.
    #[arg(long, value_name = "KIND")]
    pub category: Option<String>,
    /// It pays for the customer with this INN.
    #[arg(long, value_name = "INN")]
    pub customer: Option<String>,
    /// It pays the invoice with this number, which may hold named groups: $n.
    #[arg(long, value_name = "NUMBER")]
    pub invoice: Option<String>,
    /// Only a person decides it.
    #[arg(long)]
    pub never_automatic: bool,
}

#[derive(Subcommand)]
pub enum FactsCommand {
    /// List what was learned: facts, refusals, payers with their records.
    List,
    /// Show the decisions a fact comes from.
    Show {
        /// The fact, as `facts list` names it.
        fact: String,
    },
    /// Forget a fact, or take a refusal back.
    Remove {
        /// The fact, as `facts list` names it.
        fact: String,
    },
    /// Set the largest sum that is decided without a person.
    Cap {
        /// A sum in roubles, or `off`.
        sum: String,
    },
}

#[derive(Args)]
pub struct RejectArgs {
    /// The payment, as `inbox` names it.
    pub entry: String,
    /// The invoice that it does not pay.
    pub invoice: String,
    /// For all payments of this payer, and all invoices of this customer.
    #[arg(long)]
    pub payer: bool,
}
