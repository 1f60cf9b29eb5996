//! How much of a list one answer holds.

/// Rows of one page at the most.
pub const PAGE_ROWS_MAX: usize = 500;

/// 0 means as many as there may be.
pub(crate) fn rows(limit: u32) -> usize {
    match limit as usize {
        0 => PAGE_ROWS_MAX,
        limit => limit.min(PAGE_ROWS_MAX),
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_page_is_bounded() {
        assert_eq!([0, 1, 500, 501].map(super::rows), [500, 1, 500, 500]);
    }
}
