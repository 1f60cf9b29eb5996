//! A ledger in a temporary folder, and the fewest words for what goes into it.

use chrono::NaiveDate;
use domain::{
    Actor, Allocation, AuditEvent, Content, Counterparty, Currency, Customer, Day, Decision, DecisionId, DecisionKind,
    Direction, Entry, EntryId, EntryStatus, Invoice, InvoiceId, InvoiceStatus, Lane, Message, MessageId, Money,
    Operation, PaymentId, Period, PersonId, Reversal, Statement, StatementAccount, Timestamp,
};
use store::{Booked, ConnectionRow, CrmKind, ImportReport, Ledger, SourceFile};
use tempfile::TempDir;

pub const ACCOUNT: &str = "40702810900000000001";
pub const AT: Timestamp = Timestamp(1_700_000_000_000);

pub struct Given {
    pub ledger: Ledger,
    pub folder: TempDir,
}

pub fn a_ledger() -> Given {
    let folder = tempfile::tempdir().unwrap();
    let ledger = Ledger::create(folder.path(), AT).unwrap();
    Given { ledger, folder }
}

impl Given {
    /// A connection that goes around the interface.
    pub fn raw(&self) -> rusqlite::Connection {
        rusqlite::Connection::open(self.folder.path().join("ledger.sqlite")).unwrap()
    }

    pub fn import(&self, file: &str, statement: &Statement, entries: &[Entry]) -> ImportReport {
        self.import_as(file, "onec", statement, entries).0
    }

    pub fn import_as(
        &self,
        file: &str,
        format: &str,
        statement: &Statement,
        entries: &[Entry],
    ) -> (ImportReport, Vec<Booked>) {
        let mut import = self.ledger.begin_import(&source(file, format), AT).unwrap();
        let row = import.statement(statement).unwrap();
        let booked = entries.iter().map(|entry| import.entry(row, entry).unwrap()).collect();
        (import.commit(AT).unwrap(), booked)
    }

    /// One credit on the ledger, and its id.
    pub fn credit(&self, number: &str, kopecks: i64) -> EntryId {
        let entry = credit(3, number, kopecks);
        let (_, booked) = self.import_as(number, "onec", &silent(3, 3), &[entry]);
        match &booked[0] {
            Booked::New(id) => id.clone(),
            other => panic!("{other:?}"),
        }
    }

    pub fn invoices(&self, invoices: &[Invoice]) {
        self.ledger.replace_invoices("b24", invoices, false, AT).unwrap();
    }

    pub fn decide(&self, decision: &Decision) -> Result<(), store::StoreError> {
        let messages: Vec<Message> = decision
            .allocations
            .iter()
            .enumerate()
            .map(|(at, one)| {
                message(
                    &format!("{}-m{at}", decision.id),
                    &decision.id,
                    &one.invoice,
                    one.amount,
                )
            })
            .collect();
        self.ledger
            .record_decision(decision, &messages, &event("decision.made", decision.id.as_str()))
    }
}

pub fn source(name: &str, format: &str) -> SourceFile {
    SourceFile {
        name: name.to_owned(),
        sha256: format!("sha256 of {name}"),
        size: 1,
        format: format.to_owned(),
        encoding: "windows-1251".to_owned(),
        content: Content::Statement,
    }
}

pub fn day(day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(2024, 7, day).unwrap()
}

pub fn rub(kopecks: i64) -> Money {
    Money::from_minor(kopecks, Currency::RUB)
}

pub fn silent(from: u32, to: u32) -> Statement {
    Statement {
        account: Some(StatementAccount {
            number: ACCOUNT.to_owned(),
            bank: Some("044525974".to_owned()),
            currency: Currency::RUB,
        }),
        content: Content::Statement,
        provisional: false,
        period: Some(Period {
            from: day(from),
            to: day(to),
        }),
        opening: None,
        closing: None,
        credits: None,
        debits: None,
        days: Vec::new(),
    }
}

/// A statement that speaks by the day: (day, opening, closing).
pub fn by_day(from: u32, to: u32, days: &[(u32, i64, i64)]) -> Statement {
    let days = days.iter().map(|(date, opening, closing)| Day {
        from: day(*date),
        date: day(*date),
        opening: Some(rub(*opening)),
        credits: None,
        debits: None,
        closing: Some(rub(*closing)),
        line: 1,
    });
    Statement {
        days: days.collect(),
        ..silent(from, to)
    }
}

