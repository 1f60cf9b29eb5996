//! Notes on a lead: what a person reads, and the mark by which a repeated delivery finds its own.
//!
//! The last line carries the mark, the invoice, and the statuses of invoice and lead before and after: the only memory in
//! the CRM of what was ours and what was there before. A catalog's elements have no notes, so an invoice without a lead
//! has no such memory.

use domain::{Message, MessageId, Text, Touched, Trace};
use serde_json::{Value, json};

use super::{Client, pages::PAGE_ROWS, read_back};
use crate::{
    attempt::{Attempt, Failed, Stop},
    bitrix24::{Mark, mark},
    call::{CallError, Transport},
    moves::StageMove,
    php,
};

/// Pages of notes that are searched; a search that cannot be finished must not end in a second note.
const PAGES_MAX: u64 = 80;
/// Characters of a payer's name that are quoted.
const NAME_CHARS_MAX: usize = 160;
/// Stands for a status that is not known.
const NOTHING: &str = "-";
/// A note that everybody sees.
pub const COMMON: &str = "common";
/// The same, and it pulls the trigger «invoice paid» of the digital pipeline.
pub const BILL_PAID: &str = "bill_paid";
/// Who speaks, in notes that name a service.
const SERVICE: &str = "Сверка";
/// Notes of a service want a picture; this one is the CRM's own.
const ICON: &str = "https://www.amocrm.ru/favicon.ico";

/// A note of ours about one invoice, found on a lead.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OurNote {
    pub id: String,
    pub mark: String,
    pub invoice: StageMove,
    pub lead: StageMove,
    /// Others with the same mark: something on the way delivered the note more than once.
    pub doubles: Vec<Double>,
}

impl OurNote {
    /// It tells of money.
    pub fn is_of_money(&self) -> bool {
        !self.mark.starts_with("sv-status-")
    }
}

/// A note that stands there once too often.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Double {
    pub id: String,
    /// As the CRM calls its kind.
    pub kind: String,
}

/// What is to be said, and of what.
pub struct Said<'a> {
    pub message: &'a Message,
    pub element: u64,
    /// [`COMMON`] or [`BILL_PAID`].
    pub kind: &'static str,
    pub title: &'a str,
    pub mark: &'a str,
    pub invoice: &'a StageMove,
    pub lead: &'a StageMove,
}

pub fn record_mark(message: &MessageId) -> String {
    mark(Mark::Record, message)
}

pub fn reverse_mark(message: &MessageId) -> String {
    mark(Mark::Reverse, message)
}

pub fn status_mark(message: &MessageId) -> String {
    mark(Mark::Status, message)
}

/// Marks of notes about money, and of how an invoice stands.
const MARKS: [&str; 3] = ["sv-record-", "sv-reverse-", "sv-status-"];

pub(super) fn is_word(character: char) -> bool {
    character.is_ascii_alphanumeric() || matches!(character, '_' | '-' | ':' | '#')
}

/// Our note about this element, whatever markup stands around the words.
fn ours(row: &Value, element: u64) -> Option<OurNote> {
    let text = php::text(&row["params"]["text"])?;
    let mut words = text.split(|one| !is_word(one)).filter(|word| !word.is_empty());
    let mark = words.find(|word| MARKS.iter().any(|mark| word.starts_with(mark)))?;
    if words.next()? != element.to_string() {
        return None;
    }
    let mut status = || words.next().filter(|word| *word != NOTHING).map(str::to_owned);
    let mut moved = || StageMove {
        before: status(),
        after: status(),
    };
    Some(OurNote {
        id: php::text(&row["id"])?,
        mark: mark.to_owned(),
        invoice: moved(),
        lead: moved(),
        doubles: Vec::new(),
    })
}

/// The parameters of a note in the name of a service.
pub(super) fn service(text: &str) -> Value {
    json!({"text": text, "service": SERVICE, "icon_url": ICON})
}

/// Our notes about an element among rows of a list: each mark once, the oldest first, with its repetitions behind it. A
/// mark in somebody else's note is a quotation.
pub(super) fn notes_among<'a>(rows: impl IntoIterator<Item = &'a Value>, element: u64) -> Vec<OurNote> {
    let rows = rows.into_iter();
    let mut found: Vec<(u64, &Value, OurNote)> = rows
        .filter_map(|row| Some((php::id(&row["id"])?, row, ours(row, element)?)))
        .collect();
    found.sort_by_key(|(id, ..)| *id);
    found.dedup_by_key(|(id, ..)| *id);
    let mut notes: Vec<(OurNote, Option<String>)> = Vec::new();
    for (_, row, note) in found {
        let author = php::text(&row["created_by"]);
        match notes.iter_mut().find(|(first, _)| first.mark == note.mark) {
            None => notes.push((note, author)),
            Some((first, by)) if *by == author => {
                let kind = php::text(&row["note_type"]).unwrap_or_else(|| COMMON.to_owned());
                first.doubles.push(Double { id: note.id, kind });
            }
            Some(_) => {}
        }
    }
    notes.into_iter().map(|(note, _)| note).collect()
}

