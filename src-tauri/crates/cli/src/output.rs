//! Printing: tables for people, JSON lines for programs, failures on standard error.

use std::{
    cell::{Cell, RefCell},
    io::{self, BufWriter, Stdout, Write},
};

use app::Failure;
use domain::{Lang, Text};
use serde::Serialize;
use serde_json::json;

use crate::args::Language;

/// Why a command ended early.
pub enum Trouble {
    Failed(Failure),
    /// Our standard output was closed.
    ReaderGone,
}

impl From<Failure> for Trouble {
    fn from(failure: Failure) -> Self {
        Self::Failed(failure)
    }
}

/// Deliberately no `From<io::Error>`: whoever reads files or starts threads says what failed.
fn not_printed(error: &io::Error) -> Trouble {
    if error.kind() == io::ErrorKind::BrokenPipe {
        return Trouble::ReaderGone;
    }
    Trouble::Failed(Failure::new(
        "output/failed",
        Text::new(
            format!("вывод не записан: {error}"),
            format!("the output was not written: {error}"),
        ),
        Text::new("проверьте место на диске и повторите", "check the disk and try again"),
    ))
}

/// The system gave no threads, no timers or no signals.
pub fn not_started(error: &io::Error) -> Failure {
    Failure::new(
        "system/not-started",
        Text::new(
            format!("система не дала запустить работу: {error}"),
            format!("the system did not let the work start: {error}"),
        ),
        Text::new(
            "закройте лишние программы и повторите",
            "close programs you do not need and try again",
        ),
    )
}

pub type Done<T = std::process::ExitCode> = Result<T, Trouble>;

/// What is collected of standard output before the system is asked to write it.
const BUFFER_BYTES: usize = 64 * 1024;

pub struct Output {
    pub json: bool,
    pub lang: Lang,
    out: RefCell<BufWriter<Stdout>>,
    held: Cell<bool>,
    /// The line that was printed last, for the room that it has.
    line: RefCell<Line>,
}

/// A line that is being put together, of hundreds of pieces.
#[derive(Default)]
struct Line(Vec<u8>);

impl Write for Line {
    fn write(&mut self, piece: &[u8]) -> io::Result<usize> {
        self.write_all(piece).map(|()| piece.len())
    }

    // Most pieces of JSON are one mark.
    #[inline]
    fn write_all(&mut self, piece: &[u8]) -> io::Result<()> {
        match piece {
            [mark] => self.0.push(*mark),
            more => self.0.extend_from_slice(more),
        }
        Ok(())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Output {
    pub fn new(json: bool, lang: Option<Language>) -> Self {
        let lang = match lang {
            Some(Language::Ru) => Lang::Ru,
            Some(Language::En) => Lang::En,
            None => Lang::of_locale(sys_locale::get_locale().as_deref()),
        };
        Self {
            json,
            lang,
            out: RefCell::new(BufWriter::with_capacity(BUFFER_BYTES, io::stdout())),
            held: Cell::new(false),
            line: RefCell::default(),
        }
    }

    /// From now on what is printed may wait for more, until [`Output::flush`]: for commands that print a line for each
    /// of a million entries. The others are read by somebody who waits for every line.
    pub fn hold(&self) {
        self.held.set(true);
    }

    /// Nothing waits any longer.
    pub fn flush(&self) -> Done<()> {
        self.out.borrow_mut().flush().map_err(|error| not_printed(&error))
    }

    fn print(&self, write: impl FnOnce(&mut BufWriter<Stdout>) -> io::Result<()>) -> Done<()> {
        write(&mut self.out.borrow_mut()).map_err(|error| not_printed(&error))?;
        if self.held.get() { Ok(()) } else { self.flush() }
    }

    /// One line of JSON.
    pub fn line(&self, value: &impl Serialize) -> Done<()> {
        let line = &mut *self.line.borrow_mut();
        line.0.clear();
        serde_json::to_writer(&mut *line, value).map_err(|error| not_printed(&error.into()))?;
        line.0.push(b'\n');
        self.bytes(&line.0)
    }

    /// Text that is printed as it is.
    pub fn bytes(&self, text: &[u8]) -> Done<()> {
        self.print(|out| out.write_all(text))
    }

    /// One sentence.
    pub fn say(&self, words: &str) -> Done<()> {
        self.bytes(format!("{words}\n").as_bytes())
    }

    pub fn words<'a>(&self, words: &'a app::wire::Words) -> &'a str {
        match self.lang {
            Lang::Ru => &words.ru,
            Lang::En => &words.en,
        }
    }

