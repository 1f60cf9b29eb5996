//! `:86:`: who was on the other side, and what for. Every bank has a dialect of its own; three families cover them.
//!
//! Nothing here is refused: what no dialect explains is the purpose as it stands, and the raw text is kept beside it.

mod free;
mod keyed;
mod numbered;
mod party;
mod separators;

use domain::{Counterparty, Entry, ShortText};

use super::transliteration;

pub(crate) use keyed::{Key, at as key_at};

/// A line this long was cut by the bank at the width of the field, perhaps inside a word.
const FULL_LINE_CHARS: usize = 60;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Dialect {
    /// `166?00GUTSCHRIFT?20...`: fields of two digits after a separator.
    Numbered(char),
    /// `/EREF/.../REMI/...`
    Keyed,
    Free,
}

/// What is found, borrowed from the text.
#[derive(Debug, Default)]
struct Found<'a> {
    /// No field of the purpose was there: it is all of the text, keys included.
    whole_text: bool,
    purpose: &'a str,
    end_to_end: &'a str,
    name: &'a str,
    account: &'a str,
    bank: &'a str,
    bank_name: &'a str,
    inn: &'a str,
    kpp: &'a str,
}

/// What of the statement and the entry decides how its text is read.
#[derive(Debug, Clone, Copy)]
pub(super) struct Circumstances {
    /// Money came: the payer is the other side.
    pub(super) credit: bool,
    /// The account is a Russian one: INN, KPP, BIK and RUR6 are looked for.
    pub(super) russian: bool,
}

/// Reads texts of entries, one after another, in the same memory.
#[derive(Debug, Default)]
pub(super) struct Details {
    text: String,
    /// Of the text, as its first line tells.
    dialect: Option<Dialect>,
    full_line: bool,
    scratch: String,
    name: String,
}

impl Details {
    pub(super) fn clear(&mut self) {
        self.text.clear();
    }

    pub(super) fn is_empty(&self) -> bool {
        self.text.is_empty()
    }

    fn numbered(&self) -> bool {
        matches!(self.dialect, Some(Dialect::Numbered(_)))
    }

    /// Joins the lines of one `:86:` to what is there: without a blank where the bank cut a full line.
    pub(super) fn add<'a>(&mut self, lines: impl Iterator<Item = &'a str>) {
        for line in lines {
            if self.text.is_empty() {
                self.text.push_str(line.trim_start());
                self.dialect = Some(dialect(&self.text));
            } else {
                let glued =
                    self.numbered() || self.full_line || self.text.ends_with(' ') || line.starts_with([' ', '/']);
                if !glued {
                    self.text.push(' ');
                }
                self.text.push_str(line);
            }
            self.full_line = !self.numbered() && is_full(line);
        }
    }

    /// Into the entry's purpose, counterparty and end-to-end id.
    pub(super) fn read(&mut self, circumstances: Circumstances, entry: &mut Entry) {
        self.scratch.clear();
        self.name.clear();
        let text = self.text.trim_ascii_end();
        let found = match self.dialect.unwrap_or(Dialect::Free) {
            Dialect::Numbered(separator) => numbered::read(text, separator, &mut self.scratch, &mut self.name),
            Dialect::Keyed => keyed::read(text, circumstances.credit, &mut self.scratch),
            Dialect::Free if circumstances.russian => free::read(text),
            Dialect::Free => Found {
                purpose: text,
                ..Found::default()
            },
        };
        let decode = circumstances.russian && transliteration::is_marked(text);
        let words = |text: &str| {
            if decode {
                transliteration::decode(&tidy(text))
            } else {
                tidy(text)
            }
        };
        entry.purpose = if found.whole_text {
            tidy(found.purpose)
        } else {
            words(found.purpose)
        };
        entry.end_to_end_id = reference(found.end_to_end).map(ShortText::from);
        let name = words(found.name);
        let other = &mut entry.counterparty;
        *other = Counterparty {
            name: None,
            inn: present(found.inn),
            kpp: present(found.kpp),
            account: present(found.account),
            bank: present(found.bank),
            bank_name: Some(words(found.bank_name)).filter(|name| !name.is_empty()),
        };
        let told = if circumstances.russian {
            party::read(&name)
        } else {
            None
        };
        match told {
            Some(told) => party::complete(other, told),
            None => other.name = Some(name).filter(|name| !name.is_empty()),
        }
    }
}

