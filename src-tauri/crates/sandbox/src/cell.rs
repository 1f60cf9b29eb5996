//! One value of one field, with the kind its schema gives it: read from requests, compared, written in both
//! generations of the API (typed and camelCase, all strings and UPPER_CASE).

use std::cmp::Ordering;

use chrono::{DateTime, FixedOffset, NaiveDate, NaiveDateTime, NaiveTime};
use serde::{Deserialize, Serialize};

use crate::php::Php;

/// The portal's clock is Moscow's.
pub const PORTAL_OFFSET_S: i32 = 3 * 3600;
const PORTAL_OFFSET_MS: i64 = PORTAL_OFFSET_S as i64 * 1000;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// Absent shows as 0.
    Int,
    /// The id of another object; absent shows as null.
    Link,
    /// Two decimals.
    Money,
    /// Four decimals: how much of something.
    Quantity,
    Text,
    Flag,
    /// A day, shown as 03:00 of the portal's day, as the portal does.
    Date,
    Moment,
    /// Several whole numbers.
    Ints,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Cell {
    Empty,
    Int(i64),
    /// Hundredths.
    Money(i64),
    /// Ten-thousandths.
    Quantity(i64),
    Text(String),
    Flag(bool),
    /// Milliseconds since 1970 UTC.
    Moment(i64),
    Many(Vec<Cell>),
}

impl Cell {
    pub fn text(text: impl Into<String>) -> Self {
        let text = text.into();
        if text.is_empty() { Self::Empty } else { Self::Text(text) }
    }

    pub fn id(id: i64) -> Self {
        if id == 0 { Self::Empty } else { Self::Int(id) }
    }

    /// Reads a scalar of a request; `None` when it is not of this kind.
    pub fn read(kind: Kind, value: &Php) -> Option<Self> {
        if kind == Kind::Ints {
            let texts = value.texts();
            let filled = texts.iter().filter(|text| !text.trim().is_empty());
            return filled
                .map(|text| text.trim().parse().ok().map(Self::Int))
                .collect::<Option<Vec<_>>>()
                .map(Self::Many);
        }
        let text = value.as_text()?;
        Self::read_text(kind, &text)
    }

    pub fn read_text(kind: Kind, text: &str) -> Option<Self> {
        let trimmed = text.trim();
        Some(match kind {
            Kind::Text => Self::text(text),
            Kind::Flag => Self::Flag(matches!(trimmed, "Y" | "y" | "1" | "true")),
            _ if trimmed.is_empty() => Self::Empty,
            Kind::Int | Kind::Link | Kind::Ints => Self::id(trimmed.parse().ok()?),
            Kind::Money => Self::Money(hundredths(trimmed)?),
            Kind::Quantity => Self::Quantity(ten_thousandths(trimmed)?),
            Kind::Date => Self::Moment(day_ms(trimmed)?),
            Kind::Moment => Self::Moment(moment_ms(trimmed)?),
        })
    }

    pub fn is_empty(&self) -> bool {
        match self {
            Self::Empty => true,
            Self::Many(cells) => cells.is_empty(),
            _ => false,
        }
    }

    pub fn as_int(&self) -> i64 {
        match self {
            Self::Int(number) => *number,
            _ => 0,
        }
    }

    pub fn as_text(&self) -> &str {
        match self {
            Self::Text(text) => text,
            _ => "",
        }
    }

    /// As `crm.item.*` shows it.
    pub fn typed(&self, kind: Kind) -> Php {
        match self {
            Self::Empty => match kind {
                Kind::Int | Kind::Money | Kind::Quantity => Php::Number(0.into()),
                Kind::Flag => Php::text("N"),
                Kind::Text => Php::text(""),
                Kind::Ints => Php::empty(),
                Kind::Link | Kind::Date | Kind::Moment => Php::Null,
            },
            Self::Int(number) => Php::Number((*number).into()),
            Self::Money(minor) => Php::decimal(&shortest(*minor)),
            Self::Quantity(parts) => Php::decimal(&shortest_quantity(*parts)),
            Self::Text(text) => Php::text(text.clone()),
            Self::Flag(yes) => Php::text(if *yes { "Y" } else { "N" }),
            Self::Moment(ms) => Php::text(portal_time(*ms)),
            Self::Many(cells) => Php::list(cells.iter().map(|cell| cell.typed(Kind::Text))),
        }
    }

    /// As the legacy methods show it: everything is text.
    pub fn legacy(&self, kind: Kind) -> Php {
        match self {
            Self::Empty => Php::text(match kind {
                Kind::Int | Kind::Link => "0",
                Kind::Money => "0.00",
                Kind::Quantity => "0.0000",
                Kind::Flag => "N",
                Kind::Text | Kind::Date | Kind::Moment | Kind::Ints => "",
            }),
            Self::Int(number) => Php::text(number.to_string()),
            Self::Money(minor) => Php::text(two_decimals(*minor)),
            Self::Quantity(parts) => Php::text(four_decimals(*parts)),
            Self::Many(cells) => Php::list(cells.iter().map(|cell| cell.legacy(Kind::Text))),
            other => other.typed(kind),
        }
    }

    /// Texts compare without regard to case, as the portal's database does.
    pub fn compare(&self, other: &Self) -> Ordering {
        match (self, other) {
            (Self::Int(a), Self::Int(b))
            | (Self::Money(a), Self::Money(b))
            | (Self::Quantity(a), Self::Quantity(b))
            | (Self::Moment(a), Self::Moment(b)) => a.cmp(b),
            (Self::Flag(a), Self::Flag(b)) => a.cmp(b),
            (Self::Empty, Self::Empty) => Ordering::Equal,
            (Self::Empty, _) => Ordering::Less,
            (_, Self::Empty) => Ordering::Greater,
            (a, b) => a.folded().cmp(&b.folded()),
        }
    }

