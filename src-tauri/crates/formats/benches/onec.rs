//! What reading a 1C statement costs against the least that could be done with its bytes: decoding them into one
//! reused buffer and looking for the `=` of each line. `cargo bench -p formats --bench onec`.
//!
//! The two programs take turns in one run and the best of five counts, in time of the processor where the system tells
//! it, so that the ratio stays what it is on a busy machine.
//!
//! `cargo bench -p formats --bench onec -- sizes` reads files of a thousand to a million documents from the disk instead,
//! and says what a document costs and how much memory the process ever had.

#![expect(clippy::unwrap_used, reason = "what a measurement stands on must be there")]

#[path = "generated/statement.rs"]
mod statement;

use std::{
    hint::black_box,
    io::{BufWriter, Cursor, Read, Seek, Write},
    time::{Duration, Instant},
};

use encoding_rs::WINDOWS_1251;
use formats::{Event, Options, open};
use memchr::memchr;

const DOCUMENTS: u32 = 100_000;
const ROUNDS: usize = 5;
/// What is decoded at once.
const PIECE_BYTES: usize = 64 * 1024;

/// Time of the processor spent by this thread so far, else the clock's.
fn spent(since: Instant) -> Duration {
    let of_thread = std::fs::read_to_string("/proc/thread-self/schedstat").ok();
    let nanos = of_thread.and_then(|text| text.split(' ').next()?.parse().ok());
    nanos.map_or_else(|| since.elapsed(), Duration::from_nanos)
}

fn timed(since: Instant, work: impl FnOnce() -> u64) -> (Duration, u64) {
    let before = spent(since);
    let result = black_box(work());
    (spent(since) - before, result)
}

/// The least: every byte is decoded, every line's `=` is found.
fn base(file: &[u8]) -> u64 {
    let mut decoder = WINDOWS_1251.new_decoder_without_bom_handling();
    let mut text = String::with_capacity(4 * PIECE_BYTES);
    let mut keys = 0;
    let mut rest = file;
    while !rest.is_empty() {
        let piece = &rest[..rest.len().min(PIECE_BYTES)];
        let (_, read, _) = decoder.decode_to_string(piece, &mut text, false);
        rest = &rest[read..];
        let mut lines = text.as_bytes();
        while let Some(end) = memchr(b'\n', lines) {
            keys += u64::from(memchr(b'=', &lines[..end]).is_some());
            lines = &lines[end + 1..];
        }
        let left = text.len() - lines.len();
        text.drain(..left);
    }
    keys
}

fn ours(file: impl Read + Seek) -> u64 {
    let reading = open(file, &Options::default()).unwrap();
    let entries = reading.map(|event| u64::from(matches!(event.unwrap(), Event::Entry { .. })));
    entries.sum()
}

/// A million is a file of a gigabyte.
const SIZES: [u32; 4] = [1_000, 10_000, 100_000, 1_000_000];

fn sizes() {
    let since = Instant::now();
    for documents in SIZES {
        let mut file = tempfile::tempfile().unwrap();
        let mut writer = BufWriter::new(&mut file);
        statement::write(documents, &mut writer).unwrap();
        writer.flush().unwrap();
        drop(writer);
        let (read, entries) = timed(since, || ours(&file));
        assert_eq!(entries, u64::from(documents));
        println!(
            "1C, {documents} documents, {} bytes: {} ns a document; memory at most {}",
            file.metadata().unwrap().len(),
            read.as_nanos() / u128::from(documents),
            most_memory(),
        );
    }
}

/// Of this process, ever, where the system tells it.
fn most_memory() -> String {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.map_or("unknown".to_owned(), |size| size.trim().to_owned())
}

fn main() {
    if std::env::args().any(|argument| argument == "sizes") {
        sizes();
    } else {
        against_base();
    }
}

fn against_base() {
    let since = Instant::now();
    let file = statement::of(DOCUMENTS);
    let (mut bases, mut reads) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        bases.push(timed(since, || base(black_box(&file))));
        reads.push(timed(since, || ours(Cursor::new(black_box(&file)))));
    }
    let (base, keys) = bases.into_iter().min().unwrap();
    let (read, entries) = reads.into_iter().min().unwrap();
    assert_eq!(entries, u64::from(DOCUMENTS));
    assert!(keys > 30 * entries);
    let per_document = |time: Duration| time.as_nanos() / u128::from(DOCUMENTS);
    // Hundredths, because nothing here has floats.
    let ratio = read.as_nanos() * 100 / base.as_nanos();
    println!(
        "1C, {entries} documents, {} bytes: decoding and memchr {} ns a document, reading {} ns; ratio {}.{:02}",
        file.len(),
        per_document(base),
        per_document(read),
        ratio / 100,
        ratio % 100,
    );
}
