//! A firm while it is made up: its customers and invoices, and the payments planned from them.

use std::collections::HashSet;

use chrono::{Days, NaiveDate};
use fastrand::Rng;

use crate::{
    class, identifiers,
    numbering::{Style, Typing},
    plan::{InvoiceAt, Plan, Saying},
    shape::{Direction, FactLine, PayerLine, Status},
    words::NAMES,
};

/// Kopecks in a rouble.
pub const ROUBLE: i64 = 100;
/// Payments come between these days.
const FIRST_DAY: (i32, u32, u32) = (2025, 1, 15);
const DAYS: u64 = 640;

#[derive(Debug, Clone)]
pub struct Customer {
    /// As the CRM writes it.
    pub name: String,
    /// Without its legal form; a person's with it.
    pub bare: String,
    pub inn: Option<String>,
    pub kpp: Option<String>,
    pub account: String,
    pub bic: String,
}

#[derive(Debug, Clone)]
pub struct Invoice {
    pub customer: usize,
    pub date: NaiveDate,
    /// Kopecks.
    pub amount: i64,
    /// At the beginning.
    pub open: i64,
    pub currency: &'static str,
    pub status: Status,
    /// Of the firm's own legal entities.
    pub company: usize,
    /// It gets the number of this one, of another year or company.
    pub same_number_as: Option<InvoiceAt>,
    pub sequence: u32,
    pub number: String,
}

#[derive(Debug, Clone)]
pub struct Own {
    pub name: String,
    pub inn: String,
    pub accounts: Vec<String>,
    pub bic: String,
}

#[derive(Debug)]
pub struct Book {
    pub rng: Rng,
    pub style: Style,
    pub own: Own,
    /// Legal entities that issue invoices.
    pub companies: usize,
    pub customers: Vec<Customer>,
    pub invoices: Vec<Invoice>,
    pub plans: Vec<Plan>,
    pub facts: Vec<FactLine>,
    /// The largest sum that may be posted without a person, in kopecks.
    pub cap: i64,
    names_taken: HashSet<String>,
}

impl Book {
    #[must_use]
    pub fn new(mut rng: Rng) -> Self {
        let bic = identifiers::bic(&mut rng);
        let accounts = (0..3).map(|_| identifiers::account(&bic, "40702", &mut rng)).collect();
        let own = Own {
            name: "ООО «Своя фирма»".to_owned(),
            inn: identifiers::inn_of_firm(&mut rng),
            accounts,
            bic,
        };
        Self {
            style: Style::any(&mut rng),
            companies: if rng.u8(..5) == 0 { 2 } else { 1 },
            own,
            customers: Vec::new(),
            invoices: Vec::new(),
            plans: Vec::new(),
            facts: Vec::new(),
            cap: 3_000_000 * ROUBLE,
            names_taken: HashSet::new(),
            rng,
        }
    }

    /// A new customer with some history: old invoices paid and cancelled, which nobody pays again.
    pub fn customer(&mut self) -> usize {
        let at = self.customer_without_history();
        for _ in 0..self.rng.u8(..3) {
            let date = self.day() - Days::new(self.rng.u64(60..700));
            let amount = self.any_sum();
            let old = self.invoice(at, date, amount);
            self.invoices[old].open = 0;
            self.invoices[old].status = Status::Paid;
        }
        if self.rng.u8(..6) == 0 {
            let date = self.day() - Days::new(self.rng.u64(30..300));
            let amount = self.any_sum();
            let old = self.invoice(at, date, amount);
            self.invoices[old].status = Status::Cancelled;
        }
        at
    }

    pub fn customer_without_history(&mut self) -> usize {
        let rng = &mut self.rng;
        let person = rng.u8(..12) == 0;
        let (bare, name, inn, kpp, balance) = if person {
            let bare = unused(rng, &mut self.names_taken, |rng| {
                format!("ИП {}", NAMES.any("person", rng))
            });
            let inn = identifiers::inn_of_person(rng);
            (bare.clone(), bare, inn, None, "40802")
        } else {
            let bare = unused(rng, &mut self.names_taken, firm_name);
            let name = NAMES.any("form", rng).replace("{name}", &bare);
            let inn = identifiers::inn_of_firm(rng);
            let kpp = identifiers::kpp(&inn, rng);
            (bare, name, inn, Some(kpp), "40702")
        };
        let bic = identifiers::bic(rng);
        let account = identifiers::account(&bic, balance, rng);
        self.customers.push(Customer {
            name,
            bare,
            inn: Some(inn),
            kpp,
            account,
            bic,
        });
        self.customers.len() - 1
    }

    /// Foreign customers have no Russian INN.
    pub fn becomes_foreign(&mut self, customer: usize, inn: Option<String>) {
        let name = unused(&mut self.rng, &mut self.names_taken, |rng| {
            NAMES.any("english", rng).to_owned()
        });
        let known = &mut self.customers[customer];
        (known.name, known.bare) = (name.clone(), name);
        known.inn = inn;
        known.kpp = None;
    }

    pub fn invoice(&mut self, customer: usize, date: NaiveDate, amount: i64) -> InvoiceAt {
        let company = self.rng.usize(..self.companies);
        self.invoices.push(Invoice {
            customer,
            date,
            amount,
            open: amount,
            currency: "RUB",
            status: Status::Open,
            company,
            same_number_as: None,
            sequence: 0,
            number: String::new(),
        });
        self.invoices.len() - 1
    }

