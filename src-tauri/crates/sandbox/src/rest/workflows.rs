//! Business processes: two templates, for invoices and for deals, and what was started of them.

use super::{Answer, Call, Method, Outcome, RestError, read, write};
use crate::{
    php::Php,
    schema::{DEAL, INVOICE},
    world::Workflow,
};

const BIZPROC: &[&str] = &["bizproc"];

pub static METHODS: &[Method] = &[
    read("bizproc.workflow.template.list", BIZPROC, templates),
    write("bizproc.workflow.start", BIZPROC, start),
    read("bizproc.workflow.instances", BIZPROC, instances),
    write("bizproc.workflow.terminate", BIZPROC, terminate),
];

/// Number, name, what of, the object's class and the prefix of its number.
const TEMPLATES: [(i64, &str, i64, &str, &str); 2] = [
    (1, "Деньги пришли", DEAL, "CCrmDocumentDeal", "DEAL_"),
    (
        2,
        "Счёт оплачен",
        INVOICE,
        "Bitrix\\Crm\\Integration\\BizProc\\Document\\SmartInvoice",
        "SMART_INVOICE_",
    ),
];

fn refused(text: &str) -> RestError {
    RestError::new(400, "ERROR_CORE", text)
}

fn templates(_: &mut Call<'_>) -> Outcome {
    let rows = TEMPLATES.iter().map(|(id, name, _, class, prefix)| {
        let kind = prefix.trim_end_matches('_');
        Php::map([
            ("ID", Php::text(id.to_string())),
            ("NAME", Php::text(*name)),
            ("MODULE_ID", Php::text("crm")),
            ("ENTITY", Php::text(*class)),
            (
                "DOCUMENT_TYPE",
                Php::list([Php::text("crm"), Php::text(*class), Php::text(kind)]),
            ),
            ("AUTO_EXECUTE", Php::text("0")),
        ])
    });
    let rows: Vec<Php> = rows.collect();
    let total = Some(rows.len());
    Ok(Answer {
        result: Php::list(rows),
        total,
        next: None,
    })
}

/// The answer is the workflow's own number, a text.
fn start(call: &mut Call<'_>) -> Outcome {
    let id = call.param("TEMPLATE_ID").and_then(Php::as_int).unwrap_or_default();
    if id == 0 {
        return Err(refused("Empty TEMPLATE_ID"));
    }
    let template = TEMPLATES.iter().find(|(known, ..)| *known == id);
    let (_, _, entity, class, prefix) = template.ok_or_else(|| refused("Workflow template not found"))?;
    let document = call.param("DOCUMENT_ID").map(Php::texts).unwrap_or_default();
    let object = match document.as_slice() {
        [module, of, object] if module == "crm" && of == class => object.strip_prefix(prefix),
        _ => None,
    };
    let object = object.and_then(|number| number.parse::<i64>().ok());
    let object = object.filter(|object| call.world.item(*entity, *object).is_some());
    let object = object.ok_or_else(|| refused("Wrong DOCUMENT_ID!"))?;
    let number = call.world.new_id();
    let name = format!("{number:013x}.{:08}", number.unsigned_abs() % 100_000_000);
    let workflow = Workflow {
        template: id,
        entity_type_id: *entity,
        object,
        parameters: call
            .param("PARAMETERS")
            .map(|given| serde_json::to_string(given).unwrap_or_default()),
    };
    call.world.workflows.insert(name.clone(), workflow);
    Ok(Php::text(name).into())
}

fn instances(call: &mut Call<'_>) -> Outcome {
    let rows = call.world.workflows.iter().map(|(name, workflow)| {
        Php::map([
            ("ID", Php::text(&**name)),
            ("TEMPLATE_ID", Php::text(workflow.template.to_string())),
            ("MODULE_ID", Php::text("crm")),
        ])
    });
    let rows: Vec<Php> = rows.collect();
    let total = Some(rows.len());
    Ok(Answer {
        result: Php::list(rows),
        total,
        next: None,
    })
}

fn terminate(call: &mut Call<'_>) -> Outcome {
    let name = call.text("ID").map_err(|_| refused("Empty ID"))?;
    call.world.workflows.remove(&name);
    Ok(Php::Bool(true).into())
}
