//! Whether a file that is perhaps still being written has its end, by its last bytes. For whoever watches a folder.

use crate::onec::{Keyword, normalised};
use encoding_rs::{Encoding, IBM866, KOI8_R, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1251};

/// How many of a file's last bytes are enough.
pub const TAIL_BYTES: usize = 4096;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum EndMark {
    Present,
    /// The format has an end mark, and it is not there.
    Absent,
    /// The format has none, or it is not recognised: only rest tells.
    Unknown,
}

/// Which keys or tags a tail shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
struct Signs {
    onec: bool,
    onec_end: bool,
}

#[must_use]
pub fn ends_complete(tail: &[u8]) -> EndMark {
    let tail = &tail[tail.len().saturating_sub(TAIL_BYTES)..];
    // The tail may start inside a letter, and for UTF-16 inside a unit.
    let shifted = tail.get(1..).unwrap_or_default();
    let readings: [(&'static Encoding, &[u8]); 8] = [
        (UTF_8, tail),
        (WINDOWS_1251, tail),
        (IBM866, tail),
        (KOI8_R, tail),
        (UTF_16LE, tail),
        (UTF_16LE, shifted),
        (UTF_16BE, tail),
        (UTF_16BE, shifted),
    ];
    let mut any = false;
    for (encoding, bytes) in readings {
        let text = encoding.decode_without_bom_handling(bytes).0;
        let signs = onec_signs(&text);
        if signs.onec_end {
            return EndMark::Present;
        }
        any |= signs.onec;
    }
    if any {
        EndMark::Absent
    } else {
        markup_end(&String::from_utf8_lossy(tail))
    }
}

fn onec_signs(text: &str) -> Signs {
    let mut signs = Signs::default();
    for line in text.split(['\n', '\r']) {
        let bare = line.trim().trim_matches('"');
        let (key, value) = bare.split_once('=').map_or((bare, false), |(key, _)| (key, true));
        let form = normalised(key);
        match Keyword::of(&form) {
            Some(Keyword::FileEnd) => signs.onec_end = true,
            Some(_) => signs.onec = true,
            None => signs.onec |= value && crate::onec::is_field(&form),
        }
    }
    signs
}

/// XML and SWIFT; for SWIFT the absence says nothing, because many banks leave the trailer out.
fn markup_end(text: &str) -> EndMark {
    let text = text.trim_end();
    if let Some((_, last)) = text.rsplit_once("</") {
        let closed = last
            .strip_suffix('>')
            .map(|name| name.rsplit(':').next().unwrap_or(name));
        return match closed {
            Some("Document" | "BusMsg" | "Envelope" | "BizMsgEnvlp") => EndMark::Present,
            _ => EndMark::Absent,
        };
    }
    let swift = text.trim_end_matches(|letter: char| letter.is_control() || letter.is_whitespace());
    let last_line = swift.rsplit(['\n', '\r']).next().unwrap_or("");
    // `-}`, perhaps with a trailer: `-}{5:{CHK:...}}`.
    let closed = last_line.starts_with("-}") && last_line.ends_with('}');
    let dash = last_line == "-" || last_line == "-XXX";
    if closed
        || (dash
            && [":62F:", ":62M:", ":90D:", ":90C:"]
                .iter()
                .any(|tag| text.contains(tag)))
    {
        return EndMark::Present;
    }
    EndMark::Unknown
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_end_is_seen_in_every_encoding_and_at_every_alignment() {
        let text = "Сумма=1.00\r\nКонецДокумента\r\nКонецФайла\r\n";
        let wide: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
        for bytes in [
            text.as_bytes().to_vec(),
            WINDOWS_1251.encode(text).0.into_owned(),
            IBM866.encode(text).0.into_owned(),
            KOI8_R.encode(text).0.into_owned(),
            wide.clone(),
            wide[1..].to_vec(),
            "КонецВыписки".as_bytes().to_vec(),
        ] {
            assert_eq!(ends_complete(&bytes), EndMark::Present, "{bytes:?}");
        }
    }

    #[test]
    fn a_cut_file_is_told_from_one_that_has_no_mark() {
        let text = "СекцияДокумент=Платежное поручение\r\nНомер=1\r\nКонецДокумента\r\nКонецФай";
        assert_eq!(ends_complete(text.as_bytes()), EndMark::Absent);
        assert_eq!(ends_complete(&WINDOWS_1251.encode(text).0), EndMark::Absent);
        assert_eq!(
            ends_complete(b"<Stmt></Stmt></BkToCstmrStmt></Document>\n"),
            EndMark::Present
        );
        assert_eq!(ends_complete(b"<Stmt></Stmt><Ntry"), EndMark::Absent);
        for end in ["-}", "-}{5:{MAC:0}{CHK:0}}\x03", "-", "-\x03\r\n", "-XXX", "-}\r\n\r\n"] {
            let text = format!(":62F:C240703RUB1,00\r\n{end}");
            assert_eq!(ends_complete(text.as_bytes()), EndMark::Present, "{end:?}");
        }
        assert_eq!(ends_complete(b":62F:C240703RUB1,00\r\n-}{5:{MAC:"), EndMark::Unknown);
        assert_eq!(ends_complete(b":61:2407030703C1,00NTRF\r\n"), EndMark::Unknown);
        assert_eq!(ends_complete(b"a;b;c\n"), EndMark::Unknown);
        assert_eq!(ends_complete(b""), EndMark::Unknown);
    }
}
