//! The document generator: acts and bills made of an invoice or a deal. Its PDF comes a moment later.

use super::{
    Answer, CRM, Call, Method, Outcome, RestError, read,
    rows::{cells, table},
    write,
};
use crate::{
    cell::{Cell, Kind},
    listing::Query,
    php::Php,
    records::DOCUMENT_FIELDS,
    schema::{DEAL, INVOICE, Row},
    world::int,
};

/// Milliseconds of the portal's clock until a PDF is there.
const PDF_MS: i64 = 2000;
/// Id, name, what it is made of.
const TEMPLATES: [(i64, &str, i64); 3] = [
    (39, "Акт выполненных работ", INVOICE),
    (40, "Счёт на оплату", INVOICE),
    (41, "Акт выполненных работ", DEAL),
];

pub static METHODS: &[Method] = &[
    read("crm.documentgenerator.template.list", CRM, template_list),
    read("crm.documentgenerator.template.get", CRM, template_get),
    write("crm.documentgenerator.document.add", CRM, add),
    read("crm.documentgenerator.document.get", CRM, get),
    read("crm.documentgenerator.document.list", CRM, list),
    write("crm.documentgenerator.document.delete", CRM, delete),
];

fn refused(text: &str) -> RestError {
    RestError::numbered(400, 0, text)
}

fn template((id, name, entity): (i64, &str, i64)) -> Php {
    Php::map([
        ("id", Php::text(id.to_string())),
        ("name", Php::text(name)),
        ("active", Php::text("Y")),
        ("moduleId", Php::text("crm")),
        ("numeratorId", Php::text("1")),
        ("withStamps", Php::text("N")),
        ("region", Php::text("ru")),
        ("sort", Php::text("500")),
        ("users", Php::empty()),
        ("entityTypeId", Php::list([Php::text(entity.to_string())])),
    ])
}

/// An object by ids, not a list.
fn template_list(call: &mut Call<'_>) -> Outcome {
    let wanted = call.wanted("entityTypeId");
    let fits = |(_, _, entity): &&(i64, &str, i64)| wanted.as_ref().is_none_or(|wanted| *wanted == entity.to_string());
    let found: Vec<_> = TEMPLATES.iter().filter(fits).collect();
    let total = Some(found.len());
    let templates = Php::map(found.into_iter().map(|one| (one.0.to_string(), template(*one))));
    Ok(Answer {
        result: Php::map([("templates", templates)]),
        total,
        next: None,
    })
}

fn template_get(call: &mut Call<'_>) -> Outcome {
    let id = call.int("id")?;
    let found = TEMPLATES.iter().find(|(own, ..)| *own == id);
    let found = found.ok_or_else(|| refused("Template not found"))?;
    Ok(Php::map([("template", template(*found))]).into())
}

fn shown(call: &Call<'_>, row: &Row) -> Php {
    let mut document = Php::map(DOCUMENT_FIELDS.iter().map(|field| {
        let cell = row.get(field.key).unwrap_or(&Cell::Empty);
        let value = match field.key {
            "id" => cell.typed(Kind::Int),
            _ => cell.legacy(field.kind),
        };
        (field.key, value)
    }));
    let made_ms = match row.get("createTime") {
        Some(Cell::Moment(ms)) => *ms,
        _ => 0,
    };
    let (origin, id) = (&call.world.oauth.origin, int(row, "id"));
    let link = |kind: &str, token: &str| {
        Php::text(format!(
            "{origin}/bitrix/services/main/ajax.php?action={kind}&id={id}{token}"
        ))
    };
    let pdf = call.now_ms >= made_ms.saturating_add(PDF_MS);
    let pdf_link = |token: &str| if pdf { link("getpdf", token) } else { Php::Null };
    document.set("downloadUrl", link("getfile", ""));
    document.set("downloadUrlMachine", link("getfile", "&token=sandbox"));
    document.set("pdfUrl", pdf_link(""));
    document.set("pdfUrlMachine", pdf_link("&token=sandbox"));
    document.set("imageUrl", Php::Null);
    document.set("publicUrl", Php::Null);
    document.set("isTransformationError", Php::Bool(false));
    document
}

fn add(call: &mut Call<'_>) -> Outcome {
    let (template, entity, object) = (
        call.int("templateId")?,
        call.int("entityTypeId")?,
        call.int("entityId")?,
    );
    let (_, name, of) = TEMPLATES
        .iter()
        .find(|(id, ..)| *id == template)
        .ok_or_else(|| refused("Template not found"))?;
    if *of != entity || call.world.item(entity, object).is_none() {
        return Err(RestError::new(400, "DOCGEN_ACCESS_ERROR", "Access denied"));
    }
    let number_asked = call
        .param("values")
        .and_then(|values| values.get_any_case("DocumentNumber"))
        .and_then(Php::as_text)
        .filter(|number| !number.is_empty());
    let made = call
        .world
        .documents
        .values()
        .filter(|row| int(row, "templateId") == template);
    let number = number_asked.unwrap_or_else(|| (made.count() + 1).to_string());
    let id = call.world.new_id();
    let row = cells([
        ("id", Cell::Int(id)),
        ("title", Cell::text(format!("{name} {number}"))),
        ("number", Cell::text(number)),
        ("templateId", Cell::Int(template)),
        ("entityTypeId", Cell::Int(entity)),
        ("entityId", Cell::Int(object)),
        (
            "stampsEnabled",
            Cell::Flag(call.param("stampsEnabled").is_some_and(Php::is_yes)),
        ),
        ("createTime", Cell::Moment(call.now_ms)),
        ("updateTime", Cell::Moment(call.now_ms)),
        ("createdBy", Cell::Int(call.caller.user)),
    ]);
    let document = shown(call, &row);
    call.world.documents.insert(id, row);
    Ok(Php::map([("document", document)]).into())
}

fn get(call: &mut Call<'_>) -> Outcome {
    let row = call.world.documents.get(&call.int("id")?);
    let row = row.ok_or_else(|| refused("Document not found"))?;
    Ok(Php::map([("document", shown(call, row))]).into())
}

fn list(call: &mut Call<'_>) -> Outcome {
    let page = Query::new(&table(DOCUMENT_FIELDS), call.params)?.page(call.world.documents.values());
    let documents = Php::list(page.rows.iter().map(|row| shown(call, row)));
    Ok(Answer::page(Php::map([("documents", documents)]), &page))
}

fn delete(call: &mut Call<'_>) -> Outcome {
    let id = call.int("id")?;
    let gone = call.world.documents.remove(&id);
    gone.ok_or_else(|| refused("Document not found"))?;
    Ok(Php::Null.into())
}
