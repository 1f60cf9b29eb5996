//! A format's own words, one a line, as the dictionary that libFuzzer understands.

use std::fmt::Write as _;

/// One quoted word a line; what is not plain ASCII is written as bytes.
pub fn dictionary(words: &str) -> String {
    let mut dictionary = String::new();
    for word in words.lines().filter(|word| !word.is_empty()) {
        dictionary.push('"');
        for byte in word.bytes() {
            if byte.is_ascii_graphic() && !matches!(byte, b'"' | b'\\') || byte == b' ' {
                dictionary.push(char::from(byte));
            } else {
                // A string takes every text.
                let _ = write!(dictionary, "\\x{byte:02X}");
            }
        }
        dictionary.push_str("\"\n");
    }
    dictionary
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_quoted_and_escaped() {
        assert_eq!(
            dictionary(":61:\n\na \"b\"\\\nДа\n"),
            "\":61:\"\n\"a \\x22b\\x22\\x5C\"\n\"\\xD0\\x94\\xD0\\xB0\"\n"
        );
    }
}
