//! Words of the commands on a ledger.

use std::{path::PathBuf, str::FromStr};

use chrono::NaiveDate;
use clap::{Args, Subcommand, ValueEnum};

use super::{CompaniesCommand, FactsCommand, OrdersCommand, PeopleCommand, RejectArgs, RulesCommand, StagesArgs};

#[derive(Subcommand)]
pub enum WorkCommand {
    /// Import bank files into the ledger.
    Import {
        /// Bank files.
        #[arg(required = true, value_name = "FILE")]
        files: Vec<PathBuf>,
    },
    /// Watch a folder, import what comes, match, deliver; runs until stopped.
    Watch {
        /// The folder; by default the one of the settings. Named once, it is remembered.
        dir: Option<PathBuf>,
        /// Look by itself instead of waiting for events: for a network drive.
        #[arg(long)]
        poll: bool,
    },
    /// List incoming payments, or show one.
    Inbox {
        /// Show this payment whole.
        #[arg(conflicts_with_all = ["state", "advances", "search", "offset", "limit"])]
        entry: Option<String>,
        /// Only payments in this state.
        #[arg(long)]
        state: Option<StateArg>,
        /// Only payments of which something is kept as an advance.
        #[arg(long)]
        advances: bool,
        /// Only payments with these words in payer, purpose or number.
        #[arg(long, value_name = "TEXT", default_value = "")]
        search: String,
        #[command(flatten)]
        page: Page,
    },
    /// Statement lines in question: list them, or say what one is.
    Asked {
        /// The line's number in the list.
        #[arg(requires = "answer")]
        asked: Option<u64>,
        answer: Option<AnswerArg>,
    },
    /// Match again what is undecided.
    Rematch,
    /// Decide what an incoming payment pays, or what money that went back takes back.
    Decide {
        /// The payment, as `inbox` names it.
        entry: String,
        /// What it pays, repeatable; without it, the best candidate. Of a refund: what it comes out of.
        #[arg(long = "invoice", value_name = "INVOICE=SUM")]
        invoices: Vec<InvoiceSum>,
        /// The earlier payment that it takes back; without it, a debit takes back the best candidate's.
        #[arg(long, value_name = "ENTRY")]
        refund_of: Option<String>,
        /// It pays no invoice; of a debit: it is no refund to a customer.
        #[arg(long, conflicts_with_all = ["invoices", "refund_of"])]
        dismiss: bool,
    },
    /// Take a decision back, here and in the CRM.
    Undo {
        /// The decision; without it, the last one.
        decision: Option<String>,
        /// The money went back to the customer: the CRM is told so.
        #[arg(long)]
        refund: bool,
    },
    /// Refuse an invoice for a payment: the pair is never offered again.
    Reject(RejectArgs),
    /// Say once how payments of a kind are to be taken.
    #[command(subcommand)]
    Rules(Box<RulesCommand>),
    /// Look at what was learned, and forget it.
    #[command(subcommand)]
    Facts(FactsCommand),
    /// Say what today's engine would have made of past decisions: better, or broken.
    Replay,
    /// Bring invoices from the CRM, or list them.
    #[command(subcommand)]
    Invoices(InvoicesCommand),
    /// Draft payment orders, approve them, write them for the bank.
    #[command(subcommand)]
    Orders(OrdersCommand),
    /// Say which companies are ours, whose accounts are, and for whom each CRM bills.
    #[command(subcommand)]
    Companies(CompaniesCommand),
    /// Say who works with this ledger.
    #[command(subcommand)]
    People(PeopleCommand),
    /// Tell the CRM what waits in the queue, until it is empty.
    Sync {
        /// Try what is due once, and stop.
        #[arg(long)]
        once: bool,
    },
    /// Look at the queue to the CRM, and steer it.
    #[command(subcommand)]
    Outbox(OutboxCommand),
    /// Say how everything stands.
    Status,
    /// Look at the connection to each CRM: address, key, rights, stages, field, clock.
    Health,
    /// Check the audit log, or list it.
    #[command(subcommand)]
    Audit(AuditCommand),
    /// Connect a CRM, also beside others; its address is asked for, or read from standard input.
    #[command(subcommand)]
    Connect(ConnectCommand),
    /// List which stages of the CRM stand for which payment status, or choose them.
    Stages(StagesArgs),
    /// Forget a CRM's key.
    Disconnect {
        /// The connection, as `health` names it; needed where there are several.
        connection: Option<String>,
    },
    /// Show or change the settings.
    Settings(SettingsArgs),
    /// Let automatic decisions go on for an account whose balances do not add up.
    Release {
        /// The account's number.
        account: String,
        /// The day from which they may go on, YYYY-MM-DD.
        day: NaiveDate,
    },
}

