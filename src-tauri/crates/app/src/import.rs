//! From a file to the ledger: read, booked in one transaction, matched.

use std::{
    fs::File,
    io::{BufReader, Read, Seek, SeekFrom},
    path::Path,
};

use domain::{Content, Text};
use formats::{Diagnostic, Event as Told, Options};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use store::{FileOutcome, FileRecord, ImportReport, SourceFile};

use crate::{
    announce::money_came,
    events::Event,
    failure::{Failure, io_failure},
    session::Session,
    wire::{DiagnosticView, ImportAnswer, ImportRequest, ImportedFile, Words},
};

/// What came of one file.
#[derive(Debug)]
pub struct Imported {
    pub report: ImportReport,
    pub content: Content,
    /// `false`: nothing in the file says whose statement it is, or it is no statement at all.
    pub readable: bool,
    pub diagnostics: Vec<Diagnostic>,
}

impl Session {
    /// Imports files one after the other; one that cannot be read does not stop the others.
    ///
    /// # Errors
    /// The ledger cannot be written.
    pub fn import_files(&self, request: &ImportRequest) -> Result<ImportAnswer, Failure> {
        let mut files = Vec::new();
        for path in &request.paths {
            let path = Path::new(path);
            files.push(self.import_shown(path)?);
        }
        Ok(ImportAnswer { files })
    }

    fn import_shown(&self, path: &Path) -> Result<ImportedFile, Failure> {
        let file = path
            .file_name()
            .unwrap_or(path.as_os_str())
            .to_string_lossy()
            .into_owned();
        let imported = match self.import_file(path) {
            Ok(imported) => imported,
            // Of this file only: said in its place.
            Err(failure) if failure.code.starts_with("file/") => {
                return Ok(ImportedFile {
                    file,
                    content: None,
                    entries_new: 0,
                    entries_known: 0,
                    entries_asked: 0,
                    entries_not_booked: 0,
                    summary: failure.message.clone().into(),
                    diagnostics: vec![DiagnosticView {
                        severity: "error".to_owned(),
                        code: failure.code.to_owned(),
                        line: 0,
                        column: 0,
                        excerpt: String::new(),
                        message: failure.message.into(),
                        remedy: failure.remedy.into(),
                        part: None,
                    }],
                });
            }
            Err(failure) => return Err(failure),
        };
        let report = &imported.report;
        Ok(ImportedFile {
            file,
            content: imported.readable.then(|| match imported.content {
                Content::Statement => "statement".to_owned(),
                Content::Orders => "orders".to_owned(),
            }),
            entries_new: report.entries_new,
            entries_known: report.entries_known,
            entries_asked: report.entries_asked,
            entries_not_booked: report.entries_not_booked,
            summary: summary(&imported),
            diagnostics: imported.diagnostics.iter().map(diagnostic_view).collect(),
        })
    }

    /// Reads and books one file, then matches what is new and closes executed orders.
    ///
    /// # Errors
    /// The file cannot be read; the ledger cannot be written. Then nothing of the file is booked.
    pub fn import_file(&self, path: &Path) -> Result<Imported, Failure> {
        let unreadable = |error: std::io::Error| io_failure(path, &error);
        let mut file = File::open(path).map_err(unreadable)?;
        let (sha256, size) = hash_of(&mut file).map_err(unreadable)?;
        let name = path
            .file_name()
            .unwrap_or(path.as_os_str())
            .to_string_lossy()
            .into_owned();
        let imported = self
            .book(BufReader::new(file), path, &name, sha256, size)
            .map_err(|error| match error {
                BookError::Unreadable(error) => unreadable(error),
                BookError::Failed(failure) => failure,
            })?;
        let before = self.ledger.inbox_counts()?;
        self.catch_up()?;
        if imported.report.new_credits > 0 {
            let after = self.ledger.inbox_counts()?;
            let waiting = after.review.saturating_sub(before.review);
            let waiting = waiting.min(imported.report.new_credits);
            self.tell(Event::MoneyCame(money_came(&imported.report, waiting)));
        }
        self.changed();
        Ok(imported)
    }

