//! Sums as tables write them. A cell alone may be ambiguous (`1.234`), a column seldom is: evidence is gathered over the
//! whole file, and what stays ambiguous is asked.

use domain::{Currency, Money};
use serde::{Deserialize, Serialize};

use crate::decimal::Decimal;

/// Which sign parts the kopecks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DecimalSign {
    Comma,
    Point,
    /// Cells show both, or nothing is known: only a cell that is clear by itself is read.
    #[default]
    Open,
}

impl DecimalSign {
    fn of(sign: char) -> Self {
        match sign {
            ',' => Self::Comma,
            '.' => Self::Point,
            _ => Self::Open,
        }
    }

    /// Whether a sum is written to its last kopeck, so that nothing of it can be missing.
    pub(super) fn ends_with_kopecks(self, text: &str) -> bool {
        let digits = text.trim_end_matches(|letter: char| !letter.is_ascii_digit());
        let Some((whole, [sign, tens, units])) = digits.as_bytes().split_last_chunk::<3>() else {
            return false;
        };
        let is_sign = match self {
            Self::Comma => *sign == b',',
            Self::Point => *sign == b'.',
            Self::Open => matches!(sign, b',' | b'.'),
        };
        is_sign && !whole.is_empty() && tens.is_ascii_digit() && units.is_ascii_digit()
    }

