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
        return EndMark::Absent;
    }
    // UTF-16 shows its zeros, and a whole file of it ends with a whole unit.
    let aligned = if tail.len().is_multiple_of(2) { tail } else { shifted };
    let wide = [UTF_16LE, UTF_16BE].map(|encoding| encoding.decode_without_bom_handling(aligned).0);
    match wide.iter().find(|text| tail.contains(&0) && text.contains("</")) {
        Some(text) => markup_end(text),
        None => markup_end(&String::from_utf8_lossy(tail)),
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
    if let Some((before, last)) = text.rsplit_once("</") {
        return xml_end(before, last);
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

/// `last` follows the last `</`. Whatever the envelope is called, a document is closed inside of it.
fn xml_end(before: &str, last: &str) -> EndMark {
    let Some((name, after)) = last.split_once('>') else {
        return EndMark::Absent;
    };
    let begun_anew = after
        .match_indices('<')
        .any(|(at, _)| !after[at + 1..].starts_with(['!', '?']));
    let broken = !after.is_empty() && !after.ends_with('>');
    let local = |name: &str| {
        name.trim()
            .rsplit(':')
            .next()
            .is_some_and(|name| matches!(name, "Document" | "BusMsg" | "Envelope" | "BizMsgEnvlp"))
    };
    let closed = local(name)
        || before
            .split("</")
            .skip(1)
            .any(|end| end.split_once('>').is_some_and(|(name, _)| local(name)));
    if closed && !begun_anew && !broken {
        EndMark::Present
    } else {
        EndMark::Absent
    }
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
        for (text, end) in [
            ("<a></Document></message>\n", EndMark::Present),
            ("<a></ns:Document></soap:Body></soap:Envelope>", EndMark::Present),
            ("<a></Document>\n<!-- end -->", EndMark::Present),
            ("<a></Document>\n<Document><Stmt>", EndMark::Absent),
            ("<a></Document></mess", EndMark::Absent),
            ("<a></Document>\n<", EndMark::Absent),
            ("<a></BkToCstmrStmt>", EndMark::Absent),
        ] {
            assert_eq!(ends_complete(text.as_bytes()), end, "{text}");
            for to in [u16::to_le_bytes, u16::to_be_bytes] {
                let wide: Vec<u8> = text.encode_utf16().flat_map(to).collect();
                assert_eq!(ends_complete(&wide), end, "{text}");
                assert_eq!(ends_complete(&wide[1..]), end, "{text}");
            }
        }
        assert_eq!(ends_complete(b":62F:C240703RUB1,00\r\n-}"), EndMark::Present);
        assert_eq!(ends_complete(b":61:2407030703C1,00NTRF\r\n"), EndMark::Unknown);
        assert_eq!(ends_complete(b"a;b;c\n"), EndMark::Unknown);
        assert_eq!(ends_complete(b""), EndMark::Unknown);
    }
}
