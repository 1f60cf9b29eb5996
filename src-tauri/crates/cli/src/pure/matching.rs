//! `sverka match`: payments to invoices, NDJSON in, NDJSON out, in the order of the payments.

use std::{
    fs::File,
    io::{BufRead, BufReader},
    path::Path,
    process::ExitCode,
};

use app::Failure;
use chrono::NaiveDate;
use domain::{Counterparty, Currency, Customer, Direction, Invoice, InvoiceId, InvoiceStatus, Money, Text};
use matching::{Caps, Engine, LearnedFact, OwnCompany, Payment, Policy};
use serde::{Deserialize, de::DeserializeOwned};

use crate::{
    args::MatchArgs,
    output::{Done, Output},
};

/// Lines of a file, each at most so long: a purpose has 210 characters, so a longer line is no payment.
const LINE_BYTES_MAX: usize = 1024 * 1024;

pub fn run(arguments: &MatchArgs, output: &Output) -> Done {
    let invoices = lines::<InvoiceLine>(&arguments.invoices)?
        .map(|line| line.and_then(|(at, line)| line.invoice().map_err(|why| at.failure(&why))))
        .collect::<Result<Vec<_>, _>>()?;
    let policy = arguments.policy.as_deref().map(policy).transpose()?.unwrap_or_default();
    let mut engine = Engine::new(invoices, policy);
    for line in lines::<PaymentLine>(&arguments.payments)? {
        let (at, line) = line?;
        let payment = line.payment().map_err(|why| at.failure(&why))?;
        output.line(&engine.decide(&payment))?;
    }
    Ok(ExitCode::SUCCESS)
}

#[derive(Deserialize)]
struct InvoiceLine {
    id: String,
    number: String,
    date: NaiveDate,
    amount: String,
    open: String,
    currency: String,
    customer: CustomerLine,
    #[serde(default)]
    status: Option<InvoiceStatus>,
    #[serde(default)]
    due: Option<NaiveDate>,
    #[serde(default)]
    contract: Option<String>,
    #[serde(default)]
    company: Option<String>,
}

#[derive(Deserialize)]
struct CustomerLine {
    #[serde(default)]
    name: Option<String>,
    #[serde(default)]
    inn: Option<String>,
    #[serde(default)]
    kpp: Option<String>,
    #[serde(default)]
    accounts: Option<Vec<String>>,
}

impl InvoiceLine {
    fn invoice(self) -> Result<Invoice, String> {
        let currency = Currency::parse(&self.currency).map_err(|error| error.to_string())?;
        Ok(Invoice {
            id: InvoiceId(self.id),
            number: self.number,
            date: self.date,
            amount: Money::parse(&self.amount, currency).map_err(|error| error.to_string())?,
            open: Money::parse(&self.open, currency).map_err(|error| error.to_string())?,
            customer: Customer {
                name: self.customer.name.unwrap_or_default(),
                inn: self.customer.inn,
                kpp: self.customer.kpp,
                accounts: self.customer.accounts.unwrap_or_default(),
            },
            status: self.status.unwrap_or(InvoiceStatus::Open),
            due: self.due,
            contract: self.contract,
            company: self.company,
            deal: None,
        })
    }
}

#[derive(Deserialize)]
struct PaymentLine {
    id: String,
    date: NaiveDate,
    amount: String,
    currency: String,
    #[serde(default)]
    payer: PayerLine,
    #[serde(default)]
    purpose: String,
    #[serde(default)]
    direction: Option<Direction>,
    #[serde(default)]
    kind: Option<String>,
    #[serde(default)]
    number: Option<String>,
    #[serde(default)]
    own_account: Option<String>,
    #[serde(default)]
    reversal: bool,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct PayerLine {
    name: Option<String>,
    inn: Option<String>,
    kpp: Option<String>,
    account: Option<String>,
    bic: Option<String>,
}

impl PaymentLine {
    fn payment(self) -> Result<Payment, String> {
        let currency = Currency::parse(&self.currency).map_err(|error| error.to_string())?;
        let PayerLine {
            name,
            inn,
            kpp,
            account,
            bic,
        } = self.payer;
        Ok(Payment {
            id: self.id,
            date: self.date,
            amount: Money::parse(&self.amount, currency).map_err(|error| error.to_string())?,
            payer: Counterparty {
                name,
                inn,
                kpp,
                account,
                bank: bic,
                bank_name: None,
            },
            purpose: self.purpose,
            // A list of payments to match is of incoming ones where it does not say.
            direction: Some(self.direction.unwrap_or(Direction::Credit)),
            kind: self.kind,
            number: self.number,
            own_account: self.own_account,
            reversal: self.reversal,
            hold: None,
        })
    }
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct PolicyFile {
    own: Vec<OwnCompany>,
    facts: Vec<LearnedFact>,
    caps: CapsFile,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct CapsFile {
    automatic_sum: Option<String>,
}

fn policy(path: &Path) -> Result<Policy, Failure> {
    let text = std::fs::read_to_string(path).map_err(|error| app::io_failure(path, &error))?;
    let at = Place {
        file: path.display().to_string(),
        line: 1,
    };
    let file: PolicyFile = serde_json::from_str(&text).map_err(|error| at.failure(&error.to_string()))?;
    let cap = file.caps.automatic_sum.map(|sum| Money::parse(&sum, Currency::RUB));
    let automatic_sum = cap.transpose().map_err(|error| at.failure(&error.to_string()))?;
    Ok(Policy {
        own: file.own,
        facts: file.facts,
        caps: Caps { automatic_sum },
    })
}

/// Where a line stands.
struct Place {
    file: String,
    line: u64,
}

impl Place {
    fn failure(&self, why: &str) -> Failure {
        let Self { file, line } = self;
        Failure::new(
            "match/malformed",
            Text::new(
                format!("{file}:{line}: строка не понята: {why}"),
                format!("{file}:{line}: the line is not understood: {why}"),
            ),
            Text::new(
                "исправьте строку: одна запись JSON на строку, суммы текстом с точкой, даты ГГГГ-ММ-ДД",
                "mend the line: one JSON record a line, sums as text with a point, dates YYYY-MM-DD",
            ),
        )
    }
}

type Line<T> = Result<(Place, T), Failure>;

/// Lines of NDJSON, one at a time; blank ones are passed over.
fn lines<T: DeserializeOwned>(path: &Path) -> Result<impl Iterator<Item = Line<T>>, Failure> {
    let shown = path.display().to_string();
    let path = path.to_owned();
    let mut source = BufReader::new(File::open(&path).map_err(|error| app::io_failure(&path, &error))?);
    let mut number = 0;
    Ok(std::iter::from_fn(move || {
        loop {
            let mut line = Vec::new();
            let limit = LINE_BYTES_MAX as u64 + 1;
            let read = match std::io::Read::take(&mut source, limit).read_until(b'\n', &mut line) {
                Ok(read) => read,
                Err(error) => return Some(Err(app::io_failure(&path, &error))),
            };
            if read == 0 {
                return None;
            }
            number += 1;
            let at = Place {
                file: shown.clone(),
                line: number,
            };
            if line.len() > LINE_BYTES_MAX {
                return Some(Err(at.failure("longer than 1 MiB")));
            }
            let text = line.strip_prefix("\u{feff}".as_bytes()).unwrap_or(&line).trim_ascii();
            if !text.is_empty() {
                let parsed = serde_json::from_slice(text).map_err(|error| at.failure(&error.to_string()));
                return Some(parsed.map(|parsed| (at, parsed)));
            }
        }
    }))
}
