//! Fields to statements, entries and what was noticed, in one pass.
//!
//! A field belongs to what is open: `:86:` to the entry before it, else to the statement; `:61:` to the statement before
//! it, wherever its end was. A message without its beginning or its end is read as far as it goes, and said to be so.

mod balances;

use std::{
    collections::VecDeque,
    io::{self, BufRead},
};

use domain::{Content, Currency, Proof, Statement, StatementAccount, Text};

use crate::{
    diagnostic::{Code, Diagnostic, Place},
    reading::{Event, Source},
};

use super::{
    account::{Account, Number},
    balance,
    entry::{Pending, Reader},
    feed::{Feed, Field, Piece},
    pages,
    statement::{Before, Current, Edge},
    tag::{Envelope, Tag},
};

/// What is known before the first field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Hints {
    /// A person said it is an MT942.
    pub(super) interim: bool,
    /// The only own account, for files that name none.
    pub(super) own_account: Option<String>,
    /// Of the first balance in the file.
    pub(super) currency: Option<Currency>,
}

/// Where in a message the reader is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stage {
    /// Before the first message, or after the end of one.
    Between,
    /// `:20:` to `:28C:`
    Header,
    /// Opening balance, entries.
    Body,
    /// After the closing balance.
    Closed,
}

/// What a message says before its statement begins.
#[derive(Debug, Default)]
struct Header {
    /// Of its first field.
    place: Option<Place>,
    account: Option<Account>,
    number: Number,
    /// Fields of MT942 were seen.
    interim: bool,
    currency: Option<Currency>,
}

pub(super) struct Messages<R> {
    feed: Feed<R>,
    state: State,
    done: bool,
}

struct State {
    hints: Hints,
    stage: Stage,
    envelope: Envelope,
    header: Header,
    current: Option<Current>,
    before: Option<Before>,
    begun: usize,
    pending: Option<Pending>,
    /// What follows belongs to an entry that was refused.
    refused: bool,
    /// An envelope announces a message, and no field of it has come.
    announced: Option<Place>,
    reader: Reader,
    findings: Vec<Diagnostic>,
}

impl<R: BufRead> Messages<R> {
    pub(super) fn new(feed: Feed<R>, hints: Hints) -> Self {
        Self {
            feed,
            state: State {
                reader: Reader::default(),
                hints,
                stage: Stage::Between,
                envelope: Envelope::Unsaid,
                header: Header::default(),
                current: None,
                before: None,
                begun: 0,
                pending: None,
                refused: false,
                announced: None,
                findings: Vec::new(),
            },
            done: false,
        }
    }
}

impl<R: BufRead> Source for Messages<R> {
    fn advance(&mut self, queue: &mut VecDeque<Event>) -> io::Result<bool> {
        while !self.done {
            match self.feed.next()? {
                Some(piece) => self.state.take(piece, queue),
                None => {
                    self.done = true;
                    self.state.end(self.feed.line(), queue);
                }
            }
            tell(&mut self.feed.findings, queue);
            tell(&mut self.state.findings, queue);
            // At once, so that an entry is let go of before the next one asks for memory: the allocator then gives the
            // same memory again, still in the cache.
            if !queue.is_empty() {
                return Ok(true);
            }
        }
        Ok(false)
    }
}

fn tell(findings: &mut Vec<Diagnostic>, queue: &mut VecDeque<Event>) {
    if !findings.is_empty() {
        queue.extend(findings.drain(..).map(Event::Diagnostic));
    }
}

impl State {
    fn take(&mut self, piece: Piece<'_>, queue: &mut VecDeque<Event>) {
        match piece {
            Piece::Field(field) => self.take_field(&field, queue),
            Piece::Envelope(envelope, announced) => {
                self.announced = announced;
                self.finish_entry(queue);
                if envelope != Envelope::Unsaid {
                    self.envelope = envelope;
                }
                if self.stage != Stage::Between {
                    self.begin_message(queue);
                }
            }
            Piece::MessageEnd(envelope, announced) => {
                self.announced = announced;
                self.finish_entry(queue);
                self.look_at_header(queue);
                if let Some(current) = &mut self.current {
                    current.ended = true;
                }
                self.envelope = envelope;
                self.stage = Stage::Between;
            }
            Piece::Junk { text, place } => self.find(Code::MtStrayLine, place, text, &[]),
        }
    }

