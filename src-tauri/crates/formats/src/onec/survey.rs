//! The first pass over a file: its encoding, whose statements it holds, and whether it holds statements at all.
//!
//! Documents are looked at only for what the whole file needs: which accounts they name and whether the bank has
//! executed them. What one document says is the second pass's business.

use std::{
    collections::{HashMap, HashSet},
    io::{self, Read},
};

use chrono::NaiveDate;
use domain::{Content, Currency, Period, Statement, Text};

use crate::{
    diagnostic::{Code, Diagnostic, Place},
    encoding::{LineDecoder, TextEncoding},
    proving::day_text,
};

use super::{
    account::{Account, Section, merge},
    block::{Block, BlockKind, Condition},
    dialect::Dialect,
    field::{Field, normalised},
    frame::Frame,
    numbers::Numbers,
    parties::{Side, Sides},
    records::{Depth, HeaderKey, Records, Step},
    transfers::Transfers,
    value::{compact, date, present},
};

/// Accounts of one file.
pub const ACCOUNTS_MAX: usize = 1000;
/// Account sections of one file: more than fifty years by the day.
pub const SECTIONS_MAX: usize = 20_000;
/// Documents without an own account that are remembered until the end, when all own accounts are known.
const STRANGERS_MAX: usize = 1000;

#[derive(Debug)]
pub(crate) struct Survey {
    pub(crate) decoder: LineDecoder,
    pub(crate) content: Content,
    pub(super) accounts: Vec<Account>,
    /// Place of each own account among the statements.
    pub(super) index: Numbers<usize>,
    /// Where a document goes whose account cannot be told.
    pub(super) unknown: Option<usize>,
    pub(super) period: Option<Period>,
    pub(super) transfers: Transfers,
    /// What is to be said of the file as a whole and of its account sections.
    pub(crate) findings: Vec<Diagnostic>,
    /// Nothing in it can be used.
    pub(crate) refused: bool,
}

#[derive(Default)]
struct Seen {
    header_accounts: Vec<String>,
    /// Accounts of the header and the sections so far, with their banks.
    known: Numbers<Bank>,
    sections: Vec<Section>,
    from: Option<NaiveDate>,
    to: Option<NaiveDate>,
    declared: Option<HeaderKey>,
    documents: u64,
    executed: bool,
    /// A document that only a bank writes.
    of_a_bank: bool,
    transfers: Transfers,
    dialect: Option<(Dialect, Place)>,
    /// Accounts that every document so far names: whose statement it probably is.
    shared: Option<Vec<String>>,
    /// Of [`crate::Options`]: the person's own, found in documents.
    named_own: Numbers<Bank>,
    strangers: Vec<Sides<'static>>,
    too_many_strangers: bool,
    told_sections: bool,
    findings: Vec<Diagnostic>,
}

/// The BIK of an account's bank, as documents name it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
enum Bank {
    #[default]
    Unnamed,
    Named(String),
    /// Documents do not agree.
    Disputed,
}

impl Bank {
    fn note(&mut self, bik: &str) {
        match (&*self, present(bik)) {
            (Self::Unnamed, Some(bik)) => *self = Self::Named(bik.to_owned()),
            (Self::Named(named), Some(bik)) if named != bik => *self = Self::Disputed,
            _ => {}
        }
    }

    fn named(&self) -> Option<&str> {
        match self {
            Self::Named(bik) => Some(bik),
            Self::Unnamed | Self::Disputed => None,
        }
    }
}

pub(crate) fn survey(source: impl Read, decoder: LineDecoder, own_accounts: &[String]) -> io::Result<Survey> {
    let mut records = Records::new(source, decoder, Depth::Outline);
    let mut seen = Seen::default();
    let own: Vec<String> = own_accounts
        .iter()
        .map(|account| compact(account).into_owned())
        .collect();
    loop {
        // The second pass finds the same again, in its place.
        records.taken.findings.clear();
        match records.step()? {
            Step::End => break,
            Step::Findings => {}
            Step::Header(key) => seen.header(key),
            Step::Block => match records.block().kind {
                BlockKind::Account => seen.section(records.block()),
                BlockKind::Document => seen.document(records.block(), &own),
            },
        }
    }
    let decoder = decoder.settled(records.taken.frame.tally);
    let mut survey = seen.conclude(decoder);
    survey.judge(&records.taken.frame);
    if survey.accounts.is_empty() {
        survey.unknown = Some(0);
        survey.accounts.push(nobodys(survey.content, survey.period));
    }
    Ok(survey)
}

