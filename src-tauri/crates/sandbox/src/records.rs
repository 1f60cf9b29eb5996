//! The fields of what stands around invoices: activities, tasks, payments, documents, goods, invoices of the old kind.

use crate::{
    cell::Kind,
    schema::{Field, fixed, legacy, writable},
};

pub static ACTIVITY_FIELDS: &[Field] = &[
    legacy("ID", Kind::Int),
    legacy("OWNER_ID", Kind::Int),
    legacy("OWNER_TYPE_ID", Kind::Int),
    legacy("TYPE_ID", Kind::Int),
    legacy("PROVIDER_ID", Kind::Text),
    legacy("PROVIDER_TYPE_ID", Kind::Text),
    legacy("SUBJECT", Kind::Text),
    legacy("DESCRIPTION", Kind::Text),
    legacy("START_TIME", Kind::Moment),
    legacy("END_TIME", Kind::Moment),
    legacy("DEADLINE", Kind::Moment),
    legacy("COMPLETED", Kind::Flag),
    legacy("STATUS", Kind::Int),
    legacy("PRIORITY", Kind::Int),
    legacy("RESPONSIBLE_ID", Kind::Int),
    legacy("ORIGINATOR_ID", Kind::Text),
    legacy("ORIGIN_ID", Kind::Text),
    fixed("AUTHOR_ID", "AUTHOR_ID", Kind::Int, "AUTHOR_ID"),
    fixed("CREATED", "CREATED", Kind::Moment, "CREATED"),
    fixed("LAST_UPDATED", "LAST_UPDATED", Kind::Moment, "LAST_UPDATED"),
];

/// What rows of the offline queue are filtered and ordered by.
pub static QUEUE_FIELDS: &[Field] = &[
    legacy("ID", Kind::Int),
    legacy("MESSAGE_ID", Kind::Int),
    legacy("TIMESTAMP_X", Kind::Moment),
    legacy("EVENT_NAME", Kind::Text),
];

/// Shown by their camelCase names, asked for by the upper-case ones; every value is a text.
pub static TASK_FIELDS: &[Field] = &[
    fixed("id", "ID", Kind::Int, "ID"),
    writable("title", "TITLE", Kind::Text, "Название"),
    writable("description", "DESCRIPTION", Kind::Text, "Описание"),
    writable("priority", "PRIORITY", Kind::Int, "Приоритет"),
    writable("status", "STATUS", Kind::Int, "Статус"),
    writable("groupId", "GROUP_ID", Kind::Int, "Проект"),
    writable("deadline", "DEADLINE", Kind::Moment, "Крайний срок"),
    writable("responsibleId", "RESPONSIBLE_ID", Kind::Int, "Исполнитель"),
    writable("createdBy", "CREATED_BY", Kind::Int, "Постановщик"),
    fixed("createdDate", "CREATED_DATE", Kind::Moment, "Создана"),
    fixed("changedDate", "CHANGED_DATE", Kind::Moment, "Изменена"),
    fixed("closedDate", "CLOSED_DATE", Kind::Moment, "Закрыта"),
    writable("xmlId", "XML_ID", Kind::Text, "Внешний код"),
];

pub static PAYMENT_FIELDS: &[Field] = &[
    fixed("id", "ID", Kind::Int, "ID"),
    fixed("orderId", "ORDER_ID", Kind::Int, "Заказ"),
    fixed("accountNumber", "ACCOUNT_NUMBER", Kind::Text, "Номер"),
    writable("paid", "PAID", Kind::Flag, "Оплачена"),
    writable("datePaid", "DATE_PAID", Kind::Moment, "Дата оплаты"),
    writable("empPaidId", "EMP_PAID_ID", Kind::Link, "Кто отметил оплату"),
    writable("paySystemId", "PAY_SYSTEM_ID", Kind::Int, "Платёжная система"),
    fixed(
        "paySystemName",
        "PAY_SYSTEM_NAME",
        Kind::Text,
        "Название платёжной системы",
    ),
    writable("sum", "SUM", Kind::Money, "Сумма"),
    fixed("currency", "CURRENCY", Kind::Text, "Валюта"),
    writable(
        "payVoucherNum",
        "PAY_VOUCHER_NUM",
        Kind::Text,
        "Номер платёжного документа",
    ),
    writable(
        "payVoucherDate",
        "PAY_VOUCHER_DATE",
        Kind::Date,
        "Дата платёжного документа",
    ),
    writable("comments", "COMMENTS", Kind::Text, "Комментарий"),
    writable("xmlId", "XML_ID", Kind::Text, "Внешний код"),
    fixed("dateBill", "DATE_BILL", Kind::Moment, "Дата выставления"),
];