    fn take_field(&mut self, field: &Field<'_>, queue: &mut VecDeque<Event>) {
        if field.found.foreign_letter {
            self.find(Code::MtTagLetter, field.place, field.name, &[]);
        }
        if self.announced.is_some() {
            self.announced = None;
        }
        match field.found.tag {
            Tag::Entry => self.take_entry(field, queue),
            Tag::Details => self.take_details(field),
            Tag::NonSwift => match &mut self.pending {
                Some(pending) => self.reader.add_non_swift(pending, field.body),
                None if self.refused => {}
                None => self.find(Code::MtStatementText, field.place, field.body.first_line(), &[]),
            },
            Tag::Reference => {
                self.finish_entry(queue);
                self.begin_message(queue);
                self.header.place = Some(field.place);
            }
            Tag::Account => self.take_account(field, queue),
            Tag::Number => {
                self.begin_message_after_closing(queue);
                if self.stage == Stage::Header {
                    self.header.number = Number::parse(field.body.first_line());
                }
            }
            Tag::Opening { interim } => self.take_opening(field, interim, queue),
            Tag::Closing { interim } => self.take_closing(field, interim, queue),
            Tag::Available => {
                self.finish_entry(queue);
                let known = self.current.as_ref().map(|current| current.currency);
                if balance::parse(field.body.first_line(), known).is_none() {
                    self.find(Code::MtAvailable, field.at_value(), field.body.first_line(), &[]);
                }
            }
            Tag::Floor => {
                self.begin_message_after_closing(queue);
                self.header.interim = true;
                self.header.currency = self
                    .header
                    .currency
                    .or(balance::floor_currency(field.body.first_line()));
            }
            Tag::Time => {
                self.begin_message_after_closing(queue);
                self.header.interim = true;
            }
            Tag::Sum { credit } => self.take_sum(field, credit, queue),
            Tag::Ignored => {}
            Tag::Unknown => {
                if let Some(pending) = &mut self.pending {
                    pending.keep(field.name, field.body.text);
                }
                self.find(Code::MtUnknownTag, field.place, field.name, &[]);
            }
        }
    }

    /// A statement whose last page may be still to come stays open.
    fn begin_message(&mut self, queue: &mut VecDeque<Event>) {
        self.look_at_header(queue);
        self.header = Header::default();
        self.stage = Stage::Header;
    }

    /// A message that ended before its statement began. A report of a day without movements has nothing after its header.
    fn look_at_header(&mut self, queue: &mut VecDeque<Event>) {
        let (Stage::Header, Some(place)) = (self.stage, self.header.place) else {
            return;
        };
        if self.header.interim && self.header.account.is_some() && self.envelope != Envelope::Final {
            self.start(None, place, queue);
        } else {
            self.find(Code::MtNoStatement, place, "", &[]);
        }
    }

    /// A message without `:20:` begins with whatever comes first.
    fn begin_message_after_closing(&mut self, queue: &mut VecDeque<Event>) {
        self.finish_entry(queue);
        if matches!(self.stage, Stage::Between | Stage::Closed) {
            self.begin_message(queue);
        }
    }

    fn take_account(&mut self, field: &Field<'_>, queue: &mut VecDeque<Event>) {
        let line = field.body.first_line();
        let account = Account::parse(line, field.body.lines().nth(1)).filter(|_| field.terminated);
        if self.stage == Stage::Body || account.is_none() {
            // Under the tag of the account there is something else, in the middle of a statement as a rule.
            if let (Stage::Body, Some(pending)) = (self.stage, &mut self.pending) {
                pending.keep(field.name, field.body.text);
            }
            self.find(Code::MtAccount, field.at_value(), line, &[]);
            return;
        }
        self.begin_message_after_closing(queue);
        self.header.place.get_or_insert(field.place);
        self.header.account = account;
    }

    fn take_entry(&mut self, field: &Field<'_>, queue: &mut VecDeque<Event>) {
        self.finish_entry(queue);
        match self.stage {
            Stage::Body if self.current.is_some() => {}
            Stage::Between | Stage::Closed if self.current.is_some() => {
                self.find(Code::MtEntryAfterEnd, field.place, field.body.first_line(), &[]);
            }
            _ => self.start(None, field.place, queue),
        }
        let Some(current) = &self.current else {
            return;
        };
        self.pending = self
            .reader
            .line(field.body, field.place, field.found.length, current, &mut self.findings);
        self.refused = self.pending.is_none();
        if let Some(pending) = &mut self.pending {
            pending.terminated = field.terminated;
        }
    }

    fn take_details(&mut self, field: &Field<'_>) {
        match &mut self.pending {
            Some(pending) => {
                self.reader.add(pending, field.body);
                pending.terminated = field.terminated;
            }
            None if self.refused => {}
            None => self.find(Code::MtStatementText, field.place, field.body.first_line(), &[]),
        }
    }

