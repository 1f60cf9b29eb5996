//! A firm as large as one likes, for measuring time and memory: payments as they come, and no truth.

use fastrand::Rng;

use crate::{
    book::Book,
    firm::{invoice_line, number_invoices, payment_line},
    numbering::Typing,
    plan::{InvoiceAt, Saying},
    shape::{InvoiceLine, PaymentLine},
    write,
};

/// Open invoices of one customer.
const INVOICES_A_CUSTOMER: u32 = 5;
const SEED: u64 = 7;

/// As many open invoices as payments, of a fifth as many customers. Nine payments of ten name their invoice or mean it; the
/// rest are parts, other people's and no customer's.
#[must_use]
pub fn firm(payments: u32) -> (Vec<InvoiceLine>, Vec<PaymentLine>) {
    let mut book = Book::new(Rng::with_seed(SEED));
    for _ in 0..payments.div_ceil(INVOICES_A_CUSTOMER) {
        let customer = book.customer_without_history();
        for _ in 0..INVOICES_A_CUSTOMER {
            let day = book.day();
            let amount = book.any_sum();
            book.invoice(customer, day, amount);
        }
    }
    number_invoices(&mut book);
    // Each invoice is paid once, whatever of it.
    let mut order: Vec<InvoiceAt> = (0..book.invoices.len()).collect();
    book.rng.shuffle(&mut order);
    for invoice in order.into_iter().take(payments as usize) {
        plan(&mut book, invoice);
    }
    let mut plans = std::mem::take(&mut book.plans);
    plans.sort_by_key(|plan| plan.date);
    let mut rng = Rng::with_seed(SEED);
    let lines = (0_usize..)
        .zip(plans)
        .map(|(at, plan)| {
            let written = write::purpose(&plan, &book, &mut rng);
            payment_line(format!("p{at}"), plan, written, &book, &mut rng)
        })
        .collect();
    let invoices = (0..book.invoices.len()).map(|at| invoice_line(at, &book)).collect();
    (invoices, lines)
}

fn plan(book: &mut Book, invoice: InvoiceAt) {
    let (day, open) = (book.invoices[invoice].date, book.invoices[invoice].open);
    let paid = book.later(day);
    let typing = if book.rng.bool() {
        Typing::AsWritten
    } else {
        Typing::Digits
    };
    let named = |section| Saying::naming(section, invoice).typing(typing);
    let (amount, saying) = match book.rng.u8(..20) {
        0..8 => (open, named("number-date")),
        8..14 => (open, named("number")),
        14 => (open, named("many-dates")),
        15 => (open, named("contract-beside")),
        16 | 17 => (open, Saying::new("no-number")),
        18 => (open / 2, named("advance")),
        _ => (book.odd_sum(), Saying::new("loan")),
    };
    let stranger = book.rng.u8(..20) == 0;
    let customer = book.invoices[invoice].customer;
    let payer = if stranger {
        book.stranger()
    } else {
        book.payer(customer)
    };
    book.plan("number", paid, amount, payer, saying);
}
