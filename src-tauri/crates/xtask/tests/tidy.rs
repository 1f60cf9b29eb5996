//! Habits of the source that no compiler checks: small files, honest words, nothing left half done.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

/// A file over this many lines has more than one subject.
const LINES_A_FILE: usize = 500;
/// File and module names that say nothing about what is inside.
const EMPTY_NAMES: [&str; 9] = [
    "utils",
    "util",
    "helper",
    "helpers",
    "manager",
    "service",
    "common",
    "processor",
    "misc",
];
/// Words in names of our own that say nothing.
const EMPTY_WORDS: [&str; 5] = ["Manager", "Helper", "Processor", "Utils", "Service"];
/// What is unfinished, switched off or silenced.
const UNFINISHED: [&str; 8] = [
    concat!("to", "do!("),
    concat!("unimple", "mented!("),
    concat!("#[ig", "nore"),
    concat!("FIX", "ME"),
    concat!("@ts-", "ignore"),
    concat!("test.", "skip("),
    concat!("it.", "skip("),
    concat!(".on", "ly("),
];
/// Places that exist on one machine only.
const PLACES: [&str; 3] = [concat!("/wo", "rk/"), concat!("/ho", "me/"), concat!("arti", "factory")];

/// A source file of ours and its text.
struct Source {
    path: PathBuf,
    text: String,
}

impl Source {
    fn is_code(&self) -> bool {
        self.has_extension(&["rs", "ts", "svelte"])
    }

    fn has_extension(&self, extensions: &[&str]) -> bool {
        self.path
            .extension()
            .is_some_and(|extension| extensions.iter().any(|wanted| extension == *wanted))
    }

    fn lines(&self) -> impl Iterator<Item = (usize, &str)> {
        self.text.lines().enumerate().map(|(index, line)| (index + 1, line))
    }
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .ancestors()
        .nth(3)
        .expect("the crate is three folders deep")
}

/// What Git keeps or would keep, as text; fixtures are other people's bytes, and not ours to tidy.
fn sources() -> Vec<Source> {
    let listed = Command::new("git")
        .args(["ls-files", "-z", "--cached", "--others", "--exclude-standard"])
        .current_dir(root())
        .output()
        .expect("git lists the files");
    assert!(listed.status.success(), "git lists the files");
    let listed = String::from_utf8(listed.stdout).expect("paths are UTF-8");
    let sources: Vec<Source> = listed
        .split('\0')
        .filter(|path| !path.is_empty() && !path.starts_with("fixtures/"))
        .filter_map(|path| {
            // A file may be deleted and not yet committed; a picture is not text.
            let text = fs::read_to_string(root().join(path)).ok()?;
            Some(Source {
                path: PathBuf::from(path),
                text,
            })
        })
        .collect();
    assert!(
        sources.iter().filter(|source| source.is_code()).count() > 30,
        "the sources are found"
    );
    sources
}

fn complain(what: &str, found: &[String]) {
    assert!(found.is_empty(), "{what}:\n{}", found.join("\n"));
}

#[test]
fn a_file_has_one_subject() {
    let long: Vec<_> = sources()
        .iter()
        .filter(|source| source.is_code() && !source.path.ends_with("wire.ts"))
        .map(|source| (source.text.lines().count(), source))
        .filter(|(lines, _)| *lines > LINES_A_FILE)
        .map(|(lines, source)| format!("{lines} {}", source.path.display()))
        .collect();
    complain(
        &format!("files over {LINES_A_FILE} lines; each has more than one subject"),
        &long,
    );
}

#[test]
fn names_say_what_is_inside() {
    let mut empty = Vec::new();
    for source in sources().iter().filter(|source| source.is_code()) {
        let stem = source
            .path
            .file_stem()
            .and_then(|stem| stem.to_str())
            .unwrap_or_default()
            .to_lowercase();
        if EMPTY_NAMES.contains(&stem.as_str()) || stem == "mod" {
            empty.push(source.path.display().to_string());
        }
        for (number, line) in source.lines() {
            let declared = ["struct ", "enum ", "trait ", "class ", "interface "]
                .iter()
                .find_map(|keyword| {
                    let (before, after) = line.split_once(keyword)?;
                    let starts = matches!(
                        before.trim(),
                        "" | "pub" | "pub(crate)" | "pub(super)" | "export" | "export default"
                    );
                    starts.then(|| {
                        after
                            .split(|letter: char| !letter.is_alphanumeric())
                            .next()
                            .unwrap_or_default()
                    })
                });
            if declared.is_some_and(|name| EMPTY_WORDS.iter().any(|word| name.ends_with(word))) {
                empty.push(format!("{}:{number}: {}", source.path.display(), line.trim()));
            }
        }
    }
    complain("names that say nothing", &empty);
}

#[test]
fn nothing_is_unfinished_or_silenced() {
    let mut found = Vec::new();
    for source in sources().iter().filter(|source| source.is_code()) {
        for (number, line) in source.lines() {
            let silenced = line.trim_start().starts_with("#[allow(") || line.trim_start().starts_with("#![allow(");
            if silenced || UNFINISHED.iter().any(|mark| line.contains(mark)) {
                found.push(format!("{}:{number}: {}", source.path.display(), line.trim()));
            }
        }
    }
    complain(
        "unfinished or silenced; an exception is `#[expect(..., reason = \"...\")]`",
        &found,
    );
}

#[test]
fn the_project_names_no_machine() {
    let mut found = Vec::new();
    for source in sources() {
        for (number, line) in source.lines() {
            if PLACES.iter().any(|place| line.contains(place)) {
                found.push(format!("{}:{number}: {}", source.path.display(), line.trim()));
            }
        }
    }
    complain("places that exist on one machine only", &found);
}

#[test]
fn every_file_ends_with_one_line_feed_and_has_no_carriage_returns() {
    let wrong: Vec<_> = sources()
        .iter()
        .filter(|source| source.is_code() || source.has_extension(&["toml", "md", "sql", "sh", "json", "yml"]))
        .filter(|source| source.text.contains('\r') || !source.text.ends_with('\n') || source.text.ends_with("\n\n"))
        .map(|source| source.path.display().to_string())
        .collect();
    complain("carriage returns, or no single line feed at the end", &wrong);
}

#[test]
fn every_rust_module_says_what_it_is_for() {
    let silent: Vec<_> = sources()
        .iter()
        .filter(|source| source.has_extension(&["rs"]) && !source.text.starts_with("//!"))
        // The tests of one subject carry its name; what a crate's own modules are for has to be said.
        .filter(|source| source.path.iter().any(|folder| folder == "src"))
        .map(|source| source.path.display().to_string())
        .collect();
    complain("modules without a first line `//! what it is for`", &silent);
}
