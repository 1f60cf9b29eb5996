//! The codes of diagnostics and their words, a file a format. A code's text is stable: people search for it.

mod archive;
mod camt;
mod file;
mod json;
mod mt;
mod onec;
mod table;

use std::fmt;

use domain::Lang;
use serde::{Serialize, Serializer};

use archive::archive_codes;
use camt::camt_codes;
use json::json_codes;
use mt::mt_codes;
use onec::onec_codes;
use table::table_codes;

use super::Severity;

/// The words of a code: Russian, English. `{0}` is the quoted excerpt, `{1}` and on are details.
pub(super) struct Words {
    pub severity: Severity,
    pub message: (&'static str, &'static str),
    pub remedy: (&'static str, &'static str),
}

macro_rules! codes {
    (; $($name:ident $text:literal $severity:ident
        $message_ru:literal / $message_en:literal
        => $remedy_ru:literal / $remedy_en:literal;)*) => {
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Code { $($name),* }

        impl Code {
            pub const ALL: &'static [Self] = &[$(Self::$name),*];

            #[must_use]
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$name => $text),* }
            }

            pub(super) fn words(self) -> Words {
                match self {
                    $(Self::$name => Words {
                        severity: Severity::$severity,
                        message: ($message_ru, $message_en),
                        remedy: ($remedy_ru, $remedy_en),
                    }),*
                }
            }
        }
    };
}

impl Code {
    /// How grave it is, wherever it is found.
    #[must_use]
    pub fn severity(self) -> Severity {
        self.words().severity
    }

    /// What comes before the stroke: what the code speaks of.
    #[must_use]
    pub fn family(self) -> &'static str {
        let text = self.as_str();
        text.split_once('/').map_or(text, |(family, _)| family)
    }

    /// What it says; `{0}` stands for the piece of the file, `{1}` and on for details.
    #[must_use]
    pub fn message(self, lang: Lang) -> &'static str {
        of_lang(self.words().message, lang)
    }

    /// What to do, with the same gaps.
    #[must_use]
    pub fn remedy(self, lang: Lang) -> &'static str {
        of_lang(self.words().remedy, lang)
    }
}

fn of_lang((ru, en): (&'static str, &'static str), lang: Lang) -> &'static str {
    match lang {
        Lang::Ru => ru,
        Lang::En => en,
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl Serialize for Code {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

// Each hands its own to the next, and the last makes the enum of them all.
file::file_codes! { onec_codes mt_codes camt_codes json_codes table_codes archive_codes codes; }
