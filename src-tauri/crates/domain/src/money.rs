//! Exact money: a whole number of minor units and a currency. No floats, no silent overflow.

use std::{cmp::Ordering, fmt};

use serde::{Deserialize, Serialize};

use crate::text::Text;

/// A currency by its ISO 4217 letters. `RUR`, the code from before 1998 that banks still write, becomes `RUB`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct Currency([u8; 3]);

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("«{0}» is not a currency: three Latin letters of ISO 4217 are expected")]
pub struct InvalidCurrency(pub String);

impl Currency {
    pub const RUB: Self = Self(*b"RUB");

    /// # Errors
    /// Anything but three Latin letters.
    pub fn parse(text: &str) -> Result<Self, InvalidCurrency> {
        let letters: [u8; 3] = text
            .trim()
            .as_bytes()
            .try_into()
            .map_err(|_| InvalidCurrency(text.to_owned()))?;
        if !letters.iter().all(u8::is_ascii_alphabetic) {
            return Err(InvalidCurrency(text.to_owned()));
        }
        let letters = letters.map(|letter| letter.to_ascii_uppercase());
        Ok(if &letters == b"RUR" { Self::RUB } else { Self(letters) })
    }

    /// The currency that characters 6 to 8 of a Russian account number name (Bank of Russia, 579-П: `810` is the
    /// rouble; `643` is its ISO number). `None` for a code this program does not know.
    #[must_use]
    pub fn of_account(account: &str) -> Option<Self> {
        let letters = match account.get(5..8)? {
            "810" | "643" => b"RUB",
            "840" => b"USD",
            "978" => b"EUR",
            "156" => b"CNY",
            "398" => b"KZT",
            "933" => b"BYN",
            "051" => b"AMD",
            "417" => b"KGS",
            "860" => b"UZS",
            "981" => b"GEL",
            "944" => b"AZN",
            "949" => b"TRY",
            "784" => b"AED",
            "826" => b"GBP",
            "756" => b"CHF",
            "392" => b"JPY",
            _ => return None,
        };
        Some(Self(*letters))
    }

    /// Digits after the point (ISO 4217): 2 for nearly all, 0 for JPY, 3 for KWD and its like.
    #[must_use]
    pub fn minor_digits(self) -> u32 {
        match &self.0 {
            b"JPY" | b"KRW" | b"VND" | b"CLP" | b"ISK" | b"UGX" | b"XAF" | b"XOF" | b"XPF" | b"PYG" => 0,
            b"KWD" | b"BHD" | b"OMR" | b"JOD" | b"TND" | b"IQD" | b"LYD" => 3,
            _ => 2,
        }
    }

    #[must_use]
    pub fn code(&self) -> &str {
        // Only ASCII letters get in.
        std::str::from_utf8(&self.0).unwrap_or("XXX")
    }
}

impl fmt::Debug for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl fmt::Display for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl From<Currency> for String {
    fn from(currency: Currency) -> Self {
        currency.code().to_owned()
    }
}

impl TryFrom<String> for Currency {
    type Error = InvalidCurrency;
    fn try_from(text: String) -> Result<Self, InvalidCurrency> {
        Self::parse(&text)
    }
}

/// A sum in one currency, in minor units (kopecks). Range: ±92 quadrillion roubles.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Money {
    minor: i64,
    currency: Currency,
}

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum MoneyError {
    #[error("«{0}» is not a sum: digits, and after a point at most {1} more")]
    NotASum(String, u32),
    #[error("the sum does not fit: more than 92 quadrillion")]
    Overflow,
    #[error("{0} and {1} cannot be added: different currencies")]
    CurrencyMismatch(Currency, Currency),
}

impl Money {
    #[must_use]
    pub const fn from_minor(minor: i64, currency: Currency) -> Self {
        Self { minor, currency }
    }

    #[must_use]
    pub const fn zero(currency: Currency) -> Self {
        Self { minor: 0, currency }
    }

    #[must_use]
    pub const fn minor(self) -> i64 {
        self.minor
    }

    #[must_use]
    pub const fn currency(self) -> Currency {
        self.currency
    }

    #[must_use]
    pub const fn is_zero(self) -> bool {
        self.minor == 0
    }

    #[must_use]
    pub const fn is_positive(self) -> bool {
        self.minor > 0
    }

    #[must_use]
    pub const fn is_negative(self) -> bool {
        self.minor < 0
    }

