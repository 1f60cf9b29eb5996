//! Counts tests in what `cargo test` and `vitest` print, and keeps quiet what passing tests say.

/// What a test says when it cannot run without the folder of real bank files.
const NO_CORPORA: &str = "skipped: SVERKA_CORPORA is not set";

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Tally {
    pub passed: u64,
    pub failed: u64,
    pub skipped: u64,
    /// Of the passed ones, how many had nothing to look at.
    pub without_corpora: u64,
    /// Inside the part where libtest shows what passing tests printed.
    quiet: bool,
}

impl Tally {
    /// Takes one line of output; true when a person should see it.
    pub fn see(&mut self, line: &str) -> bool {
        let line = plain(line);
        let line = line.trim();
        if line.starts_with(NO_CORPORA) {
            self.without_corpora += 1;
            return false;
        }
        match line {
            "successes:" => self.quiet = true,
            "failures:" => self.quiet = false,
            _ => {}
        }
        if let Some(counts) = line.strip_prefix("test result: ") {
            self.quiet = false;
            self.count(counts, "ignored");
        } else if let Some(counts) = line.strip_prefix("Tests  ") {
            self.count(counts, "skipped");
        }
        !self.quiet
    }

    fn count(&mut self, counts: &str, skipped: &str) {
        let words: Vec<&str> = counts
            .split(|letter: char| letter.is_whitespace() || ";|.".contains(letter))
            .collect();
        for pair in words.windows(2) {
            let [number, what] = pair else { continue };
            let Ok(number) = number.parse::<u64>() else { continue };
            match *what {
                "passed" => self.passed += number,
                "failed" => self.failed += number,
                what if what == skipped => self.skipped += number,
                _ => {}
            }
        }
    }

    pub fn add(&mut self, other: Self) {
        self.passed += other.passed;
        self.failed += other.failed;
        self.skipped += other.skipped;
        self.without_corpora += other.without_corpora;
    }
}

/// Without the colours of a terminal.
fn plain(line: &str) -> String {
    let mut plain = String::with_capacity(line.len());
    let mut letters = line.chars();
    while let Some(letter) = letters.next() {
        if letter == '\u{1b}' {
            letters.by_ref().find(char::is_ascii_alphabetic);
        } else {
            plain.push(letter);
        }
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tally(output: &str) -> (Tally, Vec<&str>) {
        let mut tally = Tally::default();
        let seen = output.lines().filter(|line| tally.see(line)).collect();
        (tally, seen)
    }

    #[test]
    fn results_of_several_test_programs_add_up() {
        let (tally, _) = tally(
            "test result: ok. 12 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.01s\n\
             test result: FAILED. 3 passed; 2 failed; 0 ignored; 0 measured; 7 filtered out; finished in 0.01s\n",
        );
        assert_eq!((tally.passed, tally.failed, tally.skipped), (15, 2, 1));
    }

    #[test]
    fn vitest_is_understood_in_colour_too() {
        for line in [
            "      Tests  1 failed | 41 passed | 2 skipped (44)",
            "\u{1b}[2m      Tests \u{1b}[22m \u{1b}[1m\u{1b}[31m1 failed\u{1b}[39m\u{1b}[22m | 41 passed | 2 skipped (44)",
        ] {
            let (tally, _) = tally(line);
            assert_eq!((tally.passed, tally.failed, tally.skipped), (41, 1, 2), "{line:?}");
        }
        let (files, _) = tally(" Test Files  3 passed (3)");
        assert_eq!(files.passed, 0, "files are not tests");
    }

    #[test]
    fn what_passing_tests_say_is_counted_and_not_shown() {
        let (tally, seen) = tally(
            "test a ... ok\n\nsuccesses:\n\n---- a stdout ----\nskipped: SVERKA_CORPORA is not set\nchatter\n\n\
             successes:\n    a\n\nfailures:\n\n---- b stdout ----\nwrong\n\ntest result: FAILED. 1 passed; 1 failed; 0 ignored",
        );
        assert_eq!((tally.passed, tally.failed, tally.without_corpora), (1, 1, 1));
        assert!(seen.contains(&"wrong") && seen.contains(&"test a ... ok"));
        assert!(!seen.contains(&"chatter"));
    }
}