impl Seen {
    fn header(&mut self, key: HeaderKey) {
        match key.field {
            Field::Account => {
                let account = compact(&key.value).into_owned();
                self.note_country(&account, key.place);
                if !is_number(&account) {
                    let told = Diagnostic::new(Code::OnecAccountOdd, key.place, &key.value, &[]);
                    self.findings.push(told);
                }
                if !account.is_empty() && !self.known.contains(&account) {
                    if self.header_accounts.len() < ACCOUNTS_MAX {
                        self.known.add(&account, Bank::default());
                        self.header_accounts.push(account);
                    } else {
                        self.too_many_accounts(key.place);
                    }
                }
            }
            Field::From => self.from = self.header_date(&key).or(self.from),
            Field::To => self.to = self.header_date(&key).or(self.to),
            Field::Encoding => self.declared = Some(key),
            _ => {}
        }
    }

    /// What the file is a statement of decides: an account abroad on the other side is a payment abroad.
    fn note_country(&mut self, account: &str, place: Place) {
        if self.dialect.is_none() {
            self.dialect = Dialect::of_account(account).map(|dialect| (dialect, place));
        }
    }

    fn header_date(&mut self, key: &HeaderKey) -> Option<NaiveDate> {
        let day = date(&key.value);
        if day.is_none() && !key.value.is_empty() {
            let name = [Text::same(key.field.name())];
            self.findings
                .push(Diagnostic::new(Code::OnecHeaderDate, key.place, &key.value, &name));
        }
        day
    }

    fn section(&mut self, block: &Block) {
        if block.condition == Condition::TooLarge {
            return;
        }
        if self.sections.len() >= SECTIONS_MAX {
            if !std::mem::replace(&mut self.told_sections, true) {
                let limit = [Text::same(SECTIONS_MAX.to_string())];
                self.findings
                    .push(Diagnostic::new(Code::OnecSections, Place::line(block.line), "", &limit));
            }
            return;
        }
        if let Some(section) = Section::read(block, &mut self.findings) {
            self.note_country(&section.account, Place::line(block.line));
            if !is_number(&section.account) {
                let told = Diagnostic::new(Code::OnecAccountOdd, Place::line(block.line), &section.account, &[]);
                self.findings.push(told);
            }
            self.known.add(&section.account, Bank::default());
            self.sections.push(section);
        }
    }

    fn document(&mut self, block: &Block, own: &[String]) {
        if block.condition != Condition::Whole {
            return;
        }
        self.documents += 1;
        let filled = |field| block.filled(field).is_some();
        self.executed |= filled(Field::Debited) || filled(Field::Credited);
        if self.dialect.is_none() {
            self.dialect = Dialect::of_document(block).map(|dialect| (dialect, Place::line(block.line)));
        }
        let sides = Sides::of(block);
        for account in own {
            if sides.names(account) && self.named_own.len() < ACCOUNTS_MAX {
                self.named_own.add(account, Bank::default());
            }
        }
        match &mut self.shared {
            None => self.shared = Some(sides.numbers().map(str::to_owned).collect()),
            Some(shared) => shared.retain(|account| sides.names(account)),
        }
        let mut is_strange = true;
        let mut own = [None; 2];
        for (side, own) in Side::BOTH.into_iter().zip(&mut own) {
            let bik = block.text(side.bik());
            for account in sides.of_side(side) {
                if let Some(bank) = self.known.get_mut(account) {
                    is_strange = false;
                    bank.note(bik);
                    own.get_or_insert(account);
                } else if let Some(bank) = self.named_own.get_mut(account) {
                    bank.note(bik);
                }
            }
        }
        let [payer, payee] = own;
        // Asked only while the file may still be one of orders.
        if !self.of_a_bank && !self.executed && self.sections.is_empty() {
            self.of_a_bank = is_of_a_bank(&block.title, payer.is_none() && payee.is_some());
        }
        if let (Some(payer), Some(payee)) = (payer, payee)
            && payer != payee
        {
            self.transfers.see(block, payer, payee);
        }
        if is_strange {
            if self.strangers.len() < STRANGERS_MAX {
                self.strangers.push(sides.into_owned());
            } else {
                self.too_many_strangers = true;
            }
        }
    }

