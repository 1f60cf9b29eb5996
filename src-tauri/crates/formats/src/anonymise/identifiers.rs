//! Accounts, INN and KPP of other people in place of those of a file: of the same length and kind, and with control digits
//! that agree exactly where they agreed before.

use domain::{AccountNumber, Bik, Inn};
use fastrand::Rng;

use super::invent::Invention;

/// The balance account and the currency: what a Russian account number says before its control key.
const ACCOUNT_PREFIX: usize = 8;
/// Correspondent accounts end with the last digits of the bank's BIK.
const CORRESPONDENT_TAIL: usize = 3;

fn digit(random: &mut Rng) -> char {
    char::from(b'0' + random.u8(..10))
}

fn digits(count: usize, random: &mut Rng) -> String {
    (0..count).map(|_| digit(random)).collect()
}

fn is_digits(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_digit())
}

/// Whether the control key agrees with the bank, as an account of a customer or of the bank itself.
pub(super) fn key_agrees(account: &str, bik: &str) -> bool {
    let Ok(bik) = Bik::parse(bik) else { return false };
    AccountNumber::parse(account, &bik).is_ok() || AccountNumber::parse_correspondent(account, &bik).is_ok()
}

/// `bik` is the bank it was seen beside. `account` has no blanks.
pub(super) fn account(account: &str, bik: Option<&str>, invention: &mut Invention) -> String {
    if account.is_ascii() && account.len() == 20 && is_digits(&account[ACCOUNT_PREFIX..]) {
        return account_of_20(account, bik, invention);
    }
    if is_iban(account) {
        return iban(account, invention);
    }
    identifier(account, ACCOUNT_PREFIX.min(account.chars().count() / 2), invention)
}

fn account_of_20(account: &str, bik: Option<&str>, invention: &mut Invention) -> String {
    let prefix = &account[..ACCOUNT_PREFIX];
    let tail = if account.starts_with("301") {
        &account[20 - CORRESPONDENT_TAIL..]
    } else {
        ""
    };
    let agreed = bik.is_some_and(|bik| key_agrees(account, bik));
    let throw = |random: &mut Rng| {
        let body = digits(20 - ACCOUNT_PREFIX - 1 - tail.len(), random);
        let start = random.u8(..10);
        let mut keyed = String::new();
        for key in 0..10 {
            keyed = format!("{prefix}{}{body}{tail}", (start + key) % 10);
            if bik.is_none_or(|bik| key_agrees(&keyed, bik) == agreed) {
                break;
            }
        }
        keyed
    };
    let fits = |invented: &str| invented != account && bik.is_none_or(|bik| key_agrees(invented, bik) == agreed);
    invention.fresh(throw, fits).unwrap_or_else(|| account.to_owned())
}

pub(super) fn is_iban(text: &str) -> bool {
    let bytes = text.as_bytes();
    (15..=34).contains(&bytes.len())
        && bytes[..2].iter().all(u8::is_ascii_uppercase)
        && bytes[2..4].iter().all(u8::is_ascii_digit)
        && bytes[4..].iter().all(u8::is_ascii_alphanumeric)
}

pub(super) fn is_valid_iban(text: &str) -> bool {
    is_iban(text) && iban_remainder(text) == 1
}

/// ISO 13616: the remainder by 97 of the number with its first four characters at the end.
fn iban_remainder(iban: &str) -> u32 {
    let moved = iban[4..].chars().chain(iban[..4].chars());
    moved.fold(0, |rest, character| match character.to_digit(36) {
        Some(value @ 0..=9) => (rest * 10 + value) % 97,
        Some(value) => (rest * 100 + value) % 97,
        None => rest,
    })
}

fn iban(iban: &str, invention: &mut Invention) -> String {
    let agreed = iban_remainder(iban) == 1;
    let throw = |random: &mut Rng| {
        let body: String = iban[4..]
            .chars()
            .enumerate()
            .map(|(at, original)| if at < 4 { original } else { like(original, random) })
            .collect();
        let bare = format!("{}00{body}", &iban[..2]);
        let check = 98 - iban_remainder(&bare);
        let check = if agreed { check } else { (check + 1) % 97 };
        format!("{}{check:02}{body}", &iban[..2])
    };
    invention
        .fresh(throw, |invented| invented != iban)
        .unwrap_or_else(|| iban.to_owned())
}

