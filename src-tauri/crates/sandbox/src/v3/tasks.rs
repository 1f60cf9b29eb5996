//! Tasks as the third generation shows them: whole numbers, words for statuses and priorities, links under another name.

use super::{Outcome, Problem};
use crate::{
    cell::{Cell, Kind},
    filter::{Schema, Strangers},
    listing::Query,
    php::Php,
    portal::{Asked, Portal},
    records::TASK_FIELDS,
    rest::{self, RestError, shown_task},
    schema::Row,
    world::{World, text},
};

pub const METHODS: [&str; 5] = [
    "tasks.task.add",
    "tasks.task.get",
    "tasks.task.list",
    "tasks.task.update",
    "tasks.task.delete",
];

/// Of the fields a task has, those that this portal keeps, with their types.
pub const FIELDS: [(&str, &str); 14] = [
    ("id", "integer"),
    ("title", "string"),
    ("description", "string"),
    ("creatorId", "integer"),
    ("created", "string"),
    ("responsibleId", "integer"),
    ("deadline", "string"),
    ("groupId", "integer"),
    ("priority", "string"),
    ("status", "string"),
    ("changed", "string"),
    ("closed", "string"),
    ("xmlId", "string"),
    ("crmItemIds", "array"),
];
const USER_FIELDS: [&str; 3] = ["id", "name", "email"];
const STATUSES: [(i64, &str); 6] = [
    (2, "pending"),
    (3, "in_progress"),
    (4, "supposedly_completed"),
    (5, "completed"),
    (6, "deferred"),
    (7, "declined"),
];
const PRIORITIES: [(i64, &str); 3] = [(0, "low"), (1, "average"), (2, "high")];
/// An operator, and the prefix of the generation before for it and for its opposite.
const OPERATORS: [(&str, &str, &str); 8] = [
    ("=", "=", "!="),
    ("!=", "!=", "="),
    (">", ">", "<="),
    (">=", ">=", "<"),
    ("<", "<", ">="),
    ("<=", "<=", ">"),
    ("in", "@", "!@"),
    ("between", "><", "!><"),
];
const LIMIT_DEFAULT: usize = 50;
const LIMIT_MAX: usize = 1000;

/// What the generation before calls a field.
fn before(name: &str) -> &str {
    match name {
        "creatorId" => "createdBy",
        "created" => "createdDate",
        "changed" => "changedDate",
        "closed" => "closedDate",
        "crmItemIds" => "ufCrmTask",
        same => same,
    }
}

/// `add`, `get`, `update` and `delete`.
pub fn one(portal: &mut Portal, asked: &Asked<'_>) -> Outcome {
    let mut params = Php::empty();
    if asked.method != "tasks.task.add" {
        params.set("taskId", Php::Number(id(portal, asked)?.into()));
    }
    if let Some(fields) = asked.params.get("fields") {
        params.set("fields", written(fields)?);
    }
    if asked.method == "tasks.task.add" {
        required(asked.params.get("fields"))?;
    }
    let (status, body) = portal.answer(&asked.with(&params));
    if status != 200 {
        let text = |name: &str| body.get(name).and_then(Php::as_text).unwrap_or_default();
        return Err(RestError::new(status, &text("error"), text("error_description")).into());
    }
    let task = body.get("result").and_then(|result| result.get("task")).cloned();
    match task {
        Some(Php::Bool(done)) => Ok(Php::map([("result", Php::Bool(done))])),
        Some(_) if asked.method == "tasks.task.update" => Ok(Php::map([("result", Php::Bool(true))])),
        Some(task) => {
            let item = chosen(&portal.world, &task, &names(asked.params), true)?;
            Ok(Php::map([("item", item)]))
        }
        None => Err(Problem::no_method()),
    }
}

/// The number of a task that is there.
fn id(portal: &Portal, asked: &Asked<'_>) -> Result<i64, Problem> {
    let Some(id) = asked.params.get("id") else {
        return Err(Problem::invalid("id", "Не указано обязательное поле `id`"));
    };
    let id = match id {
        Php::Number(number) => number.as_i64(),
        _ => None,
    };
    let id = id.ok_or_else(|| Problem::invalid("id", "Для поля `id` в данном запросе необходим тип данных `int`"))?;
    match portal.world.tasks.contains_key(&id) {
        true => Ok(id),
        false => Err(Problem::exception(
            400,
            "ENTITYNOTFOUNDEXCEPTION",
            format!("Запись с ID = `{id}` не найдена"),
        )),
    }
}

fn required(fields: Option<&Php>) -> Result<(), Problem> {
    for name in ["title", "creatorId", "responsibleId"] {
        let given = fields.and_then(|fields| fields.get(name)).and_then(Php::as_text);
        if given.is_none_or(|text| text.trim().is_empty()) {
            return Err(Problem::invalid(name, format!("Не указано обязательное поле `{name}`")));
        }
    }
    Ok(())
}

