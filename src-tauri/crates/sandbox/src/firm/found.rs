//! Founding a firm in a portal: funnels and stages first, then companies, deals and invoices.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::{
    Firm, FirmCompany, FirmDeal, FirmError, FirmInvoice, FirmOldInvoice, FirmRequisite, FirmUser,
    stages::{default_stages, put_stage},
};
use crate::{
    cell::{Cell, Kind, hundredths},
    rest::bill,
    schema::{COMPANY, DEAL, INVOICE, LEAD, Row},
    world::{Category, MANAGER, SCOPES, UserField, WEBHOOK_USER, World, int, text},
};

impl Firm {
    /// Adds this firm to `world`, which is left as it was on an error.
    ///
    /// # Errors
    /// A sum, date, stage or number that cannot be.
    pub fn found(&self, world: &World, now_ms: i64) -> Result<World, FirmError> {
        let mut new = if self.keep {
            world.clone()
        } else {
            // An application outlives the firm it was installed for: its tokens are in somebody's hands.
            World {
                oauth: world.oauth.clone(),
                settings: world.settings.clone(),
                ..World::default()
            }
        };
        self.settle(&mut new);
        for company in &self.companies {
            add_company(&mut new, company, now_ms);
        }
        for deal in &self.deals {
            add_deal(&mut new, deal, now_ms)?;
        }
        let issued_with = first_requisites(&new);
        let mut numbers: BTreeSet<String> = new
            .rows(INVOICE)
            .filter(|row| {
                !self
                    .invoices
                    .iter()
                    .any(|invoice| row.get("id") == Some(&Cell::Int(invoice.id)))
            })
            .map(|row| text(row, "accountNumber").to_owned())
            .collect();
        for invoice in &self.invoices {
            if !numbers.insert(invoice.number.clone()) {
                return Err(FirmError::Number {
                    id: invoice.id,
                    number: invoice.number.clone(),
                });
            }
            add_invoice(&mut new, invoice, &issued_with, now_ms)?;
        }
        for invoice in &self.old_invoices {
            add_old_invoice(&mut new, invoice, now_ms)?;
        }
        for field in &self.user_fields {
            let id = new.new_id();
            new.user_fields.push(UserField {
                id,
                entity: field.entity.clone(),
                name: field.name.clone(),
                user_type: field.user_type.clone().unwrap_or_else(|| "string".to_owned()),
                multiple: field.multiple,
                label: field.name.clone(),
            });
        }
        Ok(new)
    }

    /// Scopes, currencies, funnels, stages.
    fn settle(&self, world: &mut World) {
        if let Some(scopes) = &self.scopes {
            world.scopes.clone_from(scopes);
        } else if world.scopes.is_empty() {
            world.scopes = SCOPES.map(str::to_owned).to_vec();
        }
        if let Some(status) = self.forbidden_status {
            world.forbidden_status = status;
        }
        if let Some(portal) = &self.portal {
            world.settings.clone_from(portal);
        }
        if let Some(scopes) = &self.app.scopes {
            world.oauth.scopes.clone_from(scopes);
        }
        if self.app.redirect.is_some() {
            world.oauth.redirect.clone_from(&self.app.redirect);
        }
        add_users(world, &self.users);
        if world.currencies.is_empty() {
            world.currencies = ["RUB", "USD", "EUR", "CNY", "AMD"].map(str::to_owned).to_vec();
        }
        for category in &self.categories {
            world
                .categories
                .retain(|old| (old.entity_type_id, old.id) != (category.entity_type_id, category.id));
            world.categories.push(Category {
                id: category.id,
                entity_type_id: category.entity_type_id,
                name: category.name.clone(),
                sort: 100 * i64::try_from(world.categories.len() + 1).unwrap_or(1),
                default: category.default,
            });
        }
        for (entity_type_id, id, name) in [(INVOICE, 3, "Общая"), (DEAL, 0, "Общая"), (LEAD, 0, "Лиды")] {
            if world.default_category(entity_type_id).is_none() {
                world.categories.push(Category {
                    id,
                    entity_type_id,
                    name: name.to_owned(),
                    sort: 500,
                    default: true,
                });
            }
        }
        for stage in &self.stages {
            let semantics = stage.semantics.as_deref().unwrap_or("");
            let place = (stage.entity_type_id, stage.category);
            put_stage(world, place, &stage.id, &stage.name, semantics);
        }
        default_stages(world);
    }
}

