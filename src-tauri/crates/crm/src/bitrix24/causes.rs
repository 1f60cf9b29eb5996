//! Why a portal does not do what it is asked, in one table: the cause by its code, the state that Health shows, and the
//! sentence that says what to do. Codes are compared; localised words are only quoted.

use domain::Text;

use super::CrmError;
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
    Blocked,
    KeyUnknown,
    KeyExpired,
    PairSpent,
    AppRemoved,
    Scope,
    User,
    Plan,
    Barred,
    Confirmation,
    WrongKindOfKey,
    HttpsWanted,
    PortalClosed,
    PortalMoved,
    NoSuchMethod,
    Forbidden,
    Refused,
    NotAPortal,
    OutOfOrder,
    FieldNotMade,
}

/// One row of the table.
#[derive(Debug, Clone, Copy)]
pub struct Row {
    pub cause: Cause,
    pub health: Health,
    /// Codes of the API that mean it, in any case of letters.
    pub codes: &'static [&'static str],
    pub ru: &'static str,
    pub en: &'static str,
}

const fn row(cause: Cause, health: Health, codes: &'static [&'static str], ru: &'static str, en: &'static str) -> Row {
    Row {
        cause,
        health,
        codes,
        ru,
        en,
    }
}

pub const TABLE: [Row; 25] = [
    row(
        Cause::NoNetwork,
        Health::Offline,
        &[],
        "Нет связи с Битрикс24. Проверьте интернет и адрес портала; программа повторит сама.",
        "Bitrix24 was not reached. Check the network and the portal's address; it is tried again.",
    ),
    row(
        Cause::Certificate,
        Health::Failing,
        &[],
        "Сертификату сервера нельзя верить: адрес портала не тот, дата на этом компьютере неверна или трафик читает \
         прокси. Проверьте адрес и дату, корневой сертификат прокси установит администратор.",
        "The server's certificate cannot be trusted: the portal's address is another one, this computer's date is wrong, \
         or a proxy reads the traffic. Check address and date; an administrator installs the proxy's root certificate.",
    ),
    row(
        Cause::Silent,
        Health::Offline,
        &[],
        "Битрикс24 не ответил как следует. Программа сверится с порталом и повторит; если так всё время, проверьте адрес: \
         возможно, по нему не Битрикс24.",
        "Bitrix24 gave no usable answer. The portal is looked at before trying again; if it stays, check the address: \
         perhaps something else is there.",
    ),
    row(
        Cause::Failing,
        Health::Failing,
        &["ERROR_UNEXPECTED_ANSWER", "INTERNAL_SERVER_ERROR"],
        "Битрикс24 ответил ошибкой на своей стороне. Программа сверится с порталом и повторит.",
        "Bitrix24 itself failed. The portal is looked at before trying again.",
    ),
    row(
        Cause::Busy,
        Health::Failing,
        &["QUERY_LIMIT_EXCEEDED", "OPERATION_TIME_LIMIT"],
        "Битрикс24 просит подождать: слишком много запросов от всех программ этой сети. Программа повторит сама.",
        "Bitrix24 asks to wait: too many requests from all programs of this network. It is tried again.",
    ),
    row(
        Cause::Blocked,
        Health::Unauthorised,
        &["OVERLOAD_LIMIT"],
        "Битрикс24 заблокировал запросы к порталу вручную. Напишите в поддержку Битрикс24, почему.",
        "Bitrix24 blocked requests to the portal by hand. Ask the support of Bitrix24 why.",
    ),
    row(
        Cause::KeyUnknown,
        Health::Unauthorised,
        &["INVALID_CREDENTIALS", "NO_AUTH_FOUND", "invalid_token", "401"],
        "Битрикс24 не знает этого ключа: вебхук удалён или адрес скопирован не целиком. Создайте вебхук заново и \
         подключите портал.",
        "Bitrix24 does not know this key: the webhook was deleted, or its address was not copied whole. Make a new \
         webhook and connect the portal.",
    ),
    row(
        Cause::KeyExpired,
        Health::Unauthorised,
        &["expired_token"],
        "Срок ключа истёк. Продлите вебхук в Битрикс24 или создайте новый и подключите портал.",
        "The key has expired. Prolong the webhook in Bitrix24 or make a new one, and connect the portal.",
    ),
    row(
        Cause::PairSpent,
        Health::Unauthorised,
        &["invalid_grant"],
        "Код авторизации или ключ приложения больше не действует: код живёт 30 секунд, ключ — 180 дней без работы. \
         Подключите приложение ещё раз.",
        "The authorisation code or the application's key works no longer: a code lives 30 seconds, a key 180 days \
         without use. Connect the application again.",
    ),
    row(
        Cause::AppRemoved,
        Health::Unauthorised,
        &[
            "APPLICATION_NOT_FOUND",
            "ERROR_OAUTH",
            "AUTHORIZATION_ERROR",
            "NOT_INSTALLED",
            "WRONG_CLIENT",
            "invalid_client",
        ],
        "На портале нет такого приложения: его удалили, или код приложения и секрет не от него. Проверьте карточку \
         приложения и подключите его ещё раз.",
        "The portal has no such application: it was removed, or client id and secret are of another. Check the \
         application's card and connect it again.",
    ),
    row(
        Cause::Scope,
        Health::Unauthorised,
        &["insufficient_scope", "invalid_scope"],
        "Ключу не хватает прав. Откройте вебхук (или приложение) в Битрикс24, добавьте права crm и userfieldconfig и \
         сохраните.",
        "The key lacks a scope. Open the webhook (or the application) in Bitrix24, add the scopes crm and \
         userfieldconfig, and save.",
    ),
    row(
        Cause::User,
        Health::Unauthorised,
        &["user_access_error", "allowed_only_intranet_user"],
        "Сотруднику, от чьего имени создан ключ, портал закрыт: он уволен или не сотрудник. Создайте ключ от имени \
         другого.",
        "The portal is closed to whoever made the key: dismissed, or no employee. Let somebody else make one.",
    ),
    row(
        Cause::Plan,
        Health::Unauthorised,
        &["PAYMENT_REQUIRED"],
        "Портал закрыт для программ: REST есть только на платных тарифах. Продлите тариф Битрикс24.",
        "The portal is closed to programs: REST comes with paid plans only. Renew the plan of Bitrix24.",
    ),
    row(
        Cause::Barred,
        Health::Unauthorised,
        // A page: a portal itself refuses in JSON.
        &["403"],
        "Вместо портала ответила страница с запретом: её показывает прокси, брандмауэр или сервер, где доступ разрешён не \
         всем адресам. Попросите администратора открыть программе доступ к порталу.",
        "A page that forbids answered instead of the portal: that of a proxy, a firewall, or a server that lets in some \
         addresses only. Ask the administrator to let the program reach the portal.",
    ),
    row(
        Cause::Confirmation,
        Health::Unauthorised,
        &["METHOD_CONFIRM_WAITING", "METHOD_CONFIRM_DENIED"],
        "Администратор портала ещё не разрешил этот запрос. Попросите его подтвердить запрос в Битрикс24.",
        "The portal's administrator has not allowed this request yet. Ask for it to be confirmed in Bitrix24.",
    ),
    row(
        Cause::WrongKindOfKey,
        Health::Unauthorised,
        &["WRONG_AUTH_TYPE"],
        "Этому запросу нужен другой вид ключа. Подключите портал локальным приложением.",
        "This request wants another kind of key. Connect the portal by a local application.",
    ),
    row(
        Cause::HttpsWanted,
        Health::Unauthorised,
        &["INVALID_REQUEST", "invalid_request"],
        "Портал не принял запрос в этом виде: адрес ключа должен начинаться с https://. Подключите портал заново.",
        "The portal does not take the request like this: the key's address must begin with https://. Connect again.",
    ),
    row(
        Cause::PortalClosed,
        Health::Unauthorised,
        &["PORTAL_DELETED", "410"],
        "Портал закрыт или удалён. Если он ещё нужен, восстановите его в Битрикс24; очередь сохранена.",
        "The portal is closed or deleted. If it is still needed, restore it in Bitrix24; the queue is kept.",
    ),
    row(
        Cause::PortalMoved,
        Health::Unauthorised,
        &[],
        "Портал Битрикс24 переехал. Создайте вебхук на новом адресе и подключите портал заново.",
        "The Bitrix24 portal has moved. Make a webhook at the new address and connect again.",
    ),
    row(
        Cause::NoSuchMethod,
        Health::Failing,
        &["ERROR_METHOD_NOT_FOUND", "ERROR_METHOD_CALL_NOT_FOUND"],
        "Портал не знает такого запроса: коробка старая или CRM выключена. Обновите портал и включите CRM.",
        "The portal knows no such request: an old installation, or the CRM is off. Update it and switch the CRM on.",
    ),
    row(
        Cause::Forbidden,
        Health::Failing,
        &["ACCESS_DENIED"],
        "Владельцу ключа не хватает прав в CRM. Дайте ему доступ к счетам, компаниям и сделкам.",
        "The owner of the key lacks rights in the CRM. Let him see invoices, companies and deals.",
    ),
    row(
        Cause::Refused,
        Health::Failing,
        &[],
        "Битрикс24 отказал. Причина названа ниже; исправьте её в CRM и повторите.",
        "Bitrix24 refused. The reason stands below; correct it in the CRM and try again.",
    ),
    row(
        Cause::NotAPortal,
        Health::Failing,
        &[],
        "По этому адресу отвечает не Битрикс24 или ответ не такой, как описан. Проверьте адрес портала и право crm.",
        "Something other than Bitrix24 answers at this address, or otherwise than documented. Check the portal's \
         address and the scope crm.",
    ),
    row(
        Cause::OutOfOrder,
        Health::Failing,
        &[],
        "Битрикс24 отдаёт список не по порядку, прочитать его целиком нельзя. Повторите позже.",
        "Bitrix24 gives a list out of order, it cannot be read whole. Try later.",
    ),
    row(
        Cause::FieldNotMade,
        Health::Failing,
        &[],
        "Не удалось создать в Битрикс24 поле для кода платежа. Дайте ключу право userfieldconfig (создавать поля может \
         администратор) или создайте поле вручную: строка, множественное.",
        "The field for the payment's code could not be made in Bitrix24. Give the key the scope userfieldconfig (only an \
         administrator may make fields), or make the field by hand: string, multiple.",
    ),
];

