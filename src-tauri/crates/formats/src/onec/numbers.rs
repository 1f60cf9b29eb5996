//! Account numbers of a file, found again by each of its documents.

use std::collections::HashMap;

/// Up to so many, looking at them one after the other is quicker than hashing.
const FEW: usize = 8;

/// Numbers in the order they came, each with something known of it.
#[derive(Debug)]
pub(super) struct Numbers<T> {
    list: Vec<(String, T)>,
    places: HashMap<String, usize>,
}

impl<T> Default for Numbers<T> {
    fn default() -> Self {
        Self {
            list: Vec::new(),
            places: HashMap::new(),
        }
    }
}

impl<T> Numbers<T> {
    pub(super) fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    pub(super) fn len(&self) -> usize {
        self.list.len()
    }

    pub(super) fn numbers(&self) -> impl Iterator<Item = &str> {
        self.list.iter().map(|(number, _)| number.as_str())
    }

    fn place(&self, number: &str) -> Option<usize> {
        if self.list.len() <= FEW {
            self.list.iter().position(|(known, _)| known == number)
        } else {
            self.places.get(number).copied()
        }
    }

    pub(super) fn contains(&self, number: &str) -> bool {
        self.place(number).is_some()
    }

    pub(super) fn get(&self, number: &str) -> Option<&T> {
        self.list.get(self.place(number)?).map(|(_, of)| of)
    }

    pub(super) fn get_mut(&mut self, number: &str) -> Option<&mut T> {
        let place = self.place(number)?;
        self.list.get_mut(place).map(|(_, of)| of)
    }

    /// Nothing where the number is there already.
    pub(super) fn add(&mut self, number: &str, of: T) {
        if !self.contains(number) {
            self.places.insert(number.to_owned(), self.list.len());
            self.list.push((number.to_owned(), of));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn few_and_many_are_found_alike() {
        let mut numbers = Numbers::default();
        for count in 0..3 * FEW {
            let number = format!("{count:020}");
            assert_eq!(numbers.get(&number), None);
            numbers.add(&number, count);
            numbers.add(&number, 1000);
            for earlier in 0..=count {
                assert_eq!(numbers.get(&format!("{earlier:020}")), Some(&earlier));
            }
        }
        *numbers.get_mut("00000000000000000003").unwrap() = 7;
        assert_eq!(numbers.get("00000000000000000003"), Some(&7));
        assert!(!numbers.contains("3") && !numbers.is_empty());
    }
}
