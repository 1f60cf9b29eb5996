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

fn written(part: u64, of: u64) -> String {
    share(part, of).map_or_else(
        || "-".to_owned(),
        |share| format!("{}.{:04}", share / 10_000, share % 10_000),
    )
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
    let _ = writeln!(
        text,
        "{name:<24}{:>9}{:>9}{:>7}{:>8}{:>9}{:>9}{:>9}{:>9}{:>9}{:>9}",
        score.payments,
        score.automatic,
        score.wrong,
        score.guessed,
        written(score.decided, score.decidable),
        written(score.first, score.answerable),
        written(score.within, score.answerable),
        written(score.ties_shown, score.ties),
        written(score.places_right, score.places),
        written(score.strangers_right, score.strangers),
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
        let _ = writeln!(
            text,
            "{name:<26}{:>9}{:>9}{:>9}{:>9}{:>9}{:>9}{:>9}{:>9}{:>9}{:>9}{:>10}",
            score.automatic,
            score.wrong,
            score.guessed,
            written(score.right(), score.automatic),
            written(score.decided, score.decidable),
            written(score.first, score.answerable),
            written(score.within, score.answerable),
            written(score.ties_shown, score.ties),
            written(score.places_right, score.places),
            written(score.strangers_right, score.strangers),
            written(score.cost, score.cost_worst),
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
    let reached = [
        share(score.right(), score.automatic),
        share(score.decided, score.decidable),
        share(score.first, score.answerable),
        share(score.within, score.answerable),
        share(score.ties_shown, score.ties),
        share(score.places_right, score.places),
        share(score.strangers_right, score.strangers),
    ];
    let mut text = String::new();
    let mut all = true;
    for ((what, bar), reached) in BARS.into_iter().zip(reached) {
        let enough = reached.is_some_and(|reached| reached >= bar);
        all &= enough;
        let reached = reached.map_or_else(
            || "-".to_owned(),
            |share| format!("{}.{:04}", share / 10_000, share % 10_000),
        );
        let verdict = if enough { "ok" } else { "MISSED" };
        let _ = writeln!(
            text,
            "{what:<36}{reached:>8}  bar {}.{:04}  {verdict}",
            bar / 10_000,
            bar % 10_000
        );
    }
    let enough = score.payments >= payments_least;
    all &= enough;
    let verdict = if enough { "ok" } else { "MISSED" };
    let _ = writeln!(
        text,
        "{:<36}{:>8}  bar {payments_least}  {verdict}",
        "payments", score.payments
    );
    (text, all)
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
