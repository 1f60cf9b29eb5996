//! Fixtures that are read whole once, and what every format's properties ask of them.

use std::{fs, io::Cursor, path::Path};

use domain::Entry;
use formats::{Collected, Format, Options, Severity, read_all};

pub struct Fixture {
    pub name: String,
    pub bytes: Vec<u8>,
    pub whole: Collected,
}

/// All of `fixtures/<folder>/ok`, read as `format`, in the order of their names.
pub fn fixtures(folder: &str, format: Option<Format>) -> Vec<Fixture> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../../fixtures")
        .join(folder)
        .join("ok");
    let mut paths: Vec<_> = fs::read_dir(folder).unwrap().map(|file| file.unwrap().path()).collect();
    paths.sort();
    let fixture = |path: std::path::PathBuf| {
        let bytes = fs::read(&path).unwrap();
        Fixture {
            name: path.file_name().unwrap().to_string_lossy().into_owned(),
            whole: read_as(&bytes, format),
            bytes,
        }
    };
    paths.into_iter().map(fixture).collect()
}

pub fn read_as(bytes: &[u8], format: Option<Format>) -> Collected {
    let options = Options {
        format,
        ..Options::default()
    };
    read_all(Cursor::new(bytes), &options).unwrap()
}

pub fn entries(collected: &Collected) -> Vec<&Entry> {
    collected
        .statements
        .iter()
        .flat_map(|statement| &statement.entries)
        .collect()
}

/// Something is told of it that is more than a note.
pub fn is_severe(collected: &Collected) -> bool {
    collected
        .diagnostics
        .iter()
        .any(|diagnostic| diagnostic.severity != Severity::Note)
}
