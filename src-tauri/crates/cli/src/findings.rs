//! What was found in one file, told in the same words and shape by `read` and `import`.

use app::wire::{DiagnosticView, Failure, Words};
use domain::{Lang, Text};
use formats::Diagnostic;
use serde::Serialize;

use crate::output::Output;

pub struct Finding {
    severity: String,
    code: String,
    /// Line and column counted from 1; 0 speaks of the file as a whole.
    line: u64,
    column: u64,
    /// The piece of the file it speaks of; may be empty.
    excerpt: String,
    message: Words,
    remedy: Words,
    /// The file inside of an archive.
    part: Option<String>,
}

/// The shape that other programs rely on.
#[derive(Serialize)]
pub struct FindingLine<'a> {
    severity: &'a str,
    code: &'a str,
    line: u64,
    column: u64,
    excerpt: &'a str,
    message: &'a str,
    remedy: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    part: Option<&'a str>,
}

impl From<&Diagnostic> for Finding {
    fn from(diagnostic: &Diagnostic) -> Self {
        Self {
            severity: diagnostic.severity.as_str().to_owned(),
            code: diagnostic.code.as_str().to_owned(),
            line: diagnostic.line,
            column: diagnostic.column,
            excerpt: diagnostic.excerpt.clone(),
            message: diagnostic.message.clone().into(),
            remedy: diagnostic.remedy.clone().into(),
            part: diagnostic.part.clone(),
        }
    }
}

impl From<DiagnosticView> for Finding {
    fn from(view: DiagnosticView) -> Self {
        let DiagnosticView {
            severity,
            code,
            line,
            column,
            excerpt,
            message,
            remedy,
            part,
        } = view;
        Self {
            severity,
            code,
            line,
            column,
            excerpt,
            message,
            remedy,
            part,
        }
    }
}

impl Finding {
    fn is_error(&self) -> bool {
        self.severity == "error"
    }

    pub fn line<'a>(&'a self, output: &Output) -> FindingLine<'a> {
        FindingLine {
            severity: &self.severity,
            code: &self.code,
            line: self.line,
            column: self.column,
            excerpt: &self.excerpt,
            message: output.words(&self.message),
            remedy: output.words(&self.remedy),
            part: self.part.as_deref(),
        }
    }

    /// `kl_to_1c.txt:2:7: error[onec/amount]: … / remedy: …`; the piece of the file, unless the words quote it.
    fn told(&self, file: &str, output: &Output) -> String {
        let severity = match (output.lang, self.severity.as_str()) {
            (Lang::Ru, "error") => "ошибка",
            (Lang::Ru, "warning") => "внимание",
            (Lang::Ru, "note") => "заметка",
            (_, severity) => severity,
        };
        let message = output.words(&self.message);
        let quoted = if message.contains(&self.excerpt) {
            String::new()
        } else {
            format!(" («{}»)", self.excerpt)
        };
        format!(
            "{}: {severity}[{}]: {message}{quoted} / {}: {}",
            self.place(file),
            self.code,
            output.pick("что делать", "remedy"),
            output.words(&self.remedy),
        )
    }

    /// `july.zip/03.xml:2:7` inside of an archive.
    fn place(&self, file: &str) -> String {
        let file = match &self.part {
            Some(part) => format!("{file}/{part}"),
            None => file.to_owned(),
        };
        match (self.line, self.column) {
            (0, _) => file,
            (line, column) => format!("{file}:{line}:{column}"),
        }
    }
}

/// Tells on standard error what is found in one file. A person is told everything. A program has it all in its lines
/// already, and is told once why the exit code will be 1.
pub struct Findings<'a> {
    file: &'a str,
    output: &'a Output,
    for_program: bool,
    first_error: Option<Finding>,
    errors: usize,
}

impl<'a> Findings<'a> {
    pub fn new(file: &'a str, for_program: bool, output: &'a Output) -> Self {
        Self {
            file,
            output,
            for_program,
            first_error: None,
            errors: 0,
        }
    }

    pub fn tell(&mut self, finding: Finding) {
        if !self.for_program {
            self.output.complain(&finding.told(self.file, self.output));
        }
        if finding.is_error() {
            self.errors += 1;
            self.first_error.get_or_insert(finding);
        }
    }

    /// `true`: no errors.
    pub fn end(self) -> bool {
        match self.first_error {
            Some(first) if self.for_program => self.output.failure(&first_of(&first, self.errors - 1, self.file)),
            _ => {}
        }
        self.errors == 0
    }
}

fn first_of(first: &Finding, others: usize, file: &str) -> Failure {
    let place = first.place(file);
    let more = match others {
        0 => Text::same(""),
        others => Text::new(
            format!(" (и ещё ошибок: {others})"),
            format!(" (and {others} more errors)"),
        ),
    };
    Failure {
        code: first.code.clone(),
        message: Text::new(
            format!("{place}: {}{}", first.message.ru, more.ru),
            format!("{place}: {}{}", first.message.en, more.en),
        )
        .into(),
        remedy: first.remedy.clone(),
    }
}
