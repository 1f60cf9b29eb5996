//! What a reader has to say about a file: how grave, which code, where, and what a person can do about it.
//!
//! The words live with the codes ([`Code`]); a reader only names the code, the place and what stands there.

mod code;
mod list;

use domain::{Lang, Text};
use serde::Serialize;

pub use code::Code;
pub use list::page;

/// Characters of the file quoted in a diagnostic.
pub const EXCERPT_CHARS_MAX: usize = 60;

/// Error: something in the file could not be used. Warning: it was used, and somebody should look. Note: it was
/// understood, though it is not by the book.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    Error,
    Warning,
    Note,
}

impl Severity {
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
            Self::Note => "note",
        }
    }
}

/// Line and column counted from 1, the column in characters; 0 and 0 speak of the file as a whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct Place {
    pub line: u64,
    pub column: u64,
}

impl Place {
    pub const WHOLE_FILE: Self = Self { line: 0, column: 0 };

    #[must_use]
    pub const fn line(line: u64) -> Self {
        Self { line, column: 1 }
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Diagnostic {
    pub severity: Severity,
    pub code: Code,
    pub line: u64,
    pub column: u64,
    /// What stands at the place, cut short.
    pub excerpt: String,
    pub message: Text,
    pub remedy: Text,
    /// The file inside of an archive that it speaks of.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub part: Option<String>,
    /// The statement that it speaks of, where the reader knows that before the order of events says so.
    #[serde(skip)]
    pub statement: Option<usize>,
}

impl Diagnostic {
    /// `details` fill `{1}`, `{2}`... of the code's words; the excerpt fills `{0}`.
    #[must_use]
    pub fn new(code: Code, place: Place, excerpt: &str, details: &[Text]) -> Self {
        let excerpt = shorten(excerpt);
        let words = code.words();
        Self {
            severity: words.severity,
            code,
            line: place.line,
            column: place.column,
            message: fill(words.message, &excerpt, details),
            remedy: fill(words.remedy, &excerpt, details),
            excerpt,
            part: None,
            statement: None,
        }
    }

    /// Of this statement, counted from 0 through the file.
    #[must_use]
    pub(crate) fn of_statement(self, statement: usize) -> Self {
        Self {
            statement: Some(statement),
            ..self
        }
    }

    /// `kl_to_1c.txt:2:7: error[onec/amount]: ... / remedy: ...`, and `july.zip/03.xml:2:7: ...` inside of an archive.
    #[must_use]
    pub fn render(&self, lang: Lang, file_name: &str) -> String {
        let (inside, part) = match &self.part {
            Some(part) => ("/", part.as_str()),
            None => ("", ""),
        };
        let place = match (self.line, self.column) {
            (0, _) => String::new(),
            (line, column) => format!("{line}:{column}:"),
        };
        let (severity, remedy) = match (lang, self.severity) {
            (Lang::En, severity) => (severity.as_str(), "remedy"),
            (Lang::Ru, Severity::Error) => ("ошибка", "что делать"),
            (Lang::Ru, Severity::Warning) => ("внимание", "что делать"),
            (Lang::Ru, Severity::Note) => ("заметка", "что делать"),
        };
        format!(
            "{file_name}{inside}{part}:{place} {severity}[{}]: {} / {remedy}: {}",
            self.code,
            self.message.get(lang),
            self.remedy.get(lang)
        )
    }
}

fn fill(template: (&str, &str), excerpt: &str, details: &[Text]) -> Text {
    Text::new(
        fill_one(template.0, excerpt, details, Lang::Ru),
        fill_one(template.1, excerpt, details, Lang::En),
    )
}

/// One walk over the template, so that braces inside what is quoted stay what they are.
fn fill_one(template: &str, excerpt: &str, details: &[Text], lang: Lang) -> String {
    let mut filled = String::with_capacity(template.len() + excerpt.len());
    let mut rest = template;
    while let Some((before, after)) = rest.split_once('{') {
        filled.push_str(before);
        let Some((slot, after)) = after.split_once('}') else {
            rest = after;
            break;
        };
        match slot.parse::<usize>() {
            Ok(0) => filled.push_str(excerpt),
            Ok(at) => filled.push_str(details.get(at - 1).map_or("", |detail| detail.get(lang))),
            Err(_) => filled.push_str(slot),
        }
        rest = after;
    }
    filled.push_str(rest);
    filled
}

fn shorten(text: &str) -> String {
    let clean = |character: char| if character.is_control() { ' ' } else { character };
    let mut short: String = text.chars().take(EXCERPT_CHARS_MAX).map(clean).collect();
    if text.chars().nth(EXCERPT_CHARS_MAX).is_some() {
        short.push('…');
    }
    short
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn renders_place_code_and_remedy() {
        let place = Place { line: 2, column: 7 };
        let diagnostic = Diagnostic::new(Code::OnecAmount, place, "12O0.00", &[]);
        let line = diagnostic.render(Lang::En, "kl_to_1c.txt");
        assert!(
            line.starts_with("kl_to_1c.txt:2:7: error[onec/amount]: «12O0.00» is not an amount"),
            "{line}"
        );
        assert!(line.contains(" / remedy: "), "{line}");
    }

    #[test]
    fn quotes_are_cut_at_the_limit_and_braces_stay() {
        let at_limit = "я".repeat(EXCERPT_CHARS_MAX);
        assert_eq!(shorten(&at_limit), at_limit);
        assert_eq!(shorten(&format!("{at_limit}я")), format!("{at_limit}…"));
        assert_eq!(
            fill_one("«{0}» and {1}", "{1}", &[Text::same("x")], Lang::En),
            "«{1}» and x"
        );
    }

    #[test]
    fn every_code_has_its_own_name_and_words_in_both_languages() {
        let mut names: Vec<_> = Code::ALL.iter().map(|code| code.as_str()).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), Code::ALL.len());
        // Words may also come whole from whoever makes the diagnostic.
        let russian = |text: &str| text == "{2}" || text.chars().any(|letter| matches!(letter, 'а'..='я'));
        for code in Code::ALL {
            let words = code.words();
            assert!(russian(words.message.0) && russian(words.remedy.0), "{code}");
            assert!(!words.message.1.is_empty() && !words.remedy.1.is_empty(), "{code}");
        }
    }
}
