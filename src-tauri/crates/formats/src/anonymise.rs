//! A sample of a bank's file that may be shown to strangers: names, accounts, tax numbers, purposes and ways to reach
//! somebody are replaced; sums, days, numbers of documents, encoding, line ends and everything else stay, byte by byte.
//!
//! Formats find the pieces (by the keys of 1C, the tags of SWIFT, the elements of camt, the keys of JSON, the header of a
//! table); one engine learns from all of them which words are names and which numbers accounts, and then replaces each by
//! an invented one of its shape, the same throughout the file. The seed comes from outside: the same seed and file give
//! the same sample. It does not understand what it replaces, and reads no statement.

mod details;
mod folded;
mod identifiers;
mod invent;
mod json;
mod onec;
mod piece;
mod raw;
mod rewrite;
mod substitutes;
mod swift;
mod table;
mod tokens;
mod vocabulary;
mod xml;

use std::{collections::BTreeMap, io::Cursor};

use domain::Text;

use crate::{
    detect::{Format, PREFIX_BYTES, detect},
    encoding::TextEncoding,
    reading::Options,
};

pub use substitutes::Replaced;

use piece::{Form, Manner, Piece};
use raw::{Decoded, Edit};
use rewrite::{applied, rewritten};
use substitutes::Substitutes;

/// A sample is for a person to look at, and the whole of it is held in memory several times over.
pub const SAMPLE_BYTES_MAX: usize = 16 * 1024 * 1024;
/// A longer stretch is treated in parts, so that what is known of its words and signs does not grow with the file.
const STRETCH_BYTES_MAX: usize = 64 * 1024;
/// Inventions, until one is read in the encoding of the original.
const ATTEMPTS_MAX: u64 = 5;

/// A file that can be shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sample {
    pub bytes: Vec<u8>,
    /// `None`: a text of no known format.
    pub format: Option<Format>,
    /// In how many places.
    pub replaced: BTreeMap<Replaced, u64>,
}

/// Why a file is not made a sample of.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CannotAnonymise {
    #[error("the file is no text: {}", .0.en)]
    NotAText(Text),
    #[error("there is nothing in the file")]
    Empty,
    #[error("the file is larger than {SAMPLE_BYTES_MAX} bytes")]
    TooLarge,
}

impl CannotAnonymise {
    #[must_use]
    pub fn text(&self) -> Text {
        match self {
            Self::NotAText(what) => Text::new(
                format!("в этом файле не заменить имена и счета: {}", what.ru),
                format!("names and accounts cannot be replaced in this file: {}", what.en),
            ),
            Self::Empty => Text::new("в файле ничего нет", "there is nothing in the file"),
            Self::TooLarge => {
                let megabytes = SAMPLE_BYTES_MAX / 1024 / 1024;
                Text::new(
                    format!("файл больше {megabytes} МБ: для образца это много"),
                    format!("the file is larger than {megabytes} MB: too much for a sample"),
                )
            }
        }
    }

    #[must_use]
    pub fn remedy(&self) -> Text {
        match self {
            Self::NotAText(_) => Text::new(
                "пришлите выписку в текстовом виде: 1С, MT940, camt (XML), CSV или JSON; таблицу Excel сохраните как CSV, \
                 архив распакуйте; этот файл не отправляйте",
                "send the statement as a text: 1C, MT940, camt (XML), CSV or JSON; save a workbook of Excel as CSV, unpack \
                 an archive; do not send this file",
            ),
            Self::Empty => Text::new(
                "выгрузите выписку из банка ещё раз",
                "export the statement from the bank again",
            ),
            Self::TooLarge => Text::new(
                "выгрузите выписку за день или неделю и обезличьте её",
                "export the statement of a day or a week and anonymise that",
            ),
        }
    }
}

/// # Errors
/// A picture, an archive, a workbook: nothing whose text could be treated; an empty file; one over [`SAMPLE_BYTES_MAX`].
pub fn anonymise(bytes: &[u8], seed: u64) -> Result<Sample, CannotAnonymise> {
    if bytes.len() > SAMPLE_BYTES_MAX {
        return Err(CannotAnonymise::TooLarge);
    }
    let prefix = usize::try_from(PREFIX_BYTES).map_or(bytes, |limit| &bytes[..limit.min(bytes.len())]);
    let detection = detect(prefix);
    if detection.is_empty() {
        return Err(CannotAnonymise::Empty);
    }
    if !detection.is_text() {
        return Err(CannotAnonymise::NotAText(detection.reason));
    }
    let encoding = encoding_of(bytes);
    let decoded = Decoded::of(bytes, encoding, detection.format);
    if decoded.text.contains('\0') && detection.format.is_none() {
        return Err(CannotAnonymise::NotAText(Text::new(
            "в нём не текст",
            "it holds no text",
        )));
    }
    let pieces = match detection.format {
        Some(Format::Onec) => onec::pieces(&decoded.text),
        Some(Format::Mt940 | Format::Mt942) => swift::pieces(&decoded.text),
        Some(Format::Camt) => xml::pieces(&decoded.text),
        Some(Format::Json) => json::pieces(&decoded.text),
        Some(Format::Csv) => table::pieces(&decoded.text),
        Some(Format::Xlsx) => return Err(CannotAnonymise::NotAText(detection.reason)),
        None => vec![Piece::plain(0..decoded.text.len(), Manner::Purpose)],
    };
    let pieces: Vec<Piece> = pieces
        .into_iter()
        .flat_map(|piece| parts(&decoded.text, piece))
        .collect();
    let mut sample = sample_of(&decoded, &pieces, detection.format, seed);
    // A few letters beyond ASCII may come out as likelier letters of another encoding.
    for attempt in 1..ATTEMPTS_MAX {
        if encoding_of(&sample.bytes) == encoding {
            break;
        }
        sample = sample_of(&decoded, &pieces, detection.format, seed ^ (attempt << 32));
    }
    Ok(sample)
}

