//! The words of the command line.

mod companies;
mod learning;
mod orders;
mod profile;
mod pure;
mod stages;
mod work;

use std::path::PathBuf;

use clap::{Parser, Subcommand, ValueEnum};

pub use companies::CompaniesCommand;
pub use learning::{FactsCommand, RejectArgs, RuleArgs, RulesCommand, ThenArgs};
pub use orders::{OrdersCommand, PeopleCommand, RoleArg, Who};
pub use profile::{AnswerArgs, ProfileCommand};
pub use pure::{AnonymiseArgs, MatchArgs, ReadArgs, SandboxArgs};
pub use stages::{StageArg, StagesArgs};
pub use work::{
    AmocrmArgs, AnswerArg, AuditCommand, ChangedArg, ConnectCommand, InvoiceSum, InvoicesCommand, OutboxCommand, Page,
    SettingsArgs, StateArg, WorkCommand,
};

/// Bank statements to paid invoices, payment orders to the bank.
#[derive(Parser)]
#[command(name = "sverka", version, about)]
pub struct Arguments {
    /// The ledger's folder; by default in the user's application data.
    #[arg(long, global = true, value_name = "DIR", env = "SVERKA_LEDGER")]
    pub ledger: Option<PathBuf>,
    /// Print JSON lines instead of tables.
    #[arg(long, global = true)]
    pub json: bool,
    /// The language of sentences; by default the system's.
    #[arg(long, global = true, value_name = "LANG")]
    pub lang: Option<Language>,
    #[command(subcommand)]
    pub command: Command,
}

#[derive(Clone, Copy, ValueEnum)]
pub enum Language {
    /// Russian.
    Ru,
    /// English.
    En,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Switch {
    On,
    Off,
}

#[derive(Subcommand)]
pub enum Command {
    /// Read bank files and print what they say; needs no ledger.
    Read(ReadArgs),
    /// Make a sample of a bank file for support: invented names, accounts and purposes, the same sums and days.
    Anonymise(AnonymiseArgs),
    /// Say once how the tables of a bank (CSV, XLSX) are to be read.
    #[command(subcommand)]
    Profile(ProfileCommand),
    /// Match payments to invoices, NDJSON in and out; needs no ledger.
    Match(MatchArgs),
    /// Serve a local Bitrix24 and amoCRM to try things on; needs no ledger.
    Sandbox(SandboxArgs),
    /// Make a new ledger.
    Init,
    #[command(flatten)]
    Work(WorkCommand),
    /// Print the completions of a shell.
    Completions {
        /// The shell to complete for.
        shell: clap_complete::Shell,
    },
}
