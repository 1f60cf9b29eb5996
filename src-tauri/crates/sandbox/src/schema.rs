//! Which fields the portal's objects have, and how each generation of the API calls them.

use std::collections::BTreeMap;

use crate::cell::{Cell, Kind};

/// Object types by the portal's own numbers.
pub const LEAD: i64 = 1;
pub const DEAL: i64 = 2;
pub const CONTACT: i64 = 3;
pub const COMPANY: i64 = 4;
pub const INVOICE: i64 = 31;

/// One object: values by [`Field::key`]; custom fields by their upper-case name.
pub type Row = BTreeMap<String, Cell>;

#[derive(Debug, Clone, Copy)]
pub struct Field {
    /// The name in `crm.item.*`; for objects that only legacy methods show, the upper-case name.
    pub key: &'static str,
    pub upper: &'static str,
    pub kind: Kind,
    pub writable: bool,
    pub title: &'static str,
}

pub const fn writable(key: &'static str, upper: &'static str, kind: Kind, title: &'static str) -> Field {
    Field {
        key,
        upper,
        kind,
        writable: true,
        title,
    }
}

pub const fn fixed(key: &'static str, upper: &'static str, kind: Kind, title: &'static str) -> Field {
    Field {
        key,
        upper,
        kind,
        writable: false,
        title,
    }
}

pub const fn legacy(upper: &'static str, kind: Kind) -> Field {
    writable(upper, upper, kind, upper)
}

static INVOICE_FIELDS: &[Field] = &[
    fixed("id", "ID", Kind::Int, "ID"),
    writable("xmlId", "XML_ID", Kind::Text, "Внешний код"),
    writable("title", "TITLE", Kind::Text, "Тема"),
    fixed("createdBy", "CREATED_BY", Kind::Int, "Кем создан"),
    fixed("updatedBy", "UPDATED_BY", Kind::Int, "Кем изменён"),
    fixed("movedBy", "MOVED_BY", Kind::Int, "Кем изменена стадия"),
    fixed("createdTime", "CREATED_TIME", Kind::Moment, "Когда создан"),
    fixed("updatedTime", "UPDATED_TIME", Kind::Moment, "Когда обновлён"),
    fixed("movedTime", "MOVED_TIME", Kind::Moment, "Когда изменена стадия"),
    fixed(
        "lastActivityTime",
        "LAST_ACTIVITY_TIME",
        Kind::Moment,
        "Последняя активность",
    ),
    writable("categoryId", "CATEGORY_ID", Kind::Int, "Воронка"),
    writable("opened", "OPENED", Kind::Flag, "Доступен для всех"),
    writable("stageId", "STAGE_ID", Kind::Text, "Стадия"),
    fixed("previousStageId", "PREVIOUS_STAGE_ID", Kind::Text, "Предыдущая стадия"),
    writable("begindate", "BEGINDATE", Kind::Date, "Дата выставления"),
    writable("closedate", "CLOSEDATE", Kind::Date, "Срок оплаты"),
    writable("companyId", "COMPANY_ID", Kind::Int, "Компания"),
    writable("contactId", "CONTACT_ID", Kind::Link, "Контакт"),
    writable("contactIds", "CONTACT_IDS", Kind::Ints, "Контакты"),
    writable("observers", "OBSERVERS", Kind::Ints, "Наблюдатели"),
    writable("opportunity", "OPPORTUNITY", Kind::Money, "Сумма"),
    writable(
        "isManualOpportunity",
        "IS_MANUAL_OPPORTUNITY",
        Kind::Flag,
        "Сумма вручную",
    ),
    writable("taxValue", "TAX_VALUE", Kind::Money, "Сумма налога"),
    writable("currencyId", "CURRENCY_ID", Kind::Text, "Валюта"),
    writable("mycompanyId", "MYCOMPANY_ID", Kind::Int, "Реквизиты вашей компании"),
    writable("sourceId", "SOURCE_ID", Kind::Text, "Источник"),
    writable("assignedById", "ASSIGNED_BY_ID", Kind::Int, "Ответственный"),
    writable("comments", "COMMENTS", Kind::Text, "Комментарий"),
    writable("accountNumber", "ACCOUNT_NUMBER", Kind::Text, "Номер"),
    writable("locationId", "LOCATION_ID", Kind::Text, "Местоположение"),
    fixed("webformId", "WEBFORM_ID", Kind::Link, "CRM-форма"),
    writable("parentId2", "PARENT_ID_2", Kind::Link, "Сделка"),
    writable("parentId7", "PARENT_ID_7", Kind::Link, "Коммерческое предложение"),
];

