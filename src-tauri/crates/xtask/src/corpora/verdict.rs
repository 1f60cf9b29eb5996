//! Whether a file was read right, and if not, whether the reader said so where it was wrong.

use std::ops::RangeInclusive;

use super::{
    align::Gap,
    by_hand,
    reading::{EntryRead, FileRead},
};

/// Something that is not as expected.
#[derive(Debug, PartialEq, Eq)]
pub struct Deviation {
    pub what: String,
    /// An error stands at it.
    pub told: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    Right,
    /// Wrong somewhere, and nothing says so there.
    Silent,
    /// Wrong only where an error says so.
    Told,
    /// The file itself is broken, and that was said.
    Refused,
}

impl Outcome {
    pub fn of(deviations: &[Deviation]) -> Self {
        if deviations.is_empty() {
            Self::Right
        } else if deviations.iter().all(|deviation| deviation.told) {
            Self::Told
        } else {
            Self::Silent
        }
    }

    /// Of a file that nobody can read in full: what must be told of it, or at least some error.
    pub fn of_broken(path: &str, read: &FileRead) -> (Self, Vec<Deviation>) {
        let untold = match by_hand::expected(path) {
            Some(codes) => by_hand::untold(codes, read),
            None if read.errors().next().is_some() => Vec::new(),
            None => vec!["any error"],
        };
        let deviation = |code: &str| Deviation {
            what: format!("{code} is not told"),
            told: false,
        };
        let deviations: Vec<Deviation> = untold.into_iter().map(deviation).collect();
        let outcome = if deviations.is_empty() {
            Self::Refused
        } else {
            Self::Silent
        };
        (outcome, deviations)
    }
}

/// An error speaks of an entry when it stands in the entry's own lines: what is wrong with the sum of all of them is no
/// excuse for a wrong one. A file of which nothing was read is excused by any error.
pub fn told_at(read: &FileRead, lines: &RangeInclusive<u64>) -> bool {
    let nothing = read.entries().next().is_none();
    read.errors().any(|error| nothing || lines.contains(&error.line))
}

/// The lines of one read entry: up to where the next begins.
pub fn lines_of(entries: &[&EntryRead], at: usize) -> RangeInclusive<u64> {
    let next = entries[at + 1..]
        .iter()
        .map(|entry| entry.line)
        .find(|line| *line > entries[at].line);
    entries[at].line..=next.map_or(u64::MAX, |line| line - 1)
}

/// The lines in which a gap lies: from the entry before to the entry after.
pub fn lines_of_gap(entries: &[&EntryRead], gap: &Gap) -> RangeInclusive<u64> {
    let before = gap.read.start.checked_sub(1).map_or(1, |at| entries[at].line);
    let after = entries.get(gap.read.end).map_or(u64::MAX, |entry| entry.line);
    before..=after.max(before)
}

/// The gaps between expected and read entries as deviations, one a gap of the longer side.
pub fn of_gaps(
    read: &FileRead,
    entries: &[&EntryRead],
    gaps: &[Gap],
    expected: impl Fn(usize) -> String,
) -> Vec<Deviation> {
    let mut deviations = Vec::new();
    for gap in gaps {
        let told = told_at(read, &lines_of_gap(entries, gap));
        let wanted: Vec<String> = gap.expected.clone().map(&expected).collect();
        let found: Vec<String> = gap.read.clone().map(|at| shown(entries[at])).collect();
        deviations.push(Deviation {
            what: format!("expected [{}], read [{}]", wanted.join(", "), found.join(", ")),
            told,
        });
    }
    deviations
}

fn shown(entry: &EntryRead) -> String {
    format!(
        "{} {} at line {}",
        entry.value.as_deref().unwrap_or(&entry.booked),
        entry.signed.map_or_else(|| "?".to_owned(), |sum| sum.to_string()),
        entry.line
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::corpora::reading::DiagnosticRead;

    fn entry(line: u64) -> EntryRead {
        EntryRead {
            line,
            ..EntryRead::default()
        }
    }

    fn file(lines: &[u64], errors: &[u64]) -> FileRead {
        let mut file = FileRead::default();
        file.statements.push(crate::corpora::reading::StatementRead {
            entries: lines.iter().copied().map(entry).collect(),
            ..Default::default()
        });
        file.diagnostics = errors
            .iter()
            .map(|line| DiagnosticRead {
                error: true,
                code: "x".to_owned(),
                line: *line,
            })
            .collect();
        file
    }

    #[test]
    fn an_error_speaks_for_its_own_lines_only() {
        let read = file(&[5, 8, 12], &[9, 0]);
        let entries: Vec<&EntryRead> = read.entries().collect();
        let told: Vec<bool> = (0..3).map(|at| told_at(&read, &lines_of(&entries, at))).collect();
        assert_eq!(told, [false, true, false]);
        assert!(
            told_at(&file(&[], &[0]), &(1..=2)),
            "nothing was read, and that was said"
        );
    }

    #[test]
    fn a_missing_entry_is_told_between_its_neighbours() {
        let gap = Gap {
            expected: 1..2,
            read: 1..1,
        };
        for (errors, told) in [(&[6][..], true), (&[9][..], false), (&[][..], false)] {
            let read = file(&[5, 8], errors);
            let entries: Vec<&EntryRead> = read.entries().collect();
            let deviations = of_gaps(&read, &entries, std::slice::from_ref(&gap), |_| "x".to_owned());
            assert_eq!(deviations[0].told, told, "{errors:?}");
        }
    }

    #[test]
    fn one_silent_deviation_makes_a_file_silently_wrong() {
        let deviation = |told| Deviation {
            what: String::new(),
            told,
        };
        assert_eq!(Outcome::of(&[]), Outcome::Right);
        assert_eq!(Outcome::of(&[deviation(true)]), Outcome::Told);
        assert_eq!(Outcome::of(&[deviation(true), deviation(false)]), Outcome::Silent);
    }

    #[test]
    fn of_a_broken_file_the_listed_code_must_be_told_and_of_an_unlisted_one_any_error() {
        let outcome = |path: &str, read: &FileRead| Outcome::of_broken(path, read).0;
        assert_eq!(outcome("unlisted", &file(&[], &[])), Outcome::Silent);
        assert_eq!(outcome("unlisted", &file(&[], &[4])), Outcome::Refused);
        let path = by_hand::listed("camt-bsp/").next().unwrap();
        let mut read = file(&[], &[4]);
        assert_eq!(outcome(path, &read), Outcome::Silent);
        read.diagnostics[0].code = by_hand::expected(path).unwrap()[0].to_owned();
        assert_eq!(outcome(path, &read), Outcome::Refused);
    }
}
