//! `sverka match`: payments to invoices, NDJSON in, NDJSON out, in the order of the payments.

mod ndjson;
mod shape;

use std::{path::Path, process::ExitCode};

use app::{Failure, io_failure};
use matching::{Engine, Policy};

use crate::{
    args::MatchArgs,
    object,
    output::{Done, Output},
};
use ndjson::{Place, records};
use shape::{InvoiceLine, PaymentLine, PolicyFile};

pub fn run(arguments: &MatchArgs, output: &Output) -> Done {
    let policy = arguments.policy.as_deref().map(policy).transpose()?.unwrap_or_default();
    let invoices = records::<InvoiceLine>(&arguments.invoices)?
        .map(|record| record.and_then(|(at, line)| line.invoice().map_err(|why| at.failure(&why))))
        .collect::<Result<Vec<_>, _>>()?;
    let mut engine = Engine::new(invoices, policy);
    for record in records::<PaymentLine>(&arguments.payments)? {
        let (at, line) = record?;
        let payment = line.payment().map_err(|why| at.failure(&why))?;
        output.line(&engine.decide(&payment))?;
    }
    Ok(ExitCode::SUCCESS)
}

/// One JSON object, over as many lines as it likes.
fn policy(path: &Path) -> Result<Policy, Failure> {
    let text = std::fs::read_to_string(path).map_err(|error| io_failure(path, &error))?;
    let at = |line| Place {
        file: path.display().to_string(),
        line,
    };
    let file: PolicyFile = object::parse(&text).map_err(|error| at(error.line().max(1) as u64).not_json(&error))?;
    file.policy().map_err(|why| at(1).failure(&why))
}
