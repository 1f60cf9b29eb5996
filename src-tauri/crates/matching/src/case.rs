//! One payment, what its purpose says, and the book it is held against: what every step of a decision looks at.

use crate::{book::Book, payment::Payment, rejections::RefusedOf, said::Said, strangers::Own};

#[derive(Debug, Clone, Copy)]
pub struct Case<'c, 'r> {
    pub payment: &'c Payment,
    pub said: &'c Said<'r>,
    pub book: &'c Book,
    /// The firm itself.
    pub own: &'c Own,
    /// Invoices that a person refused for it.
    pub refused: RefusedOf<'c>,
}
