//! The small parts of a workbook: its sheets by name, which styles are dates, and the strings that cells share.

use std::{
    collections::BTreeMap,
    io::{BufRead, Read, Seek},
};

use quick_xml::{
    Reader,
    events::{BytesRef, BytesStart, Event},
};

use super::{
    super::row::CELL_BYTES_MAX,
    Broken, damaged, limit,
    package::{EventBound, Package, Part, PartReader},
};

/// Sheets that are looked at.
pub const SHEETS_MAX: usize = 64;
/// Strings that cells share.
pub const SHARED_STRINGS_MAX: usize = 1_000_000;
/// Bytes of all of them together, as text: they are held in memory.
pub const SHARED_BYTES_MAX: usize = 24 * 1024 * 1024;
/// Bytes of a small part, inflated.
const PART_BYTES_MAX: u64 = 8 * 1024 * 1024;
/// Bytes of the shared strings with their markup, inflated.
const STRINGS_PART_BYTES_MAX: u64 = 256 * 1024 * 1024;

/// Strings in one piece of memory, by their number.
#[derive(Debug, Default)]
struct Shared {
    text: String,
    ends: Vec<u32>,
}

impl Shared {
    fn get(&self, index: usize) -> Option<&str> {
        let end = *self.ends.get(index)? as usize;
        let start = index.checked_sub(1).map_or(0, |before| self.ends[before] as usize);
        self.text.get(start..end)
    }
}

pub(crate) struct Sheet {
    pub(crate) name: String,
    pub(super) part: Part,
}

/// What a workbook is besides its cells.
pub(crate) struct Book {
    pub(crate) sheets: Vec<Sheet>,
    shared: Shared,
    /// By the number of the style.
    dates: Vec<bool>,
    /// The count of days of old Macintoshes.
    pub(super) from_1904: bool,
}

impl Book {
    pub(super) fn string(&self, index: &str) -> Option<&str> {
        self.shared.get(index.trim().parse().ok()?)
    }

    pub(super) fn is_date(&self, style: Option<usize>) -> bool {
        style.and_then(|style| self.dates.get(style)).copied().unwrap_or(false)
    }
}

pub(super) type Xml<R> = Reader<EventBound<R>>;

pub(super) fn xml<R: BufRead>(source: R) -> Xml<R> {
    let mut reader = Reader::from_reader(EventBound::new(source, 4 * CELL_BYTES_MAX as u64));
    let config = reader.config_mut();
    config.check_end_names = false;
    config.allow_dangling_amp = true;
    reader
}

/// The next event, its size bounded.
pub(super) fn next<'b, R: BufRead>(xml: &mut Xml<R>, buffer: &'b mut Vec<u8>) -> Result<Event<'b>, Broken> {
    buffer.clear();
    xml.get_mut().renew();
    Ok(xml.read_event_into(buffer)?)
}

/// An attribute by its local name: prefixes differ from program to program.
pub(super) fn attribute(element: &BytesStart<'_>, name: &str) -> Option<String> {
    let found = element
        .attributes()
        .with_checks(false)
        .flatten()
        .find(|attribute| attribute.key.local_name().as_ref() == name)?;
    let text = found.normalized_value(quick_xml::XmlVersion::Implicit1_0).ok()?;
    Some(text.into_owned())
}

/// `&amp;`, `&#1053;`; what is not known stays as it is written.
pub(super) fn entity(reference: &BytesRef<'_>) -> String {
    if let Ok(Some(letter)) = reference.resolve_char_ref() {
        return letter.to_string();
    }
    match &reference[..] {
        "amp" => "&".to_owned(),
        "lt" => "<".to_owned(),
        "gt" => ">".to_owned(),
        "quot" => "\"".to_owned(),
        "apos" => "'".to_owned(),
        other => format!("&{other};"),
    }
}

