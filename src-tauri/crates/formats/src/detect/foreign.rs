//! Texts that come instead of a statement: pages of a site.

use domain::Text;

use super::Detection;

/// Characters of a page's title that are quoted.
const TITLE_CHARS_MAX: usize = 60;

/// `lower` is the beginning of `text` in small letters.
pub(super) fn web_page(text: &str, lower: &str) -> Option<Detection> {
    let starts = [
        "<!doctype html",
        "<html",
        "<head",
        "<body",
        "<script",
        "<meta",
        "<table",
    ];
    let is_page = starts.iter().any(|start| lower.starts_with(start))
        || (lower.starts_with('<') && (lower.contains("<!doctype html") || lower.contains("<html")));
    if !is_page {
        return None;
    }
    if lower.contains("<table") && lower.contains("<td") {
        let what = Text::new("таблица в виде страницы HTML", "a table written as a web page (HTML)");
        let remedy = Text::new(
            "откройте файл в Excel и сохраните как книгу .xlsx или выгрузите выписку в формате «1С»",
            "open the file in Excel and save it as a workbook (.xlsx), or export the statement in the 1C format",
        );
        return Some(Detection::not_a_statement(what, remedy).usually(&["htm", "html"]));
    }
    let title = title(text, lower).map_or_else(String::new, |title| format!(" «{title}»"));
    let what = Text::new(
        format!("страница сайта (HTML){title}"),
        format!("a web page (HTML){title}"),
    );
    let remedy = Text::new(
        "сайт отдал страницу вместо файла: войдите в банк заново и скачайте выписку",
        "the site gave a page instead of the file: log in to the bank again and download the statement",
    );
    Some(Detection::not_a_statement(what, remedy).usually(&["htm", "html"]))
}

/// The page's own words for what went wrong: «Сессия истекла», «502 Bad Gateway».
fn title(text: &str, lower: &str) -> Option<String> {
    let start = lower.find("<title")?;
    // Small letters may take more bytes than large ones, so the place is found again in the text itself.
    let start = text
        .get(start..)
        .filter(|rest| rest.get(..6).is_some_and(|tag| tag.eq_ignore_ascii_case("<title")))?;
    let (_, rest) = start.split_once('>')?;
    let (title, _) = rest.split_once('<')?;
    let title: String = title.split_whitespace().collect::<Vec<_>>().join(" ");
    (!title.is_empty()).then(|| title.chars().take(TITLE_CHARS_MAX).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pages_title_is_quoted() {
        let of = |text: &str| web_page(text, &text.to_lowercase()).map(|detection| detection.reason.ru);
        for (text, reason) in [
            (
                "<html><head><TITLE>\n 502  Bad\nGateway</title>",
                "страница сайта (HTML) «502 Bad Gateway»",
            ),
            ("<!DOCTYPE HTML><p>", "страница сайта (HTML)"),
            (
                "<?xml version=\"1.0\"?><!DOCTYPE html PUBLIC \"x\">",
                "страница сайта (HTML)",
            ),
            ("<title>", ""),
            ("<Document/>", ""),
            ("<table><tr><td>1</td></tr></table>", "таблица в виде страницы HTML"),
        ] {
            assert_eq!(of(text).unwrap_or_default(), reason, "{text}");
        }
    }
}
