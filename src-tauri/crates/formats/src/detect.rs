//! What kind of file it is, by its first bytes. Names and extensions lie; bytes do not.

mod foreign;
mod name;
mod tables;

use std::borrow::Cow;

use domain::Text;
use encoding_rs::{UTF_16BE, UTF_16LE};
use serde::Serialize;

use crate::{
    diagnostic::{Code, Diagnostic, Place},
    encoding::TextEncoding,
    onec::{Keyword, normalised},
    table::TableProfile,
};

use tables::{by_csv, by_header};

/// How much of a file is enough.
pub const PREFIX_BYTES: u64 = 64 * 1024;
/// Lines looked at for the signs of a text format.
const LINES_MAX: usize = 60;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Format {
    Onec,
    Mt940,
    Mt942,
    Camt,
    Json,
    Csv,
    Xlsx,
}

impl Format {
    pub const ALL: [Self; 7] = [
        Self::Onec,
        Self::Mt940,
        Self::Mt942,
        Self::Camt,
        Self::Json,
        Self::Csv,
        Self::Xlsx,
    ];

    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Onec => "onec",
            Self::Mt940 => "mt940",
            Self::Mt942 => "mt942",
            Self::Camt => "camt",
            Self::Json => "json",
            Self::Csv => "csv",
            Self::Xlsx => "xlsx",
        }
    }

    #[must_use]
    pub fn of_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|format| format.name() == name)
    }

    /// As people call it.
    #[must_use]
    pub fn title(self) -> Text {
        match self {
            Self::Onec => Text::new("1С", "1C"),
            Self::Mt940 => Text::same("SWIFT MT940"),
            Self::Mt942 => Text::same("SWIFT MT942"),
            Self::Camt => Text::same("ISO 20022 camt"),
            Self::Json => Text::same("JSON"),
            Self::Csv => Text::same("CSV"),
            Self::Xlsx => Text::same("Excel (xlsx)"),
        }
    }

    /// Extensions that files of this format may well have.
    fn usual_extensions(self) -> &'static [&'static str] {
        match self {
            Self::Onec => &["txt"],
            Self::Mt940 | Self::Mt942 => &["txt", "sta", "mt940", "mt942", "940", "942"],
            Self::Camt => &["xml", "zip"],
            Self::Json => &["json", "txt"],
            Self::Csv => &["csv", "tsv", "txt"],
            Self::Xlsx => &["xlsx"],
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Verdict {
    Is(Format),
    /// A person said so.
    Named(Format),
    Empty {
        /// There are bytes, all of them zero: the disk's place for a file that was never written.
        zeros: bool,
    },
    /// A zip; what is inside counts.
    Archive,
    NotAStatement {
        remedy: Text,
        /// Extensions such files have.
        usual: &'static [&'static str],
    },
    Unknown {
        text: bool,
    },
}

/// What a file is, and by what that is known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Detection {
    pub format: Option<Format>,
    pub reason: Text,
    verdict: Verdict,
}

impl Detection {
    pub(crate) fn forced(format: Format) -> Self {
        Self {
            format: Some(format),
            reason: Text::new("формат указан человеком", "the format was named by a person"),
            verdict: Verdict::Named(format),
        }
    }

    fn is(format: Format, reason: Text) -> Self {
        Self {
            format: Some(format),
            reason,
            verdict: Verdict::Is(format),
        }
    }

    fn not_a_statement(what: Text, remedy: Text) -> Self {
        Self {
            format: None,
            reason: what,
            verdict: Verdict::NotAStatement { remedy, usual: &[] },
        }
    }