pub static DOCUMENT_FIELDS: &[Field] = &[
    fixed("id", "ID", Kind::Int, "ID"),
    fixed("title", "TITLE", Kind::Text, "Название"),
    fixed("number", "NUMBER", Kind::Text, "Номер"),
    fixed("templateId", "TEMPLATE_ID", Kind::Int, "Шаблон"),
    fixed("entityTypeId", "ENTITY_TYPE_ID", Kind::Int, "Тип объекта"),
    fixed("entityId", "ENTITY_ID", Kind::Int, "Объект"),
    fixed("stampsEnabled", "STAMPS_ENABLED", Kind::Flag, "С печатью"),
    fixed("createTime", "CREATE_TIME", Kind::Moment, "Создан"),
    fixed("updateTime", "UPDATE_TIME", Kind::Moment, "Изменён"),
    fixed("createdBy", "CREATED_BY", Kind::Int, "Кем создан"),
];

pub static PRODUCT_ROW_FIELDS: &[Field] = &[
    fixed("id", "ID", Kind::Int, "ID"),
    fixed("ownerId", "OWNER_ID", Kind::Int, "ID владельца"),
    fixed("ownerType", "OWNER_TYPE", Kind::Text, "Тип владельца"),
    writable("productId", "PRODUCT_ID", Kind::Int, "Товар"),
    writable("productName", "PRODUCT_NAME", Kind::Text, "Название товара"),
    // Of one, with discount and tax.
    writable("price", "PRICE", Kind::Money, "Цена"),
    fixed("priceAccount", "PRICE_ACCOUNT", Kind::Money, "PRICE_ACCOUNT"),
    fixed(
        "priceExclusive",
        "PRICE_EXCLUSIVE",
        Kind::Money,
        "Цена без налога со скидкой",
    ),
    fixed("priceNetto", "PRICE_NETTO", Kind::Money, "PRICE_NETTO"),
    fixed("priceBrutto", "PRICE_BRUTTO", Kind::Money, "PRICE_BRUTTO"),
    writable("quantity", "QUANTITY", Kind::Quantity, "Количество"),
    writable("discountTypeId", "DISCOUNT_TYPE_ID", Kind::Int, "Тип скидки"),
    writable("discountRate", "DISCOUNT_RATE", Kind::Money, "Величина скидки"),
    writable("discountSum", "DISCOUNT_SUM", Kind::Money, "Сумма скидки"),
    writable("taxRate", "TAX_RATE", Kind::Money, "Налог"),
    writable("taxIncluded", "TAX_INCLUDED", Kind::Flag, "Налог включён в цену"),
    writable("customized", "CUSTOMIZED", Kind::Flag, "Изменён"),
    writable("measureCode", "MEASURE_CODE", Kind::Int, "Код единицы измерения"),
    writable("measureName", "MEASURE_NAME", Kind::Text, "Единица измерения"),
    writable("sort", "SORT", Kind::Int, "Сортировка"),
    writable("xmlId", "XML_ID", Kind::Text, "Внешний код"),
    fixed("type", "TYPE", Kind::Int, "TYPE"),
    fixed("storeId", "STORE_ID", Kind::Int, "STORE_ID"),
];

pub static OLD_INVOICE_FIELDS: &[Field] = &[
    legacy("ID", Kind::Int),
    legacy("ACCOUNT_NUMBER", Kind::Text),
    legacy("ORDER_TOPIC", Kind::Text),
    legacy("STATUS_ID", Kind::Text),
    legacy("PRICE", Kind::Money),
    legacy("CURRENCY", Kind::Text),
    legacy("UF_COMPANY_ID", Kind::Int),
    legacy("UF_CONTACT_ID", Kind::Int),
    legacy("UF_DEAL_ID", Kind::Int),
    legacy("UF_MYCOMPANY_ID", Kind::Int),
    legacy("DATE_BILL", Kind::Date),
    legacy("DATE_PAY_BEFORE", Kind::Date),
    fixed("PAYED", "PAYED", Kind::Flag, "PAYED"),
    fixed("DATE_PAYED", "DATE_PAYED", Kind::Moment, "DATE_PAYED"),
    legacy("PAY_VOUCHER_NUM", Kind::Text),
    legacy("PAY_VOUCHER_DATE", Kind::Date),
    legacy("REASON_MARKED", Kind::Text),
    legacy("DATE_MARKED", Kind::Date),
    legacy("RESPONSIBLE_ID", Kind::Int),
    legacy("COMMENTS", Kind::Text),
    legacy("USER_DESCRIPTION", Kind::Text),
    fixed("DATE_INSERT", "DATE_INSERT", Kind::Moment, "DATE_INSERT"),
    fixed("DATE_UPDATE", "DATE_UPDATE", Kind::Moment, "DATE_UPDATE"),
];
