//! Dates as tables write them. `03/04/2025` is two dates: the column, or a person, says which.

use chrono::{DateTime, Datelike, FixedOffset, NaiveDate};
use serde::{Deserialize, Serialize};

/// Years a statement can be of.
const YEARS: std::ops::RangeInclusive<i32> = 1991..=2099;
/// Serial numbers of days that Excel may mean: 1991 to 2099.
const SERIALS: std::ops::RangeInclusive<i64> = 33_239..=73_050;
/// Banks of Russia write instants and mean their own day: Moscow, three hours before Greenwich.
const MOSCOW_SECONDS: i32 = 3 * 3600;

/// How dates with slashes or hyphens are ordered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DayOrder {
    DayFirst,
    MonthFirst,
    /// Of two digits: `24-07-31`.
    YearFirst,
    /// Nothing is known: only what is clear by itself is read.
    #[default]
    Open,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Written {
    Clear(NaiveDate),
    /// Where only one of them is a date, it is what is meant. A year of two digits is the last, as a rule.
    Open {
        day_first: Option<NaiveDate>,
        month_first: Option<NaiveDate>,
        year_first: Option<NaiveDate>,
    },
}

impl Written {
    pub(super) fn date(self, order: DayOrder) -> Option<NaiveDate> {
        match (self, order) {
            (Self::Clear(date), _) => Some(date),
            (Self::Open { day_first, .. }, DayOrder::DayFirst) => day_first,
            (Self::Open { month_first, .. }, DayOrder::MonthFirst) => month_first,
            (Self::Open { year_first, .. }, DayOrder::YearFirst) => year_first,
            (
                Self::Open {
                    day_first, month_first, ..
                },
                DayOrder::Open,
            ) => (day_first == month_first).then_some(day_first).flatten(),
        }
    }

    pub(super) fn parse(text: &str) -> Option<Self> {
        let text = text.trim().trim_end_matches(['г', '.', ' ', '\u{a0}']);
        if !(6..=40).contains(&text.len()) && !(6..=40).contains(&text.chars().count()) {
            return None;
        }
        if let Ok(instant) = DateTime::parse_from_rfc3339(text) {
            return within(moscow_day(instant)).map(Self::Clear);
        }
        by_words(text).map(Self::Clear).or_else(|| by_digits(text))
    }

    /// A number in a column of dates: Excel's count of days, the first of which is 1 January 1900.
    pub(super) fn of_serial(text: &str) -> Option<Self> {
        serial(text, false).map(Self::Clear)
    }
}

pub(crate) fn moscow_day(instant: DateTime<FixedOffset>) -> NaiveDate {
    FixedOffset::east_opt(MOSCOW_SECONDS).map_or_else(
        || instant.date_naive(),
        |moscow| instant.with_timezone(&moscow).date_naive(),
    )
}

fn within(date: NaiveDate) -> Option<NaiveDate> {
    YEARS.contains(&date.year()).then_some(date)
}

/// `from_1904`: the count of old Macintoshes.
pub(super) fn serial(text: &str, from_1904: bool) -> Option<NaiveDate> {
    let (days, time) = text.split_once('.').unwrap_or((text, "0"));
    if days.len() != 5 || !days.bytes().chain(time.bytes()).all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let days: i64 = days.parse().ok()?;
    let days = if from_1904 { days + 1462 } else { days };
    if !SERIALS.contains(&days) {
        return None;
    }
    // Excel counts a 29 February 1900 that never was, so its day 0 is 30 December 1899.
    NaiveDate::from_ymd_opt(1899, 12, 30)?.checked_add_signed(chrono::TimeDelta::days(days))
}

fn by_digits(text: &str) -> Option<Written> {
    let end = text.find([' ', 'T', '\u{a0}']).unwrap_or(text.len());
    let (day, time) = text.split_at(end);
    let day = day.trim_end_matches(',');
    let time = time.trim_start_matches([' ', 'T', '\u{a0}']);
    if !is_time(time) {
        return None;
    }
    if day.len() == 8 && day.bytes().all(|byte| byte.is_ascii_digit()) {
        return date(&day[..4], &day[4..6], &day[6..]).map(Written::Clear);
    }
    let sign = day.chars().find(|letter| matches!(letter, '.' | '-' | '/'))?;
    let parts: Vec<&str> = day.split(sign).collect();
    let &[first, second, third] = parts.as_slice() else {
        return None;
    };
    if first.len() == 4 {
        return date(first, second, third).map(Written::Clear);
    }
    let day_first = date(third, second, first);
    let month_first = if sign == '.' {
        day_first
    } else {
        date(third, first, second)
    };
    let of_two_digits = parts.iter().all(|part| part.len() == 2);
    let year_first = date(first, second, third).filter(|_| of_two_digits);
    if sign == '.' && year_first.is_none() {
        return day_first.map(Written::Clear);
    }
    (day_first.is_some() || month_first.is_some()).then_some(Written::Open {
        day_first,
        month_first,
        year_first,
    })
}