    /// With the extensions such files have.
    fn usually(mut self, extensions: &'static [&'static str]) -> Self {
        if let Verdict::NotAStatement { usual, .. } = &mut self.verdict {
            *usual = extensions;
        }
        self
    }

    /// Why the file is not read.
    pub(crate) fn refusal(&self) -> Diagnostic {
        let (code, details) = match &self.verdict {
            Verdict::Archive => (Code::ArchiveDamaged, Vec::new()),
            Verdict::Empty { zeros: false } => (Code::FormatEmpty, vec![Text::same("")]),
            Verdict::Empty { zeros: true } => {
                let zeros = Text::new(
                    " (одни нули: его не дописали)",
                    " (nothing but zeros: it was never written to the end)",
                );
                (Code::FormatEmpty, vec![zeros])
            }
            Verdict::NotAStatement { remedy, .. } => {
                (Code::FormatNotAStatement, vec![self.reason.clone(), remedy.clone()])
            }
            // A known format is read and never refused.
            Verdict::Unknown { .. } | Verdict::Is(_) | Verdict::Named(_) => (Code::FormatUnknown, Vec::new()),
        };
        Diagnostic::new(code, Place::WHOLE_FILE, "", &details)
    }

    /// A text with no sign of any format may be a table whose header a person has explained.
    pub(crate) fn or_known_table(self, prefix: &[u8], profiles: &[TableProfile]) -> Self {
        let unknown_text = self.verdict == Verdict::Unknown { text: true } && !profiles.is_empty();
        let table = unknown_text.then(|| by_header(prefix, profiles)).flatten();
        table.unwrap_or(self)
    }

    pub(crate) fn is_empty(&self) -> bool {
        matches!(self.verdict, Verdict::Empty { .. })
    }

    pub(crate) fn is_text(&self) -> bool {
        match &self.verdict {
            Verdict::Is(format) | Verdict::Named(format) => *format != Format::Xlsx,
            Verdict::Unknown { text } => *text,
            Verdict::Empty { .. } | Verdict::Archive | Verdict::NotAStatement { .. } => false,
        }
    }

    /// A zip that is no document of its own: what is inside counts.
    pub(crate) fn is_archive(&self) -> bool {
        self.verdict == Verdict::Archive
    }

    pub(crate) fn workbook() -> Self {
        Self::is(Format::Xlsx, Text::new("книга Excel", "an Excel workbook"))
    }
}

/// By the first [`PREFIX_BYTES`] of a file, or all of a shorter one.
#[must_use]
pub fn detect(prefix: &[u8]) -> Detection {
    if let Some(detection) = by_magic(prefix) {
        return detection;
    }
    let bytes = prefix;
    let text = text_of(prefix);
    let text = text.trim_start_matches(['\u{feff}', '\0']).trim_start();
    if text.is_empty() {
        return Detection {
            format: None,
            reason: Text::new("в файле ничего нет", "there is nothing in the file"),
            verdict: Verdict::Empty {
                zeros: prefix.contains(&0),
            },
        };
    }
    by_text(text).or_else(|| by_header(bytes, &[])).unwrap_or_else(|| {
        let text = !text.contains('\0');
        Detection {
            format: None,
            reason: Text::new("нет признаков ни одного формата", "no signs of any format"),
            verdict: Verdict::Unknown { text },
        }
    })
}

fn by_magic(prefix: &[u8]) -> Option<Detection> {
    let image = || Text::new("картинка", "a picture");
    let ask = || {
        Text::new(
            "выгрузите выписку из банк-клиента в формате «1С» (kl_to_1c.txt)",
            "export the statement from the bank client in the 1C format (kl_to_1c.txt)",
        )
    };
    let unpack = || {
        Text::new(
            "распакуйте архив и положите в папку файл выписки",
            "unpack the archive and put the statement itself into the folder",
        )
    };
    let archive = |kind: &str| Text::new(format!("архив {kind}"), format!("an archive ({kind})"));
    let (what, remedy, usual): (Text, Text, &'static [&'static str]) = match prefix {
        [b'P', b'K', 3, 4, ..] | [b'P', b'K', 5, 6, ..] => return Some(by_zip(prefix, archive("zip"))),
        [b'%', b'P', b'D', b'F', ..] => (Text::new("документ PDF", "a PDF document"), ask(), &["pdf"]),
        [0x89, b'P', b'N', b'G', ..] => (image(), ask(), &["png"]),
        [0xFF, 0xD8, 0xFF, ..] => (image(), ask(), &["jpg", "jpeg"]),
        [b'G', b'I', b'F', b'8', ..] => (image(), ask(), &["gif"]),
        [b'I', b'I', b'*', 0, ..] | [b'M', b'M', 0, b'*', ..] => (image(), ask(), &["tif", "tiff"]),
        [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => (image(), ask(), &["webp"]),
        [b'B', b'M', _, _, _, _, 0, 0, 0, 0, ..] => (image(), ask(), &["bmp"]),
        [0x1F, 0x8B, ..] => (archive("gzip"), unpack(), &["gz"]),
        [b'7', b'z', 0xBC, 0xAF, ..] => (archive("7z"), unpack(), &["7z"]),
        [b'R', b'a', b'r', b'!', ..] => (archive("rar"), unpack(), &["rar"]),
        [0xD0, 0xCF, 0x11, 0xE0, ..] => old_office(prefix, ask()),
        [b'{', b'\\', b'r', b't', b'f', ..] => (Text::new("текст RTF", "an RTF text"), ask(), &["rtf", "doc"]),
        [b'M', b'Z', _, 0, ..] | [0x7F, b'E', b'L', b'F', ..] => (
            Text::new("программа", "a program"),
            Text::new(
                "не запускайте её и спросите того, кто её прислал",
                "do not run it and ask who sent it",
            ),
            &["exe", "com", "scr"],
        ),
        _ => return None,
    };
    Some(Detection::not_a_statement(what, remedy).usually(usual))
}

