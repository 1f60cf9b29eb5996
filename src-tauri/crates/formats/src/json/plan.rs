//! The first pass over a bank's JSON: which statements it holds, and whose.

use std::{
    collections::BTreeMap,
    io::{self, BufRead},
};

use domain::{Content, Currency, Period, Statement, StatementAccount, Text};
use serde_json::Value;

use crate::{
    diagnostic::{Code, Diagnostic, Place, Severity},
    encoding::LineDecoder,
    reading::Options,
};

use super::{
    alfa,
    reader::{Object, currency, day},
    refusal,
    scan::{Kind, PLACEHOLDER, Scanner},
};

/// Different own accounts that are looked at in one list of entries.
pub const OWN_ACCOUNTS_MAX: usize = 100;

/// What the entries of one array say together.
#[derive(Debug, Clone, Default)]
struct Facts {
    /// Some entry has the fields of its bank.
    is_of_bank: bool,
    entries: u64,
    own: BTreeMap<String, u64>,
    currency: Option<Currency>,
}

#[derive(Debug)]
pub(super) struct Planned {
    pub(super) kind: Kind,
    pub(super) array: Option<usize>,
    pub(super) statement: Statement,
    pub(super) currency: Currency,
}

#[derive(Debug, Default)]
pub(super) struct Plan {
    pub(super) statements: Vec<Planned>,
    pub(super) findings: Vec<Diagnostic>,
}

pub(super) fn parse(bytes: &[u8], decoder: &LineDecoder) -> serde_json::Result<Value> {
    serde_json::from_str(&decoder.decode(bytes).0)
}

/// What of a text that breaks off is whole, with its brackets closed: the member that it breaks off in may be half a
/// number.
pub(super) fn whole_part(text: &str) -> String {
    let mut open: Vec<char> = Vec::new();
    let (mut in_string, mut escaped, mut is_value) = (false, false, false);
    let mut whole = (0, Vec::new());
    for (at, letter) in text.char_indices() {
        if in_string {
            match letter {
                _ if escaped => escaped = false,
                '\\' => escaped = true,
                '"' => {
                    in_string = false;
                    if std::mem::take(&mut is_value) {
                        whole = (at + 1, open.clone());
                    }
                }
                _ => {}
            }
            continue;
        }
        match letter {
            '"' => in_string = true,
            ':' => is_value = true,
            '{' | '[' => {
                open.push(if letter == '{' { '}' } else { ']' });
                whole = (at + 1, open.clone());
            }
            '}' | ']' => {
                open.pop();
                whole = (at + 1, open.clone());
            }
            ',' => {
                is_value = false;
                whole = (at, open.clone());
            }
            _ => {}
        }
    }
    let (end, open) = whole;
    text[..end].chars().chain(open.into_iter().rev()).collect()
}