    pub fn pick(&self, ru: &'static str, en: &'static str) -> &'static str {
        match self.lang {
            Lang::Ru => ru,
            Lang::En => en,
        }
    }

    /// The value as JSON, or for a person as `shown` says.
    pub fn either<T: Serialize>(&self, value: &T, shown: impl FnOnce(&T) -> String) -> Done<()> {
        if self.json {
            self.line(value)
        } else {
            self.say(&shown(value))
        }
    }

    /// Rows as JSON lines, or for a person as a table under a Russian or an English head.
    pub fn list<T: Serialize, const N: usize>(
        &self,
        rows: &[T],
        (ru, en): ([&str; N], [&str; N]),
        cells: impl Fn(&T) -> Vec<String>,
    ) -> Done<()> {
        if self.json {
            return rows.iter().try_for_each(|row| self.line(row));
        }
        let head = match self.lang {
            Lang::Ru => ru,
            Lang::En => en,
        };
        self.table(&head, &rows.iter().map(cells).collect::<Vec<_>>())
    }

    /// Columns as wide as their widest cell.
    pub fn table(&self, head: &[&str], rows: &[Vec<String>]) -> Done<()> {
        let mut widths: Vec<usize> = head.iter().map(|cell| cell.chars().count()).collect();
        for row in rows {
            for (width, cell) in widths.iter_mut().zip(row) {
                *width = cell.chars().count().max(*width);
            }
        }
        let line = |cells: &mut dyn Iterator<Item = &str>| {
            let padded: Vec<String> = cells
                .zip(&widths)
                .map(|(cell, width)| format!("{cell:<width$}"))
                .collect();
            padded.join("  ").trim_end().to_owned()
        };
        self.say(&line(&mut head.iter().copied()))?;
        for row in rows {
            self.say(&line(&mut row.iter().map(String::as_str)))?;
        }
        Ok(())
    }

    /// A failure, on standard error; with `--json` as a line of JSON.
    pub fn failure(&self, failure: &app::wire::Failure) {
        let told = if self.json {
            json!({ "failure": failure }).to_string()
        } else {
            let remedy = self.pick("что делать", "remedy");
            format!(
                "{}[{}]: {}\n{remedy}: {}",
                self.pick("ошибка", "error"),
                failure.code,
                self.words(&failure.message),
                self.words(&failure.remedy)
            )
        };
        self.complain(&told);
    }

    /// A line on standard error, after what was printed before it. Where even that is closed there is nobody to tell.
    pub fn complain(&self, words: &str) {
        // What cannot be written now stays in the buffer, and the end of the command says so.
        let _ = self.out.borrow_mut().flush();
        let _ = writeln!(io::stderr().lock(), "{words}");
    }
}

/// An invoice's number, with its CRM where there are several: `СЧ-145 · firm.bitrix24.ru`.
pub fn numbered(number: &str, crm: Option<&str>) -> String {
    crm.map_or_else(|| number.to_owned(), |crm| format!("{number} · {crm}"))
}

/// `15 000,00 ₽` or `15,000.00 RUB` of a sum on the wire.
pub fn money(sum: &app::wire::Sum, lang: Lang) -> String {
    let parsed = domain::Currency::parse(&sum.currency)
        .ok()
        .and_then(|currency| domain::Money::parse(&sum.amount, currency).ok());
    parsed.map_or_else(
        || format!("{} {}", sum.amount, sum.currency),
        |sum| sum.text().get(lang).to_owned(),
    )
}
