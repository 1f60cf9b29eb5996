//! What `sverka read --json` says of a file.

use std::{path::Path, process::Stdio};

use anyhow::{Context, Result, bail};
use serde_json::Value;

use super::decimal::Decimal;
use crate::{
    program::{line, program},
    project,
};

/// Something in the file could not be used, and that was said: a result, not a failure.
const SOMETHING_UNUSABLE: i32 = 1;

#[derive(Debug, Default)]
pub struct FileRead {
    pub encoding: Option<String>,
    pub statements: Vec<StatementRead>,
    pub diagnostics: Vec<DiagnosticRead>,
}

#[derive(Debug, Default, Clone)]
pub struct StatementRead {
    pub opening: Option<Decimal>,
    pub closing: Option<Decimal>,
    pub credits: Option<Decimal>,
    pub debits: Option<Decimal>,
    pub entries: Vec<EntryRead>,
}

#[derive(Debug, Default, Clone)]
pub struct EntryRead {
    /// With the sign of its direction; `None` where the direction is not known.
    pub signed: Option<Decimal>,
    pub currency: String,
    pub status: String,
    pub booked: String,
    pub value: Option<String>,
    pub kind: Option<String>,
    pub number: Option<String>,
    pub bank_reference: Option<String>,
    pub line: u64,
}

#[derive(Debug, Clone)]
pub struct DiagnosticRead {
    pub error: bool,
    pub code: String,
    /// 0: the file as a whole.
    pub line: u64,
}

impl FileRead {
    pub fn of(path: &Path) -> Result<Self> {
        let mut command = program(project::built("sverka"));
        command.args(["read", "--json"]).arg(path).stderr(Stdio::null());
        let output = command
            .output()
            .with_context(|| format!("`{}` could not be started", line(&command)))?;
        if !matches!(output.status.code(), Some(0 | SOMETHING_UNUSABLE)) {
            bail!("`{}` ended badly ({})", line(&command), output.status);
        }
        Self::parse(&String::from_utf8_lossy(&output.stdout)).with_context(|| format!("`{}`", line(&command)))
    }

    pub fn parse(lines: &str) -> Result<Self> {
        let mut file = Self::default();
        for line in lines.lines() {
            let value: Value = serde_json::from_str(line).context("a line is not JSON")?;
            file.encoding = text(&value["encoding"]);
            file.statements.push(statement(&value)?);
            for diagnostic in list(&value, "diagnostics")? {
                file.diagnostics.push(DiagnosticRead {
                    error: diagnostic["severity"] == "error",
                    code: text(&diagnostic["code"]).context("a diagnostic has no code")?,
                    line: diagnostic["line"].as_u64().unwrap_or_default(),
                });
            }
        }
        Ok(file)
    }

    pub fn entries(&self) -> impl Iterator<Item = &EntryRead> {
        self.statements.iter().flat_map(|statement| &statement.entries)
    }

    pub fn errors(&self) -> impl Iterator<Item = &DiagnosticRead> {
        self.diagnostics.iter().filter(|diagnostic| diagnostic.error)
    }
}

fn statement(value: &Value) -> Result<StatementRead> {
    let entries = list(value, "entries")?.iter().map(entry).collect::<Result<_>>()?;
    Ok(StatementRead {
        opening: sum(&value["opening"])?,
        closing: sum(&value["closing"])?,
        credits: sum(&value["credits"])?,
        debits: sum(&value["debits"])?,
        entries,
    })
}

fn entry(value: &Value) -> Result<EntryRead> {
    let amount = sum(&value["amount"])?.context("an entry has no amount")?;
    Ok(EntryRead {
        signed: match value["direction"].as_str() {
            Some("credit") => Some(amount),
            Some("debit") => Some(-amount),
            _ => None,
        },
        currency: text(&value["currency"]).unwrap_or_default(),
        status: text(&value["status"]).unwrap_or_default(),
        booked: text(&value["booked"]).context("an entry has no date")?,
        value: text(&value["value"]),
        kind: text(&value["kind"]),
        number: text(&value["number"]),
        bank_reference: text(&value["bank_reference"]),
        line: value["line"].as_u64().context("an entry has no line")?,
    })
}

fn sum(value: &Value) -> Result<Option<Decimal>> {
    let Some(text) = value.as_str() else {
        return Ok(None);
    };
    let sum = Decimal::parse(text).with_context(|| format!("{text} is not a sum"))?;
    Ok(Some(sum))
}

pub fn text(value: &Value) -> Option<String> {
    value.as_str().map(str::to_owned)
}

pub fn list<'a>(value: &'a Value, key: &str) -> Result<&'a Vec<Value>> {
    value[key].as_array().with_context(|| format!("{key} is not a list"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_a_statement_and_diagnostics_ride_on_it() {
        let line = r#"{"encoding":"utf-8","opening":"-1.00","closing":null,"credits":null,"debits":"2.50",
            "entries":[{"direction":"debit","status":"booked","amount":"2.50","currency":"EUR","booked":"2024-01-02",
                "value":null,"kind":"NTRF","number":null,"bank_reference":"B1","line":7}],
            "diagnostics":[{"severity":"error","code":"mt/amount","line":3,"column":1},
                {"severity":"note","code":"x","line":null}]}"#
            .replace('\n', " ");
        let file = FileRead::parse(&line).unwrap();
        assert_eq!(file.statements[0].opening, Decimal::parse("-1"));
        let entry = file.entries().next().unwrap();
        assert_eq!((entry.signed, entry.line), (Decimal::parse("-2.5"), 7));
        let errors: Vec<_> = file.errors().map(|error| (error.code.as_str(), error.line)).collect();
        assert_eq!(errors, [("mt/amount", 3)]);
        assert!(FileRead::parse("{}").is_err());
    }
}
