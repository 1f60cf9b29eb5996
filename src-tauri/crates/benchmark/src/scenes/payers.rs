//! Who pays: without an INN, from a branch, for somebody else, or under somebody else's name.

use crate::{
    book::Book,
    identifiers,
    plan::{InvoiceAt, Saying},
    shape::{FactLine, PayerLine},
};

pub fn play(book: &mut Book, class: &'static str, customer: usize) -> bool {
    if !matches!(
        class,
        "payer-by-account"
            | "branch-kpp"
            | "behalf-inn"
            | "learned-payer"
            | "payer-by-name"
            | "behalf-name"
            | "namesake"
            | "stranger-pays"
            | "other-customers-number"
            | "contested"
    ) {
        return false;
    }
    let day = book.day();
    let amount = book.any_sum();
    let invoice = book.invoice(customer, day, amount);
    book.bystanders(customer, day);
    let paid = book.later(day);
    let section = match class {
        "behalf-inn" | "behalf-name" => class,
        _ if book.rng.bool() => "number-date",
        _ => "number",
    };
    let mut saying = Saying::naming(section, invoice).typing(book.any_typing());
    if matches!(class, "behalf-inn" | "behalf-name") {
        saying.behalf = Some(customer);
    }
    let payer = payer(book, class, invoice);
    let plan = book.pays_one(class, invoice, paid, amount, saying.clone());
    plan.payer = payer;
    if matches!(class, "stranger-pays" | "other-customers-number" | "contested") {
        plan.linked = Vec::new();
    }
    if class == "contested" {
        // The customer himself pays too, while the first payment waits for a person.
        let again = book.later(paid);
        book.pays_one("contested", invoice, again, amount, saying);
    }
    true
}

fn payer(book: &mut Book, class: &str, invoice: InvoiceAt) -> PayerLine {
    let customer = book.invoices[invoice].customer;
    let own = book.payer(customer);
    match class {
        "payer-by-account" => PayerLine {
            inn: book
                .rng
                .choice([None, Some("0".to_owned()), Some(String::new())])
                .flatten(),
            kpp: None,
            ..own
        },
        "branch-kpp" => {
            let town = book
                .rng
                .choice(["в г. Казань", "«Уральский»", "Московский"])
                .unwrap_or_default();
            let name = own.name.unwrap_or_default();
            let bic = identifiers::bic(&mut book.rng);
            PayerLine {
                name: Some(format!("Филиал {town} {name}")),
                inn: own.inn,
                kpp: Some(identifiers::kpp_of_branch(&mut book.rng)),
                account: Some(identifiers::account(&bic, "40702", &mut book.rng)),
                bic: Some(bic),
            }
        }
        "payer-by-name" => {
            let bank = book.bank();
            PayerLine {
                name: own.name,
                inn: None,
                kpp: None,
                ..bank
            }
        }
        "namesake" => {
            let stranger = book.stranger();
            PayerLine {
                name: own.name,
                ..stranger
            }
        }
        "learned-payer" => {
            let stranger = book.stranger();
            let by_account = book.rng.bool();
            book.facts.push(FactLine {
                payer_inn: stranger.inn.clone(),
                payer_account: stranger.account.clone().filter(|_| by_account),
                pays_for_inn: book.customers[customer].inn.clone().unwrap_or_default(),
            });
            stranger
        }
        // Customers pay for each other, too.
        "behalf-inn" | "behalf-name" if book.rng.u8(..3) == 0 => another(book, invoice),
        "other-customers-number" => another(book, invoice),
        _ => book.stranger(),
    }
}

/// Another customer, who owes as well.
fn another(book: &mut Book, invoice: InvoiceAt) -> PayerLine {
    let other = book.customer();
    let day = book.invoices[invoice].date;
    book.bystander(other, day);
    book.payer(other)
}