static DEAL_FIELDS: &[Field] = &[
    fixed("id", "ID", Kind::Int, "ID"),
    writable("title", "TITLE", Kind::Text, "Название"),
    writable("typeId", "TYPE_ID", Kind::Text, "Тип"),
    writable("categoryId", "CATEGORY_ID", Kind::Int, "Воронка"),
    writable("stageId", "STAGE_ID", Kind::Text, "Стадия"),
    fixed("previousStageId", "PREVIOUS_STAGE_ID", Kind::Text, "Предыдущая стадия"),
    writable("opportunity", "OPPORTUNITY", Kind::Money, "Сумма"),
    writable(
        "isManualOpportunity",
        "IS_MANUAL_OPPORTUNITY",
        Kind::Flag,
        "Сумма вручную",
    ),
    writable("taxValue", "TAX_VALUE", Kind::Money, "Сумма налога"),
    writable("currencyId", "CURRENCY_ID", Kind::Text, "Валюта"),
    writable("companyId", "COMPANY_ID", Kind::Int, "Компания"),
    writable("contactId", "CONTACT_ID", Kind::Link, "Контакт"),
    writable("contactIds", "CONTACT_IDS", Kind::Ints, "Контакты"),
    writable("leadId", "LEAD_ID", Kind::Link, "Лид"),
    writable("quoteId", "QUOTE_ID", Kind::Link, "Коммерческое предложение"),
    writable("probability", "PROBABILITY", Kind::Link, "Вероятность"),
    writable("sourceId", "SOURCE_ID", Kind::Text, "Источник"),
    writable("sourceDescription", "SOURCE_DESCRIPTION", Kind::Text, "Об источнике"),
    writable("additionalInfo", "ADDITIONAL_INFO", Kind::Text, "Дополнительно"),
    writable("locationId", "LOCATION_ID", Kind::Text, "Местоположение"),
    writable("utmSource", "UTM_SOURCE", Kind::Text, "UTM_SOURCE"),
    writable("utmMedium", "UTM_MEDIUM", Kind::Text, "UTM_MEDIUM"),
    writable("utmCampaign", "UTM_CAMPAIGN", Kind::Text, "UTM_CAMPAIGN"),
    writable("begindate", "BEGINDATE", Kind::Date, "Дата начала"),
    writable("closedate", "CLOSEDATE", Kind::Date, "Дата завершения"),
    writable("opened", "OPENED", Kind::Flag, "Доступна для всех"),
    fixed("closed", "CLOSED", Kind::Flag, "Закрыта"),
    fixed("stageSemanticId", "STAGE_SEMANTIC_ID", Kind::Text, "Вид стадии"),
    writable("comments", "COMMENTS", Kind::Text, "Комментарий"),
    writable("assignedById", "ASSIGNED_BY_ID", Kind::Int, "Ответственный"),
    fixed("createdBy", "CREATED_BY_ID", Kind::Int, "Кем создана"),
    fixed("updatedBy", "MODIFY_BY_ID", Kind::Int, "Кем изменена"),
    fixed("movedBy", "MOVED_BY_ID", Kind::Int, "Кем изменена стадия"),
    fixed("createdTime", "DATE_CREATE", Kind::Moment, "Когда создана"),
    fixed("updatedTime", "DATE_MODIFY", Kind::Moment, "Когда изменена"),
    fixed("movedTime", "MOVED_TIME", Kind::Moment, "Когда изменена стадия"),
    writable("originId", "ORIGIN_ID", Kind::Text, "Код во внешнем источнике"),
    writable("originatorId", "ORIGINATOR_ID", Kind::Text, "Внешний источник"),
];