/// Which part of a list.
#[derive(Args)]
pub struct Page {
    /// Rows to pass over.
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub offset: u32,
    /// Rows to print, at most 500.
    #[arg(long, value_name = "N", default_value_t = 100, value_parser = clap::value_parser!(u32).range(1..=500))]
    pub limit: u32,
}

#[derive(Clone, Copy, ValueEnum)]
pub enum AnswerArg {
    /// An entry of its own: money came in.
    Credit,
    /// An entry of its own: money went out.
    Debit,
    /// Known already, or no entry: do not book it.
    Drop,
}

#[derive(Clone, Copy, ValueEnum)]
pub enum StateArg {
    /// Waits for a person.
    Review,
    /// No invoice was found.
    NotFound,
    /// Pays invoices.
    Decided,
    /// Not from a customer.
    NotCustomers,
}

/// `b24:31:1001=1500.00`
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InvoiceSum {
    pub invoice: String,
    pub sum: String,
}

impl FromStr for InvoiceSum {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text.rsplit_once('=') {
            Some((invoice, sum)) if !invoice.is_empty() && !sum.is_empty() => Ok(Self {
                invoice: invoice.to_owned(),
                sum: sum.to_owned(),
            }),
            _ => Err("INVOICE=SUM is expected, for example b24:31:1001=1500.00"),
        }
    }
}

#[derive(Subcommand)]
pub enum InvoicesCommand {
    /// Bring open invoices from the CRM, and look at what became of our writes there.
    Pull {
        /// Ask only for what changed since the last time; for everything all the same where that cannot be trusted.
        #[arg(long)]
        changes: bool,
    },
    /// List the invoices that were brought.
    List {
        /// Only invoices with these words in number or customer.
        #[arg(long, value_name = "TEXT", default_value = "")]
        search: String,
        /// Only those with something open.
        #[arg(long)]
        open: bool,
        #[command(flatten)]
        page: Page,
    },
}

#[derive(Subcommand)]
pub enum OutboxCommand {
    /// List the messages of the queue.
    List {
        #[command(flatten)]
        page: Page,
    },
    /// Show one message: every attempt, the receipt.
    Show {
        /// The message, as `outbox list` names it.
        message: String,
    },
    /// Try a message again now.
    Retry {
        /// The message, as `outbox list` names it.
        message: String,
    },
    /// Set a message aside.
    Park {
        /// The message, as `outbox list` names it.
        message: String,
    },
    /// Invoices that somebody changed in the CRM after our write: list them, or say what to do about one.
    Changed {
        /// The change, as the list names it.
        #[arg(requires = "answer")]
        change: Option<String>,
        answer: Option<ChangedArg>,
    },
}

#[derive(Clone, Copy, ValueEnum)]
pub enum ChangedArg {
    /// We are right: record the payment in the CRM once more.
    WriteAgain,
    /// The CRM is right: write nothing.
    Leave,
    /// Ask whoever answers for the invoice, by a task in the CRM.
    Ask,
    /// Take the decision on the payment back, here and in the CRM.
    Undo,
    /// Not now.
    Later,
}