pub(super) fn read(package: Package, source: &mut (impl Read + Seek)) -> Result<Book, Broken> {
    let Some(workbook) = package.part("xl/workbook.xml") else {
        return Err(Broken::File(damaged(
            "в ней нет листов в формате xlsx",
            "it has no sheets in the xlsx format",
        )));
    };
    let targets = relations(&package, source)?;
    let (names, from_1904) = sheet_names(PartReader::new(&mut *source, workbook, PART_BYTES_MAX)?)?;
    let sheets = names
        .into_iter()
        .filter_map(|(name, id)| {
            let part = package.part(targets.get(&id)?)?;
            Some(Sheet { name, part })
        })
        .collect();
    let dates = match package.part("xl/styles.xml") {
        Some(part) => date_styles(PartReader::new(&mut *source, part, PART_BYTES_MAX)?)?,
        None => Vec::new(),
    };
    let shared = match package.part("xl/sharedStrings.xml") {
        Some(part) => strings(PartReader::new(&mut *source, part, STRINGS_PART_BYTES_MAX)?)?,
        None => Shared::default(),
    };
    Ok(Book {
        sheets,
        shared,
        dates,
        from_1904,
    })
}

/// Where the sheets lie, by the ids the workbook names them with.
fn relations(package: &Package, source: &mut (impl Read + Seek)) -> Result<BTreeMap<String, String>, Broken> {
    let mut targets = BTreeMap::new();
    let Some(part) = package.part("xl/_rels/workbook.xml.rels") else {
        return Ok(targets);
    };
    let mut xml = xml(PartReader::new(source, part, PART_BYTES_MAX)?);
    let mut buffer = Vec::new();
    loop {
        match next(&mut xml, &mut buffer)? {
            Event::Start(element) | Event::Empty(element) => {
                if let (Some(id), Some(target)) = (attribute(&element, "Id"), attribute(&element, "Target")) {
                    let whole = match target.strip_prefix('/') {
                        Some(absolute) => absolute.to_owned(),
                        None => format!("xl/{target}"),
                    };
                    targets.insert(id, whole);
                }
            }
            Event::Eof => return Ok(targets),
            _ => {}
        }
    }
}

/// Names and ids of the sheets that are not hidden, in their order.
fn sheet_names(part: impl BufRead) -> Result<(Vec<(String, String)>, bool), Broken> {
    let mut xml = xml(part);
    let mut buffer = Vec::new();
    let (mut names, mut from_1904) = (Vec::new(), false);
    loop {
        match next(&mut xml, &mut buffer)? {
            Event::Start(element) | Event::Empty(element) => match element.local_name().as_ref() {
                "workbookPr" => {
                    from_1904 = matches!(attribute(&element, "date1904").as_deref(), Some("1" | "true"));
                }
                "sheet" if attribute(&element, "state").is_none_or(|state| state == "visible") => {
                    if let (Some(name), Some(id)) = (attribute(&element, "name"), attribute(&element, "id"))
                        && names.len() < SHEETS_MAX
                    {
                        names.push((name, id));
                    }
                }
                _ => {}
            },
            Event::Eof => return Ok((names, from_1904)),
            _ => {}
        }
    }
}

/// ECMA-376, 18.8.30: the numbers of built-in formats that show dates; 27 to 36 and 50 to 58 are those of Asian locales.
fn is_built_in_date(format: u32) -> bool {
    matches!(format, 14..=17 | 22 | 27..=31 | 36 | 50..=54 | 57 | 58)
}

/// Whether a format shows a day: letters of a day and a year outside quotes, brackets and escapes, in Latin or Russian.
fn shows_a_day(format: &str) -> bool {
    let (mut quoted, mut bracketed, mut escaped) = (false, false, false);
    let mut day_or_year = false;
    for letter in format.chars().flat_map(char::to_lowercase) {
        if std::mem::take(&mut escaped) {
            continue;
        }
        match letter {
            '"' => quoted = !quoted,
            _ if quoted => {}
            '\\' | '_' | '*' => escaped = true,
            '[' => bracketed = true,
            ']' => bracketed = false,
            _ if bracketed => {}
            '0' | '#' | '?' => return false,
            'd' | 'y' | 'д' | 'г' => day_or_year = true,
            _ => {}
        }
    }
    day_or_year
}

