//! Files that were looked at: what came of each, by the hash of its content.

use domain::{Actor, AuditEvent, Content, Timestamp};
use rusqlite::{Connection, Row, named_params};
use serde::Serialize;

use crate::{
    ImportReport, Ledger, SourceFile, StoreError,
    columns::{clamp, count, from_json, to_json, whole, word, words},
    table::audit,
};

pub(crate) const SCHEMA: &str = "
CREATE TABLE source_file (
    seq INTEGER PRIMARY KEY,
    name TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    size INTEGER NOT NULL,
    format TEXT NOT NULL,
    encoding TEXT NOT NULL,
    content TEXT NOT NULL,
    at INTEGER NOT NULL
) STRICT;
CREATE INDEX source_file_sha256 ON source_file (sha256);
CREATE TABLE file_outcome (
    file INTEGER PRIMARY KEY REFERENCES source_file (seq),
    outcome TEXT NOT NULL CHECK (outcome IN ('imported', 'unusable')),
    detail TEXT NOT NULL,
    report TEXT NOT NULL,
    diagnostics TEXT NOT NULL,
    at INTEGER NOT NULL
) STRICT;
CREATE TRIGGER source_file_no_update BEFORE UPDATE ON source_file BEGIN SELECT raise(ABORT, 'source_file is append-only'); END;
CREATE TRIGGER source_file_no_delete BEFORE DELETE ON source_file BEGIN SELECT raise(ABORT, 'source_file is append-only'); END;
CREATE TRIGGER file_outcome_no_update BEFORE UPDATE ON file_outcome BEGIN SELECT raise(ABORT, 'file_outcome is append-only'); END;
CREATE TRIGGER file_outcome_no_delete BEFORE DELETE ON file_outcome BEGIN SELECT raise(ABORT, 'file_outcome is append-only'); END;
";

words! {
    FileOutcome {
        Imported = "imported",
        /// It could not be read at all; it is not tried again while its content stays.
        Unusable = "unusable",
    }
}

/// A file that was looked at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FileRecord {
    pub id: u64,
    pub name: String,
    pub sha256: String,
    pub size: u64,
    pub format: String,
    pub encoding: String,
    pub content: Option<Content>,
    pub at: Timestamp,
    pub outcome: FileOutcome,
    /// Why it was unusable.
    pub detail: String,
    pub report: ImportReport,
    /// JSON, as the importer gave it.
    pub diagnostics: String,
}

impl Ledger {
    /// What came of a file with this content, the latest time it was looked at.
    ///
    /// # Errors
    /// The ledger cannot be read.
    pub fn file_known(&self, sha256: &str) -> Result<Option<FileRecord>, StoreError> {
        self.read(|connection| {
            let mut statement =
                connection.prepare_cached(&format!("{SELECT} WHERE f.sha256 = ?1 ORDER BY f.seq DESC LIMIT 1"))?;
            let mut found = statement.query_and_then([sha256], record)?;
            found.next().transpose()
        })
    }

    /// All files looked at, the latest first.
    ///
    /// # Errors
    /// The ledger cannot be read.
    pub fn files(&self) -> Result<Vec<FileRecord>, StoreError> {
        self.read(|connection| {
            let mut statement = connection.prepare_cached(&format!("{SELECT} ORDER BY f.seq DESC"))?;
            statement.query_and_then([], record)?.collect()
        })
    }

    /// A file that could not be read, so that it is not tried again for ever.
    ///
    /// # Errors
    /// The ledger cannot be written to.
    pub fn remember_file(&self, sha256: &str, name: &str, why: &str, at: Timestamp) -> Result<(), StoreError> {
        self.write(|transaction| {
            let source = SourceFile {
                name: name.to_owned(),
                sha256: sha256.to_owned(),
                size: 0,
                format: String::new(),
                encoding: String::new(),
                content: Content::Statement,
            };
            let file = insert(transaction, &source, at)?;
            let report = ImportReport::of_file(whole(file)?);
            finish(transaction, file, FileOutcome::Unusable, why, &report, "[]", at)?;
            let body = to_json(&serde_json::json!({ "name": name, "why": why }))?;
            audit::append(
                transaction,
                AuditEvent {
                    at,
                    actor: Actor::Program,
                    action: "file.unusable".to_owned(),
                    subject: sha256.to_owned(),
                    body,
                },
            )?;
            Ok(())
        })
    }
}

const SELECT: &str = "SELECT f.*, o.outcome, o.detail, o.report, o.diagnostics
    FROM source_file f JOIN file_outcome o ON o.file = f.seq";

fn record(row: &Row<'_>) -> Result<FileRecord, StoreError> {
    Ok(FileRecord {
        id: count(row, "seq")?,
        name: row.get("name")?,
        sha256: row.get("sha256")?,
        size: count(row, "size")?,
        format: row.get("format")?,
        encoding: row.get("encoding")?,
        content: from_json(&row.get::<_, String>("content")?)?,
        at: Timestamp(row.get("at")?),
        outcome: word(row, "outcome", FileOutcome::parse)?,
        detail: row.get("detail")?,
        report: from_json(&row.get::<_, String>("report")?)?,
        diagnostics: row.get("diagnostics")?,
    })
}

pub(crate) fn insert(connection: &Connection, source: &SourceFile, at: Timestamp) -> Result<i64, StoreError> {
    connection
        .prepare_cached(
            "INSERT INTO source_file (name, sha256, size, format, encoding, content, at)
             VALUES (:name, :sha256, :size, :format, :encoding, :content, :at)",
        )?
        .execute(named_params! {
            ":name": source.name,
            ":sha256": source.sha256,
            ":size": clamp(source.size),
            ":format": source.format,
            ":encoding": source.encoding,
            ":content": to_json(&source.content)?,
            ":at": at.0,
        })?;
    Ok(connection.last_insert_rowid())
}

pub(crate) fn finish(
    connection: &Connection,
    file: i64,
    outcome: FileOutcome,
    detail: &str,
    report: &ImportReport,
    diagnostics: &str,
    at: Timestamp,
) -> Result<(), StoreError> {
    connection
        .prepare_cached(
            "INSERT INTO file_outcome (file, outcome, detail, report, diagnostics, at)
             VALUES (:file, :outcome, :detail, :report, :diagnostics, :at)",
        )?
        .execute(named_params! {
            ":file": file,
            ":outcome": outcome.as_str(),
            ":detail": detail,
            ":report": to_json(report)?,
            ":diagnostics": diagnostics,
            ":at": at.0,
        })?;
    Ok(())
}
