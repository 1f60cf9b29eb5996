//! Texts: a sentence for a person, in Russian and in English (whoever shows it picks the language), and short ones of a bank.

use serde::{Deserialize, Serialize};

/// A text that is short as a rule (an account, an INN, a number): up to 24 bytes lie in it, a longer one on the heap.
pub type ShortText = compact_str::CompactString;

/// The languages the product speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Lang {
    #[default]
    Ru,
    En,
}

impl Lang {
    /// Russian where a system says nothing or says Russian; English for everybody else. `locale` is as systems write it:
    /// `ru-RU`, `en_GB.UTF-8`, `C`.
    #[must_use]
    pub fn of_locale(locale: Option<&str>) -> Self {
        match locale.map(str::to_ascii_lowercase).as_deref() {
            None | Some("" | "c" | "posix") => Self::Ru,
            Some(locale) if locale.starts_with("ru") || locale.starts_with("c.") => Self::Ru,
            Some(_) => Self::En,
        }
    }
}

/// One sentence in both languages, made where the fact is known, shown where the person is.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Text {
    pub ru: String,
    pub en: String,
}

impl Text {
    pub fn new(ru: impl Into<String>, en: impl Into<String>) -> Self {
        Self {
            ru: ru.into(),
            en: en.into(),
        }
    }

    /// The same words in both languages: a name, a number, a quotation.
    pub fn same(words: impl Into<String>) -> Self {
        let words = words.into();
        Self {
            ru: words.clone(),
            en: words,
        }
    }

    #[must_use]
    pub fn get(&self, lang: Lang) -> &str {
        match lang {
            Lang::Ru => &self.ru,
            Lang::En => &self.en,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Lang;

    #[test]
    fn the_language_is_russian_unless_the_system_says_another() {
        for locale in [
            None,
            Some(""),
            Some("C"),
            Some("C.UTF-8"),
            Some("POSIX"),
            Some("ru"),
            Some("ru-RU"),
            Some("RU_ru"),
        ] {
            assert_eq!(Lang::of_locale(locale), Lang::Ru, "{locale:?}");
        }
        for locale in ["en-GB", "de", "cs-CZ", "ca"] {
            assert_eq!(Lang::of_locale(Some(locale)), Lang::En, "{locale}");
        }
    }
}
