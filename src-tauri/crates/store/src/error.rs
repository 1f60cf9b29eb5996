//! What can go wrong with a ledger, and what to do about it.

use std::path::{Path, PathBuf};

use chrono::NaiveDate;
use domain::{DecisionId, EntryId, InvoiceId, MessageId, Money, OrderId, Text};
use rusqlite::ErrorCode;

use crate::{MessageState, OrderState};

/// The code of [`StoreError::AlreadyExists`], which is no failure to whoever would open the ledger next.
pub const ALREADY_EXISTS: &str = "ledger/exists";

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum StoreError {
    // The place.
    #[error("{} holds a ledger already", folder.display())]
    AlreadyExists { folder: PathBuf },
    #[error("there is no ledger in {}", folder.display())]
    NoLedger { folder: PathBuf },
    #[error("the file in {} is not a ledger of this program", folder.display())]
    NotALedger { folder: PathBuf },
    #[error("the ledger in {} was written by a newer version of the program ({found}, this one knows {known})", folder.display())]
    Newer { folder: PathBuf, found: i64, known: i64 },
    #[error("{} cannot be written to", folder.display())]
    ReadOnly { folder: PathBuf },
    #[error("{} cannot be reached: {detail}", folder.display())]
    Unreachable { folder: PathBuf, detail: String },
    #[error("{} is a file, and the ledger needs a folder", place.display())]
    NotAFolder { place: PathBuf },
    #[error("the ledger in {} is busy: another process is writing to it", folder.display())]
    Busy { folder: PathBuf },
    #[error("the disk with {} is full", folder.display())]
    DiskFull { folder: PathBuf },
    #[error("the ledger is damaged: {what}")]
    Corrupt { what: String },
    #[error("the database refused: {detail}")]
    Database { detail: String },

    // What was asked for.
    #[error("there is no {what} «{id}»")]
    NotFound { what: &'static str, id: String },
    #[error("the {what} «{id}» exists already")]
    Exists { what: &'static str, id: String },
    #[error("question {id} cannot be booked: its direction or its sum is missing")]
    CannotBeBooked { id: u64 },
    #[error("the import was broken off by an earlier error and is rolled back")]
    ImportBroken,

    // Decisions.
    #[error("entry {entry} is decided already ({decision})")]
    EntryAlreadyDecided { entry: EntryId, decision: DecisionId },
    #[error("entry {entry} is not an incoming payment")]
    NotACredit { entry: EntryId },
    #[error("an allocation to invoice {invoice} must be a positive sum, once an invoice")]
    InvalidAllocation { invoice: InvoiceId },
    #[error("a decision that says «no customer's payment» pays no invoice")]
    AllocationsNotExpected,
    #[error("invoice {invoice} has only {open} open")]
    OverAllocated { invoice: InvoiceId, open: Money },
    #[error("the allocations come to more than entry {entry} brought ({amount})")]
    EntryExceeded { entry: EntryId, amount: Money },
    #[error("invoice {invoice} is in another currency than the payment")]
    CurrencyMismatch { invoice: InvoiceId },
    #[error("invoice {invoice} is cancelled")]
    InvoiceCancelled { invoice: InvoiceId },
    #[error("decision {decision} is undone already")]
    AlreadyReversed { decision: DecisionId },
    #[error("the balances of account {account} do not add up from {from} on: nothing is decided automatically")]
    AccountBlocked { account: String, from: NaiveDate },
    #[error(
        "entry {entry} cannot take {of} back: not the other way, another currency, an earlier day, more than is left of it, or the debit of a payment order"
    )]
    NotARefund { entry: EntryId, of: EntryId },
    #[error("invoice {invoice} was not given so much of what goes back")]
    NotGiven { invoice: InvoiceId },
    #[error("refund {refund} takes from decision {decision}: it has to be undone first")]
    RefundStands { decision: DecisionId, refund: DecisionId },
    #[error("the sums do not fit into a number")]
    SumTooLarge,

    // Outbox.
    #[error("message {message} is {}: that cannot be done to it", state.as_str())]
    MessageState { message: MessageId, state: MessageState },

    // Orders.
    #[error("payment order {order} is {}: it cannot become {attempted}", state.as_str())]
    OrderState {
        order: OrderId,
        state: OrderState,
        attempted: &'static str,
    },
    #[error("payment order {order} has defects")]
    OrderDefective { order: OrderId },
    #[error("payment order {order} is not what was approved")]
    OrderContentChanged { order: OrderId },
    #[error("the author of payment order {order} cannot be its second person")]
    AuthorApproves { order: OrderId },
    #[error("only the author of payment order {order} approves it alone")]
    NotTheAuthor { order: OrderId },
    #[error("entry {entry} is not a debit that executes payment order {order}")]
    NotItsDebit { order: OrderId, entry: EntryId },
    #[error("entry {entry} executes another payment order already ({order})")]
    EntryClaimed { entry: EntryId, order: OrderId },
}

