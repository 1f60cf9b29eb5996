//! Timeline comments: what a person reads, and the mark by which a repeated delivery finds its own.
//!
//! The last line carries the mark and the stages before and after, so that an attempt that comes back after a lost answer
//! still knows what the stage was before it.

use std::collections::{BTreeMap, btree_map::Entry};

use chrono::NaiveDate;
use domain::{MessageId, Money, Operation, PaymentStatus, Text, Touched, Trace, audit::hash_of};
use serde_json::{Value, json};

use super::{
    Client,
    attempt::{Attempt, Stop},
    batch::Read,
    items::told_at,
};
use crate::{call::Transport, moves::StageMove, php};

const LIST: &str = "crm.timeline.comment.list";
const ADD: &str = "crm.timeline.comment.add";
/// Pages of a timeline that are searched; a search that cannot be finished must not end in a second comment.
const PAGES_MAX: usize = 400;
/// Characters of a payer's name that are quoted.
const NAME_CHARS_MAX: usize = 160;
const RECORD: &str = "sv-record-";
const REVERSE: &str = "sv-reverse-";
const STATUS: &str = "sv-status-";
const MARKS: [&str; 3] = [RECORD, REVERSE, STATUS];
/// Stands for a stage that is not known.
const NO_STAGE: &str = "-";

/// A comment of ours, found in a timeline.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OurComment {
    pub id: String,
    pub stages: StageMove,
    /// The numbers of others with the same mark: something on the way delivered the comment more than once.
    pub doubles: Vec<String>,
}

/// What a timeline holds of ours.
pub struct Timeline<const N: usize> {
    /// For each mark that was looked for.
    pub ours: [Option<OurComment>; N],
    /// The numbers of comments of our earlier messages that stand there once too often.
    pub repeats: Vec<String>,
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
        Mark::Record => RECORD,
        Mark::Reverse => REVERSE,
        Mark::Status => STATUS,
    };
    if !message.0.is_empty() && message.0.chars().all(is_word) {
        format!("{kind}{message}")
    } else {
        let mut hash = hash_of(&[&message.0]);
        hash.truncate(32);
        format!("{kind}{hash}")
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
    if let Operation::MarkStatus { status, due, .. } = operation {
        return status_comment(*status, *due, mark, stages);
    }
    let mut text = format!("[b]{title}[/b]");
    if let Some(amount) = operation.amount() {
        text.push_str(&format!("\nСумма: {}", sum(amount)));
    }
    if let Some(booked) = operation.booked() {
        text.push_str(&format!("\nДата: {}", booked.format("%d.%m.%Y")));
    }
    if let Some(number) = operation.document_number() {
        text.push_str(&format!("\nПлатёжный документ № {}", quoted(number)));
    }
    if let Some(payer) = operation.payer() {
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

/// Our comments by their marks, with what each says.
#[derive(Default)]
struct Found(BTreeMap<String, (OurComment, Said)>);

/// By which a repetition of a comment is told from somebody who quotes it.
#[derive(PartialEq, Eq)]
struct Said {
    author: Option<String>,
    /// Everything between the title, which depends on how the invoice stood, and the mark, behind which the stages are.
    body: String,
    lines: usize,
}

impl Said {
    fn of(row: &Value, text: &str, mark: &str) -> Self {
        let head = text.split_once(mark).map_or(text, |(head, _)| head);
        Self {
            author: php::text(&row["AUTHOR_ID"]),
            body: head.split_once('\n').map_or("", |(_, body)| body).to_owned(),
            lines: text.lines().count(),
        }
    }
}

impl Found {
    fn take(&mut self, row: &Value) {
        let (Some(id), Some(text)) = (php::text(&row["ID"]), php::text(&row["COMMENT"])) else {
            return;
        };
        let mut words = text.split(|character| !is_word(character));
        let Some(mark) = words.find(|word| MARKS.iter().any(|mark| word.starts_with(mark))) else {
            return;
        };
        let said = Said::of(row, &text, mark);
        match self.0.entry(mark.to_owned()) {
            Entry::Vacant(place) => {
                // The mark is unique to the message, so the first needs no other proof of being ours.
                let stages = stages_behind(mark, &text).unwrap_or_default();
                let doubles = Vec::new();
                place.insert((OurComment { id, stages, doubles }, said));
            }
            Entry::Occupied(mut place) => {
                let (first, first_said) = place.get_mut();
                // A page may shift while the list is read.
                if first.id != id && !first.doubles.contains(&id) && *first_said == said {
                    first.doubles.push(id);
                }
            }
        }
    }

    fn timeline<const N: usize>(mut self, marks: [&str; N]) -> Timeline<N> {
        let ours = marks.map(|mark| self.0.remove(mark).map(|(ours, _)| ours));
        let repeats = self.0.into_values().flat_map(|(ours, _)| ours.doubles).collect();
        Timeline { ours, repeats }
    }
}

/// Whether the comment of this mark stands more than once among the last ones of a timeline.
pub(super) fn is_repeated(body: &Value, mark: &str) -> bool {
    let mut found = Found::default();
    php::rows(&body["result"])
        .into_iter()
        .rev()
        .for_each(|row| found.take(row));
    found.0.get(mark).is_some_and(|(ours, _)| !ours.doubles.is_empty())
}

impl<T: Transport> Client<T> {
    /// Looks for our comments in an invoice's timeline; the list is searched to its end, where the doubles of one are.
    pub(super) async fn find_comments<const N: usize>(
        &self,
        attempt: &Attempt<'_, T>,
        invoice: u64,
        marks: [&str; N],
    ) -> Result<Timeline<N>, Stop> {
        let mut found = Found::default();
        let mut start = 0;
        for _ in 0..PAGES_MAX {
            let body = attempt.look(LIST, &self.comments_asked(invoice, "ASC", start)).await?;
            if !php::is_list(&body["result"]) {
                return Err(attempt.unproven(Text::new(
                    format!("в ответе Битрикс24 нет ленты счёта ({LIST})"),
                    format!("the answer of Bitrix24 has no timeline ({LIST})"),
                )));
            }
            php::rows(&body["result"]).into_iter().for_each(|row| found.take(row));
            let next = body.get("next").and_then(php::id).filter(|next| *next > start);
            match next {
                Some(next) => start = next,
                None => return Ok(found.timeline(marks)),
            }
        }
        Err(Stop::Refused(Text::new(
            "в ленте счёта слишком много комментариев, чтобы проверить, записан ли уже этот платёж",
            "the invoice's timeline has too many comments to tell whether this payment is recorded already",
        )))
    }

    fn comments_asked(&self, invoice: u64, order: &str, start: u64) -> Value {
        json!({
            "filter": {"ENTITY_ID": invoice, "ENTITY_TYPE": self.portal.comment_entity_type},
            "select": ["ID", "ENTITY_ID", "ENTITY_TYPE", "AUTHOR_ID", "COMMENT"],
            "order": {"ID": order},
            "start": start,
        })
    }

    /// The read of an invoice's last comments, for [`is_repeated`].
    pub(super) fn last_comments(&self, invoice: u64) -> Read {
        Read {
            method: LIST,
            params: self.comments_asked(invoice, "DESC", 0),
        }
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
