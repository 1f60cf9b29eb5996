//! Which one-byte encoding a text is in, by how likely its letters follow one another.
//!
//! A wrong encoding turns Russian words into letters that never stand together, capitals inside words, frames and
//! accents; the right one does not.

use std::sync::LazyLock;

use super::TextEncoding;

/// Any Russian text would do: its pairs of letters are what is known of the language. This one has the words of banks.
const RUSSIAN: &str = "секция документ платежное поручение номер дата сумма плательщик счет получатель расчетный инн кпп бик \
    корсчет банк вид оплаты назначение платежа очередность конец файла версия формата кодировка отправитель создания \
    начала начальный остаток всего поступило списано конечный код показатель основания периода типа статус составителя \
    квитанция содержание время срок акцепта аккредитива условие дополнительные поставщика отсылки выписка операция \
    приход расход валюта дебет кредит комиссия за обслуживание по договору от без налога ндс не облагается в том числе \
    оплата по счету за товар услуги аренда помещения перевод собственных средств заработная плата аванс возврат займа \
    пополнение снятие наличных эквайринг выручка инкассация страховые взносы пени штраф процентов размещение депозит \
    общество с ограниченной ответственностью акционерное публичное индивидуальный предприниматель филиал отделение \
    казначейство россии федеральная налоговая служба управление область край республика город улица проспект дом корпус \
    офис москва санкт петербург екатеринбург новосибирск нижний новгород челябинск самара омск ростов на дону уфа пермь \
    красноярск воронеж волгоград тула ярославль иркутск хабаровск владивосток калининград \
    иванов петрова сидоров кузнецова смирнов васильева попов соколова михайлов новикова федоров морозова волков алексеева \
    лебедев семенова егоров павлова козлов степанова николаев орлова андреев макарова никитин захарова сергей александр \
    дмитриевич владимировна евгений юрьевна анатолий геннадьевич ольга наталья татьяна елена вячеслав эдуард яков игорь \
    жилищный хозяйство щебень цемент кирпич мебель одежда обувь продукты питания молоко хлеб мясо рыба фрукты овощи \
    электроэнергия отопление водоснабжение связь интернет реклама программное обеспечение разработка поддержка сайта \
    перевозка груза доставка автомобиль запчасти топливо ремонт оборудования монтаж строительство проектирование \
    лес и дрова ромашка северный ветер восход заря прогресс луч звезда юг объект съемка подъезд кооператив координация счёт её ещё учёт расчёт";

const LETTERS: usize = 32;
/// Bytes that are enough to tell by, from the first letter that is not Latin.
const SAMPLE_BYTES: usize = 16 * 1024;

/// Which letters stand together in [`RUSSIAN`], a bit for each second letter.
static PAIRS: LazyLock<[u32; LETTERS]> = LazyLock::new(|| {
    let mut pairs = [0; LETTERS];
    let mut before = None;
    for character in RUSSIAN.chars() {
        let letter = russian(character).map(|(letter, _)| letter);
        if let (Some(first), Some(second)) = (before, letter) {
            pairs[first] |= 1 << second;
        }
        before = letter;
    }
    pairs
});

