//! A made-up 1C statement of any size, for measurements.

use std::{fmt::Write as _, io};

use encoding_rs::WINDOWS_1251;
use fastrand::Rng;

const DAYS: u32 = 28;
const SEED: u64 = 1;
const OWN: &str = "40702810500032000017";

/// A statement as banks write it: windows-1251, every usual key of both sides.
pub fn of(documents: u32) -> Vec<u8> {
    let mut file = Vec::new();
    write(documents, &mut file).unwrap();
    file
}

/// As [`of`], for what does not fit into memory.
pub fn write(documents: u32, file: &mut impl io::Write) -> io::Result<()> {
    let (mut credited, mut debited) = (0, 0);
    let mut rng = Rng::with_seed(SEED);
    let mut text = String::new();
    for number in 1..=documents {
        let (kopecks, credit) = document(&mut text, &mut rng, (number, documents));
        *(if credit { &mut credited } else { &mut debited }) += kopecks;
        text.clear();
    }
    let opening: u64 = 1_000_000_000_000_000;
    let head = format!(
        "1CClientBankExchange\r\nВерсияФормата=1.03\r\nКодировка=Windows\r\nОтправитель=Банк-клиент\r\n\
         Получатель=1С:Предприятие\r\nДатаСоздания=01.03.2026\r\nВремяСоздания=19:05:12\r\nДатаНачала=01.02.2026\r\n\
         ДатаКонца=28.02.2026\r\nРасчСчет={OWN}\r\nСекцияРасчСчет\r\nДатаНачала=01.02.2026\r\nДатаКонца=28.02.2026\r\n\
         РасчСчет={OWN}\r\nНачальныйОстаток={}\r\nВсегоПоступило={}\r\nВсегоСписано={}\r\nКонечныйОстаток={}\r\n\
         КонецРасчСчет\r\n",
        roubles(opening),
        roubles(credited),
        roubles(debited),
        roubles(opening + credited - debited),
    );
    file.write_all(&WINDOWS_1251.encode(&head).0)?;
    rng = Rng::with_seed(SEED);
    for number in 1..=documents {
        document(&mut text, &mut rng, (number, documents));
        file.write_all(&WINDOWS_1251.encode(&text).0)?;
        text.clear();
    }
    file.write_all(&WINDOWS_1251.encode("КонецФайла\r\n").0)
}

/// Its kopecks, and whether they came.
fn document(text: &mut String, rng: &mut Rng, (number, documents): (u32, u32)) -> (u64, bool) {
    let day = 1 + u64::from(number - 1) * u64::from(DAYS) / u64::from(documents);
    let kopecks = rng.u64(10_000..100_000_000);
    let credit = rng.u8(..10) < 7;
    let sum = roubles(kopecks);
    let customer = rng.u32(..500);
    let other = format!("407028107023{customer:08}");
    let (payer, payee) = if credit {
        (other.as_str(), OWN)
    } else {
        (OWN, other.as_str())
    };
    let booked = format!("{day:02}.02.2026");
    let (debited, credited) = if credit {
        ("", booked.as_str())
    } else {
        (booked.as_str(), "")
    };
    let invoice = rng.u32(1..5_000);
    write!(
        text,
        "СекцияДокумент=Платежное поручение\r\nНомер={number}\r\nДата={day:02}.02.2026\r\nСумма={sum}\r\n\
         КвитанцияДата=\r\nКвитанцияВремя=\r\nКвитанцияСодержание=\r\nПлательщикСчет={payer}\r\nДатаСписано={debited}\r\nПлательщик=ИНН 78{customer:08} ООО \"Ромашка {customer}\"\r\n\
         ПлательщикИНН=78{customer:08}\r\nПлательщикКПП=781301001\r\nПлательщик1=ООО \"Ромашка {customer}\"\r\n\
         ПлательщикРасчСчет={payer}\r\nПлательщикБанк1=АО \"БАНК\"\r\nПлательщикБанк2=г. Москва\r\n\
         ПлательщикБИК=044525593\r\nПлательщикКорсчет=30101810200000000593\r\nПолучательСчет={payee}\r\nДатаПоступило={credited}\r\n\
         Получатель=ИНН 7802641756 ООО \"Северный ветер\"\r\nПолучательИНН=7802641756\r\nПолучательКПП=780201001\r\n\
         Получатель1=ООО \"Северный ветер\"\r\nПолучательРасчСчет={payee}\r\nПолучательБанк1=ПАО БАНК\r\n\
         ПолучательБанк2=г. Санкт-Петербург\r\nПолучательБИК=044030653\r\nПолучательКорсчет=30101810500000000653\r\n\
         ВидПлатежа=Электронно\r\nВидОплаты=01\r\nКод=0\r\nНазначениеПлатежа=Оплата по счету № СЧ-{invoice} от 05.01.2026 за поставку метизов. \
         В т.ч. НДС 22%\r\nОчередность=5\r\nКонецДокумента\r\n"
    )
    .unwrap();
    (kopecks, credit)
}

fn roubles(kopecks: u64) -> String {
    format!("{}.{:02}", kopecks / 100, kopecks % 100)
}