static LEAD_FIELDS: &[Field] = &[
    fixed("id", "ID", Kind::Int, "ID"),
    writable("title", "TITLE", Kind::Text, "Название"),
    writable("name", "NAME", Kind::Text, "Имя"),
    writable("secondName", "SECOND_NAME", Kind::Text, "Отчество"),
    writable("lastName", "LAST_NAME", Kind::Text, "Фамилия"),
    writable("companyTitle", "COMPANY_TITLE", Kind::Text, "Название компании"),
    writable("stageId", "STATUS_ID", Kind::Text, "Стадия"),
    fixed("previousStageId", "PREVIOUS_STATUS_ID", Kind::Text, "Предыдущая стадия"),
    fixed("stageSemanticId", "STATUS_SEMANTIC_ID", Kind::Text, "Вид стадии"),
    writable("opportunity", "OPPORTUNITY", Kind::Money, "Сумма"),
    writable(
        "isManualOpportunity",
        "IS_MANUAL_OPPORTUNITY",
        Kind::Flag,
        "Сумма вручную",
    ),
    writable("currencyId", "CURRENCY_ID", Kind::Text, "Валюта"),
    writable("sourceId", "SOURCE_ID", Kind::Text, "Источник"),
    writable("sourceDescription", "SOURCE_DESCRIPTION", Kind::Text, "Об источнике"),
    writable("companyId", "COMPANY_ID", Kind::Link, "Компания"),
    writable("contactId", "CONTACT_ID", Kind::Link, "Контакт"),
    writable("contactIds", "CONTACT_IDS", Kind::Ints, "Контакты"),
    writable("post", "POST", Kind::Text, "Должность"),
    writable("address", "ADDRESS", Kind::Text, "Адрес"),
    writable("comments", "COMMENTS", Kind::Text, "Комментарий"),
    writable("opened", "OPENED", Kind::Flag, "Доступен для всех"),
    writable("assignedById", "ASSIGNED_BY_ID", Kind::Int, "Ответственный"),
    fixed("createdBy", "CREATED_BY_ID", Kind::Int, "Кем создан"),
    fixed("updatedBy", "MODIFY_BY_ID", Kind::Int, "Кем изменён"),
    fixed("movedBy", "MOVED_BY_ID", Kind::Int, "Кем изменена стадия"),
    fixed("createdTime", "DATE_CREATE", Kind::Moment, "Когда создан"),
    fixed("updatedTime", "DATE_MODIFY", Kind::Moment, "Когда изменён"),
    fixed("movedTime", "MOVED_TIME", Kind::Moment, "Когда изменена стадия"),
    writable("originId", "ORIGIN_ID", Kind::Text, "Код во внешнем источнике"),
    writable("originatorId", "ORIGINATOR_ID", Kind::Text, "Внешний источник"),
];

static COMPANY_FIELDS: &[Field] = &[
    fixed("id", "ID", Kind::Int, "ID"),
    writable("title", "TITLE", Kind::Text, "Название"),
    writable("typeId", "COMPANY_TYPE", Kind::Text, "Тип"),
    writable("isMyCompany", "IS_MY_COMPANY", Kind::Flag, "Моя компания"),
    writable("industry", "INDUSTRY", Kind::Text, "Сфера деятельности"),
    writable("revenue", "REVENUE", Kind::Money, "Годовой оборот"),
    writable("currencyId", "CURRENCY_ID", Kind::Text, "Валюта"),
    writable("employees", "EMPLOYEES", Kind::Text, "Сколько сотрудников"),
    writable("address", "ADDRESS", Kind::Text, "Адрес"),
    writable("bankingDetails", "BANKING_DETAILS", Kind::Text, "Банковские реквизиты"),
    writable("leadId", "LEAD_ID", Kind::Link, "Лид"),
    writable("comments", "COMMENTS", Kind::Text, "Комментарий"),
    writable("opened", "OPENED", Kind::Flag, "Доступна для всех"),
    writable("assignedById", "ASSIGNED_BY_ID", Kind::Int, "Ответственный"),
    fixed("createdBy", "CREATED_BY_ID", Kind::Int, "Кем создана"),
    fixed("updatedBy", "MODIFY_BY_ID", Kind::Int, "Кем изменена"),
    fixed("createdTime", "DATE_CREATE", Kind::Moment, "Когда создана"),
    fixed("updatedTime", "DATE_MODIFY", Kind::Moment, "Когда изменена"),
    writable("originId", "ORIGIN_ID", Kind::Text, "Код во внешнем источнике"),
    writable("originatorId", "ORIGINATOR_ID", Kind::Text, "Внешний источник"),
];