    fn book(
        &self,
        source: impl Read + Seek,
        path: &Path,
        name: &str,
        sha256: String,
        size: u64,
    ) -> Result<Imported, BookError> {
        let mut diagnostics = Vec::new();
        let options = Options {
            file_name: Some(name.to_owned()),
            ..self.reading_options()?
        };
        let reading = formats::open(source, &options).map_err(BookError::Unreadable)?;
        let content = reading.content();
        let source = SourceFile {
            name: name.to_owned(),
            sha256,
            size,
            format: reading
                .format()
                .map_or_else(|| "unknown".to_owned(), |format| format.name().to_owned()),
            encoding: reading
                .encoding()
                .map_or_else(String::new, |encoding| encoding.name().to_owned()),
            content,
        };
        let mut readable = content == Content::Orders;
        let mut import = self
            .ledger
            .begin_import(&source, self.host.now())
            .map_err(Failure::from)?;
        let mut rows = Vec::new();
        for event in reading {
            match event.map_err(BookError::Unreadable)? {
                Told::Statement { statement, .. } => {
                    readable |= statement.account.is_some();
                    rows.push(import.statement(&statement).map_err(Failure::from)?);
                }
                Told::Entry { statement, entry } => {
                    if let Some(row) = rows.get(statement) {
                        import.entry(*row, &entry).map_err(Failure::from)?;
                    }
                }
                Told::End {
                    statement, declared, ..
                } => {
                    if let Some(row) = rows.get(statement) {
                        import.end(*row, &declared).map_err(Failure::from)?;
                    }
                }
                Told::Diagnostic(diagnostic) => diagnostics.push(diagnostic),
            }
        }
        if !readable {
            drop(import);
            return self.set_aside(&source, diagnostics);
        }
        let told = serde_json::to_string(&diagnostics.iter().map(diagnostic_view).collect::<Vec<_>>())
            .map_err(|error| crate::failure::broken_json(&error))?;
        import.diagnostics(&told).map_err(Failure::from)?;
        // What was booked must be what the ledger will know the file by.
        let (now, _) = hash_of(&mut File::open(path).map_err(BookError::Unreadable)?).map_err(BookError::Unreadable)?;
        if now != source.sha256 {
            return Err(rewritten(name).into());
        }
        let report = import.commit(self.host.now()).map_err(Failure::from)?;
        Ok(Imported {
            report,
            content,
            readable,
            diagnostics,
        })
    }

    /// A file of another kind (a PDF, a web page) is remembered by its content, so that it is not tried for ever.
    fn set_aside(&self, source: &SourceFile, diagnostics: Vec<Diagnostic>) -> Result<Imported, BookError> {
        let refused = RefusedFile {
            reader: formats::READER_VERSION,
            profiles: self.profiles_mark(),
            why: not_read(&source.name, &diagnostics),
        };
        let why = serde_json::to_string(&refused).map_err(|error| crate::failure::broken_json(&error))?;
        self.ledger
            .remember_file(&source.sha256, &source.name, &why, self.host.now())
            .map_err(Failure::from)?;
        Ok(Imported {
            report: ImportReport::default(),
            content: source.content,
            readable: false,
            diagnostics,
        })
    }
}

/// Why a file was set aside, by which reader and with which profiles: a later one, or another profile, may be able to
/// read it.
#[derive(Serialize, Deserialize)]
pub(crate) struct RefusedFile {
    reader: u32,
    #[serde(default)]
    profiles: String,
    pub why: Text,
}

impl RefusedFile {
    /// `None`: the file was imported, or this reader has not looked at it yet with these profiles.
    pub(crate) fn of(record: &FileRecord, profiles: &str) -> Option<Self> {
        let refused: Self = match record.outcome {
            FileOutcome::Imported => return None,
            FileOutcome::Unusable => serde_json::from_str(&record.detail).ok()?,
        };
        (refused.reader == formats::READER_VERSION && refused.profiles == profiles).then_some(refused)
    }
}

/// Whether a file need not be looked at again.
pub(crate) fn is_settled(record: &FileRecord, profiles: &str) -> bool {
    record.outcome == FileOutcome::Imported || RefusedFile::of(record, profiles).is_some()
}

/// The bank client wrote the file anew while it was read: nothing of it is booked, and its next version arrives by itself.
fn rewritten(name: &str) -> Failure {
    Failure::new(
        "file/rewritten",
        Text::new(
            format!("файл «{name}» переписали, пока он читался; в учёт ничего не попало"),
            format!("the file «{name}» was written anew while it was read; nothing was booked"),
        ),
        Text::new(
            "загрузите его ещё раз, когда банк-клиент закончит",
            "import it again when the bank client is done",
        ),
    )
}

