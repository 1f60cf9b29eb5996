//! Beginnings of words, asked about every word of every purpose: found by their first letter.

use rustc_hash::FxHashMap;

/// Beginnings with what they mean. Of several that fit, the one listed first counts.
#[derive(Debug)]
pub struct Stems<T> {
    by_letter: FxHashMap<char, Vec<(String, T)>>,
}

impl<T> Stems<T> {
    pub fn find(&self, word: &str) -> Option<&T> {
        self.of_letter(word)
            .find(|(stem, _)| word.starts_with(stem.as_str()))
            .map(|(_, meant)| meant)
    }

    /// Every one that the word begins with.
    pub fn all<'a>(&'a self, word: &'a str) -> impl Iterator<Item = (&'a str, &'a T)> {
        self.of_letter(word)
            .filter(move |(stem, _)| word.starts_with(stem.as_str()))
            .map(|(stem, meant)| (stem.as_str(), meant))
    }

    fn of_letter(&self, word: &str) -> impl Iterator<Item = &(String, T)> {
        let of_letter = word.chars().next().and_then(|first| self.by_letter.get(&first));
        of_letter.into_iter().flatten()
    }
}

/// Stems are folded, as the words are. An empty one begins nothing.
impl<T> FromIterator<(String, T)> for Stems<T> {
    fn from_iter<I: IntoIterator<Item = (String, T)>>(listed: I) -> Self {
        let mut by_letter: FxHashMap<char, Vec<(String, T)>> = FxHashMap::default();
        for (stem, meant) in listed {
            if let Some(letter) = stem.chars().next() {
                by_letter.entry(letter).or_default().push((stem, meant));
            }
        }
        Self { by_letter }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_listed_counts() {
        let stems: Stems<u8> = [("дого", 1), ("договор", 2), ("счет", 3), ("", 4)]
            .map(|(stem, meant)| (stem.to_owned(), meant))
            .into_iter()
            .collect();
        assert_eq!(stems.find("договору"), Some(&1));
        assert_eq!(stems.find("счету"), Some(&3));
        assert_eq!(stems.find("дог"), None);
        assert_eq!(stems.find(""), None);
    }
}
