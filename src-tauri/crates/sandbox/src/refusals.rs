//! The portal's refusals that no call of ours can bring about: its plan, its people, its application's life. A fault of
//! the kind `refusal` names one by its code.

use crate::rest::RestError;

/// Code, status, text. Where the sources do not agree on a status, it is the one the makers' clients expect; a fault may
/// say another.
const REFUSALS: [(&str, u16, &str); 24] = [
    (
        "user_access_error",
        403,
        "The user does not have access to the application.",
    ),
    ("allowed_only_intranet_user", 403, "Allowed only intranet user"),
    ("NO_AUTH_FOUND", 401, "Wrong authorization data"),
    ("INVALID_CREDENTIALS", 401, "Invalid request credentials"),
    ("invalid_token", 401, "Unable to get application by token"),
    ("expired_token", 401, "The access token provided has expired."),
    (
        "insufficient_scope",
        401,
        "The request requires higher privileges than provided by the webhook token",
    ),
    ("ERROR_OAUTH", 401, "Application not installed"),
    ("APPLICATION_NOT_FOUND", 401, "Application not found"),
    ("AUTHORIZATION_ERROR", 401, "Unable to authorize user"),
    (
        "WRONG_AUTH_TYPE",
        403,
        "Current authorization type is denied for this method",
    ),
    ("METHOD_CONFIRM_WAITING", 401, "Waiting for confirmation"),
    ("METHOD_CONFIRM_DENIED", 403, "Method call denied"),
    ("ACCESS_DENIED", 403, "REST API is available only on commercial plans."),
    ("PORTAL_DELETED", 410, "Portal was deleted"),
    ("INVALID_REQUEST", 400, "Https required."),
    ("ERROR_UNEXPECTED_ANSWER", 500, "Server returned an unexpected response"),
    ("INTERNAL_SERVER_ERROR", 500, "Internal server error"),
    ("QUERY_LIMIT_EXCEEDED", 503, "Too many requests"),
    ("OVERLOAD_LIMIT", 503, "REST API is blocked due to overload."),
    // The authorization server's.
    ("PAYMENT_REQUIRED", 402, "Payment required"),
    // An answer that went well, by its status.
    ("WRONG_CLIENT", 200, "Wrong client"),
    ("NOT_INSTALLED", 401, "Application not installed"),
    ("invalid_grant", 400, "Invalid grant"),
];

/// A refusal by its code, with another status or text where the fault says so. A code of nobody's needs no more than the
/// fault says: it is a refusal of a method.
pub fn refusal(code: &str, status: Option<u16>, text: Option<&str>) -> RestError {
    let known = REFUSALS.iter().find(|(known, ..)| *known == code);
    let (usual, words) = known.map_or((400, "Refused"), |(_, status, words)| (*status, *words));
    RestError::new(status.unwrap_or(usual), code, text.unwrap_or(words))
}
