//! What a request says, in every shape the portal takes: query, JSON, form, multipart; and XML answers.

use axum::{
    body::to_bytes,
    extract::{FromRequest, Multipart, Request},
    http::header,
};

use crate::{
    php::{Php, parse_form},
    rest::RestError,
};

/// Bodies above this are refused.
pub const BODY_BYTES_MAX: usize = 16 * 1024 * 1024;

fn bad(text: &str) -> RestError {
    RestError::new(400, "INVALID_REQUEST", text)
}

/// The query, and over it the body.
///
/// # Errors
/// The body is too large, cut short, or not what its content type says.
pub async fn params(request: Request) -> Result<Php, RestError> {
    let mut params = parse_form(request.uri().query().unwrap_or_default());
    for (key, value) in sent(request).await?.entries() {
        params.set(key, value.clone());
    }
    Ok(params)
}

/// The third generation reads a body of JSON and nothing else: neither a query nor a form.
///
/// # Errors
/// There is a body, and it is no JSON.
pub async fn json_params(request: Request) -> Result<Php, RestError> {
    let is_json = content_type(&request).contains("json");
    let too_large = |_| bad("Request body is too large or incomplete");
    let body = to_bytes(request.into_body(), BODY_BYTES_MAX).await.map_err(too_large)?;
    if body.trim_ascii().is_empty() {
        return Ok(Php::empty());
    }
    match serde_json::from_slice::<Php>(&body) {
        Ok(params) if is_json && params.is_map() => Ok(params),
        _ => Err(bad("Request body is not valid JSON")),
    }
}

fn content_type(request: &Request) -> String {
    let value = request.headers().get(header::CONTENT_TYPE);
    let text = value.and_then(|value| value.to_str().ok()).unwrap_or_default();
    text.to_ascii_lowercase()
}

async fn sent(request: Request) -> Result<Php, RestError> {
    let content_type = content_type(&request);
    if content_type.starts_with("multipart/form-data") {
        return multipart(request).await;
    }
    let too_large = |_| RestError::new(413, "INVALID_REQUEST", "Request body is too large or incomplete");
    let body = to_bytes(request.into_body(), BODY_BYTES_MAX).await.map_err(too_large)?;
    let text = String::from_utf8_lossy(&body);
    if text.trim().is_empty() {
        return Ok(Php::empty());
    }
    if content_type.contains("json") {
        return serde_json::from_str::<Php>(&text).map_err(|_| bad("Request body is not valid JSON"));
    }
    // What names no type is a form, as PHP takes it.
    if content_type.is_empty() || content_type.starts_with("application/x-www-form-urlencoded") {
        return Ok(parse_form(&text));
    }
    // Of any other type PHP reads nothing, and says nothing about it.
    Ok(Php::empty())
}

async fn multipart(request: Request) -> Result<Php, RestError> {
    let broken = |_| bad("Request body is not a valid multipart form");
    let mut parts = Multipart::from_request(request, &())
        .await
        .map_err(|_| bad("Request body has no boundary"))?;
    let (mut form, mut bytes) = (Php::empty(), 0);
    while let Some(part) = parts.next_field().await.map_err(broken)? {
        let name = part.name().unwrap_or_default().to_owned();
        let value = part.text().await.map_err(broken)?;
        bytes += value.len();
        if bytes > BODY_BYTES_MAX {
            return Err(RestError::new(
                413,
                "INVALID_REQUEST",
                "Request body is too large or incomplete",
            ));
        }
        form.put_named(&name, value);
    }
    Ok(form)
}

/// The same answer as XML: `.xml` after the method's name asks for it.
pub fn xml(answer: &Php) -> String {
    let mut text = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n".to_owned();
    element(&mut text, "response", answer);
    text
}

fn element(out: &mut String, name: &str, value: &Php) {
    // A name that is a number cannot stand in a tag.
    let name = if name.starts_with(|first: char| first.is_ascii_alphabetic() || first == '_') {
        name
    } else {
        "item"
    };
    out.push_str(&format!("<{name}>"));
    match value {
        Php::Map(entries) => entries.iter().for_each(|(key, value)| element(out, key, value)),
        scalar => escape(out, &scalar.as_text().unwrap_or_default()),
    }
    out.push_str(&format!("</{name}>"));
}

fn escape(out: &mut String, text: &str) {
    for letter in text.chars() {
        match letter {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            other => out.push(other),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn xml_names_its_numbers_items() {
        let answer: Php = serde_json::from_str(r#"{"result":[{"NAME":"A & B"}],"total":1}"#).unwrap();
        assert_eq!(
            xml(&answer),
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<response><result><item><NAME>A &amp; B</NAME></item></result>\
             <total>1</total></response>"
        );
    }
}
