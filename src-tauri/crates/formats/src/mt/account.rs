//! `:25:`, whose statement it is, and `:28C:`, which one.

use domain::{Currency, StatementAccount};

/// The standard allows 35 characters; longer ones are something else that got under the tag.
const ACCOUNT_CHARS_MAX: usize = 64;

/// An account as far as its field tells.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Account {
    text: String,
    bank: Option<String>,
}

impl Account {
    /// `first`, `second`: the lines of the field; `:25P:` has the BIC in the second.
    pub(super) fn parse(first: &str, second: Option<&str>) -> Option<Self> {
        // Some banks write the digits in groups.
        let compact: String = first.chars().filter(|letter| !letter.is_whitespace()).collect();
        let text = if is_russian(&compact) { &compact } else { first.trim() };
        let plausible = !text.is_empty() && text.chars().count() <= ACCOUNT_CHARS_MAX && !text.contains('?');
        plausible.then(|| Self {
            text: text.to_owned(),
            bank: second.map(str::trim).filter(|line| is_bank(line)).map(str::to_owned),
        })
    }

    /// What its own letters say, or the code inside a Russian number.
    pub(super) fn currency(&self) -> Option<Currency> {
        let number = self.text.rsplit('/').next().unwrap_or(&self.text);
        if is_russian(number) {
            return Currency::of_account(number);
        }
        let (_, currency) = split_currency(&self.text)?;
        Some(currency)
    }

    /// Whether INN, BIK and the like are to be looked for.
    pub(super) fn is_russian(&self) -> bool {
        self.text.rsplit('/').any(is_russian)
    }

    /// `044525974/40702810…` and `DABADKKK/1234567890` name the bank first; a currency may follow the number.
    pub(super) fn resolve(&self, currency: Currency) -> StatementAccount {
        let text = match split_currency(&self.text) {
            Some((number, named)) if named == currency => number,
            _ => &self.text,
        };
        let (bank, number) = match text.rsplit_once('/') {
            Some((bank, number)) if is_bank(bank) && !number.trim().is_empty() => (Some(bank.to_owned()), number),
            _ => (None, text),
        };
        StatementAccount {
            number: number.trim().to_owned(),
            bank: bank.or_else(|| self.bank.clone()),
            currency,
        }
    }
}

/// The number and the three letters at its end, after a blank, a slash or a digit.
fn split_currency(text: &str) -> Option<(&str, Currency)> {
    let (number, letters) = text.split_at_checked(text.len().checked_sub(3)?)?;
    let apart = number.ends_with([' ', '/']) || number.ends_with(|letter: char| letter.is_ascii_digit());
    let currency = Currency::parse(letters)
        .ok()
        .filter(|_| letters.bytes().all(|byte| byte.is_ascii_uppercase()))?;
    apart.then(|| (number.trim_end_matches([' ', '/']), currency))
}

fn is_russian(number: &str) -> bool {
    let number = number.trim();
    number.len() == 20 && number.bytes().all(|byte| byte.is_ascii_digit())
}

/// A BIK, a German bank code or a BIC.
fn is_bank(text: &str) -> bool {
    let digits = text.bytes().all(|byte| byte.is_ascii_digit());
    let bic = || {
        matches!(text.len(), 8 | 11)
            && text
                .bytes()
                .all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit())
            && text.bytes().take(6).all(|byte| byte.is_ascii_uppercase())
    };
    (digits && matches!(text.len(), 8 | 9)) || bic()
}

/// `00135/2`: the statement's number, and the page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Number {
    /// `None` or zero: the bank does not count.
    pub(super) statement: Option<u32>,
    pub(super) page: Option<u32>,
}

impl Number {
    pub(super) fn parse(text: &str) -> Self {
        let (statement, page) = text.trim().split_once('/').unwrap_or((text, ""));
        let number = |text: &str| text.trim().parse().ok();
        Self {
            statement: number(statement),
            page: number(page),
        }
    }

    /// One that is told apart from others.
    pub(super) fn counted(self) -> Option<u32> {
        self.statement.filter(|number| *number > 0)
    }

    pub(super) fn shown(self) -> String {
        let shown = |number: Option<u32>| number.map_or_else(|| "?".to_owned(), |number| number.to_string());
        match self.page {
            Some(_) => format!("{}/{}", shown(self.statement), shown(self.page)),
            None => shown(self.statement),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn resolved(text: &str, currency: &str) -> (String, Option<String>) {
        let account = Account::parse(text, None)
            .unwrap()
            .resolve(Currency::parse(currency).unwrap());
        (account.number, account.bank)
    }

    #[test]
    fn the_number_is_told_from_bank_and_currency() {
        for (text, currency, number, bank) in [
            ("40702810801300006319", "RUB", "40702810801300006319", None),
            (
                "044525974/40702810801300006319",
                "RUB",
                "40702810801300006319",
                Some("044525974"),
            ),
            ("DABADKKK/1234567890", "DKK", "1234567890", Some("DABADKKK")),
            ("UBRTHUHB/1234ABCDEF002/HUF", "HUF", "1234ABCDEF002", Some("UBRTHUHB")),
            ("1291.99.348EUR", "EUR", "1291.99.348", None),
            ("0800003200000001610722 EUR", "EUR", "0800003200000001610722", None),
            ("1291.99.348EUR", "USD", "1291.99.348EUR", None),
            ("a/b", "RUB", "a/b", None),
        ] {
            assert_eq!(
                resolved(text, currency),
                (number.to_owned(), bank.map(str::to_owned)),
                "{text}"
            );
        }
        assert_eq!(Account::parse("166?00GUTSCHRIFT", None), None);
        let with_bank = Account::parse("DE89", Some("DEUTDEFF")).unwrap();
        assert_eq!(with_bank.resolve(Currency::RUB).bank.as_deref(), Some("DEUTDEFF"));
    }

    #[test]
    fn currencies_are_in_the_account() {
        let currency = |text| {
            Account::parse(text, None)
                .unwrap()
                .currency()
                .map(|it| it.code().to_owned())
        };
        assert_eq!(currency("40702840900000000001").as_deref(), Some("USD"));
        assert_eq!(currency("NL20INGB0001234567EUR").as_deref(), Some("EUR"));
        assert_eq!(currency("NL20INGB0001234567"), None);
    }

    #[test]
    fn numbers_of_statements() {
        assert_eq!(
            Number::parse("00135/2"),
            Number {
                statement: Some(135),
                page: Some(2)
            }
        );
        assert_eq!(Number::parse(" /1").counted(), None);
        assert_eq!(Number::parse("0").counted(), None);
        assert_eq!(Number::parse("7").shown(), "7");
    }
}
