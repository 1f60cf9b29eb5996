//! Words that say that only a part is paid: «предоплата 50 %», «доплата», «окончательный расчёт», «30% по счёту».

use std::sync::LazyLock;

use domain::ShortText;
use rust_decimal::Decimal;

use super::{
    Finding, FindingKind, PartKind,
    lexicon::Topics,
    percent,
    stems::Stems,
    tokens::{TokenKind, Tokens},
    words,
};
use crate::fold::folded;

/// Words between a part's name and its percentage: «предоплата в размере 50%».
const TOKENS_BETWEEN_MAX: usize = 4;

/// All parts named in the purpose.
pub fn parts(tokens: &Tokens, findings: &[Finding]) -> Vec<Finding> {
    let mut found: Vec<Finding> = Vec::new();
    let mut at = 0;
    while at < tokens.list.len() {
        let Some((last, kind)) = named(tokens, at) else {
            at += 1;
            continue;
        };
        let (first, last, percent) = with_percent(tokens, at, last);
        if percent.is_none() && is_title(tokens, first, last) {
            at = last + 1;
            continue;
        }
        let mut part = finding(tokens, first, last, kind);
        part.percent = percent;
        found.push(part);
        at = last + 1;
    }
    if !tokens.topics.has(Topics::PERCENTAGE) {
        return found;
    }
    let taken: Vec<(usize, usize)> = taken_places(&found, findings);
    let mut taken = taken.into_iter().peekable();
    let alone: Vec<Finding> = (0..tokens.list.len())
        .filter_map(|at| percentage_of_payment(tokens, at))
        .filter(|part| {
            while taken.next_if(|(_, end)| *end <= part.start).is_some() {}
            taken.peek().is_none_or(|(start, _)| *start >= part.end)
        })
        .collect();
    found.extend(alone);
    found
}

/// Where percentages belong to a named part or to a tax, in the order of places.
fn taken_places(parts: &[Finding], findings: &[Finding]) -> Vec<(usize, usize)> {
    let taxes = findings.iter().filter(|finding| finding.kind == FindingKind::Vat);
    let mut places: Vec<(usize, usize)> = parts
        .iter()
        .chain(taxes)
        .map(|finding| (finding.start, finding.end))
        .collect();
    places.sort_unstable();
    places
}

/// What has to follow the first word of a part's name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Followed {
    /// Nothing has to.
    Freely,
    /// A word of payment: «окончательный расчёт».
    ByPayment,
    /// Anything but a report: «авансовый отчёт».
    ByNoReport,
}

/// A part of a sum, and what has to follow its name.
pub type PartName = (Followed, PartKind);

/// Starts of words, the surest first.
const NAMES: [(&str, Followed, PartKind); 17] = [
    ("предоплат", Followed::Freely, PartKind::Advance),
    ("предопл", Followed::Freely, PartKind::Advance),
    ("предварительн", Followed::ByPayment, PartKind::Advance),
    ("пред", Followed::ByPayment, PartKind::Advance),
    ("аванс", Followed::ByNoReport, PartKind::Advance),
    ("доплат", Followed::Freely, PartKind::Rest),
    ("доплач", Followed::Freely, PartKind::Rest),
    ("остат", Followed::Freely, PartKind::Rest),
    ("остал", Followed::ByPayment, PartKind::Rest),
    ("окончат", Followed::ByPayment, PartKind::Rest),
    ("оконч", Followed::ByPayment, PartKind::Rest),
    ("финальн", Followed::ByPayment, PartKind::Rest),
    ("частичн", Followed::Freely, PartKind::Part),
    ("част", Followed::ByPayment, PartKind::Part),
    ("կանխավճար", Followed::Freely, PartKind::Advance),
    ("մասնակի", Followed::Freely, PartKind::Part),
    ("մնացորդ", Followed::Freely, PartKind::Rest),
];

/// English and transliterated.
const LATIN_NAMES: [(&str, Followed, PartKind); 12] = [
    ("prepay", Followed::Freely, PartKind::Advance),
    ("advance", Followed::Freely, PartKind::Advance),
    ("deposit", Followed::Freely, PartKind::Advance),
    ("downpayment", Followed::Freely, PartKind::Advance),
    ("partial", Followed::Freely, PartKind::Part),
    ("instal", Followed::Freely, PartKind::Part),
    ("final", Followed::ByPayment, PartKind::Rest),
    ("balance", Followed::ByPayment, PartKind::Rest),
    ("predoplat", Followed::Freely, PartKind::Advance),
    ("avans", Followed::Freely, PartKind::Advance),
    ("doplat", Followed::Freely, PartKind::Rest),
    ("ostatok", Followed::Freely, PartKind::Rest),
];

/// All of them, folded as the purpose is.
static FOLDED_NAMES: LazyLock<Stems<PartName>> = LazyLock::new(|| {
    let all = NAMES.iter().chain(&LATIN_NAMES);
    all.map(|(name, followed, kind)| (folded(name), (*followed, *kind)))
        .collect()
});