    /// Ends what is open, and begins a statement by what the header says.
    fn start(&mut self, opening: Option<Edge>, place: Place, queue: &mut VecDeque<Event>) {
        self.close(queue);
        // Several statements may follow one header; the first uses it up only as far as marks of MT942 go.
        let by_account = self.header.account.as_ref().and_then(Account::currency);
        let known = opening
            .map(|edge| edge.money.currency())
            .or(self.header.currency)
            .or(by_account);
        let named = known.or_else(|| self.guessed_currency());
        let currency = named.unwrap_or(Currency::RUB);
        let own = || {
            let number = self.hints.own_account.clone()?;
            Some(StatementAccount {
                number,
                bank: None,
                currency,
            })
        };
        let account = self
            .header
            .account
            .as_ref()
            .map(|account| account.resolve(currency))
            .or_else(own);
        if account.is_none() {
            self.find(Code::MtNoAccount, place, "", &[]);
        }
        if named.is_none() {
            self.find(Code::MtNoCurrency, place, "", &[]);
        }
        let account = account.filter(|_| named.is_some());
        let interim = self.hints.interim
            || match self.envelope {
                Envelope::Final => false,
                Envelope::Interim => true,
                Envelope::Unsaid => self.header.interim && opening.is_none(),
            };
        let mut current = Current::new(self.begun, account, currency, interim, place);
        current.number = self.header.number;
        current.russian = currency == Currency::RUB || self.header.account.as_ref().is_some_and(Account::is_russian);
        // Half a balance is worse than none: no entry has come to hold it against.
        current.opening = opening.filter(|edge| !edge.cut);
        if let Some(cut) = opening.filter(|edge| edge.cut) {
            self.find(Code::MtBalance, cut.place, &cut.money.decimal(), &[]);
        }
        if let Some(before) = &self.before {
            self.findings.extend(pages::between_statements(before, &current));
        }
        self.begun += 1;
        self.current = Some(current);
        self.stage = Stage::Body;
    }

    /// Of a statement that names none: of the file's first balance for its first statement, else of the one before it
    /// if that is of the same account.
    fn guessed_currency(&self) -> Option<Currency> {
        if self.begun == 0 {
            return self.hints.currency;
        }
        let before = self.before.as_ref()?.account.as_ref()?;
        let same = self.header.account.as_ref()?.resolve(before.currency).number == before.number;
        same.then_some(before.currency)
    }

    fn close(&mut self, queue: &mut VecDeque<Event>) {
        tell(&mut self.findings, queue);
        if let Some(current) = self.current.take() {
            self.before = Some(current.close(queue));
        }
    }

    fn finish_entry(&mut self, queue: &mut VecDeque<Event>) {
        self.refused = false;
        if self.pending.is_none() {
            return;
        }
        tell(&mut self.findings, queue);
        let (Some(pending), Some(current)) = (self.pending.take(), &mut self.current) else {
            return;
        };
        current.push(pending, &mut self.reader, queue);
    }

    fn end(&mut self, line: u64, queue: &mut VecDeque<Event>) {
        // Nothing follows the last entry, and no balance says that it is all there: it may be half of one.
        let unclosed = |current: &Current| !current.provisional() && current.opening.is_some();
        let open = self.stage == Stage::Body && self.current.as_ref().is_some_and(unclosed);
        if let Some(pending) = self.pending.take_if(|pending| open || !pending.terminated) {
            self.find(
                Code::MtEntryCut,
                Place::line(pending.line()),
                &pending.amount().decimal(),
                &[],
            );
        }
        self.finish_entry(queue);
        self.look_at_header(queue);
        if let Some(place) = self.announced {
            self.find(Code::MtNoStatement, place, "", &[]);
        }
        self.close(queue);
        if self.begun == 0 {
            self.tell_of_nothing(line, queue);
        }
    }

    fn tell_of_nothing(&mut self, line: u64, queue: &mut VecDeque<Event>) {
        self.find(Code::MtEmpty, Place::line(line.max(1)), "", &[]);
        tell(&mut self.findings, queue);
        let statement = Statement::of(None, Content::Statement);
        queue.push_back(Event::Statement {
            index: 0,
            statement: statement.clone(),
        });
        queue.push_back(Event::End {
            statement: 0,
            declared: statement,
            proof: Proof::Silent,
            days: Vec::new(),
        });
    }

    fn find(&mut self, code: Code, place: Place, excerpt: &str, details: &[Text]) {
        self.findings.push(Diagnostic::new(code, place, excerpt, details));
    }
}
