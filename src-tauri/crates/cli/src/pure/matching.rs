//! `sverka match`: payments to invoices, NDJSON in, NDJSON out, in the order of the payments.
//!
//! Answers come a day at a time: the payments of one day are decided together, so that their order changes nothing.
//! Another thread reads ahead, lines and purposes both, a bounded way.

mod ahead;
mod ndjson;
mod policy;
mod shape;
mod unread;

use std::{path::Path, process::ExitCode};

use app::{Failure, io_failure};
use domain::Invoice;
use matching::{Autonomy, Engine, Hold, Policy};

use crate::{
    args::MatchArgs,
    object,
    output::{Done, Output},
};
use ahead::{Ahead, Payments};
use ndjson::{Fault, Place, records};
use policy::PolicyFile;
use shape::{InvoiceLine, PaymentLine};
use unread::Unread;

pub fn run(arguments: &MatchArgs, output: &Output) -> Done {
    output.hold();
    // Whoever asks without a history checks the answers himself: autonomy counts as earned.
    let unsaid = || Policy {
        autonomy: Autonomy::of_everybody(),
        ..Policy::default()
    };
    let policy = arguments
        .policy
        .as_deref()
        .map(policy)
        .transpose()?
        .unwrap_or_else(unsaid);
    let payments = ahead::read(records::<PaymentLine>(&arguments.payments)?)?;
    let (invoices, unread) = invoices(&arguments.invoices, output)?;
    let mut engine = Engine::new(invoices, policy);
    let mut all_used = unread.is_empty();
    let mut day = Payments::default();
    for ahead in payments {
        match ahead {
            Ahead::Payments(mut more) => {
                if more.payments.first().is_some_and(|next| !day.are_of_day(next)) {
                    answer(&mut day, &mut engine, output)?;
                }
                if !unread.is_empty() {
                    for payment in &mut more.payments {
                        payment.hold = unread.may_concern(payment).then_some(Hold::InvoicesIncomplete);
                    }
                }
                day.append(more);
            }
            // One bad payment costs one payment.
            Ahead::Lost(Fault::Line(failure)) => {
                output.failure(&failure.into());
                all_used = false;
            }
            Ahead::Lost(Fault::Source(failure)) => {
                answer(&mut day, &mut engine, output)?;
                output.flush()?;
                return Err(failure.into());
            }
        }
    }
    answer(&mut day, &mut engine, output)?;
    output.flush()?;
    // The process ends: giving back each piece of the book would only take time.
    std::mem::forget(engine);
    Ok(if all_used { ExitCode::SUCCESS } else { ExitCode::from(1) })
}

/// Decides the payments of a day, and takes leave of them.
fn answer(day: &mut Payments, engine: &mut Engine, output: &Output) -> Done<()> {
    let Payments { payments, readings } = std::mem::take(day);
    for decided in engine.decide_day_read(&payments, readings) {
        output.line(&decided)?;
    }
    Ok(())
}

/// Room for so many invoices is made at once, about 100 MB.
const EXPECTED_MAX: usize = 200_000;

/// The invoices, and the lines that were not understood.
fn invoices(path: &Path, output: &Output) -> Done<(Vec<Invoice>, Unread)> {
    let mut invoices = Vec::new();
    let mut unread = Unread::default();
    let mut records = records::<InvoiceLine>(path)?;
    while let Some(record) = records.next() {
        if invoices.is_empty() {
            // Moving a hundred thousand of them each time there is no more room takes longer than reading some.
            invoices.reserve(records.expected().min(EXPECTED_MAX));
        }
        match record.and_then(|(at, line)| line.invoice().map_err(|why| at.malformed(&why))) {
            Ok(invoice) => invoices.push(invoice),
            Err(Fault::Line(failure)) => {
                output.failure(&failure.into());
                unread.add(records.line());
            }
            Err(Fault::Source(failure)) => return Err(failure.into()),
        }
    }
    Ok((invoices, unread))
}

/// One JSON object, over as many lines as it likes.
fn policy(path: &Path) -> Result<Policy, Failure> {
    let text = std::fs::read_to_string(path).map_err(|error| io_failure(path, &error))?;
    let at = |line| Place {
        file: path.display().to_string().into(),
        line,
    };
    let file: PolicyFile = object::parse(&text).map_err(|error| at(error.line().max(1) as u64).not_json(&error))?;
    file.policy().map_err(|why| at(1).failure(&why))
}
