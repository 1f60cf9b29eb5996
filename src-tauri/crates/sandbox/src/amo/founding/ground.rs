//! An account before any firm: pipelines, fields, catalogs, tokens.

use serde_json::json;

use crate::amo::{
    auth::Tokens,
    catalogs,
    settings::AmoSettings,
    world::{Choice, Field, INVOICES, LOST, Object, Pipeline, Status, WON, World},
};

/// Ids from here on are given by the account itself, so that a firm's own ids stay free below.
const FIRST_OWN_ID: i64 = 10_000_000;
/// The catalog of goods, beside that of invoices.
const PRODUCTS: i64 = 5002;
/// Pipelines are the firm's funnels of deals, by number.
const PIPELINE_OFFSET: i64 = 8001;

pub fn pipeline_id(category: i64) -> i64 {
    PIPELINE_OFFSET + category
}

/// Stages of the portal beside it, in the order of the account's open stages.
const OPEN_STAGES: [&str; 5] = ["NEW", "PREPARATION", "PREPAYMENT_INVOICE", "EXECUTING", "FINAL_INVOICE"];

/// The open stage that stands for one of the portal's.
pub fn open_status(pipeline: &Pipeline, stage: &str) -> i64 {
    let open: Vec<&Status> = pipeline.open_statuses().collect();
    let at = OPEN_STAGES.iter().position(|own| *own == stage).unwrap_or_default();
    open.get(at).or(open.last()).map_or(0, |status| status.id)
}

pub fn opened(settings: AmoSettings, now_s: i64) -> World {
    let mut world = World {
        tokens: Tokens::new(settings.domain(), now_s),
        last_id: FIRST_OWN_ID,
        settings,
        ..World::default()
    };
    let main = world.settings.words("Воронка", "Pipeline").to_owned();
    add_pipeline(&mut world, 0, &main);
    card_fields(&mut world);
    if world.settings.invoices {
        let name = world.settings.words("Счета/покупки", "Invoices");
        let catalog = catalogs::catalog(INVOICES, name, "invoices", now_s, &Object::new());
        world.catalogs.insert(INVOICES, catalog);
        invoice_fields(&mut world);
    }
    let name = world.settings.words("Товары", "Products");
    let catalog = catalogs::catalog(PRODUCTS, name, "products", now_s, &Object::new());
    world.catalogs.insert(PRODUCTS, catalog);
    let place = PRODUCTS.to_string();
    for (name, code, kind) in [
        (world.settings.words("Артикул", "SKU"), "SKU", "text"),
        (
            world.settings.words("Описание", "Description"),
            "DESCRIPTION",
            "textarea",
        ),
        (world.settings.words("Цена", "Price"), "PRICE", "price"),
    ] {
        add_field(&mut world, &place, name, Some(code), kind, &[]);
    }
    world
}

/// Adds a pipeline, or renames the one of that number.
pub fn add_pipeline(world: &mut World, category: i64, name: &str) {
    let id = pipeline_id(category);
    if let Some(pipeline) = world.pipelines.iter_mut().find(|pipeline| pipeline.id == id) {
        name.clone_into(&mut pipeline.name);
        return;
    }
    let words = |russian, english| world.settings.words(russian, english);
    let names = [
        (words("Неразобранное", "Incoming leads"), 1, "#c1c1c1"),
        (words("Первичный контакт", "Initial contact"), 0, "#99ccff"),
        (words("Переговоры", "Discussions"), 0, "#ffff99"),
        (words("Принимают решение", "Decision making"), 0, "#ffcc66"),
        (words("Счёт выставлен", "Invoice sent"), 0, "#ffcccc"),
        (words("Согласование договора", "Contract discussion"), 0, "#ff8f92"),
    ];
    let (won, lost) = (
        words("Успешно реализовано", "Closed - won"),
        words("Закрыто и не реализовано", "Closed - lost"),
    );
    let mut statuses: Vec<Status> = names
        .iter()
        .zip(1_i64..)
        .map(|((name, kind, color), at)| Status {
            id: world.last_id + at,
            name: (*name).to_owned(),
            sort: at * 10,
            kind: *kind,
            color: (*color).to_owned(),
        })
        .collect();
    for (id, name, sort, color) in [(WON, won, 10_000, "#CCFF66"), (LOST, lost, 11_000, "#D5D8DB")] {
        statuses.push(Status {
            id,
            name: name.to_owned(),
            sort,
            kind: 0,
            color: color.to_owned(),
        });
    }
    world.last_id += i64::try_from(names.len()).unwrap_or_default();
    let count = i64::try_from(world.pipelines.len()).unwrap_or_default();
    world.pipelines.push(Pipeline {
        id,
        name: name.to_owned(),
        sort: count + 1,
        main: count == 0,
        statuses,
    });
}

