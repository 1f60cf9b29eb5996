//! camt under any bytes and marks, cut anywhere, and given in pieces of any size.

use std::{
    io::{self, Cursor, Read, Seek, SeekFrom},
    sync::LazyLock,
};

use domain::{Entry, Proof};
use formats::{Options, Severity, read_all};
use proptest::prelude::*;

use crate::given::{Fixture, entries, fixtures, read_as};

const OWN: &str = "40702810100000000101";
const ENTRY: &str =
    "<Ntry><Amt Ccy=\"RUB\">10.00</Amt><CdtDbtInd>CRDT</CdtDbtInd><BookgDt><Dt>2024-07-03</Dt></BookgDt></Ntry>";

static FIXTURES: LazyLock<Vec<Fixture>> = LazyLock::new(|| fixtures("camt", None));

/// A source that gives little at a time.
struct Pieces<'a> {
    whole: Cursor<&'a [u8]>,
    piece: usize,
}

impl Read for Pieces<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = buffer.len().min(self.piece);
        self.whole.read(&mut buffer[..count])
    }
}

impl Seek for Pieces<'_> {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.whole.seek(to)
    }
}

/// A lost letter is told of where the reading comes to it, however much was read ahead.
#[test]
fn lost_letters_are_told_in_the_same_order_whole_and_in_pieces() {
    for marks in [
        "<Ntry></A\u{fffd}</Amt>",
        "<?><NtryRef>\u{fffd}</NtryRef>",
        "<![x\u{fffd}<Ntry>",
    ] {
        let text = format!("<BkToCstmrStmt><Stmt>{marks}");
        let whole = Cursor::new(text.as_bytes());
        let pieces = read_all(Pieces { whole, piece: 1 }, &Options::default()).unwrap();
        assert_eq!(read_as(text.as_bytes(), None), pieces, "{marks}");
    }
}

