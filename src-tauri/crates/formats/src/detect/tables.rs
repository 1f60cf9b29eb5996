//! Tables of text, by their separators and by their headers.

use domain::Text;

use crate::table::TableProfile;

use super::{Detection, Format};

/// The same separator, as often, in the first lines.
pub(super) fn by_csv(lines: &[&str]) -> Option<Detection> {
    let head = lines.get(..lines.len().min(5)).filter(|head| head.len() >= 2)?;
    let even = |separator: char| {
        let counts: Vec<usize> = head.iter().map(|line| line.matches(separator).count()).collect();
        counts[0] >= 2 && counts.iter().all(|count| *count == counts[0])
    };
    let separator = [';', '\t', ','].into_iter().find(|separator| even(*separator))?;
    let reason = Text::new(
        format!("строки с разделителем «{separator}»"),
        format!("lines separated by «{separator}»"),
    );
    Some(Detection::is(Format::Csv, reason))
}

/// A table after a preamble: some line names columns of dates and of sums, or is the header of a saved profile.
pub(super) fn by_header(prefix: &[u8], profiles: &[TableProfile]) -> Option<Detection> {
    let reason = Text::new(
        "есть строка с названиями столбцов выписки",
        "a line names the columns of a statement",
    );
    crate::table::has_header(prefix, profiles).then(|| Detection::is(Format::Csv, reason))
}
