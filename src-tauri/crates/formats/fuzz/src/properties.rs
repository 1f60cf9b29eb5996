//! What holds of any bytes: the readers end without a panic, their events fit together, and no more is told than the
//! bytes can say. Used by the fuzz targets and by the test that replays what they found.

use std::{collections::BTreeMap, io::Cursor};

use domain::{Direction, Entry, EntryStatus, Lang, Proof, Statement};
use formats::{
    Diagnostic, Event, Format, Options, Severity, TAIL_BYTES, detect, detect::PREFIX_BYTES, ends_complete, open,
};

/// Nothing a bank packs grows more than this: deflate itself cannot.
const UNPACKED_MAX: usize = 1032;
/// Events a byte of a file may cause; and what may be said of an empty one.
const EVENTS_A_BYTE: usize = 8;
const EVENTS_OF_NOTHING: usize = 64;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Target {
    Onec,
    Mt,
    Camt,
    Json,
    Csv,
    Xlsx,
    Archive,
    Detect,
    Ending,
}

impl Target {
    pub const ALL: [Self; 9] = [
        Self::Onec,
        Self::Mt,
        Self::Camt,
        Self::Json,
        Self::Csv,
        Self::Xlsx,
        Self::Archive,
        Self::Detect,
        Self::Ending,
    ];

    pub fn name(self) -> &'static str {
        match self {
            Self::Onec => "onec",
            Self::Mt => "mt",
            Self::Camt => "camt",
            Self::Json => "json",
            Self::Csv => "csv",
            Self::Xlsx => "xlsx",
            Self::Archive => "archive",
            Self::Detect => "detect",
            Self::Ending => "ending",
        }
    }
}

/// # Panics
/// Where something does not hold: that is the finding.
pub fn check(target: Target, bytes: &[u8]) {
    match target {
        Target::Onec => reading(Some(Format::Onec), bytes, 1),
        // The same reader under two names: the length chooses, so that both are reached.
        Target::Mt if bytes.len().is_multiple_of(2) => reading(Some(Format::Mt940), bytes, 1),
        Target::Mt => reading(Some(Format::Mt942), bytes, 1),
        Target::Camt => reading(Some(Format::Camt), bytes, 1),
        Target::Json => reading(Some(Format::Json), bytes, 1),
        Target::Csv => reading(Some(Format::Csv), bytes, 1),
        Target::Xlsx => reading(Some(Format::Xlsx), bytes, UNPACKED_MAX),
        Target::Archive => reading(None, bytes, UNPACKED_MAX),
        Target::Detect => detection(bytes),
        Target::Ending => ending(bytes),
    }
}

/// A statement that was begun and has not ended.
#[derive(Default)]
struct Begun {
    credits: i128,
    debits: i128,
}

fn reading(format: Option<Format>, bytes: &[u8], unpacked: usize) {
    let options = Options {
        format,
        ..Options::default()
    };
    let reading = open(Cursor::new(bytes), &options).expect("bytes in memory are no trouble");
    let mut events = 0;
    let events_max = EVENTS_OF_NOTHING + EVENTS_A_BYTE * unpacked * bytes.len();
    // Warnings and errors.
    let mut findings = 0;
    let mut entries = 0;
    let mut owned = false;
    let mut statements = 0;
    let mut open: BTreeMap<usize, Begun> = BTreeMap::new();
    for event in reading {
        events += 1;
        assert!(events <= events_max, "{events} events of {} bytes", bytes.len());
        match event.expect("bytes in memory are no trouble") {
            Event::Statement { index, .. } => {
                assert_eq!(index, statements, "statements are counted");
                statements += 1;
                open.insert(index, Begun::default());
            }
            Event::Entry { statement, entry } => {
                entries += 1;
                sound(&entry, bytes.len() * unpacked);
                let begun = open.get_mut(&statement).expect("an entry belongs to an open statement");
                begun.add(&entry);
            }
            Event::End {
                statement,
                declared,
                proof,
                ..
            } => {
                let begun = open.remove(&statement).expect("what ends was begun, and ends once");
                begun.agrees(&declared, &proof);
                owned |= declared.account.is_some();
            }
            Event::Diagnostic(diagnostic) => {
                findings += usize::from(diagnostic.severity != Severity::Note);
                clear(&diagnostic);
            }
        }
    }
    assert!(open.is_empty(), "every statement ends");
    assert!(statements > 0, "a file is at least one statement, if an empty one");
    assert!(
        entries > 0 || owned || findings > 0,
        "a file of nothing and nobody is told of"
    );
}

/// A batch may hold payments of both directions: the amount of a detail may be negative, that of an entry never is.
fn sound(entry: &Entry, bytes: usize) {
    assert!(!entry.amount.is_negative(), "{entry:?}");
    assert!(entry.line >= 1, "{entry:?}");
    assert!(entry.line <= bytes as u64 + 1, "{entry:?}");
}

impl Begun {
    fn add(&mut self, entry: &Entry) {
        let minor = i128::from(entry.amount.minor());
        match (entry.status, entry.direction) {
            (EntryStatus::Booked, Some(Direction::Credit)) => self.credits += minor,
            (EntryStatus::Booked, Some(Direction::Debit)) => self.debits += minor,
            _ => {}
        }
    }

    /// What is said to be proven adds up, counted here once more.
    fn agrees(&self, declared: &Statement, proof: &Proof) {
        if declared.account.is_none() {
            assert_eq!(*proof, Proof::Silent, "nothing proves a statement of nobody");
        }
        if *proof != Proof::Proven {
            return;
        }
        let minor = |sum: Option<domain::Money>| sum.map(|sum| i128::from(sum.minor()));
        if let (Some(opening), Some(closing)) = (minor(declared.opening), minor(declared.closing)) {
            assert_eq!(opening + self.credits - self.debits, closing, "{declared:?}");
        }
        for (turnover, counted) in [
            (minor(declared.credits), self.credits),
            (minor(declared.debits), self.debits),
        ] {
            assert!(turnover.is_none_or(|turnover| turnover == counted), "{declared:?}");
        }
    }
}

/// A diagnostic speaks both languages.
fn clear(diagnostic: &Diagnostic) {
    for lang in [Lang::Ru, Lang::En] {
        assert!(!diagnostic.message.get(lang).is_empty(), "{diagnostic:?}");
        assert!(!diagnostic.remedy.get(lang).is_empty(), "{diagnostic:?}");
        assert!(!diagnostic.render(lang, "file").is_empty());
    }
    assert!(!diagnostic.excerpt.contains(char::is_control), "{diagnostic:?}");
}

fn detection(bytes: &[u8]) {
    let prefix = &bytes[..bytes.len().min(usize::try_from(PREFIX_BYTES).unwrap_or(usize::MAX))];
    let detection = detect(prefix);
    assert_eq!(detection, detect(prefix), "the same bytes are the same format");
    assert!(!detection.reason.ru.is_empty() && !detection.reason.en.is_empty());
    let reading = open(Cursor::new(bytes), &Options::default()).expect("bytes in memory are no trouble");
    // Of an archive only its directory tells, at the end of the file.
    if !bytes.starts_with(b"PK") {
        assert_eq!(reading.format(), detection.format, "what is detected is what is read");
    }
}

fn ending(bytes: &[u8]) {
    let mark = ends_complete(bytes);
    let tail = &bytes[bytes.len().saturating_sub(TAIL_BYTES)..];
    assert_eq!(ends_complete(tail), mark, "the tail is enough");
}
