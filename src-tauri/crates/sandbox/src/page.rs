//! The page for people: what the CRM now holds.

use std::fmt::Write as _;

use crate::{
    portal::Portal,
    schema::{DEAL, INVOICE},
    view::{Glance, glance},
};

/// Rows a table shows.
const ROWS_MAX: usize = 300;

const STYLE: &str = "body{font:15px/1.45 system-ui,sans-serif;margin:2rem auto;max-width:76rem;color:#1c2530}\
    table{border-collapse:collapse;width:100%}th,td{text-align:left;padding:.35rem .6rem;border-bottom:1px solid #dde3ea;vertical-align:top}\
    td.sum{text-align:right;white-space:nowrap;font-variant-numeric:tabular-nums}\
    .S{background:#e7f6e7}.F{color:#8a939e}.note{color:#5a6673}";

pub fn render(portal: &Portal, online: bool) -> String {
    let world = &portal.world;
    let of = |entity_type_id: i64| -> Vec<Glance> {
        let mut rows: Vec<Glance> = world
            .rows(entity_type_id)
            .take(ROWS_MAX)
            .map(|row| glance(world, entity_type_id, row))
            .collect();
        // What was written to comes first.
        rows.sort_by_key(|row| (row.payment_ids.is_empty() && row.comments.is_empty(), row.id));
        rows
    };
    let mut html = format!(
        "<!doctype html><html lang=ru><meta charset=utf-8><title>Песочница CRM</title><style>{STYLE}</style>\
         <h1>Песочница CRM</h1><p class=note>Портал {}. Запросов: {}. Счетов: {}, сделок: {}, комментариев: {}.</p>",
        if online {
            "на связи"
        } else {
            "не отвечает (связь выключена)"
        },
        portal.record.total,
        world.rows(INVOICE).count(),
        world.rows(DEAL).count(),
        world.comments.len(),
    );
    for (title, rows) in [("Счета", of(INVOICE)), ("Сделки", of(DEAL))] {
        table(&mut html, title, &rows);
    }
    html.push_str("</html>");
    html
}

fn table(html: &mut String, title: &str, rows: &[Glance]) {
    // Writing to a String cannot fail.
    let _ = write!(
        html,
        "<h2>{title}</h2><table><tr><th>№</th><th>Название</th><th>Компания</th><th>Сумма</th><th>Стадия</th>\
         <th>Платежи</th><th>Комментарии</th></tr>"
    );
    for row in rows {
        let _ = write!(
            html,
            "<tr class=\"{}\"><td>{}</td><td>{}</td><td>{}</td><td class=sum>{} {}</td><td>{}</td><td>{}</td><td>{}</td></tr>",
            escaped(&row.semantics),
            escaped(if row.number.is_empty() {
                row.title.as_str()
            } else {
                row.number.as_str()
            }),
            escaped(&row.title),
            escaped(&row.company),
            escaped(&row.amount),
            escaped(&row.currency),
            escaped(&row.stage_name),
            escaped(&row.payment_ids.join(", ")),
            row.comments
                .iter()
                .map(|comment| escaped(comment))
                .collect::<Vec<_>>()
                .join("<hr>"),
        );
    }
    html.push_str("</table>");
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
