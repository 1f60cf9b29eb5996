//! A month as rows of words, and those as the bytes of a text.

use encoding_rs::WINDOWS_1251;

use crate::{
    month::{Month, OWN, Paid},
    style::{Encoding, Style, SumStyle},
};

/// What a cell holds, for a workbook to give it a type.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cell {
    Text(String),
    Date(chrono::NaiveDate),
    Sum(i64),
}

impl Cell {
    fn text(&self, style: &Style) -> String {
        match self {
            Self::Text(text) => text.clone(),
            Self::Date(day) => style.date(*day),
            Self::Sum(kopecks) => style.sum(*kopecks),
        }
    }
}

fn words(text: &str) -> Cell {
    Cell::Text(text.to_owned())
}

/// A column: the words of its header in Russian and English with its group, and its cell of an entry.
struct Column {
    header: (&'static str, &'static str),
    /// Words over several columns, in a header of more than one row.
    group: Option<(&'static str, &'static str)>,
    cell: fn(&Paid, i64, usize) -> Cell,
}

const fn column(ru: &'static str, en: &'static str, cell: fn(&Paid, i64, usize) -> Cell) -> Column {
    Column {
        header: (ru, en),
        group: None,
        cell,
    }
}

const fn grouped(
    group: (&'static str, &'static str),
    ru: &'static str,
    en: &'static str,
    cell: fn(&Paid, i64, usize) -> Cell,
) -> Column {
    Column {
        header: (ru, en),
        group: Some(group),
        cell,
    }
}

fn nothing() -> Cell {
    words("")
}

const PAYER: (&str, &str) = ("Плательщик", "Payer");
const PAYEE: (&str, &str) = ("Получатель", "Payee");
const PARTY: (&str, &str) = ("Контрагент", "Counterparty");
const TURNOVER: (&str, &str) = ("Сумма", "Amount");

fn ours(paid: &Paid, of_credit: bool, ours: &str, theirs: &str) -> Cell {
    words(if (paid.kopecks > 0) == of_credit { theirs } else { ours })
}