    fn too_many_accounts(&mut self, place: Place) {
        if !self.findings.iter().any(|finding| finding.code == Code::OnecAccounts) {
            let limit = [Text::same(ACCOUNTS_MAX.to_string())];
            self.findings
                .push(Diagnostic::new(Code::OnecAccounts, place, "", &limit));
        }
    }

    fn conclude(mut self, decoder: LineDecoder) -> Survey {
        let content = if self.sections.is_empty() && self.documents > 0 && !self.executed && !self.of_a_bank {
            Content::Orders
        } else {
            Content::Statement
        };
        self.check_declared(decoder.encoding);
        let period = self.period();
        let refused = self.dialect.is_some();
        let mut survey = Survey {
            decoder,
            content,
            accounts: Vec::new(),
            index: Numbers::default(),
            unknown: None,
            period,
            transfers: std::mem::take(&mut self.transfers),
            findings: Vec::new(),
            refused,
        };
        if let Some((dialect, place)) = self.dialect {
            survey.findings = vec![Diagnostic::new(Code::OnecDialect, place, "", &[dialect.country()])];
            survey.content = Content::Statement;
            return survey;
        }
        self.gather(&mut survey);
        if content == Content::Orders {
            self.findings
                .push(Diagnostic::new(Code::OnecOrders, Place::WHOLE_FILE, "", &[]));
        } else if survey.accounts.is_empty() && self.documents == 0 {
            self.findings
                .push(Diagnostic::new(Code::OnecEmpty, Place::WHOLE_FILE, "", &[]));
        } else if survey.accounts.is_empty() {
            self.say_no_account();
        }
        let lost = |sides: &Sides| !sides.numbers().any(|account| survey.index.contains(account));
        let strangers = self.too_many_strangers || self.strangers.iter().any(lost);
        survey.unknown = match survey.accounts.len() {
            0 => None,
            1 => Some(0),
            _ if strangers => {
                survey.accounts.push(nobodys(content, period));
                Some(survey.accounts.len() - 1)
            }
            _ => None,
        };
        survey.findings = self.findings;
        survey
    }

    fn check_declared(&mut self, encoding: TextEncoding) {
        if let Some(key) = self.declared.take()
            && !key.value.is_empty()
            && !encoding.agrees_with(&key.value)
        {
            let name = [Text::same(encoding.name())];
            self.findings
                .push(Diagnostic::new(Code::EncodingDeclared, key.place, &key.value, &name));
        }
    }

    fn period(&mut self) -> Option<Period> {
        let (from, to) = (self.from?, self.to?);
        if from > to {
            let days = [day_text(from), day_text(to)];
            self.findings
                .push(Diagnostic::new(Code::OnecPeriod, Place::WHOLE_FILE, "", &days));
        }
        Some(Period { from, to })
    }

