//! The invoice is plain enough to a person, and yet something contradicts: a person decides.

use crate::{
    book::{Book, ROUBLE},
    plan::{Saying, Trap},
};

pub fn play(book: &mut Book, class: &'static str, customer: usize) -> bool {
    match class {
        "less-unexplained" | "more-than-open" | "kopeck-difference" | "commission-withheld" => {
            other_sum(book, class, customer);
        }
        "only-open-round" | "round-advance" | "only-open-doubted" => without_number(book, class, customer),
        "tax-invoice-only" | "contract-only" => other_document(book, class, customer),
        "number-against-sum" => against_sum(book, customer),
        "over-cap" => over_cap(book, customer),
        _ => return false,
    }
    true
}

fn other_sum(book: &mut Book, class: &'static str, customer: usize) {
    let day = book.day();
    let amount = book.any_sum();
    let invoice = book.invoice(customer, day, amount);
    let paid = book.later(day);
    let sum = match class {
        "less-unexplained" => book.rng.i64(amount / 5 / ROUBLE..amount / 10 * 9 / ROUBLE) * ROUBLE,
        "more-than-open" => amount + book.rng.i64(100..20_000) * ROUBLE,
        // Half a per cent to two and a half.
        "commission-withheld" => amount - amount * book.rng.i64(5..=25) / 1_000,
        _ if book.rng.bool() => amount + book.rng.i64(1..ROUBLE),
        _ => amount - book.rng.i64(1..ROUBLE),
    };
    let section = if book.rng.bool() { "number-date" } else { "number" };
    let saying = Saying::naming(section, invoice).typing(book.any_typing());
    book.pays_one(class, invoice, paid, sum, saying);
}

fn without_number(book: &mut Book, class: &'static str, customer: usize) {
    let day = book.day();
    let amount = if class == "only-open-doubted" {
        book.odd_sum()
    } else {
        book.round_sum()
    };
    let invoice = book.invoice(customer, day, amount);
    let paid = book.later(day);
    let section = if class == "only-open-doubted" {
        "no-number-reasons"
    } else {
        "no-number"
    };
    let plan = book.pays_one(class, invoice, paid, amount, Saying::new(section));
    if class == "round-advance" {
        // Round sums agree by accident: this one is an advance for what is not invoiced yet.
        plan.solutions = Vec::new();
    }
}

/// No number of an invoice, but that of another document, which is some other invoice's number as well.
fn other_document(book: &mut Book, class: &'static str, customer: usize) {
    let day = book.day();
    let amount = book.odd_sum();
    let invoice = book.invoice(customer, day, amount);
    let other = book.bystander(customer, day);
    let paid = book.later(day);
    let saying = Saying::new(class).trap(Trap::Of(other));
    book.pays_one(class, invoice, paid, amount, saying);
}

/// The number says one invoice, the sum another.
fn against_sum(book: &mut Book, customer: usize) {
    let day = book.day();
    let amount = book.odd_sum();
    let by_sum = book.invoice(customer, day, amount);
    let by_number = book.bystander(customer, day);
    let paid = book.later(day);
    let saying = Saying::naming("number", by_number).typing(book.any_typing());
    let open = book.invoices[by_number].open;
    book.pays_one("number-against-sum", by_sum, paid, amount, saying)
        .solutions = vec![vec![(by_number, amount.min(open))], vec![(by_sum, amount)]];
}

fn over_cap(book: &mut Book, customer: usize) {
    let day = book.day();
    let amount = book.cap + book.any_sum();
    let invoice = book.invoice(customer, day, amount);
    let paid = book.later(day);
    book.pays_one(
        "over-cap",
        invoice,
        paid,
        amount,
        Saying::naming("number-date", invoice),
    );
}
