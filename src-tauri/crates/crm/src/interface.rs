//! What every CRM is to the host: it is connected, asked for invoices and told of payments, whichever it is.

use std::pin::Pin;

use domain::{
    Drift, Invoice, InvoiceId, Message, MessageId, Outcome, PaymentStatus, Receipt, Text, Timestamp, Written,
};
use serde_json::Value;

use crate::mapping::Funnel;

/// A future that a host may spawn.
pub type Doing<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// Asked again before the last look: two clocks are never quite one, and a row gets its time before it can be seen.
pub const OVERLAP_MS: i64 = 5 * 60_000;

/// One connected CRM. Every call may be repeated any number of times, whatever became of the ones before.
pub trait Crm: Send + Sync {
    /// Looks at the CRM, makes the fields that are missing, and says what it has and lacks.
    ///
    /// # Errors
    /// The CRM cannot be asked, refuses the key, or lacks what nothing works without.
    fn connect(&self) -> Doing<'_, Result<Introduction, Trouble>>;

    /// The funnels whose stages payment statuses may be mapped to, as the CRM has them now.
    ///
    /// # Errors
    /// The CRM cannot be asked.
    fn funnels(&self) -> Doing<'_, Result<Vec<Funnel>, Trouble>>;

    /// What else this CRM can be told of a payment; `None`: nothing.
    ///
    /// # Errors
    /// The CRM cannot be asked.
    fn extras(&self) -> Doing<'_, Result<Option<Extras>, Trouble>> {
        Box::pin(async { Ok(None) })
    }

    /// Open invoices with their customers, and what became of those of `still_open` that are open no longer.
    ///
    /// # Errors
    /// The CRM could not be asked, or answers something else.
    fn pull<'a>(&'a self, still_open: &'a [InvoiceId]) -> Doing<'a, Result<Pull, Trouble>>;

    /// What changed since then by the CRM's clock, and a little before: invoices in whatever state they are now, and those
    /// of which the CRM itself tells that they are gone. Customers' cards, and deletions where the CRM does not tell of
    /// them, are found by a [`pull`](Crm::pull) only.
    ///
    /// # Errors
    /// The CRM could not be asked, or answers something else, or the list broke off anywhere.
    fn changes(&self, since: Timestamp) -> Doing<'_, Result<Changes, Trouble>>;

    /// What was told is stored: the CRM may forget it.
    ///
    /// # Errors
    /// The CRM could not be asked: it keeps it for a while, which does no harm.
    fn stored<'a>(&'a self, told: &'a Told) -> Doing<'a, Result<(), Trouble>> {
        let _ = told;
        Box::pin(std::future::ready(Ok(())))
    }

    /// Looks at what our writes left behind, and writes nothing. Each invoice that was seen is in the answer, with no drift
    /// where it is as we left it; one that the CRM still has and does not show us any more is not.
    ///
    /// # Errors
    /// The CRM could not be asked, or answers something else.
    fn drift<'a>(&'a self, written: &'a [Written]) -> Doing<'a, Result<Vec<Drifted>, Trouble>>;

    /// Which of these messages, delivered not long ago, stand in the CRM more than once in what people read there, and
    /// writes nothing.
    ///
    /// # Errors
    /// The CRM could not be asked, or answers something else.
    fn repeated<'a>(&'a self, delivered: &'a [(Message, Receipt)]) -> Doing<'a, Result<Vec<MessageId>, Trouble>>;

    /// Delivers one message: looks before it writes, writes once, reads back, and says how it ended.
    fn deliver<'a>(&'a self, message: &'a Message, earlier: &'a Earlier) -> Doing<'a, Outcome>;

    /// Delivers several messages and answers in their order; what they have to look at may share requests. Messages of
    /// one invoice keep the order they come in.
    fn deliver_together<'a>(&'a self, parcels: &'a [(Message, Earlier)]) -> Doing<'a, Vec<Outcome>> {
        Box::pin(async move {
            let mut outcomes = Vec::with_capacity(parcels.len());
            for (message, earlier) in parcels {
                outcomes.push(self.deliver(message, earlier).await);
            }
            outcomes
        })
    }

    /// How many messages [`Crm::deliver_together`] saves requests with; 1: none, so let each go by itself.
    fn together_max(&self) -> usize {
        1
    }

    /// How to give a new key where this one is not taken any longer: the end of a sentence.
    fn new_key(&self) -> Text;
}

/// The receipts of earlier messages that taking one back, following one, or taking away what came twice, may need; recording
/// a payment needs none.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Earlier {
    /// Of the message that settled the invoice (`settled_by`): which stage was ours, and what was there before. Of a status
    /// without money, of the first of those that followed each other (`began`).
    pub settling: Option<Receipt>,
    /// Of the message being taken back (`undoes`), followed (`follows`), or whose words came twice (`of`).
    pub undone: Option<Receipt>,
}

/// What a CRM can be told of a payment besides, where the user wants it. None of it is money.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Extras {
    /// Whoever answers for an invoice is notified.
    pub notifies: bool,
    /// Number and date of the payment order go into the invoice's payment.
    pub vouchers: bool,
    /// The act that is made of an invoice paid in full.
    pub act_template: Option<u64>,
    /// The templates to choose from, by number.
    pub templates: Vec<(u64, String)>,
    /// What the key lacks for some of it, and how to give it.
    pub lacking: Vec<Text>,
}

