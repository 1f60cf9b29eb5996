//! Elements and their texts to statements and entries.

mod leaf;

use std::collections::VecDeque;

use chrono::NaiveDate;
use domain::Text;

use crate::{
    diagnostic::{Code, Diagnostic, Place},
    reading::{Event, nothing},
};

use super::{
    chain::Chain,
    draft::EntryDraft,
    element::Node,
    entry::{self, Around},
    open_elements::{Closes, OpenElements},
    report::{Report, told},
};

/// Bytes of one text. More is no text of a statement.
pub const TEXT_BYTES_MAX: usize = 256 * 1024;
/// Longer names of elements are cut: the longest of a message has 20 letters.
const NAME_BYTES_MAX: usize = 256;
/// What was noticed is held back until its entry is told of, but not more of it than so.
const FINDINGS_HELD: usize = 64;
/// Versions of the messages that were published when this was written.
const VERSIONS: std::ops::RangeInclusive<u32> = 2..=13;

/// Whose name, account and bank are being read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Side {
    Own,
    Debtor,
    Creditor,
}

pub(super) struct Interpreter {
    open: OpenElements,
    text: String,
    /// The last mark was a start tag: what comes is the text of a leaf.
    leaf: bool,
    /// Of the leaf.
    currency: String,
    side: Side,
    ultimate: bool,
    report: Option<Report>,
    chain: Chain,
    entry: EntryDraft,
    in_entry: bool,
    in_payment: bool,
    /// Where the path of what is kept as it is written starts.
    kept_from: usize,
    header_day: Option<NaiveDate>,
    /// A declaration stood there, and no document after it yet.
    announced: bool,
    /// Statements begun.
    index: usize,
    own: Option<String>,
    version_told: bool,
    doctype_told: bool,
    findings: Vec<Diagnostic>,
}

impl Interpreter {
    /// `own`: the account, for statements that name none.
    pub(super) fn new(own: Option<String>) -> Self {
        Self {
            open: OpenElements::default(),
            text: String::new(),
            leaf: false,
            currency: String::new(),
            side: Side::Own,
            ultimate: false,
            report: None,
            chain: Chain::default(),
            entry: EntryDraft::default(),
            in_entry: false,
            in_payment: false,
            kept_from: 0,
            header_day: None,
            announced: false,
            index: 0,
            own,
            version_told: false,
            doctype_told: false,
            findings: Vec::new(),
        }
    }

    pub(super) fn depth(&self) -> usize {
        self.open.depth()
    }

    /// Whether the innermost element is of those whose `Ccy` says what its sum is in.
    fn is_sum(node: Node) -> bool {
        matches!(
            node,
            Node::EntryAmount
                | Node::TransactionAmount
                | Node::PaidAmount
                | Node::InstructedAmount
                | Node::ChargeAmount
                | Node::BalanceAmount
        )
    }

    /// `name` without its prefix; `place` is asked for only where it matters. Gives what the element is.
    pub(super) fn start(&mut self, name: &str, place: impl Fn() -> Place, queue: &mut VecDeque<Event>) -> Node {
        self.announced = false;
        let name = cut_name(name);
        let mut node = self.open.innermost().child(name.as_bytes());
        if node == Node::Other && self.in_entry && name == "Ntry" {
            self.leave_entry(place(), queue);
            node = self.open.innermost().child(name.as_bytes());
        }
        self.open.push(node, name);
        self.leaf = true;
        self.text.clear();
        match node {
            Node::Other => {}
            Node::Entry => {
                self.entry.clear(place());
                (self.in_entry, self.in_payment) = (true, false);
                self.kept_from = self.open.here() + name.len() + 1;
            }
            Node::Transaction => {
                self.entry.begin_payment(place());
                self.in_payment = true;
                self.kept_from = self.open.here();
            }
            Node::Report(kind) => {
                self.conclude(queue);
                self.report = Some(Report::new(kind, place()));
            }
            Node::Balance => {
                if let Some(report) = &mut self.report {
                    report.balance.place = place();
                }
            }
            Node::OwnAccount => (self.side, self.ultimate) = (Side::Own, false),
            Node::Debtor | Node::DebtorAccount | Node::DebtorAgent => {
                (self.side, self.ultimate) = (Side::Debtor, false);
            }
            Node::Creditor | Node::CreditorAccount | Node::CreditorAgent => {
                (self.side, self.ultimate) = (Side::Creditor, false);
            }
            Node::UltimateDebtor => (self.side, self.ultimate) = (Side::Debtor, true),
            Node::UltimateCreditor => (self.side, self.ultimate) = (Side::Creditor, true),
            Node::Return => {
                if let Some(payment) = self.entry.payment() {
                    payment.returned = true;
                }
            }
            node if Self::is_sum(node) => self.currency.clear(),
            _ => {}
        }
        node
    }

