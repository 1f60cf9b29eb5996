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
    let mut all_used = true;
    for record in records::<PaymentLine>(&arguments.payments)? {
        let payment = record.and_then(|(at, line)| line.payment().map_err(|why| at.failure(&why)));
        match payment {
            Ok(payment) => output.line(&engine.decide(&payment))?,
            // One bad payment costs one payment. A bad invoice ends the run before it: one that is missing could make a
            // tie look like a certainty.
            Err(failure) => {
                output.failure(&failure.into());
                all_used = false;
            }
        }
    }
    Ok(if all_used { ExitCode::SUCCESS } else { ExitCode::from(1) })
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