/// Excel, Word and Outlook before 2007 keep their streams in one kind of container, named in UTF-16.
fn old_office(prefix: &[u8], ask: Text) -> (Text, Text, &'static [&'static str]) {
    let names = |name: &str| {
        let wide: Vec<u8> = name.encode_utf16().flat_map(u16::to_le_bytes).collect();
        prefix.windows(wide.len()).any(|bytes| bytes == wide)
    };
    let resave = Text::new(
        "откройте файл в Excel и сохраните как книгу .xlsx или выгрузите выписку в формате «1С»",
        "open the file in Excel and save it as a workbook (.xlsx), or export the statement in the 1C format",
    );
    if names("Workbook") {
        return (
            Text::new("книга Excel старого образца (xls)", "a workbook of old Excel (xls)"),
            resave,
            &["xls"],
        );
    }
    if names("WordDocument") {
        return (
            Text::new("документ Word старого образца", "a document of old Word"),
            ask,
            &["doc"],
        );
    }
    let office = Text::new("документ Office старого образца", "a document of old Office");
    (office, resave, &["xls", "doc"])
}

fn by_zip(prefix: &[u8], archive: Text) -> Detection {
    let names = |name: &[u8]| prefix.windows(name.len()).any(|bytes| bytes == name);
    // Long enough not to be found in packed bytes by chance.
    if [
        &b"xl/workbook"[..],
        b"xl/worksheets/",
        b"xl/_rels/",
        b"xl/styles",
        b"xl/theme/",
    ]
    .into_iter()
    .any(names)
    {
        return Detection::workbook();
    }
    if [&b"word/document"[..], b"word/_rels/", b"word/styles"]
        .into_iter()
        .any(names)
    {
        let what = Text::new("документ Word", "a Word document");
        let remedy = Text::new(
            "выгрузите выписку из банк-клиента в формате «1С»",
            "export the statement from the bank client in the 1C format",
        );
        return Detection::not_a_statement(what, remedy).usually(&["docx"]);
    }
    Detection {
        format: None,
        reason: archive,
        verdict: Verdict::Archive,
    }
}

/// For signs only: what is not valid becomes something or other.
fn text_of(prefix: &[u8]) -> Cow<'_, str> {
    let legacy = || TextEncoding::legacy_of(prefix).single_byte();
    match TextEncoding::of_mark(prefix) {
        Some((TextEncoding::Utf16Le, mark)) => UTF_16LE.decode_without_bom_handling(&prefix[mark..]).0,
        Some((TextEncoding::Utf16Be, mark)) => UTF_16BE.decode_without_bom_handling(&prefix[mark..]).0,
        _ => match std::str::from_utf8(prefix) {
            Ok(text) => Cow::Borrowed(text),
            Err(error) if error.error_len().is_none() => String::from_utf8_lossy(prefix),
            Err(_) => legacy().decode_without_bom_handling(prefix).0,
        },
    }
}

fn by_text(text: &str) -> Option<Detection> {
    let lines: Vec<&str> = text
        .split(['\n', '\r'])
        .map(str::trim)
        .filter(|line| !line.is_empty())
        .take(LINES_MAX)
        .collect();
    if let Some(detection) = by_onec(&lines) {
        return Some(detection);
    }
    let lower: String = text.chars().take(4096).flat_map(char::to_lowercase).collect();
    if let Some(page) = foreign::web_page(text, &lower) {
        return Some(page);
    }
    if text.starts_with('<') {
        // An envelope may be long: the message may begin far from the beginning.
        if ["camt.052.", "camt.053.", "camt.054.", "BkToCstmr"]
            .iter()
            .any(|sign| text.contains(sign))
        {
            return Some(Detection::is(
                Format::Camt,
                Text::new("сообщение camt", "a camt message"),
            ));
        }
        let what = Text::new(
            "файл XML, но не выписка camt",
            "an XML file that is not a camt statement",
        );
        let remedy = Text::new(
            "выгрузите выписку из банк-клиента в формате «1С»",
            "export the statement from the bank client in the 1C format",
        );
        return Some(Detection::not_a_statement(what, remedy).usually(&["xml"]));
    }
    by_mt(text).or_else(|| {
        if text.starts_with(['{', '[']) && text.contains('"') {
            return Some(Detection::is(Format::Json, Text::new("данные JSON", "JSON")));
        }
        by_csv(&lines)
    })
}

