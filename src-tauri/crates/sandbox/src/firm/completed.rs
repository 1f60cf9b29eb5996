//! What a firm written by hand leaves out: numbers of its own for what has none, the funnel of a stage that says it in its
//! name, and requisites that stand in the company itself.

use serde_json::{Map, Value, json};

use super::FirmError;
use crate::schema::{DEAL, INVOICE};

/// What names a company in its requisites, and what names an account of it.
const REQUISITE: [&str; 2] = ["inn", "kpp"];
const ACCOUNT: [&str; 4] = ["account", "bik", "bank", "correspondent"];

/// The firm with everything said.
///
/// # Errors
/// Something without a number is to be added to what is already there: it could only be guessed.
pub fn completed(mut firm: Value) -> Result<Value, FirmError> {
    let keeps = firm.get("keep").and_then(Value::as_bool).unwrap_or_default();
    for list in ["companies", "deals", "invoices", "old_invoices"] {
        let Some(entries) = firm.get_mut(list).and_then(Value::as_array_mut) else {
            continue;
        };
        let id = |entry: &Value| entry.get("id").and_then(Value::as_i64);
        let mut last = entries.iter().filter_map(id).max().unwrap_or_default();
        for entry in entries.iter_mut().filter_map(Value::as_object_mut) {
            if !entry.contains_key("id") {
                if keeps {
                    return Err(FirmError::Shape(format!("{list}: what is added needs an `id`")));
                }
                last += 1;
                entry.insert("id".to_owned(), json!(last));
            }
            if list == "companies" {
                requisites(entry);
            }
        }
    }
    if let Some(stages) = firm.get_mut("stages").and_then(Value::as_array_mut) {
        stages.iter_mut().filter_map(Value::as_object_mut).for_each(funnel);
    }
    Ok(firm)
}

/// `{"title": …, "inn": …, "account": …}` is a company with one requisite that has one account.
fn requisites(company: &mut Map<String, Value>) {
    let mut take = |names: &[&str]| -> Map<String, Value> {
        let found = names
            .iter()
            .filter_map(|name| Some(((*name).to_owned(), company.remove(*name)?)));
        found.collect()
    };
    let (mut requisite, account) = (take(&REQUISITE), take(&ACCOUNT));
    if requisite.is_empty() && account.is_empty() {
        return;
    }
    if !account.is_empty() {
        requisite.insert("accounts".to_owned(), json!([account]));
    }
    let title = company.get("title").or_else(|| company.get("name")).cloned();
    requisite.insert("name".to_owned(), title.unwrap_or_default());
    let list = company.entry("requisites").or_insert_with(|| json!([]));
    if let Some(list) = list.as_array_mut() {
        list.push(Value::Object(requisite));
    }
}

/// `DT31_5:P` is a stage of invoice funnel 5, `C4:WON` one of deal funnel 4; any other is one of the first funnel.
fn funnel(stage: &mut Map<String, Value>) {
    if stage.contains_key("category") {
        return;
    }
    let id = stage.get("id").and_then(Value::as_str).unwrap_or_default();
    let prefix = id.split_once(':').map_or("", |(prefix, _)| prefix);
    let number = |rest: &str| rest.parse::<i64>().ok();
    let (entity, category) = match (prefix.strip_prefix("DT31_"), prefix.strip_prefix('C')) {
        (Some(rest), _) => (INVOICE, number(rest)),
        (_, Some(rest)) => (DEAL, number(rest)),
        _ => (INVOICE, None),
    };
    let entity = stage.get("entity_type_id").and_then(Value::as_i64).unwrap_or(entity);
    let first = if entity == INVOICE { 3 } else { 0 };
    stage.insert("entity_type_id".to_owned(), json!(entity));
    stage.insert("category".to_owned(), json!(category.unwrap_or(first)));
}
