//! Invented words and numbers of the shape of what they replace. What is invented is nowhere in the file, and never twice.

use std::collections::HashSet;

use fastrand::Rng;

use super::vocabulary::{is_legal, is_service};

/// Letters whose syllables make no words one would not want to send.
const CYRILLIC: [&[char]; 2] = [&['в', 'н', 'л', 'м', 'р', 'д', 'т', 'к', 'с'], &['а', 'е', 'и', 'о']];
const LATIN: [&[char]; 2] = [&['v', 'n', 'l', 'm', 'r', 'd', 't', 'k', 's'], &['a', 'e', 'i', 'o']];
/// Short words and numbers are few: after so many throws one that is used already is taken.
const THROWS_MAX: usize = 200;

pub(super) struct Invention {
    random: Rng,
    /// Words and numbers of the file itself, and everything invented so far.
    taken: HashSet<String>,
}

impl Invention {
    pub(super) fn new(seed: u64) -> Self {
        Self {
            random: Rng::with_seed(seed),
            taken: HashSet::new(),
        }
    }

    pub(super) fn avoid(&mut self, original: String) {
        self.taken.insert(original);
    }

    /// Throws until it is something new that fits.
    pub(super) fn fresh(
        &mut self,
        mut throw: impl FnMut(&mut Rng) -> String,
        fits: impl Fn(&str) -> bool,
    ) -> Option<String> {
        let mut last = None;
        for _ in 0..THROWS_MAX {
            let thrown = throw(&mut self.random);
            if !fits(&thrown) {
                continue;
            }
            if !self.taken.contains(&thrown) {
                self.taken.insert(thrown.clone());
                return Some(thrown);
            }
            last = Some(thrown);
        }
        last
    }

    /// As many letters, of the same alphabets, in small letters.
    pub(super) fn word(&mut self, folded: &str) -> String {
        let latin = folded.contains(|letter: char| letter.is_ascii_alphabetic());
        let throw = |random: &mut Rng| {
            let first = random.usize(..2);
            let letter = |(at, original): (usize, char), random: &mut Rng| {
                // «ü» tells what a file is written in, and so does what it looks like in another encoding.
                if latin && !original.is_ascii() {
                    return original;
                }
                let alphabet = if is_cyrillic(original) { CYRILLIC } else { LATIN };
                let letters = alphabet[(at + first) % 2];
                letters[random.usize(..letters.len())]
            };
            folded
                .chars()
                .enumerate()
                .map(|pair| letter(pair, random))
                .collect::<String>()
        };
        let fits = |word: &str| word != folded && !is_service(word) && !is_legal(word);
        // A single letter may have no other of its kind left.
        self.fresh(throw, fits).unwrap_or_else(|| folded.to_owned())
    }

    /// As many digits; zeros in front stay, and no others come there.
    pub(super) fn number(&mut self, digits: &str) -> String {
        let zeros = digits.len() - digits.trim_start_matches('0').len();
        let throw = |random: &mut Rng| {
            let digit = |at: usize, random: &mut Rng| match at {
                at if at < zeros => '0',
                at if at == zeros => char::from(b'1' + random.u8(..9)),
                _ => char::from(b'0' + random.u8(..10)),
            };
            (0..digits.len()).map(|at| digit(at, random)).collect::<String>()
        };
        self.fresh(throw, |number| number != digits)
            .unwrap_or_else(|| digits.to_owned())
    }
}

pub(super) fn is_cyrillic(letter: char) -> bool {
    matches!(letter, '\u{400}'..='\u{4ff}')
}

/// `invented` in the letters' sizes of `original`.
pub(super) fn in_case_of(original: &str, invented: &str) -> String {
    let mut sized = String::with_capacity(invented.len());
    for (original, invented) in original.chars().zip(invented.chars()) {
        if original.is_uppercase() {
            sized.extend(invented.to_uppercase());
        } else {
            sized.push(invented);
        }
    }
    sized
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn inventions_keep_the_shape_and_never_meet() {
        let mut invention = Invention::new(1);
        let mut words = HashSet::new();
        for number in 0..2000 {
            let word = invention.word("ромашка");
            assert_eq!(word.chars().count(), 7);
            assert!(word.chars().all(is_cyrillic));
            assert!(words.insert(word), "{number}");
        }
        assert!(invention.word("smith").is_ascii());
        assert_eq!(in_case_of("ООО", "вал"), "ВАЛ");
        assert_eq!(in_case_of("Ромашка", "валенок"), "Валенок");
        let number = invention.number("00120");
        assert!(number.starts_with("00") && number.len() == 5 && number != "00120" && &number[2..3] != "0");
        assert_eq!(invention.number("000"), "000");
        let mut again = Invention::new(7);
        let mut same = Invention::new(7);
        assert_eq!(again.word("слово"), same.word("слово"));
    }
}
