//! What the portal's numbers stand for: `crm.enum.*`, the mode of the CRM, and the types that a portal makes for itself.

use super::{Answer, CRM, Call, Method, Outcome, RestError, read, rows::number};
use crate::{
    cell::{Kind, portal_time},
    filter::{Schema, Strangers},
    listing::Query,
    php::Php,
    schema::{DEAL, Field, INVOICE, Row, fixed},
    world::WEBHOOK_USER,
};

pub static METHODS: &[Method] = &[
    read("crm.enum.fields", CRM, fields),
    read("crm.enum.ownertype", CRM, owner_types),
    read("crm.enum.getorderownertypes", CRM, order_owner_types),
    read("crm.enum.addresstype", CRM, |_| Ok(named(ADDRESS_TYPES))),
    read("crm.enum.settings.mode", CRM, |_| Ok(named(MODES))),
    read("crm.enum.activitytype", CRM, |_| Ok(named(ACTIVITY_TYPES))),
    read("crm.enum.activitystatus", CRM, |_| Ok(named(ACTIVITY_STATUSES))),
    read("crm.enum.activitypriority", CRM, |_| Ok(named(ACTIVITY_PRIORITIES))),
    read("crm.enum.activitydirection", CRM, |_| Ok(named(ACTIVITY_DIRECTIONS))),
    read("crm.enum.activitynotifytype", CRM, |_| Ok(named(ACTIVITY_NOTICES))),
    read("crm.enum.contenttype", CRM, |_| Ok(named(CONTENT_TYPES))),
    // The classic one: leads are on.
    read("crm.settings.mode.get", CRM, |_| Ok(number(1).into())),
    read("crm.type.list", CRM, type_list),
    read("crm.type.get", CRM, type_get),
    read("crm.type.getByEntityTypeId", CRM, type_by_entity),
    read("crm.type.fields", CRM, type_fields),
];

/// Number, name, symbolic code, its short form.
const OWNER_TYPES: [(i64, &str, &str, &str); 10] = [
    (1, "Лид", "LEAD", "L"),
    (2, "Сделка", "DEAL", "D"),
    (3, "Контакт", "CONTACT", "C"),
    (4, "Компания", "COMPANY", "CO"),
    (5, "Счёт (старая версия)", "INVOICE", "I"),
    (31, "Счёт", "SMART_INVOICE", "SI"),
    (7, "Предложение", "QUOTE", "Q"),
    (8, "Реквизиты", "REQUISITE", "RQ"),
    (36, "Документ", "SMART_DOCUMENT", "DO"),
    (39, "Документ компании", "SMART_B2E_DOC", "SBD"),
];
const ADDRESS_TYPES: &[(i64, &str)] = &[
    (11, "Адрес доставки"),
    (1, "Фактический адрес"),
    (6, "Юридический адрес"),
    (4, "Адрес регистрации"),
    (8, "Адрес для корреспонденции"),
    (9, "Адрес бенефициара"),
];
const MODES: &[(i64, &str)] = &[(1, "Классическая CRM"), (2, "Простая CRM")];
const ACTIVITY_TYPES: &[(i64, &str)] = &[
    (0, ""),
    (1, "Встреча"),
    (2, "Звонок"),
    (3, "Задача"),
    (4, "Письмо"),
    (5, "Действие"),
    (6, "Пользовательское действие"),
];
const ACTIVITY_STATUSES: &[(i64, &str)] = &[
    (0, ""),
    (1, "Ожидается"),
    (2, "Завершено"),
    (3, "Завершено автоматически"),
];
const ACTIVITY_PRIORITIES: &[(i64, &str)] = &[(0, ""), (1, "низкая"), (2, "средняя"), (3, "высокая")];
const ACTIVITY_DIRECTIONS: &[(i64, &str)] = &[(0, ""), (1, "Входящее"), (2, "Исходящее")];
const ACTIVITY_NOTICES: &[(i64, &str)] = &[(0, ""), (1, "мин."), (2, "ч."), (3, "дн.")];
const CONTENT_TYPES: &[(i64, &str)] = &[(0, ""), (1, "Plain text"), (2, "bbCode"), (3, "HTML")];

fn entry(id: i64, name: &str, codes: Option<(&str, &str)>) -> Php {
    let code = |code: Option<&str>| code.map_or(Php::Null, Php::text);
    Php::map([
        ("ID", number(id)),
        ("NAME", Php::text(name)),
        ("SYMBOL_CODE", code(codes.map(|codes| codes.0))),
        ("SYMBOL_CODE_SHORT", code(codes.map(|codes| codes.1))),
    ])
}

fn named(entries: &[(i64, &str)]) -> Answer {
    Php::list(entries.iter().map(|(id, name)| entry(*id, name, None))).into()
}

fn owner_types(_: &mut Call<'_>) -> Outcome {
    let types = OWNER_TYPES
        .iter()
        .map(|(id, name, code, short)| entry(*id, name, Some((code, short))));
    Ok(Php::list(types).into())
}

