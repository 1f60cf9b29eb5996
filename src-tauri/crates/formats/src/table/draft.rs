//! A table before its entries are read: where the header was found, what the survey said, what was decided.

use std::{
    io::{self, BufRead},
    rc::Rc,
};

use domain::Text;

use crate::{
    detect::{Format, PREFIX_BYTES},
    diagnostic::{Code, Diagnostic, Place},
    encoding::{LineDecoder, TextEncoding},
    reading::{Bytes, Options, Refused, Source, text_of},
};

use super::{
    csv::{self, CsvRows, DELIMITERS, Dialect},
    decide::{self, Known},
    entries::Entries,
    header::{self, HEADER_SEARCH_ROWS, Header},
    layout::{Doubt, Layout},
    preview::PREVIEW_ROWS,
    profile::{Answers, TableProfile},
    row::{Row, Rows},
    running,
    survey::{self, Survey},
    xlsx::{self, Book, Broken, SheetRows},
};

/// First rows that are held in memory: the header is among them, and some entries for the preview.
const FIRST_ROWS: usize = HEADER_SEARCH_ROWS + PREVIEW_ROWS;

/// Where the rows are.
pub(super) enum Origin {
    Text { dialect: Dialect, decoder: LineDecoder },
    Sheet { book: Rc<Book>, sheet: usize },
}

pub(super) struct Found {
    pub(super) origin: Origin,
    pub(super) header: Header,
    pub(super) survey: Survey,
    pub(super) profile: Option<String>,
}

pub(super) struct Draft {
    pub(super) encoding: Option<TextEncoding>,
    pub(super) first: Vec<Row>,
    pub(super) found: Option<Found>,
    pub(super) layout: Option<Layout>,
    pub(super) doubts: Vec<Doubt>,
    /// Told before anything else.
    pub(super) findings: Vec<Diagnostic>,
}

impl Draft {
    fn without_header(encoding: Option<TextEncoding>, first: Vec<Row>, findings: Vec<Diagnostic>) -> Self {
        let doubt = Doubt::new(
            "где заголовок таблицы: строки с названиями столбцов даты и суммы не видно",
            "where the header is: no row names a column of dates and one of sums",
            "",
        );
        Self {
            encoding,
            first,
            found: None,
            layout: None,
            doubts: if findings.is_empty() { vec![doubt] } else { Vec::new() },
            findings,
        }
    }

    /// The questions as diagnostics.
    fn asked(&self) -> Vec<Diagnostic> {
        let place = self
            .found
            .as_ref()
            .and_then(|found| self.first.get(found.header.first))
            .map_or(Place::WHOLE_FILE, |row| Place::line(row.line));
        let ask = |doubt: &Doubt| {
            let option = if doubt.answer.is_empty() {
                String::new()
            } else {
                format!(" {}", doubt.answer)
            };
            Diagnostic::new(Code::TableAsk, place, "", &[doubt.what.clone(), Text::same(option)])
        };
        self.findings
            .iter()
            .cloned()
            .chain(self.doubts.iter().map(ask))
            .collect()
    }

    pub(super) fn source<'a>(self, bytes: Box<dyn Bytes + 'a>, prefix: &[u8]) -> io::Result<Box<dyn Source + 'a>> {
        let asked = self.asked();
        let (Some(found), Some(layout)) = (self.found, self.layout) else {
            return Ok(Box::new(Refused::because(asked)));
        };
        let rows: Box<dyn Rows + 'a> = match found.origin {
            Origin::Text { dialect, decoder } => {
                Box::new(CsvRows::new(text_of(bytes, prefix)?, dialect, decoder).telling())
            }
            Origin::Sheet { book, sheet } => match SheetRows::new(bytes, book, sheet)? {
                Some(rows) => Box::new(rows),
                None => return Ok(Box::new(Refused::because(asked))),
            },
        };
        Ok(Box::new(Entries::new(rows, layout, self.findings)))
    }
}

/// `answers`: of a person who makes a profile; without them a saved profile of the same header speaks.
pub(super) fn draft(
    format: Format,
    bytes: &mut Box<dyn Bytes + '_>,
    prefix: &[u8],
    options: &Options,
    answers: Option<&Answers>,
) -> io::Result<Draft> {
    let mut draft = match format {
        Format::Xlsx => of_book(bytes, options, answers)?,
        _ => of_text(bytes, prefix, options, answers)?,
    };
    if let (Some(layout), Some(found)) = (&mut draft.layout, &draft.found)
        && let Some(doubt) = running::settle(layout, &found.survey, &mut draft.findings)
    {
        // Whoever named the columns by a profile has decided that.
        if answers.is_none() && found.profile.is_none() {
            draft.doubts.push(doubt);
            draft.layout = None;
        }
    }
    Ok(draft)
}

