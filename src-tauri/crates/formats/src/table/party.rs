//! Cells that hold more of a counterparty than their header says: an account with a name, a bank with its code.

use domain::{Counterparty, Inn, ShortText};

use super::{
    row::CellKind,
    survey::{compact, side_accounts},
};

/// Digits of an INN whose first zero Excel has eaten: of a firm, of a person.
const INN_DIGITS_LESS_ZERO: [usize; 2] = [9, 11];

/// A number of a workbook lost its leading zero; where the control digits agree with it, it is put back.
pub(super) fn inn_of_cell(kind: CellKind, text: &str) -> String {
    if kind == CellKind::Number && INN_DIGITS_LESS_ZERO.contains(&text.len()) {
        let whole = format!("0{text}");
        if Inn::parse(&whole).is_ok() {
            return whole;
        }
    }
    text.to_owned()
}

/// Zeros and blanks are how banks write «none».
pub(super) fn present(text: &str) -> Option<String> {
    let text = text.trim();
    (!text.is_empty() && text.bytes().any(|byte| !matches!(byte, b'0' | b'-'))).then(|| text.to_owned())
}

pub(super) fn squeezed(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// An account's cell that also holds an INN and a name, as Sberbank writes it.
pub(super) fn taken_apart(text: &str, party: &mut Counterparty) {
    let mut number = side_accounts(text);
    let account = number.next().and_then(|number| present(&number));
    let Some(found) = account else {
        return;
    };
    party.account = Some(found.as_str().into());
    if compact(text) == found {
        return;
    }
    let rest: Vec<&str> = text
        .split(|letter: char| letter.is_whitespace() || matches!(letter, ',' | ';' | '/'))
        .filter(|piece| !piece.is_empty() && *piece != found)
        .collect();
    let mut name = Vec::new();
    for piece in rest {
        let digits = piece.bytes().all(|byte| byte.is_ascii_digit());
        match piece.len() {
            10 | 12 if digits && party.inn.is_none() => party.inn = present(piece).map(ShortText::from),
            9 if digits && party.kpp.is_none() => party.kpp = present(piece).map(ShortText::from),
            _ if matches!(piece.trim_matches(':'), "ИНН" | "КПП" | "р/с" | "счет" | "Р/с") => {}
            _ => name.push(piece),
        }
    }
    if party.name.is_none() && !name.is_empty() {
        party.name = Some(name.join(" "));
    }
}

/// `БИК 044525225 ПАО СБЕРБАНК, г. Москва`, or the code alone.
pub(super) fn bank_taken_apart(text: &str, party: &mut Counterparty) {
    let is_code = |piece: &&str| piece.len() == 9 && piece.bytes().all(|byte| byte.is_ascii_digit());
    let mut pieces = text.split(|letter: char| letter.is_whitespace() || matches!(letter, ',' | ';' | ':'));
    let Some(code) = pieces.find(is_code) else {
        party.bank = Some(text.into());
        return;
    };
    party.bank = Some(code.into());
    let name = text.replacen(code, "", 1);
    let name = squeezed(
        name.trim()
            .trim_start_matches("БИК")
            .trim_matches([' ', ',', ';', ':', '\n']),
    );
    if party.bank_name.is_none() && !name.is_empty() {
        party.bank_name = Some(name);
    }
}

/// `7812345675/781201001`: two codes in one cell.
pub(super) fn codes_taken_apart(text: &str, party: &mut Counterparty) {
    let codes: Vec<&str> = text
        .split(['/', '\\', ' ', ','])
        .filter(|code| !code.is_empty())
        .collect();
    let digits = |code: &str| code.bytes().all(|byte| byte.is_ascii_digit());
    match codes.as_slice() {
        [inn, kpp] if digits(inn) && digits(kpp) && kpp.len() == 9 => {
            party.inn = present(inn).map(ShortText::from);
            if party.kpp.is_none() {
                party.kpp = present(kpp).map(ShortText::from);
            }
        }
        _ => party.inn = Some(text.into()),
    }
}
