//! How fast a camt.053 of a hundred thousand entries is read, beside what the bare loop of the XML reader costs.
//! `cargo bench -p formats --bench camt`.

#![expect(clippy::unwrap_used, reason = "what a measurement stands on must be there")]

use std::{
    fmt::Write as _,
    hint::black_box,
    io::{BufReader, Cursor},
    time::Duration,
};

use criterion::{Criterion, SamplingMode, Throughput, criterion_group, criterion_main};
use fastrand::Rng;
use formats::{Event, Options, open};
use quick_xml::{Reader, events::Event as Mark};

/// A busy shop's year in one file: 71 MB.
const ENTRIES: u32 = 100_000;
const SEED: u64 = 1;
const OWN: &str = "40702810500032000017";

/// As banks write it: version 08, nothing between the elements.
fn statement() -> Vec<u8> {
    let mut rng = Rng::with_seed(SEED);
    let mut entries = String::new();
    let (mut credited, mut debited) = (0, 0);
    for number in 1..=ENTRIES {
        let kopecks = rng.u64(10_000..100_000_000);
        let credit = rng.u8(..10) < 7;
        *(if credit { &mut credited } else { &mut debited }) += kopecks;
        entry(&mut entries, &mut rng, number, kopecks, credit);
    }
    let opening: u64 = 1_000_000_000_000;
    let balance = |code: &str, sum: u64, day: u32| {
        format!(
            "<Bal><Tp><CdOrPrtry><Cd>{code}</Cd></CdOrPrtry></Tp><Amt Ccy=\"RUB\">{}</Amt><CdtDbtInd>CRDT</CdtDbtInd>\
             <Dt><Dt>2026-02-{day:02}</Dt></Dt></Bal>",
            roubles(sum)
        )
    };
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Document xmlns=\"urn:iso:std:iso:20022:tech:xsd:camt.053.001.08\">\
         <BkToCstmrStmt><GrpHdr><MsgId>1</MsgId><CreDtTm>2026-03-01T06:00:00+03:00</CreDtTm></GrpHdr><Stmt><Id>1</Id>\
         <Acct><Id><Othr><Id>{OWN}</Id></Othr></Id><Ccy>RUB</Ccy></Acct>{}{}{entries}</Stmt></BkToCstmrStmt></Document>",
        balance("OPBD", opening, 1),
        balance("CLBD", opening + credited - debited, 28),
    )
    .into_bytes()
}

fn entry(text: &mut String, rng: &mut Rng, number: u32, kopecks: u64, credit: bool) {
    let day = 1 + (number - 1) * 28 / ENTRIES;
    let sum = roubles(kopecks);
    let customer = rng.u32(..500);
    let invoice = rng.u32(1..5_000);
    let (sign, family, us, them) = if credit {
        ("CRDT", "RCDT", "Cdtr", "Dbtr")
    } else {
        ("DBIT", "ICDT", "Dbtr", "Cdtr")
    };
    write!(
        text,
        "<Ntry><Amt Ccy=\"RUB\">{sum}</Amt><CdtDbtInd>{sign}</CdtDbtInd><Sts><Cd>BOOK</Cd></Sts>\
         <BookgDt><Dt>2026-02-{day:02}</Dt></BookgDt><ValDt><Dt>2026-02-{day:02}</Dt></ValDt>\
         <AcctSvcrRef>R{number:012}</AcctSvcrRef><BkTxCd><Domn><Cd>PMNT</Cd><Fmly><Cd>{family}</Cd>\
         <SubFmlyCd>ESCT</SubFmlyCd></Fmly></Domn></BkTxCd><NtryDtls><TxDtls><Refs><EndToEndId>E{number}</EndToEndId>\
         </Refs><RltdPties><{them}><Pty><Nm>Romashka {customer}</Nm></Pty></{them}><{them}Acct><Id><Othr>\
         <Id>407028107023{customer:08}</Id></Othr></Id></{them}Acct><{us}Acct><Id><Othr><Id>{OWN}</Id></Othr></Id>\
         </{us}Acct></RltdPties><RmtInf><Ustrd>Оплата по счету № СЧ-{invoice} от 05.01.2026, НДС 22%</Ustrd></RmtInf>\
         </TxDtls></NtryDtls></Ntry>"
    )
    .unwrap();
}

fn roubles(kopecks: u64) -> String {
    format!("{}.{:02}", kopecks / 100, kopecks % 100)
}

/// Every mark, copied out of a buffer as the XML reader does by itself, and nothing done with it.
fn bare(file: &[u8]) -> u64 {
    let mut reader = Reader::from_reader(BufReader::new(file));
    reader.config_mut().check_end_names = false;
    let mut buffer = Vec::new();
    let mut marks = 0;
    loop {
        match reader.read_event_into(&mut buffer).unwrap() {
            Mark::Eof => return marks,
            mark => {
                black_box(&mark);
                marks += 1;
            }
        }
        buffer.clear();
    }
}

fn entries(file: &[u8]) -> usize {
    let reading = open(Cursor::new(file), &Options::default()).unwrap();
    reading
        .filter(|event| match event {
            Ok(Event::Entry { .. }) => true,
            Ok(Event::Diagnostic(diagnostic)) => panic!("a sound file is what is measured: {diagnostic:?}"),
            _ => false,
        })
        .count()
}

fn camt(criterion: &mut Criterion) {
    let file = statement();
    assert_eq!(entries(&file), ENTRIES as usize);
    let mut group = criterion.benchmark_group(format!("reading a camt.053 of {ENTRIES} entries"));
    group.sample_size(10).sampling_mode(SamplingMode::Flat);
    group.throughput(Throughput::ElementsAndBytes {
        elements: u64::from(ENTRIES),
        bytes: file.len() as u64,
    });
    group.bench_function("the bare loop of quick-xml", |bencher| {
        bencher.iter(|| bare(black_box(&file)))
    });
    group.bench_function("one event after another", |bencher| {
        bencher.iter(|| entries(black_box(&file)))
    });
    group.finish();
}

criterion_group! {
    name = benches;
    config = Criterion::default().warm_up_time(Duration::from_millis(500)).measurement_time(Duration::from_secs(5));
    targets = camt
}
criterion_main!(benches);
