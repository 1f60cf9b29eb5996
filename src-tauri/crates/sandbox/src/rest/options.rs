//! What an application keeps in the portal: for itself, and for each of its users.

use super::{Call, Method, Outcome, RestError, read, write};
use crate::php::Php;

pub static METHODS: &[Method] = &[
    read("app.option.get", &[], |call| get(call, true)).for_applications(),
    write("app.option.set", &[], |call| set(call, true)).for_applications(),
    read("user.option.get", &[], |call| get(call, false)).for_applications(),
    write("user.option.set", &[], |call| set(call, false)).for_applications(),
];

/// Whose options: everybody's, or those of the user the application acts for.
fn owner(call: &Call<'_>, everybody: bool) -> i64 {
    if everybody { 0 } else { call.caller.user }
}

/// One option, or all of them.
fn get(call: &mut Call<'_>, everybody: bool) -> Outcome {
    let kept = call.world.options.get(&owner(call, everybody));
    let value = |text: &String| serde_json::from_str(text).unwrap_or(Php::Null);
    let name = call.param("option").and_then(Php::as_text).unwrap_or_default();
    let answer = if name.is_empty() {
        let all = kept.into_iter().flatten();
        Php::map(all.map(|(name, text)| (name.clone(), value(text))))
    } else {
        kept.and_then(|kept| kept.get(&name))
            .map_or_else(|| Php::text(""), value)
    };
    Ok(answer.into())
}

/// Adds to what is kept and replaces what has the same name.
fn set(call: &mut Call<'_>, everybody: bool) -> Outcome {
    let options = call.param("options").filter(|options| options.is_map());
    let options =
        options.ok_or_else(|| RestError::new(400, "ERROR_ARGUMENT", "Argument 'options' is null or empty"))?;
    let new: Vec<(String, String)> = options
        .entries()
        .iter()
        .filter_map(|(name, value)| Some((name.clone(), serde_json::to_string(value).ok()?)))
        .collect();
    let owner = owner(call, everybody);
    call.world.options.entry(owner).or_default().extend(new);
    Ok(Php::Bool(true).into())
}