/// Answers to go by: those given, else those of the profile.
fn answers_of<'a>(given: Option<&'a Answers>, profile: Option<&'a TableProfile>) -> Answers {
    given
        .or(profile.map(|profile| &profile.answers))
        .cloned()
        .unwrap_or_default()
}

fn profile_note(profile: Option<&TableProfile>) -> Vec<Diagnostic> {
    let note = profile.map(|profile| {
        Diagnostic::new(
            Code::TableProfile,
            Place::WHOLE_FILE,
            "",
            &[Text::same(profile.name.as_str())],
        )
    });
    note.into_iter().collect()
}

/// A way to cut a text into rows, its first rows, their header, and the profile that knows it.
type TextHeader<'p> = (Dialect, LineDecoder, Vec<Row>, Header, Option<&'p TableProfile>);

/// The best header among the ways to cut a text into rows.
fn text_header<'p>(prefix: &[u8], profiles: &'p [TableProfile], answers: Option<&Answers>) -> Option<TextHeader<'p>> {
    let cut = prefix.len() as u64 >= PREFIX_BYTES;
    let mut decoders = vec![LineDecoder::tentative(prefix)];
    let named = profiles
        .iter()
        .filter_map(|profile| TextEncoding::of_name(profile.encoding.as_deref()?));
    decoders.extend(named.map(|encoding| LineDecoder::with_legacy(prefix, encoding)));
    let fit = |header: &Header| {
        let named = answers.is_some_and(|answers| !answers.columns.is_empty() && header::is_named(header, answers));
        (named, header.known)
    };
    let mut best: Option<TextHeader<'_>> = None;
    for decoder in decoders {
        for delimiter in DELIMITERS {
            let dialect = Dialect {
                delimiter,
                quoting: true,
            };
            let first = csv::first_rows(prefix, cut, dialect, decoder, FIRST_ROWS);
            let of_profile = header::find_by_profile(&first, profiles)
                .filter(|(_, profile)| profile.delimiter.is_none_or(|of| of == char::from(delimiter)));
            if let Some((header, profile)) = of_profile {
                return Some((dialect, decoder, first, header, Some(profile)));
            }
            if let Some(header) = header::find_answered(&first, answers)
                && best.as_ref().is_none_or(|best| fit(&header) > fit(&best.3))
            {
                best = Some((dialect, decoder, first, header, None));
            }
        }
    }
    best
}

/// Whether some line is the header of a table, or one that a profile was saved for.
pub(super) fn has_header(prefix: &[u8], profiles: &[TableProfile]) -> bool {
    text_header(prefix, profiles, None).is_some()
}

fn of_text(
    bytes: &mut Box<dyn Bytes + '_>,
    prefix: &[u8],
    options: &Options,
    answers: Option<&Answers>,
) -> io::Result<Draft> {
    let profiles = if answers.is_some() { &[][..] } else { &options.profiles };
    let Some((mut dialect, decoder, mut first, mut header, profile)) = text_header(prefix, profiles, answers) else {
        let first = csv::first_rows(
            prefix,
            true,
            Dialect {
                delimiter: b';',
                quoting: true,
            },
            LineDecoder::tentative(prefix),
            PREVIEW_ROWS,
        );
        let encoding = text_encoding(prefix);
        return Ok(Draft::without_header(Some(encoding), first, Vec::new()));
    };
    let answers = answers_of(answers, profile);
    let (answered, mut doubts) = decide::answered(header, &answers);
    header = answered;
    let (mut survey, mut tally) = survey_text(bytes, prefix, dialect, decoder, &header)?;
    let mut findings = profile_note(profile);
    findings.extend(decoder.remark());
    if survey.swallowed > 0 {
        // Quotes that do not pair have swallowed rows: without them every row may be whole.
        let plain = Dialect {
            quoting: false,
            ..dialect
        };
        let (other, other_tally) = survey_text(bytes, prefix, plain, decoder, &header)?;
        let width = header.texts.len();
        let odd = other.widths.keys().any(|cells| *cells != width);
        if !odd && other.entries >= survey.entries {
            (dialect, survey, tally) = (plain, other, other_tally);
            first = csv::first_rows(prefix, true, plain, decoder, FIRST_ROWS);
            findings.push(Diagnostic::new(Code::TableQuotesOff, Place::WHOLE_FILE, "", &[]));
        }
    }
    let settled = decoder.settled(tally);
    let known = Known {
        header: &header,
        survey: &survey,
        answers: &answers,
        options,
        has_widths: true,
    };
    let (layout, more) = decide::decide(&known);
    doubts.extend(more);
    Ok(Draft {
        encoding: Some(settled.encoding),
        first,
        layout: layout.filter(|_| doubts.is_empty()),
        doubts,
        findings,
        found: Some(Found {
            origin: Origin::Text {
                dialect,
                decoder: settled,
            },
            header,
            survey,
            profile: profile.map(|profile| profile.name.clone()),
        }),
    })
}