static CONTACT_FIELDS: &[Field] = &[
    fixed("id", "ID", Kind::Int, "ID"),
    writable("name", "NAME", Kind::Text, "Имя"),
    writable("secondName", "SECOND_NAME", Kind::Text, "Отчество"),
    writable("lastName", "LAST_NAME", Kind::Text, "Фамилия"),
    writable("honorific", "HONORIFIC", Kind::Text, "Обращение"),
    writable("birthdate", "BIRTHDATE", Kind::Date, "День рождения"),
    writable("post", "POST", Kind::Text, "Должность"),
    writable("typeId", "TYPE_ID", Kind::Text, "Тип"),
    writable("sourceId", "SOURCE_ID", Kind::Text, "Источник"),
    writable("sourceDescription", "SOURCE_DESCRIPTION", Kind::Text, "Об источнике"),
    writable("address", "ADDRESS", Kind::Text, "Адрес"),
    writable("companyId", "COMPANY_ID", Kind::Int, "Компания"),
    writable("companyIds", "COMPANY_IDS", Kind::Ints, "Компании"),
    writable("leadId", "LEAD_ID", Kind::Link, "Лид"),
    writable("comments", "COMMENTS", Kind::Text, "Комментарий"),
    writable("opened", "OPENED", Kind::Flag, "Доступен для всех"),
    writable("assignedById", "ASSIGNED_BY_ID", Kind::Int, "Ответственный"),
    fixed("createdBy", "CREATED_BY_ID", Kind::Int, "Кем создан"),
    fixed("updatedBy", "MODIFY_BY_ID", Kind::Int, "Кем изменён"),
    fixed("createdTime", "DATE_CREATE", Kind::Moment, "Когда создан"),
    fixed("updatedTime", "DATE_MODIFY", Kind::Moment, "Когда изменён"),
    writable("originId", "ORIGIN_ID", Kind::Text, "Код во внешнем источнике"),
    writable("originatorId", "ORIGINATOR_ID", Kind::Text, "Внешний источник"),
];

pub static REQUISITE_FIELDS: &[Field] = &[
    legacy("ID", Kind::Int),
    legacy("ENTITY_TYPE_ID", Kind::Int),
    legacy("ENTITY_ID", Kind::Int),
    legacy("PRESET_ID", Kind::Int),
    legacy("NAME", Kind::Text),
    legacy("ACTIVE", Kind::Flag),
    legacy("SORT", Kind::Int),
    legacy("RQ_NAME", Kind::Text),
    legacy("RQ_COMPANY_NAME", Kind::Text),
    legacy("RQ_COMPANY_FULL_NAME", Kind::Text),
    legacy("RQ_INN", Kind::Text),
    legacy("RQ_KPP", Kind::Text),
    legacy("RQ_OGRN", Kind::Text),
    legacy("RQ_OGRNIP", Kind::Text),
    legacy("RQ_BIN", Kind::Text),
    legacy("RQ_IIN", Kind::Text),
    legacy("RQ_FIRST_NAME", Kind::Text),
    legacy("RQ_LAST_NAME", Kind::Text),
    legacy("RQ_SECOND_NAME", Kind::Text),
    legacy("RQ_DIRECTOR", Kind::Text),
    legacy("RQ_ACCOUNTANT", Kind::Text),
    legacy("XML_ID", Kind::Text),
    legacy("ORIGINATOR_ID", Kind::Text),
    fixed("DATE_CREATE", "DATE_CREATE", Kind::Moment, "DATE_CREATE"),
    fixed("DATE_MODIFY", "DATE_MODIFY", Kind::Moment, "DATE_MODIFY"),
];

pub static BANK_DETAIL_FIELDS: &[Field] = &[
    legacy("ID", Kind::Int),
    // The requisite it belongs to.
    legacy("ENTITY_ID", Kind::Int),
    legacy("COUNTRY_ID", Kind::Int),
    legacy("NAME", Kind::Text),
    legacy("ACTIVE", Kind::Flag),
    legacy("SORT", Kind::Int),
    legacy("RQ_BANK_NAME", Kind::Text),
    legacy("RQ_BIK", Kind::Text),
    legacy("RQ_ACC_NUM", Kind::Text),
    legacy("RQ_COR_ACC_NUM", Kind::Text),
    legacy("RQ_ACC_CURRENCY", Kind::Text),
    legacy("RQ_IBAN", Kind::Text),
    legacy("RQ_SWIFT", Kind::Text),
    legacy("RQ_IIK", Kind::Text),
    legacy("COMMENTS", Kind::Text),
    legacy("XML_ID", Kind::Text),
    legacy("ORIGINATOR_ID", Kind::Text),
    fixed("DATE_CREATE", "DATE_CREATE", Kind::Moment, "DATE_CREATE"),
    fixed("DATE_MODIFY", "DATE_MODIFY", Kind::Moment, "DATE_MODIFY"),
];

pub static LINK_FIELDS: &[Field] = &[
    legacy("ENTITY_TYPE_ID", Kind::Int),
    legacy("ENTITY_ID", Kind::Int),
    legacy("REQUISITE_ID", Kind::Int),
    legacy("BANK_DETAIL_ID", Kind::Int),
    legacy("MC_REQUISITE_ID", Kind::Int),
    legacy("MC_BANK_DETAIL_ID", Kind::Int),
];

