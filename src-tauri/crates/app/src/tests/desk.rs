//! A desk without a CRM: invoices are laid into the ledger, payments come as statements, and a person decides.

use std::sync::Arc;

use chrono::NaiveDate;
use domain::{
    Content, Counterparty, Currency, Customer, Direction, Entry, EntryStatus, Invoice, InvoiceStatus, Money, Period,
    Statement, StatementAccount,
};
use store::{Booked, SourceFile};
use tempfile::TempDir;

use crate::{
    Failure, Session,
    testing::TestHost,
    wire::{AllocationRequest, DecideRequest, Done, EntryRequest, EntryState, EntryView, UndoRequest},
};

const ACCOUNT: &str = "40702810900000000001";

pub struct Desk {
    pub session: Session,
    place: TempDir,
    files: u32,
}

/// Money that comes.
#[derive(Clone)]
pub struct Coming<'a> {
    pub day: NaiveDate,
    pub inn: &'a str,
    pub kopecks: i64,
    pub purpose: &'a str,
}

pub fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

impl Desk {
    pub fn new() -> Self {
        let place = tempfile::tempdir().unwrap();
        let session = Session::create(&place.path().join("ledger"), Arc::new(TestHost::new(4))).unwrap();
        Self {
            session,
            place,
            files: 0,
        }
    }

    /// Another process, later.
    pub fn restarted(self) -> Self {
        let Self { session, place, files } = self;
        drop(session);
        let host = Arc::new(TestHost::new(u64::from(files) + 100));
        let session = Session::open(&place.path().join("ledger"), host).unwrap();
        session.catch_up().unwrap();
        Self { session, place, files }
    }

    /// Invoices: id, customer's INN, day, kopecks; the number is the id's.
    pub fn invoice(&self, number: &str, inn: &str, day: NaiveDate, kopecks: i64) {
        let sum = Money::from_minor(kopecks, Currency::RUB);
        let invoice = Invoice {
            id: format!("b24:31:{number}").into(),
            number: number.to_owned(),
            date: day,
            amount: sum,
            open: sum,
            customer: Customer {
                name: format!("ООО «{inn}»"),
                inn: Some(inn.to_owned()),
                ..Customer::default()
            },
            status: InvoiceStatus::Open,
            due: None,
            contract: None,
            company: None,
            deal: None,
        };
        let at = self.session.host.now();
        self.session
            .ledger
            .replace_invoices("b24", &[invoice], false, at)
            .unwrap();
    }

    /// Imports a payment and matches; its id.
    pub fn pays(&mut self, coming: &Coming<'_>) -> String {
        self.moves(coming, Direction::Credit, false)
    }

    /// Money that goes back to a customer.
    pub fn goes_back(&mut self, going: &Coming<'_>) -> String {
        self.moves(going, Direction::Debit, false)
    }

    pub fn moves(&mut self, coming: &Coming<'_>, direction: Direction, reversal: bool) -> String {
        let id = self.books(coming, direction, reversal);
        self.session.match_new().unwrap();
        id
    }

    /// As far as the import's own transaction.
    pub fn books(&mut self, coming: &Coming<'_>, direction: Direction, reversal: bool) -> String {
        self.files += 1;
        let name = format!("{}.txt", self.files);
        let source = SourceFile {
            sha256: name.clone(),
            name,
            size: 1,
            format: "onec".to_owned(),
            encoding: "windows-1251".to_owned(),
            content: Content::Statement,
        };
        let statement = Statement {
            account: Some(StatementAccount {
                number: ACCOUNT.to_owned(),
                bank: None,
                currency: Currency::RUB,
            }),
            content: Content::Statement,
            provisional: false,
            period: Some(Period {
                from: coming.day,
                to: coming.day,
            }),
            opening: None,
            closing: None,
            credits: None,
            debits: None,
            days: Vec::new(),
        };
        let entry = Entry {
            direction: Some(direction),
            status: EntryStatus::Booked,
            reversal,
            amount: Money::from_minor(coming.kopecks, Currency::RUB),
            booked: coming.day,
            value: None,
            kind: None,
            number: Some(self.files.to_string().into()),
            document_date: Some(coming.day),
            counterparty: Counterparty {
                name: Some(format!("ООО «{}»", coming.inn)),
                inn: Some(coming.inn.into()),
                ..Counterparty::default()
            },
            purpose: coming.purpose.to_owned(),
            bank_reference: None,
            end_to_end_id: None,
            line: 1,
            details: Vec::new(),
            raw: [("Номер", "1")].into_iter().collect(),
        };
        let at = self.session.host.now();
        let mut import = self.session.ledger.begin_import(&source, at).unwrap();
        let row = import.statement(&statement).unwrap();
        let Booked::New(id) = import.entry(row, &entry).unwrap() else {
            panic!("a new payment")
        };
        import.commit(at).unwrap();
        id.0
    }

    pub fn view(&self, entry: &str) -> EntryView {
        let entry = entry.to_owned();
        self.session.entry_view(&EntryRequest { entry }).unwrap()
    }

    /// Decided by the machine.
    pub fn is_automatic(&self, entry: &str) -> bool {
        let view = self.view(entry);
        view.automatic && view.state == EntryState::Decided
    }

    pub fn confirm(&self, entry: &str) {
        let entry = entry.to_owned();
        self.session
            .decide(&DecideRequest {
                entry,
                ..DecideRequest::default()
            })
            .unwrap();
    }

    pub fn give(&self, entry: &str, invoices: &[(&str, &str)]) -> Result<Done, Failure> {
        let allocations = invoices.iter().map(|(number, amount)| AllocationRequest {
            invoice: format!("b24:31:{number}"),
            amount: (*amount).to_owned(),
        });
        self.session.decide(&DecideRequest {
            entry: entry.to_owned(),
            allocations: allocations.collect(),
            undoes: None,
        })
    }

    pub fn undo(&self, entry: &str) {
        let decision = self.view(entry).decision.map(|made| made.decision);
        self.session.undo(&UndoRequest { decision }).unwrap();
    }

    /// Numbers of all invoices that are offered for it.
    pub fn offered(&self, entry: &str) -> Vec<String> {
        let candidates = self.view(entry).candidates;
        let offered = candidates.into_iter().flat_map(|one| one.allocations);
        offered.map(|one| one.number).collect()
    }
}