    /// Own accounts in the order they are met: of the header, of the sections, else those the person named.
    fn gather(&mut self, survey: &mut Survey) {
        let mut numbers = std::mem::take(&mut self.header_accounts);
        let mut sections: HashMap<String, Vec<Section>> = HashMap::new();
        let mut known: HashSet<String> = numbers.iter().cloned().collect();
        for section in std::mem::take(&mut self.sections) {
            if known.insert(section.account.clone()) {
                if numbers.len() >= ACCOUNTS_MAX {
                    self.too_many_accounts(Place::WHOLE_FILE);
                    continue;
                }
                numbers.push(section.account.clone());
            }
            sections.entry(section.account.clone()).or_default().push(section);
        }
        if numbers.is_empty() && survey.content == Content::Statement {
            numbers = self.named_own.numbers().map(str::to_owned).collect();
        }
        let mut findings = Vec::new();
        for number in numbers {
            let of_account = sections.remove(&number).unwrap_or_default();
            if of_account.is_empty() && survey.content == Content::Statement {
                findings.push(Diagnostic::new(Code::OnecNoSection, Place::WHOLE_FILE, &number, &[]));
            }
            let mut account = merge(&number, of_account, survey.period, &mut findings);
            let at = survey.accounts.len();
            self.findings
                .extend(findings.drain(..).map(|finding| finding.of_statement(at)));
            account.statement.content = survey.content;
            let bank = self.known.get(&number).or_else(|| self.named_own.get(&number));
            if let (Some(owner), Some(bik)) = (&mut account.statement.account, bank.and_then(Bank::named)) {
                owner.bank = Some(bik.to_owned());
            }
            survey.index.add(&number, survey.accounts.len());
            survey.accounts.push(account);
        }
    }

    fn say_no_account(&mut self) {
        let hint = match self.shared.as_deref() {
            Some([account]) if self.documents > 1 => Text::new(
                format!(": все документы называют {account}"),
                format!(": every document names {account}"),
            ),
            _ => Text::same(""),
        };
        self.findings
            .push(Diagnostic::new(Code::OnecNoAccount, Place::WHOLE_FILE, "", &[hint]));
    }
}

/// Letters and digits: whatever else stands there is no part of an account's number.
fn is_number(account: &str) -> bool {
    account
        .bytes()
        .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'/'))
}

/// Kinds of documents that no client sends to a bank, and money that comes to the own account: only demands and
/// collection orders are written by the payee.
fn is_of_a_bank(title: &str, comes: bool) -> bool {
    let kind = normalised(title);
    let of_banks = [
        "банковскийордер",
        "мемориальныйордер",
        "платежныйордер",
        "объявлениенавзнос",
    ];
    of_banks.iter().any(|name| kind.starts_with(name)) || comes && kind == "платежноепоручение"
}

/// A statement for documents nobody's account is known for.
fn nobodys(content: Content, period: Option<Period>) -> Account {
    Account {
        statement: Statement {
            period,
            ..Statement::of(None, content)
        },
        span: None,
        broken_chain: Vec::new(),
    }
}

impl Survey {
    /// A file whose very keys are gone is said to be so once, and not line by line.
    fn judge(&mut self, frame: &Frame) {
        let told = [
            (frame.destroyed_at, Code::EncodingDestroyed),
            (frame.questions_at, Code::EncodingQuestions),
            (frame.garbled_at, Code::EncodingGarbled),
            (frame.replaced_at, Code::EncodingReplaced),
        ];
        let told = told.into_iter().find_map(|(line, code)| Some((line?, code)));
        if frame.known_keys == 0 && frame.unknown_keys + u64::from(told.is_some()) > 0 {
            let code = told.map_or(Code::OnecKeys, |(_, code)| code);
            self.findings = vec![Diagnostic::new(code, Place::WHOLE_FILE, "", &[])];
            self.refused = true;
            return;
        }
        self.findings.extend(self.decoder.remark());
        if let Some((line, code)) = told {
            self.findings.push(Diagnostic::new(code, Place::line(line), "", &[]));
        }
    }

    /// Of the account; empty where it is not known.
    pub(super) fn number_of(&self, statement: usize) -> &str {
        let account = self
            .accounts
            .get(statement)
            .and_then(|account| account.statement.account.as_ref());
        account.map_or("", |account| &account.number)
    }

    pub(super) fn currency_of(&self, statement: usize) -> Currency {
        let account = self
            .accounts
            .get(statement)
            .and_then(|account| account.statement.account.as_ref());
        account.map_or(Currency::RUB, |account| account.currency)
    }
}
