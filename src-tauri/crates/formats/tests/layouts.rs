//! One month of one firm, written as hundreds of tables in the ways of many banks: every one is read right or asked
//! about, and none is silently wrong.

#![expect(clippy::unwrap_used, reason = "what a test stands on must be there")]

#[path = "layouts/month.rs"]
mod month;
#[path = "layouts/style.rs"]
mod style;
#[path = "layouts/text.rs"]
mod text;
#[path = "layouts/workbook.rs"]
mod workbook;

use std::io::Cursor;

use domain::Direction;
use formats::{
    Code, Collected, Options, Severity, read_all,
    table::{Answers, DayOrder, DecimalSign},
};

use month::{Month, Paid};
use style::Style;

/// Layouts of each kind.
const TEXTS: u64 = 160;
const WORKBOOKS: u64 = 64;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Verdict {
    Right,
    /// A question, and no entries.
    Asked,
    /// Some rows are right and for each of the others there is an error.
    Told,
    Wrong,
}

fn paid(collected: &Collected, style: &Style) -> Vec<Paid> {
    let entries = collected.statements.iter().flat_map(|statement| &statement.entries);
    let mut all: Vec<Paid> = entries
        .map(|entry| Paid {
            day: entry.booked,
            kopecks: match entry.direction {
                Some(Direction::Debit) => -entry.amount.minor(),
                _ => entry.amount.minor(),
            },
            number: entry.number.clone().unwrap_or_default().into(),
            name: entry.counterparty.name.clone().unwrap_or_default(),
            inn: entry.counterparty.inn.clone().unwrap_or_default().into(),
            account: entry.counterparty.account.clone().unwrap_or_default().into(),
            purpose: entry.purpose.clone(),
        })
        .collect();
    if style.newest_first {
        all.reverse();
    }
    all
}

fn verdict(collected: &Collected, month: &Month, style: &Style) -> Verdict {
    let read = paid(collected, style);
    let errors = collected
        .diagnostics
        .iter()
        .filter(|diagnostic| diagnostic.severity == Severity::Error)
        .count();
    let asked = collected
        .diagnostics
        .iter()
        .any(|diagnostic| diagnostic.code == Code::TableAsk);
    if read == month.paid && errors == 0 {
        // Whatever is declared must be what is true.
        let statement = &collected.statements[0];
        let declared = &statement.statement;
        let same = |money: Option<domain::Money>, kopecks: i64| money.is_none_or(|money| money.minor() == kopecks);
        let account = declared
            .account
            .as_ref()
            .is_none_or(|account| account.number == month::OWN);
        let balances = same(declared.opening, month.opening) && same(declared.closing, month.closing());
        let broken = statement.proof.as_flag() == Some(false);
        return if account && balances && !broken {
            Verdict::Right
        } else {
            Verdict::Wrong
        };
    }
    if asked && read.is_empty() {
        return Verdict::Asked;
    }
    let known = read.iter().all(|one| month.paid.contains(one));
    if known && read.len() + errors >= month.paid.len() && errors > 0 {
        Verdict::Told
    } else {
        Verdict::Wrong
    }
}

/// Writes what went wrong so that it can be looked at.
fn describe(style: &Style, month: &Month, collected: &Collected, written: &str) -> String {
    let read = paid(collected, style);
    let differs = read.iter().zip(&month.paid).find(|(read, truth)| read != truth);
    let told: Vec<String> = collected
        .diagnostics
        .iter()
        .map(|diagnostic| diagnostic.render(domain::Lang::En, "table"))
        .collect();
    let first: Vec<&str> = written.lines().take(14).collect();
    format!("{style:?}\n{}\n{}\n{differs:?}\n", first.join("\n"), told.join("\n"))
}

fn count(verdicts: &[Verdict], of: Verdict) -> usize {
    verdicts.iter().filter(|verdict| **verdict == of).count()
}

/// Prints the figures, and holds them.
fn hold(kind: &str, verdicts: &[Verdict], wrong: &[String]) {
    let [right, asked, told, silent] =
        [Verdict::Right, Verdict::Asked, Verdict::Told, Verdict::Wrong].map(|of| count(verdicts, of));
    println!(
        "{kind}: {} layouts, {right} right by themselves, {asked} asked, {told} told row by row, {silent} wrong",
        verdicts.len()
    );
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert_eq!(silent, 0);
    assert!(verdicts.len() >= 60);
    assert!(right * 100 >= verdicts.len() * 80, "{right} of {}", verdicts.len());
}

