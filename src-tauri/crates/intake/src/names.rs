//! Names that are never statements: what editors, browsers and copying programs leave while they work.

/// Endings of unfinished downloads and temporary copies, in lower case.
const UNFINISHED: [&str; 4] = [".tmp", ".part", ".crdownload", ".download"];

/// Office's lock files (`~$book.xlsx`), hidden files, unfinished downloads.
#[must_use]
pub fn is_ignored(name: &str) -> bool {
    let lower = name.to_lowercase();
    name.starts_with("~$") || name.starts_with('.') || UNFINISHED.iter().any(|ending| lower.ends_with(ending))
}

#[cfg(test)]
mod tests {
    use super::is_ignored;

    #[test]
    fn tells_working_files_from_statements() {
        for name in [
            "~$1.xlsx",
            ".1c.txt",
            ".DS_Store",
            "a.tmp",
            "A.TMP",
            "kl_to_1c.txt.part",
            "b.txt.crdownload",
            "c.download",
        ] {
            assert!(is_ignored(name), "{name}");
        }
        for name in [
            "kl_to_1c.txt",
            "выписка.txt",
            "part",
            "tmp.txt",
            "a.part.txt",
            "~a.txt",
            "$a.txt",
            "a",
            "",
        ] {
            assert!(!is_ignored(name), "{name}");
        }
    }
}