fn add_invoice(
    world: &mut World,
    invoice: &FirmInvoice,
    issued_with: &BTreeMap<i64, (i64, i64)>,
    now_ms: i64,
) -> Result<(), FirmError> {
    let id = invoice.id;
    let day = |text: &Option<String>| match text {
        None => Ok(Cell::Empty),
        Some(text) => Cell::read_text(Kind::Date, text).ok_or_else(|| FirmError::Date { id, text: text.clone() }),
    };
    let category = invoice
        .category
        .or_else(|| world.default_category(INVOICE).map(|category| category.id))
        .unwrap_or_default();
    let stage = chosen_stage(world, (INVOICE, category), "invoice", id, invoice.stage.as_deref())?;
    let title = invoice
        .title
        .clone()
        .unwrap_or_else(|| format!("Счёт № {}", invoice.number));
    let row = row([
        ("id", Cell::Int(id)),
        ("title", Cell::text(title)),
        ("accountNumber", Cell::text(&*invoice.number)),
        ("categoryId", Cell::id(category)),
        ("stageId", Cell::text(stage)),
        ("opportunity", amount(id, &invoice.amount)?),
        ("isManualOpportunity", Cell::Flag(true)),
        ("currencyId", Cell::text(invoice.currency.as_deref().unwrap_or("RUB"))),
        ("companyId", Cell::id(invoice.company)),
        ("mycompanyId", Cell::id(invoice.own_company)),
        ("parentId2", Cell::id(invoice.deal)),
        ("begindate", day(&invoice.date)?),
        ("closedate", day(&invoice.due)?),
    ]);
    insert(world, INVOICE, id, row, now_ms);
    if let (Some(user), Some(row)) = (
        invoice.responsible,
        world.items.get_mut(&INVOICE).and_then(|rows| rows.get_mut(&id)),
    ) {
        row.insert("assignedById".to_owned(), Cell::id(user));
    }
    if invoice.payment {
        bill(world, INVOICE, id, now_ms);
    }
    let of = |company: i64| issued_with.get(&company).copied().unwrap_or_default();
    let ((requisite, detail), (own_requisite, own_detail)) = (of(invoice.company), of(invoice.own_company));
    world.links.entry(INVOICE).or_default().insert(
        id,
        self::row([
            ("ENTITY_TYPE_ID", Cell::Int(INVOICE)),
            ("ENTITY_ID", Cell::Int(id)),
            ("REQUISITE_ID", Cell::id(requisite)),
            ("BANK_DETAIL_ID", Cell::id(detail)),
            ("MC_REQUISITE_ID", Cell::id(own_requisite)),
            ("MC_BANK_DETAIL_ID", Cell::id(own_detail)),
        ]),
    );
    Ok(())
}

fn add_old_invoice(world: &mut World, invoice: &FirmOldInvoice, now_ms: i64) -> Result<(), FirmError> {
    let id = invoice.id;
    let day = match &invoice.date {
        None => Cell::Empty,
        Some(text) => Cell::read_text(Kind::Date, text).ok_or_else(|| FirmError::Date { id, text: text.clone() })?,
    };
    let status = invoice.status.as_deref().unwrap_or("N");
    let row = row([
        ("ID", Cell::Int(id)),
        ("ACCOUNT_NUMBER", Cell::text(&*invoice.number)),
        ("ORDER_TOPIC", Cell::text(format!("Счёт № {}", invoice.number))),
        ("STATUS_ID", Cell::text(status)),
        ("PRICE", amount(id, &invoice.amount)?),
        ("CURRENCY", Cell::text("RUB")),
        ("UF_COMPANY_ID", Cell::id(invoice.company)),
        ("UF_DEAL_ID", Cell::id(invoice.deal)),
        ("UF_MYCOMPANY_ID", Cell::id(invoice.own_company)),
        ("DATE_BILL", day),
        ("PAYED", Cell::Flag(status == "P")),
        ("RESPONSIBLE_ID", Cell::Int(WEBHOOK_USER)),
        ("DATE_INSERT", Cell::Moment(now_ms)),
        ("DATE_UPDATE", Cell::Moment(now_ms)),
    ]);
    world.claim(id);
    world.old_invoices.insert(id, row);
    Ok(())
}

