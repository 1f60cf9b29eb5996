//! Timeline comments: what a person reads, and the mark by which a repeated delivery finds its own.
//!
//! The last line carries the mark and the stages before and after, so that an attempt that comes back after a lost answer
//! still knows what the stage was before it.

use chrono::NaiveDate;
use domain::{MessageId, Money, Operation, PaymentStatus, Text, Touched, Trace, audit::hash_of};
use serde_json::json;

use super::{
    Client,
    attempt::{Attempt, Stop},
    items::told_at,
};
use crate::{call::Transport, php};

const LIST: &str = "crm.timeline.comment.list";
const ADD: &str = "crm.timeline.comment.add";
/// Pages of a timeline that are searched; a search that cannot be finished must not end in a second comment.
const PAGES_MAX: usize = 400;
/// Characters of a payer's name that are quoted.
const NAME_CHARS_MAX: usize = 160;
/// Stands for a stage that is not known.
const NO_STAGE: &str = "-";

/// The stage before and after a delivery; `None` where it is not known.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct StageMove {
    pub before: Option<String>,
    pub after: Option<String>,
}

impl StageMove {
    /// The stage was changed, and it is known from what to what.
    pub fn changed(&self) -> Option<(&str, &str)> {
        let (before, after) = (self.before.as_deref()?, self.after.as_deref()?);
        (before != after).then_some((before, after))
    }
}

/// A comment of ours, found in a timeline.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OurComment {
    pub id: String,
    pub stages: StageMove,
    /// The numbers of others with the same mark: something on the way delivered the comment more than once.
    pub doubles: Vec<String>,
}

#[derive(Clone, Copy)]
pub enum Mark {
    Record,
    Reverse,
    Status,
}

/// Unique to a message and one word in any rendering of a timeline.
pub fn mark(kind: Mark, message: &MessageId) -> String {
    let kind = match kind {
        Mark::Record => "record",
        Mark::Reverse => "reverse",
        Mark::Status => "status",
    };
    if !message.0.is_empty() && message.0.chars().all(is_word) {
        format!("sv-{kind}-{message}")
    } else {
        let mut hash = hash_of(&[&message.0]);
        hash.truncate(32);
        format!("sv-{kind}-{hash}")
    }
}

fn is_word(character: char) -> bool {
    character.is_ascii_alphanumeric() || matches!(character, '_' | '-' | ':')
}

/// The stages behind a mark in a comment, whatever markup a portal put around the words. `None`: not this mark.
fn stages_behind(mark: &str, comment: &str) -> Option<StageMove> {
    let mut words = comment
        .split(|character| !is_word(character))
        .filter(|word| !word.is_empty());
    words.find(|word| *word == mark)?;
    let mut stage = || words.next().filter(|word| *word != NO_STAGE).map(str::to_owned);
    Some(StageMove {
        before: stage(),
        after: stage(),
    })
}

/// What is said of an invoice that stands so.
pub fn status_title(status: PaymentStatus) -> &'static str {
    match status {
        PaymentStatus::Expired => "Срок оплаты прошёл, денег нет",
        PaymentStatus::ManualReview => {
            "Пришёл платёж, который может быть оплатой этого счёта: он ждёт решения бухгалтера"
        }
        _ => "Счёт снова ждёт оплаты",
    }
}

/// What is written into the timeline of an invoice that stands so.
pub fn status_comment(status: PaymentStatus, due: Option<NaiveDate>, mark: &str, stages: &StageMove) -> String {
    let mut text = format!("[b]{}[/b]", status_title(status));
    if let Some(due) = due {
        text.push_str(&format!("\nСрок: {}", due.format("%d.%m.%Y")));
    }
    text.push_str(&last_line(mark, stages));
    text
}

fn last_line(mark: &str, stages: &StageMove) -> String {
    let stage = |stage: &Option<String>| stage.as_deref().unwrap_or(NO_STAGE).to_owned();
    format!("\nСверка: {mark} {} {}", stage(&stages.before), stage(&stages.after))
}