/// `10:00`, `10:00:00.123`, `10:00 PM`, or nothing.
fn is_time(text: &str) -> bool {
    let text = text.trim_end_matches(|letter: char| letter.is_ascii_alphabetic() || letter == ' ');
    text.is_empty()
        || (text.contains(':')
            && text
                .bytes()
                .all(|byte| byte.is_ascii_digit() || matches!(byte, b':' | b'.')))
}

fn date(year: &str, month: &str, day: &str) -> Option<NaiveDate> {
    let number = |text: &str, digits: std::ops::RangeInclusive<usize>| -> Option<u32> {
        let fits = digits.contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
        fits.then(|| text.parse().ok())?
    };
    let years = number(year, 2..=4).filter(|_| year.len() != 3)?;
    let years = match year.len() {
        4 => years,
        _ if years >= 91 => 1900 + years,
        _ => 2000 + years,
    };
    let date = NaiveDate::from_ymd_opt(i32::try_from(years).ok()?, number(month, 1..=2)?, number(day, 1..=2)?)?;
    within(date)
}

const MONTHS: [[&str; 2]; 12] = [
    ["янв", "jan"],
    ["фев", "feb"],
    ["мар", "mar"],
    ["апр", "apr"],
    ["ма", "may"],
    ["июн", "jun"],
    ["июл", "jul"],
    ["авг", "aug"],
    ["сен", "sep"],
    ["окт", "oct"],
    ["ноя", "nov"],
    ["дек", "dec"],
];
const MONTH_WORDS: [&str; 40] = [
    "января",
    "февраля",
    "марта",
    "апреля",
    "мая",
    "июня",
    "июля",
    "августа",
    "сентября",
    "октября",
    "ноября",
    "декабря",
    "январь",
    "февраль",
    "март",
    "апрель",
    "май",
    "июнь",
    "июль",
    "август",
    "сентябрь",
    "октябрь",
    "ноябрь",
    "декабрь",
    "january",
    "february",
    "march",
    "april",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
    "сент",
    "нояб",
    "июн",
    "июл",
    "sept",
];

fn month(word: &str) -> Option<u32> {
    let word = word.trim_end_matches('.');
    let known = MONTH_WORDS.contains(&word) || MONTHS.iter().flatten().any(|short| *short == word && word != "ма");
    // «мар» before «ма»: the longer beginning decides.
    let at = MONTHS
        .iter()
        .position(|names| names.iter().any(|name| word.starts_with(name)))?;
    known.then(|| u32::try_from(at + 1).ok())?
}

/// `12 марта 2025`, `«12» марта 2025`, `12-Mar-2025`, `March 12, 2025`.
fn by_words(text: &str) -> Option<NaiveDate> {
    let lower = text.to_lowercase();
    let parts: Vec<&str> = lower
        .split(|letter: char| matches!(letter, '«' | '»' | '"' | ',' | '-' | '.' | '/') || letter.is_whitespace())
        .filter(|part| !part.is_empty())
        .collect();
    let (&[first, second, year], rest) = parts.split_first_chunk::<3>()?;
    let time = rest.join(" ");
    if !is_time(&time) || year.len() != 4 && year.len() != 2 {
        return None;
    }
    let (day, month) = match (month(first), month(second)) {
        (None, Some(month)) => (first, month),
        (Some(month), None) => (second, month),
        _ => return None,
    };
    date(year, &month.to_string(), day)
}

/// What the dates of the file say together of their order.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Evidence {
    day_first: u64,
    month_first: u64,
    ambiguous: u64,
    /// Dates in all, and those that may begin with a year of two digits.
    seen: u64,
    year_first: u64,
}

impl Evidence {
    pub(super) fn see(&mut self, written: Written) {
        self.seen += 1;
        if let Written::Open {
            day_first,
            month_first,
            year_first,
        } = written
        {
            self.year_first += u64::from(year_first.is_some());
            match (day_first, month_first) {
                (Some(_), None) => self.day_first += 1,
                (None, Some(_)) => self.month_first += 1,
                (first, second) => self.ambiguous += u64::from(first != second),
            }
        }
    }