pub static PRESET_FIELDS: &[Field] = &[
    legacy("ID", Kind::Int),
    legacy("ENTITY_TYPE_ID", Kind::Int),
    legacy("COUNTRY_ID", Kind::Int),
    legacy("NAME", Kind::Text),
    legacy("ACTIVE", Kind::Flag),
    legacy("SORT", Kind::Int),
];

pub static STATUS_FIELDS: &[Field] = &[
    legacy("ID", Kind::Int),
    legacy("ENTITY_ID", Kind::Text),
    legacy("STATUS_ID", Kind::Text),
    legacy("NAME", Kind::Text),
    legacy("NAME_INIT", Kind::Text),
    legacy("SORT", Kind::Int),
    legacy("SYSTEM", Kind::Flag),
    legacy("CATEGORY_ID", Kind::Int),
    legacy("COLOR", Kind::Text),
    legacy("SEMANTICS", Kind::Text),
];

pub static COMMENT_FIELDS: &[Field] = &[
    legacy("ID", Kind::Int),
    legacy("ENTITY_ID", Kind::Int),
    legacy("ENTITY_TYPE", Kind::Text),
    legacy("CREATED", Kind::Moment),
    legacy("AUTHOR_ID", Kind::Int),
    legacy("COMMENT", Kind::Text),
];

pub static USER_FIELDS: &[Field] = &[
    legacy("ID", Kind::Int),
    legacy("ACTIVE", Kind::Flag),
    legacy("ADMIN", Kind::Flag),
    legacy("NAME", Kind::Text),
    legacy("LAST_NAME", Kind::Text),
    legacy("EMAIL", Kind::Text),
    legacy("WORK_POSITION", Kind::Text),
    legacy("USER_TYPE", Kind::Text),
];

/// `None`: not an object type this portal has.
pub fn item_fields(entity_type_id: i64) -> Option<&'static [Field]> {
    match entity_type_id {
        INVOICE => Some(INVOICE_FIELDS),
        LEAD => Some(LEAD_FIELDS),
        DEAL => Some(DEAL_FIELDS),
        COMPANY => Some(COMPANY_FIELDS),
        CONTACT => Some(CONTACT_FIELDS),
        _ => None,
    }
}

/// What custom fields of an object type are filed under.
pub fn user_field_entity(entity_type_id: i64) -> &'static str {
    match entity_type_id {
        LEAD => "CRM_LEAD",
        DEAL => "CRM_DEAL",
        COMPANY => "CRM_COMPANY",
        CONTACT => "CRM_CONTACT",
        _ => "CRM_SMART_INVOICE",
    }
}

pub fn field<'a>(fields: &'a [Field], name: &str) -> Option<&'a Field> {
    fields.iter().find(|field| field.key == name || field.upper == name)
}

/// How `crm.item.*` calls a custom field: `UF_CRM_BANK_ID` is `ufCrmBankId`, `UF_CRM_10_5186` is `ufCrm10_5186`,
/// and where letters and digits mix only the prefix changes.
pub fn user_field_item_name(upper: &str) -> String {
    let Some(rest) = upper.strip_prefix("UF_CRM_") else {
        return upper.to_owned();
    };
    let is_digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let (object, tail) = match rest.split_once('_') {
        Some((object, tail)) if is_digits(object) => (object, tail),
        _ => ("", rest),
    };
    if tail.bytes().all(|byte| byte.is_ascii_uppercase() || byte == b'_') {
        let camel: String = tail
            .split('_')
            .filter_map(|word| {
                let first = word.get(..1)?;
                Some(format!("{first}{}", word.get(1..)?.to_ascii_lowercase()))
            })
            .collect();
        return format!("ufCrm{object}{camel}");
    }
    if !object.is_empty() && is_digits(tail) {
        return format!("ufCrm{object}_{tail}");
    }
    format!("ufCrm_{rest}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn custom_fields_are_named_as_the_portal_names_them() {
        for (upper, item) in [
            ("UF_CRM_SMART_INVOICE_BANK_PAYMENT_ID", "ufCrmSmartInvoiceBankPaymentId"),
            ("UF_CRM_DEAL_BANK_PAYMENT_ID", "ufCrmDealBankPaymentId"),
            ("UF_CRM_BANK_PAYMENT_ID", "ufCrmBankPaymentId"),
            ("UF_CRM_10_5186744711", "ufCrm10_5186744711"),
            ("UF_CRM_10_SUM", "ufCrm10Sum"),
            (
                "UF_CRM_SMART_INVOICE_1712111561782",
                "ufCrm_SMART_INVOICE_1712111561782",
            ),
            ("UF_CRM_1721244707107", "ufCrm_1721244707107"),
        ] {
            assert_eq!(user_field_item_name(upper), item);
        }
    }
}
