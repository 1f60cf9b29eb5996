//! Words of the profiles of tables.

use std::{path::PathBuf, str::FromStr};

use clap::{
    Args, Subcommand, ValueEnum,
    builder::{PossibleValuesParser, TypedValueParser},
};
use formats::table::{Answers, DayOrder, DecimalSign, Field, SignRule};

#[derive(Subcommand)]
pub enum ProfileCommand {
    /// List the saved profiles.
    List {
        /// Where they are; by default in the ledger's folder.
        #[arg(long, value_name = "DIR")]
        profiles: Option<PathBuf>,
    },
    /// Show what is made of a table: its columns, its first rows, what is uncertain.
    Preview {
        /// A table of the bank.
        file: PathBuf,
        #[command(flatten)]
        answers: AnswerArgs,
        /// Where profiles are; by default in the ledger's folder.
        #[arg(long, value_name = "DIR")]
        profiles: Option<PathBuf>,
    },
    /// Save how tables like this one are to be read.
    Save {
        /// What the profile is called: the bank, say.
        name: String,
        /// A table of the bank.
        file: PathBuf,
        #[command(flatten)]
        answers: AnswerArgs,
        /// Where profiles are; by default in the ledger's folder.
        #[arg(long, value_name = "DIR")]
        profiles: Option<PathBuf>,
    },
}

#[derive(Args)]
pub struct AnswerArgs {
    /// What a column is, by its header or its number: date=Posted, debit=#4; repeatable.
    #[arg(long = "column", value_name = "FIELD=HEADER")]
    pub columns: Vec<ColumnAnswer>,
    /// What comes first in dates with slashes.
    #[arg(long, value_name = "ORDER")]
    pub dates: Option<DatesArg>,
    /// What parts the kopecks.
    #[arg(long, value_name = "SIGN")]
    pub decimal: Option<DecimalArg>,
    /// What tells money that came from money that went.
    #[arg(long, value_name = "RULE", value_parser = sign_parser())]
    pub sign: Option<SignRule>,
    /// The own account, for tables that name none.
    #[arg(long, value_name = "N")]
    pub account: Option<String>,
    /// The currency, for tables that name none.
    #[arg(long, value_name = "CODE", value_parser = currency)]
    pub currency: Option<String>,
}

fn sign_parser() -> impl TypedValueParser<Value = SignRule> {
    PossibleValuesParser::new(SignRule::ALL.map(SignRule::name))
        .try_map(|name| SignRule::of_name(&name).ok_or("there is no such rule"))
}

pub fn currency(code: &str) -> Result<String, String> {
    let parsed = domain::Currency::parse(code).map_err(|error| error.to_string())?;
    Ok(parsed.code().to_owned())
}

impl AnswerArgs {
    /// `None`: nothing was said.
    pub fn given(&self) -> Option<Answers> {
        let answers = self.answers();
        (answers != Answers::default()).then_some(answers)
    }

    pub fn answers(&self) -> Answers {
        Answers {
            columns: self.columns.iter().map(|one| (one.field, one.header.clone())).collect(),
            dates: self.dates.map(|dates| match dates {
                DatesArg::Day => DayOrder::DayFirst,
                DatesArg::Month => DayOrder::MonthFirst,
                DatesArg::Year => DayOrder::YearFirst,
            }),
            decimal: self.decimal.map(|decimal| match decimal {
                DecimalArg::Comma => DecimalSign::Comma,
                DecimalArg::Point => DecimalSign::Point,
            }),
            sign: self.sign,
            account: self.account.clone(),
            currency: self.currency.clone(),
        }
    }
}

#[derive(Clone, Copy, ValueEnum)]
pub enum DatesArg {
    /// 31/12/2025.
    #[value(name = "day-first")]
    Day,
    /// 12/31/2025.
    #[value(name = "month-first")]
    Month,
    /// 25/12/31.
    #[value(name = "year-first")]
    Year,
}

#[derive(Clone, Copy, ValueEnum)]
pub enum DecimalArg {
    /// 1234,56.
    Comma,
    /// 1234.56.
    Point,
}

/// `date=Дата операции`
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ColumnAnswer {
    pub field: Field,
    pub header: String,
}

impl FromStr for ColumnAnswer {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let named = text.split_once('=').filter(|(_, header)| !header.is_empty());
        let found = named.and_then(|(field, header)| Some((Field::of_name(field)?, header)));
        found
            .map(|(field, header)| Self {
                field,
                header: header.to_owned(),
            })
            .ok_or_else(|| {
                let names: Vec<&str> = Field::ALL.iter().map(|field| field.name()).collect();
                format!("FIELD=HEADER is expected, FIELD being one of {}", names.join(", "))
            })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_column_is_named_by_its_field_and_its_header() {
        let parsed: ColumnAnswer = "date=Дата = день".parse().unwrap();
        assert_eq!((parsed.field, parsed.header.as_str()), (Field::Date, "Дата = день"));
        for wrong in ["", "date", "date=", "=x", "day=x"] {
            assert!(wrong.parse::<ColumnAnswer>().is_err(), "{wrong}");
        }
    }
}
