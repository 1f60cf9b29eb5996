//! What the third generation says of itself: its methods as OpenAPI, and the scope of each.

use super::tasks;
use crate::php::Php;

/// The scope of every task method here.
const SCOPE: &str = "tasks";

pub fn is_asked(method: &str) -> bool {
    ["rest.documentation.openapi", "documentation"].contains(&method)
}

fn methods() -> impl Iterator<Item = &'static str> {
    let own = ["batch", "rest.documentation.openapi", "rest.scope.list"];
    own.into_iter().chain(tasks::METHODS)
}

pub fn openapi() -> Php {
    let paths = methods().map(|method| {
        let module = method.split('.').next().unwrap_or(method);
        let ok = Php::map([("description", Php::text("OK"))]);
        let post = Php::map([
            ("tags", Php::list([Php::text(module)])),
            ("operationId", Php::text(method)),
            ("responses", Php::map([("200", ok)])),
        ]);
        (format!("/{method}"), Php::map([("post", post)]))
    });
    let tag = |name: &str| {
        Php::map([
            ("name", Php::text(name)),
            ("description", Php::text(format!("{name} module methods"))),
        ])
    };
    let properties = tasks::FIELDS
        .iter()
        .map(|(name, kind)| (*name, Php::map([("type", Php::text(*kind))])));
    let task = Php::map([("type", Php::text("object")), ("properties", Php::map(properties))]);
    Php::map([
        ("openapi", Php::text("3.0.0")),
        (
            "info",
            Php::map([
                ("title", Php::text("Bitrix24 REST V3 API")),
                ("version", Php::text("1.0.0")),
            ]),
        ),
        ("tags", Php::list([tag("rest"), tag("tasks")])),
        ("paths", Php::map(paths)),
        ("components", Php::map([("schemas", Php::map([("TaskDto", task)]))])),
    ])
}

/// Which scope each method asks for, by module.
pub fn scopes() -> Php {
    let of =
        |methods: &[&str], scope: &str| Php::map(methods.iter().map(|method| (*method, Php::list([Php::text(scope)]))));
    Php::map([
        ("rest", of(&["rest.documentation.openapi", "rest.scope.list"], "basic")),
        ("tasks", of(&tasks::METHODS, SCOPE)),
    ])
}
