//! A sentence for a person, in Russian and in English. Whoever shows it picks the language.

use serde::{Deserialize, Serialize};

/// The languages the product speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Lang {
    #[default]
    Ru,
    En,
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