    pub(super) fn order(self) -> DayOrder {
        match (self.day_first, self.month_first) {
            (1.., 0) => DayOrder::DayFirst,
            (0, 1..) => DayOrder::MonthFirst,
            _ => DayOrder::Open,
        }
    }

    /// Every date may begin with its year.
    pub(super) fn may_be_year_first(self) -> bool {
        self.seen > 0 && self.year_first == self.seen
    }

    pub(super) fn is_doubtful(self) -> bool {
        self.order() == DayOrder::Open && (self.ambiguous > 0 || self.day_first > 0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str, order: DayOrder) -> Option<NaiveDate> {
        Written::parse(text)?.date(order)
    }

    #[test]
    fn dates_that_are_clear_by_themselves() {
        let twelfth = NaiveDate::from_ymd_opt(2025, 3, 12);
        for text in [
            "12.03.2025",
            "12.3.25",
            "12.03.2025 г.",
            "2025-03-12",
            "2025.03.12",
            "2025/03/12",
            "20250312",
            "12.03.2025 10:15:00",
            "12.03.2025, 10:15",
            "2025-03-12T10:15:00",
            "2025-03-12T10:15:00+03:00",
            "2025-03-11T22:30:00Z",
            "12 марта 2025 г.",
            "«12» марта 2025",
            "12 мар. 2025",
            "12-Mar-2025",
            "March 12, 2025",
            "12 мар 2025 10:15",
        ] {
            assert_eq!(read(text, DayOrder::Open), twelfth, "{text}");
        }
        assert_eq!(read("5 мая 2025", DayOrder::Open), NaiveDate::from_ymd_opt(2025, 5, 5));
        assert_eq!(read("05/05/2025", DayOrder::Open), NaiveDate::from_ymd_opt(2025, 5, 5));
        for text in [
            "",
            "0",
            "31.02.2025",
            "12.03",
            "1234.56",
            "12 рублей 2025",
            "12.03.2025 завтра",
            "12.03.1890",
        ] {
            assert_eq!(read(text, DayOrder::Open), None, "{text}");
        }
    }

    #[test]
    fn slashes_need_an_order() {
        let (third_of_april, fourth_of_march) =
            (NaiveDate::from_ymd_opt(2025, 4, 3), NaiveDate::from_ymd_opt(2025, 3, 4));
        assert_eq!(read("03/04/2025", DayOrder::Open), None);
        assert_eq!(read("03/04/2025", DayOrder::DayFirst), third_of_april);
        assert_eq!(read("03/04/2025", DayOrder::MonthFirst), fourth_of_march);
        assert_eq!(
            read("25/03/2025", DayOrder::MonthFirst),
            None,
            "an error, not a wrong day"
        );
        let mut evidence = Evidence::default();
        evidence.see(Written::parse("03/04/2025").unwrap());
        assert!(evidence.is_doubtful());
        evidence.see(Written::parse("25/04/2025").unwrap());
        assert_eq!(evidence.order(), DayOrder::DayFirst);
        evidence.see(Written::parse("04/25/2025").unwrap());
        assert!(evidence.is_doubtful(), "they contradict each other");
    }

    #[test]
    fn a_year_of_two_digits_may_come_first() {
        for text in ["24-07-05", "24/07/05", "24.07.05"] {
            assert_eq!(
                read(text, DayOrder::YearFirst),
                NaiveDate::from_ymd_opt(2024, 7, 5),
                "{text}"
            );
            assert_eq!(
                read(text, DayOrder::DayFirst),
                NaiveDate::from_ymd_opt(2005, 7, 24),
                "{text}"
            );
        }
        assert_eq!(
            read("12.03.2025", DayOrder::YearFirst),
            NaiveDate::from_ymd_opt(2025, 3, 12)
        );
        let of = |dates: &[&str]| {
            let mut evidence = Evidence::default();
            dates
                .iter()
                .for_each(|date| evidence.see(Written::parse(date).unwrap()));
            evidence.may_be_year_first()
        };
        assert!(of(&["24-07-05", "24-07-06"]));
        assert!(!of(&["24-07-05", "24-07-2006"]) && !of(&[]));
    }

    #[test]
    fn days_counted_by_excel() {
        assert_eq!(serial("45728", false), NaiveDate::from_ymd_opt(2025, 3, 12));
        assert_eq!(serial("45728.4271", false), NaiveDate::from_ymd_opt(2025, 3, 12));
        assert_eq!(serial("44266", true), NaiveDate::from_ymd_opt(2025, 3, 12));
        for text in ["1", "12345", "99999", "45728,5", "-45728"] {
            assert_eq!(serial(text, false), None, "{text}");
        }
    }
}
