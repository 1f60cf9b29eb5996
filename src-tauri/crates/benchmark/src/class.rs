//! The named classes of payments: how many of each, and what a wrong posting costs.

use crate::truth::Autonomy;

/// What a wrong automatic posting costs, next to a question too many, which costs 1. What a program loses otherwise is
/// said in [`crate::cost`].
pub mod severity {
    /// Among the customer's own invoices: one correction in the books.
    pub const OWN_INVOICE: u32 = 40;
    /// Money that is not owed any more, or not yet: it has to go back or lie as an advance, and nobody notices.
    pub const CLOSED_INVOICE: u32 = 60;
    /// Another customer's debt is closed: one is dunned for what he paid, the other is not for what he owes.
    pub const OTHER_CUSTOMER: u32 = 100;
    /// Revenue that never was: a loan, an own transfer, an acquirer's register.
    pub const NO_CUSTOMER: u32 = 100;
}

#[derive(Debug, Clone, Copy)]
pub struct Class {
    pub name: &'static str,
    /// Of about a thousand payments of a firm.
    pub weight: u32,
    pub autonomy: Autonomy,
    pub severity: u32,
}

const fn class(name: &'static str, weight: u32, autonomy: Autonomy, severity: u32) -> Class {
    Class {
        name,
        weight,
        autonomy,
        severity,
    }
}

use Autonomy::{Decidable, Forbidden, Open};
use severity::{CLOSED_INVOICE, NO_CUSTOMER, OTHER_CUSTOMER, OWN_INVOICE};

/// In the order of the tables. A new one goes beside its kin; its truth is written in `plan`.
pub const CLASSES: &[Class] = &[
    // Enough is known.
    class("number", 60, Decidable, OWN_INVOICE),
    class("number-date", 60, Decidable, OWN_INVOICE),
    class("number-digits", 45, Decidable, OWN_INVOICE),
    class("number-careless", 35, Decidable, OWN_INVOICE),
    class("many-dates", 30, Decidable, OWN_INVOICE),
    class("tax-invoice-beside", 25, Decidable, OWN_INVOICE),
    class("contract-beside", 25, Decidable, OWN_INVOICE),
    class("act-beside", 20, Decidable, OWN_INVOICE),
    class("order-beside", 15, Decidable, OWN_INVOICE),
    class("period-beside", 15, Decidable, OWN_INVOICE),
    class("vat-is-a-number", 10, Decidable, OWN_INVOICE),
    class("payer-by-account", 25, Decidable, OTHER_CUSTOMER),
    class("branch-kpp", 15, Decidable, OTHER_CUSTOMER),
    class("behalf-inn", 25, Decidable, OTHER_CUSTOMER),
    class("learned-payer", 15, Decidable, OTHER_CUSTOMER),
    class("part-percent", 25, Decidable, OWN_INVOICE),
    class("part-rest", 20, Decidable, OWN_INVOICE),
    class("list", 30, Decidable, OWN_INVOICE),
    class("range", 15, Decidable, OWN_INVOICE),
    class("only-open", 25, Decidable, OWN_INVOICE),
    class("only-with-this-sum", 25, Decidable, OWN_INVOICE),
    class("slip-dated", 25, Decidable, OWN_INVOICE),
    class("english", 15, Decidable, OWN_INVOICE),
    class("armenian", 10, Decidable, OWN_INVOICE),
    // A machine may, a person as well.
    class("number-bare", 15, Open, OWN_INVOICE),
    class("payer-by-name", 20, Open, OTHER_CUSTOMER),
    class("behalf-name", 15, Open, OTHER_CUSTOMER),
    class("advance-word", 15, Open, OWN_INVOICE),
    class("slip-undated", 10, Open, OWN_INVOICE),
    class("number-other-date", 10, Open, OWN_INVOICE),
    class("set-unique", 15, Open, OWN_INVOICE),
    class("tax-invoice-only", 15, Open, OWN_INVOICE),
    class("contract-only", 10, Open, OWN_INVOICE),
    class("words-like-others", 10, Open, OWN_INVOICE),
    // A largest automatic sum is in roubles, and nobody knows what it means in another currency.
    class("foreign-currency", 10, Open, OWN_INVOICE),
    // Only a person.
    class("namesake", 10, Forbidden, OTHER_CUSTOMER),
    class("stranger-pays", 15, Forbidden, OTHER_CUSTOMER),
    class("other-customers-number", 15, Forbidden, OTHER_CUSTOMER),
    class("less-unexplained", 15, Forbidden, OWN_INVOICE),
    class("more-than-open", 15, Forbidden, OWN_INVOICE),
    class("kopeck-difference", 12, Forbidden, OWN_INVOICE),
    class("commission-withheld", 10, Forbidden, OWN_INVOICE),
    class("only-open-round", 10, Forbidden, OWN_INVOICE),
    class("round-advance", 8, Forbidden, CLOSED_INVOICE),
    class("only-open-doubted", 12, Forbidden, OWN_INVOICE),
    class("percent-contradicts", 8, Forbidden, OWN_INVOICE),
    class("list-not-adding-up", 10, Forbidden, OWN_INVOICE),
    class("number-against-sum", 10, Forbidden, OWN_INVOICE),
    class("over-cap", 6, Forbidden, OWN_INVOICE),
    class("contested", 10, Forbidden, OTHER_CUSTOMER),
    class("already-paid", 12, Forbidden, CLOSED_INVOICE),
    class("cancelled", 10, Forbidden, CLOSED_INVOICE),
    class("future", 10, Forbidden, CLOSED_INVOICE),
    class("duplicate", 12, Forbidden, CLOSED_INVOICE),
    class("other-currency", 8, Forbidden, OWN_INVOICE),
    class("inside-longer", 10, Forbidden, OWN_INVOICE),
    class("unknown-number", 10, Forbidden, OWN_INVOICE),
    // Nothing in the payment tells them apart.
    class("tie-sum", 15, Forbidden, OWN_INVOICE),
    class("tie-years", 10, Forbidden, OWN_INVOICE),
    class("tie-companies", 8, Forbidden, OWN_INVOICE),
    class("set-tied", 12, Forbidden, OWN_INVOICE),
    // No customer's payment.
    class("outgoing", 10, Forbidden, NO_CUSTOMER),
    class("refund", 8, Forbidden, NO_CUSTOMER),
    class("reversal", 6, Forbidden, NO_CUSTOMER),
    class("returned", 8, Forbidden, NO_CUSTOMER),
    class("own-account", 10, Forbidden, NO_CUSTOMER),
    class("own-inn", 5, Forbidden, NO_CUSTOMER),
    class("loan", 8, Forbidden, NO_CUSTOMER),
    class("acquirer", 10, Forbidden, NO_CUSTOMER),
    class("cash", 6, Forbidden, NO_CUSTOMER),
    class("tax-refund", 6, Forbidden, NO_CUSTOMER),
    class("interest", 6, Forbidden, NO_CUSTOMER),
    class("fee", 4, Forbidden, NO_CUSTOMER),
    class("founder", 5, Forbidden, NO_CUSTOMER),
    class("nothing", 10, Forbidden, NO_CUSTOMER),
];

/// # Panics
/// For a name that is no class: names are written in the program.
#[must_use]
pub fn named(name: &str) -> &'static Class {
    CLASSES
        .iter()
        .find(|class| class.name == name)
        .unwrap_or_else(|| panic!("there is no class «{name}»"))
}
