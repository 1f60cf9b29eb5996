//! Our engine without a process between: the same lines in, the same lines out.

use benchmark::{
    firm::Firm,
    shape::{self, InvoiceLine, PaymentLine, PolicyFile},
};
use domain::{Counterparty, Currency, Customer, Direction, Invoice, InvoiceId, InvoiceStatus, Money};
use matching::{Autonomy, Engine, LearnedFact, OwnCompany, Payment, Policy};

pub fn engine(firm: &Firm) -> Engine {
    Engine::new(firm.invoices.iter().map(invoice).collect(), policy(&firm.policy))
}

fn money(text: &str, currency: &str) -> Money {
    Money::parse(text, Currency::parse(currency).unwrap()).unwrap()
}

fn invoice(line: &InvoiceLine) -> Invoice {
    Invoice {
        id: InvoiceId::from(line.id.as_str()),
        number: line.number.clone(),
        date: line.date,
        amount: money(&line.amount, &line.currency),
        open: money(&line.open, &line.currency),
        customer: Customer {
            name: line.customer.name.clone(),
            inn: line.customer.inn.clone(),
            kpp: line.customer.kpp.clone(),
            accounts: line.customer.accounts.clone(),
        },
        status: match line.status {
            shape::Status::Open => InvoiceStatus::Open,
            shape::Status::Paid => InvoiceStatus::Paid,
            shape::Status::Cancelled => InvoiceStatus::Cancelled,
        },
        due: line.due,
        contract: line.contract.clone(),
        company: line.company.clone(),
        deal: None,
    }
}

pub fn payment(line: &PaymentLine) -> Payment {
    Payment {
        id: line.id.clone(),
        date: line.date,
        amount: money(&line.amount, &line.currency),
        payer: Counterparty {
            name: line.payer.name.clone(),
            inn: line.payer.inn.clone().map(Into::into),
            kpp: line.payer.kpp.clone().map(Into::into),
            account: line.payer.account.clone().map(Into::into),
            bank: line.payer.bic.clone().map(Into::into),
            bank_name: None,
        },
        purpose: line.purpose.clone(),
        direction: Some(match line.direction {
            shape::Direction::Credit => Direction::Credit,
            shape::Direction::Debit => Direction::Debit,
        }),
        kind: line.kind.clone().map(Into::into),
        number: line.number.clone().map(Into::into),
        own_account: line.own_account.clone(),
        reversal: line.reversal,
        hold: None,
    }
}

fn policy(file: &PolicyFile) -> Policy {
    // Read as the command reads it, so that fields of a newer engine keep their defaults.
    let own: Vec<OwnCompany> = serde_json::from_value(serde_json::to_value(&file.own).unwrap()).unwrap();
    let facts: Vec<LearnedFact> = serde_json::from_value(serde_json::to_value(&file.facts).unwrap()).unwrap();
    let mut policy = Policy::default();
    policy.own.extend(own);
    policy.facts.extend(facts);
    policy.caps.automatic_sum = file.caps.automatic_sum.as_deref().map(|sum| money(sum, "RUB"));
    // The file has no records.
    policy.autonomy = Autonomy::of_everybody();
    policy
}