    fn other(self) -> Self {
        match self {
            Self::Comma => Self::Point,
            Self::Point => Self::Comma,
            Self::Open => Self::Open,
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sign {
    Bare,
    Plus,
    Minus,
}

/// A cell that is a number, as far as it can be told without its column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Written {
    pub(super) sign: Sign,
    /// The currency named in the cell: `12,00 $`.
    pub(super) currency: Option<Currency>,
    body: Body,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Body {
    /// Digits with a point: clear. The sign that parted the kopecks, where there was one.
    Clear(String, Option<DecimalSign>),
    /// One sign and three digits after it: thousands, or a fraction of three digits.
    Either {
        whole: String,
        after: String,
        sign: DecimalSign,
    },
}

impl Written {
    pub(super) fn parse(text: &str) -> Option<Self> {
        let (text, currency) = without_currency(text.trim());
        let (text, sign) = without_sign(text)?;
        let (text, inner) = without_currency(text);
        let body = body(text)?;
        Some(Self {
            sign,
            currency: currency.or(inner),
            body,
        })
    }

    /// A number of a workbook: its text is a decimal with a point.
    pub(super) fn of_number(text: &str) -> Option<Self> {
        let decimal = Decimal::parse(text)?.meant();
        let sign = if decimal.negative { Sign::Minus } else { Sign::Bare };
        let plain = decimal.plain();
        let digits = plain.trim_start_matches('-').to_owned();
        Some(Self {
            sign,
            currency: None,
            body: Body::Clear(digits, None),
        })
    }

    /// What this cell says of its column.
    pub(super) fn evidence(&self) -> Option<DecimalSign> {
        match &self.body {
            Body::Clear(_, sign) => *sign,
            Body::Either { .. } => None,
        }
    }

    pub(super) fn is_ambiguous(&self) -> bool {
        matches!(self.body, Body::Either { .. })
    }

    /// Without its sign. `None`: ambiguous still, more digits than the currency has, or too large.
    pub(super) fn money(&self, decimal: DecimalSign, currency: Currency) -> Option<Money> {
        let plain = match &self.body {
            Body::Clear(_, Some(sign)) if decimal != DecimalSign::Open && *sign != decimal => return None,
            Body::Clear(plain, _) => plain.clone(),
            Body::Either { .. } if decimal == DecimalSign::Open => return None,
            Body::Either { whole, after, sign } if *sign == decimal => format!("{whole}.{after}"),
            Body::Either { whole, after, .. } => format!("{whole}{after}"),
        };
        Money::parse(&plain, currency).ok()
    }

    pub(super) fn is_zero(&self) -> bool {
        let zeros = |text: &str| text.bytes().all(|byte| matches!(byte, b'0' | b'.'));
        match &self.body {
            Body::Clear(plain, _) => zeros(plain),
            Body::Either { whole, after, .. } => zeros(whole) && zeros(after),
        }
    }
}

/// Signs and words of currencies before or after a sum.
const CURRENCIES: [(&str, &str); 14] = [
    ("₽", "RUB"),
    ("рублей", "RUB"),
    ("руб.", "RUB"),
    ("руб", "RUB"),
    ("р.", "RUB"),
    ("rub", "RUB"),
    ("rur", "RUB"),
    ("$", "USD"),
    ("usd", "USD"),
    ("€", "EUR"),
    ("eur", "EUR"),
    ("¥", "CNY"),
    ("cny", "CNY"),
    ("₸", "KZT"),
];

fn without_currency(text: &str) -> (&str, Option<Currency>) {
    let lower = text.to_lowercase();
    if lower.len() != text.len() {
        return (text, None);
    }
    for (word, code) in CURRENCIES {
        let currency = || Currency::parse(code).ok();
        if lower.ends_with(word) {
            return (trimmed(&text[..text.len() - word.len()]), currency());
        }
        if lower.starts_with(word) {
            return (trimmed(&text[word.len()..]), currency());
        }
    }
    (text, None)
}

fn trimmed(text: &str) -> &str {
    text.trim_matches(|letter: char| letter.is_whitespace())
}

fn without_sign(text: &str) -> Option<(&str, Sign)> {
    const MINUS: [char; 4] = ['-', '−', '–', '—'];
    if let Some(inner) = text.strip_prefix('(') {
        return Some((trimmed(inner.strip_suffix(')')?), Sign::Minus));
    }
    if let Some(rest) = text.strip_prefix(MINUS) {
        return Some((trimmed(rest), Sign::Minus));
    }
    if let Some(rest) = text.strip_prefix('+') {
        return Some((trimmed(rest), Sign::Plus));
    }
    if let Some(rest) = text.strip_suffix(MINUS) {
        return Some((trimmed(rest), Sign::Minus));
    }
    Some(
        text.strip_suffix('+')
            .map_or((text, Sign::Bare), |rest| (trimmed(rest), Sign::Plus)),
    )
}

fn is_space(letter: char) -> bool {
    matches!(
        letter,
        ' ' | '\u{a0}' | '\u{202f}' | '\u{2009}' | '\u{2007}' | '\'' | '’' | '`'
    )
}

fn body(text: &str) -> Option<Body> {
    let known = |letter: char| letter.is_ascii_digit() || matches!(letter, '.' | ',' | '-') || is_space(letter);
    if !text.starts_with(|letter: char| letter.is_ascii_digit()) || !text.chars().all(known) {
        return None;
    }
    // `65624-00`: a hyphen before exactly two digits of kopecks.
    if let Some((whole, kopecks)) = text.split_once('-') {
        let fits = kopecks.len() == 2 && kopecks.bytes().all(|byte| byte.is_ascii_digit());
        let whole = grouped(whole, is_space)?;
        return fits.then(|| Body::Clear(format!("{whole}.{kopecks}"), None));
    }
    let (points, commas) = (text.matches('.').count(), text.matches(',').count());
    let Some(at) = text.rfind(['.', ',']) else {
        return Some(Body::Clear(grouped(text, is_space)?, None));
    };
    let (whole, after) = (&text[..at], &text[at + 1..]);
    let last = if text[at..].starts_with(',') { ',' } else { '.' };
    let sign = DecimalSign::of(last);
    let after_is_digits = !after.is_empty() && after.bytes().all(|byte| byte.is_ascii_digit());
    match (points, commas) {
        (1, 0) | (0, 1) if after_is_digits => {
            let bare = whole.bytes().all(|byte| byte.is_ascii_digit());
            let plain = grouped(whole, is_space)?;
            if bare && after.len() == 3 && whole.len() <= 3 && whole != "0" {
                return Some(Body::Either {
                    whole: plain,
                    after: after.to_owned(),
                    sign,
                });
            }
            Some(Body::Clear(format!("{plain}.{after}"), Some(sign)))
        }
        // Only one kind, and often: thousands.
        (_, 0) | (0, _) if points + commas > 1 => {
            let plain = grouped(text, |letter| letter == last)?;
            Some(Body::Clear(plain, Some(sign.other())))
        }
        _ if after_is_digits && text.matches(last).count() == 1 => {
            let other = if last == ',' { '.' } else { ',' };
            let plain = grouped(whole, |letter| letter == other)?;
            Some(Body::Clear(format!("{plain}.{after}"), Some(sign)))
        }
        _ => None,
    }
}

/// Digits in groups of three, or in none.
fn grouped(text: &str, parts: impl Fn(char) -> bool) -> Option<String> {
    let groups: Vec<&str> = text.split(&parts).collect();
    let digits = |group: &str| !group.is_empty() && group.bytes().all(|byte| byte.is_ascii_digit());
    let by_three = match groups.as_slice() {
        [_] => true,
        [first, rest @ ..] => first.len() <= 3 && rest.iter().all(|group| group.len() == 3),
        [] => false,
    };
    (by_three && groups.iter().all(|group| digits(group))).then(|| groups.concat())
}

/// What the cells of all sum columns say together.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Evidence {
    comma: u64,
    point: u64,
    ambiguous: u64,
}

impl Evidence {
    pub(super) fn see(&mut self, written: &Written) {
        match written.evidence() {
            Some(DecimalSign::Comma) => self.comma += 1,
            Some(DecimalSign::Point) => self.point += 1,
            Some(DecimalSign::Open) | None => self.ambiguous += u64::from(written.is_ambiguous()),
        }
    }

    pub(super) fn sign(self) -> DecimalSign {
        match (self.comma, self.point) {
            (1.., 0) => DecimalSign::Comma,
            (0, 1..) => DecimalSign::Point,
            _ => DecimalSign::Open,
        }
    }

    /// Cells that could be thousands or thousandths, and nothing in the file says which.
    pub(super) fn is_doubtful(self) -> bool {
        self.ambiguous > 0 && self.sign() == DecimalSign::Open
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn minor(text: &str, decimal: DecimalSign) -> Option<i64> {
        let written = Written::parse(text)?;
        let money = written.money(decimal, Currency::RUB)?;
        Some(if written.sign == Sign::Minus {
            -money.minor()
        } else {
            money.minor()
        })
    }

    #[test]
    fn a_sum_is_whole_with_its_kopecks() {
        for (text, sign, whole) in [
            ("100,00", DecimalSign::Comma, true),
            ("(1 234,56)", DecimalSign::Comma, true),
            ("1,00-", DecimalSign::Comma, true),
            ("1,00 ₽", DecimalSign::Comma, true),
            ("1.23", DecimalSign::Comma, false),
            ("1.23", DecimalSign::Point, true),
            ("1.23", DecimalSign::Open, true),
            ("-1", DecimalSign::Comma, false),
            ("100,0", DecimalSign::Comma, false),
            (",50", DecimalSign::Comma, false),
            ("", DecimalSign::Open, false),
        ] {
            assert_eq!(sign.ends_with_kopecks(text), whole, "{text}");
        }
    }

    #[test]
    fn sums_that_are_clear_by_themselves() {
        for (text, expected) in [
            ("1234.56", 123_456),
            ("1234,56", 123_456),
            ("1 234,56", 123_456),
            ("1\u{a0}234\u{a0}567,5", 123_456_750),
            ("1\u{202f}234,56", 123_456),
            ("1.234,56", 123_456),
            ("1,234.56", 123_456),
            ("1,234,567", 123_456_700),
            ("1'234.50", 123_450),
            ("(1 234,56)", -123_456),
            ("-5", -500),
            ("−5,00", -500),
            ("5,00-", -500),
            ("+5", 500),
            ("1 234,56 ₽", 123_456),
            ("-1 234,56 руб.", -123_456),
            ("65624-00", 6_562_400),
            ("0.500", 50),
            ("0", 0),
        ] {
            assert_eq!(minor(text, DecimalSign::Open), Some(expected), "{text}");
        }
        for text in [
            "",
            "-",
            "1.",
            ".5",
            "1 23",
            "12 34,00",
            "1,23,456.00",
            "1.234.56",
            "12O0",
            "1e5",
            "--5",
            "(5",
            "5)",
            "1,234.567,8",
            "+-5",
            "01.03.2025",
            "99999999999999999999",
        ] {
            assert_eq!(minor(text, DecimalSign::Open), None, "{text}");
        }
        assert_eq!(Written::parse("12 $").unwrap().currency, Currency::parse("USD").ok());
    }

    #[test]
    fn thousands_and_thousandths_are_told_by_the_column_or_not_at_all() {
        assert_eq!(minor("1.234", DecimalSign::Open), None);
        assert_eq!(minor("1.234", DecimalSign::Comma), Some(123_400));
        assert_eq!(minor("1.234", DecimalSign::Point), None, "no kopecks of three digits");
        assert_eq!(minor("1.230", DecimalSign::Point), Some(123));
        assert_eq!(
            minor("1.50", DecimalSign::Comma),
            None,
            "contradicts what the column was found to be"
        );
        let mut evidence = Evidence::default();
        evidence.see(&Written::parse("1.234").unwrap());
        assert!(evidence.is_doubtful());
        evidence.see(&Written::parse("7,50").unwrap());
        assert!(!evidence.is_doubtful());
        assert_eq!(evidence.sign(), DecimalSign::Comma);
    }
}
