//! The tax in a purpose: «в т.ч. НДС 20% - 2500-00», «НДС (20/120) 100-00», «без НДС», «НДС не облагается».

use rust_decimal::Decimal;

use super::{
    lexicon::Topics,
    money, percent,
    shapes::is_digits,
    tokens::{TokenKind, Tokens},
    words,
};

/// The tax that a word at some place names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Vat {
    pub first: usize,
    pub last: usize,
    /// `None` of both: there is no tax.
    pub percent: Option<Decimal>,
    pub sum: Option<i64>,
}

/// Words and marks that may stand between «НДС», its rate and its sum.
const TOKENS_BETWEEN_MAX: usize = 8;
/// Rates that need no percent sign.
const RATES: [&str; 7] = ["0", "5", "7", "10", "18", "20", "22"];
/// Rates as parts of the whole: «20/120».
const PARTS: [(&str, u32); 6] = [
    ("5/105", 5),
    ("7/107", 7),
    ("10/110", 10),
    ("18/118", 18),
    ("20/120", 20),
    ("22/122", 22),
];

/// Whether some tax is of so many per cent; «60% НДС» is a part that is paid.
pub fn is_rate(percent: Decimal) -> bool {
    RATES.iter().any(|rate| rate.parse() == Ok(percent))
        || PARTS.iter().any(|(_, rate)| Decimal::from(*rate) == percent)
}

pub fn is_vat_word(word: &str) -> bool {
    word == "ндс" || word == "աահ" || ["vat", "nds"].iter().any(|latin| words::is_latin(word, latin))
}

/// Whether the folded word may name the tax.
pub fn may_name(word: &str) -> bool {
    is_vat_word(word) || word == "безндс" || word.starts_with("ндс")
}

/// The tax named by the word or the glued «НДС20%» at `at`.
pub fn vat_at(tokens: &Tokens, at: usize) -> Option<Vat> {
    if !tokens.list.get(at)?.topics.has(Topics::TAX) {
        return None;
    }
    let text = tokens.text(at);
    if text == "безндс" {
        return Some(Vat {
            first: at,
            last: at,
            percent: None,
            sum: None,
        });
    }
    let glued = text
        .strip_prefix("ндс")
        .map(|rest| rest.trim_start_matches(['-', '/']))
        .filter(|rest| !rest.is_empty());
    if !(is_vat_word(text) || glued.is_some_and(|rest| rest.starts_with(|first: char| first.is_ascii_digit()))) {
        return None;
    }
    let mut vat = Vat {
        first: at,
        last: at,
        percent: None,
        sum: None,
    };
    if let Some(first) = without(tokens, at) {
        vat.first = first;
        if tokens.mark_at(at + 1) == Some(')') && tokens.mark_at(at - 1) == Some('(') {
            vat.last = at + 1;
        }
        return Some(vat);
    }
    if let Some(rest) = glued {
        if let Some(rate) = percent::decimal(rest).filter(|_| tokens.mark_at(at + 1) == Some('%')) {
            vat.percent = Some(rate);
            vat.last = at + 1;
        } else if let Some(sum) = money::amount(rest) {
            vat.sum = Some(sum);
            return Some(vat);
        }
    } else if let Some((first, rate)) = percent::before(tokens, at).filter(|(_, rate)| is_rate(*rate)) {
        // «20% НДС»
        vat.first = first;
        vat.percent = Some(rate);
    }
    follow(tokens, vat.last + 1, &mut vat);
    Some(vat)
}

/// «без НДС», «без налога (НДС)», «без учета НДС»: where it begins.
fn without(tokens: &Tokens, at: usize) -> Option<usize> {
    (1..=3)
        .filter_map(|back| at.checked_sub(back))
        .take_while(|place| {
            tokens.mark_at(*place) == Some('(')
                || tokens
                    .word_at(*place)
                    .is_some_and(|word| matches!(word, "без" | "налога" | "учета") || words::is_latin(word, "without"))
        })
        .find(|place| {
            let word = tokens.text(*place);
            word == "без" || words::is_latin(word, "without")
        })
}

/// Takes the rate and the sum that follow.
fn follow(tokens: &Tokens, from: usize, vat: &mut Vat) {
    let mut at = from;
    while at < from + TOKENS_BETWEEN_MAX + usize::from(vat.percent.is_some()) * TOKENS_BETWEEN_MAX {
        match tokens.kind_at(at) {
            Some(TokenKind::Number) => {
                let Some(last) = take_number(tokens, at, vat) else {
                    return;
                };
                vat.last = last;
                at = last + 1;
                if vat.percent.is_some() && vat.sum.is_some() {
                    return;
                }
            }
            Some(TokenKind::Word) => {
                let word = tokens.text(at);
                if matches!(word, "не" | "нет") || word.starts_with("необлага") {
                    // «НДС не облагается», «НДС не предусмотрен», «НДС нет»
                    if vat.percent.is_none() && vat.sum.is_none() {
                        vat.last = if word == "не" && tokens.word_at(at + 1).is_some() {
                            at + 1
                        } else {
                            at
                        };
                    }
                    return;
                }
                if !is_between(word) {
                    return;
                }
                at += 1;
            }
            Some(TokenKind::Mark('(' | ')' | '-' | ':' | '=' | ',' | '.' | '%')) => at += 1,
            _ => return,
        }
    }
}

fn is_between(word: &str) -> bool {
    matches!(
        word,
        "по" | "ставке"
            | "ставка"
            | "в"
            | "сумме"
            | "сумма"
            | "на"
            | "сумму"
            | "составляет"
            | "облагается"
            | "т"
            | "ч"
            | "тч"
    ) || words::is_money_word(word)
        || percent::is_percent_word(word)
}

fn take_number(tokens: &Tokens, at: usize, vat: &mut Vat) -> Option<usize> {
    let text = tokens.text(at);
    if vat.percent.is_none() {
        if let Some((_, rate)) = PARTS.iter().find(|(part, _)| *part == text) {
            vat.percent = Some(Decimal::from(*rate));
            return Some(at + usize::from(tokens.mark_at(at + 1) == Some('%')));
        }
        if let Some((last, rate)) = percent::at(tokens, at) {
            vat.percent = Some(rate);
            return Some(last);
        }
        let rate = RATES.contains(&text) && vat.sum.is_none();
        let closes = tokens.mark_at(at + 1) == Some(')');
        let sum_follows = matches!(tokens.mark_at(at + 1), Some('-' | ':' | '=' | ')')) || !money_word(tokens, at + 1);
        if rate && (closes || sum_follows) {
            vat.percent = text.parse().ok();
            return Some(at);
        }
    }
    if vat.sum.is_some() {
        return None;
    }
    let sum = money::sum_at(tokens, at)?;
    // «НДС 20%, 145»: after a comma a plain number may be anything.
    let after_comma = at.checked_sub(1).and_then(|before| tokens.mark_at(before)) == Some(',');
    if sum.sign == money::Sign::None && (after_comma || !is_digits(text) || tokens.mark_at(at + 1) == Some('%')) {
        return None;
    }
    vat.sum = Some(sum.minor);
    Some(sum.last)
}

fn money_word(tokens: &Tokens, at: usize) -> bool {
    tokens.word_at(at).is_some_and(words::is_money_word)
}
