//! A firm, whole: its invoices, its payments, the policy and the truth. The same seed makes the same bytes.

use std::{collections::HashMap, fs, io::Write, path::Path};

use anyhow::{Context, Result};
use chrono::Datelike;
use fastrand::Rng;
use serde::Serialize;

use crate::{
    book::{Book, Invoice},
    check::{Verdict, check},
    plan::{InvoiceAt, Plan},
    scenes,
    shape::{AllocationLine, CapsLine, CustomerLine, InvoiceLine, OwnLine, PaymentLine, PolicyFile, Status, sum},
    truth::{Autonomy, PlaceOf, Truth},
    write::{self, Written},
};

#[derive(Debug, Clone)]
pub struct Firm {
    pub invoices: Vec<InvoiceLine>,
    pub payments: Vec<PaymentLine>,
    pub policy: PolicyFile,
    /// One of each payment, in their order.
    pub truths: Vec<Truth>,
    /// Payments that were planned and proved nothing, by class.
    pub useless: Vec<&'static str>,
}

impl Firm {
    #[must_use]
    pub fn new(seed: u64, number: u32) -> Self {
        let mut rng = Rng::with_seed(seed);
        for _ in 0..number {
            rng = Rng::with_seed(rng.u64(..));
        }
        let mut book = Book::new(rng);
        scenes::fill(&mut book);
        number_invoices(&mut book);
        finished(book)
    }

    /// Writes what a program reads (`invoices`, `payments`, `policy`), and the truth beside it.
    ///
    /// # Errors
    /// When the folder cannot be written to.
    pub fn write(&self, folder: &Path) -> Result<()> {
        fs::create_dir_all(folder).with_context(|| format!("{} cannot be made", folder.display()))?;
        lines(&folder.join("invoices.ndjson"), &self.invoices)?;
        lines(&folder.join("payments.ndjson"), &self.payments)?;
        lines(&folder.join("truth.ndjson"), &self.truths)?;
        fs::write(folder.join("policy.json"), serde_json::to_string_pretty(&self.policy)?)?;
        Ok(())
    }
}

/// # Errors
/// When the file cannot be written.
pub fn lines<T: Serialize>(path: &Path, records: &[T]) -> Result<()> {
    let file = fs::File::create(path).with_context(|| format!("{} cannot be written", path.display()))?;
    let mut file = std::io::BufWriter::new(file);
    for record in records {
        serde_json::to_writer(&mut file, record)?;
        file.write_all(b"\n")?;
    }
    file.flush()?;
    Ok(())
}

/// By date, each legal entity its own, anew each year.
pub(crate) fn number_invoices(book: &mut Book) {
    let mut order: Vec<InvoiceAt> = (0..book.invoices.len()).collect();
    order.sort_by_key(|at| (book.invoices[*at].date, *at));
    // Some firms are at their first invoices and some are not.
    let first = match book.rng.u8(..4) {
        0 => 1,
        1 => 100,
        _ => book.rng.u32(100..4_000),
    };
    let mut next: HashMap<(usize, i32), u32> = HashMap::new();
    for at in order {
        let invoice = &mut book.invoices[at];
        let sequence = next.entry((invoice.company, invoice.date.year())).or_insert(first);
        invoice.sequence = *sequence;
        *sequence += 1;
    }
    for at in 0..book.invoices.len() {
        let Some(other) = book.invoices[at].same_number_as else {
            continue;
        };
        let wanted = book.invoices[other].sequence;
        let had = book.invoices[at].sequence;
        let place = |invoice: &Invoice| (invoice.company, invoice.date.year());
        let here = place(&book.invoices[at]);
        let holder = (0..book.invoices.len())
            .find(|one| place(&book.invoices[*one]) == here && book.invoices[*one].sequence == wanted);
        if let Some(holder) = holder {
            book.invoices[holder].sequence = had;
        }
        book.invoices[at].sequence = wanted;
    }
    let style = book.style;
    for invoice in &mut book.invoices {
        invoice.number = style.number(invoice.sequence, invoice.date);
    }
}