/// What is written into the timeline of money.
pub fn comment(operation: &Operation, title: &str, mark: &str, stages: &StageMove) -> String {
    let (booked, amount, number, payer) = match operation {
        Operation::MarkStatus { status, due, .. } => return status_comment(*status, *due, mark, stages),
        Operation::RecordPayment {
            booked,
            amount,
            document_number,
            payer,
            ..
        } => (booked, amount, document_number, payer.as_deref()),
        Operation::ReversePayment {
            booked,
            amount,
            document_number,
            ..
        }
        | Operation::RestorePayment {
            booked,
            amount,
            document_number,
            ..
        } => (booked, amount, document_number, None),
    };
    let mut text = format!(
        "[b]{title}[/b]\nСумма: {}\nДата: {}",
        sum(*amount),
        booked.format("%d.%m.%Y")
    );
    if let Some(number) = number {
        text.push_str(&format!("\nПлатёжный документ № {}", quoted(number)));
    }
    if let Some(payer) = payer {
        text.push_str(&format!("\nПлательщик: {}", quoted(payer)));
    }
    if let Some(payment) = operation.payment() {
        text.push_str(&format!("\nКод платежа: {}", payment.short()));
    }
    text.push_str(&last_line(mark, stages));
    text
}

/// `15 000,00 руб.`
pub(super) fn sum(amount: Money) -> String {
    let decimal = amount.decimal();
    let (sign, digits) = decimal
        .strip_prefix('-')
        .map_or(("", decimal.as_str()), |rest| ("-", rest));
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let mut grouped = String::new();
    for (at, digit) in whole.chars().enumerate() {
        if at > 0 && (whole.len() - at) % 3 == 0 {
            grouped.push(' ');
        }
        grouped.push(digit);
    }
    let point = if fraction.is_empty() { "" } else { "," };
    let currency = match amount.currency().code() {
        "RUB" => "руб.".to_owned(),
        code => code.to_owned(),
    };
    format!("{sign}{grouped}{point}{fraction} {currency}")
}

/// Somebody else's words on one line, with nothing a timeline would take for markup.
pub(super) fn quoted(text: &str) -> String {
    let plain = text.chars().map(|character| match character {
        '[' | '<' | '{' => '(',
        ']' | '>' | '}' => ')',
        other if other.is_control() => ' ',
        other => other,
    });
    let plain: String = plain.take(NAME_CHARS_MAX).collect();
    plain.split_whitespace().collect::<Vec<_>>().join(" ")
}

impl<T: Transport> Client<T> {
    /// Looks for our comments in an invoice's timeline; the list is searched to its end, where the doubles of one are.
    pub(super) async fn find_comments<const N: usize>(
        &self,
        attempt: &Attempt<'_, T>,
        invoice: u64,
        marks: [&str; N],
    ) -> Result<[Option<OurComment>; N], Stop> {
        let mut found: [Option<OurComment>; N] = std::array::from_fn(|_| None);
        let mut start = 0;
        for _ in 0..PAGES_MAX {
            let params = json!({
                "filter": {"ENTITY_ID": invoice, "ENTITY_TYPE": self.portal.comment_entity_type},
                "select": ["ID", "ENTITY_ID", "ENTITY_TYPE", "COMMENT"],
                "order": {"ID": "ASC"},
                "start": start,
            });
            let body = attempt.look(LIST, &params).await?;
            if !php::is_list(&body["result"]) {
                return Err(attempt.unproven(Text::new(
                    format!("в ответе Битрикс24 нет ленты счёта ({LIST})"),
                    format!("the answer of Bitrix24 has no timeline ({LIST})"),
                )));
            }
            for row in php::rows(&body["result"]) {
                let (Some(id), Some(text)) = (php::text(&row["ID"]), php::text(&row["COMMENT"])) else {
                    continue;
                };
                // The mark is unique to the message, so the row needs no other proof of being ours.
                for (mark, found) in marks.iter().zip(&mut found) {
                    let Some(stages) = stages_behind(mark, &text) else {
                        continue;
                    };
                    match found {
                        None => {
                            *found = Some(OurComment {
                                id: id.clone(),
                                stages,
                                doubles: Vec::new(),
                            });
                        }
                        // A page may shift while the list is read.
                        Some(first) if first.id == id || first.doubles.contains(&id) => {}
                        Some(first) => first.doubles.push(id.clone()),
                    }
                }
            }
            let next = body.get("next").and_then(php::id).filter(|next| *next > start);
            match next {
                Some(next) => start = next,
                None => return Ok(found),
            }
        }
        Err(Stop::Refused(Text::new(
            "в ленте счёта слишком много комментариев, чтобы проверить, записан ли уже этот платёж",
            "the invoice's timeline has too many comments to tell whether this payment is recorded already",
        )))
    }

