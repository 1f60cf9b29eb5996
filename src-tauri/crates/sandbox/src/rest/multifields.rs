//! Phones, addresses of mail and sites of leads, contacts and companies: several of a kind, each with an id and a use of
//! its own. The older methods show them beside the other fields.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{CRM, Call, Method, Outcome, RestError, read, rows::number};
use crate::{
    listing::Select,
    php::Php,
    schema::{COMPANY, CONTACT, LEAD},
};

pub static METHODS: &[Method] = &[
    read("crm.duplicate.findbycomm", CRM, find_by_communication),
    read("crm.multifield.fields", CRM, fields),
];

pub const KINDS: [&str; 4] = ["PHONE", "EMAIL", "WEB", "IM"];
/// Values that one search takes.
const VALUES_MAX: usize = 20;

/// One of them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Multifield {
    pub id: i64,
    /// One of [`KINDS`].
    pub kind: String,
    /// `WORK`, `MOBILE`, `HOME`…
    pub used_for: String,
    pub value: String,
}

/// By entity type, by object.
pub type Multifields = BTreeMap<i64, BTreeMap<i64, Vec<Multifield>>>;

fn of<'a>(call: &'a Call<'_>, entity_type_id: i64, id: i64) -> &'a [Multifield] {
    let of_type = call.world.multifields.get(&entity_type_id);
    of_type.and_then(|of_type| of_type.get(&id)).map_or(&[], Vec::as_slice)
}

pub fn has_any(entity_type_id: i64) -> bool {
    [LEAD, CONTACT, COMPANY].contains(&entity_type_id)
}

/// What a request says of them: one with an `ID` is changed, or taken away by `DELETE` or an empty value; one without is
/// added.
pub fn write(call: &mut Call<'_>, entity_type_id: i64, object: i64, fields: &Php) {
    for kind in KINDS {
        let Some(sent) = fields.get_any_case(kind).filter(|_| has_any(entity_type_id)) else {
            continue;
        };
        for (_, one) in sent.entries() {
            let text = |key: &str| one.get_any_case(key).and_then(Php::as_text);
            let gone =
                text("DELETE").is_some_and(|yes| yes == "Y") || text("VALUE").is_some_and(|text| text.is_empty());
            let id = one.get_any_case("ID").and_then(Php::as_int);
            let new = call.world.new_id();
            let own = call
                .world
                .multifields
                .entry(entity_type_id)
                .or_default()
                .entry(object)
                .or_default();
            match (id, gone) {
                (Some(id), true) => own.retain(|known| known.id != id),
                (Some(id), false) => {
                    if let Some(known) = own.iter_mut().find(|known| known.id == id) {
                        known.value = text("VALUE").unwrap_or_else(|| known.value.clone());
                        known.used_for = text("VALUE_TYPE").unwrap_or_else(|| known.used_for.clone());
                    }
                }
                (None, true) => {}
                (None, false) => own.push(Multifield {
                    id: new,
                    kind: kind.to_owned(),
                    used_for: text("VALUE_TYPE")
                        .filter(|used| !used.is_empty())
                        .unwrap_or_else(|| "WORK".to_owned()),
                    value: text("VALUE").unwrap_or_default(),
                }),
            }
        }
    }
}

pub fn forget(call: &mut Call<'_>, entity_type_id: i64, id: i64) {
    if let Some(of_type) = call.world.multifields.get_mut(&entity_type_id) {
        of_type.remove(&id);
    }
}

