//! Reads payments ahead of their decision, on a thread of its own: lines into payments, purposes into findings. It knows
//! nothing of invoices, so it need not wait for them.

use std::{
    sync::mpsc::{Receiver, sync_channel},
    thread,
};

use app::Failure;
use matching::{Payment, purpose::Reading};

use super::{
    ndjson::{Fault, Records},
    shape::PaymentLine,
};
use crate::output::not_started;

/// Payments handed over at once.
const BATCH: usize = 512;
/// So many batches are read ahead, about 100 MB of them; then the reader waits.
const BATCHES_AHEAD_MAX: usize = 96;

pub type Read = Result<(Payment, Reading), Fault>;

/// Batches of what the lines hold, in their order. Nothing follows a source that cannot be read on.
pub fn read(records: Records<PaymentLine>) -> Result<Receiver<Vec<Read>>, Failure> {
    let (sender, receiver) = sync_channel(BATCHES_AHEAD_MAX);
    let reader = move || {
        let mut records = records.map(understood).peekable();
        while records.peek().is_some() {
            let batch: Vec<Read> = records.by_ref().take(BATCH).collect();
            // Whoever decides has stopped listening.
            if sender.send(batch).is_err() {
                return;
            }
        }
    };
    thread::Builder::new()
        .name("payments".to_owned())
        .spawn(reader)
        .map_err(|error| not_started(&error))?;
    Ok(receiver)
}

fn understood(record: Result<(super::ndjson::Place, PaymentLine), Fault>) -> Read {
    let (at, line) = record?;
    let payment = line.payment().map_err(|why| at.malformed(&why))?;
    let reading = matching::purpose::read(&payment.purpose);
    Ok((payment, reading))
}