/// Cut by the bank at the width of the field.
pub(crate) fn is_full(line: &str) -> bool {
    line.len() >= FULL_LINE_CHARS && (line.is_ascii() || line.chars().count() >= FULL_LINE_CHARS)
}

fn dialect(text: &str) -> Dialect {
    if let Some(separator) = numbered_separator(text) {
        return Dialect::Numbered(separator);
    }
    if keyed::starts_key(text) {
        return Dialect::Keyed;
    }
    Dialect::Free
}

/// What stands before the number of each field, where a text has such fields.
pub(crate) fn numbered_separator(text: &str) -> Option<char> {
    let code = text.bytes().take_while(u8::is_ascii_digit).count();
    if code != 0 && code != 3 {
        return None;
    }
    let mut letters = text[code..].chars();
    let separator = letters
        .next()
        .filter(|it| matches!(it, '?' | '<' | '>' | '^' | '~' | '§'))?;
    numbered::starts_field(letters.as_str()).then_some(separator)
}

/// Runs of blanks are the bank's padding, and control characters are its accidents.
fn tidy(text: &str) -> String {
    let text = text.trim_ascii();
    if is_tidy(text.as_bytes()) {
        return text.to_owned();
    }
    let mut tidy = String::with_capacity(text.len());
    for word in text.split(|letter: char| letter == ' ' || letter.is_ascii_control()) {
        if !tidy.is_empty() && !word.is_empty() {
            tidy.push(' ');
        }
        tidy.push_str(word);
    }
    tidy
}

/// No control characters and no two blanks together.
fn is_tidy(bytes: &[u8]) -> bool {
    const AT_ONCE: usize = 16;
    let Some((first, followers)) = bytes.split_first() else {
        return true;
    };
    let leaders = &bytes[..followers.len()];
    let untidy = |(leader, follower): (&u8, &u8)| (*follower < b' ') | ((*leader == b' ') & (*follower == b' '));
    let blocks = leaders
        .as_chunks::<AT_ONCE>()
        .0
        .iter()
        .zip(followers.as_chunks::<AT_ONCE>().0);
    // What is left over is looked at together with what was looked at already: one block more instead of single bytes.
    let last = leaders.last_chunk::<AT_ONCE>().zip(followers.last_chunk::<AT_ONCE>());
    // Without a branch, so that the compiler makes vectors of it.
    let in_block = |(leaders, followers): (&[u8; AT_ONCE], &[u8; AT_ONCE])| {
        let pairs = leaders.iter().zip(followers);
        pairs.fold(0, |found, pair| found | u8::from(untidy(pair))) != 0
    };
    let found = match last {
        Some(last) => blocks.chain([last]).any(in_block),
        None => leaders.iter().zip(followers).any(untidy),
    };
    !found && !first.is_ascii_control()
}

/// `NONREF` and `NOTPROVIDED` are how banks write that there is none.
pub(super) fn reference(text: &str) -> Option<&str> {
    let text = text.trim_ascii();
    let none = text.is_empty() || text == "NONREF" || text == "NOTPROVIDED" || text == "NOTPROVIDE";
    (!none).then_some(text)
}

/// Zeros and blanks are how banks write «none».
fn present(text: &str) -> Option<ShortText> {
    let text = text.trim_ascii();
    (!text.is_empty() && text.bytes().any(|byte| byte != b'0')).then(|| text.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn padding_and_controls_are_found_wherever_they_stand() {
        for length in 2..70 {
            let text = "a b".repeat(length)[..length].trim_end().to_owned();
            assert_eq!(tidy(&text), text);
            for at in 1..text.len() {
                let (before, after) = text.split_at(at);
                for padding in ["  ", "\u{1}", "\r\n"] {
                    let expected = [before, after].map(str::trim).join(" ");
                    assert_eq!(tidy(&format!("{before}{padding}{after}")), expected);
                }
            }
        }
        let few = ["\u{1}a", " ", "  a "].map(tidy);
        assert_eq!(few, ["a", "", "a"]);
    }
}
