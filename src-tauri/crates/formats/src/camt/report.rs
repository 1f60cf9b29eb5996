//! A statement, an interim report or a notification while it is being read.

use std::collections::VecDeque;

use chrono::NaiveDate;
use domain::{Content, Currency, Entry, Period, Proof, Statement, StatementAccount, Text};

use crate::{
    diagnostic::{Code, Diagnostic, Place},
    proving::{Booked, BrokenChain, Tally, day_text},
    reading::Event,
};

use super::{
    balance::{self, BALANCES_MAX, Balance, Ends, ends, settled},
    draft::{EntryDraft, Sum},
    element::Kind,
    entry::no_sum,
    party::Bank,
    totals::Totals,
    value,
};

/// `Bal` while it is being read.
#[derive(Debug, Default)]
pub(super) struct BalanceDraft {
    pub(super) code: String,
    pub(super) amount: Sum,
    pub(super) direction: Option<domain::Direction>,
    pub(super) date: Option<NaiveDate>,
    pub(super) place: Place,
    /// Its markup is broken: told already.
    pub(super) damaged: bool,
}

#[derive(Debug)]
pub(super) struct Report {
    pub(super) kind: Kind,
    pub(super) place: Place,
    /// Of the account.
    pub(super) number: String,
    pub(super) bank: Bank,
    pub(super) currency: Option<Currency>,
    pub(super) from: Option<NaiveDate>,
    pub(super) to: Option<NaiveDate>,
    pub(super) created: Option<NaiveDate>,
    /// As they are written: their currency is the account's, which may come later.
    pub(super) credits: Option<(String, Place)>,
    pub(super) debits: Option<(String, Place)>,
    pub(super) balance: BalanceDraft,
    balances: Vec<Balance>,
    /// The last thing read was a balance: more may follow.
    among_balances: bool,
    /// The file breaks off among them: those read may not be the ends, or be contradicted.
    ends_unknown: bool,
    pub(super) totals: Totals,
    booked: Booked,
    begun: Option<(usize, Statement, Tally)>,
    /// What the entries that the bank calls booked come to, whatever kind of report it is.
    net: i128,
}

impl Report {
    pub(super) fn new(kind: Kind, place: Place) -> Self {
        Self {
            kind,
            place,
            number: String::new(),
            bank: Bank::default(),
            currency: None,
            from: None,
            to: None,
            created: None,
            credits: None,
            debits: None,
            balance: BalanceDraft::default(),
            balances: Vec::new(),
            among_balances: false,
            ends_unknown: false,
            totals: Totals::default(),
            booked: Booked::default(),
            begun: None,
            net: 0,
        }
    }

    /// Of the account: as it says, as its balances say, as its number says.
    pub(super) fn account_currency(&self) -> Option<Currency> {
        self.currency
            .or_else(|| self.end_currency())
            .or_else(|| Currency::of_account(&self.number).filter(|_| is_russian(&self.number)))
    }

    fn end_currency(&self) -> Option<Currency> {
        let Ends { opening, closing } = ends(&self.balances, None);
        let any = || self.balances.first();
        opening
            .or(closing)
            .or_else(any)
            .map(|balance| balance.amount.currency())
    }

    /// The day an entry without a date is of.
    pub(super) fn day(&self) -> Option<NaiveDate> {
        let closing = ends(&self.balances, self.account_currency()).closing;
        let balance = closing.and_then(|balance| balance.date);
        balance.or(self.to).or(self.created)
    }

    pub(super) fn end_balance(&mut self, findings: &mut Vec<Diagnostic>) {
        let draft = std::mem::take(&mut self.balance);
        if draft.damaged {
            return;
        }
        let Sum::Known(amount) = draft.amount else {
            if draft.amount == Sum::None {
                findings.push(Diagnostic::new(Code::CamtBalanceAmount, draft.place, "", &[]));
            }
            return;
        };
        if draft.code.is_empty() {
            let told = Diagnostic::new(Code::CamtBalanceUntyped, draft.place, &amount.decimal(), &[]);
            findings.push(told);
        } else if !balance::is_understood(&draft.code) {
            findings.push(Diagnostic::new(Code::CamtBalanceType, draft.place, &draft.code, &[]));
        }
        if self.balances.len() == BALANCES_MAX {
            let limit = Text::same(BALANCES_MAX.to_string());
            findings.push(Diagnostic::new(Code::CamtBalances, draft.place, "", &[limit]));
            return;
        }
        self.among_balances = true;
        self.balances.push(Balance {
            code: draft.code,
            amount,
            direction: draft.direction,
            date: draft.date,
            place: draft.place,
        });
    }

    pub(super) fn break_off(&mut self) {
        self.ends_unknown = self.among_balances;
    }