impl StoreError {
    /// A short name for programs.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::AlreadyExists { .. } => ALREADY_EXISTS,
            Self::NoLedger { .. } => "ledger/none",
            Self::NotALedger { .. } => "ledger/not-a-ledger",
            Self::Newer { .. } => "ledger/newer",
            Self::ReadOnly { .. } => "ledger/read-only",
            Self::Unreachable { .. } => "ledger/unreachable",
            Self::NotAFolder { .. } => "ledger/not-a-folder",
            Self::Busy { .. } => "ledger/busy",
            Self::DiskFull { .. } => "ledger/disk-full",
            Self::Corrupt { .. } => "ledger/corrupt",
            Self::Database { .. } => "ledger/database",
            Self::NotFound { .. } => "ledger/not-found",
            Self::Exists { .. } => "ledger/already-there",
            Self::CannotBeBooked { .. } => "import/cannot-be-booked",
            Self::ImportBroken => "import/broken",
            Self::EntryAlreadyDecided { .. } => "decision/already-decided",
            Self::NotACredit { .. } => "decision/not-a-credit",
            Self::InvalidAllocation { .. } => "decision/allocation",
            Self::AllocationsNotExpected => "decision/allocations-not-expected",
            Self::OverAllocated { .. } => "decision/over-allocated",
            Self::EntryExceeded { .. } => "decision/entry-exceeded",
            Self::CurrencyMismatch { .. } => "decision/currency",
            Self::InvoiceCancelled { .. } => "decision/invoice-cancelled",
            Self::AlreadyReversed { .. } => "decision/already-undone",
            Self::AccountBlocked { .. } => "decision/account-blocked",
            Self::NotARefund { .. } => "decision/not-a-refund",
            Self::NotGiven { .. } => "decision/not-given",
            Self::RefundStands { .. } => "decision/refund-stands",
            Self::SumTooLarge => "ledger/sum",
            Self::MessageState { .. } => "outbox/state",
            Self::OrderState { .. } => "order/state",
            Self::OrderDefective { .. } => "order/defects",
            Self::OrderContentChanged { .. } => "order/content-changed",
            Self::AuthorApproves { .. } => "order/author-approves",
            Self::NotTheAuthor { .. } => "order/not-the-author",
            Self::NotItsDebit { .. } => "order/not-its-debit",
            Self::EntryClaimed { .. } => "order/entry-claimed",
        }
    }

    /// What happened, for a person.
    #[must_use]
    pub fn text(&self) -> Text {
        let ru = match self {
            Self::AlreadyExists { folder } => format!("в папке {} уже есть учёт", folder.display()),
            Self::NoLedger { folder } => format!("в папке {} нет учёта Сверки", folder.display()),
            Self::NotALedger { folder } => format!("файл в папке {} не является учётом Сверки", folder.display()),
            Self::Newer { folder, .. } => {
                format!("учёт в папке {} записан более новой версией Сверки", folder.display())
            }
            Self::ReadOnly { folder } => format!("в папку {} нельзя писать", folder.display()),
            Self::Unreachable { folder, detail } => format!("папка {} недоступна: {detail}", folder.display()),
            Self::NotAFolder { place } => format!("{} — это файл, а для учёта нужна папка", place.display()),
            Self::Busy { folder } => format!("учёт в папке {} занят другой программой", folder.display()),
            Self::DiskFull { folder } => format!("на диске с папкой {} закончилось место", folder.display()),
            Self::Corrupt { what } => format!("файл учёта повреждён: {what}"),
            Self::Database { detail } => format!("база данных отказала: {detail}"),
            Self::NotFound { what, id } => format!("не найдено: {} «{id}»", ru_name(what)),
            Self::Exists { what, id } => format!("уже есть: {} «{id}»", ru_name(what)),
            Self::CannotBeBooked { .. } => "операцию нельзя учесть: не известно направление или сумма".to_owned(),
            Self::ImportBroken => "загрузка файла прервана из-за ошибки и отменена целиком".to_owned(),
            Self::EntryAlreadyDecided { .. } => "по этому поступлению решение уже принято".to_owned(),
            Self::NotACredit { .. } => "эта операция не является поступлением".to_owned(),
            Self::InvalidAllocation { invoice } => {
                format!("сумма на счёт {invoice} должна быть больше нуля, и каждый счёт указывается один раз")
            }
            Self::AllocationsNotExpected => "решение «не от покупателя» не оплачивает счетов".to_owned(),
            Self::OverAllocated { invoice, open } => format!("по счёту {invoice} осталось оплатить только {open}"),
            Self::EntryExceeded { amount, .. } => format!("распределено больше, чем поступило ({amount})"),
            Self::CurrencyMismatch { invoice } => format!("счёт {invoice} в другой валюте, чем поступление"),
            Self::InvoiceCancelled { invoice } => format!("счёт {invoice} отменён"),
            Self::AlreadyReversed { .. } => "это решение уже отменено".to_owned(),
            Self::AccountBlocked { account, from } => format!(
                "остатки по счёту {account} не сходятся с {}: автоматических решений по нему нет",
                from.format("%d.%m.%Y")
            ),
            Self::NotARefund { .. } => "эта операция не может быть возвратом того платежа".to_owned(),
            Self::NotGiven { invoice } => {
                format!("на счёт {invoice} из этого платежа отнесено меньше, чем возвращается")
            }
            Self::RefundStands { .. } => "по этому платежу проведён возврат".to_owned(),
            Self::SumTooLarge => "сумма слишком велика".to_owned(),
            Self::MessageState { state, .. } => {
                format!("сообщение для CRM: «{}», так с ним поступить нельзя", state.ru())
            }
            Self::OrderState { state, .. } => format!("платёжка: «{}», этот шаг сейчас невозможен", state.ru()),
            Self::OrderDefective { .. } => "в платёжке есть ошибки".to_owned(),
            Self::OrderContentChanged { .. } => "платёжка изменена после утверждения".to_owned(),
            Self::AuthorApproves { .. } => "автор платёжки не может утвердить её сам".to_owned(),
            Self::NotTheAuthor { .. } => "единолично платёжку утверждает только её автор".to_owned(),
            Self::NotItsDebit { .. } => "эта операция не является списанием по платёжке".to_owned(),
            Self::EntryClaimed { order, .. } => format!("это списание уже закрыло другую платёжку ({order})"),
        };
        Text::new(ru, self.to_string())
    }

    /// What to do about it.
    #[must_use]
    pub fn remedy(&self) -> Text {
        let (ru, en) = match self {
            Self::AlreadyExists { .. } => (
                "откройте его или выберите другую папку",
                "open it, or choose another folder",
            ),
            Self::NoLedger { .. } => (
                "создайте учёт (sverka init) или выберите другую папку",
                "make a ledger (sverka init), or choose another folder",
            ),
            Self::NotALedger { .. } => (
                "выберите другую папку или уберите из неё посторонний файл ledger.sqlite",
                "choose another folder, or take the foreign file ledger.sqlite out of it",
            ),
            Self::Newer { .. } => ("обновите Сверку на этом компьютере", "update Sverka on this computer"),
            Self::ReadOnly { .. } => (
                "разрешите запись в папку или выберите другую; диск может быть защищён от записи",
                "allow writing to the folder or choose another; the disk may be write-protected",
            ),
            Self::Unreachable { .. } => (
                "проверьте, что папка существует и диск подключён",
                "check that the folder exists and the disk is connected",
            ),
            Self::NotAFolder { .. } => (
                "назовите папку: переменная SVERKA_LEDGER, для команды ещё и --ledger",
                "name a folder: the variable SVERKA_LEDGER, for the command also --ledger",
            ),
            Self::Busy { .. } => (
                "подождите и повторите; закройте вторую программу, если она не отвечает",
                "wait and try again; close the other program if it does not respond",
            ),
            Self::DiskFull { .. } => ("освободите место и повторите", "free some space and try again"),
            Self::Corrupt { .. } => (
                "не продолжайте работу: восстановите учёт из резервной копии",
                "do not go on: restore the ledger from a backup",
            ),
            Self::Database { .. } | Self::ImportBroken => (
                "повторите; если не поможет, сохраните журнал и обратитесь за помощью",
                "try again; if it stays, keep the log and ask for help",
            ),
            Self::CannotBeBooked { .. } => (
                "укажите, приход это или расход; с неверной суммой запросите выписку в банке заново",
                "say whether money came or went; with a wrong sum ask the bank for the statement again",
            ),
            Self::NotFound { .. } => ("обновите список и повторите", "refresh the list and try again"),
            Self::Exists { .. } => ("выберите другое имя", "choose another name"),
            Self::EntryAlreadyDecided { .. } => (
                "отмените прежнее решение, если оно неверно",
                "undo the earlier decision if it is wrong",
            ),
            Self::NotACredit { .. } => ("выберите поступление", "choose an incoming payment"),
            Self::InvalidAllocation { .. }
            | Self::AllocationsNotExpected
            | Self::OverAllocated { .. }
            | Self::EntryExceeded { .. }
            | Self::SumTooLarge => ("исправьте суммы по счетам", "correct the sums by invoice"),
            Self::NotARefund { .. } => (
                "обновите список: платёж могли вернуть другой операцией, а списание — закрыть платёжку",
                "refresh the list: the payment may have gone back by another entry, or the debit closed an order",
            ),
            Self::NotGiven { .. } => (
                "обновите список и проверьте суммы по счетам",
                "refresh the list and check the sums by invoice",
            ),
            Self::RefundStands { .. } => ("сначала отмените возврат", "undo the refund first"),
            Self::CurrencyMismatch { .. } | Self::InvoiceCancelled { .. } => {
                ("выберите другой счёт", "choose another invoice")
            }
            Self::AlreadyReversed { .. } => (
                "обновите список: делать ничего не нужно",
                "refresh the list: nothing is to be done",
            ),
            Self::AccountBlocked { .. } => (
                "загрузите недостающую выписку или подтвердите, что расхождение вам известно",
                "import the missing statement, or confirm that the difference is known",
            ),
            Self::MessageState { .. } => ("обновите очередь и повторите", "refresh the outbox and try again"),
            Self::OrderState { .. } => (
                "обновите список платёжек; чтобы изменить отправленную, составьте новую",
                "refresh the orders; to change an exported one, make a new one",
            ),
            Self::OrderDefective { .. } => ("исправьте отмеченные поля", "correct the marked fields"),
            Self::OrderContentChanged { .. } => ("отправьте её на утверждение заново", "submit it for approval again"),
            Self::AuthorApproves { .. } => ("попросите второго человека", "ask a second person"),
            Self::NotTheAuthor { .. } => ("утвердите её как второй человек", "approve it as the second person"),
            Self::NotItsDebit { .. } | Self::EntryClaimed { .. } => {
                ("выберите другое списание", "choose another debit")
            }
        };
        Text::new(ru, en)
    }

    /// SQLite does not say where: whoever called it knows the folder.
    pub(crate) fn located(mut self, place: &Path) -> Self {
        match &mut self {
            Self::NotALedger { folder }
            | Self::ReadOnly { folder }
            | Self::Unreachable { folder, .. }
            | Self::Busy { folder }
            | Self::DiskFull { folder }
                if folder.as_os_str().is_empty() =>
            {
                *folder = place.to_owned();
            }
            _ => {}
        }
        self
    }

    pub(crate) fn from_io(error: &std::io::Error, place: &Path) -> Self {
        use std::io::ErrorKind;
        let folder = place.to_owned();
        match error.kind() {
            ErrorKind::PermissionDenied | ErrorKind::ReadOnlyFilesystem => Self::ReadOnly { folder },
            ErrorKind::StorageFull | ErrorKind::QuotaExceeded => Self::DiskFull { folder },
            ErrorKind::AlreadyExists | ErrorKind::NotADirectory => Self::NotAFolder { place: folder },
            _ => Self::Unreachable {
                folder,
                detail: error.to_string(),
            },
        }
    }
}

