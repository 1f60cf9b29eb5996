//! Why an account does not do what it is asked, in one table: the cause by the status and code of an answer, the state
//! that Health shows, and the sentence that says what to do. The CRM's own words are only quoted.

use domain::Text;

use super::{AmocrmError, error::FIELD_NAME};
use crate::{
    call::CallError,
    http::is_certificate,
    interface::{Health, Part, Trouble},
};

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Cause {
    NoNetwork,
    Certificate,
    Silent,
    Failing,
    Busy,
    TokenRefused,
    TokenExpired,
    PairSpent,
    RenewalLost,
    Unpaid,
    NoRight,
    Moved,
    Refused,
    NotAnAccount,
    OutOfOrder,
    NoAccount,
    NoInvoices,
    FieldNotMade,
}

/// One row of the table.
#[derive(Debug, Clone, Copy)]
pub struct Row {
    pub cause: Cause,
    pub part: Part,
    pub health: Health,
    pub ru: &'static str,
    pub en: &'static str,
}

const fn row(cause: Cause, part: Part, health: Health, ru: &'static str, en: &'static str) -> Row {
    Row {
        cause,
        part,
        health,
        ru,
        en,
    }
}

pub const TABLE: [Row; 18] = [
    row(
        Cause::NoNetwork,
        Part::Address,
        Health::Offline,
        "Нет связи с amoCRM. Проверьте интернет и адрес аккаунта; программа повторит сама.",
        "amoCRM was not reached. Check the network and the account's address; it is tried again.",
    ),
    row(
        Cause::Certificate,
        Part::Address,
        Health::Failing,
        "Сертификату сервера нельзя верить: адрес аккаунта не тот, дата на этом компьютере неверна или трафик читает \
         прокси. Проверьте адрес и дату, корневой сертификат прокси установит администратор.",
        "The server's certificate cannot be trusted: the account's address is another one, this computer's date is \
         wrong, or a proxy reads the traffic. Check address and date; an administrator installs the proxy's root \
         certificate.",
    ),
    row(
        Cause::Silent,
        Part::Address,
        Health::Offline,
        "amoCRM не ответила как следует. Программа сверится с ней и повторит; если так всё время, проверьте адрес: \
         возможно, по нему не amoCRM.",
        "amoCRM gave no usable answer. It is looked at before trying again; if it stays, check the address: perhaps \
         something else is there.",
    ),
    row(
        Cause::Failing,
        Part::Address,
        Health::Failing,
        "amoCRM ответила ошибкой на своей стороне. Программа сверится с ней и повторит.",
        "amoCRM itself failed. It is looked at before trying again.",
    ),
    row(
        Cause::Busy,
        Part::Address,
        Health::Failing,
        "amoCRM просит подождать: слишком много запросов от всех программ этого аккаунта. Программа повторит сама.",
        "amoCRM asks to wait: too many requests from all programs of this account. It is tried again.",
    ),
    row(
        Cause::TokenRefused,
        Part::Key,
        Health::Unauthorised,
        "amoCRM не принимает токен: он отозван, скопирован не целиком или от другого аккаунта. Создайте новый \
         долгосрочный токен и подключите amoCRM заново.",
        "amoCRM does not accept the token: it was revoked, not copied whole, or is of another account. Make a new \
         long-lived token and connect again.",
    ),
    row(
        Cause::TokenExpired,
        Part::Key,
        Health::Unauthorised,
        "Срок долгосрочного токена amoCRM истёк. Создайте новый на тот срок, который вам удобен, и подключите amoCRM \
         заново.",
        "The long-lived token of amoCRM has expired. Make a new one for as long as you like, and connect again.",
    ),
    row(
        Cause::PairSpent,
        Part::Key,
        Health::Unauthorised,
        "Ключи интеграции amoCRM больше не действуют: её отключили, или она не работала три месяца. Возьмите новый код \
         авторизации и подключите amoCRM заново.",
        "The integration's keys work no longer: it was switched off, or it was not used for three months. Take a new \
         authorisation code and connect again.",
    ),
    row(
        Cause::RenewalLost,
        Part::Key,
        Health::Unauthorised,
        "Продление токена amoCRM оборвалось, а повторить его нельзя. Возьмите новый код авторизации и подключите amoCRM \
         заново.",
        "A renewal of the token was cut off, and it cannot be repeated. Take a new authorisation code and connect again.",
    ),
    row(
        Cause::Unpaid,
        Part::Address,
        Health::Unauthorised,
        "Аккаунт amoCRM закрыт: он не оплачен. Оплатите аккаунт; очередь сохранена.",
        "The account is closed: it is not paid for. Pay for it; the queue is kept.",
    ),
    row(
        Cause::NoRight,
        Part::Rights,
        Health::Unauthorised,
        "amoCRM не пускает: у токена нет прав на списки, или ваш адрес заблокирован за частые запросы. Подключите токеном \
         администратора с доступом к спискам; о блокировке напишите в поддержку amoCRM.",
        "amoCRM does not let in: the token has no right to lists, or your address is blocked for too many requests. \
         Connect with an administrator's token with access to lists; about a block ask the support of amoCRM.",
    ),
    row(
        Cause::Moved,
        Part::Address,
        Health::Unauthorised,
        "Аккаунт amoCRM переехал. Подключите его по новому адресу.",
        "The account has moved. Connect it at the new address.",
    ),
    row(
        Cause::Refused,
        Part::Rights,
        Health::Failing,
        "amoCRM отказала. Причина названа ниже; исправьте её в amoCRM и повторите.",
        "amoCRM refused. The reason stands below; correct it in the CRM and try again.",
    ),
    row(
        Cause::NotAnAccount,
        Part::Address,
        Health::Failing,
        "По этому адресу отвечает не amoCRM или ответ не такой, как описан. Проверьте адрес аккаунта.",
        "Something other than amoCRM answers at this address, or otherwise than documented. Check the account's address.",
    ),
    row(
        Cause::OutOfOrder,
        Part::Address,
        Health::Failing,
        "amoCRM отдаёт список по кругу, прочитать его целиком нельзя. Повторите позже.",
        "amoCRM lists in circles, the list cannot be read whole. Try later.",
    ),
    row(
        Cause::NoAccount,
        Part::Address,
        Health::Unauthorised,
        "По этому адресу аккаунта amoCRM нет. Скопируйте адрес из браузера, когда открыта ваша amoCRM.",
        "There is no account at this address. Copy it from the browser where your account is open.",
    ),
    row(
        Cause::NoInvoices,
        Part::Stages,
        Health::Unauthorised,
        "В amoCRM нет списка «Счета». Включите его: Списки → Счета/покупки (нужен администратор и платный тариф), и \
         подключите снова.",
        "The account has no list of invoices. Switch it on: Lists → Invoices/purchases (by an administrator, on a paid \
         plan), and connect again.",
    ),
    row(
        Cause::FieldNotMade,
        Part::Field,
        Health::Unauthorised,
        "Не удалось создать в списке счетов amoCRM поле для кода платежа. Подключите токеном администратора или создайте \
         поле вручную: текстовая область.",
        "The field for the payment's code could not be made in the list of invoices. Connect with an administrator's \
         token, or make the field by hand: a text area.",
    ),
];

