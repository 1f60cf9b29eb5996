//! Which of the balances a bank writes are the opening and the closing one, and what sign they have.

use chrono::NaiveDate;
use domain::{Currency, Direction, Money, Text};

use crate::{
    diagnostic::{Code, Diagnostic, Place},
    proving::BrokenChain,
};

/// Balances of one statement. Banks write a dozen.
pub const BALANCES_MAX: usize = 1_000;

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Balance {
    pub(super) code: String,
    /// Not negative.
    pub(super) amount: Money,
    pub(super) direction: Option<Direction>,
    pub(super) date: Option<NaiveDate>,
    pub(super) place: Place,
}

impl Balance {
    pub(super) fn signed(&self) -> Option<Money> {
        match self.direction? {
            Direction::Credit => Some(self.amount),
            Direction::Debit => self.amount.checked_neg().ok(),
        }
    }
}

/// The two balances that prove a statement.
#[derive(Debug, Default)]
pub(super) struct Ends<'a> {
    pub(super) opening: Option<&'a Balance>,
    pub(super) closing: Option<&'a Balance>,
}

/// `OPBD`, or the closing balance of the day before (`PRCD`); `CLBD`. Of several the earliest and the latest, those in
/// the account's currency first.
pub(super) fn ends(balances: &[Balance], currency: Option<Currency>) -> Ends<'_> {
    let of = |code: &str| -> Vec<&Balance> {
        let all: Vec<_> = balances.iter().filter(|balance| balance.code == code).collect();
        let own: Vec<_> = all
            .iter()
            .copied()
            .filter(|balance| Some(balance.amount.currency()) == currency)
            .collect();
        if own.is_empty() { all } else { own }
    };
    let earliest = |code: &str| of(code).into_iter().min_by_key(|balance| balance.date);
    Ends {
        opening: earliest("OPBD").or_else(|| earliest("PRCD")),
        closing: of("CLBD").into_iter().max_by_key(|balance| balance.date),
    }
}

/// Days of one statement: what a day opens with is what closed before it, and so is the first opening the balance of
/// the day before (`PRCD`).
pub(super) fn chain(balances: &[Balance], currency: Currency) -> Vec<(BrokenChain, Place)> {
    let dated = |code: &'static str| {
        balances
            .iter()
            .filter(move |balance| balance.code == code && balance.amount.currency() == currency)
            .filter_map(|balance| Some((balance.date?, balance.signed()?, balance.place)))
    };
    let mut openings: Vec<_> = dated("OPBD").collect();
    openings.sort_by_key(|(date, ..)| *date);
    openings.dedup_by_key(|(date, ..)| *date);
    let first = openings.first().map(|(date, ..)| *date);
    let before = |day: NaiveDate| {
        let closing = dated("CLBD").filter(|(date, ..)| *date < day);
        let previous = dated("PRCD").filter(|(date, ..)| Some(day) == first && *date <= day);
        closing.chain(previous).max_by_key(|(date, ..)| *date)
    };
    let broken = |(date, opened, place): (NaiveDate, Money, Place)| {
        let (_, closed, _) = before(date)?;
        let difference = opened.checked_sub(closed).ok()?;
        (!difference.is_zero()).then_some((BrokenChain { date, difference }, place))
    };
    openings.into_iter().filter_map(broken).collect()
}

/// The same balance of the same day is said to be another sum elsewhere.
pub(super) fn is_contradicted(balance: &Balance, balances: &[Balance]) -> bool {
    let same = |other: &&Balance| {
        (&other.code, other.date, other.amount.currency()) == (&balance.code, balance.date, balance.amount.currency())
    };
    // Interim balances of one day are of different hours.
    let is_end = matches!(balance.code.as_str(), "OPBD" | "CLBD" | "PRCD");
    let mut others = balances.iter().filter(same);
    is_end && others.any(|other| (other.amount, other.direction) != (balance.amount, balance.direction))
}

/// What the ends come to when the entries come to `net` (minor units).
pub(super) fn settled(
    balances: &[Balance],
    currency: Option<Currency>,
    net: i128,
    findings: &mut Vec<Diagnostic>,
) -> (Option<Money>, Option<Money>) {
    let ends = with_interim(balances, ends(balances, currency), net);
    let plain = |balance: &Balance| balance.signed().unwrap_or(balance.amount);
    let holds = match (ends.opening, ends.closing) {
        (Some(opening), Some(closing)) => fits(plain(opening), plain(closing), net),
        _ => false,
    };
    let mut end = |balance: Option<&Balance>| {
        let balance = balance?;
        if let Some(currency) = currency.filter(|currency| *currency != balance.amount.currency()) {
            let currencies = [balance.amount.currency(), currency].map(|currency| Text::same(currency.code()));
            findings.push(Diagnostic::new(
                Code::CamtBalanceCurrency,
                balance.place,
                &balance.amount.decimal(),
                &currencies,
            ));
        }
        if is_contradicted(balance, balances) {
            let told = [Text::same(balance.code.as_str())];
            findings.push(Diagnostic::new(
                Code::CamtBalanceTwice,
                balance.place,
                &balance.amount.decimal(),
                &told,
            ));
            return None;
        }
        if balance.direction.is_none() {
            let code = if holds {
                Code::CamtBalanceSignTaken
            } else {
                Code::CamtBalanceSign
            };
            findings.push(Diagnostic::new(code, balance.place, &balance.amount.decimal(), &[]));
            return holds.then_some(balance.amount);
        }
        balance.signed()
    };
    (end(ends.opening), end(ends.closing))
}