fn row<const N: usize>(cells: [(&str, Cell); N]) -> Row {
    cells.into_iter().map(|(key, cell)| (key.to_owned(), cell)).collect()
}

fn amount(id: i64, value: &Value) -> Result<Cell, FirmError> {
    let text = match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    hundredths(&text)
        .map(Cell::Money)
        .ok_or(FirmError::Amount { id, amount: text })
}

/// The service user, a manager and whom the firm names.
fn add_users(world: &mut World, named: &[FirmUser]) {
    let user = |id: i64, name: &str, last_name: &str, position: &str, admin: bool| {
        row([
            ("ID", Cell::Int(id)),
            ("ACTIVE", Cell::Flag(true)),
            ("ADMIN", Cell::Flag(admin)),
            ("NAME", Cell::text(name)),
            ("LAST_NAME", Cell::text(last_name)),
            ("EMAIL", Cell::text(format!("user{id}@sandbox.invalid"))),
            ("WORK_POSITION", Cell::text(position)),
            ("USER_TYPE", Cell::text("employee")),
        ])
    };
    let own = [
        (WEBHOOK_USER, user(WEBHOOK_USER, "Служебный", "Пользователь", "", true)),
        (MANAGER, user(MANAGER, "Анна", "Орлова", "Менеджер", false)),
    ];
    for (id, row) in own {
        world.users.entry(id).or_insert(row);
    }
    for person in named {
        let row = user(person.id, &person.name, &person.last_name, "", person.admin);
        world.users.insert(person.id, row);
    }
}

fn chosen_stage(
    world: &World,
    (entity_type_id, category): (i64, i64),
    what: &'static str,
    id: i64,
    stage: Option<&str>,
) -> Result<String, FirmError> {
    let found = match stage {
        Some(stage) => world.stage(entity_type_id, category, stage),
        None => world.stages(entity_type_id, category).first().copied(),
    };
    found
        .map(|row| text(row, "STATUS_ID").to_owned())
        .ok_or_else(|| FirmError::Stage {
            what,
            id,
            stage: stage.unwrap_or_default().to_owned(),
            category,
        })
}

fn insert(world: &mut World, entity_type_id: i64, id: i64, mut row: Row, now_ms: i64) {
    for key in ["createdTime", "updatedTime", "movedTime", "lastActivityTime"] {
        row.insert(key.to_owned(), Cell::Moment(now_ms));
    }
    for key in ["createdBy", "updatedBy", "movedBy", "assignedById"] {
        row.insert(key.to_owned(), Cell::Int(WEBHOOK_USER));
    }
    row.insert("opened".to_owned(), Cell::Flag(true));
    world.claim(id);
    world.items.entry(entity_type_id).or_default().insert(id, row);
}

fn add_company(world: &mut World, company: &FirmCompany, now_ms: i64) {
    let cells = row([
        ("id", Cell::Int(company.id)),
        ("title", Cell::text(&*company.title)),
        ("typeId", Cell::text("CUSTOMER")),
        ("isMyCompany", Cell::Flag(company.own)),
    ]);
    // Loaded again, a company brings its requisites again.
    if world.item(COMPANY, company.id).is_some() {
        let old: Vec<i64> = world
            .requisites
            .iter()
            .filter(|(_, requisite)| requisite.get("ENTITY_ID") == Some(&Cell::Int(company.id)))
            .map(|(id, _)| *id)
            .collect();
        world.requisites.retain(|id, _| !old.contains(id));
        world
            .bank_details
            .retain(|_, detail| !old.contains(&int(detail, "ENTITY_ID")));
    }
    insert(world, COMPANY, company.id, cells, now_ms);
    for requisite in &company.requisites {
        add_requisite(world, company, requisite, now_ms);
    }
}

