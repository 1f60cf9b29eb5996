//! Money that goes back: «возврат по счёту № 5 от …», «возврат ошибочно перечисленных средств по п/п 5».

use domain::ShortText;

use super::{Finding, FindingKind, lexicon::Topics, tokens::Tokens, words};

/// Characters in which the number of what is undone stands after the word.
const NUMBER_WITHIN: usize = 160;
/// What goes back by a contract or by law, and undoes no payment.
const NOT_REFUNDS: [&str; 11] = [
    "займ",
    "заем",
    "заём",
    "кредит",
    "депозит",
    "ссуд",
    "вклад",
    "налог",
    "ндс",
    "ндфл",
    "енс",
];
const WORDS_ASKED: usize = 3;

pub fn refunds(tokens: &Tokens, findings: &[Finding]) -> Vec<Finding> {
    if !tokens.topics.has(Topics::REFUND) {
        return Vec::new();
    }
    let Some(at) = (0..tokens.list.len()).find(|at| is_refund_at(tokens, *at)) else {
        return Vec::new();
    };
    let other = (at + 1..tokens.list.len())
        .filter_map(|at| tokens.word_at(at))
        .take(WORDS_ASKED)
        .any(|word| NOT_REFUNDS.iter().any(|stem| word.starts_with(stem)));
    if other {
        return Vec::new();
    }
    let (start, end) = (tokens.list[at].start, tokens.list[at].end);
    let number = findings.iter().find(|finding| {
        use FindingKind as Kind;
        let number = matches!(
            finding.kind,
            Kind::InvoiceNumber
                | Kind::PaymentOrder
                | Kind::Order
                | Kind::Act
                | Kind::TaxInvoice
                | Kind::Contract
                | Kind::Code
                | Kind::BareNumber
        );
        number && finding.start >= end && finding.start <= end + NUMBER_WITHIN
    });
    let mut refund = Finding::new(FindingKind::Refund, start, end, ShortText::default());
    if let Some(number) = number {
        refund.end = number.end;
        refund.value.clone_from(&number.value);
        refund.keys.clone_from(&number.keys);
        refund.date = number.date;
        refund.date_span = number.date_span;
    }
    vec![refund]
}

fn is_refund_at(tokens: &Tokens, at: usize) -> bool {
    let Some(word) = tokens
        .word_at(at)
        .filter(|_| tokens.list[at].topics.has(Topics::REFUND))
    else {
        return false;
    };
    let followed = || (at + 1..=at + 2).any(|next| is_payment(tokens, next));
    is_refund(word) || is_undone(word) && followed()
}

/// Whether the folded word may say that money goes back.
pub fn may_say(word: &str) -> bool {
    is_refund(word) || is_undone(word)
}

/// «отмена», «аннулирование»: of a payment, or of something else.
fn is_undone(word: &str) -> bool {
    word.starts_with("отмен") || word.starts_with("аннулир") || words::starts_latin(word, "return")
}

fn is_payment(tokens: &Tokens, at: usize) -> bool {
    tokens.word_at(at).is_some_and(|word| {
        ["платеж", "оплат", "операц", "перечислен"]
            .iter()
            .any(|stem| word.starts_with(stem))
            || ["payment", "fund", "money"]
                .iter()
                .any(|latin| words::starts_latin(word, latin))
    })
}

/// Also in short: «возвр.», «в-т», and with the commonest slip: «возрат».
fn is_refund(word: &str) -> bool {
    (word.starts_with("возвр") && !word.starts_with("возвратн"))
        || word.starts_with("возрат")
        || word.starts_with("сторн")
        || matches!(word, "возр" | "в-т" | "в/т" | "взврт")
        || word.starts_with("վերադարձ")
        || ["refund", "vozvr", "reversal", "chargeback"]
            .iter()
            .any(|latin| words::starts_latin(word, latin))
}
