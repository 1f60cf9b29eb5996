//! The text of one element, once it is whole: where it belongs and what it says.

use domain::{Currency, Text};
use memchr::memchr2;

use crate::{
    camt::{
        draft::Sum,
        element::Node,
        entry::no_sum,
        value::{self, Day},
    },
    diagnostic::{Code, Diagnostic, Place},
    proving::day_text,
};

use super::{Interpreter, Side};

/// Of a bank's own code (`Max35Text`).
const CODE_CHARS_MAX: usize = 35;

impl Interpreter {
    pub(super) fn end_leaf(&mut self, place: &impl Fn() -> Place) {
        let node = self.open.innermost();
        let text = std::mem::take(&mut self.text);
        let trimmed = text.trim();
        if !trimmed.is_empty() || Self::is_sum(node) {
            if memchr2(b'\n', b'\r', trimmed.as_bytes()).is_some() {
                let line: Vec<&str> = trimmed
                    .split(['\n', '\r'])
                    .map(str::trim)
                    .filter(|it| !it.is_empty())
                    .collect();
                self.take(node, &line.join(" "), place);
            } else {
                self.take(node, trimmed, place);
            }
        }
        self.text = text;
    }

    fn take(&mut self, node: Node, text: &str, place: &impl Fn() -> Place) {
        if self.in_entry {
            self.keep(node, text);
        }
        match node {
            Node::Other | Node::Outside => {}
            node if Self::is_sum(node) => self.take_sum(node, text, place),
            Node::HeaderTime
            | Node::ReportTime
            | Node::PeriodFrom
            | Node::PeriodTo
            | Node::BalanceDay
            | Node::BookingDay
            | Node::ValueDay => self.take_day(node, text, place),
            Node::PartyName
            | Node::AccountNumber
            | Node::TaxNumber
            | Node::PartyOtherId
            | Node::PartySchemeCode
            | Node::Bic
            | Node::BankName
            | Node::ClearingCode
            | Node::Member => self.take_of_side(node, text),
            _ if self.in_payment => {
                if let Some(payment) = self.entry.payment() {
                    payment.take(node, text);
                }
            }
            _ if self.in_entry => self.entry.take(node, text),
            _ => self.take_of_report(node, text, place),
        }
    }

    fn keep(&mut self, node: Node, text: &str) {
        if text.is_empty() {
            return;
        }
        if self.kept_from == 0 {
            // After a payment: what follows is of the entry.
            self.kept_from = self
                .open
                .path_from(0)
                .find("/Ntry/")
                .map_or(0, |at| at + "/Ntry/".len());
        }
        let path = self.open.path_from(self.kept_from);
        let currency = if Self::is_sum(node) { self.currency.as_str() } else { "" };
        self.entry.keep_raw(path, text, currency);
    }

    fn take_of_side(&mut self, node: Node, text: &str) {
        let (side, ultimate) = (self.side, self.ultimate);
        if self.in_payment {
            if let Some(payment) = self.entry.payment() {
                match side {
                    Side::Own => {}
                    Side::Debtor => payment.debtor.take(node, text, ultimate),
                    Side::Creditor => payment.creditor.take(node, text, ultimate),
                }
            }
        } else if let Some(report) = &mut self.report {
            if node == Node::AccountNumber {
                report.number.clear();
                report
                    .number
                    .extend(text.chars().filter(|letter| !letter.is_whitespace()));
            } else {
                report.bank.take(node, text);
            }
        }
    }

    fn take_of_report(&mut self, node: Node, text: &str, place: &impl Fn() -> Place) {
        if node == Node::LastPage && !value::flag(text) {
            self.findings
                .push(Diagnostic::new(Code::CamtMorePages, place(), text, &[]));
        }
        let Some(report) = &mut self.report else {
            return;
        };
        match node {
            Node::AccountCurrency => match Currency::parse(text) {
                Ok(currency) => report.currency = Some(currency),
                Err(_) => self
                    .findings
                    .push(Diagnostic::new(Code::CamtCurrency, place(), text, &[])),
            },
            Node::CreditsSum => report.credits = Some((text.to_owned(), place())),
            Node::DebitsSum => report.debits = Some((text.to_owned(), place())),
            Node::EntriesCount
            | Node::EntriesSum
            | Node::NetAmount
            | Node::NetSign
            | Node::CreditsCount
            | Node::DebitsCount => report.totals.declare(node, text, place()),
            Node::BalanceCode => report.balance.code = text.chars().take(CODE_CHARS_MAX).collect(),
            Node::BalanceSign => report.balance.direction = value::direction(text),
            _ => {}
        }
    }

    fn take_sum(&mut self, node: Node, text: &str, place: &impl Fn() -> Place) {
        let Some(report) = &mut self.report else {
            return;
        };
        let code = match node {
            Node::EntryAmount => Code::CamtAmount,
            Node::BalanceAmount => Code::CamtBalanceAmount,
            Node::ChargeAmount => Code::CamtChargeAmount,
            _ => Code::CamtDetailAmount,
        };
        let currency = if self.currency.is_empty() {
            let of_account = report.account_currency();
            let (code, taken) = match of_account {
                Some(currency) => (Code::CamtCurrencyTaken, vec![Text::same(currency.code())]),
                None => (Code::CamtCurrencyMissing, Vec::new()),
            };
            self.findings.push(Diagnostic::new(code, place(), text, &taken));
            of_account
        } else {
            let parsed = Currency::parse(&self.currency).ok();
            if parsed.is_none() {
                self.findings
                    .push(Diagnostic::new(Code::CamtCurrency, place(), &self.currency, &[]));
            }
            parsed
        };
        let sum = match currency.map(|currency| (currency, value::amount(text, currency))) {
            Some((_, Some(money))) => Sum::Known(money),
            Some((currency, None)) => {
                self.findings.push(no_sum(code, text, place(), currency));
                Sum::Unreadable
            }
            None => Sum::Unreadable,
        };
        if node == Node::BalanceAmount {
            report.balance.amount = sum;
        } else if !self.in_payment {
            self.entry.take_sum(node, sum);
        } else if let Some(payment) = self.entry.payment() {
            payment.take_sum(node, sum);
        }
    }

    fn take_day(&mut self, node: Node, text: &str, place: &impl Fn() -> Place) {
        let day = match value::day(text) {
            Some(Day::Exact(day)) => Some(day),
            Some(Day::Clamped(day)) => {
                let last = [day_text(day)];
                self.findings
                    .push(Diagnostic::new(Code::CamtDateClamped, place(), text, &last));
                Some(day)
            }
            None => None,
        };
        match node {
            Node::BookingDay | Node::ValueDay => {
                if day.is_none() {
                    self.entry.no_date = Some((place(), text.to_owned()));
                }
                let field = if node == Node::BookingDay {
                    &mut self.entry.booked
                } else {
                    &mut self.entry.value
                };
                *field = day;
                return;
            }
            Node::HeaderTime => {
                self.header_day = day;
                return;
            }
            _ => {}
        }
        let Some(report) = &mut self.report else {
            return;
        };
        if day.is_none() {
            self.findings
                .push(Diagnostic::new(Code::CamtHeaderDate, place(), text, &[]));
        }
        match node {
            Node::ReportTime => report.created = day,
            Node::PeriodFrom => report.from = day,
            Node::PeriodTo => report.to = day,
            _ => report.balance.date = day,
        }
    }
}