fn card_fields(world: &mut World) {
    let phone: Choices<'_> = &[
        ("WORK", "WORK"),
        ("WORKDD", "WORKDD"),
        ("MOB", "MOB"),
        ("FAX", "FAX"),
        ("HOME", "HOME"),
        ("OTHER", "OTHER"),
    ];
    let email: Choices<'_> = &[("WORK", "WORK"), ("PRIV", "PRIV"), ("OTHER", "OTHER")];
    for place in ["contacts", "companies"] {
        for (russian, english, code, choices) in
            [("Телефон", "Phone", "PHONE", phone), ("Email", "Email", "EMAIL", email)]
        {
            let name = world.settings.words(russian, english);
            add_field(world, place, name, Some(code), "multitext", choices);
        }
    }
    for (russian, english, code, kind) in [
        ("Web", "Web", Some("WEB"), "url"),
        ("Адрес", "Address", Some("ADDRESS"), "textarea"),
    ] {
        let name = world.settings.words(russian, english);
        add_field(world, "companies", name, code, kind, &[]);
    }
    let name = world.settings.words("Должность", "Position");
    add_field(world, "contacts", name, Some("POSITION"), "text", &[]);
    let requisites = world.settings.requisites;
    if requisites.in_legal_entity() {
        let name = world.settings.words("Реквизиты", "Legal entity");
        add_field(world, "companies", name, None, "legal_entity", &[]);
    }
    if requisites.in_text() {
        for name in TEXT_REQUISITES {
            add_field(world, "companies", name, None, "text", &[]);
        }
    }
}

/// Text and code of every choice.
type Choices<'a> = &'a [(&'a str, &'a str)];

/// Names of the plain text fields, in the order of a card: tax number, reason code, account, bank.
pub const TEXT_REQUISITES: [&str; 4] = ["ИНН", "КПП", "Р/с", "БИК"];

fn invoice_fields(world: &mut World) {
    let place = INVOICES.to_string();
    let words = |russian, english| world.settings.words(russian, english);
    let statuses = [
        (words("Создан", "Created"), "created"),
        (words("Оплачен", "Paid"), "paid"),
        (words("Частично оплачен", "Partially paid"), "partially_paid"),
        (words("Оплачен в аванс", "Paid in advance"), "paid_in_advance"),
    ];
    let taxes = [
        (words("Не облагается", "Exempt"), "vat_exempt"),
        (words("НДС включён", "Included"), "vat_included"),
        (words("НДС сверху", "Not included"), "vat_not_included"),
    ];
    let fields: [(&str, &str, &str, Choices<'_>); 9] = [
        (words("Статус", "Status"), "BILL_STATUS", "select", &statuses),
        (
            words("Юридическое лицо", "Legal entity"),
            "LEGAL_ENTITY",
            "legal_entity",
            &[],
        ),
        (words("Плательщик", "Payer"), "PAYER", "payer", &[]),
        (words("Товары и услуги", "Items"), "ITEMS", "items", &[]),
        (words("Тип НДС", "VAT type"), "BILL_VAT_TYPE", "select", &taxes),
        (
            words("Причина отсутствия НДС", "Reason for no VAT"),
            "BILL_REASON_FOR_NO_VAT",
            "text",
            &[],
        ),
        (words("Дата оплаты", "Payment date"), "BILL_PAYMENT_DATE", "date", &[]),
        (words("Комментарий", "Comment"), "BILL_COMMENT", "textarea", &[]),
        (words("Итоговая сумма", "Total"), "BILL_PRICE", "numeric", &[]),
    ];
    for (name, code, kind, choices) in fields {
        add_field(world, &place, name, Some(code), kind, choices);
    }
}

fn add_field(world: &mut World, place: &str, name: &str, code: Option<&str>, kind: &str, choices: Choices<'_>) {
    let id = world.new_id();
    let choices = choices
        .iter()
        .zip(0_i64..)
        .map(|((value, code), sort)| Choice {
            id: world.new_id(),
            value: (*value).to_owned(),
            sort,
            code: Some((*code).to_owned()),
        })
        .collect();
    let sort = 500 + i64::try_from(world.fields_of(place).len()).unwrap_or_default();
    let field = Field {
        id,
        place: place.to_owned(),
        name: name.to_owned(),
        code: code.map(str::to_owned),
        kind: kind.to_owned(),
        sort,
        api_only: false,
        predefined: code.is_some(),
        choices,
        group: None,
    };
    world.fields.insert(id, field);
}

/// The choice of a field, in the shape values have.
pub fn choice(field: &Field, code: &str) -> Option<serde_json::Value> {
    let choice = field
        .choices
        .iter()
        .find(|choice| choice.code.as_deref() == Some(code))?;
    Some(json!({"value": choice.value, "enum_id": choice.id, "enum_code": choice.code}))
}