/// Why a payment is taken out of an invoice.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum TakenBack {
    /// It was another invoice's.
    Undone,
    /// We sent the money back.
    Refunded,
    /// The bank took the money back by itself.
    Recalled,
}

impl TakenBack {
    pub(crate) fn of(refund: bool, recalled: bool) -> Self {
        match (refund, recalled) {
            (false, _) => Self::Undone,
            (true, false) => Self::Refunded,
            (true, true) => Self::Recalled,
        }
    }

    /// How the invoice stands from then on, where `others` stay in it or none does.
    pub(crate) fn leaves(self, others: bool) -> PaymentStatus {
        match (self, others) {
            (Self::Undone, false) => PaymentStatus::Awaiting,
            (Self::Undone | Self::Recalled, true) => PaymentStatus::PartlyPaid,
            (Self::Refunded, false) => PaymentStatus::FullRefund,
            (Self::Refunded, true) => PaymentStatus::PartialRefund,
            (Self::Recalled, false) => PaymentStatus::Failed,
        }
    }

    /// The first line of what people read in the CRM; `partly` as the message says.
    pub(crate) fn title(self, partly: bool) -> &'static str {
        match (self, partly) {
            (Self::Undone, _) => "Отметка об оплате снята: платёж больше не относится к этому счёту",
            (Self::Refunded, false) => "Отметка об оплате снята: деньги возвращены покупателю",
            (Self::Refunded, true) => "Часть оплаты возвращена покупателю",
            (Self::Recalled, false) => "Отметка об оплате снята: банк отозвал платёж",
            (Self::Recalled, true) => "Банк отозвал часть оплаты",
        }
    }
}

/// What a CRM turned out to be when it was connected.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Introduction {
    /// What was looked at, a line each.
    pub checks: Vec<Check>,
    /// What the connection is to be made of again the next time; only the CRM's own module reads it.
    pub remember: Value,
    /// The CRM's clock, where it tells: to be compared with this machine's.
    pub server_time: Option<Timestamp>,
}

/// What a connection is made of, in the order in which it is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Part {
    /// The right server answers there, and may be trusted.
    Address,
    Key,
    Rights,
    Stages,
    /// The field that carries payment ids.
    Field,
    Clock,
}

impl Part {
    pub const ALL: [Self; 6] = [
        Self::Address,
        Self::Key,
        Self::Rights,
        Self::Stages,
        Self::Field,
        Self::Clock,
    ];
}

/// One thing that was looked at when connecting.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Check {
    pub part: Part,
    /// `false`: something is missing, and the sentence says how to give it.
    pub good: bool,
    pub says: Text,
}

impl Check {
    pub(crate) fn good(part: Part, ru: impl Into<String>, en: impl Into<String>) -> Self {
        Self {
            part,
            good: true,
            says: Text::new(ru, en),
        }
    }

    pub(crate) fn lacking(part: Part, ru: impl Into<String>, en: impl Into<String>) -> Self {
        Self {
            part,
            good: false,
            says: Text::new(ru, en),
        }
    }
}

/// What a pull brought.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pull {
    /// Open ones, and those of `still_open` that are open no longer, with their status.
    pub invoices: Vec<Invoice>,
    /// Those of `still_open` that the CRM no longer has: cancelled, and nothing more is known of them.
    pub deleted: Vec<InvoiceId>,
    /// `false`: the list broke off; what is missing from it may still be open.
    pub complete: bool,
    /// The CRM's clock when the pull began: what changed after it is asked for next. `None`: it does not tell its time.
    pub until: Option<Timestamp>,
    /// What was left out, for a person.
    pub skipped: Vec<Text>,
}

/// What changed since a moment.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Changes {
    /// In whatever stage they are now.
    pub invoices: Vec<Invoice>,
    /// Those that the CRM tells to be gone; silence says nothing.
    pub deleted: Vec<InvoiceId>,
    /// The CRM's clock when the look began: the `since` of the next one. `None`: it does not tell its time.
    pub until: Option<Timestamp>,
    /// What was left out, for a person.
    pub skipped: Vec<Text>,
    pub told: Told,
}

/// What a CRM told by itself and keeps until it hears that it is [stored](Crm::stored). A hint that comes early, and never
/// the only way to know.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Told {
    /// By which the CRM knows it again; only the CRM's own module reads it. `None`: it told nothing.
    pub(crate) receipt: Option<Value>,
    /// There may be more to hear at once.
    pub more: bool,
}

/// An invoice, and in what it is otherwise than our write left it; in nothing, as a rule.
pub type Drifted = (InvoiceId, Vec<Drift>);

/// How far a CRM is from answering: what Health shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Health {
    /// Not reached, or no usable answer: it passes by itself.
    Offline,
    /// The key is not taken, lacks a right, or the account is closed to it: a person must act.
    Unauthorised,
    /// It answers, and not with what was asked for.
    Failing,
}

/// Why a CRM could not be connected or asked, for a person and for the state that Health shows.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}", says.en)]
pub struct Trouble {
    /// Where it got to: everything before it is in order.
    pub part: Part,
    pub health: Health,
    /// What happened and, where the CRM's own module knows, what to do: whole sentences.
    pub says: Text,
}