    /// Tells of its beginning, once. `currency`: of its first entry.
    pub(super) fn begin(
        &mut self,
        index: usize,
        own: Option<&str>,
        currency: Option<Currency>,
        queue: &mut VecDeque<Event>,
    ) {
        if self.begun.is_some() {
            return;
        }
        if self.number.is_empty() {
            self.number.extend(own);
        }
        if self.number.is_empty() {
            queue.push_back(told(Code::CamtNoAccount, self.place, &[]));
        }
        let known = self.account_currency().or(currency);
        if known.is_none() {
            queue.push_back(told(Code::CamtNoCurrency, self.place, &[]));
        }
        let currency = known.unwrap_or(Currency::RUB);
        let account = (!self.number.is_empty()).then(|| StatementAccount {
            number: self.number.clone(),
            bank: self.bank.code().map(String::from),
            currency,
        });
        let mut statement = Statement {
            provisional: self.kind != Kind::Statement,
            period: self.period(),
            ..Statement::of(account, Content::Statement)
        };
        self.currency = Some(currency);
        let tally = Tally::of(&statement);
        // Of a balance without a sign only the entries can tell.
        let Ends { opening, closing } = ends(&self.balances, self.currency);
        let plain = |end: Option<&Balance>| {
            end.filter(|end| !self.ends_unknown && !balance::is_contradicted(end, &self.balances))
                .and_then(Balance::signed)
        };
        (statement.opening, statement.closing) = (plain(opening), plain(closing));
        queue.push_back(Event::Statement {
            index,
            statement: statement.clone(),
        });
        self.begun = Some((index, statement, tally));
    }

    fn period(&self) -> Option<Period> {
        if let (Some(from), Some(to)) = (self.from, self.to) {
            return Some(Period { from, to });
        }
        let Ends { opening, closing } = ends(&self.balances, self.account_currency());
        let to = closing?.date?;
        let opening = opening?;
        // `PRCD` is of the day before the first.
        (opening.code == "OPBD").then_some(())?;
        Some(Period {
            from: opening.date?,
            to,
        })
    }

    /// For what the bank says of all entries together: one that could not be taken is one, too.
    pub(super) fn count(&mut self, draft: &EntryDraft, booked: bool, taken: Option<&Entry>) {
        self.among_balances = false;
        let currency = self.currency.unwrap_or(Currency::RUB);
        self.totals
            .see(draft.direction, booked, draft.payments_seen, taken, currency);
    }

    /// `counts`: the bank calls it booked.
    pub(super) fn add(&mut self, entry: &Entry, counts: bool) -> Option<usize> {
        let (index, statement, tally) = self.begun.as_mut()?;
        tally.add(statement, entry);
        self.booked.see(entry.booked, entry.line);
        if counts {
            let minor = i128::from(entry.amount.minor());
            self.net += match entry.direction {
                Some(domain::Direction::Credit) => minor,
                Some(domain::Direction::Debit) => -minor,
                None => 0,
            };
        }
        Some(*index)
    }

    /// Tells of its end. It was begun.
    pub(super) fn conclude(mut self, queue: &mut VecDeque<Event>) {
        let period = self.period();
        let Some((index, mut declared, tally)) = self.begun.take() else {
            return;
        };
        let mut findings = Vec::new();
        let currency = self.currency.unwrap_or(Currency::RUB);
        (declared.opening, declared.closing) = settled(&self.balances, self.currency, self.net, &mut findings);
        if self.ends_unknown {
            (declared.opening, declared.closing) = (None, None);
        }
        declared.period = period;
        let broken_chain = balance::chain(&self.balances, currency);
        findings.extend(
            broken_chain
                .iter()
                .map(|(broken, place)| told_chain(&self.number, broken, *place)),
        );
        let broken_chain: Vec<BrokenChain> = broken_chain.into_iter().map(|(broken, _)| broken).collect();
        let mut sum = |written: Option<&(String, Place)>| {
            let (text, place) = written?;
            // A bank may write what left the account below zero.
            let money = value::amount(text.strip_prefix('-').unwrap_or(text), currency);
            if money.is_none() {
                findings.push(no_sum(Code::CamtTurnover, text, *place, currency));
            }
            money
        };
        declared.credits = sum(self.credits.as_ref());
        declared.debits = sum(self.debits.as_ref());
        if let Some(period) = period {
            findings.extend(self.booked.outside(&self.number, (period.from, period.to)));
        }
        let off = self.totals.check(&self.number, currency, &mut findings);
        let (proof, days) = match self.kind {
            Kind::Statement => tally.conclude(&declared, &broken_chain, &mut findings),
            Kind::Report | Kind::Notification => (Proof::Silent, Vec::new()),
        };
        let proof = match (self.kind, proof, off) {
            (Kind::Statement, Proof::Proven | Proof::Silent, Some(difference)) => {
                Proof::Broken { day: None, difference }
            }
            (_, proof, _) => proof,
        };
        queue.extend(findings.into_iter().map(Event::Diagnostic));
        queue.push_back(Event::End {
            statement: index,
            declared,
            proof,
            days,
        });
    }
}

/// Twenty digits, of which the sixth to eighth are the currency.
fn is_russian(number: &str) -> bool {
    number.len() == 20 && number.bytes().all(|byte| byte.is_ascii_digit())
}

fn told_chain(account: &str, broken: &BrokenChain, place: Place) -> Diagnostic {
    let details = [day_text(broken.date), Text::same(broken.difference.decimal())];
    Diagnostic::new(Code::ProofChain, place, account, &details)
}

pub(super) fn told(code: Code, place: Place, details: &[Text]) -> Event {
    Event::Diagnostic(Diagnostic::new(code, place, "", details))
}