    /// Another open invoice of the same customer, which nobody pays; issued before `day`.
    pub fn bystander(&mut self, customer: usize, day: NaiveDate) -> InvoiceAt {
        let date = day - Days::new(self.rng.u64(1..200));
        let amount = self.any_sum();
        self.invoice(customer, date, amount)
    }

    /// A few of them, or none.
    pub fn bystanders(&mut self, customer: usize, day: NaiveDate) {
        for _ in 0..self.rng.u8(..3) {
            self.bystander(customer, day);
        }
    }

    /// A day on which an invoice may be issued.
    pub fn day(&mut self) -> NaiveDate {
        let (year, month, day) = FIRST_DAY;
        NaiveDate::from_ymd_opt(year, month, day).unwrap_or_default() + Days::new(self.rng.u64(..DAYS))
    }

    /// When an invoice of this day is paid.
    pub fn later(&mut self, day: NaiveDate) -> NaiveDate {
        day + Days::new(self.rng.u64(1..40))
    }

    /// Not round: it has kopecks.
    pub fn odd_sum(&mut self) -> i64 {
        self.rng.i64(1_000..900_000) * ROUBLE + self.rng.i64(1..ROUBLE)
    }

    /// Thousands of roubles.
    pub fn round_sum(&mut self) -> i64 {
        self.rng.i64(2..400) * 1_000 * ROUBLE
    }

    /// As invoices go: with kopecks, of whole roubles, round.
    pub fn any_sum(&mut self) -> i64 {
        match self.rng.u8(..4) {
            0 => self.round_sum(),
            1 => self.rng.i64(1_000..900_000) * ROUBLE,
            _ => self.odd_sum(),
        }
    }

    /// The customer himself pays, as his bank writes it.
    pub fn payer(&mut self, customer: usize) -> PayerLine {
        let known = self.customers[customer].clone();
        let name = self.as_a_bank_writes(&known);
        PayerLine {
            name: Some(name),
            inn: known.inn,
            kpp: known.kpp,
            account: Some(known.account),
            bic: Some(known.bic),
        }
    }

    pub fn as_a_bank_writes(&mut self, customer: &Customer) -> String {
        match self.rng.u8(..4) {
            0 => customer.name.to_uppercase(),
            1 if customer.kpp.is_some() => format!("ООО \"{}\"", customer.bare).replace(
                "ООО",
                if customer.name.starts_with("АО") {
                    "АО"
                } else {
                    "ООО"
                },
            ),
            _ => customer.name.clone(),
        }
    }

    /// Somebody who is no customer.
    pub fn stranger(&mut self) -> PayerLine {
        let rng = &mut self.rng;
        let bare = unused(rng, &mut self.names_taken, firm_name);
        let inn = identifiers::inn_of_firm(rng);
        let bic = identifiers::bic(rng);
        PayerLine {
            name: Some(format!("ООО «{bare}»")),
            kpp: Some(identifiers::kpp(&inn, rng)),
            inn: Some(inn),
            account: Some(identifiers::account(&bic, "40702", rng)),
            bic: Some(bic),
        }
    }

    /// A bank itself.
    pub fn bank(&mut self) -> PayerLine {
        let rng = &mut self.rng;
        let bic = identifiers::bic(rng);
        PayerLine {
            name: Some(NAMES.any("bank", rng).to_owned()),
            inn: Some(identifiers::inn_of_firm(rng)),
            kpp: None,
            account: Some(identifiers::account(&bic, "30232", rng)),
            bic: Some(bic),
        }
    }

    /// Plans a payment of this class; the rest of it is set by whoever asked.
    pub fn plan(
        &mut self,
        class: &'static str,
        date: NaiveDate,
        amount: i64,
        payer: PayerLine,
        saying: Saying,
    ) -> &mut Plan {
        self.plans.push(Plan {
            class,
            autonomy: class::named(class).autonomy,
            date,
            amount,
            currency: "RUB",
            payer,
            linked: Vec::new(),
            direction: Direction::Credit,
            reversal: false,
            kind: None,
            saying,
            solutions: Vec::new(),
            reasons: &[],
        });
        let last = self.plans.len() - 1;
        &mut self.plans[last]
    }

    /// The customer himself pays this one invoice.
    pub fn pays_one(
        &mut self,
        class: &'static str,
        invoice: InvoiceAt,
        date: NaiveDate,
        amount: i64,
        saying: Saying,
    ) -> &mut Plan {
        let customer = self.invoices[invoice].customer;
        let open = self.invoices[invoice].open;
        let payer = self.payer(customer);
        let plan = self.plan(class, date, amount, payer, saying);
        plan.linked = vec![customer];
        plan.solutions = vec![vec![(invoice, amount.min(open))]];
        plan
    }

    /// How a number is typed where the class does not say.
    pub fn any_typing(&mut self) -> Typing {
        match self.rng.u8(..5) {
            0 => Typing::Digits,
            1 => Typing::Careless,
            _ => Typing::AsWritten,
        }
    }
}

fn firm_name(rng: &mut Rng) -> String {
    let name = NAMES.any("firm", rng);
    if rng.u8(..4) == 0 {
        name.to_owned()
    } else {
        format!("{name} {}", NAMES.any("tail", rng))
    }
}

fn unused(rng: &mut Rng, taken: &mut HashSet<String>, name: impl FnOnce(&mut Rng) -> String) -> String {
    let mut name = name(rng);
    // Names run out before customers do; people tell them apart by one more word.
    while !taken.insert(name.clone()) {
        name = format!("{name} {}", NAMES.any("firm", rng));
    }
    name
}