    /// Reads a decimal as programs write it: `-?digits[.digits]`, a point, no spaces. The many ways banks write sums
    /// are the readers' business.
    ///
    /// # Errors
    /// Anything else; more digits after the point than the currency has (zeros excepted); a sum that does not fit.
    pub fn parse(text: &str, currency: Currency) -> Result<Self, MoneyError> {
        let refused = || MoneyError::NotASum(text.to_owned(), currency.minor_digits());
        let (negative, digits) = text.strip_prefix('-').map_or((false, text), |rest| (true, rest));
        let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
        if whole.is_empty()
            || !whole.bytes().chain(fraction.bytes()).all(|byte| byte.is_ascii_digit())
            || (fraction.is_empty() && digits.contains('.'))
        {
            return Err(refused());
        }
        let places = currency.minor_digits() as usize;
        let (kept, beyond) = fraction.split_at(fraction.len().min(places));
        if beyond.bytes().any(|byte| byte != b'0') {
            return Err(refused());
        }
        let mut minor: i64 = 0;
        let padding = std::iter::repeat_n(b'0', places - kept.len());
        for digit in whole.bytes().chain(kept.bytes()).chain(padding) {
            // Built as a negative number, whose range is the larger one.
            minor = minor
                .checked_mul(10)
                .and_then(|sum| sum.checked_sub(i64::from(digit - b'0')))
                .ok_or(MoneyError::Overflow)?;
        }
        let minor = if negative {
            minor
        } else {
            minor.checked_neg().ok_or(MoneyError::Overflow)?
        };
        Ok(Self { minor, currency })
    }

    /// # Errors
    /// Different currencies; a sum that does not fit.
    pub fn checked_add(self, other: Self) -> Result<Self, MoneyError> {
        self.with(other, i64::checked_add)
    }

    /// # Errors
    /// Different currencies; a difference that does not fit.
    pub fn checked_sub(self, other: Self) -> Result<Self, MoneyError> {
        self.with(other, i64::checked_sub)
    }

    /// # Errors
    /// Only the smallest number has no opposite.
    pub fn checked_neg(self) -> Result<Self, MoneyError> {
        let minor = self.minor.checked_neg().ok_or(MoneyError::Overflow)?;
        Ok(Self { minor, ..self })
    }

    fn with(self, other: Self, operation: fn(i64, i64) -> Option<i64>) -> Result<Self, MoneyError> {
        if self.currency != other.currency {
            return Err(MoneyError::CurrencyMismatch(self.currency, other.currency));
        }
        let minor = operation(self.minor, other.minor).ok_or(MoneyError::Overflow)?;
        Ok(Self { minor, ..self })
    }

    /// The machine's form: a point and as many digits after it as the currency has: `-1200.00`.
    #[must_use]
    pub fn decimal(self) -> String {
        /// No sum has more: nineteen digits, a sign and a point.
        const DECIMAL_BYTES: usize = 21;
        let places = self.currency.minor_digits();
        let sign = if self.minor < 0 { "-" } else { "" };
        let units = self.minor.unsigned_abs();
        if places == 0 {
            return format!("{sign}{units}");
        }
        let mut text = String::with_capacity(DECIMAL_BYTES);
        text.push_str(sign);
        text.push_str(&(units / 10u64.pow(places)).to_string());
        text.push('.');
        let fraction = (0..places).rev().map(|place| units / 10u64.pow(place) % 10);
        text.extend(fraction.filter_map(|digit| char::from_digit(u32::try_from(digit).ok()?, 10)));
        text
    }
}

impl Money {
    /// As people read it: `1 234,50 ₽` in Russian, `1,234.50 RUB` in English, with spaces that do not break.
    #[must_use]
    pub fn text(self) -> Text {
        let decimal = self.decimal();
        let code = self.currency.code();
        let sign = if self.currency == Currency::RUB { "₽" } else { code };
        Text::new(
            format!("{}\u{a0}{sign}", grouped(&decimal, '\u{a0}', ',')),
            format!("{}\u{a0}{code}", grouped(&decimal, ',', '.')),
        )
    }
}

fn grouped(decimal: &str, thousands: char, point: char) -> String {
    let (whole, fraction) = decimal.split_once('.').unwrap_or((decimal, ""));
    let (minus, digits) = whole.strip_prefix('-').map_or(("", whole), |digits| ("−", digits));
    let mut shown = String::from(minus);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at) % 3 == 0 {
            shown.push(thousands);
        }
        shown.push(digit);
    }
    if !fraction.is_empty() {
        shown.push(point);
        shown.push_str(fraction);
    }
    shown
}

/// Sums of different currencies have no order.
impl PartialOrd for Money {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        (self.currency == other.currency).then(|| self.minor.cmp(&other.minor))
    }
}

impl fmt::Debug for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.decimal(), self.currency)
    }
}

impl fmt::Display for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.decimal(), self.currency)
    }
}