/// Puts them into an object as the older methods show it: of all kinds there are, or only of those that are selected by
/// name.
pub fn show(call: &Call<'_>, entity_type_id: i64, id: i64, select: Option<&Select>, shown: &mut Php) {
    if !has_any(entity_type_id) {
        return;
    }
    let own = of(call, entity_type_id, id);
    for kind in KINDS {
        let of_kind = || own.iter().filter(|one| one.kind == kind);
        let is_named = select.is_none_or(|select| select.names().iter().any(|name| name == kind));
        if is_named && of_kind().next().is_some() {
            let rows = of_kind().map(|one| {
                Php::map([
                    ("ID", Php::text(one.id.to_string())),
                    ("VALUE_TYPE", Php::text(&*one.used_for)),
                    ("VALUE", Php::text(&*one.value)),
                    ("TYPE_ID", Php::text(kind)),
                ])
            });
            shown.set(kind, Php::list(rows));
        }
    }
    for (flag, kind) in [("HAS_PHONE", "PHONE"), ("HAS_EMAIL", "EMAIL"), ("HAS_IMOL", "IM")] {
        let is_asked = select.is_none_or(|select| {
            let names = select.names();
            names.is_empty() || names.iter().any(|name| name == "*" || name == flag)
        });
        if is_asked {
            let has = own.iter().any(|one| one.kind == kind);
            shown.set(flag, Php::text(if has { "Y" } else { "N" }));
        }
    }
}

/// What `.fields` says of them.
pub fn described() -> Php {
    Php::map(KINDS.map(|kind| {
        let about = Php::map([
            ("type", Php::text("crm_multifield")),
            ("isRequired", Php::Bool(false)),
            ("isReadOnly", Php::Bool(false)),
            ("isImmutable", Php::Bool(false)),
            ("isMultiple", Php::Bool(true)),
            ("isDynamic", Php::Bool(false)),
            ("title", Php::text(kind)),
        ]);
        (kind, about)
    }))
}

/// Whether an object has what a filter says of these fields; `true` where it says nothing.
pub fn fits(call: &Call<'_>, entity_type_id: i64, id: i64) -> bool {
    let own = of(call, entity_type_id, id);
    KINDS.iter().all(|kind| {
        let wanted = call.wanted(kind).filter(|_| has_any(entity_type_id));
        wanted.is_none_or(|wanted| {
            own.iter()
                .any(|one| one.kind == *kind && same(kind, &one.value, &wanted))
        })
    })
}

/// Numbers by their digits, everything else without regard to case.
fn same(kind: &str, a: &str, b: &str) -> bool {
    let digits = |text: &str| -> String { text.chars().filter(char::is_ascii_digit).collect() };
    match kind {
        "PHONE" => digits(a) == digits(b),
        _ => a.to_lowercase() == b.to_lowercase(),
    }
}

/// Ids of the objects that have one of these phones or addresses, by the name of their type.
fn find_by_communication(call: &mut Call<'_>) -> Outcome {
    let kind = call.text("type")?.to_uppercase();
    if !["PHONE", "EMAIL"].contains(&kind.as_str()) {
        return Err(RestError::legacy(format!(
            "Communication type '{kind}' is not supported in current context."
        )));
    }
    let values = call.param("values").map(Php::texts).unwrap_or_default();
    if values.is_empty() || values.len() > VALUES_MAX {
        return Err(RestError::legacy("The parameter 'values' is invalid or not defined."));
    }
    let only = call.param("entity_type").and_then(Php::as_text);
    let mut found = Php::empty();
    for (name, entity_type_id) in [("LEAD", LEAD), ("CONTACT", CONTACT), ("COMPANY", COMPANY)] {
        if only.as_ref().is_some_and(|only| !only.eq_ignore_ascii_case(name)) {
            continue;
        }
        let has = |own: &Vec<Multifield>| {
            let mut of_kind = own.iter().filter(|one| one.kind == kind);
            of_kind.any(|one| values.iter().any(|value| same(&kind, &one.value, value)))
        };
        let objects = call.world.multifields.get(&entity_type_id).into_iter().flatten();
        let ids: Vec<Php> = objects.filter(|(_, own)| has(own)).map(|(id, _)| number(*id)).collect();
        if !ids.is_empty() {
            found.set(name, Php::list(ids));
        }
    }
    Ok(found.into())
}

fn fields(_: &mut Call<'_>) -> Outcome {
    let all = [
        ("ID", "integer"),
        ("TYPE_ID", "string"),
        ("VALUE", "string"),
        ("VALUE_TYPE", "string"),
    ];
    let all = all.map(|(name, kind)| {
        let about = Php::map([
            ("type", Php::text(kind)),
            ("isReadOnly", Php::Bool(name == "ID")),
            ("title", Php::text(name)),
        ]);
        (name, about)
    });
    Ok(Php::map(all).into())
}