fn text(said: &Said<'_>) -> String {
    let Said { message, element, .. } = said;
    let operation = &message.operation;
    let mut text = format!("{}\nСчёт № {}", said.title, one_line(operation.invoice_number()));
    if let Some(amount) = operation.amount() {
        text.push_str(&format!("\nСумма: {}", amount.text().ru));
    }
    if let Some(booked) = operation.booked() {
        text.push_str(&format!("\nДата: {}", booked.format("%d.%m.%Y")));
    }
    if let Some(due) = operation.due() {
        text.push_str(&format!("\nСрок: {}", due.format("%d.%m.%Y")));
    }
    if let Some(number) = operation.document_number() {
        text.push_str(&format!("\nПлатёжный документ № {}", one_line(number)));
    }
    if let Some(payer) = operation.payer() {
        text.push_str(&format!("\nПлательщик: {}", one_line(payer)));
    }
    if let Some(payment) = operation.payment() {
        text.push_str(&format!("\nКод платежа: {payment}"));
    }
    let known = |status: &Option<String>| status.as_deref().unwrap_or(NOTHING).to_owned();
    text.push_str(&format!(
        "\nСверка: {} {element} {} {} {} {}",
        said.mark,
        known(&said.invoice.before),
        known(&said.invoice.after),
        known(&said.lead.before),
        known(&said.lead.after),
    ));
    text
}

/// Somebody else's words on one line: they cannot write a line of ours.
pub(super) fn one_line(text: &str) -> String {
    let plain: String = text
        .chars()
        .map(|one| if one.is_control() { ' ' } else { one })
        .take(NAME_CHARS_MAX)
        .collect();
    plain.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// How the notes of a lead are asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Search {
    /// Perhaps together with those of other leads.
    Shared,
    /// By itself: something hangs on a note not being there.
    Alone,
}

/// What one page of a lead's notes is asked for with.
pub(super) fn page(number: u64) -> Value {
    json!({"filter": {"note_type": [COMMON, BILL_PAID]}, "page": number, "limit": PAGE_ROWS})
}

/// Which way a note went.
enum Noted {
    /// With its number.
    Written(String),
    /// The lead takes none; why, as the end of a sentence.
    Refused(Text),
}

impl<T: Transport> Client<T> {
    /// Our notes about an invoice on its lead, the oldest first; the list is searched to its end.
    pub(super) async fn find_notes(
        &self,
        attempt: &mut Attempt<'_, T>,
        lead: u64,
        element: u64,
        search: Search,
    ) -> Result<Vec<OurNote>, Stop> {
        let call = format!("GET leads/{lead}/notes");
        let mut rows: Vec<Value> = Vec::new();
        for number in 1..=PAGES_MAX {
            let answer = match search {
                Search::Shared => attempt.look(&call, &page(number)).await,
                Search::Alone => attempt.look_alone(&call, &page(number)).await,
            };
            let body = match answer {
                Ok(body) => body,
                // No such lead: it has no notes.
                Err(Failed { error, .. }) if error.is_not_found() => {
                    self.must_be_gone(attempt, "leads", "leads", lead).await?;
                    Value::Null
                }
                Err(failed) => return Err(failed.into()),
            };
            rows.extend(php::rows(&body["_embedded"]["notes"]).into_iter().cloned());
            if php::text(&body["_links"]["next"]["href"]).is_none() {
                return Ok(notes_among(&rows, element));
            }
        }
        Err(Stop::Refused(Text::new(
            "у сделки слишком много примечаний, чтобы проверить, записан ли уже этот платёж",
            "the lead has too many notes to tell whether this payment is recorded already",
        )))
    }

    /// Writes one note; its number, or `None` where the lead takes none (deleted, closed to us), which is said: the
    /// invoice is what counts.
    pub(super) async fn add_note(
        &self,
        attempt: &mut Attempt<'_, T>,
        lead: u64,
        said: &Said<'_>,
        notes: &mut Vec<Text>,
    ) -> Result<Option<String>, Stop> {
        let text = text(said);
        let mut noted = self.post_note(attempt, lead, said.kind, &text).await?;
        // Refused, it was not written: an account without this kind takes the common one.
        if said.kind != COMMON && matches!(noted, Noted::Refused(_)) {
            noted = self.post_note(attempt, lead, COMMON, &text).await?;
        }
        match noted {
            Noted::Written(id) => {
                attempt.traces.push(Trace {
                    what: Touched::Comment,
                    id: id.clone(),
                    before: None,
                    after: None,
                    at: None,
                });
                Ok(Some(id))
            }
            Noted::Refused(why) => {
                notes.push(Text::new(
                    format!("Примечание в сделку № {lead} не записано: {}.", why.ru),
                    format!("No note was written to lead {lead}: {}.", why.en),
                ));
                Ok(None)
            }
        }
    }