    /// The new comment's id.
    pub(super) async fn add_comment(
        &self,
        attempt: &mut Attempt<'_, T>,
        invoice: u64,
        text: &str,
    ) -> Result<String, Stop> {
        let fields = json!({"ENTITY_ID": invoice, "ENTITY_TYPE": self.portal.comment_entity_type, "COMMENT": text});
        let body = attempt.write(ADD, &json!({"fields": fields})).await?;
        let id = php::text(&body["result"]);
        if let Some(id) = &id {
            attempt.traces.push(Trace {
                what: Touched::Comment,
                id: id.clone(),
                before: None,
                after: None,
                at: told_at(&body),
            });
        }
        id.ok_or_else(|| {
            attempt.unproven(Text::new(
                format!("в ответе Битрикс24 нет номера комментария ({ADD})"),
                format!("the answer of Bitrix24 has no number of the comment ({ADD})"),
            ))
        })
    }
}

#[cfg(test)]
mod tests {
    use domain::Currency;

    use super::*;

    #[test]
    fn a_mark_is_found_as_a_whole_word_in_any_markup() {
        let mark = mark(Mark::Record, &"m1".into());
        assert_eq!(mark, "sv-record-m1");
        for (text, expected) in [
            (
                "Сверка: sv-record-m1 DT31_3:N DT31_3:P",
                Some((Some("DT31_3:N"), Some("DT31_3:P"))),
            ),
            ("<p>Сверка: sv-record-m1 - DT31_3:P</p>", Some((None, Some("DT31_3:P")))),
            ("[p]sv-record-m1[/p]", Some((Some("p"), None))),
            ("sv-record-m10 a b", None),
            ("xsv-record-m1 a b", None),
            ("sv-reverse-m1 a b", None),
            ("", None),
        ] {
            let expected = expected.map(|(before, after)| StageMove {
                before: before.map(str::to_owned),
                after: after.map(str::to_owned),
            });
            assert_eq!(stages_behind(&mark, text), expected, "{text}");
        }
    }

    #[test]
    fn an_id_with_odd_characters_still_gives_one_word() {
        let odd = mark(Mark::Reverse, &"m 1/я".into());
        assert!(odd.chars().all(is_word), "{odd}");
        assert_ne!(odd, mark(Mark::Reverse, &"m 1/ю".into()));
    }

    #[test]
    fn sums_read_as_an_accountant_writes_them() {
        for (minor, expected) in [
            (1_500_000, "15 000,00 руб."),
            (99, "0,99 руб."),
            (12_345_678_900, "123 456 789,00 руб."),
            (-100_000, "-1 000,00 руб."),
        ] {
            assert_eq!(sum(Money::from_minor(minor, Currency::RUB)), expected);
        }
        let usd = Currency::parse("USD").unwrap();
        assert_eq!(sum(Money::from_minor(100, usd)), "1,00 USD");
    }

    #[test]
    fn a_payer_cannot_write_markup_or_lines_of_his_own() {
        assert_eq!(
            quoted("ООО [url=x]Р[/url]\r\nСверка: sv"),
            "ООО (url=x)Р(/url) Сверка: sv"
        );
        assert_eq!(quoted(&"я".repeat(NAME_CHARS_MAX)).chars().count(), NAME_CHARS_MAX);
        assert_eq!(quoted(&"я".repeat(NAME_CHARS_MAX + 1)).chars().count(), NAME_CHARS_MAX);
    }
}