impl Cause {
    #[must_use]
    pub fn of(error: &CrmError) -> Self {
        match error {
            CrmError::Call { error, .. } => Self::of_call(error),
            CrmError::Shape { .. } => Self::NotAPortal,
            CrmError::OutOfOrder { .. } => Self::OutOfOrder,
            CrmError::NoScope { .. } => Self::Scope,
            CrmError::FieldNotMade { .. } => Self::FieldNotMade,
        }
    }

    #[must_use]
    pub fn of_call(error: &CallError) -> Self {
        match error {
            CallError::NotSent { detail } if is_certificate(detail) => Self::Certificate,
            CallError::NotSent { .. } => Self::NoNetwork,
            CallError::NoAnswer { .. } => Self::Silent,
            CallError::Limited { .. } => Self::Busy,
            // A page of some server: a portal refuses with a code.
            CallError::ServerFailed { status: 404 | 405, .. } => Self::NotAPortal,
            CallError::ServerFailed { .. } => Self::Failing,
            CallError::Moved { .. } => Self::PortalMoved,
            // The whole portal, not one object: the status says so.
            CallError::Unauthorised { code, .. } if code.eq_ignore_ascii_case("ACCESS_DENIED") => Self::Plan,
            CallError::Unauthorised { code, .. } => by_code(code).unwrap_or(Self::KeyUnknown),
            CallError::Refused { code, .. } => by_code(code).unwrap_or(Self::Refused),
        }
    }