/// The preset of organisations and the one of sole traders, as `crm.requisite.preset.list` has them.
pub const ORGANISATION_PRESET: i64 = 1;
pub const SOLE_TRADER_PRESET: i64 = 3;

fn add_requisite(world: &mut World, company: &FirmCompany, requisite: &FirmRequisite, now_ms: i64) {
    let id = world.new_id();
    let preset = if requisite.inn.len() == 12 {
        SOLE_TRADER_PRESET
    } else {
        ORGANISATION_PRESET
    };
    let name = if requisite.name.is_empty() {
        &company.title
    } else {
        &requisite.name
    };
    let cells = row([
        ("ID", Cell::Int(id)),
        ("ENTITY_TYPE_ID", Cell::Int(COMPANY)),
        ("ENTITY_ID", Cell::Int(company.id)),
        ("PRESET_ID", Cell::Int(preset)),
        ("NAME", Cell::text(&**name)),
        ("ACTIVE", Cell::Flag(true)),
        ("SORT", Cell::Int(500)),
        ("RQ_NAME", Cell::text(&**name)),
        ("RQ_COMPANY_NAME", Cell::text(&**name)),
        ("RQ_INN", Cell::text(&*requisite.inn)),
        ("RQ_KPP", Cell::text(&*requisite.kpp)),
        ("DATE_CREATE", Cell::Moment(now_ms)),
    ]);
    world.requisites.insert(id, cells);
    for account in &requisite.accounts {
        let detail = world.new_id();
        let cells = row([
            ("ID", Cell::Int(detail)),
            ("ENTITY_ID", Cell::Int(id)),
            ("COUNTRY_ID", Cell::Int(1)),
            ("NAME", Cell::text(&*account.bank)),
            ("ACTIVE", Cell::Flag(true)),
            ("SORT", Cell::Int(500)),
            ("RQ_BANK_NAME", Cell::text(&*account.bank)),
            ("RQ_BIK", Cell::text(&*account.bik)),
            ("RQ_ACC_NUM", Cell::text(&*account.account)),
            ("RQ_COR_ACC_NUM", Cell::text(&*account.correspondent)),
            ("RQ_ACC_CURRENCY", Cell::text("RUB")),
        ]);
        world.bank_details.insert(detail, cells);
    }
}

fn add_deal(world: &mut World, deal: &FirmDeal, now_ms: i64) -> Result<(), FirmError> {
    let stage = chosen_stage(world, (DEAL, deal.category), "deal", deal.id, deal.stage.as_deref())?;
    let semantics = world
        .stage(DEAL, deal.category, &stage)
        .map(|row| text(row, "SEMANTICS").to_owned())
        .unwrap_or_default();
    let cells = row([
        ("id", Cell::Int(deal.id)),
        ("title", Cell::text(&*deal.title)),
        ("typeId", Cell::text("SALE")),
        ("categoryId", Cell::id(deal.category)),
        ("stageId", Cell::text(stage)),
        ("opportunity", amount(deal.id, &deal.amount)?),
        ("currencyId", Cell::text("RUB")),
        ("companyId", Cell::id(deal.company)),
        ("closed", Cell::Flag(!semantics.is_empty())),
        (
            "stageSemanticId",
            Cell::text(if semantics.is_empty() { "P" } else { &semantics }),
        ),
    ]);
    insert(world, DEAL, deal.id, cells, now_ms);
    Ok(())
}

/// The first requisite and its first account, by company: what an invoice is issued with.
fn first_requisites(world: &World) -> BTreeMap<i64, (i64, i64)> {
    let mut details = BTreeMap::new();
    for (id, detail) in &world.bank_details {
        details.entry(int(detail, "ENTITY_ID")).or_insert(*id);
    }
    let mut first = BTreeMap::new();
    for (id, requisite) in &world.requisites {
        let detail = details.get(id).copied().unwrap_or_default();
        first.entry(int(requisite, "ENTITY_ID")).or_insert((*id, detail));
    }
    first
}