    /// Attributes of the element just started.
    pub(super) fn attribute(&mut self, node: Node, name: &str, value: &str, place: impl Fn() -> Place) {
        if Self::is_sum(node) && name == "Ccy" {
            self.currency.push_str(value);
        }
        if matches!(node, Node::Outside | Node::Message) && !self.version_told {
            let message = ["camt.052.001.", "camt.053.001.", "camt.054.001."]
                .into_iter()
                .find_map(|message| value.split_once(message).map(|(_, version)| (message, version)));
            if let Some((message, version)) = message {
                let known = version.get(..2).and_then(|version| version.parse().ok());
                if !known.is_some_and(|version| VERSIONS.contains(&version)) {
                    self.version_told = true;
                    let excerpt = format!("{message}{}", version.get(..2).unwrap_or(version));
                    self.findings
                        .push(Diagnostic::new(Code::CamtVersion, place(), &excerpt, &[]));
                }
            }
        }
    }

    /// Text of the innermost element, or a piece of it.
    pub(super) fn text(&mut self, text: &str, place: impl Fn() -> Place) {
        if !self.leaf || self.report.is_none() && self.open.innermost() == Node::Outside {
            return;
        }
        if self.text.len() + text.len() > TEXT_BYTES_MAX {
            let limit = Text::same(TEXT_BYTES_MAX.to_string());
            self.damage(Code::CamtTooLarge, place(), "", &[limit]);
            self.text.clear();
            self.leaf = false;
            return;
        }
        self.text.push_str(text);
    }

    pub(super) fn end(&mut self, name: &str, place: impl Fn() -> Place, queue: &mut VecDeque<Event>) {
        let name = cut_name(name);
        match self.open.closes(name) {
            Closes::Innermost => {
                if std::mem::replace(&mut self.leaf, false) {
                    self.end_leaf(&place);
                }
            }
            Closes::Outer(inner) => {
                self.leaf = false;
                self.damage(Code::CamtMarkup, place(), &format!("</{name}>"), &[]);
                for _ in 0..inner {
                    self.close(queue);
                }
            }
            Closes::Nothing => {
                self.leaf = false;
                self.damage(Code::CamtMarkup, place(), &format!("</{name}>"), &[]);
                return;
            }
        }
        self.close(queue);
        if self.open.depth() == 0 || self.findings.len() > FINDINGS_HELD {
            self.flush(queue);
        }
    }

    /// Something is broken here: what it stands in cannot be trusted.
    pub(super) fn damage(&mut self, code: Code, place: Place, excerpt: &str, details: &[Text]) {
        if self.in_entry {
            if std::mem::replace(&mut self.entry.damaged, true) {
                return;
            }
        } else if self.open.is_within(Node::Balance)
            && let Some(report) = &mut self.report
        {
            report.balance.damaged = true;
        }
        self.findings.push(Diagnostic::new(code, place, excerpt, details));
    }

    pub(super) fn note(&mut self, code: Code, place: Place, excerpt: &str, details: &[Text]) {
        self.findings.push(Diagnostic::new(code, place, excerpt, details));
    }

    /// Told once: nothing that it defines is used.
    pub(super) fn doctype(&mut self, place: impl Fn() -> Place) {
        if !std::mem::replace(&mut self.doctype_told, true) {
            self.note(Code::CamtDoctype, place(), "<!DOCTYPE", &[]);
        }
    }

    /// A new entry starts inside of one that was never closed.
    fn leave_entry(&mut self, place: Place, queue: &mut VecDeque<Event>) {
        self.damage(Code::CamtMarkup, place, "<Ntry>", &[]);
        while self.in_entry && self.open.depth() > 0 {
            self.close(queue);
        }
    }

