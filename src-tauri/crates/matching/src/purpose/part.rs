//! Words that say that only a part is paid: «предоплата 50 %», «доплата», «окончательный расчёт», «30% по счёту».

use rust_decimal::Decimal;

use super::{
    Finding, FindingKind, PartKind, percent,
    tokens::{TokenKind, Tokens},
    words,
};

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
        let mut part = finding(tokens, first, last, kind);
        part.percent = percent;
        found.push(part);
        at = last + 1;
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

/// The part that words beginning at `at` name, and the last of them.
fn named(tokens: &Tokens, at: usize) -> Option<(usize, PartKind)> {
    let word = tokens.word_at(at)?;
    let next = |step: usize| {
        let dots = usize::from(tokens.mark_at(at + 1) == Some('.'));
        tokens.word_at(at + step + dots).map(|word| (at + step + dots, word))
    };
    if word.starts_with("предоплат") || word.starts_with("предварительн") || word == "предопл"
    {
        return Some((at, PartKind::Advance));
    }
    if word.starts_with("аванс") {
        let report = next(1).is_some_and(|(_, noun)| noun.starts_with("отчет"));
        return (!report).then_some((at, PartKind::Advance));
    }
    if word.starts_with("доплат") || word.starts_with("доплач") {
        return Some((at, PartKind::Rest));
    }
    if word.starts_with("остат") {
        return Some((at, PartKind::Rest));
    }
    if word.starts_with("окончательн") || word == "оконч" || word.starts_with("финальн") {
        let (last, _) = next(1).filter(|(_, noun)| is_payment_noun(noun))?;
        return Some((last, PartKind::Rest));
    }
    if word.starts_with("частичн") {
        let last = next(1)
            .filter(|(_, noun)| is_payment_noun(noun))
            .map_or(at, |(last, _)| last);
        return Some((last, PartKind::Part));
    }
    if word == "част" || word == "часть" || word == "части" || word == "частью" {
        let (last, _) = next(1).filter(|(_, noun)| is_payment_noun(noun))?;
        return Some((last, PartKind::Part));
    }
    let english = |text: &str| words::is_latin(word, text);
    if english("prepayment") || english("advance") || english("deposit") {
        return Some((at, PartKind::Advance));
    }
    if english("partial") || english("installment") || english("instalment") {
        return Some((at, PartKind::Part));
    }
    if (english("final") || english("balance")) && next(1).is_some_and(|(_, noun)| words::is_latin(noun, "payment")) {
        return Some((at + 1, PartKind::Rest));
    }
    None
}

fn is_payment_noun(word: &str) -> bool {
    word.starts_with("оплат")
        || word == "опл"
        || word.starts_with("расч")
        || word.starts_with("плат")
        || word.starts_with("взнос")
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
        .is_some_and(|word| word == "по" || is_payment_noun(word));
    let whole = rate <= Decimal::ZERO || rate >= Decimal::ONE_HUNDRED;
    if whole || !(paid_before || paid_after && at == 0) {
        return None;
    }
    let mut part = finding(tokens, at, last, PartKind::Part);
    part.percent = Some(rate);
    Some(part)
}

fn finding(tokens: &Tokens, first: usize, last: usize, kind: PartKind) -> Finding {
    let (start, end) = (tokens.list[first].start, tokens.list[last].end);
    Finding {
        part: Some(kind),
        ..Finding::new(FindingKind::Part, start, end, String::new())
    }
}