/// What the reader takes the letters for, where that is any question.
fn encoding_of(bytes: &[u8]) -> Option<TextEncoding> {
    if std::str::from_utf8(bytes).is_ok() {
        return None;
    }
    // A source in memory gives no errors.
    crate::open(Cursor::new(bytes), &Options::default()).ok()?.encoding()
}

fn sample_of(decoded: &Decoded<'_>, pieces: &[Piece], format: Option<Format>, seed: u64) -> Sample {
    let mut known = Substitutes::new(seed);
    let whole = 0..decoded.text.len();
    for stretch in parts(&decoded.text, Piece::plain(whole, Manner::Loose)) {
        known.avoid(&decoded.text[stretch.range]);
    }
    for piece in pieces {
        let read = piece.form.read(&decoded.text[piece.range.clone()]);
        known.learn(&read, &piece.manner);
    }
    let mut edits = Vec::new();
    for piece in pieces {
        treat(piece, &decoded.text[piece.range.clone()], &mut known, &mut edits);
    }
    Sample {
        bytes: decoded.with(&edits),
        format,
        replaced: known.counts,
    }
}

/// A piece as it is, or in parts between its lines or words. What has escapes is left whole, lest one be cut.
fn parts(text: &str, piece: Piece) -> Vec<Piece> {
    let mut parts = Vec::new();
    let mut start = piece.range.start;
    while piece.form == Form::Plain && piece.range.end - start > STRETCH_BYTES_MAX {
        let limit = text.floor_char_boundary(start + STRETCH_BYTES_MAX);
        let near = &text[start..limit];
        let end = near
            .rfind(['\n', '\r'])
            .or_else(|| near.rfind(char::is_whitespace))
            .filter(|at| *at > 0);
        let end = end.map_or(limit, |at| start + at);
        parts.push(Piece::plain(start..end, piece.manner.clone()));
        start = end;
    }
    parts.push(Piece {
        range: start..piece.range.end,
        ..piece
    });
    parts
}

fn treat(piece: &Piece, written: &str, known: &mut Substitutes, edits: &mut Vec<Edit>) {
    let read = piece.form.read(written);
    let found = rewritten(&read, &piece.manner, known);
    let start = piece.range.start;
    if matches!(read, std::borrow::Cow::Borrowed(_)) {
        let moved = found.into_iter().map(|edit| Edit {
            range: start + edit.range.start..start + edit.range.end,
            text: edit.text,
        });
        edits.extend(moved);
    } else if !found.is_empty() {
        edits.push(Edit {
            range: piece.range.clone(),
            text: piece.form.write(&applied(&read, &found), written),
        });
    }
}

/// What is called so: a column of a table, a key of JSON. `None`: the name says nothing.
fn of_name(name: &str) -> Option<Manner> {
    let name = vocabulary::folded(name);
    let says = |words: &[&str]| words.iter().any(|word| name.contains(word));
    let is = |words: &[&str]| {
        name.split(|it: char| !it.is_alphanumeric())
            .any(|word| words.contains(&word))
    };
    Some(match () {
        () if says(&["инн", "taxid", "tax_id", "taxnumber"]) || is(&["inn"]) || name.ends_with("inn") => Manner::Inn,
        () if says(&["кпп"]) || is(&["kpp"]) || name.ends_with("kpp") => Manner::Kpp,
        () if says(&[
            "назначение",
            "purpose",
            "описание",
            "descr",
            "details",
            "narrative",
            "примечан",
            "комментар",
            "comment",
            "основание",
        ]) =>
        {
            Manner::Purpose
        }
        () if says(&[
            "бик",
            "bic",
            "swift",
            "валют",
            "currency",
            "сумм",
            "amount",
            "остат",
            "balance",
            "дата",
            "date",
            "статус",
            "status",
        ]) || is(&["bik"]) =>
        {
            Manner::Reference
        }
        () if says(&["банк", "bank"]) && !says(&["account", "счет"]) => Manner::Bank,
        () if says(&["телефон", "phone", "mail", "почт"]) => Manner::Contact,
        () if says(&["кор", "corr"]) && says(&["счет", "account"]) => Manner::Account { bik: None },
        () if says(&[
            "наименование",
            "контрагент",
            "корреспондент",
            "плательщик",
            "получатель",
            "отправитель",
            "клиент",
            "фио",
            "владелец",
            "адрес",
        ]) && !says(&["счет"]) =>
        {
            Manner::Name
        }
        () if says(&["iban", "pan"])
            || (says(&["счет", "account", "acct"]) && !says(&["name", "type", "status"]))
            || is(&["р", "рс", "acc"]) =>
        {
            Manner::Account { bik: None }
        }
        () if says(&[
            "name",
            "payer",
            "payee",
            "recipient",
            "counterparty",
            "beneficiary",
            "debtor",
            "creditor",
            "address",
            "owner",
            "holder",
        ]) && !says(&["file", "type"]) =>
        {
            Manner::Name
        }
        () => return None,
    })
}