fn fits(opening: Money, closing: Money, net: i128) -> bool {
    opening.currency() == closing.currency() && i128::from(opening.minor()) + net == i128::from(closing.minor())
}

/// Pages of one statement end and begin with an interim balance (`ITBD`). It stands for a missing end only where the
/// statement then adds up: it may as well be the balance of some hour between.
fn with_interim<'a>(balances: &'a [Balance], ends: Ends<'a>, net: i128) -> Ends<'a> {
    let interim = || balances.iter().filter(|balance| balance.code == "ITBD");
    let (first, last) = (interim().next(), interim().next_back());
    let candidate = match (ends.opening, ends.closing) {
        (None, Some(closing)) => first.map(|first| (first, closing)),
        (Some(opening), None) => last.map(|last| (opening, last)),
        (None, None) if interim().count() > 1 => first.zip(last),
        _ => None,
    };
    let fitting = candidate.filter(|(opening, closing)| {
        matches!((opening.signed(), closing.signed()), (Some(opening), Some(closing)) if fits(opening, closing, net))
    });
    fitting.map_or(ends, |(opening, closing)| Ends {
        opening: Some(opening),
        closing: Some(closing),
    })
}

/// Codes of ISO 20022 that are neither end and need no word: what is available, forward, limits.
pub(super) fn is_understood(code: &str) -> bool {
    matches!(
        code,
        "OPBD" | "PRCD" | "CLBD" | "ITBD" | "OPAV" | "CLAV" | "ITAV" | "FWAV" | "XPCD" | "INFO"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn balance(code: &str, minor: i64, direction: Option<Direction>, day: u32) -> Balance {
        Balance {
            code: code.to_owned(),
            amount: Money::from_minor(minor, Currency::RUB),
            direction,
            date: NaiveDate::from_ymd_opt(2024, 3, day),
            place: Place::WHOLE_FILE,
        }
    }

    fn settle(balances: &[Balance], net: i128) -> (Option<i64>, Option<i64>, Vec<Code>) {
        let mut findings = Vec::new();
        let (opening, closing) = settled(balances, Some(Currency::RUB), net, &mut findings);
        let codes = findings.iter().map(|finding| finding.code).collect();
        (opening.map(Money::minor), closing.map(Money::minor), codes)
    }

    const CREDIT: Option<Direction> = Some(Direction::Credit);
    const DEBIT: Option<Direction> = Some(Direction::Debit);

    #[test]
    fn the_earliest_opening_and_the_latest_closing_are_the_ends() {
        let days = [
            balance("CLBD", 300, CREDIT, 2),
            balance("OPBD", 200, CREDIT, 2),
            balance("OPBD", 100, DEBIT, 1),
            balance("CLBD", 200, CREDIT, 1),
            balance("PRCD", 900, CREDIT, 1),
        ];
        assert_eq!(settle(&days, 0), (Some(-100), Some(300), vec![]));
        assert_eq!(settle(&days[4..], 0), (Some(900), None, vec![]));
    }

    #[test]
    fn a_balance_without_a_sign_is_positive_only_where_it_adds_up() {
        let signless = [balance("OPBD", 100, None, 1), balance("CLBD", 150, None, 1)];
        let (taken, unknown) = (Code::CamtBalanceSignTaken, Code::CamtBalanceSign);
        assert_eq!(settle(&signless, 50), (Some(100), Some(150), vec![taken, taken]));
        assert_eq!(settle(&signless, 51), (None, None, vec![unknown, unknown]));
        assert_eq!(settle(&signless[1..], 150), (None, None, vec![unknown]));
        let half = [balance("OPBD", 100, DEBIT, 1), balance("CLBD", 150, None, 1)];
        assert_eq!(settle(&half, 250), (Some(-100), Some(150), vec![taken]));
        assert_eq!(settle(&half, 50), (Some(-100), None, vec![unknown]));
    }

    #[test]
    fn an_interim_balance_stands_for_an_end_only_where_it_adds_up() {
        let page = [balance("OPBD", 100, CREDIT, 1), balance("ITBD", 150, CREDIT, 1)];
        assert_eq!(settle(&page, 50), (Some(100), Some(150), vec![]));
        assert_eq!(settle(&page, 60), (Some(100), None, vec![]));
        let last = [balance("ITBD", 150, CREDIT, 1), balance("CLBD", 100, CREDIT, 1)];
        assert_eq!(settle(&last, -50), (Some(150), Some(100), vec![]));
        let middle = [balance("ITBD", 150, CREDIT, 1), balance("ITBD", 100, CREDIT, 1)];
        assert_eq!(settle(&middle, -50), (Some(150), Some(100), vec![]));
        assert_eq!(settle(&middle[..1], 0), (None, None, vec![]));
    }
}
