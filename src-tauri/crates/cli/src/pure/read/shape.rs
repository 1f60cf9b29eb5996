//! The shape of `sverka read --json` and `--events`, which other programs rely on: fields are only ever added.
//!
//! What is printed borrows what was read: a file of a million entries makes no tree of values for each of them.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use domain::{
    Content, Counterparty, Currency, Day, Direction, Entry, EntryDetail, EntryStatus, Money, Period, Proof, Statement,
    Text,
};
use formats::{CollectedStatement, Format, Member, TextEncoding};
use serde::{Serialize, Serializer};

use crate::{findings::FindingLine, output::Output};

/// What is said of the file in every line.
#[derive(Serialize)]
pub struct Head<'a> {
    file: &'a str,
    format: Option<&'static str>,
    encoding: Option<&'static str>,
    /// By what the format was told.
    detected: &'a str,
    /// The file inside of an archive that a statement is of; format and encoding are its own then.
    #[serde(skip_serializing_if = "Option::is_none")]
    member: Option<&'a str>,
}

impl<'a> Head<'a> {
    pub fn new(
        file: &'a str,
        format: Option<Format>,
        encoding: Option<TextEncoding>,
        detected: &'a Text,
        output: &Output,
    ) -> Self {
        Self {
            file,
            format: format.map(Format::name),
            encoding: encoding.map(TextEncoding::name),
            detected: detected.get(output.lang),
            member: None,
        }
    }

    pub fn of_member(&self, member: Option<&'a Member>) -> Self {
        let own = Self { ..*self };
        match member {
            None => own,
            Some(member) => Self {
                format: member.format.map(Format::name),
                encoding: member.encoding.map(TextEncoding::name),
                member: Some(&member.name),
                ..own
            },
        }
    }
}

/// A sum as a decimal string.
pub struct Decimal(Money);

impl Serialize for Decimal {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0.decimal())
    }
}

#[derive(Serialize)]
struct AccountShape<'a> {
    number: &'a str,
    bank: Option<&'a str>,
    currency: Currency,
}

/// A statement without its entries.
#[derive(Serialize)]
pub struct StatementShape<'a> {
    #[serde(flatten)]
    head: &'a Head<'a>,
    content: Content,
    provisional: bool,
    account: Option<AccountShape<'a>>,
    period: Option<Period>,
    opening: Option<Decimal>,
    closing: Option<Decimal>,
    credits: Option<Decimal>,
    debits: Option<Decimal>,
}

impl<'a> StatementShape<'a> {
    pub fn of(head: &'a Head<'a>, statement: &'a Statement) -> Self {
        Self {
            head,
            content: statement.content,
            provisional: statement.provisional,
            account: statement.account.as_ref().map(|account| AccountShape {
                number: &account.number,
                bank: account.bank.as_deref(),
                currency: account.currency,
            }),
            period: statement.period,
            opening: statement.opening.map(Decimal),
            closing: statement.closing.map(Decimal),
            credits: statement.credits.map(Decimal),
            debits: statement.debits.map(Decimal),
        }
    }
}

#[derive(Serialize)]
struct CounterpartyShape<'a> {
    name: Option<&'a str>,
    inn: Option<&'a str>,
    kpp: Option<&'a str>,
    account: Option<&'a str>,
    bank: Option<&'a str>,
    bank_name: Option<&'a str>,
}

impl<'a> CounterpartyShape<'a> {
    fn of(party: &'a Counterparty) -> Self {
        Self {
            name: party.name.as_deref(),
            inn: party.inn.as_deref(),
            kpp: party.kpp.as_deref(),
            account: party.account.as_deref(),
            bank: party.bank.as_deref(),
            bank_name: party.bank_name.as_deref(),
        }
    }
}

#[derive(Serialize)]
pub struct EntryShape<'a> {
    direction: Option<Direction>,
    status: EntryStatus,
    reversal: bool,
    amount: Decimal,
    currency: Currency,
    booked: NaiveDate,
    value: Option<NaiveDate>,
    kind: Option<&'a str>,
    number: Option<&'a str>,
    document_date: Option<NaiveDate>,
    counterparty: CounterpartyShape<'a>,
    purpose: &'a str,
    bank_reference: Option<&'a str>,
    end_to_end_id: Option<&'a str>,
    line: u64,
    details: Listed<'a, EntryDetail>,
}

impl<'a> EntryShape<'a> {
    pub fn of(entry: &'a Entry) -> Self {
        Self {
            direction: entry.direction,
            status: entry.status,
            reversal: entry.reversal,
            amount: Decimal(entry.amount),
            currency: entry.amount.currency(),
            booked: entry.booked,
            value: entry.value,
            kind: entry.kind.as_deref(),
            number: entry.number.as_deref(),
            document_date: entry.document_date,
            counterparty: CounterpartyShape::of(&entry.counterparty),
            purpose: &entry.purpose,
            bank_reference: entry.bank_reference.as_deref(),
            end_to_end_id: entry.end_to_end_id.as_deref(),
            line: entry.line,
            details: Listed(&entry.details),
        }
    }
}

#[derive(Serialize)]
struct DetailShape<'a> {
    amount: Decimal,
    currency: Currency,
    counterparty: CounterpartyShape<'a>,
    purpose: &'a str,
    end_to_end_id: Option<&'a str>,
}

/// Each in its shape, made only while it is printed.
struct Listed<'a, T>(&'a [T]);

impl Serialize for Listed<'_, Entry> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.0.iter().map(EntryShape::of))
    }
}

impl Serialize for Listed<'_, EntryDetail> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.0.iter().map(|detail| DetailShape {
            amount: Decimal(detail.amount),
            currency: detail.amount.currency(),
            counterparty: CounterpartyShape::of(&detail.counterparty),
            purpose: &detail.purpose,
            end_to_end_id: detail.end_to_end_id.as_deref(),
        }))
    }
}

#[derive(Serialize)]
struct DayShape {
    date: NaiveDate,
    opening: Option<Decimal>,
    credits: Option<Decimal>,
    debits: Option<Decimal>,
    closing: Option<Decimal>,
    proven: Option<bool>,
}

fn days(declared: &[Day], proofs: &[(NaiveDate, Proof)]) -> Vec<DayShape> {
    let mut proven = BTreeMap::new();
    for (date, proof) in proofs {
        proven.entry(*date).or_insert_with(|| proof.as_flag());
    }
    let shape = |day: &Day| DayShape {
        date: day.date,
        opening: day.opening.map(Decimal),
        credits: day.credits.map(Decimal),
        debits: day.debits.map(Decimal),
        closing: day.closing.map(Decimal),
        proven: proven.get(&day.date).copied().flatten(),
    };
    declared.iter().map(shape).collect()
}

/// A statement with everything of it, in one line.
#[derive(Serialize)]
pub struct WholeLine<'a> {
    #[serde(flatten)]
    statement: StatementShape<'a>,
    proven: Option<bool>,
    days: Vec<DayShape>,
    entries: Listed<'a, Entry>,
    diagnostics: Vec<FindingLine<'a>>,
}

impl<'a> WholeLine<'a> {
    pub fn of(head: &'a Head<'a>, read: &'a CollectedStatement, diagnostics: Vec<FindingLine<'a>>) -> Self {
        Self {
            statement: StatementShape::of(head, &read.statement),
            proven: read.proof.as_flag(),
            days: days(&read.statement.days, &read.days),
            entries: Listed(&read.entries),
            diagnostics,
        }
    }
}
