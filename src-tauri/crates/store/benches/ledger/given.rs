//! A ledger of any size: generated statements, the same in every run.

use std::path::Path;

use chrono::{Days, NaiveDate};
use domain::{
    Actor, Allocation, AuditEvent, Content, Counterparty, Currency, Customer, Decision, DecisionId, DecisionKind,
    Direction, Entry, EntryId, EntryStatus, Invoice, InvoiceId, InvoiceStatus, Lane, Message, MessageId, Money,
    Operation, PaymentId, Period, PersonId, Statement, StatementAccount, Timestamp,
};
use fastrand::Rng;
use store::{ImportReport, Ledger, ProposalRow, SourceFile, Verdict};
use tempfile::TempDir;

pub const AT: Timestamp = Timestamp(1_700_000_000_000);
const OWN: &str = "40702810500032000017";
const CUSTOMERS: u32 = 500;
/// Entries of one day.
const A_DAY: u32 = 400;

pub struct Given {
    pub ledger: Ledger,
    _folder: TempDir,
}

/// On the disk of the build, since what is measured must last: temporary folders may be in memory.
pub fn a_ledger() -> Given {
    let folder = tempfile::tempdir_in(Path::new(env!("CARGO_TARGET_TMPDIR"))).unwrap();
    Given {
        ledger: Ledger::create(folder.path(), AT).unwrap(),
        _folder: folder,
    }
}

/// Seven of ten are credits.
pub fn entries(first: u32, count: u32) -> Vec<Entry> {
    let mut rng = Rng::with_seed(u64::from(first));
    (first..first + count)
        .map(|number| {
            let credit = rng.u8(..10) < 7;
            entry(
                &mut rng,
                number,
                if credit { Direction::Credit } else { Direction::Debit },
            )
        })
        .collect()
}

pub fn credits(count: u32) -> Vec<Entry> {
    let mut rng = Rng::with_seed(0);
    (1..=count)
        .map(|number| entry(&mut rng, number, Direction::Credit))
        .collect()
}

fn day_of(number: u32) -> NaiveDate {
    let first = NaiveDate::from_ymd_opt(2026, 1, 12).unwrap();
    first + Days::new(u64::from(number / A_DAY))
}

fn entry(rng: &mut Rng, number: u32, direction: Direction) -> Entry {
    let customer = rng.u32(..CUSTOMERS);
    let booked = day_of(number);
    let amount = Money::from_minor(rng.i64(10_000..100_000_000), Currency::RUB);
    let name = format!("ООО \"Ромашка {customer}\"");
    let inn = format!("78{customer:08}");
    let account = format!("407028107023{customer:08}");
    let invoice = rng.u32(1..5_000);
    let purpose = format!("Оплата по счету № СЧ-{invoice} от 05.01.2026 за поставку метизов. В т.ч. НДС 22%");
    let raw = [
        ("СекцияДокумент", "Платежное поручение"),
        ("Номер", &number.to_string()),
        ("Дата", &booked.format("%d.%m.%Y").to_string()),
        ("Сумма", &amount.decimal()),
        ("ПлательщикСчет", &account),
        ("Плательщик", &format!("ИНН {inn} {name}")),
        ("ПлательщикИНН", &inn),
        ("ПлательщикКПП", "781301001"),
        ("Плательщик1", &name),
        ("ПлательщикРасчСчет", &account),
        ("ПлательщикБанк1", "АО \"БАНК\""),
        ("ПлательщикБанк2", "г. Москва"),
        ("ПлательщикБИК", "044525593"),
        ("ПлательщикКорсчет", "30101810200000000593"),
        ("ПолучательСчет", OWN),
        ("ДатаПоступило", &booked.format("%d.%m.%Y").to_string()),
        ("Получатель", "ИНН 7802641756 ООО \"Северный ветер\""),
        ("ПолучательИНН", "7802641756"),
        ("ПолучательКПП", "780201001"),
        ("Получатель1", "ООО \"Северный ветер\""),
        ("ПолучательРасчСчет", OWN),
        ("ПолучательБанк1", "ПАО БАНК"),
        ("ПолучательБанк2", "г. Санкт-Петербург"),
        ("ПолучательБИК", "044030653"),
        ("ПолучательКорсчет", "30101810500000000653"),
        ("ВидОплаты", "01"),
        ("Код", "0"),
        ("НазначениеПлатежа", &purpose),
        ("Очередность", "5"),
    ];
    Entry {
        direction: Some(direction),
        status: EntryStatus::Booked,
        reversal: false,
        amount,
        booked,
        value: None,
        kind: Some("Платежное поручение".into()),
        number: Some(number.to_string().into()),
        document_date: Some(booked),
        counterparty: Counterparty {
            name: Some(name.clone()),
            inn: Some(inn.clone().into()),
            kpp: Some("781301001".into()),
            account: Some(account.clone().into()),
            bank: Some("044525593".into()),
            bank_name: Some("АО \"БАНК\"".to_owned()),
        },
        purpose: purpose.clone(),
        bank_reference: None,
        end_to_end_id: None,
        line: u64::from(number) * 31,
        details: Vec::new(),
        raw: raw.into_iter().collect(),
    }
}