/// A digit for a digit, a letter for a letter.
fn like(original: char, random: &mut Rng) -> char {
    match original {
        '0'..='9' => digit(random),
        'A'..='Z' => char::from(b'A' + random.u8(..26)),
        'a'..='z' => char::from(b'a' + random.u8(..26)),
        other => other,
    }
}

/// Any other sign of somebody; the first `kept` characters stay.
pub(super) fn identifier(text: &str, kept: usize, invention: &mut Invention) -> String {
    let throw = |random: &mut Rng| -> String {
        let one = |(at, original): (usize, char)| if at < kept { original } else { like(original, random) };
        text.chars().enumerate().map(one).collect()
    };
    invention
        .fresh(throw, |invented| invented != text)
        .unwrap_or_else(|| text.to_owned())
}

/// Ten or twelve digits.
pub(super) fn inn(inn: &str, invention: &mut Invention) -> String {
    let agreed = Inn::parse(inn).is_ok();
    let controls = if inn.len() == 12 { 2 } else { 1 };
    let throw = |random: &mut Rng| {
        let body = format!("{}{}", 1 + random.u8(..9), digits(inn.len() - 1 - controls, random));
        let all = 10_u32.pow(u32::try_from(controls).unwrap_or(1));
        let start = random.u32(..all);
        let with = |step: u32| format!("{body}{:0controls$}", (start + step) % all);
        (0..all)
            .map(with)
            .find(|inn| Inn::parse(inn).is_ok() == agreed)
            .unwrap_or(body)
    };
    invention
        .fresh(throw, |invented| invented != inn)
        .unwrap_or_else(|| inn.to_owned())
}

/// Nine characters: the middle two, which say why it is registered there, stay.
pub(super) fn kpp(kpp: &str, invention: &mut Invention) -> String {
    let throw = |random: &mut Rng| {
        format!(
            "{}{}{}{}",
            1 + random.u8(..9),
            digits(3, random),
            &kpp[4..6],
            digits(3, random)
        )
    };
    invention
        .fresh(throw, |invented| invented != kpp)
        .unwrap_or_else(|| kpp.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn control_digits_agree_where_they_did() {
        let mut invention = Invention::new(1);
        for (original, valid) in [
            ("7812345675", Inn::parse("7812345675").is_ok()),
            ("325502595143", Inn::parse("325502595143").is_ok()),
            ("7812345670", Inn::parse("7812345670").is_ok()),
            ("325502595140", Inn::parse("325502595140").is_ok()),
        ] {
            for _ in 0..50 {
                let invented = inn(original, &mut invention);
                assert_eq!(
                    (invented.len(), Inn::parse(&invented).is_ok()),
                    (original.len(), valid),
                    "{invented}"
                );
            }
        }
        assert!(Inn::parse("7812345675").is_ok() && Inn::parse("7812345670").is_err());
    }

    #[test]
    fn accounts_keep_what_they_say_and_their_key() {
        let mut invention = Invention::new(1);
        let bik = "044525974";
        let valid = (0..10)
            .map(|key| format!("40702810{key}00000000101"))
            .find(|it| key_agrees(it, bik))
            .unwrap();
        let broken = (0..10)
            .map(|key| format!("40702810{key}00000000101"))
            .find(|it| !key_agrees(it, bik))
            .unwrap();
        for _ in 0..50 {
            let invented = account(&valid, Some(bik), &mut invention);
            assert!(invented.starts_with("40702810") && invented != valid && key_agrees(&invented, bik));
            assert!(!key_agrees(&account(&broken, Some(bik), &mut invention), bik));
            let correspondent = account("30101810100000000974", Some(bik), &mut invention);
            assert!(correspondent.starts_with("30101810") && correspondent.ends_with("974"));
        }
        assert_eq!(account(&valid, None, &mut invention).len(), 20);
    }

    #[test]
    fn other_numbers_keep_their_shape() {
        let mut invention = Invention::new(1);
        let iban = "DE89370400440532013000";
        assert!(is_iban(iban) && iban_remainder(iban) == 1);
        let invented = account(iban, None, &mut invention);
        assert!(
            is_iban(&invented) && iban_remainder(&invented) == 1 && invented != iban,
            "{invented}"
        );
        let masked = account("4070****0101", None, &mut invention);
        assert!(
            masked.starts_with("4070**") && masked.contains("****") && masked.len() == 12,
            "{masked}"
        );
        let invented = kpp("781201001", &mut invention);
        assert_eq!((invented.len(), &invented[4..6]), (9, "01"));
    }
}