/// The fields of a request in the words of the generation before.
fn written(fields: &Php) -> Outcome {
    let mut written = Php::empty();
    for (name, value) in fields.entries() {
        if !FIELDS.iter().any(|(known, _)| known == name) {
            return Err(unknown(name, "TaskDto"));
        }
        let words: &[(i64, &str)] = match name.as_str() {
            "status" => &STATUSES,
            "priority" => &PRIORITIES,
            _ => &[],
        };
        let text = value.as_text().unwrap_or_default();
        let number = words.iter().find(|(_, word)| *word == text).map(|(number, _)| *number);
        let value = number.map_or_else(|| value.clone(), |number| Php::Number(number.into()));
        // Links have a name of their own there; the rest is found by either.
        let name = if name == "crmItemIds" {
            "UF_CRM_TASK"
        } else {
            before(name)
        };
        written.set(name, value);
    }
    Ok(written)
}

fn unknown(field: &str, object: &str) -> Problem {
    Problem::exception(
        400,
        "UNKNOWNDTOPROPERTYEXCEPTION",
        format!("Неизвестное поле `{field}` сущности `{object}`"),
    )
}

fn names(params: &Php) -> Vec<String> {
    params.get("select").map(Php::texts).unwrap_or_default()
}

/// A task with the fields that were asked for. `whole`: all of them where none were.
fn chosen(world: &World, task: &Php, names: &[String], whole: bool) -> Outcome {
    let mut item = Php::empty();
    for (name, kind) in FIELDS {
        let asked = name == "id" || names.iter().any(|asked| asked == name) || (names.is_empty() && whole);
        if asked {
            item.set(name, value(task, name, kind));
        }
    }
    for (path, owner) in names.iter().filter_map(|name| Some((name, name.split_once('.')?))) {
        let (object, field) = owner;
        let key = match object {
            "creator" => "createdBy",
            "responsible" => "responsibleId",
            _ => return Err(unknown(path, "TaskDto")),
        };
        if !USER_FIELDS.contains(&field) {
            return Err(unknown(field, "UserDto"));
        }
        let user = task.get(key).and_then(Php::as_int).unwrap_or_default();
        let row = world.users.get(&user);
        let shown = match (field, row) {
            ("id", _) => Php::Number(user.into()),
            ("name", Some(row)) => Php::text(format!("{} {}", text(row, "NAME"), text(row, "LAST_NAME"))),
            (_, Some(row)) => Php::text(text(row, "EMAIL")),
            (_, None) => Php::Null,
        };
        let mut person = item.get(object).cloned().unwrap_or_else(Php::empty);
        person.set(field, shown);
        item.set(object, person);
    }
    Ok(item)
}

fn value(task: &Php, name: &str, kind: &str) -> Php {
    let value = task.get(before(name)).unwrap_or(&Php::Null);
    let word = |words: &[(i64, &str)]| {
        let number = value.as_int();
        let word = words.iter().find(|(known, _)| Some(*known) == number);
        word.map_or(Php::Null, |(_, word)| Php::text(*word))
    };
    match (name, kind) {
        ("status", _) => word(&STATUSES),
        ("priority", _) => word(&PRIORITIES),
        ("crmItemIds", _) => match value.is_map() {
            true => value.clone(),
            false => Php::empty(),
        },
        (_, "integer") => value.as_int().map_or(Php::Null, |number| Php::Number(number.into())),
        _ => value.clone(),
    }
}

/// A list of this generation: pages of any length up to a thousand, and no count.
pub fn list(portal: &mut Portal, asked: &Asked<'_>) -> Outcome {
    let method = rest::method(asked.method).ok_or_else(Problem::no_method)?;
    if !method.allows(asked.caller) {
        return Err(RestError::insufficient_scope(403, "webhook").into());
    }
    let now_ms = portal.clock.now_ms();
    if portal.limits.is_blocked(method.name, now_ms) {
        return Err(RestError::operation_time_limit().into());
    }
    portal.limits.spend(method.name, method.writes, now_ms);
    let (skipped, limit) = pages(asked.params.get("pagination"))?;
    let mut params = Php::map([("filter", filter(asked.params.get("filter"))?)]);
    params.set("order", order(asked.params.get("order"))?);
    let schema = Schema {
        fields: TASK_FIELDS,
        user_fields: &[],
        entity: "",
        strangers: Strangers::Refuse,
    };
    let query = Query::new(&schema, &params).map_err(|field| unknown(&field.name, "TaskDto"))?;
    let found = query.all(portal.world.tasks.values());
    let names = names(asked.params);
    let shown = |row: &Row| chosen(&portal.world, &shown_task(row), &names, false);
    let items: Result<Vec<Php>, Problem> = found.into_iter().skip(skipped).take(limit).map(shown).collect();
    Ok(Php::map([("items", Php::list(items?))]))
}