#[test]
fn texts_are_right_or_asked_and_none_is_silently_wrong() {
    let (mut verdicts, mut wrong) = (Vec::new(), Vec::new());
    for seed in 0..TEXTS {
        let style = Style::of(seed);
        let month = Month::of(seed, &style);
        let written = text::write(&month, &style);
        let bytes = text::encode(&written, style.encoding);
        let collected = read_all(Cursor::new(&bytes), &Options::default()).unwrap();
        let verdict = verdict(&collected, &month, &style);
        if verdict == Verdict::Wrong || (verdict != Verdict::Right) != style.must_be_asked(&month) {
            wrong.push(format!(
                "{seed} {verdict:?}: {}",
                describe(&style, &month, &collected, &written)
            ));
        }
        verdicts.push(verdict);
    }
    hold("CSV", &verdicts, &wrong);
}

#[test]
fn workbooks_are_right_or_asked_and_none_is_silently_wrong() {
    let (mut verdicts, mut wrong) = (Vec::new(), Vec::new());
    for seed in 0..WORKBOOKS {
        let style = Style::of(seed + 10_000);
        let month = Month::of(seed, &style);
        let bytes = workbook::write(&month, &style);
        let collected = read_all(Cursor::new(&bytes), &Options::default()).unwrap();
        let verdict = verdict(&collected, &month, &style);
        if verdict == Verdict::Wrong || (verdict != Verdict::Right) != style.must_be_asked(&month) {
            wrong.push(format!(
                "{seed} {verdict:?}: {}",
                describe(&style, &month, &collected, &text::write(&month, &style))
            ));
        }
        verdicts.push(verdict);
    }
    hold("XLSX", &verdicts, &wrong);
}

/// What is asked once is read right with a profile, and with the wrong profile never wrong.
#[test]
fn a_saved_profile_answers_what_was_asked() {
    let (mut answered, mut false_ones) = (0, 0);
    for seed in 0..TEXTS {
        let style = Style::of(seed);
        let month = Month::of(seed, &style);
        if !style.must_be_asked(&month) {
            continue;
        }
        let bytes = text::encode(&text::write(&month, &style), style.encoding);
        for honest in [true, false] {
            let answers = style.answers(honest);
            let preview = formats::table::preview(Cursor::new(&bytes), &Options::default(), Some(&answers)).unwrap();
            let Some(profile) = preview.profile("bank", &answers) else {
                assert!(!honest, "{seed}: {:?} {style:?}", preview.uncertain);
                continue;
            };
            let options = Options {
                profiles: vec![profile],
                ..Options::default()
            };
            let collected = read_all(Cursor::new(&bytes), &options).unwrap();
            let verdict = verdict(&collected, &month, &style);
            if honest {
                assert_eq!(verdict, Verdict::Right, "{seed}: {style:?}");
                answered += 1;
            } else {
                // Who says that days are months is believed; sums are not made up for anybody.
                let truth: Vec<i64> = month.paid.iter().map(|paid| paid.kopecks.abs()).collect();
                for read in paid(&collected, &style) {
                    assert!(truth.contains(&read.kopecks.abs()), "{seed}: {style:?}");
                }
                false_ones += 1;
            }
        }
    }
    println!("{answered} layouts answered by a profile, {false_ones} false profiles without a false sum");
    assert!(answered > 10 && false_ones > 10);
}

/// A profile made for files that part kopecks by a comma, or begin dates with the day, meets one that does not.
#[test]
fn a_profile_that_the_file_contradicts_is_asked_about() {
    let mut contradicted = 0;
    for seed in 0..TEXTS {
        let style = Style::of(seed);
        let month = Month::of(seed, &style);
        if style.must_be_asked(&month) || month.is_ambiguous(&style) {
            continue;
        }
        let bytes = text::encode(&text::write(&month, &style), style.encoding);
        let honest = Answers::default();
        let preview = formats::table::preview(Cursor::new(&bytes), &Options::default(), Some(&honest)).unwrap();
        let mut profile = preview.profile("bank", &honest).unwrap();
        let (dates, decimal) = (profile.answers.dates, profile.answers.decimal);
        profile.answers.dates = dates.map(|order| match order {
            DayOrder::DayFirst => DayOrder::MonthFirst,
            _ => DayOrder::DayFirst,
        });
        profile.answers.decimal = decimal.map(|decimal| match decimal {
            DecimalSign::Comma => DecimalSign::Point,
            _ => DecimalSign::Comma,
        });
        if dates.is_none() && decimal.is_none() {
            continue;
        }
        let options = Options {
            profiles: vec![profile],
            ..Options::default()
        };
        let collected = read_all(Cursor::new(&bytes), &options).unwrap();
        assert_eq!(verdict(&collected, &month, &style), Verdict::Asked, "{seed}: {style:?}");
        contradicted += 1;
    }
    assert!(contradicted > 100, "{contradicted}");
}
