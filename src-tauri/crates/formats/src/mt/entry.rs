//! An entry from its `:61:` and the `:86:` after it.

use chrono::NaiveDate;
use domain::{Counterparty, Direction, Entry, EntryStatus, Money, RawFields, RawKey, ShortText, Text};

use crate::diagnostic::{Code, Diagnostic, Place};

use super::{
    details::{self, Circumstances, Details},
    entry_line::{self, EntryLine, Mark, NotALine, Part},
    feed::Body,
    statement::Current,
    value,
};

/// What `:86:` has as a rule, so that the raw fields are allocated once.
const DETAILS_BYTES: usize = 400;

/// An entry whose details may be still to come: its `:61:`, and the raw text of all.
pub(super) struct Pending {
    mark: Mark,
    amount: Money,
    booked: NaiveDate,
    value: NaiveDate,
    kind: Option<ShortText>,
    number: Option<ShortText>,
    bank_reference: Option<ShortText>,
    line: u64,
    raw: RawFields,
    /// Its last field has a line end.
    pub(super) terminated: bool,
}

impl Pending {
    pub(super) fn line(&self) -> u64 {
        self.line
    }

    pub(super) fn amount(&self) -> Money {
        self.amount
    }

    /// A field that is kept and not understood.
    pub(super) fn keep(&mut self, name: &str, text: &str) {
        self.raw.push(name.trim_matches(':'), text);
    }
}

/// Reads entries one after another in the same memory.
#[derive(Debug, Default)]
pub(super) struct Reader {
    details: Details,
    /// The numbered lines of `:NS:`.
    non_swift: Details,
    non_swift_name: String,
    joined: String,
    keys: Keys,
}

/// Of the raw fields that every entry has.
#[derive(Debug)]
struct Keys {
    line: RawKey,
    details: RawKey,
}

impl Default for Keys {
    fn default() -> Self {
        Self {
            line: RawKey::new("61"),
            details: RawKey::new("86"),
        }
    }
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
        self.non_swift_name.clear();
        let first = body.first_line();
        let mut supplement = body.second_line();
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
        let typeless = line.kind.is_none() && line.bank_reference.is_empty();
        // Without the type code that ends it, an amount is whole only with all its decimals: `12O0,00` is not twelve.
        let amount = value::amount(line.amount.as_bytes(), current.currency)
            .filter(|_| !typeless || value::has_all_decimals(line.amount, current.currency));
        let Some(amount) = amount else {
            let details = [
                Text::same(current.currency.code()),
                Text::same(current.currency.minor_digits().to_string()),
            ];
            let column = first.find(line.amount).unwrap_or(0);
            let shown = first.get(column..).filter(|_| typeless).unwrap_or(line.amount);
            findings.push(Diagnostic::new(Code::MtAmount, at(column), shown, &details));
            return None;
        };
        if typeless {
            findings.push(Diagnostic::new(Code::MtNoType, place, first, &[]));
        }
        look_at_dates(&line, first, at(0), findings);
        if line.mark.small {
            findings.push(Diagnostic::new(Code::MtSmallMark, place, first, &[]));
        }
        let bank_reference = match supplement.strip_prefix("//") {
            Some(wrapped) if line.bank_reference.is_empty() => wrapped,
            _ => line.bank_reference,
        };
        let text = |text: &str| (!text.is_empty()).then(|| ShortText::from(text));
        let mut raw = RawFields::with_capacity(body.text.len() + DETAILS_BYTES);
        raw.push_under(&self.keys.line, body.text);
        Some(Pending {
            mark: line.mark,
            amount,
            booked: line.booked.unwrap_or(line.value).date,
            value: line.value.date,
            kind: line.kind.and_then(text),
            number: text(line.customer_reference),
            bank_reference: details::reference(bank_reference).and_then(text),
            line: place.line,
            raw,
            terminated: true,
        })
    }

    pub(super) fn add(&mut self, pending: &mut Pending, body: Body<'_>) {
        self.details.add(body.lines());
        pending.raw.push_under(&self.keys.details, body.text);
    }

    /// `:NS:` has lines that start with two digits: 01 to 14 purpose, 15 and 16 name, 17 booking text.
    pub(super) fn add_non_swift(&mut self, pending: &mut Pending, body: Body<'_>) {
        for line in body.lines() {
            let number = line.get(..2).and_then(|digits| digits.parse::<u8>().ok());
            let value = line.get(2..).unwrap_or("").trim();
            match number {
                Some(1..=14) if !value.is_empty() => self.non_swift.add(std::iter::once(value)),
                Some(15 | 16) if !value.is_empty() => {
                    if !self.non_swift_name.is_empty() {
                        self.non_swift_name.push(' ');
                    }
                    self.non_swift_name.push_str(value);
                }
                _ => {}
            }
        }
        pending.raw.push("NS", body.text);
    }

    /// The entry without its details, which [`Self::complete`] adds where it lies by then: it is large, and moved as
    /// seldom as can be.
    pub(super) fn begin(pending: Pending, provisional: bool) -> Entry {
        let Mark {
            credit,
            reversal,
            expected,
            ..
        } = pending.mark;
        Entry {
            direction: Some(if credit { Direction::Credit } else { Direction::Debit }),
            status: if expected || provisional {
                EntryStatus::Pending
            } else {
                EntryStatus::Booked
            },
            reversal,
            amount: pending.amount,
            booked: pending.booked,
            value: Some(pending.value),
            kind: pending.kind,
            number: pending.number,
            document_date: None,
            counterparty: Counterparty::default(),
            purpose: String::new(),
            bank_reference: pending.bank_reference,
            end_to_end_id: None,
            line: pending.line,
            details: Vec::new(),
            raw: pending.raw,
        }
    }

    /// `russian`: the account is a Russian one.
    pub(super) fn complete(&mut self, entry: &mut Entry, russian: bool) {
        let circumstances = Circumstances {
            credit: entry.direction == Some(Direction::Credit),
            russian,
        };
        if !self.details.is_empty() {
            self.details.read(circumstances, entry);
        } else if !self.non_swift.is_empty() {
            self.non_swift.read(circumstances, entry);
        }
        if !self.non_swift_name.is_empty() && entry.counterparty.name.is_none() {
            entry.counterparty.name = Some(self.non_swift_name.clone());
        }
        if entry.purpose.is_empty() {
            entry.purpose = supplement(&entry.raw);
        }
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
