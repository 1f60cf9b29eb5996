//! Identifiers of the Russian tax and payment systems, valid or non-existent.
//!
//! Statements carry whatever the bank wrote, as text; these types are for payment orders, where a wrong digit sends
//! money astray, and for verdicts on what a statement says.

use std::fmt;

use serde::Serialize;

use crate::text::Text;

/// Why a text is not the identifier it should be.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum InvalidIdentifier {
    #[error("{what} «{text}»: {expected} expected")]
    Shape {
        what: &'static str,
        text: String,
        expected: &'static str,
    },
    #[error("{what} «{text}»: the control digit does not agree")]
    Control { what: &'static str, text: String },
}

impl InvalidIdentifier {
    fn shape(what: &'static str, text: &str, expected: &'static str) -> Self {
        Self::Shape {
            what,
            text: text.to_owned(),
            expected,
        }
    }

    fn control(what: &'static str, text: &str) -> Self {
        Self::Control {
            what,
            text: text.to_owned(),
        }
    }

    /// The reason in the user's words.
    #[must_use]
    pub fn text(&self) -> Text {
        let en = self.to_string();
        match self {
            Self::Control { what, text } => Text::new(
                format!(
                    "{} «{text}»: не сходится контрольный разряд, проверьте цифры",
                    ru_name(what)
                ),
                en,
            ),
            Self::Shape { what, text, .. } => {
                let expected = match *what {
                    "INN" => "10 цифр у организации или 12 у человека, не с «00»",
                    "KPP" => "9 знаков: 4 цифры, 2 цифры или латинские буквы, 3 цифры, не с «00»",
                    "BIK" => "9 цифр, первые две 04, 01 или 00",
                    _ => "20 цифр (шестым знаком может быть буква)",
                };
                Text::new(format!("{} «{text}»: нужно {expected}", ru_name(what)), en)
            }
        }
    }
}

fn ru_name(what: &str) -> &str {
    match what {
        "INN" => "ИНН",
        "KPP" => "КПП",
        "BIK" => "БИК",
        "account" => "Счёт",
        other => other,
    }
}

macro_rules! identifier {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
        #[serde(transparent)]
        pub struct $name(String);

        impl $name {
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{}({})", stringify!($name), self.0)
            }
        }
    };
}

fn digits(text: &str) -> Option<Vec<u32>> {
    text.chars().map(|character| character.to_digit(10)).collect()
}

fn weighted(digits: &[u32], weights: &[u32]) -> u32 {
    digits.iter().zip(weights).map(|(digit, weight)| digit * weight).sum()
}

identifier!(
    /// A tax number: 10 digits (organisation, one control digit) or 12 (person, two).
    Inn
);

impl Inn {
    /// # Errors
    /// Not 10 or 12 digits; a number that starts with `00`; a control digit that does not agree.
    pub fn parse(text: &str) -> Result<Self, InvalidIdentifier> {
        const W10: [u32; 9] = [2, 4, 10, 3, 5, 9, 4, 6, 8];
        const W11: [u32; 10] = [7, 2, 4, 10, 3, 5, 9, 4, 6, 8];
        const W12: [u32; 11] = [3, 7, 2, 4, 10, 3, 5, 9, 4, 6, 8];
        let text = text.trim();
        let shape = || InvalidIdentifier::shape("INN", text, "10 or 12 digits not starting with 00");
        let number = digits(text).ok_or_else(shape)?;
        if text.starts_with("00") {
            return Err(shape());
        }
        let control = |weights: &[u32], at: usize| weighted(&number, weights) % 11 % 10 == number[at];
        let agrees = match number.len() {
            10 => control(&W10, 9),
            12 => control(&W11, 10) && control(&W12, 11),
            _ => return Err(shape()),
        };
        if agrees {
            Ok(Self(text.to_owned()))
        } else {
            Err(InvalidIdentifier::control("INN", text))
        }
    }

