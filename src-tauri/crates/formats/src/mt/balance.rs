//! The grammar of balances (`:60F:`, `:62F:`) and of the sums of an interim report (`:90D:`).

use chrono::NaiveDate;
use domain::{Currency, Money};

use super::value;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Balance {
    /// Negative where overdrawn.
    pub(super) money: Money,
    pub(super) date: NaiveDate,
    /// The day is not in the calendar; see [`value::Day`].
    pub(super) clamped: bool,
    /// It names no currency: that of the statement was taken.
    pub(super) unnamed_currency: bool,
}

/// `C240703RUB1234,50`. `known`: the statement's currency, for banks that leave it out.
pub(super) fn parse(text: &str, known: Option<Currency>) -> Option<Balance> {
    let bytes = text.trim().as_bytes();
    let (mark, rest) = bytes.split_first()?;
    let negative = match mark {
        b'C' | b'c' => false,
        b'D' | b'd' => true,
        _ => return None,
    };
    let day = value::day(rest.get(..6)?)?;
    let rest = rest.get(6..)?.trim_ascii_start();
    let letters = rest
        .get(..3)
        .filter(|letters| letters.iter().all(u8::is_ascii_alphabetic));
    let (currency, sum) = match letters {
        Some(letters) => (Currency::parse(std::str::from_utf8(letters).ok()?).ok()?, &rest[3..]),
        None => {
            let known = known?;
            // The number of the currency, which would make the sum a thousand times larger; or a sum that begins so.
            let code = rest.get(..3).and_then(|code| std::str::from_utf8(code).ok())?;
            if Currency::of_account(&format!("00000{code}")) == Some(known) {
                return None;
            }
            (known, rest)
        }
    };
    let amount = value::amount(sum.trim_ascii(), currency)?;
    Some(Balance {
        money: if negative { amount.checked_neg().ok()? } else { amount },
        date: day.date,
        clamped: day.clamped,
        unnamed_currency: letters.is_none(),
    })
}

/// `2RUB1234,50`: how many entries, and their sum.
pub(super) fn sum(text: &str) -> Option<(u64, Money)> {
    let text = text.trim();
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let (count, rest) = text.split_at_checked(digits)?;
    let currency = Currency::parse(rest.get(..3)?).ok()?;
    let money = value::amount(rest.get(3..)?.trim().as_bytes(), currency)?;
    Some((count.parse().ok()?, money))
}

/// `RUBD0,` names its currency first.
pub(super) fn floor_currency(text: &str) -> Option<Currency> {
    Currency::parse(text.trim().get(..3)?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn balances_and_their_signs() {
        let minor = |text: &str| parse(text, None).map(|balance| balance.money.minor());
        assert_eq!(minor("C231109RUR999,90"), Some(99_990));
        assert_eq!(
            parse("C231109RUR1,", None).map(|it| it.money.currency()),
            Some(Currency::RUB)
        );
        assert_eq!(minor("D070904EUR1237628,23"), Some(-123_762_823));
        assert_eq!(minor(" C031002PLN40000,00 "), Some(4_000_000));
        assert_eq!(parse("C020315105000,00", None), None);
        let unnamed = parse("C020315105000,00", Some(Currency::RUB));
        assert_eq!(
            unnamed.map(|it| (it.money.minor(), it.unnamed_currency)),
            Some((10_500_000, true))
        );
        for text in [
            "",
            "C",
            "X240703RUB1,",
            "C141387INR11",
            "C240703INR11 27421,94",
            "Dnullnull7414,3",
            "C240703RUB",
        ] {
            assert_eq!(minor(text), None, "{text}");
        }
        for text in ["C2407018101000,00", "C2407016431000,00", "C240701810,00"] {
            assert_eq!(
                parse(text, Some(Currency::RUB)),
                None,
                "{text}: the number of the rouble?"
            );
        }
        assert_eq!(parse("C021131EUR1,", None).map(|it| it.clamped), Some(true));
    }

    #[test]
    fn sums_of_an_interim_report() {
        assert_eq!(
            sum("2NZD5020,").map(|(count, money)| (count, money.minor())),
            Some((2, 502_000))
        );
        assert_eq!(sum("EUR1"), None);
        assert_eq!(
            floor_currency("EURD0,00").map(|it| it.code().to_owned()),
            Some("EUR".to_owned())
        );
        assert_eq!(floor_currency("я"), None);
    }
}