/// Columns that stand together are one block; blocks are shuffled.
fn blocks(style: &Style) -> Vec<Vec<Column>> {
    let zeros = style.sums == SumStyle::DebitCreditZeros;
    let debit: fn(&Paid, i64, usize) -> Cell = if zeros {
        |paid, _, _| Cell::Sum((-paid.kopecks).max(0))
    } else {
        |paid, _, _| {
            if paid.kopecks < 0 {
                Cell::Sum(-paid.kopecks)
            } else {
                nothing()
            }
        }
    };
    let credit: fn(&Paid, i64, usize) -> Cell = if zeros {
        |paid, _, _| Cell::Sum(paid.kopecks.max(0))
    } else {
        |paid, _, _| {
            if paid.kopecks > 0 {
                Cell::Sum(paid.kopecks)
            } else {
                nothing()
            }
        }
    };
    let absolute: fn(&Paid, i64, usize) -> Cell = |paid, _, _| Cell::Sum(paid.kopecks.abs());
    let mut blocks = vec![
        vec![column("Дата операции", "Booking date", |paid, _, _| {
            Cell::Date(paid.day)
        })],
        vec![column(
            "Номер документа",
            "Document number",
            |paid, _, _| words(&paid.number),
        )],
        vec![column(
            "Назначение платежа",
            "Payment purpose",
            |paid, _, _| words(&paid.purpose),
        )],
    ];
    blocks.push(match style.sums {
        SumStyle::DebitCredit | SumStyle::DebitCreditZeros => {
            vec![
                grouped(TURNOVER, "Дебет", "Debit", debit),
                grouped(TURNOVER, "Кредит", "Credit", credit),
            ]
        }
        SumStyle::Signed => vec![column("Сумма", "Amount", |paid, _, _| Cell::Sum(paid.kopecks))],
        SumStyle::Direction => vec![
            column("Сумма", "Amount", absolute),
            column("Тип операции", "Type", |paid, _, _| {
                words(if paid.kopecks > 0 { "Кредит" } else { "Дебет" })
            }),
        ],
        SumStyle::PayerPayee => vec![column("Сумма", "Amount", absolute)],
        SumStyle::Unsigned => vec![
            column("Сумма", "Amount", absolute),
            column("Метка", "Метка", |paid, _, _| {
                words(if paid.kopecks > 0 {
                    "приход"
                } else {
                    "расход"
                })
            }),
        ],
    });
    blocks.push(if style.sums == SumStyle::PayerPayee {
        vec![
            grouped(PAYER, "Наименование", "Name", |paid, _, _| {
                ours(paid, true, "ООО «Мы»", &paid.name)
            }),
            grouped(PAYER, "ИНН", "INN", |paid, _, _| {
                ours(paid, true, "7701234560", &paid.inn)
            }),
            grouped(PAYER, "Счет", "Account", |paid, _, _| {
                ours(paid, true, OWN, &paid.account)
            }),
            grouped(PAYEE, "Наименование", "Name", |paid, _, _| {
                ours(paid, false, "ООО «Мы»", &paid.name)
            }),
            grouped(PAYEE, "ИНН", "INN", |paid, _, _| {
                ours(paid, false, "7701234560", &paid.inn)
            }),
            grouped(PAYEE, "Счет", "Account", |paid, _, _| {
                ours(paid, false, OWN, &paid.account)
            }),
        ]
    } else {
        vec![
            grouped(PARTY, "Наименование", "Name", |paid, _, _| {
                words(&paid.name)
            }),
            grouped(PARTY, "ИНН", "INN", |paid, _, _| words(&paid.inn)),
            grouped(PARTY, "Счет", "Account", |paid, _, _| words(&paid.account)),
        ]
    });
    if style.document_date {
        // Always another day than that of booking, and one that would be wrong.
        blocks.push(vec![column(
            "Дата документа",
            "Document date",
            |paid, _, _| Cell::Date(paid.day - chrono::Days::new(1)),
        )]);
    }
    if style.running {
        blocks.push(vec![column("Остаток", "Balance", |_, balance, _| {
            Cell::Sum(balance)
        })]);
    }
    if style.ordinal {
        blocks.push(vec![column("№ п/п", "№ п/п", |_, _, row| {
            words(&row.to_string())
        })]);
    }
    fastrand::Rng::with_seed(style.order).shuffle(&mut blocks);
    blocks
}

/// Rows of cells, the header among them.
pub fn rows(month: &Month, style: &Style) -> Vec<Vec<Cell>> {
    let columns: Vec<Column> = blocks(style).into_iter().flatten().collect();
    let width = columns.len();
    let padded = |cells: &[Cell]| -> Vec<Cell> {
        (0..width)
            .map(|at| cells.get(at).cloned().unwrap_or_else(nothing))
            .collect()
    };
    let lang = |pair: (&'static str, &'static str)| if style.english { pair.1 } else { pair.0 };
    let mut rows = Vec::new();
    if style.preamble {
        let named = [
            ("Выписка по счету", OWN),
            ("Клиент", "ООО «Мы»"),
            ("Период", "с 01.03.2025 по 31.03.2025"),
            ("Валюта", "RUB"),
        ];
        rows.extend(named.map(|(label, value)| padded(&[words(label), words(value)])));
    }
    if style.balance_rows {
        rows.push(padded(&[words("Входящий остаток:"), Cell::Sum(month.opening)]));
    }
    let header = header(&columns, style, lang);
    rows.extend(header.iter().cloned());
    let mut balance = month.opening;
    let mut entries: Vec<Vec<Cell>> = Vec::new();
    for (at, paid) in month.paid.iter().enumerate() {
        balance += paid.kopecks;
        let row = if style.newest_first {
            month.paid.len() - at
        } else {
            at + 1
        };
        entries.push(columns.iter().map(|column| (column.cell)(paid, balance, row)).collect());
    }
    if style.newest_first {
        entries.reverse();
    }
    for (at, entry) in entries.into_iter().enumerate() {
        if at == 2 && style.page_break {
            rows.push(padded(&[words("Страница 2 из 2")]));
        }
        if at == 2 && style.repeated_header {
            rows.extend(header.iter().cloned());
        }
        if at == 1 && style.empty_rows {
            rows.push(padded(&[]));
        }
        rows.push(entry);
    }
    if style.totals {
        rows.push(totals(month, &columns));
    }
    if style.balance_rows {
        rows.push(padded(&[words("Исходящий остаток:"), Cell::Sum(month.closing())]));
    }
    rows
}