fn date_styles(part: impl BufRead) -> Result<Vec<bool>, Broken> {
    let mut xml = xml(part);
    let mut buffer = Vec::new();
    let mut custom = BTreeMap::new();
    let (mut dates, mut in_cells) = (Vec::new(), false);
    loop {
        match next(&mut xml, &mut buffer)? {
            Event::Start(element) | Event::Empty(element) => match element.local_name().as_ref() {
                "numFmt" => {
                    let id = attribute(&element, "numFmtId").and_then(|id| id.parse::<u32>().ok());
                    if let (Some(id), Some(code)) = (id, attribute(&element, "formatCode")) {
                        custom.insert(id, shows_a_day(&code));
                    }
                }
                "cellXfs" => in_cells = true,
                "xf" if in_cells => {
                    let id = attribute(&element, "numFmtId")
                        .and_then(|id| id.parse().ok())
                        .unwrap_or(0);
                    dates.push(custom.get(&id).copied().unwrap_or_else(|| is_built_in_date(id)));
                }
                _ => {}
            },
            Event::End(element) if element.local_name().as_ref() == "cellXfs" => in_cells = false,
            Event::Eof => return Ok(dates),
            _ => {}
        }
    }
}

fn strings(part: impl BufRead) -> Result<Shared, Broken> {
    let mut xml = xml(part);
    let mut buffer = Vec::new();
    let mut shared = Shared::default();
    // Inside `rPh` stands how Japanese is pronounced, not the text.
    let (mut in_text, mut in_phonetic) = (false, false);
    let too_many = || {
        Broken::File(limit(
            "в книге слишком много разных текстов",
            "the workbook has too many different texts",
        ))
    };
    loop {
        match next(&mut xml, &mut buffer)? {
            Event::Start(element) => match element.local_name().as_ref() {
                "t" => in_text = !in_phonetic,
                "rPh" => in_phonetic = true,
                _ => {}
            },
            Event::Empty(element) if element.local_name().as_ref() == "si" => {
                shared
                    .ends
                    .push(u32::try_from(shared.text.len()).map_err(|_| too_many())?);
            }
            Event::End(element) => match element.local_name().as_ref() {
                "t" => in_text = false,
                "rPh" => in_phonetic = false,
                "si" => shared
                    .ends
                    .push(u32::try_from(shared.text.len()).map_err(|_| too_many())?),
                _ => {}
            },
            Event::Text(text) if in_text => shared.text.push_str(&text.xml10_content()),
            Event::CData(text) if in_text => shared.text.push_str(&text.xml10_content()),
            Event::GeneralRef(reference) if in_text => shared.text.push_str(&entity(&reference)),
            Event::Eof => return Ok(shared),
            _ => {}
        }
        if shared.text.len() > SHARED_BYTES_MAX || shared.ends.len() > SHARED_STRINGS_MAX {
            return Err(too_many());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formats_of_days_are_told_from_formats_of_sums() {
        for format in [
            "dd.mm.yyyy",
            "yyyy\\-mm\\-dd",
            "[$-419]d mmmm yyyy",
            "ДД.ММ.ГГГГ",
            "d/m/yy h:mm",
        ] {
            assert!(shows_a_day(format), "{format}");
        }
        for format in [
            "General",
            "0.00",
            "# ##0,00\"д\"",
            "#,##0.00\\ [$руб.-419]",
            "h:mm",
            "@",
            "0.00_д",
        ] {
            assert!(!shows_a_day(format), "{format}");
        }
    }

    #[test]
    fn shared_strings_join_their_runs_and_keep_their_numbers() {
        let text = "<sst><si><t>ООО &quot;Ромашка&quot; &amp; К&#176;</t></si><si/><si><r><t>a</t></r><r><t>b</t></r>\
                    <rPh><t>нет</t></rPh></si></sst>";
        let shared = strings(text.as_bytes()).unwrap();
        let all: Vec<Option<&str>> = (0..4).map(|index| shared.get(index)).collect();
        assert_eq!(all, [Some("ООО \"Ромашка\" & К°"), Some(""), Some("ab"), None]);
    }

    #[test]
    fn too_many_strings_are_refused() {
        let of = |count: usize| format!("<sst>{}</sst>", "<si/>".repeat(count));
        assert!(strings(of(SHARED_STRINGS_MAX).as_bytes()).is_ok());
        assert!(matches!(
            strings(of(SHARED_STRINGS_MAX + 1).as_bytes()),
            Err(Broken::File(_))
        ));
    }
}
