//! The fields that a statement begins and ends with.

use std::collections::VecDeque;

use domain::{Currency, Text};

use crate::{
    diagnostic::{Code, Diagnostic},
    reading::Event,
};

use super::{
    super::{
        account::Account,
        balance::{self, Balance},
        pages,
        statement::Edge,
        value,
    },
    Field, Stage, State,
};

impl State {
    pub(super) fn take_opening(&mut self, field: &Field<'_>, interim: bool, queue: &mut VecDeque<Event>) {
        self.finish_entry(queue);
        let known = self.header.account.as_ref().and_then(Account::currency);
        let edge = self.edge(field, interim, known.or(self.header.currency));
        let repeated = self.stage == Stage::Body && self.current.as_ref().is_some_and(|current| current.entries == 0);
        if repeated && let (Some(current), Some(edge)) = (&mut self.current, edge) {
            // The last one counts: nothing was booked on the one before.
            if current.opening.is_some_and(|before| before.money != edge.money) {
                self.findings.push(Diagnostic::new(
                    Code::MtOpeningTwice,
                    edge.place,
                    field.body.first_line(),
                    &[],
                ));
            }
            if current.currency == edge.money.currency() {
                current.opening = Some(edge);
                return;
            }
        }
        if let (Some(current), Some(edge)) = (&mut self.current, &edge) {
            let account = self
                .header
                .account
                .as_ref()
                .map(|account| account.resolve(edge.money.currency()));
            let account = account.or_else(|| current.account().cloned());
            if pages::continues(current, account.as_ref(), self.header.number, edge) {
                self.findings
                    .extend(pages::between_pages(current, self.header.number, edge));
                current.closing = None;
                current.number.page = self.header.number.page;
                self.stage = Stage::Body;
                return;
            }
        }
        self.start(edge, field.place, queue);
    }

    pub(super) fn take_closing(&mut self, field: &Field<'_>, interim: bool, queue: &mut VecDeque<Event>) {
        self.finish_entry(queue);
        if self.current.is_none() || self.stage == Stage::Header {
            self.start(None, field.place, queue);
        }
        let known = self.current.as_ref().map(|current| current.currency);
        let Some(edge) = self.edge(field, interim, known) else {
            self.stage = Stage::Closed;
            return;
        };
        let Some(current) = &mut self.current else {
            return;
        };
        if edge.money.currency() != current.currency {
            let currencies = [edge.money.currency(), current.currency].map(|currency| Text::same(currency.code()));
            self.findings.push(Diagnostic::new(
                Code::MtCurrencyDiffers,
                edge.place,
                field.body.first_line(),
                &currencies,
            ));
        } else {
            if current.closing.is_some_and(|before| before.money != edge.money) {
                self.findings.push(Diagnostic::new(
                    Code::MtClosingTwice,
                    edge.place,
                    field.body.first_line(),
                    &[],
                ));
            }
            current.closing = Some(edge);
        }
        self.stage = Stage::Closed;
    }

    pub(super) fn take_sum(&mut self, field: &Field<'_>, credit: bool, queue: &mut VecDeque<Event>) {
        self.finish_entry(queue);
        let line = field.body.first_line();
        let Some((count, sum)) = balance::sum(line) else {
            self.find(Code::MtAvailable, field.at_value(), line, &[]);
            return;
        };
        if !field.terminated && !value::has_decimal_mark(line) {
            self.find(Code::MtSumCut, field.at_value(), line, &[]);
            return;
        }
        if self.current.is_none() || self.stage == Stage::Header {
            self.header.interim = true;
            self.header.currency = self.header.currency.or(Some(sum.currency()));
            self.start(None, field.place, queue);
        }
        if let Some(current) = &mut self.current {
            current.declare(credit, count, sum, field.at_value());
        }
    }

    fn edge(&mut self, field: &Field<'_>, interim: bool, known: Option<Currency>) -> Option<Edge> {
        let line = field.body.first_line();
        let place = field.at_value();
        let Some(balance) = balance::parse(line, known) else {
            self.find(Code::MtBalance, place, line, &[]);
            return None;
        };
        let Balance {
            money,
            date,
            clamped,
            unnamed_currency,
        } = balance;
        if clamped {
            self.find(Code::MtDateClamped, place, line, &[Text::same(date.to_string())]);
        }
        if unnamed_currency {
            self.find(
                Code::MtBalanceCurrency,
                place,
                line,
                &[Text::same(money.currency().code())],
            );
        }
        let cut = !field.terminated && !value::has_all_decimals(line, money.currency());
        Some(Edge {
            money,
            date,
            interim,
            place,
            cut,
        })
    }
}