/// Marks and texts that mean something to the reader, in orders that mean nothing.
fn mark() -> impl Strategy<Value = String> {
    let names = || {
        prop::sample::select(vec![
            "Document",
            "BkToCstmrStmt",
            "BkToCstmrAcctRpt",
            "GrpHdr",
            "Stmt",
            "Rpt",
            "Ntfctn",
            "Acct",
            "Id",
            "Othr",
            "IBAN",
            "Ccy",
            "Bal",
            "Tp",
            "CdOrPrtry",
            "Cd",
            "Amt",
            "CdtDbtInd",
            "Dt",
            "DtTm",
            "Ntry",
            "NtryRef",
            "Sts",
            "BookgDt",
            "ValDt",
            "NtryDtls",
            "TxDtls",
            "Refs",
            "EndToEndId",
            "RltdPties",
            "Dbtr",
            "Pty",
            "Nm",
            "Chrgs",
            "Rcrd",
            "ChrgInclInd",
            "RmtInf",
            "Ustrd",
            "Strd",
            "x",
        ])
    };
    let values = prop_oneof![
        Just("CRDT".to_owned()),
        Just("DBIT".to_owned()),
        Just("OPBD".to_owned()),
        Just("CLBD".to_owned()),
        Just("RUB".to_owned()),
        Just("2024-07-03".to_owned()),
        Just("92233720368547758.07".to_owned()),
        Just(OWN.to_owned()),
        "[0-9]{1,8}[.,]?[0-9]{0,3}",
        "\\PC{0,12}",
        "&[a-z#0-9]{0,6};?",
        "<[!?/]?[a-zA-Z\\[\\-]{0,8}>?",
    ];
    prop_oneof![
        names().prop_map(|name| format!("<{name}>")),
        names().prop_map(|name| format!("</{name}>")),
        (names(), values.clone()).prop_map(|(name, value)| format!("<{name}>{value}</{name}>")),
        values
            .clone()
            .prop_map(|value| format!("<Amt Ccy=\"RUB\">{value}</Amt>")),
        Just(ENTRY.to_owned()),
        values,
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_bytes_are_read(bytes in prop::collection::vec(any::<u8>(), 0..2000)) {
        for head in ["<BkToCstmrStmt><Stmt>", "<BkToCstmrStmt><Stmt><Ntry>", "<?xml version='1.0' encoding='koi8-r'?><BkToCstmrStmt>"] {
            let signed = [head.as_bytes(), &bytes[..]].concat();
            let collected = read_as(&signed, None);
            prop_assert!(!collected.statements.is_empty());
        }
        let wide = [&[0xFF, 0xFE][..], b"<\0B\0k\0T\0o\0C\0s\0t\0m\0r\0>\0", &bytes].concat();
        prop_assert!(!read_as(&wide, None).statements.is_empty());
    }

    #[test]
    fn any_marks_are_read_and_no_entry_is_lost_in_silence(marks in prop::collection::vec(mark(), 0..60)) {
        let text = format!("<BkToCstmrStmt><Stmt>{}", marks.concat());
        let collected = read_as(text.as_bytes(), None);
        prop_assert!(!collected.statements.is_empty());
        for entry in entries(&collected) {
            prop_assert!(!entry.amount.is_negative());
        }
        // What is not in a document, or nothing is known to be open in, may be lost; of a plain sequence nothing is.
        let plain = marks.iter().all(|mark| mark == ENTRY);
        prop_assert!(!plain || entries(&collected).len() == marks.len());
        let severe = collected.diagnostics.iter().any(|it| it.severity == Severity::Error);
        prop_assert!(severe, "it breaks off: {text}");
    }

    /// Marks lie whole in the buffer, or end beyond it: that must not be seen.
    #[test]
    fn in_pieces_of_any_size_a_file_says_the_same(marks in prop::collection::vec(mark(), 0..60), piece in 1..40usize) {
        let text = format!("<BkToCstmrStmt><Stmt>{}", marks.concat());
        let pieces = Pieces { whole: Cursor::new(text.as_bytes()), piece };
        prop_assert_eq!(read_as(text.as_bytes(), None), read_all(pieces, &Options::default()).unwrap());
    }

    #[test]
    fn a_cut_file_gives_only_what_the_whole_one_holds(
        (file, at) in (0..FIXTURES.len()).prop_flat_map(|file| (Just(file), 0..FIXTURES[file].bytes.len())),
    ) {
        let fixture = &FIXTURES[file];
        let cut = read_as(&fixture.bytes[..at], None);
        let whole = entries(&fixture.whole);
        for entry in entries(&cut) {
            prop_assert!(whole.contains(&entry), "{} at {at}: {entry:?}", fixture.name);
        }
        // Between two documents nothing tells that there was another.
        let ends = fixture.bytes[..at].trim_ascii_end().ends_with(b"</Document>");
        if entries(&cut).len() < whole.len() && !ends {
            let told = cut.diagnostics.iter().any(|it| it.severity == Severity::Error);
            prop_assert!(told, "{} at {at}: silent", fixture.name);
        }
        let shorter = cut.statements.iter().zip(&fixture.whole.statements);
        for (ours, theirs) in shorter {
            for (ours, theirs) in [
                (ours.statement.opening, theirs.statement.opening),
                (ours.statement.closing, theirs.statement.closing),
                (ours.statement.credits, theirs.statement.credits),
                (ours.statement.debits, theirs.statement.debits),
            ] {
                prop_assert!(ours.is_none() || ours == theirs, "{} at {at}: {ours:?}", fixture.name);
            }
            let all = ours.entries.len() == theirs.entries.len();
            prop_assert!(ours.proof != Proof::Proven || all || sums(ours) == sums(theirs), "{} at {at}", fixture.name);
        }
    }
}

fn sums(statement: &formats::CollectedStatement) -> i64 {
    let effect = |entry: &Entry| entry.effect().map_or(0, |effect| effect.minor());
    statement.entries.iter().map(effect).sum()
}