#[derive(Subcommand)]
pub enum AuditCommand {
    /// Check that no event was changed or removed.
    Verify,
    /// List events, oldest first.
    List {
        /// Only events after this number.
        #[arg(long, value_name = "N", default_value_t = 0)]
        after: u64,
        /// Events to print.
        #[arg(long, value_name = "N", default_value_t = 100)]
        limit: u64,
    },
}

#[derive(Subcommand)]
pub enum ConnectCommand {
    /// Connect a Bitrix24 portal through its inbound webhook, or by a local application.
    Bitrix24 {
        /// Read the webhook's address from standard input.
        #[arg(long, conflicts_with = "application")]
        webhook_stdin: bool,
        /// Connect by the local application with this id (client_id); its secret and the code, or the whole address that
        /// the browser ended at, are asked for, or read as two lines of standard input.
        #[arg(long, value_name = "ID")]
        application: Option<String>,
        #[command(flatten)]
        place: PlaceArgs,
    },
    /// Connect an account of amoCRM or Kommo by a long-lived token, or by an integration and its code.
    Amocrm(AmocrmArgs),
}

/// Which connection it becomes. A portal that is connected already gets the new key, another one is connected beside it.
#[derive(Args)]
pub struct PlaceArgs {
    /// Give this connection a new key, and make no other.
    #[arg(long, value_name = "CONNECTION")]
    pub connection: Option<String>,
    /// What you call it; without it, the portal's address.
    #[arg(long)]
    pub name: Option<String>,
}

#[derive(Args)]
pub struct AmocrmArgs {
    /// The account's address, as a browser shows it; asked for without it.
    pub account: Option<String>,
    /// Read what was not named from standard input, a line each: the address, then the token (with --client-id the
    /// integration's secret key and its code).
    #[arg(long)]
    pub token_stdin: bool,
    /// The integration's id: connect by its code instead of a long-lived token.
    #[arg(long, value_name = "ID", requires = "redirect_uri")]
    pub client_id: Option<String>,
    /// The integration's redirect address.
    #[arg(long, value_name = "URI", requires = "client_id")]
    pub redirect_uri: Option<String>,
    /// Where a lead goes when its invoice is paid in full; without it leads keep their status.
    #[arg(long, value_name = "PIPELINE:STATUS")]
    pub lead_status: Option<LeadStatusArg>,
    #[command(flatten)]
    pub place: PlaceArgs,
}

/// `7:142`
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LeadStatusArg {
    pub pipeline: u32,
    pub status: u32,
}

impl FromStr for LeadStatusArg {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let numbers = text.split_once(':').and_then(|(pipeline, status)| {
            Some(Self {
                pipeline: pipeline.parse().ok()?,
                status: status.parse().ok()?,
            })
        });
        numbers.ok_or("PIPELINE:STATUS is expected, two numbers, for example 7:142")
    }
}

#[derive(Args)]
pub struct SettingsArgs {
    /// Where the bank client drops statements.
    #[arg(long, value_name = "DIR")]
    pub folder: Option<PathBuf>,
    /// Where payment order files go.
    #[arg(long, value_name = "DIR")]
    pub export_folder: Option<PathBuf>,
    /// Our own requisites, as JSON with the fields of a party.
    #[arg(long, value_name = "FILE")]
    pub payer: Option<PathBuf>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_status_of_leads_is_two_numbers() {
        let parsed: LeadStatusArg = "7:142".parse().unwrap();
        assert_eq!((parsed.pipeline, parsed.status), (7, 142));
        for wrong in ["", "7", "7:", ":142", "a:b", "7:142:1"] {
            assert!(wrong.parse::<LeadStatusArg>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn an_invoice_and_its_sum_are_parted_at_the_last_sign() {
        let parsed: InvoiceSum = "a=b:1=1500.00".parse().unwrap();
        assert_eq!((parsed.invoice.as_str(), parsed.sum.as_str()), ("a=b:1", "1500.00"));
        for wrong in ["", "b24:31:1001", "=5", "b24:31:1001="] {
            assert!(wrong.parse::<InvoiceSum>().is_err(), "{wrong}");
        }
    }
}
