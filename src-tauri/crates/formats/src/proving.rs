//! Adds up what the entries of a statement come to, whole and by the day, and holds it against what is declared.

use chrono::NaiveDate;
use domain::{Currency, Day, DayCheck, Direction, Entry, EntryStatus, Money, Proof, Statement, Text};

use crate::diagnostic::{Code, Diagnostic, Place};

/// A day whose opening balance is not the closing one before it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct BrokenChain {
    pub(crate) date: NaiveDate,
    pub(crate) difference: Money,
}

/// Minor units, wide enough for any number of entries.
#[derive(Debug, Clone, Copy, Default)]
struct Sums {
    credits: i128,
    debits: i128,
}

impl Sums {
    fn add(&mut self, direction: Direction, minor: i64) {
        match direction {
            Direction::Credit => self.credits += i128::from(minor),
            Direction::Debit => self.debits += i128::from(minor),
        }
    }

    /// A sum beyond [`Money`] stays at its end, where nothing a bank declares agrees with it.
    fn as_money(&self, currency: Currency) -> (Money, Money) {
        let money = |minor: i128| Money::from_minor(i64::try_from(minor).unwrap_or(i64::MAX), currency);
        (money(self.credits), money(self.debits))
    }
}

#[derive(Debug)]
pub(crate) struct Tally {
    /// An entry in another currency than the account's: then nothing can add up, nor be wrong.
    foreign: bool,
    /// A booked entry of which nobody knows which way it went: then nothing is proven.
    undirected: bool,
    whole: Sums,
    by_day: Vec<Sums>,
}

impl Tally {
    /// `statement` as it was begun: by its days the entries are counted.
    pub(crate) fn of(statement: &Statement) -> Self {
        Self {
            foreign: false,
            undirected: false,
            whole: Sums::default(),
            by_day: vec![Sums::default(); statement.days.len()],
        }
    }

    pub(crate) fn add(&mut self, statement: &Statement, entry: &Entry) {
        let (EntryStatus::Booked, Some(direction)) = (entry.status, entry.direction) else {
            self.undirected |= entry.status == EntryStatus::Booked && !entry.amount.is_zero();
            return;
        };
        let currency = statement.account.as_ref().map(|account| account.currency);
        self.foreign |= currency.is_some_and(|currency| currency != entry.amount.currency());
        self.whole.add(direction, entry.amount.minor());
        if let Some(at) = day_of(&statement.days, entry.booked) {
            self.by_day[at].add(direction, entry.amount.minor());
        }
    }

    /// What adds up without an entry of no direction does not add up with it.
    fn known(&self, proof: Proof) -> Proof {
        match proof {
            Proof::Proven if self.undirected => Proof::Silent,
            proof => proof,
        }
    }

    /// `broken_chain`: the days whose opening is not the closing before them, in order.
    pub(crate) fn conclude(
        &self,
        statement: &Statement,
        broken_chain: &[BrokenChain],
        findings: &mut Vec<Diagnostic>,
    ) -> (Proof, Vec<(NaiveDate, Proof)>) {
        let Some(owner) = &statement.account else {
            return (Proof::Silent, Vec::new());
        };
        if self.foreign {
            return (Proof::Silent, Vec::new());
        }
        let by_day = statement.days.iter().zip(&self.by_day);
        let days: Vec<_> = by_day
            .map(|(day, sums)| {
                let (credits, debits) = sums.as_money(owner.currency);
                let check = DayCheck::of_day(day, credits, debits);
                explain(&owner.number, &check, Some(day), findings);
                (day.date, self.known(check.proof()))
            })
            .collect();
        let (credits, debits) = self.whole.as_money(owner.currency);
        let check = DayCheck::of_statement(statement, credits, debits);
        let whole = check.proof();
        let broken_day = || {
            let in_day = days
                .iter()
                .find(|(_, proof)| matches!(proof, Proof::Broken { .. }))
                .map(|(_, proof)| proof.clone());
            let between = broken_chain.first().map(|broken| Proof::Broken {
                day: Some(broken.date),
                difference: broken.difference,
            });
            in_day.into_iter().chain(between).min_by_key(|proof| match proof {
                Proof::Broken { day, .. } => *day,
                Proof::Proven | Proof::Silent => None,
            })
        };
        let whole = self.known(whole);
        let proof = match (broken_day(), whole) {
            (Some(Proof::Broken { day, .. }), Proof::Broken { difference, .. }) => Proof::Broken { day, difference },
            (Some(broken), _) => broken,
            (None, whole) => {
                explain(&owner.number, &check, None, findings);
                whole
            }
        };
        (proof, days)
    }
}

