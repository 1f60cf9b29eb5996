//! What the payment names cannot take the money: paid, cancelled, not yet issued, in another currency, or not there.

use chrono::Days;

use crate::{
    book::{Book, ROUBLE},
    plan::{Saying, Trap},
    shape::Status,
};

pub fn play(book: &mut Book, class: &'static str, customer: usize) -> bool {
    if !matches!(
        class,
        "already-paid" | "cancelled" | "future" | "duplicate" | "other-currency" | "inside-longer" | "unknown-number"
    ) {
        return false;
    }
    let day = book.day();
    let amount = book.any_sum();
    let invoice = book.invoice(customer, day, amount);
    let paid = book.later(day);
    let section = if book.rng.bool() { "number-date" } else { "number" };
    let saying = Saying::naming(section, invoice).typing(book.any_typing());
    match class {
        "already-paid" => {
            book.invoices[invoice].status = Status::Paid;
            book.invoices[invoice].open = 0;
            book.bystanders(customer, day);
            book.pays_one(class, invoice, paid, amount, saying).solutions = Vec::new();
        }
        "cancelled" => {
            book.invoices[invoice].status = Status::Cancelled;
            book.bystanders(customer, day);
            book.pays_one(class, invoice, paid, amount, saying).solutions = Vec::new();
        }
        "future" => {
            let early = day - Days::new(book.rng.u64(1..10));
            book.pays_one(class, invoice, early, amount, saying);
        }
        "duplicate" => {
            book.pays_one("number-date", invoice, paid, amount, saying.clone());
            let again = paid + Days::new(book.rng.u64(..5));
            book.pays_one(class, invoice, again, amount, saying).solutions = Vec::new();
        }
        "other-currency" => {
            book.invoices[invoice].currency = "USD";
            let rate = book.rng.i64(70..110);
            book.pays_one(class, invoice, paid, amount * rate / 10, saying)
                .solutions = Vec::new();
        }
        "inside-longer" => {
            let named = book.rng.bool();
            let sum = if named && book.rng.bool() {
                amount
            } else {
                amount + book.rng.i64(7..900) * ROUBLE
            };
            let saying = Saying::new(if named { "long-number" } else { "long-code" }).trap(Trap::Around(invoice));
            book.pays_one(class, invoice, paid, sum, saying).solutions = Vec::new();
        }
        _ => {
            let sum = amount + book.rng.i64(7..900) * ROUBLE;
            let saying = Saying::new("long-number").trap(Trap::Nobodys);
            book.pays_one(class, invoice, paid, sum, saying).solutions = Vec::new();
        }
    }
    true
}
