//! Words of payment orders, and of the people whose consent they need.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};

use super::{Page, Switch};

/// Whose consent it is. The passphrase is never an argument.
#[derive(Args)]
pub struct Who {
    /// Whose consent it is; the passphrase is asked for.
    #[arg(long = "as", value_name = "NAME")]
    pub name: String,
    /// Read the passphrase from standard input, as one line.
    #[arg(long)]
    pub passphrase_stdin: bool,
}

#[derive(Subcommand)]
pub enum OrdersCommand {
    /// Save a draft, and say what is wrong in it.
    Draft {
        /// The fields of form 0401060, as JSON; `-` is standard input.
        file: PathBuf,
        /// Pay from this account of ours, with its owner's requisites as statements and settings know them.
        #[arg(long, value_name = "ACCOUNT")]
        from: Option<String>,
        /// Replace this order's draft.
        #[arg(long)]
        order: Option<String>,
    },
    /// Hand a draft over for approval, in its author's name.
    Submit {
        /// The order, as `orders list` names it.
        order: String,
        #[command(flatten)]
        who: Who,
    },
    /// Approve as a second person; with `--alone SUM`, as the sole operator.
    Approve {
        /// The order, as `orders list` names it.
        order: String,
        #[command(flatten)]
        who: Who,
        /// The sum once more, where the owner lets a sole operator approve.
        #[arg(long, value_name = "SUM")]
        alone: Option<String>,
    },
    /// Send an order back to its author.
    Reject {
        /// The order, as `orders list` names it.
        order: String,
        #[command(flatten)]
        who: Who,
        /// Why, for the author.
        #[arg(long, value_name = "TEXT")]
        reason: String,
    },
    /// Write approved orders into a 1C file for the bank client.
    Export {
        /// The orders; without names, every approved one.
        #[arg(value_name = "ORDER")]
        orders: Vec<String>,
        /// Where to; by default the export folder of the settings.
        #[arg(long, value_name = "DIR")]
        to: Option<PathBuf>,
    },
    /// List the orders.
    List {
        #[command(flatten)]
        page: Page,
    },
    /// Show one order: its draft, defects and history.
    Show {
        /// The order, as `orders list` names it.
        order: String,
    },
}

#[derive(Subcommand)]
pub enum PeopleCommand {
    /// List the people and what they may do.
    List,
    /// Add a person; the first is the owner, for others the owner's passphrase is needed too.
    Add {
        /// Name of the new person.
        name: String,
        /// What the person may do; the first is always the owner.
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
        /// Whether one person may approve alone.
        state: Switch,
        #[command(flatten)]
        who: Who,
    },
}

#[derive(Clone, Copy, ValueEnum)]
pub enum RoleArg {
    /// Decides everything, and who else may.
    Owner,
    /// Decides payments, drafts orders.
    Accountant,
    /// Approves orders.
    Approver,
    /// Looks.
    Viewer,
}
