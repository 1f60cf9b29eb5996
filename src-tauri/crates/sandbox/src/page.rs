//! The page for people: what both CRMs now hold, table by table. Knows nothing of what the tables say.

use std::fmt::Write as _;

/// Rows a table shows.
pub const ROWS_MAX: usize = 300;

const STYLE: &str = "\
    :root{color-scheme:light dark;--ink:#1c2530;--soft:#566270;--line:#dbe1e8;--paper:#fff;--head:#f4f6f9;--done:#e4f5e6}\
    @media(prefers-color-scheme:dark){:root{--ink:#e6eaf0;--soft:#a4afbd;--line:#353e4a;--paper:#161b22;--head:#1e252e;--done:#173a22}}\
    body{font:15px/1.45 system-ui,sans-serif;margin:0 auto;padding:1.5rem;max-width:78rem;color:var(--ink);background:var(--paper)}\
    h1{font-size:1.5rem;margin:0}h2{font-size:1.25rem;margin:2.2rem 0 0}h3{font-size:1rem;margin:1.4rem 0 .4rem}\
    nav{margin:.6rem 0}nav a{color:inherit;margin-right:1.2rem;white-space:nowrap}.note{color:var(--soft);margin:.3rem 0}\
    .table{overflow-x:auto;border:1px solid var(--line);border-radius:8px}\
    table{border-collapse:collapse;width:100%}th,td{text-align:left;padding:.4rem .7rem;vertical-align:top}\
    th{background:var(--head);font-weight:600;white-space:nowrap}tr+tr td{border-top:1px solid var(--line)}\
    .sum{text-align:right;white-space:nowrap;font-variant-numeric:tabular-nums}td{overflow-wrap:break-word;min-width:4.5rem;max-width:24rem}\
    .S td{background:var(--done)}.F td{color:var(--soft)}hr{border:0;border-top:1px dashed var(--line);margin:.4rem 0}";

/// A row, with what its stage means: `S` success, `F` failure, nothing in between.
pub struct Row {
    pub meaning: &'static str,
    /// Made safe already.
    pub cells: Vec<String>,
}

impl Row {
    pub fn of(cells: impl IntoIterator<Item = String>) -> Self {
        Self {
            meaning: "",
            cells: cells.into_iter().collect(),
        }
    }

    pub fn meaning(mut self, semantics: &str) -> Self {
        self.meaning = match semantics {
            "S" => "S",
            "F" => "F",
            _ => "",
        };
        self
    }
}

pub struct Table {
    pub title: &'static str,
    /// What columns are called; those of sums begin with `=`.
    pub columns: &'static [&'static str],
    pub rows: Vec<Row>,
    /// How many there are; `rows` may be the first of them.
    pub total: usize,
}

/// What one CRM has to show.
pub struct Crm {
    /// Of its place on the page.
    pub id: &'static str,
    pub name: &'static str,
    pub requests: u64,
    pub tables: Vec<Table>,
}

pub fn render(online: bool, crms: &[Crm]) -> String {
    let state = if online {
        "На связи."
    } else {
        "Связь выключена: обе CRM не отвечают."
    };
    let mut html = format!(
        "<!doctype html><html lang=ru><meta charset=utf-8>\
         <meta name=viewport content=\"width=device-width,initial-scale=1\"><title>Песочница CRM</title>\
         <style>{STYLE}</style><h1>Песочница CRM</h1><p class=note>{state}</p><nav>"
    );
    // Writing to a String cannot fail.
    for crm in crms {
        let _ = write!(html, "<a href=\"#{}\">{}</a>", crm.id, crm.name);
    }
    html.push_str("</nav>");
    for crm in crms {
        section(&mut html, crm);
    }
    html.push_str("</html>");
    html
}

fn section(html: &mut String, crm: &Crm) {
    let counts: Vec<String> = crm
        .tables
        .iter()
        .filter(|table| table.total > 0)
        .map(|table| format!("{}: {}", table.title, grouped(&table.total.to_string())))
        .collect();
    let holds = match counts.is_empty() {
        true => "Пока пусто".to_owned(),
        false => counts.join(", "),
    };
    let _ = write!(
        html,
        "<h2 id={}>{}</h2><p class=note>Запросов: {}. {holds}.</p>",
        crm.id,
        crm.name,
        grouped(&crm.requests.to_string()),
    );
    let filled = crm.tables.iter().filter(|table| !table.rows.is_empty());
    filled.for_each(|table| show(html, table));
}

