//! 1C: one account, some 35 keys a document, windows-1251.

use std::{
    fmt::Write as _,
    io::{Result, Write},
};

use encoding_rs::WINDOWS_1251;
use fastrand::Rng;

use super::{Movement, decimal};

const OWN: &str = "40702810500032000017";
const DAYS: u64 = 28;

pub fn write(entries: u32, rng: &mut Rng, out: &mut impl Write) -> Result<()> {
    let opening = 1_000_000_000_000;
    // The turnovers stand before the documents, so these are made twice.
    let mut foreseen = rng.clone();
    let (mut credits, mut debits) = (0, 0);
    for _ in 0..entries {
        let (movement, ..) = made(&mut foreseen);
        *(if movement.credit { &mut credits } else { &mut debits }) += movement.minor;
    }
    let closing = opening + credits - debits;
    let closing_sign = if closing < 0 { "-" } else { "" };
    let head = format!(
        "1CClientBankExchange\r\nВерсияФормата=1.03\r\nКодировка=Windows\r\nОтправитель=Банк-клиент\r\n\
         Получатель=1С:Предприятие\r\nДатаСоздания=01.03.2026\r\nВремяСоздания=19:05:12\r\nДатаНачала=01.02.2026\r\n\
         ДатаКонца=28.02.2026\r\nРасчСчет={OWN}\r\nСекцияРасчСчет\r\nДатаНачала=01.02.2026\r\nДатаКонца=28.02.2026\r\n\
         РасчСчет={OWN}\r\nНачальныйОстаток={}\r\nВсегоПоступило={}\r\nВсегоСписано={}\r\n\
         КонечныйОстаток={closing_sign}{}\r\nКонецРасчСчет\r\n",
        decimal(opening, '.'),
        decimal(credits, '.'),
        decimal(debits, '.'),
        decimal(closing, '.'),
    );
    out.write_all(&WINDOWS_1251.encode(&head).0)?;
    let mut text = String::new();
    for number in 0..entries {
        text.clear();
        document(number, entries, rng, &mut text);
        out.write_all(&WINDOWS_1251.encode(&text).0)?;
    }
    out.write_all(&WINDOWS_1251.encode("КонецФайла\r\n").0)
}

fn made(rng: &mut Rng) -> (Movement, u32, u32) {
    (Movement::any(rng), rng.u32(..100_000_000), rng.u32(..1_000_000))
}

fn document(number: u32, entries: u32, rng: &mut Rng, text: &mut String) {
    let (movement, customer, invoice) = made(rng);
    let day = 1 + u64::from(number) * DAYS / u64::from(entries);
    let (own, other) = if movement.credit {
        ("Получатель", "Плательщик")
    } else {
        ("Плательщик", "Получатель")
    };
    let booked = if movement.credit {
        "ДатаПоступило"
    } else {
        "ДатаСписано"
    };
    let other_account = format!("407028107023{customer:08}");
    let written = write!(
        text,
        "СекцияДокумент=Платежное поручение\r\nНомер={}\r\nДата={day:02}.02.2026\r\nСумма={}\r\n\
         КвитанцияДата={day:02}.02.2026\r\nКвитанцияВремя=10:15:00\r\nКвитанцияСодержание=Проведено\r\n\
         {other}Счет={other_account}\r\n{booked}={day:02}.02.2026\r\n\
         {other}=ИНН 78{customer:08} ООО \"Торговый дом Ромашка {customer}\"\r\n\
         {other}ИНН=78{customer:08}\r\n{other}КПП=781301001\r\n{other}1=ООО \"Торговый дом Ромашка {customer}\"\r\n\
         {other}РасчСчет={other_account}\r\n{other}Банк1=АО \"КОММЕРЧЕСКИЙ БАНК\"\r\n{other}Банк2=г. Москва\r\n\
         {other}БИК=044525593\r\n{other}Корсчет=30101810200000000593\r\n{own}Счет={OWN}\r\n\
         {own}=ИНН 7802641756 ООО \"Северный ветер\"\r\n{own}ИНН=7802641756\r\n{own}КПП=780201001\r\n\
         {own}1=ООО \"Северный ветер\"\r\n{own}РасчСчет={OWN}\r\n{own}Банк1=ПАО БАНК\r\n\
         {own}Банк2=г. Санкт-Петербург\r\n{own}БИК=044030653\r\n{own}Корсчет=30101810500000000653\r\n\
         ВидПлатежа=Электронно\r\nВидОплаты=01\r\nКод=0\r\n\
         НазначениеПлатежа=Оплата по счету № СЧ-{invoice} от 05.01.2026 за поставку метизов по договору № 17/2025 от \
         12.03.2025. В т.ч. НДС 22%\r\nОчередность=5\r\nСрокПлатежа={day:02}.02.2026\r\nКонецДокумента\r\n",
        number % 999_999 + 1,
        decimal(movement.minor, '.'),
    );
    debug_assert!(written.is_ok(), "a string takes every text");
}
