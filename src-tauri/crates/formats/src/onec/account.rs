//! Account sections: what a file declares about its accounts, merged into one statement an account.

use std::collections::{HashMap, HashSet};

use chrono::NaiveDate;
use domain::{Content, Currency, Day, Money, Period, Statement, StatementAccount, Text};

use crate::{
    diagnostic::{Code, Diagnostic, Place},
    proving::{BrokenChain, day_text, stretch_text},
};

use super::{
    block::{Block, Condition},
    field::Field,
    value::{balance, compact, date},
};

/// One `СекцияРасчСчет`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Section {
    pub(super) account: String,
    from: Option<NaiveDate>,
    to: Option<NaiveDate>,
    opening: Option<Money>,
    credits: Option<Money>,
    debits: Option<Money>,
    closing: Option<Money>,
    line: u64,
}

impl Section {
    /// `None`: nothing to hold on to, and the findings say why.
    pub(super) fn read(block: &Block, findings: &mut Vec<Diagnostic>) -> Option<Self> {
        let account = compact(block.text(Field::Account)).into_owned();
        let place = Place::line(block.line);
        if block.condition == Condition::Cut {
            findings.push(Diagnostic::new(Code::OnecSectionCut, place, &account, &[]));
            // The number may be half a number, unless other keys follow it.
            let last_is_account = block.last_field() == Some(Field::Account);
            return (!account.is_empty() && !last_is_account).then(|| Self::bare(account, block.line));
        }
        if account.is_empty() {
            findings.push(Diagnostic::new(Code::OnecSectionAccount, place, "", &[]));
            return None;
        }
        let currency = Currency::of_account(&account).unwrap_or(Currency::RUB);
        let mut sum = |field: Field| -> Option<Money> {
            let value = block.filled(field)?;
            let sum = balance(value.text, currency);
            if sum.is_none() {
                let name = [Text::same(field.name())];
                findings.push(Diagnostic::new(Code::OnecBalance, value.place(), value.text, &name));
            }
            sum
        };
        let (opening, credits) = (sum(Field::Opening), sum(Field::Credits));
        let (debits, closing) = (sum(Field::Debits), sum(Field::Closing));
        let mut dates_are_whole = true;
        let mut day = |field: Field| -> Option<NaiveDate> {
            let value = block.filled(field)?;
            let day = date(value.text);
            if day.is_none() {
                dates_are_whole = false;
                let name = [Text::same(field.name())];
                findings.push(Diagnostic::new(Code::OnecSectionDate, value.place(), value.text, &name));
            }
            day
        };
        let (from, to) = (day(Field::From), day(Field::To));
        Some(Self {
            account,
            // Half a stretch would be taken for one day.
            from: from.filter(|_| dates_are_whole),
            to: to.filter(|_| dates_are_whole),
            opening,
            credits,
            debits,
            closing,
            line: block.line,
        })
    }

    fn bare(account: String, line: u64) -> Self {
        Self {
            account,
            from: None,
            to: None,
            opening: None,
            credits: None,
            debits: None,
            closing: None,
            line,
        }
    }

    fn says_the_same(&self, other: &Self) -> bool {
        let line = self.line;
        *self == Self { line, ..other.clone() }
    }

    fn stretch(&self) -> Option<(NaiveDate, NaiveDate)> {
        let from = self.from.or(self.to)?;
        let to = self.to.unwrap_or(from);
        Some((from.min(to), from.max(to)))
    }

