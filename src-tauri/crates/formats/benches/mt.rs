//! How fast an MT940 file of a hundred thousand entries is read, beside the least that any reader has to do: read the
//! bytes and look at the start of each line for a tag. `cargo bench -p formats --bench mt`.

#![expect(clippy::unwrap_used, reason = "what a measurement stands on must be there")]

use std::{
    fmt::Write as _,
    fs::{self, File},
    hint::black_box,
    path::Path,
    time::Duration,
};

use criterion::{Criterion, SamplingMode, Throughput, criterion_group, criterion_main};
use fastrand::Rng;
use formats::{Event, Options, open};
use memchr::memchr_iter;

const STATEMENTS: u32 = 200;
const ENTRIES: u32 = 500;
const SEED: u64 = 1;

/// Twenty-four megabytes: every entry has a `:61:` with both references and a `:86:` of three lines.
fn file() -> Vec<u8> {
    let mut rng = Rng::with_seed(SEED);
    let mut text = String::new();
    let mut balance: u64 = 100_000_000;
    for statement in 1..=STATEMENTS {
        let day = format!("2601{:02}", 1 + (statement - 1) % 28);
        let opening = balance;
        let mut entries = String::new();
        for number in 1..=ENTRIES {
            let cents = rng.u64(100..500_000);
            let credit = rng.bool() || balance < cents;
            balance = if credit { balance + cents } else { balance - cents };
            entry(&mut entries, &mut rng, &day, number, cents, credit);
        }
        let closing = balance;
        write!(
            text,
            "{{1:F01DEUTDEFFAXXX0000000000}}{{2:O9401200260101DEUTDEFFXXXX00000000002601011200N}}{{4:\r\n\
             :20:STMT{statement:08}\r\n:25:50070010/0123456789\r\n:28C:{statement:05}/00001\r\n\
             :60F:C{day}EUR{}\r\n{entries}:62F:C{day}EUR{}\r\n:64:C{day}EUR{}\r\n-}}\r\n",
            euros(opening),
            euros(closing),
            euros(closing),
        )
        .unwrap();
    }
    text.into_bytes()
}

fn entry(text: &mut String, rng: &mut Rng, day: &str, number: u32, cents: u64, credit: bool) {
    let mark = if credit { "CR" } else { "DR" };
    let invoice = rng.u32(1..100_000);
    let customer = rng.u32(..5_000);
    let details = format!(
        "166?00GUTSCHRIFT?109310?20EREF+RE-{invoice:06}-{number:04}?21SVWZ+Rechnung {invoice:06} vom?22 05.01.2026 Kunde \
         {customer:05}?30DEUTDEFFXXX?31DE8937040044{customer:010}?32Musterfirma {customer:05} GmbH?33 und Co KG?34000"
    );
    write!(
        text,
        ":61:{day}{}{mark}{}NTRFRE{invoice:06}//26{day}{number:08}\r\n:86:",
        &day[2..],
        euros(cents)
    )
    .unwrap();
    for (at, line) in details.as_bytes().chunks(65).enumerate() {
        let end = if at == 0 { "" } else { "\r\n" };
        write!(text, "{end}{}", std::str::from_utf8(line).unwrap()).unwrap();
    }
    text.push_str("\r\n");
}

fn euros(cents: u64) -> String {
    format!("{},{:02}", cents / 100, cents % 100)
}

/// Fields by their tags at line starts, and nothing else.
fn scan(path: &Path) -> usize {
    let bytes = fs::read(path).unwrap();
    let mut tags = 0;
    let mut start = 0;
    for end in memchr_iter(b'\n', &bytes) {
        let line = &bytes[start..end];
        if let [b':', tens, units, ..] = line
            && tens.is_ascii_digit()
            && units.is_ascii_digit()
        {
            tags += 1;
        }
        start = end + 1;
    }
    tags
}

fn read(path: &Path) -> usize {
    let reading = open(File::open(path).unwrap(), &Options::default()).unwrap();
    reading
        .filter(|event| matches!(event.as_ref().unwrap(), Event::Entry { .. }))
        .count()
}

fn reading(criterion: &mut Criterion) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("statement.sta");
    let bytes = file();
    fs::write(&path, &bytes).unwrap();
    let entries = usize::try_from(STATEMENTS * ENTRIES).unwrap();
    assert_eq!(read(&path), entries, "every entry of a sound file is read");

    let mut group = criterion.benchmark_group("MT940 of 100000 entries");
    group.sample_size(20).sampling_mode(SamplingMode::Flat);
    group.throughput(Throughput::ElementsAndBytes {
        elements: u64::from(STATEMENTS * ENTRIES),
        bytes: bytes.len() as u64,
    });
    group.bench_function("scanned for tags", |bencher| bencher.iter(|| black_box(scan(&path))));
    group.bench_function("read", |bencher| bencher.iter(|| black_box(read(&path))));
    group.finish();
}

criterion_group! {
    name = benches;
    config = Criterion::default().warm_up_time(Duration::from_millis(500)).measurement_time(Duration::from_secs(3));
    targets = reading
}
criterion_main!(benches);
