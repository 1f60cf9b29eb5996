//! The invoices, found by number, by customer and by what is open, without looking through all of them.

use chrono::NaiveDate;
use domain::{Allocation, Customer, Invoice, InvoiceId, InvoiceStatus, Money, ShortText};
use rustc_hash::{FxBuildHasher, FxHashMap};

use crate::{
    fold::{identifier_key, name_key},
    names::{self, PersonName},
    number::{Agreement, keys_of_invoice},
};

/// An invoice and what happened to it in this run.
#[derive(Debug)]
pub struct Slot {
    pub invoice: Invoice,
    pub customer: usize,
    /// What is open now; the invoice keeps what was open at the start.
    pub open: Money,
    /// What earlier payments that wait for a person may take of it.
    pub contested: Money,
    /// The payment of this run that closed it.
    pub closed_by: Option<ShortText>,
    /// Payments of this run that took of it or may take.
    pub payments: Vec<Taken>,
}

/// A payment that took some of an invoice, or may take it once a person has decided.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Taken {
    pub payment: ShortText,
    /// All of the payment, not only what the invoice took.
    pub amount: Money,
    /// Of the words of the purpose.
    pub words: u64,
    /// Whether it was posted.
    pub posted: bool,
}

impl Slot {
    pub fn is_open(&self) -> bool {
        self.invoice.status == InvoiceStatus::Open && self.open.is_positive()
    }
}

/// All invoices of one customer.
#[derive(Debug)]
pub struct CustomerInvoices {
    pub inn: Option<ShortText>,
    /// By date, then id.
    pub invoices: Vec<usize>,
    /// By what was open at the start: minor units with the invoice.
    by_open: Vec<(i64, usize)>,
    /// Of which this run took a part.
    lowered: Vec<usize>,
}

#[derive(Debug, Default)]
pub struct Book {
    slots: Vec<Slot>,
    customers: Vec<CustomerInvoices>,
    by_id: FxHashMap<InvoiceId, usize>,
    by_number: FxHashMap<ShortText, Vec<(usize, Agreement)>>,
    by_inn: FxHashMap<ShortText, usize>,
    by_account: FxHashMap<ShortText, Vec<usize>>,
    by_name: FxHashMap<String, Vec<usize>>,
    /// Persons whose names are known in full, by surname and initials.
    by_initials: FxHashMap<String, Vec<usize>>,
}

impl Book {
    /// The order of `invoices` does not matter. Of two with the same id the one with less open is kept.
    pub fn new(mut invoices: Vec<Invoice>) -> Self {
        invoices.sort_by(|one, other| {
            (&one.id, one.open.minor(), one.date, &one.number).cmp(&(
                &other.id,
                other.open.minor(),
                other.date,
                &other.number,
            ))
        });
        invoices.dedup_by(|later, kept| later.id == kept.id);
        let mut book = Self {
            slots: Vec::with_capacity(invoices.len()),
            by_id: FxHashMap::with_capacity_and_hasher(invoices.len(), FxBuildHasher),
            by_number: FxHashMap::with_capacity_and_hasher(2 * invoices.len(), FxBuildHasher),
            ..Self::default()
        };
        let mut nameless: FxHashMap<String, usize> = FxHashMap::default();
        for invoice in invoices {
            book.add(invoice, &mut nameless);
        }
        for customer in &mut book.customers {
            customer.invoices.sort_by_key(|at| (book.slots[*at].invoice.date, *at));
            customer.by_open.sort_unstable();
        }
        book
    }

    fn add(&mut self, invoice: Invoice, without_inn: &mut FxHashMap<String, usize>) {
        let at = self.slots.len();
        let customer = self.customer_of(&invoice.customer, without_inn);
        for (key, agreement) in keys_of_invoice(&invoice.number, invoice.date) {
            self.by_number.entry(key).or_default().push((at, agreement));
        }
        let of_customer = &mut self.customers[customer];
        of_customer.invoices.push(at);
        of_customer.by_open.push((invoice.open.minor(), at));
        self.by_id.insert(invoice.id.clone(), at);
        self.slots.push(Slot {
            customer,
            open: invoice.open,
            contested: Money::zero(invoice.open.currency()),
            closed_by: None,
            payments: Vec::new(),
            invoice,
        });
    }

