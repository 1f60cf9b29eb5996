//! One statement after another of the same account: what the later one opens with is what the earlier one closed with.

use std::collections::BTreeMap;

use domain::{Money, Period, Statement, Text};

use crate::{
    diagnostic::{Code, Diagnostic, Place},
    proving::day_text,
};

/// Accounts whose last closing balance is remembered: a file has a few.
const ACCOUNTS_MAX: usize = 1_000;

#[derive(Debug, Default)]
pub(super) struct Chain(BTreeMap<String, (Period, Money)>);

impl Chain {
    /// A statement whose days follow on those before must open with their closing balance. One of the same days or of
    /// earlier ones says nothing of it.
    pub(super) fn see(&mut self, statement: &Statement, place: Place) -> Option<Diagnostic> {
        let (account, period) = (statement.account.as_ref()?, statement.period?);
        let before = self.0.get(&account.number).copied();
        let follows = before.is_none_or(|(before, _)| before.to < period.from);
        if let Some(closing) = statement.closing.filter(|_| follows && self.0.len() < ACCOUNTS_MAX) {
            self.0.insert(account.number.clone(), (period, closing));
        }
        let (_, closing) = before.filter(|_| follows)?;
        let difference = statement.opening?.checked_sub(closing).ok()?;
        let details = [day_text(period.from), Text::same(difference.to_string())];
        (!difference.is_zero()).then(|| Diagnostic::new(Code::ProofChain, place, &account.number, &details))
    }
}

#[cfg(test)]
mod tests {
    use chrono::NaiveDate;
    use domain::{Content, Currency, StatementAccount};

    use super::*;

    fn of(days: (u32, u32), opening: i64, closing: i64) -> Statement {
        let day = |day| NaiveDate::from_ymd_opt(2024, 7, day).unwrap();
        let money = |minor| Some(Money::from_minor(minor, Currency::RUB));
        Statement {
            period: Some(Period {
                from: day(days.0),
                to: day(days.1),
            }),
            opening: money(opening),
            closing: money(closing),
            ..Statement::of(
                Some(StatementAccount {
                    number: "40702810900000000001".to_owned(),
                    bank: None,
                    currency: Currency::RUB,
                }),
                Content::Statement,
            )
        }
    }

    #[test]
    fn what_opens_otherwise_than_it_closed_is_told_once() {
        let mut chain = Chain::default();
        let mut told = |statement: &Statement| chain.see(statement, Place::WHOLE_FILE).is_some();
        assert!(!told(&of((1, 1), 0, 100)));
        assert!(!told(&of((2, 2), 100, 250)));
        assert!(told(&of((3, 5), 300, 400)));
        assert!(!told(&of((3, 5), 300, 400)), "the same days once more");
        assert!(!told(&of((1, 1), 7, 8)), "earlier days");
        assert!(!told(&of((6, 6), 400, 410)));
    }
}
