//! Words of the commands that need no ledger.

use std::path::PathBuf;

use clap::{
    Args,
    builder::{PossibleValuesParser, TypedValueParser},
};
use formats::Format;

use super::{Switch, profile::currency};

#[derive(Args)]
#[command(after_help = "What is found in a file carries a code: docs/diagnostics.md lists them with their remedies.")]
pub struct ReadArgs {
    /// Bank files; `-` is standard input.
    #[arg(required = true, value_name = "FILE")]
    pub files: Vec<PathBuf>,
    /// Print NDJSON in the file's own order, for any size.
    #[arg(long, conflicts_with = "summary")]
    pub events: bool,
    /// Print one line a file: counts, sums, diagnostics.
    #[arg(long)]
    pub summary: bool,
    /// Read it as this, whatever it looks like.
    #[arg(long, value_name = "FORMAT", value_parser = format_parser())]
    pub format: Option<Format>,
    /// An own account, for files that name none; repeatable.
    #[arg(long = "own-account", value_name = "N")]
    pub own_accounts: Vec<String>,
    /// Saved profiles of tables; by default those of the ledger, where there is one.
    #[arg(long, value_name = "DIR")]
    pub profiles: Option<PathBuf>,
}

#[derive(Args)]
pub struct AnonymiseArgs {
    /// A bank file: 1C, MT940, camt, CSV or JSON; `-` is standard input.
    #[arg(value_name = "FILE")]
    pub file: PathBuf,
    /// Where to write the sample; `-` is standard output. By default a new file `sverka-sample` in this folder.
    #[arg(long, value_name = "FILE")]
    pub output: Option<PathBuf>,
    /// Invent the same names again; without it they are new every time.
    #[arg(long, value_name = "N")]
    pub seed: Option<u64>,
}

fn format_parser() -> impl TypedValueParser<Value = Format> {
    PossibleValuesParser::new(Format::ALL.map(Format::name))
        .try_map(|name| Format::of_name(&name).ok_or("there is no such format"))
}

#[derive(Args)]
pub struct MatchArgs {
    /// Open invoices, a JSON record a line.
    #[arg(long, value_name = "FILE")]
    pub invoices: PathBuf,
    /// Payments sorted by day, a JSON record a line.
    #[arg(long, value_name = "FILE")]
    pub payments: PathBuf,
    /// Own companies, rules, learned facts and caps, as JSON.
    #[arg(long, value_name = "FILE")]
    pub policy: Option<PathBuf>,
}

#[derive(Args)]
pub struct SandboxArgs {
    /// Port of HTTP; 0 takes any.
    #[arg(long, value_name = "PORT", default_value_t = 0)]
    pub http: u16,
    /// Port of HTTPS; 0 takes any.
    #[arg(long, value_name = "PORT", default_value_t = 0)]
    pub https: u16,
    /// Whether the speed limits of both CRMs hold.
    #[arg(long, default_value = "off")]
    pub limits: Switch,
    /// Make a firm from this seed instead of the demo company.
    #[arg(long, value_name = "N")]
    pub seed: Option<u64>,
    /// Companies of the firm made from a seed.
    #[arg(long, value_name = "N", default_value_t = 20, requires = "seed")]
    pub companies: u32,
    /// Invoices of the firm made from a seed.
    #[arg(long, value_name = "N", default_value_t = 100, requires = "seed")]
    pub invoices: u32,
    /// Make the amoCRM account a Kommo one: its host and English names.
    #[arg(long)]
    pub kommo: bool,
    /// The one currency of the amoCRM account (ISO code).
    #[arg(long, value_name = "CODE", value_parser = currency)]
    pub currency: Option<String>,
    /// Keep what it holds in this folder.
    #[arg(long, value_name = "DIR")]
    pub state: Option<PathBuf>,
    /// Faults from the start, as JSON for the control address.
    #[arg(long, value_name = "FILE")]
    pub faults: Option<PathBuf>,
    /// Serve the program's own page from this folder (ui/dist) too, over the ledger of --ledger or a new one.
    #[arg(long, value_name = "DIR")]
    pub page: Option<PathBuf>,
    /// Port of the page; 0: any.
    #[arg(long, value_name = "PORT", default_value_t = 0, requires = "page")]
    pub page_port: u16,
}
