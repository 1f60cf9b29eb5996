//! Where JSON says who somebody is: by the names of its keys.

use std::ops::Range;

use super::{
    of_name,
    piece::{Form, Manner, Piece},
};

/// Deeper than any bank's answer; deeper keys count as the last one.
const DEPTH_MAX: usize = 256;

pub(super) fn pieces(text: &str) -> Vec<Piece> {
    let mut pieces = Vec::new();
    // The key that each open object or list stands under.
    let mut above: Vec<&str> = Vec::new();
    let mut key = "";
    let mut at = 0;
    while let Some(byte) = text.as_bytes().get(at) {
        match byte {
            b'"' => {
                let inner = string_at(text, at);
                let end = (inner.end + 1).min(text.len());
                if text[end..].trim_start().starts_with(':') {
                    key = &text[inner];
                } else {
                    push(key, &above, inner, text, &mut pieces);
                }
                at = end;
            }
            b'{' | b'[' => {
                if above.len() < DEPTH_MAX {
                    above.push(key);
                }
                at += 1;
            }
            b'}' | b']' => {
                key = above.pop().unwrap_or_default();
                at += 1;
            }
            b'0'..=b'9' | b'-' => {
                let length = text[at..]
                    .bytes()
                    .take_while(|it| it.is_ascii_alphanumeric() || b".+-".contains(it))
                    .count();
                let number = at..at + length;
                // A number without a fraction may be an INN or an account.
                if length >= 9 && text[number.clone()].bytes().all(|it| it.is_ascii_digit()) {
                    let manner = of_name(key);
                    if let Some(Manner::Inn | Manner::Kpp | Manner::Account { .. }) = &manner {
                        pieces.extend(manner.map(|manner| Piece::plain(number, manner)));
                    }
                }
                at += length;
            }
            _ => at += 1,
        }
    }
    pieces
}

/// What stands between the quotes.
fn string_at(text: &str, quote: usize) -> Range<usize> {
    let mut escaped = false;
    for (at, byte) in text.bytes().enumerate().skip(quote + 1) {
        match byte {
            _ if escaped => escaped = false,
            b'\\' => escaped = true,
            b'"' => return quote + 1..at,
            _ => {}
        }
    }
    quote + 1..text.len()
}

fn push(key: &str, above: &[&str], range: Range<usize>, text: &str, pieces: &mut Vec<Piece>) {
    let near = above
        .iter()
        .rev()
        .find(|above| !above.is_empty())
        .copied()
        .unwrap_or_default();
    // «name» of a bank is a bank's.
    let of_bank = near.to_lowercase().contains("bank") || near.to_lowercase().contains("банк");
    let manner = match of_name(key) {
        Some(Manner::Name) if of_bank => Manner::Bank,
        Some(manner) => manner,
        // «debtorAccount»: {"identification": "..."}
        None => match of_name(near) {
            Some(manner @ Manner::Account { .. })
                if text[range.clone()].bytes().filter(u8::is_ascii_digit).count() >= 9 =>
            {
                manner
            }
            _ if text[range.clone()].contains(char::is_whitespace) => Manner::Loose,
            _ => Manner::Reference,
        },
    };
    let form = Form::Json;
    pieces.push(Piece { range, manner, form });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_say_what_their_values_are() {
        let text = r#"{"Data":{"accountNumber":"40702810900000000001","ops":[{"inn":7701122338,"sum":1234567890,"id":"a-1",
            "payer":{"name":"ООО \"Лес\"","bankName":"АО Банк"},"bank":{"name":"Б"},"paymentPurpose":"Оплата","x":"a б"}]}}"#;
        let found: Vec<(&str, Manner)> = pieces(text)
            .into_iter()
            .map(|piece| (&text[piece.range], piece.manner))
            .collect();
        assert_eq!(
            found,
            [
                ("40702810900000000001", Manner::Account { bik: None }),
                ("7701122338", Manner::Inn),
                ("a-1", Manner::Reference),
                (r#"ООО \"Лес\""#, Manner::Name),
                ("АО Банк", Manner::Bank),
                ("Б", Manner::Bank),
                ("Оплата", Manner::Purpose),
                ("a б", Manner::Loose),
            ]
        );
    }

    #[test]
    fn broken_json_is_walked_to_its_end() {
        for text in ["\"", "{\"a", "{\"a\\", "]]}}", "[-", "{\"a\":\"b", &"[".repeat(1000)] {
            pieces(text);
        }
    }
}
