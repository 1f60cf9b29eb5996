//! The month that is paid for: «абонентская плата за март 2025», «аренда за 03.2025».
//!
//! It knows no invoices; a day («12 марта») is no month.

use crate::purpose::{FindingKind, Reading, month, placed_words};

/// A month; of which year is not always said.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Month {
    pub year: Option<i32>,
    /// 1 to 12.
    pub month: u32,
}

/// The months that the purpose names.
pub fn named(purpose: &str, reading: &Reading) -> Vec<Month> {
    let words = placed_words(purpose);
    let by_name = words.iter().enumerate().filter_map(|(at, word)| {
        let month = month(&word.folded)?;
        let before = at.checked_sub(1).map(|before| &words[before].folded);
        let is_day = before.is_some_and(|before| before.parse::<u32>().is_ok());
        (!is_day).then(|| Month {
            year: words.get(at + 1).and_then(|next| year(&next.folded)),
            month,
        })
    });
    let by_number = reading.of(FindingKind::Period).filter_map(|period| {
        let (month, of_year) = period.value.split_once(['.', '/'])?;
        let month = month.parse().ok().filter(|month| (1..=12).contains(month))?;
        Some(Month {
            year: Some(year(of_year)?),
            month,
        })
    });
    by_name.chain(by_number).collect()
}

fn year(text: &str) -> Option<i32> {
    text.parse().ok().filter(|year| (2000..2100).contains(year))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::purpose::read;

    #[test]
    fn a_month_is_named_by_its_name_or_number() {
        let months = |purpose: &str| -> Vec<(Option<i32>, u32)> {
            let named = named(purpose, &read(purpose));
            named.into_iter().map(|one| (one.year, one.month)).collect()
        };
        assert_eq!(months("Связь за МАРТ 2025 г."), [(Some(2025), 3)]);
        assert_eq!(months("аренда за май"), [(None, 5)]);
        assert_eq!(months("Аренда за 11.2024"), [(Some(2024), 11)]);
        assert_eq!(months("по акту от 12 марта 2025 г."), []);
        assert_eq!(months("за мартеновскую печь"), []);
    }
}
