//! A month of payments, as they truly were.

use chrono::{Datelike, NaiveDate};

use crate::style::{DateStyle, Style, SumStyle};

pub const OWN: &str = "40702810900000000101";

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Paid {
    pub day: NaiveDate,
    pub kopecks: i64,
    pub number: String,
    pub name: String,
    pub inn: String,
    pub account: String,
    pub purpose: String,
}

#[derive(Debug)]
pub struct Month {
    pub opening: i64,
    pub paid: Vec<Paid>,
}

const FIRMS: [(&str, &str, &str); 5] = [
    ("ООО \"Ромашка\"", "7812345675", "40702810900000004501"),
    ("АО «Лесоторг»", "5409988773", "40702810200000007702"),
    ("ИП Иванов Пётр Ильич", "325502595143", "40802810500000001234"),
    ("УФК по г. Туле", "7107027569", "03100643000000017300"),
    ("ООО Дом, сад; огород", "0277123450", "40702810700000009903"),
];

const PURPOSES: [&str; 6] = [
    "Оплата по счету № 145 от 12.03.2025. В т.ч. НДС 20% - 2500,08",
    "За доставку; договор 7-Л, без НДС",
    "Перевод \"собственных\" средств",
    "Итого по акту 15 за март, НДС нет",
    "Налог 0",
    "Оплата\nпо договору 12/4",
];

impl Month {
    pub fn of(seed: u64, style: &Style) -> Self {
        let mut random = fastrand::Rng::with_seed(seed);
        let count = random.usize(4..12);
        let early = style.early_days;
        let mut days: Vec<u32> = (0..count).map(|_| random.u32(1..if early { 12 } else { 29 })).collect();
        // Whether days and months can be told apart does not hang on chance.
        days[0] = 2;
        if !early {
            days[1] = 25;
        }
        days.sort_unstable();
        let round = style.round_thousands;
        let paid = days
            .iter()
            .enumerate()
            .map(|(at, day)| {
                let (name, inn, account) = FIRMS[random.usize(..FIRMS.len())];
                let kopecks = if round {
                    100_000 * random.i64(1..900) + 123_400
                } else {
                    random.i64(1..200_000_000)
                };
                // Both directions are in every month.
                let credit = if at < 2 { at == 0 } else { random.bool() };
                Paid {
                    day: NaiveDate::from_ymd_opt(2025, 3, *day).unwrap(),
                    kopecks: if credit { kopecks } else { -kopecks },
                    number: format!("{:06}", random.u32(1..99_999)),
                    name: name.to_owned(),
                    inn: inn.to_owned(),
                    account: account.to_owned(),
                    purpose: PURPOSES[random.usize(..PURPOSES.len())].to_owned(),
                }
            })
            .collect();
        let mut month = Self {
            opening: if round {
                900_000_000_000
            } else {
                random.i64(0..900_000_000) + 2_500_000_000
            },
            paid,
        };
        if style.sums == SumStyle::Unsigned {
            month.opening = 0;
        }
        month
    }

    pub fn closing(&self) -> i64 {
        self.opening + self.paid.iter().map(|paid| paid.kopecks).sum::<i64>()
    }

    /// Whether every day of it could be a month.
    pub fn is_ambiguous(&self, style: &Style) -> bool {
        let slashed = matches!(style.dates, DateStyle::DaySlash | DateStyle::MonthSlash);
        slashed && self.paid.iter().all(|paid| paid.day.day() <= 12)
    }
}