    fn day(&self) -> Option<Day> {
        let (from, date) = self.stretch()?;
        Some(Day {
            from,
            date,
            opening: self.opening,
            credits: self.credits,
            debits: self.debits,
            closing: self.closing,
            line: self.line,
        })
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Account {
    pub(super) statement: Statement,
    /// The days of its sections, from the first to the last.
    pub(super) span: Option<(NaiveDate, NaiveDate)>,
    pub(super) broken_chain: Vec<BrokenChain>,
}

/// The statement of one account out of its sections, in the order of the file. `header` is the whole file's period.
pub(super) fn merge(
    number: &str,
    mut sections: Vec<Section>,
    header: Option<Period>,
    findings: &mut Vec<Diagnostic>,
) -> Account {
    let currency = Currency::of_account(number).unwrap_or(Currency::RUB);
    drop_repetitions(&mut sections, findings);
    if let [only] = sections.as_mut_slice()
        && only.to.is_none()
    {
        // The last day is not mandatory in a section; the header has it then.
        only.to = header.map(|period| period.to).filter(|_| only.from.is_some());
    }
    sections.sort_by_key(Section::stretch);
    let summary = take_summary(&mut sections);
    let broken_chain = chain(&sections, findings);
    let spans = summary.iter().chain(&sections).filter_map(Section::stretch);
    let span = spans.reduce(|(from, to), (next_from, next_to)| (from.min(next_from), to.max(next_to)));
    let total = |of: fn(&Section) -> Option<Money>| -> Option<Money> {
        let mut sums = sections.iter().map(of);
        let first = sums.next()??;
        sums.try_fold(first, |sum, next| sum.checked_add(next?).ok())
    };
    let whole = summary.as_ref();
    let statement = Statement {
        account: Some(StatementAccount {
            number: number.to_owned(),
            bank: None,
            currency,
        }),
        content: Content::Statement,
        provisional: false,
        period: header.or_else(|| span.map(|(from, to)| Period { from, to })),
        opening: whole.map_or_else(|| sections.first()?.opening, |whole| whole.opening),
        closing: whole.map_or_else(|| sections.last()?.closing, |whole| whole.closing),
        credits: whole.map_or_else(|| total(|section| section.credits), |whole| whole.credits),
        debits: whole.map_or_else(|| total(|section| section.debits), |whole| whole.debits),
        days: days(&sections),
    };
    Account {
        statement,
        span,
        broken_chain,
    }
}

/// One section over several days says nothing by the day.
fn days(sections: &[Section]) -> Vec<Day> {
    let days: Vec<Day> = sections.iter().filter_map(Section::day).collect();
    match days.as_slice() {
        [only] if only.from != only.date => Vec::new(),
        [_] if sections.iter().any(|section| section.to.is_none()) => Vec::new(),
        _ if days.len() < sections.len() => Vec::new(),
        _ => days,
    }
}

/// Repetitions word for word go; of two that differ about the same days the later one in the file stays.
fn drop_repetitions(sections: &mut Vec<Section>, findings: &mut Vec<Diagnostic>) {
    let mut kept: Vec<Section> = Vec::with_capacity(sections.len());
    let mut by_stretch = HashMap::new();
    let mut undated = HashSet::new();
    for section in sections.drain(..) {
        let place = Place::line(section.line);
        let Some(stretch) = section.stretch() else {
            if undated.insert([section.opening, section.credits, section.debits, section.closing]) {
                kept.push(section);
            } else {
                findings.push(Diagnostic::new(Code::OnecSectionTwice, place, &section.account, &[]));
            }
            continue;
        };
        let Some(at) = by_stretch.get(&stretch).copied() else {
            by_stretch.insert(stretch, kept.len());
            kept.push(section);
            continue;
        };
        let other: &mut Section = &mut kept[at];
        if section.says_the_same(other) {
            findings.push(Diagnostic::new(Code::OnecSectionTwice, place, &section.account, &[]));
        } else {
            let days = stretch_text(stretch);
            findings.push(Diagnostic::new(
                Code::OnecSectionConflict,
                place,
                &section.account,
                &[days],
            ));
            *other = section;
        }
    }
    *sections = kept;
}

/// Some banks write the whole period once more beside its days.
fn take_summary(sections: &mut Vec<Section>) -> Option<Section> {
    if sections.len() < 3 {
        return None;
    }
    let stretches: Vec<_> = sections.iter().map(Section::stretch).collect::<Option<_>>()?;
    let from = stretches.iter().map(|(from, _)| *from).min()?;
    let to = stretches.iter().map(|(_, to)| *to).max()?;
    let at = stretches.iter().position(|stretch| *stretch == (from, to))?;
    Some(sections.remove(at))
}

fn chain(sections: &[Section], findings: &mut Vec<Diagnostic>) -> Vec<BrokenChain> {
    let mut broken = Vec::new();
    for pair in sections.windows(2) {
        let (before, after) = (&pair[0], &pair[1]);
        let (Some(closing), Some(opening), Some((date, _))) = (before.closing, after.opening, after.stretch()) else {
            continue;
        };
        if closing == opening {
            continue;
        }
        let difference = opening.checked_sub(closing).unwrap_or(opening);
        let details = [day_text(date), Text::same(difference.to_string())];
        let place = Place::line(after.line);
        findings.push(Diagnostic::new(Code::ProofChain, place, &after.account, &details));
        broken.push(BrokenChain { date, difference });
    }
    broken
}