fn ru_name(what: &str) -> &str {
    match what {
        "entry" => "операция",
        "invoice" => "счёт",
        "decision" => "решение",
        "message" => "сообщение для CRM",
        "order" => "платёжка",
        "person" => "человек",
        "statement" => "выписка",
        "broken day" => "день с расхождением",
        "rule" => "правило",
        "fact" => "факт",
        "question" => "вопрос по операции",
        "drift" => "расхождение с CRM",
        "connection" => "подключение",
        "company" => "своя компания",
        other => other,
    }
}

impl From<rusqlite::Error> for StoreError {
    fn from(error: rusqlite::Error) -> Self {
        let folder = PathBuf::new();
        let detail = error.to_string();
        match error.sqlite_error_code() {
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => Self::Busy { folder },
            Some(ErrorCode::DiskFull) => Self::DiskFull { folder },
            Some(ErrorCode::ReadOnly | ErrorCode::PermissionDenied) => Self::ReadOnly { folder },
            Some(ErrorCode::NotADatabase) => Self::NotALedger { folder },
            Some(ErrorCode::DatabaseCorrupt) => Self::Corrupt { what: detail },
            Some(ErrorCode::CannotOpen | ErrorCode::SystemIoFailure) => Self::Unreachable { folder, detail },
            _ => Self::Database { detail },
        }
    }
}

impl From<domain::MoneyError> for StoreError {
    fn from(_: domain::MoneyError) -> Self {
        Self::SumTooLarge
    }
}