    /// The customer's place; the first invoice of a customer, and every one that says something new of him, makes him
    /// known by name and account.
    fn customer_of(&mut self, written: &Customer, without_inn: &mut FxHashMap<String, usize>) -> usize {
        let inn = identifier_key(written.inn.as_deref());
        let known = inn.as_deref().and_then(|inn| self.by_inn.get(inn)).copied();
        if let Some(known) = known {
            let last = self.customers[known].invoices.last();
            if last.is_some_and(|last| self.slots[*last].invoice.customer == *written) {
                return known;
            }
        }
        let name = name_key(&written.name);
        let fresh = self.customers.len();
        let customer = match &inn {
            Some(inn) => *self.by_inn.entry(inn.clone()).or_insert(fresh),
            None => *without_inn.entry(name.clone()).or_insert(fresh),
        };
        if customer == fresh {
            self.customers.push(CustomerInvoices {
                inn,
                invoices: Vec::new(),
                by_open: Vec::new(),
                lowered: Vec::new(),
            });
        }
        if let Some(PersonName::InFull(initials)) = names::person(&name) {
            push_new(self.by_initials.entry(initials).or_default(), customer);
        }
        if !name.is_empty() {
            push_new(self.by_name.entry(name).or_default(), customer);
        }
        for account in &written.accounts {
            if let Some(account) = identifier_key(Some(account)) {
                push_new(self.by_account.entry(account).or_default(), customer);
            }
        }
        customer
    }

    pub fn slot(&self, at: usize) -> &Slot {
        &self.slots[at]
    }

    /// Lowers what is open by an automatic decision.
    pub fn take(&mut self, allocation: &Allocation, taken: Taken) {
        let Some(at) = self.by_id.get(&allocation.invoice).copied() else {
            return;
        };
        let slot = &mut self.slots[at];
        let Ok(left) = slot.open.checked_sub(allocation.amount) else {
            return;
        };
        slot.open = left;
        let lowered = &mut self.customers[slot.customer].lowered;
        lowered.retain(|known| *known != at);
        if left.is_positive() {
            lowered.push(at);
        } else {
            slot.closed_by = Some(taken.payment.clone());
        }
        slot.payments.push(taken);
    }

    /// Remembers that a payment which waits for a person may take this much.
    pub fn contest(&mut self, allocation: &Allocation, taken: Taken) {
        if let Some(at) = self.by_id.get(&allocation.invoice) {
            let slot = &mut self.slots[*at];
            // More than fits in money is certainly more than is open.
            let all = Money::from_minor(i64::MAX, slot.contested.currency());
            slot.contested = slot.contested.checked_add(allocation.amount).unwrap_or(all);
            slot.payments.push(taken);
        }
    }

    pub fn customer(&self, at: usize) -> &CustomerInvoices {
        &self.customers[at]
    }

    pub fn numbered(&self, key: &str) -> &[(usize, Agreement)] {
        self.by_number.get(key).map_or(&[], Vec::as_slice)
    }

    pub fn customer_by_inn(&self, inn: &str) -> Option<usize> {
        self.by_inn.get(inn).copied()
    }

    pub fn customers_by_account(&self, account: &str) -> &[usize] {
        self.by_account.get(account).map_or(&[], Vec::as_slice)
    }

    pub fn customers_by_name(&self, name_key: &str) -> &[usize] {
        self.by_name.get(name_key).map_or(&[], Vec::as_slice)
    }

    /// By surname and initials; those whose names are known in full.
    pub fn customers_by_initials(&self, name_key: &str) -> &[usize] {
        self.by_initials.get(name_key).map_or(&[], Vec::as_slice)
    }

    /// The customer's invoices of a day, open or not.
    pub fn dated(&self, customer: usize, day: NaiveDate) -> impl Iterator<Item = usize> {
        let all = &self.customers[customer].invoices;
        let from = all.partition_point(|slot| self.slots[*slot].invoice.date < day);
        let of_day = all[from..].iter().copied();
        of_day.take_while(move |slot| self.slots[*slot].invoice.date == day)
    }

    /// Open invoices of a customer with exactly this sum left.
    pub fn open_with_sum(&self, customer: usize, sum: Money) -> impl Iterator<Item = usize> {
        let CustomerInvoices { by_open, lowered, .. } = &self.customers[customer];
        let from = by_open.partition_point(|(open, _)| *open < sum.minor());
        by_open[from..]
            .iter()
            .take_while(move |(open, _)| *open == sum.minor())
            .map(|(_, at)| *at)
            // What was open of these at the start is more than what is open now, so none comes twice.
            .chain(lowered.iter().copied())
            .filter(move |at| self.slots[*at].is_open() && self.slots[*at].open == sum)
    }
}

fn push_new(list: &mut Vec<usize>, value: usize) {
    // Invoices of one customer come one after another only by chance, so all are looked at; the lists are short.
    if !list.contains(&value) {
        list.push(value);
    }
}
