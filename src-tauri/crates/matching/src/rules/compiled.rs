//! Rules made ready, and which of them a payment fits.

use domain::{Currency, Money, ShortText, Text};
use regex::{Captures, Regex, RegexBuilder};
use smallvec::smallvec;

use super::{
    NAME_CHARS_MAX, PATTERN_BYTES_MAX, PATTERN_CHARS_MAX, RULES_MAX,
    spec::{CATEGORIES, RuleSpec, Then},
    template,
};
use crate::{
    fold::{folded, identifier_key, name_key},
    number,
    payment::Payment,
    purpose::{Finding, FindingKind, Reading},
    reasons::EvidenceKind,
};

/// Why a list of rules cannot be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InvalidRule {
    /// Which one, counted from 1.
    pub place: usize,
    pub why: Text,
}

/// Rules in their order, made ready.
#[derive(Debug, Clone, Default)]
pub struct Rules(Vec<Rule>);

/// Two lists are equal when the same is written in them.
impl PartialEq for Rules {
    fn eq(&self, other: &Self) -> bool {
        self.specs().eq(other.specs())
    }
}

impl Eq for Rules {}

#[derive(Debug, Clone)]
struct Rule {
    spec: RuleSpec,
    contains: Option<String>,
    matches: Option<Regex>,
    inn: Option<ShortText>,
    account: Option<ShortText>,
    name: Option<String>,
    from: Option<Money>,
    to: Option<Money>,
}

/// What the rule that fits says of a payment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Applied<'a> {
    pub name: &'a str,
    pub says: Says<'a>,
    /// Where in the purpose it was found, in characters.
    pub span: Option<(usize, usize)>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Says<'a> {
    Category(EvidenceKind),
    /// The customer's INN.
    Customer(&'a str),
    /// The number, with what the purpose says filled in.
    Invoice(String),
    NeverAutomatic,
}

impl Rules {
    /// # Errors
    /// The first rule that cannot be used, and why.
    pub fn compile(specs: Vec<RuleSpec>) -> Result<Self, InvalidRule> {
        if specs.len() > RULES_MAX {
            return Err(InvalidRule {
                place: RULES_MAX + 1,
                why: Text::new(
                    format!("правил больше {RULES_MAX}"),
                    format!("there are more than {RULES_MAX} rules"),
                ),
            });
        }
        let rules = specs.into_iter().enumerate().map(|(at, spec)| {
            let place = at + 1;
            Rule::new(spec).map_err(|why| InvalidRule { place, why })
        });
        rules.collect::<Result<_, _>>().map(Self)
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// As they were written, in their order.
    pub fn specs(&self) -> impl Iterator<Item = &RuleSpec> {
        self.0.iter().map(|rule| &rule.spec)
    }

    /// The place of the first rule that the payment fits, counted from 0: the one that holds.
    #[must_use]
    pub fn place_of(&self, payment: &Payment) -> Option<usize> {
        let folded = self.folded(payment);
        self.0.iter().position(|rule| rule.fit(payment, &folded).is_some())
    }

    /// What the first rule that fits says.
    pub(crate) fn applied(&self, payment: &Payment) -> Option<Applied<'_>> {
        let folded = self.folded(payment);
        self.0.iter().find_map(|rule| rule.fit(payment, &folded))
    }

    fn folded(&self, payment: &Payment) -> String {
        if self.0.iter().any(|rule| rule.contains.is_some()) {
            folded(&payment.purpose)
        } else {
            String::new()
        }
    }
}