fn header(
    columns: &[Column],
    style: &Style,
    lang: impl Fn((&'static str, &'static str)) -> &'static str,
) -> Vec<Vec<Cell>> {
    let whole = |column: &Column| {
        let group = column.group.map(&lang).filter(|_| column.group != Some(TURNOVER));
        words(
            &group
                .into_iter()
                .chain([lang(column.header)])
                .collect::<Vec<_>>()
                .join(" "),
        )
    };
    if style.header_rows == 1 {
        return vec![columns.iter().map(whole).collect()];
    }
    let mut before = None;
    let upper = columns.iter().map(|column| {
        let first = column.group != before;
        before = column.group;
        match column.group {
            Some(group) if first => words(lang(group)),
            Some(_) => nothing(),
            None => words(lang(column.header)),
        }
    });
    let upper: Vec<Cell> = upper.collect();
    let lower: Vec<Cell> = columns
        .iter()
        .map(|column| {
            if column.group.is_some() {
                words(lang(column.header))
            } else {
                nothing()
            }
        })
        .collect();
    let mut rows = vec![upper, lower];
    if style.header_rows == 3 {
        // Some banks number their columns.
        rows.push((1..=columns.len()).map(|number| words(&number.to_string())).collect());
    }
    rows
}

fn totals(month: &Month, columns: &[Column]) -> Vec<Cell> {
    let [mut debits, mut credits] = [0, 0];
    for paid in &month.paid {
        if paid.kopecks < 0 {
            debits -= paid.kopecks;
        } else {
            credits += paid.kopecks;
        }
    }
    let mut row: Vec<Cell> = columns
        .iter()
        .map(|column| match column.header.0 {
            "Дебет" => Cell::Sum(debits),
            "Кредит" => Cell::Sum(credits),
            "Сумма" => Cell::Sum(month.closing() - month.opening),
            _ => nothing(),
        })
        .collect();
    // The word stands in the first cell that is free.
    if let Some(free) = row.iter_mut().find(|cell| **cell == nothing()) {
        *free = words("Итого");
    }
    row
}

pub fn write(month: &Month, style: &Style) -> String {
    let quoted = |text: String| {
        let needs = text.contains([style.delimiter, '"', '\n', '\r']);
        if needs {
            format!("\"{}\"", text.replace('"', "\"\""))
        } else {
            text
        }
    };
    let line = |row: Vec<Cell>| {
        let cells: Vec<String> = row.iter().map(|cell| quoted(cell.text(style))).collect();
        cells.join(&style.delimiter.to_string()) + style.line_end
    };
    rows(month, style).into_iter().map(line).collect()
}

pub fn encode(text: &str, encoding: Encoding) -> Vec<u8> {
    match encoding {
        Encoding::Utf8 => text.as_bytes().to_vec(),
        Encoding::Utf8Mark => ["\u{feff}", text].concat().into_bytes(),
        // It has neither the narrow blank nor the sign of the rouble; banks that use it write others.
        Encoding::Windows1251 => WINDOWS_1251
            .encode(&text.replace('\u{202f}', "\u{a0}").replace('₽', "руб."))
            .0
            .into_owned(),
        Encoding::Utf16Le => ["\u{feff}", text]
            .concat()
            .encode_utf16()
            .flat_map(u16::to_le_bytes)
            .collect(),
        Encoding::Utf16Be => ["\u{feff}", text]
            .concat()
            .encode_utf16()
            .flat_map(u16::to_be_bytes)
            .collect(),
    }
}