pub fn credit(booked: u32, number: &str, kopecks: i64) -> Entry {
    Entry {
        direction: Some(Direction::Credit),
        status: EntryStatus::Booked,
        reversal: false,
        amount: rub(kopecks),
        booked: day(booked),
        value: None,
        kind: Some("Платежное поручение".into()),
        number: Some(number.into()),
        document_date: Some(day(booked)),
        counterparty: Counterparty {
            name: Some("ООО «Ромашка»".to_owned()),
            inn: Some("7707083893".into()),
            account: Some("40702810400000000002".into()),
            ..Counterparty::default()
        },
        purpose: format!("Оплата по счёту № {number}"),
        bank_reference: None,
        end_to_end_id: None,
        line: 1,
        details: Vec::new(),
        raw: [("Номер", number)].into_iter().collect(),
    }
}

pub fn debit(booked: u32, number: &str, kopecks: i64) -> Entry {
    Entry {
        direction: Some(Direction::Debit),
        ..credit(booked, number, kopecks)
    }
}

pub fn invoice(id: &str, kopecks: i64) -> Invoice {
    Invoice {
        id: InvoiceId::from(id),
        number: format!("СЧ-{id}"),
        date: day(1),
        amount: rub(kopecks),
        open: rub(kopecks),
        customer: Customer {
            name: "ООО «Ромашка»".to_owned(),
            inn: Some("7707083893".to_owned()),
            ..Customer::default()
        },
        status: InvoiceStatus::Open,
        due: None,
        contract: None,
        company: None,
        deal: None,
    }
}

pub fn person() -> Actor {
    Actor::Person {
        id: PersonId::from("anna"),
    }
}

pub fn rule() -> Actor {
    Actor::Rule {
        name: "exact".to_owned(),
    }
}

pub fn event(action: &str, subject: &str) -> AuditEvent {
    AuditEvent {
        at: AT,
        actor: person(),
        action: action.to_owned(),
        subject: subject.to_owned(),
        body: "{}".to_owned(),
    }
}

pub fn decision(id: &str, entry: &EntryId, parts: &[(&str, i64)]) -> Decision {
    let allocations = parts.iter().map(|(invoice, kopecks)| Allocation {
        invoice: InvoiceId::from(*invoice),
        amount: rub(*kopecks),
    });
    Decision {
        id: DecisionId::from(id),
        entry: entry.clone(),
        kind: DecisionKind::Allocated,
        allocations: allocations.collect(),
        actor: person(),
        at: AT,
        evidence: "{}".to_owned(),
    }
}

pub fn reversal(id: &str) -> Reversal {
    Reversal {
        decision: DecisionId::from(id),
        actor: person(),
        at: AT,
        reason: "undo".to_owned(),
    }
}

pub fn message(id: &str, decision: &DecisionId, invoice: &InvoiceId, amount: Money) -> Message {
    Message {
        id: MessageId::from(id),
        lane: Lane::of_invoice(invoice),
        decision: Some(decision.clone()),
        created: AT,
        operation: Operation::RecordPayment {
            invoice: invoice.clone(),
            invoice_number: "145".to_owned(),
            deal: None,
            payment: PaymentId::from("sv1-0"),
            amount,
            booked: day(3),
            document_number: None,
            payer: None,
            settles: true,
            restores: None,
        },
    }
}

pub fn undoing(id: &str, undone: &Message) -> Message {
    Message {
        id: MessageId::from(id),
        operation: Operation::ReversePayment {
            invoice: undone.operation.invoice().clone(),
            invoice_number: "145".to_owned(),
            deal: None,
            payment: undone.operation.payment().unwrap().clone(),
            amount: rub(1),
            booked: day(3),
            document_number: None,
            undoes: undone.id.clone(),
            settled_by: None,
            refund: false,
            recalled: false,
            partly: false,
        },
        ..undone.clone()
    }
}

pub fn connection(id: &str) -> ConnectionRow {
    ConnectionRow {
        id: id.to_owned(),
        kind: CrmKind::Bitrix24,
        secret: format!("crm.key.{id}"),
        name: None,
        portal: format!("https://{id}.bitrix24.ru"),
        remembered: None,
        mapping: None,
        extras: None,
        whole: true,
        key: None,
    }
}