/// Columns in which nothing stands are left out.
fn show(html: &mut String, table: &Table) {
    let is_filled = |at: usize| {
        let cells = table.rows.iter().filter_map(|row| row.cells.get(at));
        cells.into_iter().any(|cell| !cell.is_empty())
    };
    let shown: Vec<usize> = (0..table.columns.len()).filter(|at| is_filled(*at)).collect();
    let class = |at: usize| match table.columns.get(at) {
        Some(name) if name.starts_with('=') => " class=sum",
        _ => "",
    };
    let _ = write!(html, "<h3>{}</h3>", table.title);
    if table.total > table.rows.len() {
        let _ = write!(
            html,
            "<p class=note>Показано {} из {}, первыми те, в которых что-то записано.</p>",
            grouped(&table.rows.len().to_string()),
            grouped(&table.total.to_string())
        );
    }
    html.push_str("<div class=table><table><tr>");
    for at in &shown {
        let name = table.columns[*at].trim_start_matches('=');
        let _ = write!(html, "<th{}>{name}</th>", class(*at));
    }
    html.push_str("</tr>");
    for row in &table.rows {
        let _ = write!(html, "<tr class=\"{}\">", row.meaning);
        for at in &shown {
            let cell = row.cells.get(*at).map_or("", String::as_str);
            let _ = write!(html, "<td{}>{cell}</td>", class(*at));
        }
        html.push_str("</tr>");
    }
    html.push_str("</table></div>");
}

/// `146400.5` as people here write it: `146 400,50 RUB`.
pub fn money(amount: &str, currency: &str) -> String {
    let (whole, fraction) = amount.split_once('.').unwrap_or((amount, ""));
    let fraction: String = fraction.chars().chain("00".chars()).take(2).collect();
    escaped(format!("{},{fraction} {currency}", grouped(whole)).trim_end())
}

/// Digits by threes.
fn grouped(whole: &str) -> String {
    let mut text = String::with_capacity(whole.len() + whole.len() / 3);
    let digits = whole.trim_start_matches('-');
    if digits.len() < whole.len() {
        text.push('−');
    }
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.chars().count() - at).is_multiple_of(3) {
            text.push('\u{a0}');
        }
        text.push(digit);
    }
    text
}

/// Several texts of other people in one cell.
pub fn several(texts: &[String]) -> String {
    let texts: Vec<String> = texts.iter().map(|text| formatted(text)).collect();
    texts.join("<hr>")
}

/// A text with the portal's own marks for bold.
fn formatted(text: &str) -> String {
    escaped(text).replace("[b]", "<b>").replace("[/b]", "</b>")
}

/// Names and comments are other people's text.
pub fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\n' => safe.push_str("<br>"),
            other => safe.push(other),
        }
    }
    safe
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sums_are_written_as_people_write_them() {
        for (amount, expected) in [
            ("146400.5", "146\u{a0}400,50 RUB"),
            ("150", "150,00 RUB"),
            ("-1234567.89", "−1\u{a0}234\u{a0}567,89 RUB"),
        ] {
            assert_eq!(money(amount, "RUB"), expected);
        }
    }

    #[test]
    fn what_is_left_out_is_said() {
        let table = |rows: usize, total: usize| Table {
            title: "Счета",
            columns: &["№", "=Сумма", "Пусто"],
            rows: (0..rows)
                .map(|at| Row::of([at.to_string(), "1".to_owned(), String::new()]))
                .collect(),
            total,
        };
        let page = |table: Table| {
            render(
                true,
                &[Crm {
                    id: "one",
                    name: "Одна",
                    requests: 0,
                    tables: vec![table],
                }],
            )
        };
        assert!(page(table(2, 5)).contains("Показано 2 из 5"));
        let whole = page(table(2, 2));
        assert!(!whole.contains("Показано") && whole.contains("<th class=sum>Сумма") && !whole.contains("Пусто"));
        assert!(!page(table(0, 0)).contains("<table>"));
    }
}
