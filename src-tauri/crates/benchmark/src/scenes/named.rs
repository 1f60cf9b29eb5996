//! The customer pays one invoice exactly, and says which, among whatever other numbers and dates.

use crate::{
    book::Book,
    numbering::Typing,
    plan::{Language, Saying, Trap},
};

pub fn play(book: &mut Book, class: &'static str, customer: usize) -> bool {
    let (section, typing) = match class {
        "number" => ("number", Typing::AsWritten),
        "number-date" => ("number-date", Typing::AsWritten),
        "number-digits" => ("number", Typing::Digits),
        "number-careless" => ("number", Typing::Careless),
        "many-dates" | "tax-invoice-beside" | "contract-beside" | "act-beside" | "order-beside" | "period-beside"
        | "vat-is-a-number" => (class, book.any_typing()),
        "slip-dated" | "slip-undated" => return slip(book, class, customer),
        "number-bare" => ("bare", Typing::AsWritten),
        "number-other-date" => ("number-date", book.any_typing()),
        "words-like-others" => (class, book.any_typing()),
        "english" | "armenian" => return abroad(book, class, customer),
        "foreign-currency" => return currency(book, customer),
        _ => return false,
    };
    let day = book.day();
    let amount = book.any_sum();
    let invoice = book.invoice(customer, day, amount);
    let other = book.bystander(customer, day);
    let trap = if book.rng.u8(..4) == 0 {
        Trap::Any
    } else {
        Trap::Of(other)
    };
    let paid = book.later(day);
    let mut saying = Saying::naming(section, invoice).typing(typing).trap(trap);
    saying.other_date = class == "number-other-date";
    book.pays_one(class, invoice, paid, amount, saying);
    true
}

fn slip(book: &mut Book, class: &'static str, customer: usize) -> bool {
    let day = book.day();
    let amount = book.odd_sum();
    let invoice = book.invoice(customer, day, amount);
    book.bystanders(customer, day);
    let paid = book.later(day);
    let section = if class == "slip-dated" { "number-date" } else { "number" };
    let typing = if book.rng.bool() {
        Typing::Digits
    } else {
        Typing::AsWritten
    };
    let mut saying = Saying::naming(section, invoice).typing(typing);
    saying.slip = true;
    book.pays_one(class, invoice, paid, amount, saying);
    true
}

/// The account of a foreign customer is known, and in Armenia his tax number.
fn abroad(book: &mut Book, class: &'static str, customer: usize) -> bool {
    let day = book.day();
    let amount = book.any_sum();
    let invoice = book.invoice(customer, day, amount);
    let paid = book.later(day);
    let mut saying = Saying::naming("number-date", invoice);
    if class == "english" {
        saying.language = Language::English;
        book.becomes_foreign(customer, None);
    } else {
        saying.language = Language::Armenian;
        let inn = format!("{:08}", book.rng.u32(1_000_000..99_999_999));
        book.becomes_foreign(customer, Some(inn));
    }
    book.pays_one(class, invoice, paid, amount, saying);
    true
}

fn currency(book: &mut Book, customer: usize) -> bool {
    let day = book.day();
    let amount = book.odd_sum();
    let invoice = book.invoice(customer, day, amount);
    let currency = book.rng.choice(["USD", "EUR", "CNY"]).unwrap_or("CNY");
    book.invoices[invoice].currency = currency;
    let paid = book.later(day);
    let saying = Saying::naming("number-date", invoice);
    book.pays_one("foreign-currency", invoice, paid, amount, saying)
        .currency = currency;
    true
}
