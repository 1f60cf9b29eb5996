//! How fast a statement of twenty thousand documents is read. `cargo bench -p formats`.

#![expect(clippy::unwrap_used, reason = "what a measurement stands on must be there")]

use std::{fmt::Write as _, hint::black_box, io::Cursor, time::Duration};

use criterion::{BatchSize, Criterion, SamplingMode, Throughput, criterion_group, criterion_main};
use encoding_rs::WINDOWS_1251;
use fastrand::Rng;
use formats::{Event, Options, TAIL_BYTES, detect, detect::PREFIX_BYTES, ends_complete, open, read_all};

/// A busy shop's year in one file.
const DOCUMENTS: u32 = 20_000;
const DAYS: u32 = 28;
const SEED: u64 = 1;
const OWN: &str = "40702810500032000017";

/// As banks write it: windows-1251, every usual key of both sides.
fn statement() -> Vec<u8> {
    let mut rng = Rng::with_seed(SEED);
    let mut documents = String::new();
    let (mut credited, mut debited) = (0, 0);
    for number in 1..=DOCUMENTS {
        let kopecks = rng.u64(10_000..100_000_000);
        let credit = rng.u8(..10) < 7;
        *(if credit { &mut credited } else { &mut debited }) += kopecks;
        document(&mut documents, &mut rng, number, kopecks, credit);
    }
    let opening: u64 = 1_000_000_000_000;
    let text = format!(
        "1CClientBankExchange\r\nВерсияФормата=1.03\r\nКодировка=Windows\r\nОтправитель=Банк-клиент\r\n\
         Получатель=1С:Предприятие\r\nДатаСоздания=01.03.2026\r\nВремяСоздания=19:05:12\r\nДатаНачала=01.02.2026\r\n\
         ДатаКонца=28.02.2026\r\nРасчСчет={OWN}\r\nСекцияРасчСчет\r\nДатаНачала=01.02.2026\r\nДатаКонца=28.02.2026\r\n\
         РасчСчет={OWN}\r\nНачальныйОстаток={}\r\nВсегоПоступило={}\r\nВсегоСписано={}\r\nКонечныйОстаток={}\r\n\
         КонецРасчСчет\r\n{documents}КонецФайла\r\n",
        roubles(opening),
        roubles(credited),
        roubles(debited),
        roubles(opening + credited - debited),
    );
    WINDOWS_1251.encode(&text).0.into_owned()
}

fn document(text: &mut String, rng: &mut Rng, number: u32, kopecks: u64, credit: bool) {
    let day = 1 + (number - 1) * DAYS / DOCUMENTS;
    let sum = roubles(kopecks);
    let customer = rng.u32(..500);
    let other = format!("407028107023{customer:08}");
    let (payer, payee) = if credit {
        (other.as_str(), OWN)
    } else {
        (OWN, other.as_str())
    };
    let booked = if credit {
        "ДатаПоступило"
    } else {
        "ДатаСписано"
    };
    let invoice = rng.u32(1..5_000);
    write!(
        text,
        "СекцияДокумент=Платежное поручение\r\nНомер={number}\r\nДата={day:02}.02.2026\r\nСумма={sum}\r\n\
         ПлательщикСчет={payer}\r\n{booked}={day:02}.02.2026\r\nПлательщик=ИНН 78{customer:08} ООО \"Ромашка {customer}\"\r\n\
         ПлательщикИНН=78{customer:08}\r\nПлательщикКПП=781301001\r\nПлательщик1=ООО \"Ромашка {customer}\"\r\n\
         ПлательщикРасчСчет={payer}\r\nПлательщикБанк1=АО \"БАНК\"\r\nПлательщикБанк2=г. Москва\r\n\
         ПлательщикБИК=044525593\r\nПлательщикКорсчет=30101810200000000593\r\nПолучательСчет={payee}\r\n\
         Получатель=ИНН 7802641756 ООО \"Северный ветер\"\r\nПолучательИНН=7802641756\r\nПолучательКПП=780201001\r\n\
         Получатель1=ООО \"Северный ветер\"\r\nПолучательРасчСчет={payee}\r\nПолучательБанк1=ПАО БАНК\r\n\
         ПолучательБанк2=г. Санкт-Петербург\r\nПолучательБИК=044030653\r\nПолучательКорсчет=30101810500000000653\r\n\
         ВидОплаты=01\r\nКод=0\r\nНазначениеПлатежа=Оплата по счету № СЧ-{invoice} от 05.01.2026 за поставку метизов. \
         В т.ч. НДС 22%\r\nОчередность=5\r\nКонецДокумента\r\n"
    )
    .unwrap();
}

fn roubles(kopecks: u64) -> String {
    format!("{}.{:02}", kopecks / 100, kopecks % 100)
}

fn reading(criterion: &mut Criterion) {
    let file = statement();
    let options = Options::default();
    let collected = read_all(Cursor::new(&file), &options).unwrap();
    assert_eq!(collected.statements[0].entries.len(), DOCUMENTS as usize);
    assert_eq!(collected.diagnostics, [], "a sound file is what is measured");

    let mut group = criterion.benchmark_group("reading a 1C statement of 20000 documents");
    group.sample_size(10).sampling_mode(SamplingMode::Flat);
    group.throughput(Throughput::ElementsAndBytes {
        elements: u64::from(DOCUMENTS),
        bytes: file.len() as u64,
    });
    group.bench_function("one event after another", |bencher| {
        bencher.iter(|| {
            let reading = open(Cursor::new(&file), &options).unwrap();
            reading.filter(|event| matches!(event, Ok(Event::Entry { .. }))).count()
        });
    });
    group.bench_function("all collected", |bencher| {
        bencher.iter_batched(
            || Cursor::new(&file),
            |source| read_all(source, &options).unwrap(),
            BatchSize::PerIteration,
        );
    });
    group.finish();

    let prefix = usize::try_from(PREFIX_BYTES).unwrap().min(file.len());
    let mut group = criterion.benchmark_group("looking at a 1C statement");
    group.sample_size(20);
    group.bench_function("detecting the format", |bencher| {
        bencher.iter(|| detect(black_box(&file[..prefix])));
    });
    let tail = &file[file.len() - TAIL_BYTES..];
    group.bench_function("is its end there", |bencher| {
        bencher.iter(|| ends_complete(black_box(tail)));
    });
    group.finish();
}

criterion_group! {
    name = benches;
    config = Criterion::default().warm_up_time(Duration::from_millis(500)).measurement_time(Duration::from_secs(2));
    targets = reading
}
criterion_main!(benches);
