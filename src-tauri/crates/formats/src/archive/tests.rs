//! Limits at the limit and one past it, and what never becomes a path.

use std::io::{Cursor, Write as _};

use zip::{CompressionMethod, ZipWriter, write::SimpleFileOptions};

use super::*;

const STATEMENT: &str = "<Document xmlns=\"urn:iso:std:iso:20022:tech:xsd:camt.053.001.08\"><BkToCstmrStmt><Stmt><Acct>\
    <Id><Othr><Id>40702810100000000101</Id></Othr></Id></Acct></Stmt></BkToCstmrStmt></Document>";

fn packed(members: &[(&str, &[u8])]) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in members {
        let options = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated);
        zip.start_file(*name, options).unwrap();
        zip.write_all(bytes).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

/// Codes with their parts, and how many statements there were.
fn read(bytes: Vec<u8>, limits: Limits) -> (Vec<(Code, String)>, usize) {
    let mut archive = open_within(Box::new(Cursor::new(bytes)), &Options::default(), limits)
        .unwrap()
        .opened
        .source;
    let mut queue = VecDeque::new();
    while archive.advance(&mut queue).unwrap() && queue.len() < 10_000 {
        // `advance` gives what is in the queue away first.
        let waiting: Vec<_> = queue.drain(..).collect();
        EVENTS.with_borrow_mut(|events| events.extend(waiting));
    }
    let events = EVENTS.take();
    let told = events.iter().filter_map(|event| match event {
        Event::Diagnostic(diagnostic) if diagnostic.code != Code::CamtNoCurrency => {
            Some((diagnostic.code, diagnostic.part.clone().unwrap_or_default()))
        }
        _ => None,
    });
    let told = told.collect();
    let statements = events
        .iter()
        .filter(|event| matches!(event, Event::Statement { .. }))
        .count();
    (told, statements)
}

thread_local! {
    static EVENTS: std::cell::RefCell<Vec<Event>> = const { std::cell::RefCell::new(Vec::new()) };
}

#[test]
fn members_at_the_limit_and_one_past_it() {
    let members: Vec<_> = ["a", "b", "c"].map(|name| (name, STATEMENT.as_bytes())).to_vec();
    let limits = |members| Limits { members, ..LIMITS };
    assert_eq!(read(packed(&members), limits(3)), (vec![], 3));
    let refused = vec![
        (Code::ArchiveMembers, String::new()),
        (Code::ArchiveNothing, String::new()),
    ];
    assert_eq!(read(packed(&members), limits(2)), (refused, 1));
}

#[test]
fn sizes_at_the_limit_and_one_past_it() {
    let one = STATEMENT.len() as u64;
    let members: Vec<_> = ["a", "b"].map(|name| (name, STATEMENT.as_bytes())).to_vec();
    let single = |member_bytes| Limits { member_bytes, ..LIMITS };
    let total = |total_bytes| Limits { total_bytes, ..LIMITS };
    assert_eq!(read(packed(&members), single(one)), (vec![], 2));
    let too_large = [Code::ArchiveTooLarge, Code::ArchiveTooLarge, Code::ArchiveNothing];
    assert_eq!(codes(read(packed(&members), single(one - 1))), too_large);
    assert_eq!(read(packed(&members), total(2 * one)), (vec![], 2));
    let (told, statements) = read(packed(&members), total(2 * one - 1));
    assert_eq!((told, statements), (vec![(Code::ArchiveTotal, "b".to_owned())], 1));
}

fn codes((told, _): (Vec<(Code, String)>, usize)) -> Vec<Code> {
    told.into_iter().map(|(code, _)| code).collect()
}

#[test]
fn a_bomb_is_known_by_what_comes_out() {
    let blanks = format!("{STATEMENT}{}", " ".repeat(1_000_000));
    let bomb = packed(&[("a", blanks.as_bytes()), ("b", STATEMENT.as_bytes())]);
    let limits = |ratio_free_bytes| Limits {
        ratio_free_bytes,
        ..LIMITS
    };
    let size = blanks.len() as u64;
    assert_eq!(read(bomb.clone(), limits(size)), (vec![], 2));
    let (told, statements) = read(bomb.clone(), limits(size - 1));
    assert_eq!((told, statements), (vec![(Code::ArchiveBomb, "a".to_owned())], 1));
    // A size that is written wrong changes nothing.
    let mut lying = bomb;
    let written = u32::try_from(size).unwrap().to_le_bytes();
    while let Some(at) = lying.windows(4).position(|bytes| bytes == written) {
        lying[at..at + 4].copy_from_slice(&7u32.to_le_bytes());
    }
    let (told, statements) = read(lying, limits(size - 1));
    let refused = told.first().map(|(code, _)| *code);
    assert!(
        matches!(refused, Some(Code::ArchiveBomb | Code::ArchiveDamaged)) && statements == 1,
        "{told:?}"
    );
}

#[test]
fn archives_inside_and_paths_outside_are_only_told_of() {
    let inner = packed(&[("a.xml", STATEMENT.as_bytes())]);
    let outer = packed(&[
        ("inner.zip", &inner),
        ("../../../tmp/slip.xml", STATEMENT.as_bytes()),
        ("readme.txt", b"hello"),
        ("__MACOSX/._a.xml", b"\0\x05\x16\x07"),
    ]);
    let (told, statements) = read(outer, LIMITS);
    let expected = [
        (Code::ArchiveNested, "inner.zip"),
        (Code::ArchiveSkipped, "readme.txt"),
        (Code::ArchiveSystemFile, "__MACOSX/._a.xml"),
    ];
    let expected: Vec<_> = expected.map(|(code, part)| (code, part.to_owned())).into();
    assert_eq!((told, statements), (expected, 1));
}

#[test]
fn a_cut_or_broken_archive_is_told() {
    let whole = packed(&[("a.xml", STATEMENT.as_bytes()), ("b.xml", STATEMENT.as_bytes())]);
    for at in 0..whole.len() {
        let (told, statements) = read(whole[..at].to_vec(), LIMITS);
        assert!(!told.is_empty() && statements == 1, "cut at {at}: {told:?}");
    }
    for at in 0..whole.len() {
        let mut broken = whole.clone();
        broken[at] ^= 0x55;
        let (_, statements) = read(broken, LIMITS);
        assert!(statements >= 1, "broken at {at}");
    }
}
