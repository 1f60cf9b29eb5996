//! Who asks and what the portal can: `profile`, `user.current`, `scope`, `server.time`, `method.get`.

use super::{Call, Outcome, RestError, method};
use crate::{cell::portal_time, php::Php, world::WEBHOOK_USER};

pub fn profile(_: &mut Call<'_>) -> Outcome {
    let profile = Php::map([
        ("ID", Php::text(WEBHOOK_USER.to_string())),
        ("ADMIN", Php::Bool(true)),
        ("NAME", Php::text("Служебный")),
        ("LAST_NAME", Php::text("Пользователь")),
        ("PERSONAL_GENDER", Php::text("")),
        ("TIME_ZONE", Php::text("")),
    ]);
    Ok(profile.into())
}

pub fn user_current(_: &mut Call<'_>) -> Outcome {
    let user = Php::map([
        ("ID", Php::text(WEBHOOK_USER.to_string())),
        ("ACTIVE", Php::Bool(true)),
        ("NAME", Php::text("Служебный")),
        ("LAST_NAME", Php::text("Пользователь")),
        ("USER_TYPE", Php::text("employee")),
    ]);
    Ok(user.into())
}

pub fn scope(call: &mut Call<'_>) -> Outcome {
    Ok(Php::list(call.world.scopes.iter().map(Php::text)).into())
}

pub fn server_time(call: &mut Call<'_>) -> Outcome {
    Ok(Php::text(portal_time(call.now_ms)).into())
}

pub fn method_get(call: &mut Call<'_>) -> Outcome {
    let name = call.text("name")?;
    let existing = name.eq_ignore_ascii_case("batch") || method(&name).is_some();
    let allowed = method(&name).is_none_or(|method| {
        method.scopes.is_empty()
            || method
                .scopes
                .iter()
                .any(|scope| call.world.scopes.iter().any(|has| has == scope))
    });
    let answer = Php::map([
        ("isExisting", Php::Bool(existing)),
        ("isAvailable", Php::Bool(existing && allowed)),
    ]);
    Ok::<_, RestError>(answer.into())
}