    /// `<?xml …?>`: a document follows.
    pub(super) fn declaration(&mut self) {
        self.announced = true;
    }

    /// The file is over. `cut`: it breaks off; so it does where one more document was announced.
    pub(super) fn finish(&mut self, cut: bool, place: Place, queue: &mut VecDeque<Event>) {
        if cut || (self.announced && self.index > 0) {
            let at = if self.in_entry { self.entry.place } else { place };
            self.findings.push(Diagnostic::new(Code::CamtCut, at, "", &[]));
        }
        if let Some(report) = self.report.as_mut().filter(|_| cut && !self.in_entry) {
            report.break_off();
        }
        self.in_entry = false;
        self.conclude(queue);
        self.flush(queue);
        if self.index == 0 {
            queue.push_back(told(Code::CamtNoStatement, Place::WHOLE_FILE, &[]));
            queue.extend(nothing());
        }
    }

    /// What was noticed and is not yet told.
    pub(super) fn flush(&mut self, queue: &mut VecDeque<Event>) {
        queue.extend(self.findings.drain(..).map(Event::Diagnostic));
    }

    fn close(&mut self, queue: &mut VecDeque<Event>) {
        let Some(node) = self.open.pop() else {
            return;
        };
        match node {
            Node::Entry => {
                self.in_entry = false;
                self.end_entry(queue);
            }
            Node::Transaction => {
                self.in_payment = false;
                self.kept_from = 0;
            }
            Node::Balance => {
                if let Some(report) = &mut self.report {
                    report.end_balance(&mut self.findings);
                }
            }
            Node::Report(_) => self.conclude(queue),
            Node::Charges | Node::ChargeRecord => {
                if self.in_payment {
                    self.entry
                        .payment()
                        .into_iter()
                        .for_each(super::draft::Payment::end_charge);
                } else {
                    self.entry.end_charge();
                }
            }
            Node::PartyOther | Node::Clearing => self.end_of_side(node),
            _ => {}
        }
    }

    fn end_of_side(&mut self, node: Node) {
        if self.in_payment {
            let side = self.side;
            if let Some(payment) = self.entry.payment() {
                match side {
                    Side::Own => {}
                    Side::Debtor => payment.debtor.end(node),
                    Side::Creditor => payment.creditor.end(node),
                }
            }
        } else if let Some(report) = &mut self.report
            && node == Node::Clearing
        {
            report.bank.end_clearing();
        }
    }

    fn end_entry(&mut self, queue: &mut VecDeque<Event>) {
        let Some(report) = &mut self.report else {
            return;
        };
        report.begin(
            self.index,
            self.own.as_deref(),
            self.entry.amount.known().map(|it| it.currency()),
            queue,
        );
        let around = Around {
            kind: report.kind,
            own_account: &report.number,
            currency: report.account_currency(),
            day: if self.entry.has_day() {
                None
            } else {
                report.day().or(self.header_day)
            },
        };
        let counts = matches!(self.entry.status.as_str(), "" | "BOOK");
        let taken = entry::entry(&mut self.entry, around, &mut self.findings);
        report.count(&self.entry, counts, taken.as_ref());
        queue.extend(self.findings.drain(..).map(Event::Diagnostic));
        if let Some(entry) = taken
            && let Some(statement) = report.add(&entry, counts)
        {
            queue.push_back(Event::Entry { statement, entry });
        }
    }

    fn conclude(&mut self, queue: &mut VecDeque<Event>) {
        let Some(mut report) = self.report.take() else {
            return;
        };
        report.begin(self.index, self.own.as_deref(), None, queue);
        self.index += 1;
        self.flush(queue);
        let place = report.place;
        report.conclude(queue);
        let broken = match queue.back() {
            Some(Event::End { declared, .. }) if !declared.provisional => self.chain.see(declared, place),
            _ => None,
        };
        // Before the end of the statement that it speaks of.
        if let Some(broken) = broken {
            queue.insert(queue.len() - 1, Event::Diagnostic(broken));
        }
    }
}

fn cut_name(name: &str) -> &str {
    if name.len() <= NAME_BYTES_MAX {
        return name;
    }
    &name[..name.floor_char_boundary(NAME_BYTES_MAX)]
}
