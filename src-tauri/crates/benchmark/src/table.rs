//! The tables that are printed.

use std::fmt::Write;

use crate::{
    score::{Score, Scores},
    truth::Autonomy,
};

/// In ten-thousandths, rounded down: a bar is not reached by rounding.
#[must_use]
pub fn share(part: u64, of: u64) -> Option<u64> {
    (part * 10_000).checked_div(of)
}

fn written(share: Option<u64>) -> String {
    share.map_or_else(|| "-".to_owned(), decimal)
}

fn decimal(share: u64) -> String {
    format!("{}.{:04}", share / 10_000, share % 10_000)
}

/// What is measured of every class, in the order of the columns.
fn shares(score: &Score) -> [Option<u64>; 6] {
    [
        share(score.decided, score.decidable),
        share(score.first, score.answerable),
        share(score.within, score.answerable),
        share(score.ties_shown, score.ties),
        share(score.places_right, score.places),
        share(score.strangers_right, score.strangers),
    ]
}

/// Class by class.
#[must_use]
pub fn by_class(scores: &Scores) -> String {
    let mut text = format!(
        "{:<24}{:>9}{:>9}{:>7}{:>8}{:>9}{:>9}{:>9}{:>9}{:>9}{:>9}\n",
        "class", "payments", "auto", "wrong", "guessed", "recall", "first", "three", "ties", "places", "reasons"
    );
    let mut before = None;
    for (class, score) in scores.by_class() {
        if before.is_some_and(|before| before != class.autonomy) {
            text.push('\n');
        }
        before = Some(class.autonomy);
        row(&mut text, class.name, score);
    }
    text.push('\n');
    row(&mut text, "all", &scores.whole());
    text
}

fn row(text: &mut String, name: &str, score: &Score) {
    // Writing to a String does not fail.
    let [recall, first, three, ties, places, reasons] = shares(score).map(written);
    let _ = writeln!(
        text,
        "{name:<24}{:>9}{:>9}{:>7}{:>8}{recall:>9}{first:>9}{three:>9}{ties:>9}{places:>9}{reasons:>9}",
        score.payments, score.automatic, score.wrong, score.guessed,
    );
}

/// One line a program.
#[must_use]
pub fn compared(programs: &[(String, Scores)]) -> String {
    let mut text = format!(
        "{:<26}{:>9}{:>9}{:>9}{:>9}{:>9}{:>9}{:>9}{:>9}{:>9}{:>9}{:>10}\n",
        "program",
        "auto",
        "wrong",
        "guessed",
        "precis.",
        "recall",
        "first",
        "three",
        "ties",
        "places",
        "reasons",
        "cost"
    );
    for (name, scores) in programs {
        let score = scores.whole();
        let [recall, first, three, ties, places, reasons] = shares(&score).map(written);
        let _ = writeln!(
            text,
            "{name:<26}{:>9}{:>9}{:>9}{:>9}{recall:>9}{first:>9}{three:>9}{ties:>9}{places:>9}{reasons:>9}{:>10}",
            score.automatic,
            score.wrong,
            score.guessed,
            written(share(score.right(), score.automatic)),
            written(share(score.cost, score.cost_worst)),
        );
    }
    text
}

/// What an engine must reach, in ten-thousandths.
const BARS: [(&str, u64); 7] = [
    ("automatic precision", 10_000),
    ("automatic recall of the decidable", 9_300),
    ("first suggestion right", 9_700),
    ("right within three", 9_900),
    ("ties: all solutions within three", 10_000),
    ("places of the evidence", 9_500),
    ("reasons of `none`", 9_500),
];

/// The bars, and whether all are reached.
#[must_use]
pub fn bars(score: &Score, payments_least: u64) -> (String, bool) {
    let precision = share(score.right(), score.automatic);
    let reached = std::iter::once(precision).chain(shares(score));
    let mut text = String::new();
    let mut all = true;
    for ((what, bar), reached) in BARS.into_iter().zip(reached) {
        let enough = reached.is_some_and(|reached| reached >= bar);
        all &= enough;
        let (reached, bar) = (written(reached), decimal(bar));
        let _ = writeln!(text, "{what:<36}{reached:>8}  bar {bar}  {}", verdict(enough));
    }
    let enough = score.payments >= payments_least;
    all &= enough;
    let _ = writeln!(
        text,
        "{:<36}{:>8}  bar {payments_least}  {}",
        "payments",
        score.payments,
        verdict(enough)
    );
    (text, all)
}

fn verdict(enough: bool) -> &'static str {
    if enough { "ok" } else { "MISSED" }
}

/// How a class is meant, for whoever reads a failure.
#[must_use]
pub fn meant(autonomy: Autonomy) -> &'static str {
    match autonomy {
        Autonomy::Decidable => "decidable",
        Autonomy::Open => "open",
        Autonomy::Forbidden => "forbidden",
    }
}
