//! The words of the command line.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

/// Bank statements to paid invoices, payment orders to the bank.
#[derive(Parser)]
#[command(name = "sverka", version, about)]
pub struct Arguments {
    /// The ledger's folder; by default in the user's application data.
    #[arg(long, global = true, value_name = "DIR", env = "SVERKA_LEDGER")]
    pub ledger: Option<PathBuf>,
    /// JSON lines instead of tables.
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
    Ru,
    En,
}

#[derive(Subcommand)]
pub enum Command {
    /// Read bank files and print what they say; needs no ledger.
    Read(ReadArgs),
    /// Match payments to invoices, NDJSON in and out; needs no ledger.
    Match(MatchArgs),
    /// Serve a local Bitrix24 to try things on.
    Sandbox(SandboxArgs),
    /// Make a new ledger.
    Init,
    /// Import bank files into the ledger.
    Import {
        #[arg(required = true, value_name = "FILE")]
        files: Vec<PathBuf>,
    },
    /// Watch a folder, import what comes, match, deliver. Runs until stopped.
    Watch {
        /// The folder; by default the one of the settings. Named once, it is remembered.
        dir: Option<PathBuf>,
        /// A network drive: look by itself instead of waiting for events.
        #[arg(long)]
        poll: bool,
    },
    /// List incoming payments, or show one.
    Inbox {
        /// Show this entry whole.
        entry: Option<String>,
        #[arg(long)]
        state: Option<StateArg>,
        #[arg(long, default_value = "")]
        search: String,
        #[arg(long, default_value_t = 0)]
        offset: u32,
        #[arg(long, default_value_t = 100)]
        limit: u32,
    },
    /// Match again what is undecided.
    Rematch,
    /// Decide what an incoming payment pays.
    Decide {
        entry: String,
        /// What it pays: INVOICE=SUM, repeatable. Without it: the best candidate.
        #[arg(long = "invoice", value_name = "INVOICE=SUM")]
        invoices: Vec<String>,
        /// It pays no invoice.
        #[arg(long, conflicts_with = "invoices")]
        dismiss: bool,
    },
    /// Take a decision back, here and in the CRM.
    Undo {
        /// The decision; without it, the last one.
        decision: Option<String>,
    },
    /// Invoices of the CRM.
    #[command(subcommand)]
    Invoices(InvoicesCommand),
    /// Payment orders.
    #[command(subcommand)]
    Orders(OrdersCommand),
    /// Who works with this ledger.
    #[command(subcommand)]
    People(PeopleCommand),
    /// Tell the CRM what waits in the queue, until it is empty.
    Sync {
        /// Try what is due once, and stop.
        #[arg(long)]
        once: bool,
    },
    /// The queue to the CRM.
    #[command(subcommand)]
    Outbox(OutboxCommand),
    /// How everything stands.
    Status,
    /// The audit log.
    #[command(subcommand)]
    Audit(AuditCommand),
    /// Connect a CRM; its address is asked for, or read from standard input.
    #[command(subcommand)]
    Connect(ConnectCommand),
    /// Forget the CRM's key.
    Disconnect,
    /// Show or change the settings.
    Settings(SettingsArgs),
    /// Say go for an account whose balances do not add up.
    Release {
        account: String,
        /// The day from which automatic decisions may go on, ISO.
        day: chrono::NaiveDate,
    },
    /// Shell completions.
    Completions { shell: clap_complete::Shell },
}

#[derive(Args)]
pub struct ReadArgs {
    #[arg(required = true, value_name = "FILE")]
    pub files: Vec<PathBuf>,
    /// NDJSON in the file's own order, for any size.
    #[arg(long, conflicts_with = "summary")]
    pub events: bool,
    /// One line a file: counts, sums, diagnostics.
    #[arg(long)]
    pub summary: bool,
    /// Read it as this, whatever it looks like.
    #[arg(long, value_name = "FORMAT")]
    pub format: Option<String>,
    /// An own account, for files that name none.
    #[arg(long = "own-account", value_name = "N")]
    pub own_accounts: Vec<String>,
}

#[derive(Args)]
pub struct MatchArgs {
    #[arg(long, value_name = "FILE")]
    pub invoices: PathBuf,
    #[arg(long, value_name = "FILE")]
    pub payments: PathBuf,
    #[arg(long, value_name = "FILE")]
    pub policy: Option<PathBuf>,
}