/// Which letter of the alphabet, ё being е, and whether it is a capital.
fn russian(character: char) -> Option<(usize, bool)> {
    let at = |first: char| usize::try_from(u32::from(character) - u32::from(first)).ok();
    match character {
        'а'..='я' => Some((at('а')?, false)),
        'А'..='Я' => Some((at('А')?, true)),
        'ё' => Some((5, false)),
        'Ё' => Some((5, true)),
        _ => None,
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Russian {
        letter: usize,
        capital: bool,
    },
    Latin {
        capital: bool,
    },
    /// A letter with an accent.
    Accented,
    /// Signs of any text: quotation marks, dashes, № and all of ASCII.
    Sign,
    /// What no statement holds: frames, mathematics, controls, letters of other Cyrillic alphabets.
    Alien,
}

fn kind(character: char) -> Kind {
    if let Some((letter, capital)) = russian(character) {
        return Kind::Russian { letter, capital };
    }
    match character {
        'a'..='z' => Kind::Latin { capital: false },
        'A'..='Z' => Kind::Latin { capital: true },
        '\0'..='\u{7f}' => Kind::Sign,
        '\u{a0}' | '«' | '»' | '№' | '—' | '–' | '“' | '”' | '„' | '‘' | '’' | '…' | '•' | '·' | '°' | '§' | '€' => {
            Kind::Sign
        }
        'À'..='Ö' | 'Ø'..='ö' | 'ø'..='ÿ' | 'Œ' | 'œ' | 'Š' | 'š' | 'Ž' | 'ž' | 'Ÿ' => Kind::Accented,
        _ => Kind::Alien,
    }
}

/// How likely a text is what people write: each letter that follows another says for or against.
pub(super) fn score(text: &str) -> i64 {
    score_of(text.chars().map(kind))
}

fn score_of(kinds: impl Iterator<Item = Kind>) -> i64 {
    let mut points = 0;
    let mut before = Kind::Sign;
    for kind in kinds {
        points += match (before, kind) {
            (_, Kind::Alien) => -4,
            (Kind::Russian { capital: false, .. }, Kind::Russian { capital: true, .. }) => -4,
            (Kind::Russian { letter: first, .. }, Kind::Russian { letter: second, .. }) => {
                if PAIRS[first] & (1 << second) == 0 { -2 } else { 2 }
            }
            (Kind::Sign, Kind::Russian { .. }) => 1,
            // Two alphabets in a word: a wrong encoding, or a typing error.
            (Kind::Latin { .. } | Kind::Accented, Kind::Russian { .. })
            | (Kind::Russian { .. }, Kind::Latin { .. } | Kind::Accented) => -3,
            (Kind::Accented, Kind::Accented) => -4,
            (Kind::Latin { .. }, Kind::Accented) => 3,
            (Kind::Accented, Kind::Latin { .. }) => 2,
            _ => 0,
        };
        before = kind;
    }
    points
}

/// What the file itself says decides between encodings of which none makes more sense: `=DOS`, `=KOI`.
pub(super) fn likeliest(prefix: &[u8]) -> TextEncoding {
    let declares = |word: &[u8]| prefix.windows(word.len()).any(|bytes| bytes.eq_ignore_ascii_case(word));
    let (declared, other) = if declares(b"=DOS") {
        (TextEncoding::Ibm866, TextEncoding::Windows1251)
    } else {
        (TextEncoding::Windows1251, TextEncoding::Ibm866)
    };
    let mut best = declared;
    let Some(first) = prefix.iter().position(|byte| !byte.is_ascii()) else {
        return best;
    };
    // The letter before the first one that tells belongs to its word.
    let sample = &prefix[first.saturating_sub(1)..];
    let sample = &sample[..sample.len().min(SAMPLE_BYTES)];
    let mut most = points(sample, best);
    for encoding in [other, TextEncoding::Koi8R, TextEncoding::Windows1252] {
        let points = points(sample, encoding);
        if points > most {
            (best, most) = (encoding, points);
        }
    }
    best
}

fn points(sample: &[u8], encoding: TextEncoding) -> i64 {
    let upper: Vec<u8> = (0x80..=0xff).collect();
    let upper: Vec<Kind> = encoding
        .single_byte()
        .decode_without_bom_handling(&upper)
        .0
        .chars()
        .map(kind)
        .collect();
    let of_byte = |byte: &u8| match byte.checked_sub(0x80) {
        None => kind(char::from(*byte)),
        Some(at) => upper.get(usize::from(at)).copied().unwrap_or(Kind::Alien),
    };
    score_of(sample.iter().map(of_byte))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// From one word to a sentence, in capitals and small letters.
    const TEXTS: [&str; 14] = [
        "Дата=",
        "Сумма",
        "ООО \"Ромашка\"",
        "ИНН",
        "Номер",
        "оплата",
        "ОПЛАТА ПО СЧЕТУ",
        "Перевод средств",
        "СекцияДокумент=Платежное поручение",
        "ИП Щербакова Юлия Эдуардовна",
        "за щебень и песок, договор 12/3 от 05.07.2024",
        "ВОЗВРАТ ПО ЗАЯВЛЕНИЮ КЛИЕНТА № 7",
        "Дата;Сумма;Назначение;Контрагент",
        "РОМАШКА LTD, Оплата by invoice 7",
    ];

    #[test]
    fn russian_texts_of_any_length_are_told_in_every_encoding() {
        for text in TEXTS {
            for encoding in [TextEncoding::Windows1251, TextEncoding::Ibm866, TextEncoding::Koi8R] {
                let (bytes, _, lossy) = encoding.single_byte().encode(text);
                if !lossy {
                    assert_eq!(likeliest(&bytes), encoding, "{text}");
                }
            }
        }
    }

    #[test]
    fn western_texts_are_told_from_russian_ones() {
        for text in [
            ":86:Müller",
            "GEBÜHR",
            "Société Générale, réf. été",
            "Señor Núñez",
            "Straße 5, Ærø",
            "Größe, Grüße und Maße",
        ] {
            let bytes = TextEncoding::Windows1252.single_byte().encode(text).0;
            assert_eq!(likeliest(&bytes), TextEncoding::Windows1252, "{text}");
        }
    }

    #[test]
    fn what_is_declared_decides_where_letters_do_not() {
        assert_eq!(likeliest(b"x=DOS"), TextEncoding::Ibm866);
        assert_eq!(likeliest(b""), TextEncoding::Windows1251);
        // However far they are.
        let late = [
            &[b' '; 40_000][..],
            &TextEncoding::Ibm866.single_byte().encode("Оплата по счету").0,
        ]
        .concat();
        assert_eq!(likeliest(&late), TextEncoding::Ibm866);
        // Letters say more than the declaration.
        let declared = TextEncoding::Windows1251
            .single_byte()
            .encode("Кодировка=DOS\nДата=1")
            .0;
        assert_eq!(likeliest(&declared), TextEncoding::Windows1251);
    }
}
