//! The scenes: what happens between a firm and a customer, class by class. Each makes its invoices first and then the
//! payment from them.

mod closed;
mod doubts;
mod named;
mod others;
mod parts;
mod payers;
mod ties;

use fastrand::Rng;

use crate::{
    book::Book,
    class::{CLASSES, Class},
    truth::Autonomy,
};

/// Scenes of one customer that is a calm payer.
const SCENES_MAX: usize = 7;

/// Fills a firm. Payments that a machine must decide share customers, as they do in life. Every other scene has a
/// customer of its own: what waits for a person holds his invoices back, and no later payment may suffer from it.
pub fn fill(book: &mut Book) {
    let mut calm: Vec<&'static str> = Vec::new();
    for class in CLASSES {
        for _ in 0..count(class, &mut book.rng) {
            if shares_customers(class) {
                calm.push(class.name);
            } else {
                let customer = book.customer();
                play(book, class.name, customer);
            }
        }
    }
    book.rng.shuffle(&mut calm);
    let mut rest = calm.as_slice();
    while !rest.is_empty() {
        let (now, later) = rest.split_at(book.rng.usize(1..=SCENES_MAX).min(rest.len()));
        let customer = book.customer();
        for class in now {
            play(book, class, customer);
        }
        rest = later;
    }
}

/// The class's weight, a fifth more or less.
fn count(class: &Class, rng: &mut Rng) -> u32 {
    let fifth = class.weight / 5;
    class.weight - fifth + rng.u32(..=2 * fifth)
}

fn shares_customers(class: &Class) -> bool {
    class.autonomy == Autonomy::Decidable && !matches!(class.name, "only-open" | "english" | "armenian")
}

fn play(book: &mut Book, class: &'static str, customer: usize) {
    let played = named::play(book, class, customer)
        || parts::play(book, class, customer)
        || payers::play(book, class, customer)
        || doubts::play(book, class, customer)
        || closed::play(book, class, customer)
        || ties::play(book, class, customer)
        || others::play(book, class, customer);
    assert!(played, "nobody plays the class «{class}»");
}
