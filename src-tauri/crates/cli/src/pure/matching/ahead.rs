//! Reads payments ahead of their decision, on a thread of its own: lines into payments, purposes into findings. It knows
//! nothing of invoices, so it need not wait for them.

use std::{
    sync::mpsc::{Receiver, SyncSender, sync_channel},
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
const BATCH_MAX: usize = 256;
/// So many batches are read ahead, at most about 100 MB of them; then the reader waits.
const BATCHES_AHEAD_MAX: usize = 256;

/// What the lines hold, in their order.
pub enum Ahead {
    Payments(Payments),
    Lost(Fault),
}

/// Payments of one day, with what their purposes say.
#[derive(Default)]
pub struct Payments {
    pub payments: Vec<Payment>,
    pub readings: Vec<Reading>,
}

impl Payments {
    pub fn append(&mut self, mut more: Self) {
        if self.payments.is_empty() {
            *self = more;
        } else {
            self.payments.append(&mut more.payments);
            self.readings.append(&mut more.readings);
        }
    }

    /// With what their purposes say. The lines of a batch come first, then its purposes: one kind of work at a time
    /// stays in the processor's cache.
    fn read(payments: Vec<Payment>) -> Self {
        let purposes = payments.iter().map(|payment| &payment.purpose);
        let readings = purposes.map(|purpose| matching::purpose::read(purpose)).collect();
        Self { payments, readings }
    }

    /// Whether this one may be decided with them.
    pub fn are_of_day(&self, other: &Payment) -> bool {
        self.payments.last().is_none_or(|last| last.date == other.date)
    }
}

/// Nothing follows a source that cannot be read on.
pub fn read(records: Records<PaymentLine>) -> Result<Receiver<Ahead>, Failure> {
    let (sender, receiver) = sync_channel(BATCHES_AHEAD_MAX);
    thread::Builder::new()
        .name("payments".to_owned())
        .spawn(move || {
            // Whoever decides has stopped listening, or nothing is left: both end it.
            let _ended = send_all(records, &sender);
        })
        .map_err(|error| not_started(&error))?;
    Ok(receiver)
}

/// Nobody listens any longer.
struct Unheard;

fn send_all(records: Records<PaymentLine>, sender: &SyncSender<Ahead>) -> Result<(), Unheard> {
    let send = |ahead| sender.send(ahead).map_err(|_| Unheard);
    let mut batch = Payments::default();
    // A day is as long as the day before, nearly.
    let full = |batch: &mut Payments| {
        let next = Vec::with_capacity(batch.payments.len());
        let payments = std::mem::replace(&mut batch.payments, next);
        Ahead::Payments(Payments::read(payments))
    };
    for record in records {
        match record.and_then(|(at, line)| line.payment().map_err(|why| at.malformed(&why))) {
            Ok(payment) => {
                if batch.payments.len() == BATCH_MAX || !batch.are_of_day(&payment) {
                    send(full(&mut batch))?;
                }
                batch.payments.push(payment);
            }
            Err(fault) => {
                send(full(&mut batch))?;
                send(Ahead::Lost(fault))?;
            }
        }
    }
    send(full(&mut batch))
}
