//! What a person refused: pairs that are never offered again.

use std::collections::{HashMap, HashSet};

use domain::{Invoice, InvoiceId, ShortText};
use serde::{Deserialize, Serialize};

use crate::{fold::identifier_key, payer::PayerKey, payment::Payment};

/// One refusal. Of the payment: itself, or its payer; of the invoice: itself, or its customer. A side of which nothing
/// is said refuses nothing.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Rejected {
    /// The payment's id.
    pub payment: Option<String>,
    pub payer_inn: Option<String>,
    /// Looked at only where there is no INN.
    pub payer_account: Option<String>,
    pub invoice: Option<InvoiceId>,
    pub customer_inn: Option<String>,
}

/// Refusals, to be asked by pair.
#[derive(Debug, Default)]
pub(crate) struct Rejections {
    payments: HashMap<String, Refused>,
    payers: HashMap<PayerKey, Refused>,
}

#[derive(Debug, Default)]
struct Refused {
    invoices: HashSet<InvoiceId>,
    customers: HashSet<ShortText>,
}

impl Refused {
    fn has(&self, invoice: &Invoice) -> bool {
        let customer = || identifier_key(invoice.customer.inn.as_deref());
        self.invoices.contains(&invoice.id)
            || (!self.customers.is_empty() && customer().is_some_and(|inn| self.customers.contains(&inn)))
    }
}

impl Rejections {
    pub fn new(rejected: &[Rejected]) -> Self {
        let mut all = Self::default();
        for one in rejected {
            let payer = PayerKey::new(one.payer_inn.as_deref(), one.payer_account.as_deref());
            let refused = match (&one.payment, payer) {
                (Some(payment), _) => all.payments.entry(payment.clone()).or_default(),
                (None, Some(payer)) => all.payers.entry(payer).or_default(),
                (None, None) => continue,
            };
            match (&one.invoice, identifier_key(one.customer_inn.as_deref())) {
                (Some(invoice), _) => {
                    refused.invoices.insert(invoice.clone());
                }
                (None, Some(customer)) => {
                    refused.customers.insert(customer);
                }
                (None, None) => {}
            }
        }
        all
    }

    /// The refusals about this payment, to be asked about many invoices.
    pub fn of(&self, payment: &Payment) -> RefusedOf<'_> {
        let payer = || PayerKey::of(&payment.payer);
        RefusedOf {
            payment: self.payments.get(&payment.id),
            payer: (!self.payers.is_empty())
                .then(payer)
                .flatten()
                .and_then(|payer| self.payers.get(&payer)),
        }
    }
}

#[derive(Debug, Clone, Copy)]
pub(crate) struct RefusedOf<'a> {
    payment: Option<&'a Refused>,
    payer: Option<&'a Refused>,
}

impl RefusedOf<'_> {
    /// Whether a person refused something for this very payment.
    pub fn for_payment(&self) -> bool {
        self.payment.is_some()
    }

    pub fn has(&self, invoice: &Invoice) -> bool {
        let mut refused = self.payment.iter().chain(&self.payer);
        refused.any(|refused| refused.has(invoice))
    }
}
