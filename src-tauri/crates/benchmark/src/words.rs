//! The texts of `fixtures/matching/texts`, by section. They are part of the program: a figure is repeated with the texts
//! it was made with.

use std::{collections::HashMap, sync::LazyLock};

use fastrand::Rng;

type Sections = HashMap<&'static str, Vec<&'static str>>;

pub static RU: LazyLock<Words> =
    LazyLock::new(|| Words::read(include_str!("../../../../fixtures/matching/texts/ru.txt")));
pub static EN: LazyLock<Words> =
    LazyLock::new(|| Words::read(include_str!("../../../../fixtures/matching/texts/en.txt")));
pub static HY: LazyLock<Words> =
    LazyLock::new(|| Words::read(include_str!("../../../../fixtures/matching/texts/hy.txt")));
pub static GOODS: LazyLock<Words> =
    LazyLock::new(|| Words::read(include_str!("../../../../fixtures/matching/texts/goods.txt")));
pub static NAMES: LazyLock<Words> =
    LazyLock::new(|| Words::read(include_str!("../../../../fixtures/matching/texts/names.txt")));

#[derive(Debug)]
pub struct Words {
    sections: Sections,
}

impl Words {
    fn read(text: &'static str) -> Self {
        let mut sections = Sections::new();
        let mut section = "";
        for line in text.lines() {
            if let Some(name) = line.strip_prefix("== ") {
                section = name;
            } else if !line.trim().is_empty() && !line.starts_with("# ") {
                // A lone dash is a silent line: nothing at all is one of the things people write.
                sections
                    .entry(section)
                    .or_default()
                    .push(if line == "-" { "" } else { line });
            }
        }
        Self { sections }
    }

    /// # Panics
    /// When the texts have no such section: they are part of the program.
    #[must_use]
    pub fn section(&self, name: &str) -> &[&'static str] {
        self.sections
            .get(name)
            .unwrap_or_else(|| panic!("the texts have no section «{name}»"))
    }

    pub fn any(&self, name: &str, rng: &mut Rng) -> &'static str {
        let lines = self.section(name);
        lines[rng.usize(..lines.len())]
    }
}
