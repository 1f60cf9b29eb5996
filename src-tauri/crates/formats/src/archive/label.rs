//! What a member of an archive is called where it is told of.

use encoding_rs::IBM866;

/// Longer names are cut.
const LABEL_CHARS_MAX: usize = 200;

/// A label, and nothing that could be a path out of somewhere. Names that are not UTF-8 are of Windows in Russian.
pub(super) fn label(raw: &[u8]) -> String {
    let text = match std::str::from_utf8(raw) {
        Ok(text) => text.to_owned(),
        Err(_) => IBM866.decode_without_bom_handling(raw).0.into_owned(),
    };
    let clean = |letter: char| match letter {
        '\\' => '/',
        letter if letter.is_control() => ' ',
        letter => letter,
    };
    let text: String = text.chars().map(clean).collect();
    let parts = text
        .split('/')
        .map(str::trim)
        .filter(|part| !part.is_empty() && !matches!(*part, "." | ".."));
    let whole = parts.collect::<Vec<_>>().join("/");
    let mut short: String = whole.chars().take(LABEL_CHARS_MAX).collect();
    if short.is_empty() {
        short.push('?');
    }
    short
}

/// Systems put such beside what the person packed.
pub(super) fn is_of_the_system(label: &str) -> bool {
    let name = label.rsplit('/').next().unwrap_or(label);
    label.starts_with("__MACOSX/") || matches!(name, ".DS_Store" | "Thumbs.db" | "desktop.ini")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_labels_and_no_paths() {
        for (raw, clean) in [
            (&b"july/statement.xml"[..], "july/statement.xml"),
            (b"../../etc/passwd", "etc/passwd"),
            (b"/etc/passwd", "etc/passwd"),
            (b"..\\..\\windows\\a.xml", "windows/a.xml"),
            (b"C:\\a.xml", "C:/a.xml"),
            (b"a\nb\x1b[0m.xml", "a b [0m.xml"),
            (b"\x82\xeb\xaf\xa8\xe1\xaa\xa0.txt", "Выписка.txt"),
            ("Выписка.txt".as_bytes(), "Выписка.txt"),
            (b"..", "?"),
            (b"", "?"),
        ] {
            assert_eq!(label(raw), clean);
        }
        let at_limit = "я".repeat(LABEL_CHARS_MAX);
        assert_eq!(label(at_limit.as_bytes()), at_limit);
        assert_eq!(label(format!("{at_limit}я").as_bytes()), at_limit);
        assert!(is_of_the_system("__MACOSX/._a.xml") && is_of_the_system("a/.DS_Store") && !is_of_the_system("a.xml"));
    }
}