fn text_encoding(prefix: &[u8]) -> TextEncoding {
    let legacy = || match std::str::from_utf8(prefix) {
        Err(error) if error.error_len().is_some() => TextEncoding::legacy_of(prefix),
        _ => TextEncoding::Utf8,
    };
    TextEncoding::of_mark(prefix).map_or_else(legacy, |(encoding, _)| encoding)
}

fn survey_text(
    bytes: &mut Box<dyn Bytes + '_>,
    prefix: &[u8],
    dialect: Dialect,
    decoder: LineDecoder,
    header: &Header,
) -> io::Result<(Survey, crate::encoding::Tally)> {
    let text: Box<dyn BufRead + '_> = text_of(bytes, prefix)?;
    let mut rows = CsvRows::new(text, dialect, decoder);
    let survey = survey::survey(&mut rows, header)?;
    Ok((survey, rows.tally))
}

fn of_book(bytes: &mut Box<dyn Bytes + '_>, options: &Options, answers: Option<&Answers>) -> io::Result<Draft> {
    let book = match xlsx::open(bytes) {
        Ok(book) => Rc::new(book),
        Err(Broken::Source(error)) => return Err(error),
        Err(Broken::File(why)) => return Ok(Draft::without_header(None, Vec::new(), vec![*why])),
    };
    let profiles = if answers.is_some() { &[][..] } else { &options.profiles };
    let mut tables = Vec::new();
    let (mut shown, mut findings) = (Vec::new(), Vec::new());
    for sheet in 0..book.sheets.len() {
        let Some(mut rows) = SheetRows::new(&mut *bytes, Rc::clone(&book), sheet)? else {
            continue;
        };
        let mut first = Vec::new();
        let mut row = Row::default();
        while first.len() < FIRST_ROWS && rows.read(&mut row)? {
            first.push(std::mem::take(&mut row));
        }
        findings.extend(rows.findings());
        let found = header::find_by_profile(&first, profiles)
            .map(|(header, profile)| (header, Some(profile)))
            .or_else(|| header::find_answered(&first, answers).map(|header| (header, None)));
        match found {
            Some((header, profile)) => tables.push((sheet, first, header, profile)),
            None if shown.is_empty() => shown = first,
            None => {}
        }
    }
    // A sheet whose header has nothing under it is a form, if another one has.
    if tables.len() > 1 {
        tables.retain(|(_, first, header, _)| first.len() > header.end());
    }
    let names: Vec<String> = tables
        .iter()
        .map(|(sheet, ..)| format!("«{}»", book.sheets[*sheet].name))
        .collect();
    let Some((sheet, first, header, profile)) = tables.into_iter().next() else {
        return Ok(Draft::without_header(None, shown, findings));
    };
    let answers = answers_of(answers, profile);
    let (header, mut doubts) = decide::answered(header, &answers);
    if names.len() > 1 {
        doubts.push(Doubt::new(
            format!("какой из листов — выписка: {}", names.join(", ")),
            format!("which of the sheets is the statement: {}", names.join(", ")),
            "",
        ));
    }
    let survey = match SheetRows::new(&mut *bytes, Rc::clone(&book), sheet)? {
        Some(mut rows) => survey::survey(&mut rows, &header)?,
        None => Survey::default(),
    };
    let known = Known {
        header: &header,
        survey: &survey,
        answers: &answers,
        options,
        has_widths: false,
    };
    let (layout, more) = decide::decide(&known);
    doubts.extend(more);
    Ok(Draft {
        encoding: None,
        first,
        layout: layout.filter(|_| doubts.is_empty()),
        doubts,
        findings: profile_note(profile),
        found: Some(Found {
            origin: Origin::Sheet { book, sheet },
            header,
            survey,
            profile: profile.map(|profile| profile.name.clone()),
        }),
    })
}
