//! Sums as people write them, in minor units: «15 000,00», «15000-00», «15000=00», «1.234.567,89», «24166 руб. 67 коп.».

use std::borrow::Cow;

use super::{
    shapes::is_digits,
    tokens::{TokenKind, Tokens},
    words,
};

/// Groups of three after the first digits: enough for any sum that can be counted here.
const GROUPS_MAX: usize = 5;

/// What about a sum says that it is one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sign {
    /// Nothing: digits only.
    None,
    /// Groups of three digits.
    Groups,
    /// Kopecks after this mark.
    Kopecks(char),
    /// «руб.», «р.», «коп.».
    Word,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sum {
    /// The last token of it.
    pub last: usize,
    pub minor: i64,
    pub sign: Sign,
}

/// A sum that begins with the token at `at`, if that may be one.
pub fn sum_at(tokens: &Tokens, at: usize) -> Option<Sum> {
    let mut end = at;
    let mut written = Cow::Borrowed(tokens.text(at));
    let mut grouped = false;
    while end - at < GROUPS_MAX
        && let Some(group) = next_group(tokens, at, end)
    {
        written.to_mut().push_str(group);
        end += 1;
        grouped = true;
        if !is_digits(group) {
            break;
        }
    }
    if tokens.mark_at(end + 1) == Some('=')
        && tokens.is_beside(end, end + 1)
        && is_digits(&written)
        && is_digits(tokens.text(end + 2))
        && tokens.text(end + 2).len() == 2
    {
        written.to_mut().push('=');
        written.to_mut().push_str(tokens.text(end + 2));
        end += 2;
    }
    let amount = parse(&written)?;
    let sign = amount
        .mark
        .map_or(if grouped { Sign::Groups } else { Sign::None }, Sign::Kopecks);
    let mut sum = Sum {
        last: end,
        minor: amount.minor,
        sign,
    };
    if amount.worded || tokens.word_at(end + 1).is_some_and(words::is_money_word) {
        sum.sign = Sign::Word;
    }
    if let Some((last, kopecks)) = kopecks_after(tokens, end, amount.worded).filter(|_| amount.mark.is_none()) {
        sum.last = last;
        sum.minor = sum.minor.checked_add(kopecks)?;
    }
    Some(sum)
}

/// The group of three digits after `end`, one space further.
fn next_group<'a>(tokens: &'a Tokens<'_>, at: usize, end: usize) -> Option<&'a str> {
    let first = tokens.text(at);
    if !is_digits(first) || first.len() > 3 || tokens.kind_at(end + 1) != Some(TokenKind::Number) {
        return None;
    }
    let group = tokens.text(end + 1);
    let whole = group.get(..3).is_some_and(is_digits);
    let rest = group.get(3..).unwrap_or_default();
    let fits = rest.is_empty() || (rest.len() == 3 && parse(group).is_some_and(|amount| amount.mark.is_some()));
    (whole && fits && tokens.gap(end, end + 1) == Some(1)).then_some(group)
}

/// «руб. 67 коп.» after the whole roubles that end at `end`.
fn kopecks_after(tokens: &Tokens, end: usize, worded: bool) -> Option<(usize, i64)> {
    let mut at = end + 1;
    if !worded {
        tokens.word_at(at).filter(|word| words::is_rouble_word(word))?;
        at += 1;
    }
    if matches!(tokens.mark_at(at), Some('.' | ',')) {
        at += 1;
    }
    let text = tokens.text(at);
    let (digits, last) = match text.strip_suffix("коп").or_else(|| text.strip_suffix('к')) {
        Some(digits) => (digits, at),
        None => {
            tokens
                .word_at(at + 1)
                .filter(|word| word.starts_with("коп") || *word == "к")?;
            (text, at)
        }
    };
    let kopecks = (is_digits(digits) && digits.len() <= 2)
        .then(|| digits.parse().ok())
        .flatten()?;
    Some((last, kopecks))
}

/// The minor units of a text that is nothing but an amount.
pub fn amount(text: &str) -> Option<i64> {
    parse(text).map(|amount| amount.minor)
}

struct Amount {
    minor: i64,
    mark: Option<char>,
    worded: bool,
}

/// One token as an amount: digits, groups of three parted by one mark, two digits of kopecks after another.
fn parse(text: &str) -> Option<Amount> {
    let bare = ["руб", "р", "тр"]
        .iter()
        .find_map(|word| text.strip_suffix(word))
        .filter(|bare| !bare.is_empty());
    let (text, worded) = (bare.unwrap_or(text), bare.is_some());
    let mark_at = text.len().checked_sub(3).filter(|at| *at > 0);
    let mark = mark_at
        .and_then(|at| text.get(at..))
        .filter(|tail| tail.get(1..).is_some_and(is_digits))
        .and_then(|tail| tail.chars().next())
        .filter(|mark| matches!(mark, '.' | ',' | '-' | '='));
    let (whole, kopecks) = match (mark, mark_at) {
        (Some(_), Some(at)) => (text.get(..at)?, text.get(at + 1..)?.parse().ok()?),
        _ => (text, 0),
    };
    let grouped = || {
        let mut groups = whole.split(['.', ',', '\'', '’']);
        let first = groups.next().is_some_and(|first| is_digits(first) && first.len() <= 3);
        first && groups.all(|group| is_digits(group) && group.len() == 3)
    };
    if !is_digits(whole) && !grouped() {
        return None;
    }
    let major = whole.bytes().filter(u8::is_ascii_digit).try_fold(0_i64, |sum, digit| {
        sum.checked_mul(10)?.checked_add(i64::from(digit - b'0'))
    })?;
    let minor = major.checked_mul(100)?.checked_add(kopecks)?;
    Some(Amount { minor, mark, worded })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sum(text: &str) -> Option<(i64, Sign)> {
        sum_at(&Tokens::cut(text), 0).map(|sum| (sum.minor, sum.sign))
    }

    #[test]
    fn sums_in_their_writings() {
        for (text, minor, sign) in [
            ("15000", 1_500_000, Sign::None),
            ("15000.00", 1_500_000, Sign::Kopecks('.')),
            ("15000,05", 1_500_005, Sign::Kopecks(',')),
            ("15000-50", 1_500_050, Sign::Kopecks('-')),
            ("15000=50", 1_500_050, Sign::Kopecks('=')),
            ("15 000,50", 1_500_050, Sign::Kopecks(',')),
            ("15 000", 1_500_000, Sign::Groups),
            ("1 234 567-89", 123_456_789, Sign::Kopecks('-')),
            ("1 234 567=89", 123_456_789, Sign::Kopecks('=')),
            ("1.234.567,89", 123_456_789, Sign::Kopecks(',')),
            ("1'234'567.89", 123_456_789, Sign::Kopecks('.')),
            ("15000 руб.", 1_500_000, Sign::Word),
            ("15000руб", 1_500_000, Sign::Word),
            ("15000р.", 1_500_000, Sign::Word),
            ("24166 руб. 67 коп.", 2_416_667, Sign::Word),
            ("24166 руб 67коп", 2_416_667, Sign::Word),
            ("24166.67 руб.", 2_416_667, Sign::Word),
        ] {
            assert_eq!(sum(text), Some((minor, sign)), "{text}");
        }
        for text in ["сч145", "145а", "12.03.2025", "99999999999999999999", "-00", ""] {
            assert_eq!(sum(text), None, "{text}");
        }
    }
}