impl Rule {
    fn new(spec: RuleSpec) -> Result<Self, Text> {
        if spec.name.trim().is_empty() || spec.name.chars().count() > NAME_CHARS_MAX {
            return Err(Text::new(
                format!("название нужно, не длиннее {NAME_CHARS_MAX} знаков"),
                format!("a name is needed, of at most {NAME_CHARS_MAX} characters"),
            ));
        }
        let contains = spec
            .purpose_contains
            .as_deref()
            .map(|text| short(text).map(folded))
            .transpose()?;
        let matches = spec
            .purpose_matches
            .as_deref()
            .map(|text| expression(short(text)?))
            .transpose()?;
        let payer = &spec.payer;
        let inn = payer.inn.as_deref().map(identifier).transpose()?;
        let account = payer.account.as_deref().map(identifier).transpose()?;
        let name = payer
            .name
            .as_deref()
            .map(|name| Ok(name_key(short(name)?)))
            .transpose()?;
        if name.as_deref() == Some("") {
            return Err(Text::new(
                "от имени плательщика без формы собственности ничего не осталось",
                "nothing is left of the payer's name without its legal form",
            ));
        }
        let currency = spec.currency.as_deref().map_or(Ok(Currency::RUB), |code| {
            Currency::parse(code).map_err(|error| Text::new(format!("«{code}» — не валюта"), error.to_string()))
        })?;
        let sum = |text: &Option<String>| {
            let parsed = text.as_deref().map(|text| {
                Money::parse(text, currency)
                    .map_err(|error| Text::new(format!("«{text}» — не сумма"), error.to_string()))
            });
            parsed.transpose()
        };
        let (from, to) = (sum(&spec.sum_from)?, sum(&spec.sum_to)?);
        if from.zip(to).is_some_and(|(from, to)| from > to) {
            return Err(Text::new(
                "сумма «от» больше суммы «до»",
                "the least sum is over the largest",
            ));
        }
        let says_nothing =
            contains.is_none() && matches.is_none() && payer.is_anybody() && from.is_none() && to.is_none();
        if says_nothing {
            return Err(Text::new(
                "правило без условий подошло бы к каждому платежу",
                "a rule without conditions would fit every payment",
            ));
        }
        check_then(&spec.then, matches.as_ref())?;
        Ok(Self {
            contains,
            matches,
            inn,
            account,
            name,
            from,
            to,
            spec,
        })
    }

    fn fit<'a>(&'a self, payment: &Payment, folded: &str) -> Option<Applied<'a>> {
        let payer = &payment.payer;
        let agrees =
            |wanted: &Option<ShortText>, given: Option<&str>| wanted.is_none() || *wanted == identifier_key(given);
        let in_range =
            self.from.is_none_or(|from| payment.amount >= from) && self.to.is_none_or(|to| payment.amount <= to);
        if !in_range
            || !agrees(&self.inn, payer.inn.as_deref())
            || !agrees(&self.account, payer.account.as_deref())
            || (self.name.is_some() && payer.name.as_deref().map(name_key) != self.name)
        {
            return None;
        }
        let mut span = None;
        if let Some(wanted) = &self.contains {
            let start = folded.find(wanted.as_str())?;
            let before = folded[..start].chars().count();
            span = Some((before, before + wanted.chars().count()));
        }
        let mut captures = None;
        if let Some(expression) = &self.matches {
            let found = expression.captures(&payment.purpose)?;
            span = found
                .get(0)
                .map(|whole| characters(&payment.purpose, whole.start(), whole.end()));
            captures = Some(found);
        }
        Some(Applied {
            name: &self.spec.name,
            says: match &self.spec.then {
                Then::Category(kind) => Says::Category(*kind),
                Then::CustomerInn(inn) => Says::Customer(inn),
                Then::Invoice(template) => {
                    let (number, place) = filled(template, captures.as_ref(), &payment.purpose);
                    span = place.or(span);
                    Says::Invoice(number)
                }
                Then::NeverAutomatic(_) => Says::NeverAutomatic,
            },
            span,
        })
    }
}

impl Applied<'_> {
    /// Puts the number a rule names into the reading, in the place of what was read there.
    pub fn amend(&self, reading: &mut Reading) {
        let Says::Invoice(number) = &self.says else { return };
        let key = number::key(number);
        if key.is_empty() {
            return;
        }
        // Without a place in the purpose the whole rule stands for it: an empty stretch at its start.
        let (start, end) = self.span.unwrap_or_default();
        reading
            .findings
            .retain(|found| found.end <= start || end <= found.start);
        let at = reading.findings.partition_point(|found| found.start < start);
        let finding = Finding {
            keys: smallvec![key],
            by_word: true,
            ..Finding::new(FindingKind::InvoiceNumber, start, end, number.as_str().into())
        };
        reading.findings.insert(at, finding);
    }
}