/// What the shop's orders may belong to.
fn order_owner_types(_: &mut Call<'_>) -> Outcome {
    let types = OWNER_TYPES.iter().filter(|(id, ..)| [DEAL, INVOICE].contains(id));
    let types = types.map(|(id, name, code, _)| {
        Php::map([
            ("attribute", Php::text("DYN")),
            ("code", Php::text(*code)),
            ("id", number(*id)),
            ("name", Php::text(*name)),
        ])
    });
    Ok(Php::list(types).into())
}

fn fields(_: &mut Call<'_>) -> Outcome {
    let all = [
        ("ID", "int", "ID"),
        ("NAME", "string", "Название"),
        ("SYMBOL_CODE", "string", "Символьный код"),
        ("SYMBOL_CODE_SHORT", "string", "Краткий символьный код"),
    ];
    Ok(Php::map(all.map(|(name, kind, title)| (name, about(kind, title)))).into())
}

fn about(kind: &str, title: &str) -> Php {
    Php::map([
        ("type", Php::text(kind)),
        ("isRequired", Php::Bool(false)),
        ("isReadOnly", Php::Bool(true)),
        ("isImmutable", Php::Bool(false)),
        ("isMultiple", Php::Bool(false)),
        ("isDynamic", Php::Bool(false)),
        ("title", Php::text(title)),
    ])
}

static TYPE_FIELDS: &[Field] = &[
    fixed("id", "ID", Kind::Int, "ID"),
    fixed("title", "TITLE", Kind::Text, "Название"),
    fixed("code", "CODE", Kind::Text, "Код"),
    fixed("createdBy", "CREATED_BY", Kind::Int, "Кем создан"),
    fixed("entityTypeId", "ENTITY_TYPE_ID", Kind::Int, "Тип объекта"),
    fixed("isCategoriesEnabled", "IS_CATEGORIES_ENABLED", Kind::Flag, "Воронки"),
    fixed("isStagesEnabled", "IS_STAGES_ENABLED", Kind::Flag, "Стадии"),
    fixed("isAutomationEnabled", "IS_AUTOMATION_ENABLED", Kind::Flag, "Роботы"),
    fixed("isBizProcEnabled", "IS_BIZ_PROC_ENABLED", Kind::Flag, "Бизнес-процессы"),
    fixed("isClientEnabled", "IS_CLIENT_ENABLED", Kind::Flag, "Клиент"),
];

/// The types that a portal made for itself; this one made none. The invoices' own is not among them.
fn type_list(call: &mut Call<'_>) -> Outcome {
    let schema = Schema {
        fields: TYPE_FIELDS,
        user_fields: &[],
        entity: "",
        strangers: Strangers::Refuse,
    };
    let none: [&Row; 0] = [];
    let page = Query::new(&schema, call.params)?.page(none.into_iter());
    Ok(Answer::page(Php::map([("types", Php::empty())]), &page))
}

fn type_missing() -> RestError {
    RestError::new(400, "NOT_FOUND", "Смарт-процесс не найден")
}

/// The number of the invoices' type among those of the portal.
const INVOICE_TYPE: i64 = 1;

fn type_get(call: &mut Call<'_>) -> Outcome {
    match call.int("id")? {
        INVOICE_TYPE => Ok(invoice_type()),
        _ => Err(type_missing()),
    }
}

fn type_by_entity(call: &mut Call<'_>) -> Outcome {
    match call.int("entityTypeId")? {
        INVOICE => Ok(invoice_type()),
        _ => Err(type_missing()),
    }
}

/// Invoices are of a type that comes with the portal.
fn invoice_type() -> Answer {
    const OPENED_MS: i64 = 1_700_000_000_000;
    let flags = [
        "isCategoriesEnabled",
        "isStagesEnabled",
        "isBeginCloseDatesEnabled",
        "isClientEnabled",
        "isUseInUserfieldEnabled",
        "isLinkWithProductsEnabled",
        "isMycompanyEnabled",
        "isDocumentsEnabled",
        "isSourceEnabled",
        "isObserversEnabled",
        "isRecyclebinEnabled",
        "isAutomationEnabled",
        "isBizProcEnabled",
        "isSetOpenPermissions",
        "isPaymentsEnabled",
        "isCountersEnabled",
    ];
    let mut shown = Php::map([
        ("id", number(INVOICE_TYPE)),
        ("title", Php::text("Счёт")),
        ("code", Php::text("BX_SMART_INVOICE")),
        ("createdBy", number(WEBHOOK_USER)),
        ("entityTypeId", number(INVOICE)),
        ("customSectionId", Php::Null),
    ]);
    for name in flags {
        shown.set(name, Php::text("Y"));
    }
    for time in ["createdTime", "updatedTime"] {
        shown.set(time, Php::text(portal_time(OPENED_MS)));
    }
    shown.set("updatedBy", number(WEBHOOK_USER));
    Php::map([("type", shown)]).into()
}

fn type_fields(_: &mut Call<'_>) -> Outcome {
    let all = TYPE_FIELDS.iter().map(|field| {
        let kind = match field.kind {
            Kind::Flag => "boolean",
            Kind::Text => "string",
            _ => "integer",
        };
        (field.key, about(kind, field.title))
    });
    Ok(Php::map([("fields", Php::map(all))]).into())
}