#[derive(Args)]
pub struct SandboxArgs {
    /// Port of HTTP; 0: any.
    #[arg(long, default_value_t = 0)]
    pub http: u16,
    #[arg(long, default_value = "off")]
    pub limits: Switch,
    /// A firm made from this seed instead of the demo company.
    #[arg(long)]
    pub seed: Option<u64>,
    #[arg(long, default_value_t = 20, requires = "seed")]
    pub companies: u32,
    #[arg(long, default_value_t = 100, requires = "seed")]
    pub invoices: u32,
    /// Keep what it holds in this folder.
    #[arg(long, value_name = "DIR")]
    pub state: Option<PathBuf>,
    /// Faults from the start, as JSON for the control address.
    #[arg(long, value_name = "FILE")]
    pub faults: Option<PathBuf>,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Switch {
    On,
    Off,
}

#[derive(Clone, Copy, ValueEnum)]
pub enum StateArg {
    Review,
    NotFound,
    Decided,
    NotCustomers,
}

#[derive(Subcommand)]
pub enum InvoicesCommand {
    /// Bring open invoices from the CRM.
    Pull,
    List {
        #[arg(long, default_value = "")]
        search: String,
        /// Only those with something open.
        #[arg(long)]
        open: bool,
        #[arg(long, default_value_t = 0)]
        offset: u32,
        #[arg(long, default_value_t = 100)]
        limit: u32,
    },
}

/// Whose consent it is. The passphrase is asked for, or read as one line from standard input.
#[derive(Args)]
pub struct Who {
    /// Name of the person.
    #[arg(long = "as", value_name = "NAME")]
    pub name: String,
    /// Read the passphrase from standard input.
    #[arg(long)]
    pub passphrase_stdin: bool,
}

#[derive(Subcommand)]
pub enum OrdersCommand {
    /// Save a draft: JSON with the fields of form 0401060, from FILE or `-`.
    Draft {
        file: PathBuf,
        /// Replace this order's draft.
        #[arg(long)]
        order: Option<String>,
    },
    /// Hand a draft over for approval, in its author's name.
    Submit {
        order: String,
        #[command(flatten)]
        who: Who,
    },
    /// Approve as a second person; with `--alone SUM`, as the sole operator.
    Approve {
        order: String,
        #[command(flatten)]
        who: Who,
        /// The sum once more, where the owner lets a sole operator approve.
        #[arg(long, value_name = "SUM")]
        alone: Option<String>,
    },
    Reject {
        order: String,
        #[command(flatten)]
        who: Who,
        #[arg(long)]
        reason: String,
    },
    /// Write approved orders into a 1C file for the bank client.
    Export {
        /// Without names: every approved one.
        orders: Vec<String>,
        #[arg(long, value_name = "DIR")]
        to: Option<PathBuf>,
    },
    List,
    Show {
        order: String,
    },
}

#[derive(Subcommand)]
pub enum PeopleCommand {
    List,
    /// Add a person. The first is the owner; for others the owner's passphrase is needed too.
    Add {
        name: String,
        #[arg(long, default_value = "accountant")]
        role: RoleArg,
        /// The owner's name, for every person but the first.
        #[arg(long, value_name = "NAME")]
        owner: Option<String>,
        /// Read passphrases from standard input, a line each: the person's, then the owner's.
        #[arg(long)]
        passphrase_stdin: bool,
    },
    /// Let a sole operator approve own orders, or stop it.
    SoleOperator {
        state: Switch,
        #[command(flatten)]
        who: Who,
    },
}

#[derive(Clone, Copy, ValueEnum)]
pub enum RoleArg {
    Owner,
    Accountant,
    Approver,
    Viewer,
}

#[derive(Subcommand)]
pub enum OutboxCommand {
    List {
        #[arg(long, default_value_t = 0)]
        offset: u32,
        #[arg(long, default_value_t = 100)]
        limit: u32,
    },
    /// One message: every attempt, the receipt.
    Show { message: String },
    /// Try again now.
    Retry { message: String },
    /// Set aside.
    Park { message: String },
}

#[derive(Subcommand)]
pub enum AuditCommand {
    /// Check that no event was changed or removed.
    Verify,
    List {
        /// Events after this number.
        #[arg(long, default_value_t = 0)]
        after: u64,
        #[arg(long, default_value_t = 100)]
        limit: u64,
    },
}

#[derive(Subcommand)]
pub enum ConnectCommand {
    Bitrix24 {
        /// Read the webhook's address from standard input.
        #[arg(long)]
        webhook_stdin: bool,
    },
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