fn finished(mut book: Book) -> Firm {
    let mut plans = std::mem::take(&mut book.plans);
    plans.sort_by_key(|plan| plan.date);
    let mut open: Vec<i64> = book.invoices.iter().map(|invoice| invoice.open).collect();
    let mut firm = Firm {
        invoices: (0..book.invoices.len()).map(|at| invoice_line(at, &book)).collect(),
        payments: Vec::with_capacity(plans.len()),
        policy: PolicyFile {
            own: vec![OwnLine {
                inn: Some(book.own.inn.clone()),
                accounts: book.own.accounts.clone(),
            }],
            facts: book.facts.clone(),
            caps: CapsLine {
                automatic_sum: Some(sum(book.cap)),
            },
        },
        truths: Vec::with_capacity(plans.len()),
        useless: Vec::new(),
    };
    let mut rng = Rng::with_seed(book.rng.u64(..));
    for mut plan in plans {
        let written = write::purpose(&plan, &book, &mut rng);
        match check(&plan, &written, &book, &open) {
            Verdict::True => {}
            Verdict::Tied(ways) => {
                plan.autonomy = Autonomy::Forbidden;
                plan.solutions = ways;
                if !matches!(plan.class, "tie-sum" | "tie-years" | "tie-companies" | "set-tied") {
                    plan.class = "tie-sum";
                }
            }
            Verdict::Useless => {
                firm.useless.push(plan.class);
                continue;
            }
        }
        if plan.autonomy == Autonomy::Decidable {
            for (invoice, part) in plan.solutions.iter().flatten() {
                open[*invoice] -= part;
            }
        }
        let id = format!("p{:05}", firm.payments.len() + 1);
        firm.truths.push(truth(&id, &plan, &written));
        firm.payments.push(payment_line(id, plan, written, &book, &mut rng));
    }
    rng.shuffle(&mut firm.invoices);
    firm
}

fn id_of(invoice: InvoiceAt) -> String {
    format!("crm:{}", 1_000 + invoice)
}

pub(crate) fn invoice_line(at: InvoiceAt, book: &Book) -> InvoiceLine {
    let invoice = &book.invoices[at];
    let customer = &book.customers[invoice.customer];
    InvoiceLine {
        id: id_of(at),
        number: invoice.number.clone(),
        date: invoice.date,
        amount: sum(invoice.amount),
        open: sum(invoice.open),
        currency: invoice.currency.to_owned(),
        customer: CustomerLine {
            name: customer.name.clone(),
            inn: customer.inn.clone(),
            kpp: customer.kpp.clone(),
            accounts: vec![customer.account.clone()],
        },
        status: if invoice.open == 0 && invoice.status == Status::Open {
            Status::Paid
        } else {
            invoice.status
        },
        due: Some(invoice.date + chrono::Days::new(14)),
        contract: None,
        company: (book.companies > 1 || invoice.company > 0).then(|| format!("own-{}", invoice.company + 1)),
    }
}

fn allocations(way: &[(InvoiceAt, i64)]) -> Vec<AllocationLine> {
    let mut way: Vec<AllocationLine> = way
        .iter()
        .map(|(invoice, part)| AllocationLine {
            invoice: id_of(*invoice),
            amount: sum(*part),
        })
        .collect();
    way.sort();
    way
}

fn truth(id: &str, plan: &Plan, written: &Written) -> Truth {
    let places = written.marks.iter().map(|mark| PlaceOf {
        what: mark.what,
        start: mark.start,
        end: mark.end,
        outer_start: mark.outer_start,
        outer_end: mark.outer_end,
        invoice: mark.invoice.map(id_of),
    });
    // Only where one answer is right is it known what has to be shown for it.
    let places = if plan.solutions.len() == 1 {
        places.collect()
    } else {
        Vec::new()
    };
    Truth {
        payment: id.to_owned(),
        class: plan.class.to_owned(),
        autonomy: plan.autonomy,
        solutions: plan.solutions.iter().map(|way| allocations(way)).collect(),
        reasons: plan.reasons.iter().map(ToString::to_string).collect(),
        places,
    }
}

pub(crate) fn payment_line(id: String, plan: Plan, written: Written, book: &Book, rng: &mut Rng) -> PaymentLine {
    PaymentLine {
        id,
        date: plan.date,
        amount: sum(plan.amount),
        currency: plan.currency.to_owned(),
        payer: plan.payer,
        purpose: written.purpose,
        direction: plan.direction,
        kind: Some(plan.kind.unwrap_or("Платежное поручение").to_owned()),
        number: Some(rng.u32(1..9_999).to_string()),
        own_account: book.own.accounts.first().cloned(),
        reversal: plan.reversal,
    }
}
