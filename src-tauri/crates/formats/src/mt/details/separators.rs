//! Where a sign stands in a text that is full of it.
//!
//! `memchr` pays its way over long stretches; fields of `:86:` are a dozen letters, so that starting it anew for each of
//! them costs more than the search. Here eight bytes are looked at together, and what is found in them is kept.

const ONES: u64 = u64::MAX / 255;
/// All bits of each byte but the highest.
const LOW: u64 = ONES * 0x7f;
const EIGHT: usize = size_of::<u64>();

pub(super) struct Separators<'a> {
    /// The bytes after the eight that are looked at.
    rest: &'a [u8],
    /// The separator in each byte.
    wanted: u64,
    /// Where the eight begin.
    start: usize,
    /// The highest bit of each byte among the eight that is a separator not yet given.
    found: u64,
}

impl<'a> Separators<'a> {
    /// `separator` is ASCII and no zero byte.
    pub(super) fn of(text: &'a str, separator: u8) -> Self {
        let mut separators = Self {
            rest: text.as_bytes(),
            wanted: ONES * u64::from(separator),
            start: 0,
            found: 0,
        };
        separators.look();
        separators
    }

    /// At the next eight bytes; those missing at the end of the text count as zeros.
    #[inline]
    fn look(&mut self) {
        let eight = if let Some((eight, rest)) = self.rest.split_first_chunk::<EIGHT>() {
            self.rest = rest;
            *eight
        } else {
            let mut eight = [0; EIGHT];
            eight[..self.rest.len()].copy_from_slice(self.rest);
            self.rest = &[];
            eight
        };
        let zero_where_found = u64::from_le_bytes(eight) ^ self.wanted;
        // A carry never leaves its byte, so that no byte is taken for its neighbour.
        self.found = !(((zero_where_found & LOW) + LOW) | zero_where_found | LOW);
    }
}

impl Iterator for Separators<'_> {
    type Item = usize;

    #[inline]
    fn next(&mut self) -> Option<usize> {
        while self.found == 0 {
            if self.rest.is_empty() {
                return None;
            }
            self.start += EIGHT;
            self.look();
        }
        let at = self.start + self.found.trailing_zeros() as usize / 8;
        self.found &= self.found - 1;
        Some(at)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        /// Letters beside the separator are those that arithmetic on bytes may mistake for it.
        #[test]
        fn all_are_found_where_they_stand(text in "[?>@\u{0}a\u{7f}\u{bf}Ж]{0,70}") {
            let expected: Vec<usize> = text.match_indices('?').map(|(at, _)| at).collect();
            prop_assert_eq!(Separators::of(&text, b'?').collect::<Vec<_>>(), expected);
        }
    }
}