    /// Lower-case text, for comparisons and `%`.
    pub fn folded(&self) -> String {
        match self {
            Self::Text(text) => text.to_lowercase(),
            other => other.legacy(Kind::Text).as_text().unwrap_or_default().to_lowercase(),
        }
    }
}

/// `1500`, `1500.5`, `-3,456`: rounded half away from zero, as the portal's database keeps sums.
pub fn hundredths(text: &str) -> Option<i64> {
    scaled(text, 2)
}

/// The same with four decimals.
fn ten_thousandths(text: &str) -> Option<i64> {
    scaled(text, 4)
}

fn scaled(text: &str, decimals: usize) -> Option<i64> {
    let text = text.trim();
    let (negative, digits) = text.strip_prefix('-').map_or((false, text), |rest| (true, rest));
    let (whole, fraction) = digits.split_once(['.', ',']).unwrap_or((digits, ""));
    if whole.is_empty() && fraction.is_empty() {
        return None;
    }
    let number = |digits: &str| -> Option<i64> {
        if digits.is_empty() {
            return Some(0);
        }
        digits
            .bytes()
            .all(|byte| byte.is_ascii_digit())
            .then(|| digits.parse().ok())?
    };
    // One digit more than is kept says which way to round.
    let padded = format!("{fraction}00000");
    let finer = number(padded.get(..=decimals)?)?;
    number(fraction.get(..fraction.len().min(15))?)?;
    let unit = 10_i64.checked_pow(u32::try_from(decimals).ok()?)?;
    let minor = number(whole)?.checked_mul(unit)?.checked_add((finer + 5) / 10)?;
    Some(if negative { -minor } else { minor })
}

pub fn two_decimals(minor: i64) -> String {
    let sign = if minor < 0 { "-" } else { "" };
    let minor = minor.unsigned_abs();
    format!("{sign}{}.{:02}", minor / 100, minor % 100)
}

/// As PHP prints a double: no zeros at the end.
fn shortest(minor: i64) -> String {
    let text = two_decimals(minor);
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

fn four_decimals(parts: i64) -> String {
    let sign = if parts < 0 { "-" } else { "" };
    let parts = parts.unsigned_abs();
    format!("{sign}{}.{:04}", parts / 10_000, parts % 10_000)
}

fn shortest_quantity(parts: i64) -> String {
    let text = four_decimals(parts);
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// `2026-11-01T03:00:00+03:00`.
pub fn portal_time(ms: i64) -> String {
    FixedOffset::east_opt(PORTAL_OFFSET_S)
        .zip(DateTime::from_timestamp_millis(ms))
        .map_or_else(
            || ms.to_string(),
            |(offset, moment)| moment.with_timezone(&offset).format("%Y-%m-%dT%H:%M:%S%:z").to_string(),
        )
}

fn date(text: &str) -> Option<NaiveDate> {
    NaiveDate::parse_from_str(text, "%Y-%m-%d")
        .or_else(|_| NaiveDate::parse_from_str(text, "%d.%m.%Y"))
        .ok()
}

/// A day's UTC midnight, from a day or from any moment of it on the portal's clock.
fn day_ms(text: &str) -> Option<i64> {
    let day = match date(text) {
        Some(day) => day,
        None => DateTime::from_timestamp_millis(moment_ms(text)?.checked_add(PORTAL_OFFSET_MS)?)?.date_naive(),
    };
    Some(day.and_time(NaiveTime::MIN).and_utc().timestamp_millis())
}

fn moment_ms(text: &str) -> Option<i64> {
    if let Ok(moment) = DateTime::parse_from_rfc3339(text) {
        return Some(moment.timestamp_millis());
    }
    let local = date(text).map(|day| day.and_time(NaiveTime::MIN)).or_else(|| {
        ["%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M:%S", "%d.%m.%Y %H:%M:%S"]
            .iter()
            .find_map(|shape| NaiveDateTime::parse_from_str(text, shape).ok())
    })?;
    local.and_utc().timestamp_millis().checked_sub(PORTAL_OFFSET_MS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sums_keep_two_decimals_without_floats() {
        for (text, minor) in [
            ("1500", Some(150_000)),
            ("1500.5", Some(150_050)),
            ("0,07", Some(7)),
            ("-3.456", Some(-346)),
            ("10.005", Some(1001)),
            (".5", Some(50)),
            ("12O.00", None),
            ("1.2x", None),
            ("", None),
            ("-", None),
        ] {
            assert_eq!(hundredths(text), minor, "{text}");
        }
        assert_eq!(shortest(150_050), "1500.5");
        assert_eq!(shortest(150_000), "1500");
        assert_eq!(shortest(0), "0");
        assert_eq!(two_decimals(-7), "-0.07");
        for (text, parts) in [
            ("1.255", Some(12_550)),
            ("2", Some(20_000)),
            ("-0.00005", Some(-1)),
            ("x", None),
        ] {
            assert_eq!(ten_thousandths(text), parts, "{text}");
        }
        assert_eq!(shortest_quantity(12_550), "1.255");
    }

    #[test]
    fn days_show_as_three_in_the_morning() {
        for text in [
            "2026-11-05",
            "05.11.2026",
            "2026-11-05T00:00:00+03:00",
            "2026-11-05T03:00:00+03:00",
        ] {
            let cell = Cell::read_text(Kind::Date, text).unwrap();
            assert_eq!(cell.typed(Kind::Date), Php::text("2026-11-05T03:00:00+03:00"), "{text}");
        }
        assert_eq!(Cell::read_text(Kind::Moment, "вчера"), None);
    }
}