fn by_onec(lines: &[&str]) -> Option<Detection> {
    let keyword = |line: &&str| {
        let bare = line.trim_matches('"');
        let key = bare.split_once('=').map_or(bare, |(key, _)| key);
        Keyword::of(&normalised(key))
    };
    if lines.first().and_then(keyword) == Some(Keyword::Signature) {
        let reason = Text::new(
            "первая строка 1CClientBankExchange",
            "the first line is 1CClientBankExchange",
        );
        return Some(Detection::is(Format::Onec, reason));
    }
    let found = lines.iter().filter_map(keyword).next()?;
    let reason = Text::new(
        format!("есть строка {}", found.name()),
        format!("there is a line {}", found.name()),
    );
    Some(Detection::is(Format::Onec, reason))
}

/// A balance, a page and the like may be far from the beginning: banks put covering letters before them.
fn by_mt(text: &str) -> Option<Detection> {
    let format = crate::mt::detect(text)?;
    let reason = match format {
        Format::Mt942 => Text::new(
            "есть поля отчёта SWIFT MT942",
            "there are fields of a SWIFT MT942 report",
        ),
        _ => Text::new(
            "есть поля выписки SWIFT MT940",
            "there are fields of a SWIFT MT940 statement",
        ),
    };
    Some(Detection::is(format, reason))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formats_by_their_first_bytes() {
        for (bytes, format) in [
            (&b"1CClientBankExchange\r\n"[..], Format::Onec),
            ("\u{feff}1CClientBankExchange".as_bytes(), Format::Onec),
            ("СекцияДокумент=Платежное поручение\n".as_bytes(), Format::Onec),
            (b"{1:F01XXXX}{2:O940...}{4:\r\n:20:1\r\n", Format::Mt940),
            (b":20:STMT\n:25:40702\n:28C:1/1\n:60F:C240701RUB1,\n", Format::Mt940),
            (
                b":20:X\n:25:1\n:28C:1\n:34F:RUB0,\n:13D:2407031200+0300\n",
                Format::Mt942,
            ),
            (
                b"<?xml version=\"1.0\"?><Document xmlns=\"urn:iso:std:iso:20022:tech:xsd:camt.053.001.02\">",
                Format::Camt,
            ),
            (b"{\"operations\":[]}", Format::Json),
            ("Дата;Сумма;Назначение\n01.07.2024;1;x\n".as_bytes(), Format::Csv),
            (b"PK\x03\x04....xl/workbook.xml", Format::Xlsx),
        ] {
            assert_eq!(detect(bytes).format, Some(format), "{}", String::from_utf8_lossy(bytes));
        }
        let wide: Vec<u8> = "\u{feff}1CClientBankExchange\r\n"
            .encode_utf16()
            .flat_map(u16::to_le_bytes)
            .collect();
        assert_eq!(detect(&wide).format, Some(Format::Onec));
    }

    #[test]
    fn what_is_no_statement_is_named() {
        for (bytes, code) in [
            (&b""[..], Code::FormatEmpty),
            (b" \r\n\r\n", Code::FormatEmpty),
            (b"\xEF\xBB\xBF", Code::FormatEmpty),
            (b"\0\0\0\0", Code::FormatEmpty),
            (b"%PDF-1.7", Code::FormatNotAStatement),
            (b"<!DOCTYPE html><html>", Code::FormatNotAStatement),
            (b"<a/>", Code::FormatNotAStatement),
            (b"\x89PNG\r\n", Code::FormatNotAStatement),
            (b"PK\x03\x04a.txt", Code::ArchiveDamaged),
            (b"PK\x03\x04word/document.xml", Code::FormatNotAStatement),
            (b"\xD0\xCF\x11\xE0", Code::FormatNotAStatement),
            (b"{\\rtf1", Code::FormatNotAStatement),
            (b"MZ\x90\0", Code::FormatNotAStatement),
            (b"hello", Code::FormatUnknown),
            (b"\x01\x02\0\x03", Code::FormatUnknown),
        ] {
            assert_eq!(detect(bytes).refusal().code, code, "{}", String::from_utf8_lossy(bytes));
        }
    }
}
