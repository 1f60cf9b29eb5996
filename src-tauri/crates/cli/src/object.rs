//! A file that holds one JSON object, as people write them.

use serde::de::{DeserializeOwned, Error};

/// Serde takes a list for an object with its fields in order, and an empty one for an object that says nothing: a
/// policy without caps, requisites without a name. Neither is ever meant.
pub fn parse<T: DeserializeOwned>(text: &str) -> serde_json::Result<T> {
    let text = text.trim_start_matches('\u{feff}');
    if !text.trim_start().starts_with('{') {
        return Err(serde_json::Error::custom("a JSON object is expected: {…}"));
    }
    serde_json::from_str(text)
}