/// One file with one statement.
pub fn import(ledger: &Ledger, entries: &[Entry]) -> ImportReport {
    let period = entries.first().zip(entries.last()).map(|(first, last)| Period {
        from: first.booked,
        to: last.booked,
    });
    let source = SourceFile {
        name: "kl_to_1c.txt".to_owned(),
        sha256: format!("{:064}", entries.len()),
        size: 1,
        format: "onec".to_owned(),
        encoding: "windows-1251".to_owned(),
        content: Content::Statement,
    };
    let statement = Statement {
        account: Some(StatementAccount {
            number: OWN.to_owned(),
            bank: Some("044030653".to_owned()),
            currency: Currency::RUB,
        }),
        content: Content::Statement,
        provisional: false,
        period,
        opening: None,
        closing: None,
        credits: None,
        debits: None,
        days: Vec::new(),
    };
    let mut import = ledger.begin_import(&source, AT).unwrap();
    let row = import.statement(&statement).unwrap();
    for entry in entries {
        import.entry(row, entry).unwrap();
    }
    import.commit(AT).unwrap()
}

/// What matching leaves behind: every other entry waits for a person.
pub fn propose(ledger: &Ledger) {
    let proposal = |(at, entry)| ProposalRow {
        entry,
        verdict: if at % 2 == 0 { Verdict::Review } else { Verdict::None },
        reason: "{\"ru\":\"сумма меньше счёта\",\"en\":\"less than the invoice\"}".to_owned(),
        json: "[\"what a person is shown\"]".repeat(20),
        goes_back: false,
    };
    let proposals: Vec<_> = ledger
        .entry_ids()
        .unwrap()
        .into_iter()
        .enumerate()
        .map(proposal)
        .collect();
    ledger.save_proposals(&proposals).unwrap();
}

/// An invoice each entry can pay whole.
pub fn invoice_of(entry: &Entry) -> Invoice {
    let number = entry.number.as_deref().unwrap();
    Invoice {
        id: InvoiceId::from(format!("b24:31:{number}")),
        number: format!("СЧ-{number}"),
        date: entry.booked,
        amount: entry.amount,
        open: entry.amount,
        customer: Customer {
            name: entry.counterparty.name.clone().unwrap(),
            inn: entry.counterparty.inn.clone().map(Into::into),
            ..Customer::default()
        },
        status: InvoiceStatus::Open,
        due: None,
        contract: None,
        company: None,
        deal: None,
    }
}

/// A person's word that the entry pays the invoice, and what the CRM is told of it.
pub fn ruling(entry: &EntryId, invoice: &Invoice) -> (Decision, Message, AuditEvent) {
    let actor = Actor::Person {
        id: PersonId::from("anna"),
    };
    let decision = Decision {
        id: DecisionId(format!("d-{entry}")),
        entry: entry.clone(),
        kind: DecisionKind::Allocated,
        allocations: vec![Allocation {
            invoice: invoice.id.clone(),
            amount: invoice.amount,
        }],
        actor: actor.clone(),
        at: AT,
        evidence: "{}".to_owned(),
    };
    let message = Message {
        id: MessageId(format!("m-{entry}")),
        lane: Lane::of_invoice(&invoice.id),
        decision: Some(decision.id.clone()),
        created: AT,
        operation: Operation::RecordPayment {
            invoice: invoice.id.clone(),
            invoice_number: invoice.number.clone(),
            deal: None,
            payment: PaymentId::from("sv1-0"),
            amount: invoice.amount,
            booked: invoice.date,
            document_number: None,
            payer: Some(invoice.customer.name.clone()),
            settles: true,
            restores: None,
        },
    };
    let event = AuditEvent {
        at: AT,
        actor,
        action: "decision.made".to_owned(),
        subject: decision.id.0.clone(),
        body: "{}".to_owned(),
    };
    (decision, message, event)
}