pub(super) fn plan(source: impl BufRead, decoder: LineDecoder, options: &Options) -> io::Result<Plan> {
    let mut scanner = Scanner::new(source, true);
    let mut facts: Vec<Facts> = Vec::new();
    let mut bytes = Vec::new();
    while let Some(element) = scanner.next(&mut bytes)? {
        if facts.len() <= element.array {
            facts.resize_with(element.array + 1, Facts::default);
        }
        if let (Some(facts), Ok(value)) = (facts.get_mut(element.array), parse(&bytes, &decoder)) {
            facts.see(
                element.kind,
                Object {
                    value: &value,
                    line: element.line,
                },
            );
        }
    }
    facts.resize_with(scanner.arrays(), Facts::default);
    let mut plan = Plan::default();
    let frame = scanner.frame.take().unwrap_or_default();
    let mut text = decoder.decode(&frame).0.into_owned();
    if scanner.too_deep || scanner.frame_too_large {
        let limits = if scanner.too_deep {
            [
                Text::new("вложенность", "the nesting"),
                Text::same(super::DEPTH_MAX.to_string()),
            ]
        } else {
            [
                Text::new("всё, что вокруг операций,", "what is around the entries"),
                Text::same(super::FRAME_BYTES_MAX.to_string()),
            ]
        };
        plan.findings
            .push(Diagnostic::new(Code::JsonTooLarge, Place::WHOLE_FILE, "", &limits));
        return Ok(plan);
    }
    if scanner.is_cut() {
        text = whole_part(&text);
        let why = Text::new("файл обрывается", "the file breaks off");
        plan.findings
            .push(Diagnostic::new(Code::JsonSyntax, Place::WHOLE_FILE, "", &[why]));
    }
    let mut reader = Frames { plan, facts, options };
    for document in serde_json::Deserializer::from_str(&text).into_iter::<Value>() {
        match document {
            Ok(Value::Array(documents)) if documents.iter().any(refusal::is_operation) => {
                reader.plan.findings.push(refusal::bare_operations());
            }
            Ok(Value::Array(documents)) => documents.iter().for_each(|document| reader.document(document)),
            Ok(document) => reader.document(&document),
            Err(error) => {
                let why = Text::new(
                    format!("ошибка разметки в строке {}, месте {}", error.line(), error.column()),
                    error.to_string(),
                );
                reader
                    .plan
                    .findings
                    .push(Diagnostic::new(Code::JsonSyntax, Place::WHOLE_FILE, "", &[why]));
                break;
            }
        }
    }
    let mut plan = reader.plan;
    let told = plan.findings.iter().any(|finding| finding.severity == Severity::Error);
    if plan.statements.is_empty() && !told {
        plan.findings
            .push(Diagnostic::new(Code::JsonUnknown, Place::WHOLE_FILE, "", &[]));
    }
    Ok(plan)
}

impl Facts {
    fn see(&mut self, kind: Kind, entry: Object<'_>) {
        self.entries += 1;
        let (marks, own, code) = match kind {
            Kind::Tochka => (["creditDebitIndicator", "Amount"], None, "Amount.currency"),
            Kind::Alfa => (["direction", "amount"], alfa::own_account(entry), "amount.currencyName"),
            Kind::Tbank => (
                ["typeOfOperation", "accountAmount"],
                entry.present("accountNumber"),
                "accountCurrencyDigitalCode",
            ),
        };
        self.is_of_bank |= marks.iter().any(|mark| entry.at(mark).is_some());
        if let Some(own) = own
            && (self.own.len() < OWN_ACCOUNTS_MAX || self.own.contains_key(&own))
        {
            *self.own.entry(own).or_default() += 1;
        }
        if self.currency.is_none() {
            self.currency = entry.text(code).and_then(|code| currency(&code));
        }
    }

    /// The account that all entries agree on.
    fn agreed(&self) -> Option<String> {
        let (own, count) = self.own.first_key_value()?;
        (self.own.len() == 1 && *count == self.entries).then(|| own.clone())
    }
}

/// Which array of entries stood in this place.
fn array_at(value: Option<&Value>) -> Option<usize> {
    value?.as_str()?.strip_prefix(PLACEHOLDER)?.parse().ok()
}

struct Frames<'a> {
    plan: Plan,
    facts: Vec<Facts>,
    options: &'a Options,
}