    #[must_use]
    pub fn row(self) -> &'static Row {
        // A test walks the table: every cause has its row.
        TABLE.iter().find(|row| row.cause == self).unwrap_or(&TABLE[0])
    }
}

fn by_code(code: &str) -> Option<Cause> {
    let means = |row: &&Row| row.codes.iter().any(|known| known.eq_ignore_ascii_case(code));
    TABLE.iter().find(means).map(|row| row.cause)
}

impl Cause {
    /// What of the connection it is about.
    #[must_use]
    pub fn part(self) -> Part {
        match self {
            Self::NoNetwork
            | Self::Certificate
            | Self::Silent
            | Self::Failing
            | Self::Busy
            | Self::Blocked
            | Self::HttpsWanted
            | Self::Barred
            | Self::PortalClosed
            | Self::PortalMoved
            | Self::NotAPortal
            | Self::OutOfOrder => Part::Address,
            Self::KeyUnknown | Self::KeyExpired | Self::PairSpent | Self::AppRemoved | Self::WrongKindOfKey => {
                Part::Key
            }
            Self::Scope
            | Self::User
            | Self::Plan
            | Self::Confirmation
            | Self::NoSuchMethod
            | Self::Forbidden
            | Self::Refused => Part::Rights,
            Self::FieldNotMade => Part::Field,
        }
    }
}

/// Why the portal lets nothing through and what to do, where a call failed of that and not of what it asked.
pub(super) fn shut(error: &CallError) -> Option<Text> {
    let cause = Cause::of_call(error);
    let row = cause.row();
    // Without the methods that a payment needs no other payment fares better.
    if row.health != Health::Unauthorised && cause != Cause::NoSuchMethod {
        return None;
    }
    let told = the_answer(&error.fact(), None);
    Some(Text::new(
        format!("{}{}", row.ru, told.ru),
        format!("{}{}", row.en, told.en),
    ))
}

fn the_answer(fact: &Text, method: Option<&str>) -> Text {
    let of = method.map_or_else(String::new, |method| format!(" [{method}]"));
    Text::new(
        format!(" Ответ портала: {}{of}.", fact.ru),
        format!(" The portal's answer: {}{of}.", fact.en),
    )
}

impl From<CrmError> for Trouble {
    fn from(error: CrmError) -> Self {
        let cause = Cause::of(&error);
        let row = cause.row();
        let told = match &error {
            CrmError::Call { method, error } => the_answer(&error.fact(), Some(method)),
            CrmError::Shape { method, what } => Text::new(
                format!(" В ответе нет «{what}» [{method}]."),
                format!(" The answer holds no «{what}» [{method}]."),
            ),
            CrmError::OutOfOrder { method } => Text::same(format!(" [{method}]")),
            CrmError::NoScope { scope } => Text::new(
                format!(" Не хватает права «{scope}»."),
                format!(" The scope «{scope}» is missing."),
            ),
            CrmError::FieldNotMade { field, reason } => Text::new(
                format!(" Поле {field}: {}.", reason.ru),
                format!(" Field {field}: {}.", reason.en),
            ),
        };
        Self {
            part: cause.part(),
            health: row.health,
            says: Text::new(format!("{}{}", row.ru, told.ru), format!("{}{}", row.en, told.en)),
        }
    }
}