/// The part of a sum that the folded word may name.
pub fn name(word: &str) -> Option<PartName> {
    FOLDED_NAMES.find(word).copied()
}

/// The part that words beginning at `at` name, and the last of them.
fn named(tokens: &Tokens, at: usize) -> Option<(usize, PartKind)> {
    let (followed, kind) = tokens.part_at(at)?;
    let next = at + 1 + usize::from(tokens.mark_at(at + 1) == Some('.'));
    let noun = tokens.word_at(next);
    let by_payment = noun.is_some_and(is_payment_noun);
    let fits = match followed {
        Followed::Freely => true,
        Followed::ByPayment => by_payment,
        Followed::ByNoReport => !noun.is_some_and(|noun| noun.starts_with("отчет")),
    };
    fits.then_some((if by_payment { next } else { at }, kind))
}

/// «счёт на предоплату № 5», «авансовому счёту»: what the invoice is called, and not what is paid of it.
fn is_title(tokens: &Tokens, first: usize, last: usize) -> bool {
    let is_invoice = |at: usize| tokens.meaning_at(at).is_some_and(words::Meaning::is_invoice);
    let on = first.checked_sub(1).and_then(|on| tokens.word_at(on)) == Some("на");
    on && first.checked_sub(2).is_some_and(is_invoice) || is_adjective(tokens.text(last)) && is_invoice(last + 1)
}

fn is_adjective(word: &str) -> bool {
    ["ый", "ой", "ому", "ого", "ым"]
        .iter()
        .any(|ending| word.ends_with(ending))
}

fn is_payment_noun(word: &str) -> bool {
    word.starts_with("оплат")
        || word == "опл"
        || word.starts_with("расч")
        || word.starts_with("плат")
        || word.starts_with("взнос")
        || words::starts_latin(word, "payment")
}

/// The percentage that stands with the words from `first` to `last`, and what all of it covers.
fn with_percent(tokens: &Tokens, first: usize, last: usize) -> (usize, usize, Option<Decimal>) {
    if let Some((number, rate)) = percent::before(tokens, first) {
        return (number, last, Some(rate));
    }
    for at in last + 1..=last + TOKENS_BETWEEN_MAX {
        match tokens.kind_at(at) {
            Some(TokenKind::Number) => {
                if let Some((end, rate)) = percent::at(tokens, at) {
                    return (first, end, Some(rate));
                }
                break;
            }
            Some(TokenKind::Word) if !matches!(tokens.text(at), "в" | "размере" | "оплата" | "сумме" | "платеж") =>
            {
                break;
            }
            Some(TokenKind::Word | TokenKind::Mark(_)) => {}
            Some(TokenKind::Sign) | None => break,
        }
    }
    (first, last, None)
}

/// «30% по счету», «оплата 50 % за товар»: a percentage that nothing calls a tax, a discount or a fee.
fn percentage_of_payment(tokens: &Tokens, at: usize) -> Option<Finding> {
    if tokens.kind_at(at) != Some(TokenKind::Number) {
        return None;
    }
    let (last, rate) = percent::at(tokens, at)?;
    let paid_before = at
        .checked_sub(1)
        .and_then(|before| tokens.word_at(before))
        .is_some_and(is_payment_noun);
    let paid_after = tokens
        .word_at(last + 1)
        .is_some_and(|word| matches!(word, "по" | "за") || is_payment_noun(word));
    let whole = rate <= Decimal::ZERO || rate >= Decimal::ONE_HUNDRED;
    if whole || !(paid_before || paid_after && at == 0 || is_of_number(tokens, at, last, rate)) {
        return None;
    }
    let mut part = finding(tokens, at, last, PartKind::Part);
    part.percent = Some(rate);
    Some(part)
}

/// «счёт 145 (50%)»: nothing but brackets and a number before it, and no rate of the tax.
fn is_of_number(tokens: &Tokens, at: usize, last: usize, rate: Decimal) -> bool {
    const TAX_RATES: [u32; 6] = [5, 7, 10, 18, 20, 22];
    let bracketed =
        at.checked_sub(1).and_then(|open| tokens.mark_at(open)) == Some('(') && tokens.mark_at(last + 1) == Some(')');
    let after_number = at.checked_sub(2).is_some_and(|before| {
        tokens.number_at(before).is_some() || tokens.word_at(before).is_some_and(words::is_year_word)
    });
    bracketed && after_number && !TAX_RATES.iter().any(|tax| Decimal::from(*tax) == rate)
}

fn finding(tokens: &Tokens, first: usize, last: usize, kind: PartKind) -> Finding {
    let (start, end) = (tokens.list[first].start, tokens.list[last].end);
    Finding {
        part: Some(kind),
        ..Finding::new(FindingKind::Part, start, end, ShortText::default())
    }
}