impl Frames<'_> {
    fn warn(&mut self, code: Code, excerpt: &str, details: &[Text]) {
        self.plan
            .findings
            .push(Diagnostic::new(code, Place::WHOLE_FILE, excerpt, details));
    }

    fn document(&mut self, document: &Value) {
        let of = Object {
            value: document,
            line: 1,
        };
        let pages = of.text("Meta.totalPages").and_then(|pages| pages.parse::<u64>().ok());
        if pages.is_some_and(|pages| pages > 1) {
            self.warn(Code::JsonMorePages, "", &[]);
        }
        let tochka = ["Data.Statement", "Statement"].iter().find_map(|path| of.at(path));
        match tochka {
            Some(Value::Array(statements)) => statements.iter().for_each(|statement| self.tochka(statement)),
            Some(statement @ Value::Object(_)) => self.tochka(statement),
            _ if array_at(document.get("Transaction")).is_some() && of.at("accountId").is_some() => {
                self.tochka(document)
            }
            _ => self.of_one_list(document),
        }
    }

    fn of_one_list(&mut self, document: &Value) {
        let list = [(Kind::Alfa, "transactions"), (Kind::Tbank, "operations")];
        let found = list
            .into_iter()
            .find_map(|(kind, key)| Some((kind, array_at(document.get(key))?)));
        let Some((kind, array)) = found else {
            self.plan.findings.extend(refusal::why(document));
            return;
        };
        let facts = self.facts.get(array).cloned().unwrap_or_default();
        // An empty list is a statement without movements where something else speaks for its bank.
        let speaks = match kind {
            Kind::Alfa => document.get("_links").is_some(),
            // The balances come with the first page only.
            _ => document.get("balances").is_some() || document.get("nextCursor").is_some(),
        };
        let is_of_bank = facts.is_of_bank || (facts.entries == 0 && speaks);
        if !is_of_bank {
            return;
        }
        if kind == Kind::Alfa {
            self.alfa(document, array, &facts);
        } else {
            self.tbank(document, array, &facts);
        }
    }

    fn tochka(&mut self, value: &Value) {
        let of = Object { value, line: 1 };
        let array = array_at(value.get("Transaction"));
        let status = of.text("status").unwrap_or_default();
        if array.is_none() && matches!(status.as_str(), "Created" | "Processing" | "Error") {
            self.warn(Code::JsonNotReady, "", &[Text::same(status)]);
            return;
        }
        if matches!(status.as_str(), "Created" | "Processing" | "Error") {
            self.warn(Code::JsonUnfinished, "", &[Text::same(status)]);
        }
        let Some(account) = of.text("accountId") else {
            if array.is_some() {
                self.warn(Code::JsonNoAccount, "", &[]);
                self.push(Kind::Tochka, array, None, None, &Object { value, line: 1 });
            }
            return;
        };
        let (number, bank) = match account.split_once('/') {
            Some((number, bank)) => (number.to_owned(), Some(bank.to_owned())),
            None => (account, None),
        };
        self.push(Kind::Tochka, array, Some((number, bank)), period(of), &of);
    }

    fn alfa(&mut self, document: &Value, array: usize, facts: &Facts) {
        let of = Object {
            value: document,
            line: 1,
        };
        let links: Vec<(String, String)> = of
            .at("_links")
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
            .filter_map(|link| {
                let link = Object { value: link, line: 1 };
                Some((link.text("rel")?, link.text("href")?))
            })
            .collect();
        let asked = |name: &str| {
            let mut parts = links.iter().flat_map(|(_, href)| href.split(['?', '&']));
            parts.find_map(|part| part.strip_prefix(name)?.strip_prefix('=').map(str::to_owned))
        };
        if links.iter().any(|(rel, _)| rel == "next") {
            self.warn(Code::JsonMorePages, "", &[]);
        }
        let account = asked("accountNumber")
            .or_else(|| facts.agreed())
            .or_else(|| self.of_person(facts));
        let period = asked("statementDate")
            .and_then(|text| day(&text))
            .map(|day| Period { from: day, to: day });
        if account.is_none() {
            self.warn(Code::JsonNoAccount, "", &[]);
        }
        self.push(
            Kind::Alfa,
            Some(array),
            account.map(|number| (number, None)),
            period,
            &of,
        );
    }

    fn tbank(&mut self, document: &Value, array: usize, facts: &Facts) {
        let of = Object {
            value: document,
            line: 1,
        };
        if of.present("nextCursor").is_some() {
            self.warn(Code::JsonMorePages, "", &[]);
        }
        let account = facts.agreed().or_else(|| self.of_person(facts)).or_else(|| {
            // Of several the one with the most entries; the entries of the others are told one by one.
            facts
                .own
                .iter()
                .max_by_key(|(_, count)| **count)
                .map(|(number, _)| number.clone())
        });
        if account.is_none() {
            self.warn(Code::JsonNoAccount, "", &[]);
        }
        self.push(
            Kind::Tbank,
            Some(array),
            account.map(|number| (number, None)),
            None,
            &of,
        );
    }

    /// An account of the person that the entries name, or the only one where they name none.
    fn of_person(&self, facts: &Facts) -> Option<String> {
        let own = &self.options.own_accounts;
        let compact = |number: &String| {
            number
                .chars()
                .filter(|letter| !letter.is_whitespace())
                .collect::<String>()
        };
        let named = own.iter().map(compact).find(|number| facts.own.contains_key(number));
        let only = || (own.len() == 1 && facts.own.is_empty()).then(|| compact(&own[0]));
        named.or_else(only)
    }

    fn push(
        &mut self,
        kind: Kind,
        array: Option<usize>,
        account: Option<(String, Option<String>)>,
        period: Option<Period>,
        of: &Object<'_>,
    ) {
        let by_entries = array
            .and_then(|array| self.facts.get(array))
            .and_then(|facts| facts.currency);
        let by_account = account.as_ref().and_then(|(number, _)| Currency::of_account(number));
        let currency = by_account.or(by_entries).unwrap_or(Currency::RUB);
        let [opening, closing, credits, debits] = match kind {
            Kind::Tochka => ["startDateBalance", "endDateBalance", "", ""],
            Kind::Tbank => [
                "balances.incomingBalance",
                "balances.outgoingBalance",
                "balances.income",
                "balances.outcome",
            ],
            Kind::Alfa => [""; 4],
        };
        // One page of several has only some of the entries that the balances speak of.
        let whole = of.present("nextCursor").is_none();
        let mut findings = std::mem::take(&mut self.plan.findings);
        let mut balance = |path: &str| {
            if whole && !path.is_empty() {
                of.balance(path, currency, &mut findings)
            } else {
                None
            }
        };
        let statement = Statement {
            opening: balance(opening),
            closing: balance(closing),
            credits: balance(credits),
            debits: balance(debits),
            period,
            ..Statement::of(
                account.map(|(number, bank)| StatementAccount { number, bank, currency }),
                Content::Statement,
            )
        };
        self.plan.findings = findings;
        self.plan.statements.push(Planned {
            kind,
            array,
            statement,
            currency,
        });
    }
}

fn period(of: Object<'_>) -> Option<Period> {
    let day_at = |path| of.text(path).and_then(|text| day(&text));
    Some(Period {
        from: day_at("startDateTime")?,
        to: day_at("endDateTime")?,
    })
}

#[cfg(test)]
mod tests {
    use super::whole_part;

    #[test]
    fn of_a_text_that_breaks_off_the_whole_members_are_kept() {
        for (text, whole) in [
            (r#"{"a":[1,2],"b":{"c":1.0,"d":12"#, r#"{"a":[1,2],"b":{"c":1.0}}"#),
            (r#"{"a":[1,2],"b":{"c":1.0,"d":"#, r#"{"a":[1,2],"b":{"c":1.0}}"#),
            (r#"{"a":"x,{\"","b"#, r#"{"a":"x,{\""}"#),
            (r#"{"a":{"b":1}"#, r#"{"a":{"b":1}}"#),
            (r#"{"a":[{"b":1},"#, r#"{"a":[{"b":1}]}"#),
            (r#"{"a":"b""#, r#"{"a":"b"}"#),
            (r#"{"a"#, "{}"),
            ("", ""),
        ] {
            assert_eq!(whole_part(text), whole, "{text}");
        }
    }
}
