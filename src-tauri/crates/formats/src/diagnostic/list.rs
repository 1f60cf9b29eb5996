//! The list of all codes as a page of the documentation, made from the codes themselves.

use std::fmt::Write as _;

use domain::Lang;

use super::{Code, Severity};

/// What the codes of one family speak of. A family without a title goes by its name.
const FAMILIES: &[(&str, &str, &str)] = &[
    ("format", "Что это за файл", "What kind of file it is"),
    ("encoding", "Как записаны буквы", "How its letters are written"),
    ("proof", "Что не сходится", "What does not add up"),
    ("onec", "Обмен с 1С", "The exchange with 1C"),
    ("mt", "SWIFT MT940 и MT942", "SWIFT MT940 and MT942"),
    ("camt", "ISO 20022 camt", "ISO 20022 camt"),
    ("json", "JSON", "JSON"),
    ("table", "Таблицы", "Tables"),
    ("archive", "Архивы", "Archives"),
];

/// `docs/diagnostics.md`.
#[must_use]
pub fn page() -> String {
    let mut page = String::from(
        "# Диагностика · Diagnostics\n\n\
         <!-- Made from the codes by `cargo xtask codes`. Do not edit. -->\n\n\
         Всё, что `sverka read` и окно говорят о файле: код, тяжесть, что это значит и что делать. «…» стоит там, где\n\
         будет кусок файла, дата или сумма. [In English below](#in-english).\n\n\
         - **ошибка** — что-то в файле не принято;\n\
         - **внимание** — принято, но посмотрите сами;\n\
         - **заметка** — понято, хотя записано не по правилам.\n\n",
    );
    write_families(&mut page, Lang::Ru);
    page.push_str(
        "# In English\n\n\
         Everything that `sverka read` and the window say of a file: code, severity, meaning, remedy. «…» stands for a\n\
         piece of the file, a date or a sum.\n\n\
         - **error**: something in the file was not taken;\n\
         - **warning**: it was taken, and somebody should look;\n\
         - **note**: it was understood, though it is not by the book.\n\n",
    );
    write_families(&mut page, Lang::En);
    // The page ends with one line feed.
    page.truncate(page.trim_end().len());
    page.push('\n');
    page
}

fn write_families(page: &mut String, lang: Lang) {
    let mut told: Vec<&str> = Vec::new();
    for code in Code::ALL {
        let family = code.family();
        if told.contains(&family) {
            continue;
        }
        told.push(family);
        let title = FAMILIES.iter().find(|(name, ..)| *name == family);
        let title = title.map_or(family, |(_, ru, en)| if lang == Lang::Ru { ru } else { en });
        let head = match lang {
            Lang::Ru => "код | тяжесть | что значит | что делать",
            Lang::En => "code | severity | meaning | remedy",
        };
        // Writing to a string does not fail.
        let _ = write!(page, "## {title}\n\n| {head} |\n|---|---|---|---|\n");
        for code in Code::ALL.iter().filter(|code| code.family() == family) {
            write_code(page, *code, lang);
        }
        page.push('\n');
    }
}

fn write_code(page: &mut String, code: Code, lang: Lang) {
    let severity = match (lang, code.severity()) {
        (Lang::Ru, Severity::Error) => "ошибка",
        (Lang::Ru, Severity::Warning) => "внимание",
        (Lang::Ru, Severity::Note) => "заметка",
        (Lang::En, severity) => severity.as_str(),
    };
    let itself = match lang {
        Lang::Ru => "сказано в самом сообщении",
        Lang::En => "said in the message itself",
    };
    let words = |template: &str| {
        let filled = with_gaps(template);
        if filled.trim() == "…" {
            itself.to_owned()
        } else {
            filled.replace('|', "\\|")
        }
    };
    let _ = writeln!(
        page,
        "| `{code}` | {severity} | {} | {} |",
        words(code.message(lang)),
        words(code.remedy(lang)),
    );
}

/// `{0}`, `{1}` and on are known only when something is found.
fn with_gaps(template: &str) -> String {
    let mut out = String::new();
    let mut rest = template;
    while let Some((before, after)) = rest.split_once('{') {
        out.push_str(before);
        let Some((_, after)) = after.split_once('}') else { break };
        out.push('…');
        rest = after;
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_documentation_lists_the_codes_of_today() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../docs/diagnostics.md");
        let made = page();
        if std::env::var_os("SVERKA_WRITE_CODES").is_some() {
            std::fs::write(path, &made).unwrap();
        }
        let committed = std::fs::read_to_string(path).unwrap_or_default().replace("\r\n", "\n");
        assert!(
            committed == made,
            "docs/diagnostics.md is not what the codes say: run `cargo xtask codes`"
        );
    }

    #[test]
    fn every_code_is_listed_in_both_languages_and_every_family_has_a_title() {
        let page = page();
        for code in Code::ALL {
            assert_eq!(page.matches(&format!("| `{code}` |")).count(), 2, "{code}");
            let family = code.family();
            assert!(
                FAMILIES.iter().any(|(name, ..)| *name == family),
                "{family} has no title"
            );
        }
        assert!(!page.contains('{') && !page.contains('}'));
    }
}
