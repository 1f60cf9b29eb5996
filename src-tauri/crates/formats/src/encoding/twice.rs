//! Letters that were encoded twice: a program took the bytes for another encoding and saved what it saw as UTF-8
//! («РџР»Р°С‚РµР¶», «ÐŸÐ»Ð°Ñ‚ÐµÐ¶», «Ïëàòåæ», «╨Я╨╗╨░╤В╨╡╨╢» for «Платеж»).
//!
//! It is undone only where that is certain: every line of the beginning goes back to the bytes it came from, and those
//! bytes are UTF-8, or make words no chance makes.

use encoding_rs::{Encoding, IBM866, UTF_8, WINDOWS_1251, WINDOWS_1252};

use super::letters::score;

/// Points of likeliness that what is undone must have for every letter, and more than what stands there.
const SURE_POINTS: i64 = 1;
/// Bytes of the beginning that are looked at.
const SAMPLE_BYTES: usize = 16 * 1024;
/// Letters without which nothing is sure.
const LETTERS_MIN: usize = 4;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Twice {
    /// What the bytes were taken for.
    seen_as: &'static Encoding,
    /// What they were.
    really: &'static Encoding,
}

impl Twice {
    const ALL: [Self; 5] = [
        Self::new(WINDOWS_1251, UTF_8),
        Self::new(WINDOWS_1252, UTF_8),
        Self::new(IBM866, UTF_8),
        Self::new(WINDOWS_1252, WINDOWS_1251),
        Self::new(WINDOWS_1251, IBM866),
    ];

    const fn new(seen_as: &'static Encoding, really: &'static Encoding) -> Self {
        Self { seen_as, really }
    }

    /// What the bytes were, and what they were taken for.
    pub(crate) fn names(self) -> [&'static str; 2] {
        [self.really, self.seen_as].map(Encoding::name)
    }

    /// By the beginning of a file; `None` where there is nothing to undo, or no certainty.
    pub(crate) fn of(prefix: &[u8]) -> Option<Self> {
        let prefix = prefix.get(..SAMPLE_BYTES).unwrap_or(prefix);
        let text = match std::str::from_utf8(prefix) {
            Ok(text) => text,
            Err(error) if error.error_len().is_none() => std::str::from_utf8(&prefix[..error.valid_up_to()]).ok()?,
            Err(_) => return None,
        };
        let text = text.trim_start_matches('\u{feff}');
        let whole = if prefix.ends_with(b"\n") {
            text
        } else {
            // The last line may be half a letter.
            text.rsplit_once(['\n', '\r']).map_or(text, |(whole, _)| whole)
        };
        Self::ALL.into_iter().find(|twice| twice.explains(whole))
    }

    fn explains(self, text: &str) -> bool {
        let Some(undone) = self.undone_lines(text) else {
            return false;
        };
        let count = undone.chars().filter(|letter| !letter.is_ascii()).count();
        let sure = i64::try_from(count).unwrap_or(i64::MAX).saturating_mul(SURE_POINTS);
        count >= LETTERS_MIN && score(&undone) >= sure && score(text) < score(&undone)
    }

    fn undone_lines(self, text: &str) -> Option<String> {
        let mut undone = String::with_capacity(text.len());
        for line in text.split_inclusive(['\n', '\r']) {
            if line.is_ascii() {
                undone.push_str(line);
            } else {
                undone.push_str(&self.undone(line)?);
            }
        }
        Some(undone)
    }

    /// `text` with its letters encoded so again: the opposite of [`Twice::undone`]. `controls`: by a program that took
    /// them for Latin-1, which has control characters where windows-1252 has letters.
    pub(crate) fn written(self, text: &str, controls: bool) -> String {
        let bytes = self.really.encode(text).0;
        let seen = |byte: &u8| match byte {
            0x80..=0x9f if controls => char::from(*byte).to_string(),
            byte => self.seen_as.decode_without_bom_handling(&[*byte]).0.into_owned(),
        };
        bytes.iter().map(seen).collect()
    }

    /// `None` where the letters do not go back to bytes, or the bytes are not what they should be.
    pub(crate) fn undone(self, text: &str) -> Option<String> {
        let mut bytes = Vec::with_capacity(text.len());
        let mut letter = [0; 4];
        for character in text.chars() {
            let (encoded, _, lossy) = self.seen_as.encode(character.encode_utf8(&mut letter));
            match (lossy, u8::try_from(u32::from(character))) {
                (false, _) => bytes.extend_from_slice(&encoded),
                // Programs that know windows-1252 as Latin-1 keep what it has no letters for as control characters.
                (true, Ok(control @ 0x80..=0x9f)) => bytes.push(control),
                (true, _) => return None,
            }
        }
        let decoded = self
            .really
            .decode_without_bom_handling_and_without_replacement(&bytes)?;
        Some(decoded.into_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str =
        "1CClientBankExchange\nНомер=1\nПлательщик=ООО «Лес и дрова»\nНазначениеПлатежа=Оплата по счёту № 7\n";

    #[test]
    fn every_way_of_encoding_twice_is_undone() {
        for twice in Twice::ALL {
            let bytes = twice.really.encode(TEXT).0;
            let seen = twice.seen_as.decode_without_bom_handling(&bytes).0;
            let found = Twice::of(seen.as_bytes());
            if twice.really == IBM866 || twice.really == UTF_8 && twice.seen_as == IBM866 {
                // «»№ are not all there in that encoding; the rest is.
                continue;
            }
            assert_eq!(found, Some(twice), "{seen}");
            assert_eq!(twice.undone_lines(&seen).as_deref(), Some(TEXT));
        }
        let plain = TEXT.replace(['«', '»'], "\"").replace('ё', "е");
        for twice in [Twice::new(IBM866, UTF_8), Twice::new(WINDOWS_1251, IBM866)] {
            let seen = twice
                .seen_as
                .decode_without_bom_handling(&twice.really.encode(&plain).0)
                .0
                .into_owned();
            assert_eq!(Twice::of(seen.as_bytes()), Some(twice), "{seen}");
            assert_eq!(twice.undone_lines(&seen), Some(plain.clone()));
        }
    }

    #[test]
    fn what_is_right_is_let_alone() {
        for text in [
            TEXT,
            "",
            "Gebühr für März; Müller & Söhne, Straße 5, à la carte\n",
            "PAIEMENT RÉF ÉTÉ 2024, NOËL\n",
            "plain ascii\n",
        ] {
            assert_eq!(Twice::of(text.as_bytes()), None, "{text}");
        }
    }

    #[test]
    fn a_letter_that_was_lost_on_the_way_makes_it_uncertain() {
        let seen = WINDOWS_1251
            .decode_without_bom_handling(TEXT.as_bytes())
            .0
            .replace('\u{98}', "?");
        let lost = seen.replace("РџР»", "Р?Р»");
        assert_ne!(seen, lost);
        assert_eq!(Twice::of(lost.as_bytes()), None);
    }
}