/// How many rows are passed over, and how many are taken.
fn pages(pagination: Option<&Php>) -> Result<(usize, usize), Problem> {
    let wrong = || {
        let said = pagination.and_then(|pages| serde_json::to_string(pages).ok());
        Problem::exception(
            400,
            "INVALIDPAGINATIONEXCEPTION",
            format!(
                "Не удалось распознать параметр пагинации `{}`",
                said.unwrap_or_default()
            ),
        )
    };
    let number = |name: &str| match pagination.and_then(|pages| pages.get(name)) {
        None | Some(Php::Null) => Ok(None),
        Some(value) => match value.as_int().map(usize::try_from) {
            Some(Ok(number)) => Ok(Some(number)),
            _ => Err(wrong()),
        },
    };
    let limit = number("limit")?.unwrap_or(LIMIT_DEFAULT);
    if limit == 0 {
        return Err(wrong());
    }
    let limit = limit.min(LIMIT_MAX);
    // Pages are counted from one; the page before the first is the first.
    let skipped = match number("page")? {
        Some(page) => page.saturating_sub(1).saturating_mul(limit),
        None => number("offset")?.unwrap_or_default(),
    };
    Ok((skipped, limit))
}

fn order(order: Option<&Php>) -> Outcome {
    let mut before_order = Php::empty();
    for (name, direction) in order.map_or(&[][..], Php::entries) {
        let direction = direction.as_text().unwrap_or_default().to_ascii_uppercase();
        let known = FIELDS.iter().any(|(field, _)| field == name) && name != "crmItemIds";
        if !known || !["ASC", "DESC"].contains(&direction.as_str()) {
            return Err(Problem::exception(
                400,
                "INVALIDORDEREXCEPTION",
                format!("Не удалось распознать параметр сортировки `{name}`"),
            ));
        }
        before_order.set(before(name), Php::text(direction));
    }
    Ok(before_order)
}

fn bad_filter(why: &str) -> Problem {
    Problem::exception(400, "INVALIDFILTEREXCEPTION", why)
}

/// `[["id", "in", [1, 2]], {"logic": "or", "conditions": [["id", 3], ["id", 4]]}]` in the words of the generation before:
/// every condition a group of its own, or two on one field would be one.
fn filter(conditions: Option<&Php>) -> Outcome {
    match conditions {
        None | Some(Php::Null) => Ok(Php::empty()),
        Some(conditions) => all_of(conditions, false),
    }
}

fn all_of(conditions: &Php, negated: bool) -> Outcome {
    if !conditions.is_map() {
        return Err(bad_filter("Фильтр должен быть массивом условий"));
    }
    if conditions
        .entries()
        .iter()
        .any(|(key, _)| key.parse::<usize>().is_err())
    {
        return Err(bad_filter("Фильтр REST 2.0 в REST 3.0 не работает"));
    }
    let mut whole = Php::empty();
    for (at, (_, condition)) in conditions.entries().iter().enumerate() {
        whole.set(&at.to_string(), group_or_condition(condition, negated)?);
    }
    Ok(whole)
}

/// What a group denies, each of its conditions denies, with the other logic between them.
fn group_or_condition(condition: &Php, negated: bool) -> Outcome {
    let Some(inner) = condition.get("conditions") else {
        return single(condition, negated);
    };
    let logic = condition.get("logic").and_then(Php::as_text).unwrap_or_default();
    let negated = condition.get("negative").is_some_and(Php::is_yes) != negated;
    let mut group = all_of(inner, negated)?;
    let any = logic.eq_ignore_ascii_case("or") != negated;
    group.set("logic", Php::text(if any { "OR" } else { "AND" }));
    Ok(group)
}

fn single(condition: &Php, negated: bool) -> Outcome {
    let part = |at: &str| condition.get(at).ok_or_else(|| bad_filter("Условие фильтра неполно"));
    let name = part("0")?
        .as_text()
        .ok_or_else(|| bad_filter("Условие фильтра начинается с поля"))?;
    let (operator, value) = match condition.get("2") {
        Some(value) => (part("1")?.as_text().unwrap_or_default(), value),
        None => ("=".to_owned(), part("1")?),
    };
    let known = OPERATORS.iter().find(|(word, ..)| *word == operator);
    let Some((_, plain, denied)) = known else {
        return Err(Problem::exception(
            400,
            "UNKNOWNFILTEROPERATOREXCEPTION",
            format!("Неизвестный оператор фильтра `{operator}`"),
        ));
    };
    if !FIELDS.iter().any(|(field, _)| *field == name) {
        return Err(unknown(&name, "TaskDto"));
    }
    // Tasks are found by their number and by nothing else.
    if name != "id" {
        return Err(Problem::invalid(
            &name,
            format!("В DTO `TaskDto` для поля `{name}` в данном запросе требуется атрибут `Filterable`"),
        ));
    }
    let is_number = |text: &String| Cell::read_text(Kind::Int, text).is_some();
    if !value.texts().iter().all(is_number) {
        return Err(Problem::invalid(
            "id",
            "Для поля `id` в данном запросе необходим тип данных `int`",
        ));
    }
    let prefix = if negated { denied } else { plain };
    Ok(Php::map([(format!("{prefix}{name}"), value.clone())]))
}
