//! Several answers are equally right: nothing in the payment tells them apart.

use chrono::{Datelike, Days};

use crate::{
    book::{Book, ROUBLE},
    numbering::Typing,
    plan::{InvoiceAt, Saying},
};

pub fn play(book: &mut Book, class: &'static str, customer: usize) -> bool {
    match class {
        "tie-sum" => by_sum(book, customer),
        "tie-years" => by_year(book, customer),
        "tie-companies" => by_company(book, customer),
        "set-tied" => sets(book, customer),
        _ => return false,
    }
    true
}

fn by_sum(book: &mut Book, customer: usize) {
    let day = book.day();
    let amount = book.any_sum();
    let tied: Vec<InvoiceAt> = (0..book.rng.usize(2..4))
        .map(|_| {
            let date = day - Days::new(book.rng.u64(..60));
            book.invoice(customer, date, amount)
        })
        .collect();
    let paid = book.later(day);
    let plan = book.pays_one("tie-sum", tied[0], paid, amount, Saying::new("no-number"));
    plan.solutions = tied.iter().map(|at| vec![(*at, amount)]).collect();
}

/// Numbers begin anew each year.
fn by_year(book: &mut Book, customer: usize) {
    let day = book.day();
    let before = day
        .with_day(1)
        .and_then(|day| day.with_year(day.year() - 1))
        .unwrap_or(day);
    same_number(book, "tie-years", customer, [before, day]);
}

/// Each legal entity numbers its own.
fn by_company(book: &mut Book, customer: usize) {
    let day = book.day();
    let near = day - Days::new(book.rng.u64(..5));
    let near = if near.year() == day.year() { near } else { day };
    same_number(book, "tie-companies", customer, [near, day]);
}

fn same_number(book: &mut Book, class: &'static str, customer: usize, [one, other]: [chrono::NaiveDate; 2]) {
    let amount = book.any_sum();
    let first = book.invoice(customer, one, amount);
    let second = book.invoice(customer, other, amount);
    book.invoices[first].company = 0;
    book.invoices[second].company = usize::from(class == "tie-companies");
    book.invoices[second].same_number_as = Some(first);
    let paid = book.later(other);
    let saying = Saying::naming("number", first).typing(Typing::Digits);
    book.pays_one(class, second, paid, amount, saying).solutions = vec![vec![(first, amount)], vec![(second, amount)]];
}

/// One and two make as much as three and four.
fn sets(book: &mut Book, customer: usize) {
    let day = book.day();
    let (one, two) = (book.odd_sum() + 1_000 * ROUBLE, book.odd_sum() + 1_000 * ROUBLE);
    let three = book.rng.i64(500 * ROUBLE..one + two - 500 * ROUBLE);
    let four = one + two - three;
    let invoices: Vec<InvoiceAt> = [one, two, three, four]
        .into_iter()
        .map(|amount| {
            let date = day - Days::new(book.rng.u64(..60));
            book.invoice(customer, date, amount)
        })
        .collect();
    let paid = book.later(day);
    let plan = book.pays_one(
        "set-tied",
        invoices[0],
        paid,
        one + two,
        Saying::new("several-no-number"),
    );
    plan.solutions = vec![
        vec![(invoices[0], one), (invoices[1], two)],
        vec![(invoices[2], three), (invoices[3], four)],
    ];
}