/// Days are in order and do not overlap, as a rule; where they do, the first that holds the date counts it. The only
/// section of an account speaks for all its entries, whatever day it names.
fn day_of(days: &[Day], booked: NaiveDate) -> Option<usize> {
    if days.len() == 1 {
        return Some(0);
    }
    let at = days.partition_point(|day| day.date < booked);
    days.get(at).filter(|day| day.from <= booked).map(|_| at)
}

fn explain(account: &str, check: &DayCheck, day: Option<&Day>, findings: &mut Vec<Diagnostic>) {
    if !matches!(check.proof(), Proof::Broken { .. }) {
        return;
    }
    let when = day.map_or_else(whole_period, |day| stretch_text((day.from, day.date)));
    let place = day.map_or(Place::WHOLE_FILE, |day| Place::line(day.line));
    let mut told = false;
    for (name, declared, counted) in [
        (
            Text::new("поступлений", "credits"),
            check.credits,
            check.counted_credits,
        ),
        (Text::new("списаний", "debits"), check.debits, check.counted_debits),
    ] {
        let Some(declared) = declared.filter(|declared| *declared != counted) else {
            continue;
        };
        let difference = declared.checked_sub(counted).unwrap_or(declared);
        let sums = [counted, declared, difference].map(|sum| Text::same(sum.decimal()));
        let [counted, declared, difference] = sums;
        let details = [when.clone(), name, counted, declared, difference];
        findings.push(Diagnostic::new(Code::ProofTurnover, place, account, &details));
        told = true;
    }
    if !told && let Proof::Broken { difference, .. } = check.proof() {
        let details = [when, Text::same(difference.decimal())];
        findings.push(Diagnostic::new(Code::ProofClosing, place, account, &details));
    }
}

/// Days that an entry may lie before or after the days of its statement: banks book late, and name the day before.
const DAYS_OUTSIDE_MAX: i64 = 31;

/// The first and the last day of a statement's entries, each with its line.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Booked {
    first: Option<(NaiveDate, u64)>,
    last: Option<(NaiveDate, u64)>,
    /// Of the entry before: most are of the same day.
    before: Option<NaiveDate>,
}

impl Booked {
    #[inline]
    pub(crate) fn see(&mut self, date: NaiveDate, line: u64) {
        if self.before != Some(date) {
            self.before = Some(date);
            self.see_another(date, line);
        }
    }

    fn see_another(&mut self, date: NaiveDate, line: u64) {
        if self.first.is_none_or(|(first, _)| date < first) {
            self.first = Some((date, line));
        }
        if self.last.is_none_or(|(last, _)| date > last) {
            self.last = Some((date, line));
        }
    }

    pub(crate) fn days(self) -> Option<(NaiveDate, NaiveDate)> {
        Some((self.first?.0, self.last?.0))
    }

    /// Those that cannot be of a statement of these days.
    pub(crate) fn outside(self, account: &str, (from, to): (NaiveDate, NaiveDate)) -> impl Iterator<Item = Diagnostic> {
        let (from, to) = (from.min(to), from.max(to));
        let early = self
            .first
            .filter(|(date, _)| (from - *date).num_days() > DAYS_OUTSIDE_MAX);
        let late = self.last.filter(|(date, _)| (*date - to).num_days() > DAYS_OUTSIDE_MAX);
        let account = account.to_owned();
        early.into_iter().chain(late).map(move |(date, line)| {
            let details = [day_text(date), stretch_text((from, to))];
            Diagnostic::new(Code::ProofDateOutside, Place::line(line), &account, &details)
        })
    }
}

pub(crate) fn whole_period() -> Text {
    Text::new("весь период", "the whole period")
}

/// The bank says how many entries there are, and there are not.
pub(crate) fn count_differs(account: &str, name: Text, counted: u64, declared: &str, place: Place) -> Diagnostic {
    let details = [name, Text::same(counted.to_string()), Text::same(declared)];
    Diagnostic::new(Code::ProofCount, place, account, &details)
}

pub(crate) fn day_text(date: NaiveDate) -> Text {
    Text::new(date.format("%d.%m.%Y").to_string(), date.to_string())
}

pub(crate) fn stretch_text((from, to): (NaiveDate, NaiveDate)) -> Text {
    let (first, last) = (day_text(from), day_text(to));
    if from == to {
        return first;
    }
    Text::new(
        format!("{}–{}", first.ru, last.ru),
        format!("{} to {}", first.en, last.en),
    )
}
