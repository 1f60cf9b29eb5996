//! Full-text search that a person's typing cannot break: ё is е, case does not matter, words are found by their start.

/// More words than this narrow nothing for a person, only cost time.
const WORDS_MAX: usize = 16;

/// How text is laid down and how it is asked for: the same on both sides.
pub(crate) fn fold(text: &str) -> String {
    text.chars()
        .flat_map(char::to_lowercase)
        .map(|character| if character == 'ё' { 'е' } else { character })
        .collect()
}

fn words(text: &str) -> Vec<String> {
    fold(text)
        .split(|character: char| !character.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .take(WORDS_MAX)
        .map(str::to_owned)
        .collect()
}

/// An FTS5 expression: every word, each by its start. `None` where there is no word to look for. Words are letters and
/// digits inside quotation marks, so nothing a person types is syntax.
pub(crate) fn expression(typed: &str) -> Option<String> {
    let words: Vec<String> = words(typed).iter().map(|word| format!("\"{word}\"*")).collect();
    (!words.is_empty()).then(|| words.join(" "))
}

/// Patterns for LIKE over folded text, one a word. A number keeps its dashes, so that «СЧ-152» is not found in СЧ-256 of
/// an INN with 152 in it; what LIKE would read as a wildcard, and quotation marks, part words.
pub(crate) fn patterns(typed: &str) -> Vec<String> {
    let parts = |character: char| character.is_whitespace() || "%_\"'«»„“”".contains(character);
    fold(typed)
        .split(parts)
        .filter(|word| word.contains(char::is_alphanumeric))
        .take(WORDS_MAX)
        .map(|word| format!("%{word}%"))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn typing_is_never_syntax() {
        let cases = [
            ("Счёт 145", Some("\"счет\"* \"145\"*")),
            ("a OR b*", Some("\"a\"* \"or\"* \"b\"*")),
            ("\"x\" NEAR(y)", Some("\"x\"* \"near\"* \"y\"*")),
            ("payer:x", Some("\"payer\"* \"x\"*")),
            ("№ -- '", None),
            ("", None),
        ];
        for (typed, expected) in cases {
            assert_eq!(expression(typed).as_deref(), expected, "{typed}");
        }
        assert_eq!(patterns("50%_Ё"), ["%50%", "%е%"]);
        assert_eq!(patterns("СЧ-152 ООО «Ёлка»"), ["%сч-152%", "%ооо%", "%елка%"]);
        assert_eq!(patterns("№ - %"), [""; 0]);
        let many = "a ".repeat(WORDS_MAX + 1);
        assert_eq!(patterns(&many).len(), WORDS_MAX);
    }
}