fn check_then(then: &Then, matches: Option<&Regex>) -> Result<(), Text> {
    match then {
        Then::Category(kind) if !CATEGORIES.contains(kind) => Err(Text::new(
            format!("«{}» — не вид поступления", kind.code()),
            format!("«{}» is no kind of income", kind.code()),
        )),
        Then::CustomerInn(inn) => identifier(inn).map(|_| ()),
        Then::Invoice(template) => {
            let template = short(template)?;
            let groups = template::groups(template).ok_or_else(|| {
                Text::new(
                    format!("в номере «{template}» после $ нужно имя группы"),
                    format!("the name of a group is needed after $ in the number «{template}»"),
                )
            })?;
            let known =
                |name: &str| matches.is_some_and(|regex| regex.capture_names().flatten().any(|group| group == name));
            if let Some(unknown) = groups.iter().find(|name| !known(name)) {
                return Err(Text::new(
                    format!("группы «{unknown}» в выражении нет: назовите её так: (?<{unknown}>\\d+)"),
                    format!("the expression has no group «{unknown}»: name it so: (?<{unknown}>\\d+)"),
                ));
            }
            if groups.is_empty() && number::key(template).is_empty() {
                return Err(Text::new(
                    format!("в номере счёта «{template}» нет ни одной цифры"),
                    format!("the invoice number «{template}» has no digit"),
                ));
            }
            Ok(())
        }
        Then::NeverAutomatic(false) => Err(Text::new(
            "never_automatic может быть только true",
            "never_automatic can only be true",
        )),
        Then::Category(_) | Then::NeverAutomatic(true) => Ok(()),
    }
}

fn short(text: &str) -> Result<&str, Text> {
    let length = text.chars().count();
    if length == 0 || length > PATTERN_CHARS_MAX || text.trim().is_empty() {
        return Err(Text::new(
            format!("текст условия должен быть не пустым и не длиннее {PATTERN_CHARS_MAX} знаков"),
            format!("the text of a condition must be of 1 to {PATTERN_CHARS_MAX} characters"),
        ));
    }
    Ok(text)
}

fn identifier(text: &str) -> Result<ShortText, Text> {
    identifier_key(Some(text)).ok_or_else(|| {
        Text::new(
            format!("«{text}» — не ИНН и не номер счёта"),
            format!("«{text}» is no INN and no account"),
        )
    })
}

fn expression(text: &str) -> Result<Regex, Text> {
    RegexBuilder::new(text)
        .case_insensitive(true)
        .size_limit(PATTERN_BYTES_MAX)
        .dfa_size_limit(PATTERN_BYTES_MAX)
        .build()
        .map_err(|error| {
            // The last line says what; those before it draw where.
            let told = error.to_string();
            let what = told
                .lines()
                .last()
                .unwrap_or_default()
                .trim_start_matches("error: ")
                .to_owned();
            Text::new(
                format!("выражение «{text}» не понято: {what}"),
                format!("the expression «{text}» is not understood: {what}"),
            )
        })
}

/// The number, and where the group stands that it is made of (where there is one).
fn filled(template: &str, captures: Option<&Captures<'_>>, purpose: &str) -> (String, Option<(usize, usize)>) {
    let Some(captures) = captures else {
        return (template.to_owned(), None);
    };
    let mut number = String::new();
    captures.expand(template, &mut number);
    let place = template::groups(template)
        .into_iter()
        .flatten()
        .filter_map(|group| captures.name(group))
        .map(|group| (group.start(), group.end()))
        .reduce(|one, other| (one.0.min(other.0), one.1.max(other.1)));
    (number, place.map(|(start, end)| characters(purpose, start, end)))
}

fn characters(text: &str, start: usize, end: usize) -> (usize, usize) {
    let before = text[..start].chars().count();
    (before, before + text[start..end].chars().count())
}