/// What happened to a file nothing can be booked from, in one sentence: the first error says why.
pub(crate) fn not_read(name: &str, diagnostics: &[Diagnostic]) -> Text {
    // The gravest kind sorts first.
    let why = diagnostics
        .iter()
        .min_by_key(|diagnostic| (diagnostic.severity, diagnostic.line));
    let (ru, en) = why.map_or_else(Default::default, |why| {
        (
            format!(": {}. Что делать: {}", why.message.ru, why.remedy.ru),
            format!(": {}. What to do: {}", why.message.en, why.remedy.en),
        )
    });
    Text::new(
        format!("Файл «{name}» не прочитан{ru}"),
        format!("The file «{name}» was not read{en}"),
    )
}

#[cfg(test)]
impl Session {
    /// An import that ends as if the program were killed after it.
    pub(crate) fn book_only(&self, path: &Path) -> Imported {
        let mut file = File::open(path).unwrap();
        let (sha256, size) = hash_of(&mut file).unwrap();
        match self.book(BufReader::new(file), path, "statement.txt", sha256, size) {
            Ok(imported) => imported,
            Err(BookError::Unreadable(error)) => panic!("{error}"),
            Err(BookError::Failed(failure)) => panic!("{failure}"),
        }
    }
}

enum BookError {
    Unreadable(std::io::Error),
    Failed(Failure),
}

impl From<Failure> for BookError {
    fn from(failure: Failure) -> Self {
        Self::Failed(failure)
    }
}

fn hash_of(file: &mut File) -> std::io::Result<(String, u64)> {
    let mut hasher = Sha256::new();
    let mut size = 0;
    let mut buffer = [0; 64 * 1024];
    loop {
        let read = file.read(&mut buffer)?;
        if read == 0 {
            break;
        }
        hasher.update(&buffer[..read]);
        size += read as u64;
    }
    file.seek(SeekFrom::Start(0))?;
    Ok((domain::audit::hex(&hasher.finalize()), size))
}

pub(crate) fn diagnostic_view(diagnostic: &Diagnostic) -> DiagnosticView {
    DiagnosticView {
        severity: diagnostic.severity.as_str().to_owned(),
        code: diagnostic.code.as_str().to_owned(),
        line: diagnostic.line,
        column: diagnostic.column,
        excerpt: diagnostic.excerpt.clone(),
        message: diagnostic.message.clone().into(),
        remedy: diagnostic.remedy.clone().into(),
        part: diagnostic.part.clone(),
    }
}

fn summary(imported: &Imported) -> Words {
    let report = &imported.report;
    match imported.content {
        _ if !imported.readable => Text::new(
            "файл не прочитан, в учёт ничего не попало",
            "the file was not read, nothing was booked",
        ),
        Content::Orders => Text::new(
            "это платёжки для банка, а не выписка: в учёт они не попадают",
            "these are orders for the bank, not a statement: they are not booked",
        ),
        Content::Statement => {
            let mut ru = format!(
                "новых операций: {}, уже известных: {}",
                report.entries_new, report.entries_known
            );
            let mut en = format!(
                "new entries: {}, already known: {}",
                report.entries_new, report.entries_known
            );
            for (count, words) in [
                (report.entries_asked, ("под вопросом", "in question")),
                (
                    report.entries_not_booked,
                    (
                        "предварительных и справочных, в учёт не идут",
                        "provisional and advices, not booked",
                    ),
                ),
            ] {
                if count > 0 {
                    ru += &format!(", {}: {count}", words.0);
                    en += &format!(", {}: {count}", words.1);
                }
            }
            Text::new(ru, en)
        }
    }
    .into()
}

#[cfg(test)]
mod tests {
    use std::{io::Cursor, sync::Arc};

    use super::BookError;
    use crate::{Session, testing::TestHost};

    #[test]
    fn a_file_rewritten_while_it_is_read_books_nothing() {
        let place = tempfile::tempdir().unwrap();
        let session = Session::create(&place.path().join("ledger"), Arc::new(TestHost::new(1))).unwrap();
        let demo =
            |name| std::fs::read(format!("{}/../../../fixtures/demo/{name}", env!("CARGO_MANIFEST_DIR"))).unwrap();
        let (read, written) = (demo("kl_to_1c-2026-11-20.txt"), demo("kl_to_1c-2026-11-21.txt"));
        let path = place.path().join("kl_to_1c.txt");
        std::fs::write(&path, written).unwrap();
        let sha256 = crate::files::sha256(&read);
        let size = read.len() as u64;
        let refused = session.book(Cursor::new(read), &path, "kl_to_1c.txt", sha256, size);
        assert!(matches!(refused, Err(BookError::Failed(failure)) if failure.code == "file/rewritten"));
        assert!(
            session.status().unwrap().accounts.is_empty(),
            "nothing of it is in the ledger"
        );
    }
}
