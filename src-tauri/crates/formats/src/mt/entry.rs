//! An entry from its `:61:` and the `:86:` after it.

use domain::{Counterparty, Direction, Entry, EntryStatus, RawFields, Text};

use crate::diagnostic::{Code, Diagnostic, Place};

use super::{
    details::{self, Circumstances, Details},
    entry_line::{self, EntryLine, NotALine, Part},
    feed::Body,
    statement::Current,
    value,
};

/// What `:86:` has as a rule, so that the raw fields are allocated once.
const DETAILS_BYTES: usize = 400;

/// An entry whose details may be still to come.
pub(super) struct Pending {
    entry: Entry,
    credit: bool,
    /// Its line has a type code or a reference after the amount, so that the amount is whole.
    whole: bool,
    /// Its last field has a line end.
    pub(super) terminated: bool,
}

impl Pending {
    /// A field that is kept and not understood.
    pub(super) fn keep(&mut self, name: &str, text: &str) {
        self.entry.raw.push(name.trim_matches(':'), text);
    }

    pub(super) fn line(&self) -> u64 {
        self.entry.line
    }

    pub(super) fn excerpt(&self) -> String {
        self.entry
            .raw
            .iter()
            .next()
            .map_or_else(String::new, |(_, text)| text.to_owned())
    }

    /// The file may break off inside of it.
    pub(super) fn is_cut(&self) -> bool {
        !self.terminated && !self.whole
    }
}

/// Reads entries one after another in the same memory.
#[derive(Debug, Default)]
pub(super) struct Reader {
    details: Details,
    /// The numbered lines of `:NS:`.
    non_swift: Details,
    joined: String,
}

impl Reader {
    /// `None`: the line is none, and that was said. `tag`: the width of `:61:`.
    pub(super) fn line(
        &mut self,
        body: Body<'_>,
        place: Place,
        tag: usize,
        current: &Current,
        findings: &mut Vec<Diagnostic>,
    ) -> Option<Pending> {
        self.details.clear();
        self.non_swift.clear();
        let first = body.first_line();
        let mut supplement = body.lines().nth(1).unwrap_or("");
        let mut line = entry_line::parse(first);
        let lacks_rest = line
            .as_ref()
            .map_or_else(|_| true, |line| line.kind.is_none() && line.bank_reference.is_empty());
        if lacks_rest && !supplement.is_empty() {
            self.joined.clear();
            self.joined.push_str(first);
            self.joined.push_str(supplement);
            if let Some(joined) = entry_line::parse(&self.joined)
                .ok()
                .filter(|joined| joined.kind.is_some())
            {
                findings.push(Diagnostic::new(Code::MtWrapped, place, first, &[]));
                line = Ok(joined);
                supplement = "";
            }
        }
        let at = |column: usize| Place {
            column: place.column + (tag + first.get(..column).map_or(0, |text| text.chars().count())) as u64,
            ..place
        };
        let line = match line {
            Ok(line) => line,
            Err(NotALine { at: column, part }) => {
                findings.push(Diagnostic::new(
                    Code::MtEntryLine,
                    at(column),
                    first,
                    &[part_name(part)],
                ));
                return None;
            }
        };
        let Some(amount) = value::amount(line.amount.as_bytes(), current.currency) else {
            let details = [
                Text::same(current.currency.code()),
                Text::same(current.currency.minor_digits().to_string()),
            ];
            let column = first.find(line.amount).unwrap_or(0);
            findings.push(Diagnostic::new(Code::MtAmount, at(column), line.amount, &details));
            return None;
        };
        look_at_dates(&line, first, at(0), findings);
        if line.mark.small {
            findings.push(Diagnostic::new(Code::MtSmallMark, place, first, &[]));
        }
        let bank_reference = match supplement.strip_prefix("//") {
            Some(wrapped) if line.bank_reference.is_empty() => wrapped,
            _ => line.bank_reference,
        };
        let pending = line.mark.expected || current.provisional();
        let mut raw = RawFields::with_capacity(body.text.len() + DETAILS_BYTES);
        raw.push("61", body.text);
        Some(Pending {
            credit: line.mark.credit,
            whole: line.kind.is_some() || !bank_reference.is_empty(),
            terminated: true,
            entry: Entry {
                direction: Some(if line.mark.credit {
                    Direction::Credit
                } else {
                    Direction::Debit
                }),
                status: if pending {
                    EntryStatus::Pending
                } else {
                    EntryStatus::Booked
                },
                reversal: line.mark.reversal,
                amount,
                booked: line.booked.unwrap_or(line.value).date,
                value: Some(line.value.date),
                kind: line.kind.map(str::to_owned),
                number: Some(line.customer_reference)
                    .filter(|text| !text.is_empty())
                    .map(str::to_owned),
                document_date: None,
                counterparty: Counterparty::default(),
                purpose: String::new(),
                bank_reference: details::reference(bank_reference).map(str::to_owned),
                end_to_end_id: None,
                line: place.line,
                details: Vec::new(),
                raw,
            },
        })
    }

