//! What the lines of a file show of it as a whole: whether it ended, whether its keys are known, what its letters have
//! been through.

use crate::encoding::Tally;

use super::field::Keyword;

/// What was seen of the file's frame.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Frame {
    pub(super) ended: bool,
    /// Lines that only this format has, signature and end mark apart.
    pub(super) known_keys: u64,
    pub(super) unknown_keys: u64,
    /// First line whose key holds a U+FFFD.
    pub(super) destroyed_at: Option<u64>,
    /// First line whose key is question marks.
    pub(super) questions_at: Option<u64>,
    /// First line whose letters were encoded twice and do not go back.
    pub(super) garbled_at: Option<u64>,
    /// First line with a U+FFFD in a value.
    pub(super) replaced_at: Option<u64>,
    pub(super) tally: Tally,
}

impl Frame {
    pub(super) fn note_lost_letters(&mut self, key: &str, value: Option<&str>, number: u64) {
        if key.contains('\u{fffd}') {
            self.destroyed_at.get_or_insert(number);
        } else if is_questions(key) {
            self.questions_at.get_or_insert(number);
        } else if value.is_some_and(|value| value.contains('\u{fffd}')) {
            self.replaced_at.get_or_insert(number);
        }
    }

    pub(super) fn count_keyword(&mut self, keyword: Keyword) {
        if !matches!(keyword, Keyword::Signature | Keyword::FileEnd) {
            self.known_keys += 1;
        }
    }
}

/// Letters that became question marks.
fn is_questions(key: &str) -> bool {
    const MARKS_MIN: usize = 3;
    let marks = key.bytes().filter(|byte| *byte == b'?').count();
    marks >= MARKS_MIN && marks * 2 > key.chars().count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_letters_went_through_is_told_apart() {
        let mut frame = Frame::default();
        frame.note_lost_letters("Что???", Some("?????"), 1);
        frame.note_lost_letters("Номер", Some("1"), 2);
        assert_eq!(frame, Frame::default());
        frame.note_lost_letters("????????", Some("1"), 3);
        frame.note_lost_letters("Но\u{fffd}ер", None, 4);
        frame.note_lost_letters("Номер", Some("\u{fffd}"), 5);
        frame.note_lost_letters("?????", None, 6);
        assert_eq!(
            (frame.questions_at, frame.destroyed_at, frame.replaced_at),
            (Some(3), Some(4), Some(5))
        );
    }
}