impl Cause {
    #[must_use]
    pub fn of(error: &AmocrmError) -> Self {
        match error {
            AmocrmError::Call { error, .. } => Self::of_call(error),
            AmocrmError::Shape { .. } => Self::NotAnAccount,
            AmocrmError::Endless { .. } => Self::OutOfOrder,
            AmocrmError::NoAccount => Self::NoAccount,
            AmocrmError::NoInvoices => Self::NoInvoices,
            AmocrmError::FieldNotMade { .. } => Self::FieldNotMade,
        }
    }

    #[must_use]
    pub fn of_call(error: &CallError) -> Self {
        match error {
            CallError::NotSent { detail } if is_certificate(detail) => Self::Certificate,
            CallError::NotSent { .. } => Self::NoNetwork,
            CallError::NoAnswer { .. } => Self::Silent,
            CallError::ServerFailed { .. } => Self::Failing,
            CallError::Limited { .. } => Self::Busy,
            CallError::Moved { .. } => Self::Moved,
            CallError::Refused { .. } => Self::Refused,
            CallError::Unauthorised { code, .. } => match code.as_str() {
                "402" => Self::Unpaid,
                "403" => Self::NoRight,
                EXPIRED => Self::TokenExpired,
                SPENT => Self::PairSpent,
                LOST => Self::RenewalLost,
                NO_ACCOUNT => Self::NoAccount,
                NO_INVOICES => Self::NoInvoices,
                _ => Self::TokenRefused,
            },
        }
    }

    #[must_use]
    pub fn row(self) -> &'static Row {
        // A test walks the table: every cause has its row.
        TABLE.iter().find(|row| row.cause == self).unwrap_or(&TABLE[0])
    }
}

/// Codes of our own, where the answer has none that says it: the token itself tells that its time is over.
pub(super) const EXPIRED: &str = "expired";
/// The pair for a renewal is not taken any longer.
pub(super) const SPENT: &str = "spent";
/// A renewal was begun, and nobody knows how it ended.
pub(super) const LOST: &str = "renewal";
/// Whatever is asked for is not there, and the lists it would stand in are not either.
pub(super) const NO_ACCOUNT: &str = "404";
/// The account has no list of invoices.
pub(super) const NO_INVOICES: &str = "invoices";

/// Why the CRM lets nothing through and what to do, where a call failed of that and not of what it asked; with the CRM's own
/// words where it said any.
pub(super) fn shut(error: &CallError) -> Option<Text> {
    let cause = Cause::of_call(error);
    let row = cause.row();
    if row.health != Health::Unauthorised {
        return None;
    }
    if matches!(cause, Cause::NoAccount | Cause::NoInvoices) {
        return Some(Text::new(row.ru, row.en));
    }
    let fact = error.fact();
    Some(Text::new(
        format!("{} Ответ amoCRM: {}.", row.ru, fact.ru),
        format!("{} The answer of amoCRM: {}.", row.en, fact.en),
    ))
}

impl From<AmocrmError> for Trouble {
    fn from(error: AmocrmError) -> Self {
        let row = Cause::of(&error).row();
        let told = match &error {
            AmocrmError::Call { call, error } => {
                let fact = error.fact();
                Text::new(
                    format!(" Ответ amoCRM: {} [{call}].", fact.ru),
                    format!(" The answer of amoCRM: {} [{call}].", fact.en),
                )
            }
            AmocrmError::Shape { call, what } => Text::new(
                format!(" В ответе нет «{what}» [{call}]."),
                format!(" The answer holds no «{what}» [{call}]."),
            ),
            AmocrmError::Endless { call } => Text::same(format!(" [{call}]")),
            AmocrmError::NoAccount | AmocrmError::NoInvoices => Text::same(""),
            AmocrmError::FieldNotMade { reason } => Text::new(
                format!(" Поле «{FIELD_NAME}»: {}.", reason.ru),
                format!(" Field «{FIELD_NAME}»: {}.", reason.en),
            ),
        };
        Self {
            part: row.part,
            health: row.health,
            says: Text::new(format!("{}{}", row.ru, told.ru), format!("{}{}", row.en, told.en)),
        }
    }
}
