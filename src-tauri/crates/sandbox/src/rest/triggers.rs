//! Triggers of the portal's automation that an application registers and pulls.

use super::{CRM, Call, Method, Outcome, RestError, read, write};
use crate::{php::Php, world::Trigger};

pub static METHODS: &[Method] = &[
    write("crm.automation.trigger.add", CRM, add).for_applications().alone(),
    write("crm.automation.trigger.execute", CRM, execute)
        .for_applications()
        .alone(),
    write("crm.automation.trigger.delete", CRM, delete)
        .for_applications()
        .alone(),
    read("crm.automation.trigger.list", CRM, list)
        .for_applications()
        .alone(),
];

fn unknown(code: &str) -> RestError {
    RestError::legacy(format!("Trigger with code {code} is not registered."))
}

fn add(call: &mut Call<'_>) -> Outcome {
    let (code, name) = (call.text("CODE")?, call.text("NAME")?);
    let spelled = code
        .bytes()
        .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b".-_".contains(&byte));
    if !spelled {
        return Err(RestError::legacy("Invalid trigger code!"));
    }
    call.world.triggers.entry(code).or_default().name = name;
    Ok(Php::Bool(true).into())
}

fn execute(call: &mut Call<'_>) -> Outcome {
    let code = call.text("CODE")?;
    let owner = (call.int("OWNER_TYPE_ID")?, call.int("OWNER_ID")?);
    if call.world.item(owner.0, owner.1).is_none() {
        return Err(RestError::legacy("Target is not found."));
    }
    let trigger = call.world.triggers.get_mut(&code).ok_or_else(|| unknown(&code))?;
    trigger.pulled.push(owner);
    Ok(Php::Bool(true).into())
}

fn delete(call: &mut Call<'_>) -> Outcome {
    let code = call.text("CODE")?;
    call.world.triggers.remove(&code).ok_or_else(|| unknown(&code))?;
    Ok(Php::Bool(true).into())
}

fn list(call: &mut Call<'_>) -> Outcome {
    let shown = call
        .world
        .triggers
        .iter()
        .map(|(code, Trigger { name, .. })| Php::map([("CODE", Php::text(&**code)), ("NAME", Php::text(&**name))]));
    Ok(Php::list(shown).into())
}
