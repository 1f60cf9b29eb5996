//! The month that is paid for: «абонентская плата за март 2025», «аренда за 03.2025».
//!
//! It knows no invoices; a day («12 марта») is no month.

use super::{
    Finding, FindingKind,
    tokens::{TokenKind, Tokens},
};

/// A month; of which year is not always said.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Month {
    pub year: Option<i32>,
    /// 1 to 12.
    pub month: u32,
}

/// The months that the purpose names.
pub fn named(tokens: &Tokens, findings: &[Finding]) -> Vec<Month> {
    let is_word = |at: &usize| matches!(tokens.list[*at].kind, TokenKind::Word | TokenKind::Number);
    let by_name = (0..tokens.list.len()).filter_map(|at| {
        let month = tokens.month_at(at)?;
        let before = (0..at).rev().find(is_word);
        let is_day = before.is_some_and(|before| tokens.text(before).parse::<u32>().is_ok());
        let next = (at + 1..tokens.list.len()).find(is_word);
        (!is_day).then(|| Month {
            year: next.and_then(|next| year(tokens.text(next))),
            month,
        })
    });
    let periods = findings.iter().filter(|finding| finding.kind == FindingKind::Period);
    let by_number = periods.filter_map(|period| {
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
    use crate::purpose::read;

    #[test]
    fn a_month_is_named_by_its_name_or_number() {
        let months = |purpose: &str| -> Vec<(Option<i32>, u32)> {
            let months = read(purpose).months;
            months.into_iter().map(|one| (one.year, one.month)).collect()
        };
        assert_eq!(months("Связь за МАРТ 2025 г."), [(Some(2025), 3)]);
        assert_eq!(months("аренда за май"), [(None, 5)]);
        assert_eq!(months("Аренда за 11.2024"), [(Some(2024), 11)]);
        assert_eq!(months("по акту от 12 марта 2025 г."), []);
        assert_eq!(months("за мартеновскую печь"), []);
    }
}
