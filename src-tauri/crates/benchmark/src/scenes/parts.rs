//! Parts, rests and several invoices at once.

use chrono::Days;

use crate::{
    book::{Book, ROUBLE},
    plan::{InvoiceAt, Saying, Trap},
};

pub fn play(book: &mut Book, class: &'static str, customer: usize) -> bool {
    match class {
        "part-percent" => percent(book, customer),
        "part-rest" => rest(book, customer),
        "advance-word" => advance(book, customer),
        "list" | "range" => list(book, class, customer),
        "list-not-adding-up" => not_adding_up(book, customer),
        "percent-contradicts" => percent_contradicts(book, customer),
        "only-open" | "only-with-this-sum" => without_number(book, class, customer),
        "set-unique" => set(book, customer),
        _ => return false,
    }
    true
}

/// Kopecks are rounded half up, as accountants do.
fn share(amount: i64, percent: u32) -> i64 {
    (amount * i64::from(percent) + 50) / 100
}

fn percent(book: &mut Book, customer: usize) {
    let day = book.day();
    let amount = book.any_sum();
    let invoice = book.invoice(customer, day, amount);
    let paid = book.later(day);
    let percent = book.rng.choice([10, 20, 25, 30, 40, 50, 60, 70]).unwrap_or(50);
    let mut saying = Saying::naming("percent", invoice).typing(book.any_typing());
    saying.percent = percent;
    book.pays_one("part-percent", invoice, paid, share(amount, percent), saying);
}

/// The first part is paid here, or was before the ledger began.
fn rest(book: &mut Book, customer: usize) {
    let day = book.day();
    let amount = book.any_sum();
    let invoice = book.invoice(customer, day, amount);
    let percent = book.rng.choice([30, 50, 70]).unwrap_or(50);
    let first = share(amount, percent);
    let mut paid = book.later(day);
    let typing = book.any_typing();
    if book.rng.bool() {
        let mut saying = Saying::naming("percent", invoice).typing(typing);
        saying.percent = percent;
        book.pays_one("part-percent", invoice, paid, first, saying);
        paid = book.later(paid);
    } else {
        book.invoices[invoice].open = amount - first;
    }
    let saying = Saying::naming("rest", invoice).typing(typing);
    book.pays_one("part-rest", invoice, paid, amount - first, saying);
}

fn advance(book: &mut Book, customer: usize) {
    let day = book.day();
    let amount = book.any_sum();
    let invoice = book.invoice(customer, day, amount);
    let paid = book.later(day);
    let part = book.rng.i64(amount / 10 / ROUBLE..amount / 2 / ROUBLE) * ROUBLE;
    let saying = Saying::naming("advance", invoice).typing(book.any_typing());
    book.pays_one("advance-word", invoice, paid, part, saying);
}

/// Invoices of one day have numbers one after another.
fn several(book: &mut Book, customer: usize, count: usize, range: usize) -> Vec<InvoiceAt> {
    let mut day = book.day();
    let mut invoices = Vec::new();
    for at in 0..count {
        if at + range < count {
            let amount = book.any_sum();
            invoices.push(book.invoice(customer, day, amount));
            day = day + Days::new(book.rng.u64(1..20));
        }
    }
    let company = book.rng.usize(..book.companies);
    for _ in 0..range {
        let amount = book.any_sum();
        let invoice = book.invoice(customer, day, amount);
        book.invoices[invoice].company = company;
        invoices.push(invoice);
    }
    invoices
}

fn list(book: &mut Book, class: &'static str, customer: usize) {
    let range = if class == "range" { book.rng.usize(2..5) } else { 0 };
    let singles = if class == "range" {
        book.rng.usize(..3)
    } else {
        book.rng.usize(2..5)
    };
    let invoices = several(book, customer, singles + range, range);
    pays_all(book, class, invoices, range, 0);
}

fn not_adding_up(book: &mut Book, customer: usize) {
    let count = book.rng.usize(2..4);
    let invoices = several(book, customer, count, 0);
    let short = book.rng.i64(1..900) * ROUBLE;
    pays_all(book, "list-not-adding-up", invoices, 0, short);
}

fn pays_all(book: &mut Book, class: &'static str, invoices: Vec<InvoiceAt>, range: usize, short: i64) {
    let Some(last) = invoices.last().copied() else { return };
    let total: i64 = invoices.iter().map(|at| book.invoices[*at].open).sum();
    let newest = invoices
        .iter()
        .map(|at| book.invoices[*at].date)
        .max()
        .unwrap_or_default();
    let paid = book.later(newest);
    let typing = if range > 0 {
        crate::numbering::Typing::Digits
    } else {
        book.any_typing()
    };
    let section = if range > 0 { "range" } else { "list" };
    let mut saying = Saying::new(section).typing(typing);
    saying.named.clone_from(&invoices);
    saying.range = range;
    let parts: Vec<(InvoiceAt, i64)> = invoices.iter().map(|at| (*at, book.invoices[*at].open)).collect();
    let plan = book.pays_one(class, last, paid, total - short, saying);
    // Where the sum falls short nobody knows which invoice it falls short on: there is nothing to hit.
    plan.solutions = if short == 0 { vec![parts] } else { Vec::new() };
}

fn percent_contradicts(book: &mut Book, customer: usize) {
    let day = book.day();
    let amount = book.any_sum();
    let invoice = book.invoice(customer, day, amount);
    let paid = book.later(day);
    let mut saying = Saying::naming("percent", invoice).typing(book.any_typing());
    saying.percent = book.rng.choice([50, 60, 70]).unwrap_or(50);
    let part = share(amount, saying.percent - book.rng.u32(11..30));
    book.pays_one("percent-contradicts", invoice, paid, part, saying);
}

fn without_number(book: &mut Book, class: &'static str, customer: usize) {
    let day = book.day();
    let amount = book.odd_sum();
    let invoice = book.invoice(customer, day, amount);
    if class == "only-with-this-sum" {
        book.bystander(customer, day);
    }
    let paid = book.later(day);
    book.pays_one(class, invoice, paid, amount, Saying::new("no-number"));
}

fn set(book: &mut Book, customer: usize) {
    let day = book.day();
    let count = book.rng.usize(3..7);
    let invoices: Vec<InvoiceAt> = (0..count)
        .map(|_| {
            let amount = book.odd_sum();
            let date = day - Days::new(book.rng.u64(..90));
            book.invoice(customer, date, amount)
        })
        .collect();
    let taken = book.rng.usize(2..count.min(5));
    let parts: Vec<(InvoiceAt, i64)> = invoices
        .iter()
        .take(taken)
        .map(|at| (*at, book.invoices[*at].open))
        .collect();
    let total = parts.iter().map(|(_, open)| open).sum();
    let paid = book.later(day);
    let saying = Saying::new("several-no-number").trap(Trap::Any);
    book.pays_one("set-unique", invoices[0], paid, total, saying).solutions = vec![parts];
}
