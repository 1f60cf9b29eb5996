//! Words of `sverka companies`.

use clap::Subcommand;

#[derive(Subcommand)]
pub enum CompaniesCommand {
    /// List our own companies, whose each account is, and for whom each CRM bills.
    List,
    /// Add a company of ours, or change the one with this INN.
    Add {
        /// Its INN.
        inn: String,
        /// Its name.
        #[arg(long)]
        name: String,
        /// Its KPP.
        #[arg(long)]
        kpp: Option<String>,
    },
    /// Take a company out, with what was said of its accounts and CRMs.
    Remove {
        /// Its INN.
        inn: String,
    },
    /// Say whose an account is; without a company, what its statements say counts again.
    Account {
        /// The account's number.
        account: String,
        /// The company's INN.
        inn: Option<String>,
    },
    /// Say for whom a CRM bills, where it does not name the company on the invoice; without companies, it is not known.
    Serves {
        /// The connection, as `health` names it.
        connection: String,
        /// INNs of companies.
        inns: Vec<String>,
    },
}
