//! What the program makes of a table, for a person who looks at it before a profile is saved.

use std::collections::BTreeMap;

use domain::{Lang, Text};
use serde::Serialize;

use crate::{detect::Format, encoding::TextEncoding};

use super::{
    day::DayOrder,
    draft::{Draft, Origin},
    field::Field,
    number::DecimalSign,
    profile::{Answers, PROFILE_VERSION, SignRule, TableProfile},
    words::Meaning,
};

/// Rows of a file that a preview shows.
pub const PREVIEW_ROWS: usize = 20;

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PreviewColumn {
    /// Counted from 1.
    pub number: usize,
    pub header: String,
    /// What it is read as.
    pub field: Option<Field>,
    pub reason: Text,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Preview {
    /// `None`: no table.
    pub format: Option<Format>,
    pub encoding: Option<TextEncoding>,
    pub delimiter: Option<char>,
    /// The sheet of a workbook.
    pub sheet: Option<String>,
    /// The header's first line, counted from 1.
    pub header_line: Option<u64>,
    pub header_rows: usize,
    pub columns: Vec<PreviewColumn>,
    pub dates: Option<DayOrder>,
    pub decimal: Option<DecimalSign>,
    pub sign: Option<SignRule>,
    pub accounts: Vec<String>,
    /// Entries that the table seems to have.
    pub entries: u64,
    /// The profile that was used.
    pub profile: Option<String>,
    /// The first rows as they are cut into cells, each with its line.
    pub rows: Vec<(u64, Vec<String>)>,
    /// What only a person can say; empty where the table is understood.
    pub uncertain: Vec<Text>,
    #[serde(skip)]
    header: Vec<String>,
    #[serde(skip)]
    named: BTreeMap<Field, String>,
}

impl Preview {
    pub(super) fn of_no_table(format: Option<Format>) -> Self {
        let what = format.map_or_else(
            || Text::new("это не таблица", "this is no table"),
            |format| {
                Text::new(
                    format!("это не таблица, а {}", format.name()),
                    format!("this is no table, it is {}", format.name()),
                )
            },
        );
        Self {
            format: None,
            encoding: None,
            delimiter: None,
            sheet: None,
            header_line: None,
            header_rows: 0,
            columns: Vec::new(),
            dates: None,
            decimal: None,
            sign: None,
            accounts: Vec::new(),
            entries: 0,
            profile: None,
            rows: Vec::new(),
            uncertain: vec![what],
            header: Vec::new(),
            named: BTreeMap::new(),
        }
    }

    /// What was understood, to be used for files with this header. `None` where something is uncertain.
    #[must_use]
    pub fn profile(&self, name: &str, answers: &Answers) -> Option<TableProfile> {
        if !self.uncertain.is_empty() || self.header.is_empty() {
            return None;
        }
        Some(TableProfile {
            version: PROFILE_VERSION,
            name: name.to_owned(),
            header: self.header.clone(),
            header_rows: self.header_rows,
            delimiter: self.delimiter,
            // Marks and UTF-8 betray themselves.
            encoding: self
                .encoding
                .filter(|encoding| matches!(encoding, TextEncoding::Windows1251 | TextEncoding::Ibm866))
                .map(|encoding| encoding.name().to_owned()),
            answers: Answers {
                columns: self.named.clone(),
                dates: answers.dates.or(self.dates.filter(|order| *order != DayOrder::Open)),
                decimal: answers
                    .decimal
                    .or(self.decimal.filter(|decimal| *decimal != DecimalSign::Open)),
                sign: answers.sign.or(self.sign),
                account: answers.account.clone(),
                currency: answers.currency.clone(),
            },
        })
    }

    /// The columns that are not read, for a person to name.
    pub fn unread(&self, lang: Lang) -> impl Iterator<Item = (usize, &str, &str)> {
        self.columns
            .iter()
            .filter(|column| column.field.is_none())
            .map(move |column| (column.number, column.header.as_str(), column.reason.get(lang)))
    }
}

pub(super) fn of(format: Format, draft: Draft) -> Preview {
    let mut preview = Preview::of_no_table(None);
    preview.format = Some(format);
    preview.encoding = draft.encoding;
    preview.uncertain = draft
        .findings
        .iter()
        .filter(|finding| finding.severity == crate::Severity::Error)
        .map(|finding| finding.message.clone())
        .chain(draft.doubts.iter().map(|doubt| doubt.what.clone()))
        .collect();
    let start = draft
        .found
        .as_ref()
        .map_or(0, |found| found.header.end().saturating_sub(PREVIEW_ROWS / 2));
    preview.rows = draft
        .first
        .iter()
        .skip(start)
        .take(PREVIEW_ROWS)
        .map(|row| (row.line, row.cells.iter().map(|cell| cell.text.clone()).collect()))
        .collect();
    let Some(found) = draft.found else {
        return preview;
    };
    match &found.origin {
        Origin::Text { dialect, .. } => preview.delimiter = Some(char::from(dialect.delimiter)),
        Origin::Sheet { book, sheet } => preview.sheet = book.sheets.get(*sheet).map(|sheet| sheet.name.clone()),
    }
    let header = &found.header;
    preview.header_line = draft.first.get(header.first).map(|row| row.line);
    preview.header_rows = header.rows;
    preview.header = header.fingerprint();
    preview.entries = found.survey.entries;
    preview.profile = found.profile;
    if let Some(layout) = &draft.layout {
        preview.dates = Some(layout.days);
        preview.decimal = Some(layout.decimal);
        preview.sign = Some(layout.sign);
        preview.accounts = layout.accounts.iter().map(|account| account.number.clone()).collect();
        preview.named = layout
            .columns
            .iter()
            .map(|(field, at)| (*field, column_name(&preview.header, *at)))
            .collect();
    }
    preview.columns = header
        .texts
        .iter()
        .enumerate()
        .map(|(at, text)| {
            let chosen = draft
                .layout
                .as_ref()
                .and_then(|layout| layout.columns.iter().find(|(_, column)| **column == at));
            let (field, reason) = match (chosen, header.meanings[at]) {
                (Some((field, _)), _) => (
                    Some(*field),
                    Text::new("узнан по заголовку и содержимому", "known by its header and its cells"),
                ),
                (None, None) if text.is_empty() => (None, Text::new("без названия", "has no name")),
                (None, None) => (None, Text::new("название не узнано", "its name is not known")),
                (None, Some(Meaning::Nothing)) => (None, Text::new("для учёта не нужен", "of no use for the books")),
                (None, Some(Meaning::Is { field, .. })) if draft.layout.is_none() => {
                    (Some(field), Text::new("узнан по заголовку", "known by its header"))
                }
                (None, Some(_)) => (
                    None,
                    Text::new(
                        "есть лучший столбец, или неясно чей",
                        "there is a better one, or it is unclear whose it is",
                    ),
                ),
            };
            PreviewColumn {
                number: at + 1,
                header: text.clone(),
                field,
                reason,
            }
        })
        .collect();
    preview
}

/// The words of a header, or its number where two columns have the same words, or none.
fn column_name(header: &[String], at: usize) -> String {
    let words = &header[at];
    let same = header.iter().filter(|other| *other == words).count();
    if same == 1 && !words.is_empty() {
        words.clone()
    } else {
        format!("#{}", at + 1)
    }
}