    async fn post_note(&self, attempt: &mut Attempt<'_, T>, lead: u64, kind: &str, text: &str) -> Result<Noted, Stop> {
        let params = if kind == COMMON {
            json!({"text": text})
        } else {
            service(text)
        };
        let call = format!("POST leads/{lead}/notes");
        let body = match attempt
            .write(&call, &json!([{"note_type": kind, "params": params}]))
            .await
        {
            Ok(body) => body,
            Err(Failed {
                error: error @ CallError::Refused { .. },
                ..
            }) => {
                if error.is_not_found() {
                    self.must_be_gone(attempt, "leads", "leads", lead).await?;
                }
                return Ok(Noted::Refused(error.fact()));
            }
            Err(failed) => return Err(failed.into()),
        };
        let notes = php::rows(&body["_embedded"]["notes"]);
        let id = notes.first().and_then(|note| php::text(&note["id"]));
        id.map(Noted::Written).ok_or_else(|| {
            attempt.unproven(Text::new(
                format!("в ответе amoCRM нет номера примечания ({call})"),
                format!("the answer of amoCRM has no number of the note ({call})"),
            ))
        })
    }

    /// The note with this mark, where there is one.
    pub(super) async fn our_note(
        &self,
        attempt: &mut Attempt<'_, T>,
        lead: u64,
        element: u64,
        mark: &str,
        search: Search,
    ) -> Result<Option<OurNote>, Stop> {
        let found = self.find_notes(attempt, lead, element, search).await?;
        Ok(found.into_iter().find(|note| note.mark == mark))
    }

    /// Reads a note back, with everything else of ours on the lead. The CRM gave its number, so it is there; but where the
    /// list does not show it, a later look would not find it either, and a person should know.
    pub(super) async fn prove_note(
        &self,
        attempt: &mut Attempt<'_, T>,
        lead: u64,
        element: u64,
        mark: &str,
        notes: &mut Vec<Text>,
    ) -> Result<Proved, Stop> {
        let mut all = self.find_notes(attempt, lead, element, Search::Shared).await?;
        let is_shown = |all: &[OurNote]| all.iter().any(|note| note.mark == mark);
        if !is_shown(&all) && attempt.shares_looks() {
            all = self.find_notes(attempt, lead, element, Search::Alone).await?;
        }
        let mut pause_ms = read_back::PAUSE_MS;
        for _ in 0..read_back::LOOKS_AGAIN {
            if is_shown(&all) {
                break;
            }
            attempt.pause(pause_ms).await;
            pause_ms *= 2;
            all = self.find_notes(attempt, lead, element, Search::Alone).await?;
        }
        if !is_shown(&all) {
            notes.push(Text::new(
                format!("Примечание записано, но в сделке № {lead} его не видно."),
                format!("The note is written, but lead {lead} does not show it."),
            ));
        }
        let (mut shown, others): (Vec<_>, Vec<_>) = all.into_iter().partition(|note| note.mark == mark);
        Ok(Proved {
            shown: shown.pop(),
            others,
        })
    }
}

/// What a lead shows of ours after a note was written.
pub(super) struct Proved {
    pub shown: Option<OurNote>,
    /// Of earlier messages about the same invoice.
    pub others: Vec<OurNote>,
}

/// The number of the lead, where the invoice has one.
pub fn lead_of(deal: Option<&str>, notes: &mut Vec<Text>) -> Option<u64> {
    let Some(deal) = deal else {
        notes.push(Text::new(
            "Счёт не привязан к сделке: примечание об оплате писать некуда.",
            "The invoice is linked to no lead: there is nowhere to write a note.",
        ));
        return None;
    };
    let lead = deal.parse().ok().filter(|lead| *lead > 0);
    if lead.is_none() {
        notes.push(Text::new(
            format!("Примечание не записано: «{deal}» не похоже на номер сделки."),
            format!("No note was written: «{deal}» is no number of a lead."),
        ));
    }
    lead
}

#[cfg(test)]
mod tests {
    use super::*;

    fn note(text: &str) -> Option<OurNote> {
        ours(&json!({"id": 7, "params": {"text": text}}), 525)
    }

    #[test]
    fn a_note_is_ours_by_its_mark_and_its_invoice() {
        let found = note("Сверка: sv-record-m1 525 created paid - 142").unwrap();
        assert_eq!((found.id.as_str(), found.mark.as_str()), ("7", "sv-record-m1"));
        assert_eq!(found.invoice.changed(), Some(("created", "paid")));
        assert_eq!(
            (found.lead.before.as_deref(), found.lead.after.as_deref()),
            (None, Some("142"))
        );
        let marked_up = note("<p>sv-reverse-m2 525 #9 created</p>").unwrap();
        assert_eq!(marked_up.invoice.changed(), Some(("#9", "created")));
        for other in [
            "sv-record-m1 5250 a b",
            "sv-record-m1",
            "xsv-record-m1 525 a b",
            "",
            "разговор",
        ] {
            assert_eq!(note(other), None, "{other}");
        }
    }

    #[test]
    fn a_payer_cannot_write_lines_of_his_own() {
        assert_eq!(one_line("ООО\r\nСверка: sv\u{0}"), "ООО Сверка: sv");
        assert_eq!(
            one_line(&"я".repeat(NAME_CHARS_MAX + 1)).chars().count(),
            NAME_CHARS_MAX
        );
    }
}