    /// A person's or sole trader's number (12 digits), not an organisation's.
    #[must_use]
    pub fn is_person(&self) -> bool {
        self.0.len() == 12
    }
}

identifier!(
    /// The reason code of tax registration: 9 characters, no control digit.
    Kpp
);

impl Kpp {
    /// # Errors
    /// Not `\d{4}[\dA-Z]{2}\d{3}`, or a code that starts with `00`.
    pub fn parse(text: &str) -> Result<Self, InvalidIdentifier> {
        let text = text.trim();
        let fits = text.len() == 9
            && !text.starts_with("00")
            && text
                .bytes()
                .enumerate()
                .all(|(at, byte)| byte.is_ascii_digit() || ((at == 4 || at == 5) && byte.is_ascii_uppercase()));
        if fits {
            Ok(Self(text.to_owned()))
        } else {
            Err(InvalidIdentifier::shape(
                "KPP",
                text,
                "9 characters, four digits first, not starting with 00,",
            ))
        }
    }
}

identifier!(
    /// A bank's code in the Bank of Russia's directory: 9 digits.
    Bik
);

impl Bik {
    /// # Errors
    /// Not 9 digits that start with 04 (banks), 01 (treasury bodies) or 00 (foreign and indirect participants).
    pub fn parse(text: &str) -> Result<Self, InvalidIdentifier> {
        let text = text.trim();
        let fits = text.len() == 9
            && text.bytes().all(|byte| byte.is_ascii_digit())
            && ["04", "01", "00"].iter().any(|prefix| text.starts_with(prefix));
        if fits {
            Ok(Self(text.to_owned()))
        } else {
            Err(InvalidIdentifier::shape(
                "BIK",
                text,
                "9 digits starting with 04, 01 or 00",
            ))
        }
    }
}

identifier!(
    /// A 20-character account number whose control key agrees with the bank it is in.
    AccountNumber
);

impl AccountNumber {
    /// The key is over the bank's code and the number together (Bank of Russia, 515 of 08.09.1997), so both are needed.
    ///
    /// # Errors
    /// Not 20 digits (the sixth may be one of the letters `ABCEHKMPTX`); a key that does not agree.
    pub fn parse(text: &str, bik: &Bik) -> Result<Self, InvalidIdentifier> {
        let bank = &bik.as_str()[6..9];
        Self::keyed(text, bank)
    }

    /// A correspondent account, kept at the Bank of Russia: its key is over `0` and digits 5 and 6 of the bank's code.
    ///
    /// # Errors
    /// As [`AccountNumber::parse`].
    pub fn parse_correspondent(text: &str, bik: &Bik) -> Result<Self, InvalidIdentifier> {
        Self::keyed(text, &format!("0{}", &bik.as_str()[4..6]))
    }

    fn keyed(text: &str, bank: &str) -> Result<Self, InvalidIdentifier> {
        let text = text.trim();
        let shape = || InvalidIdentifier::shape("account", text, "20 digits");
        if text.chars().count() != 20 {
            return Err(shape());
        }
        let mut sum = 0;
        for (at, character) in bank.chars().chain(text.chars()).enumerate() {
            let digit = match character.to_digit(10) {
                Some(digit) => digit,
                // The sixth character of the account, after the bank's three.
                None if at == 8 => clearing_digit(character).ok_or_else(shape)?,
                None => return Err(shape()),
            };
            sum += digit * [7, 1, 3][at % 3] % 10;
        }
        if sum % 10 == 0 {
            Ok(Self(text.to_owned()))
        } else {
            Err(InvalidIdentifier::control("account", text))
        }
    }
}

/// Clearing currencies write a letter for the sixth digit.
fn clearing_digit(letter: char) -> Option<u32> {
    Some(match letter {
        'A' => 0,
        'B' => 1,
        'C' => 2,
        'E' => 3,
        'H' => 4,
        'K' => 5,
        'M' => 6,
        'P' => 7,
        'T' => 8,
        'X' => 9,
        _ => return None,
    })
}
