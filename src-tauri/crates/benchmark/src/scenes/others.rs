//! Money that no customer sent for an invoice, and money that went out.

use crate::{
    book::Book,
    identifiers,
    plan::{Saying, Trap},
    shape::{Direction, PayerLine, Status},
};

pub fn play(book: &mut Book, class: &'static str, customer: usize) -> bool {
    let reasons: &'static [&'static str] = match class {
        "outgoing" => &["outgoing"],
        "refund" => &["outgoing", "refund", "returned"],
        "reversal" => &["reversal"],
        "returned" => &["returned", "refund"],
        "own-account" => &["own_account"],
        "own-inn" => &["own_inn", "own_account"],
        "loan" => &["loan"],
        "acquirer" => &["acquirer"],
        "cash" => &["cash"],
        "tax-refund" => &["tax_refund"],
        "interest" => &["interest"],
        "fee" => &["fee"],
        "founder" => &["founder_money"],
        "nothing" => &["nothing_fits"],
        _ => return false,
    };
    let day = book.day();
    let amount = book.any_sum();
    let date = book.later(day);
    // An open invoice of the customer stands by: the trap is that somebody posts to it.
    let invoice = book.bystander(customer, day);
    let (payer, section) = payer(book, class, customer);
    let mut saying = Saying::new(section).trap(if book.rng.bool() { Trap::Of(invoice) } else { Trap::Any });
    if matches!(class, "refund" | "reversal") {
        book.invoices[invoice].status = Status::Paid;
        book.invoices[invoice].open = 0;
        saying.named = vec![invoice];
    }
    let sum = if book.invoices[invoice].open == amount {
        amount + 1
    } else {
        amount
    };
    let plan = book.plan(class, date, sum, payer, saying);
    plan.reasons = reasons;
    match class {
        "outgoing" | "refund" => plan.direction = Direction::Debit,
        "reversal" => {
            plan.reversal = true;
            plan.direction = Direction::Debit;
        }
        "cash" => plan.kind = Some("Объявление на взнос наличными"),
        _ => {}
    }
    true
}

fn payer(book: &mut Book, class: &'static str, customer: usize) -> (PayerLine, &'static str) {
    let own = PayerLine {
        name: Some(book.own.name.clone()),
        inn: Some(book.own.inn.clone()),
        kpp: None,
        account: book.own.accounts.get(1).cloned(),
        bic: Some(book.own.bic.clone()),
    };
    match class {
        "own-account" => {
            let section = if book.rng.bool() { "own-words" } else { "plain-transfer" };
            let inn = own.inn.clone().filter(|_| book.rng.u8(..3) > 0);
            (PayerLine { inn, ..own }, section)
        }
        "own-inn" => {
            let bic = identifiers::bic(&mut book.rng);
            let account = Some(identifiers::account(&bic, "40702", &mut book.rng));
            let bic = Some(bic);
            (PayerLine { account, bic, ..own }, "plain-transfer")
        }
        "refund" | "reversal" => (book.payer(customer), class),
        // A customer may lend money, too.
        "loan" if book.rng.u8(..3) == 0 => (book.payer(customer), class),
        "returned" | "outgoing" | "loan" | "founder" | "nothing" => (book.stranger(), class),
        "cash" => (own_cash(book), class),
        _ => (book.bank(), class),
    }
}

/// The bank's cash desk writes the firm as the payer.
fn own_cash(book: &mut Book) -> PayerLine {
    let bank = book.bank();
    PayerLine {
        name: Some(book.own.name.clone()),
        inn: None,
        ..bank
    }
}