    pub(super) fn add(&mut self, pending: &mut Pending, body: Body<'_>) {
        self.details.add(body.lines());
        pending.entry.raw.push("86", body.text);
    }

    /// `:NS:` has lines that start with two digits: 01 to 14 purpose, 15 and 16 name, 17 booking text.
    pub(super) fn add_non_swift(&mut self, pending: &mut Pending, body: Body<'_>) {
        for line in body.lines() {
            let number = line.get(..2).and_then(|digits| digits.parse::<u8>().ok());
            let value = line.get(2..).unwrap_or("").trim();
            match number {
                Some(1..=14) if !value.is_empty() => self.non_swift.add(std::iter::once(value)),
                Some(15 | 16) if !value.is_empty() => {
                    let name = pending.entry.counterparty.name.get_or_insert_default();
                    if !name.is_empty() {
                        name.push(' ');
                    }
                    name.push_str(value);
                }
                _ => {}
            }
        }
        pending.entry.raw.push("NS", body.text);
    }

    pub(super) fn finish(&mut self, pending: Pending, current: &Current) -> Entry {
        let Pending { mut entry, credit, .. } = pending;
        let circumstances = Circumstances {
            credit,
            russian: current.russian,
        };
        if !self.details.is_empty() {
            self.details.read(circumstances, &mut entry);
        } else if !self.non_swift.is_empty() {
            let name = entry.counterparty.name.take();
            self.non_swift.read(circumstances, &mut entry);
            entry.counterparty.name = name.or_else(|| entry.counterparty.name.take());
        }
        if entry.purpose.is_empty() {
            entry.purpose = supplement(&entry.raw);
        }
        entry
    }
}

/// What stands after the line break of `:61:` is all the purpose there is where `:86:` is silent.
fn supplement(raw: &RawFields) -> String {
    let Some(("61", text)) = raw.iter().next() else {
        return String::new();
    };
    let lines = text
        .split(['\r', '\n'])
        .skip(1)
        .map(str::trim)
        .filter(|line| !line.is_empty());
    lines.collect::<Vec<_>>().join(" ")
}

fn look_at_dates(line: &EntryLine<'_>, text: &str, place: Place, findings: &mut Vec<Diagnostic>) {
    for day in [Some(line.value), line.booked]
        .into_iter()
        .flatten()
        .filter(|day| day.clamped)
    {
        let date = [Text::same(day.date.to_string())];
        findings.push(Diagnostic::new(Code::MtDateClamped, place, text, &date));
    }
    if line.bad_booked {
        findings.push(Diagnostic::new(Code::MtEntryDate, place, text, &[]));
    }
}

fn part_name(part: Part) -> Text {
    match part {
        Part::ValueDate => Text::new("даты валютирования", "value date"),
        Part::Mark => Text::new("знака C или D", "mark C or D"),
        Part::Amount => Text::new("суммы", "amount"),
    }
}
