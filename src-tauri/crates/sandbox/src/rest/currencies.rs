//! Currencies of the portal, and how each language writes them. The first is the base.

use super::{Answer, CRM, Call, Method, Outcome, RestError, read};
use crate::{cell::portal_time, php::Php};

pub static METHODS: &[Method] = &[
    read("crm.currency.list", CRM, list),
    read("crm.currency.get", CRM, get),
    read("crm.currency.fields", CRM, |_| Ok(fields())),
    read("crm.currency.base.get", CRM, base),
    read("crm.currency.localizations.get", CRM, localizations),
];

/// How a currency is written: its Russian and its English name, and the sum in both.
const KNOWN: [(&str, &str, &str, &str, &str); 8] = [
    ("RUB", "Российский рубль", "Russian Ruble", "# ₽", "₽#"),
    ("USD", "Доллар США", "US Dollar", "$#", "$#"),
    ("EUR", "Евро", "Euro", "# €", "€#"),
    ("BYN", "Белорусский рубль", "Belarusian Ruble", "# руб.", "Br#"),
    ("KZT", "Тенге", "Tenge", "# ₸", "₸#"),
    ("AMD", "Армянский драм", "Armenian Dram", "# ֏", "֏#"),
    ("UZS", "Узбекский сум", "Uzbek Sum", "# сум", "UZS #"),
    ("KGS", "Сом", "Som", "# сом", "KGS #"),
];
/// When the portal was opened: nobody has changed its currencies since.
const OPENED_MS: i64 = 1_700_000_000_000;

/// A currency that is not in the table is written by its code.
fn format(code: &str, language: &str) -> Php {
    let known = KNOWN.iter().find(|(known, ..)| *known == code);
    let (name, sum) = match (known, language) {
        (Some((_, russian, _, sum, _)), "ru") => ((*russian).to_owned(), (*sum).to_owned()),
        (Some((_, _, english, _, sum)), _) => ((*english).to_owned(), (*sum).to_owned()),
        (None, _) => (code.to_owned(), format!("# {code}")),
    };
    let (point, thousands, variant) = match language {
        "ru" => (",", "\u{a0}", "B"),
        _ => (".", ",", "C"),
    };
    Php::map([
        ("FORMAT_STRING", Php::text(sum)),
        ("FULL_NAME", Php::text(name)),
        ("DEC_POINT", Php::text(point)),
        ("THOUSANDS_SEP", Php::text(thousands)),
        ("DECIMALS", Php::text("2")),
        ("THOUSANDS_VARIANT", Php::text(variant)),
        ("HIDE_ZERO", Php::text("Y")),
    ])
}

fn row(at: usize, code: &str) -> Php {
    let mut row = Php::map([
        ("CURRENCY", Php::text(code)),
        ("AMOUNT_CNT", Php::text("1")),
        ("AMOUNT", Php::text("1.0000")),
        ("SORT", Php::text((100 * (at + 1)).to_string())),
        ("BASE", Php::text(if at == 0 { "Y" } else { "N" })),
        ("LID", Php::text("ru")),
        ("DATE_UPDATE", Php::text(portal_time(OPENED_MS))),
    ]);
    for (name, value) in format(code, "ru").entries() {
        // Whether zeros are hidden is told of a language only.
        if name != "HIDE_ZERO" {
            row.set(name, value.clone());
        }
    }
    row
}

fn languages(code: &str) -> Php {
    Php::map(["ru", "en"].map(|language| (language, format(code, language))))
}

fn list(call: &mut Call<'_>) -> Outcome {
    let rows = call.world.currencies.iter().enumerate();
    let rows = rows.map(|(at, code)| row(at, code));
    Ok(Answer {
        result: Php::list(rows),
        total: Some(0),
        next: None,
    })
}

/// The currency that is asked for and its place among the others.
fn asked(call: &Call<'_>) -> Result<(usize, String), RestError> {
    let code = call.text("id")?;
    let at = call.world.currencies.iter().position(|known| *known == code);
    at.map(|at| (at, code)).ok_or_else(|| RestError::legacy("Not found"))
}

fn get(call: &mut Call<'_>) -> Outcome {
    let (at, code) = asked(call)?;
    let mut row = row(at, &code);
    row.set("LANG", languages(&code));
    Ok(row.into())
}

fn localizations(call: &mut Call<'_>) -> Outcome {
    Ok(languages(&asked(call)?.1).into())
}

fn base(call: &mut Call<'_>) -> Outcome {
    let base = call.world.currencies.first();
    Ok(Php::text(base.map_or("", String::as_str)).into())
}

fn fields() -> Answer {
    let all = [
        ("CURRENCY", "string", false),
        ("BASE", "char", false),
        ("AMOUNT_CNT", "integer", false),
        ("AMOUNT", "double", false),
        ("SORT", "integer", false),
        ("DATE_UPDATE", "datetime", true),
        ("LID", "string", true),
        ("FORMAT_STRING", "string", true),
        ("FULL_NAME", "string", true),
        ("DEC_POINT", "string", true),
        ("THOUSANDS_SEP", "string", true),
        ("DECIMALS", "integer", true),
        ("LANG", "currency_localization", false),
    ];
    let about = |kind: &str, read_only: bool| {
        Php::map([
            ("type", Php::text(kind)),
            ("isRequired", Php::Bool(false)),
            ("isReadOnly", Php::Bool(read_only)),
            ("isImmutable", Php::Bool(false)),
            ("isMultiple", Php::Bool(false)),
            ("isDynamic", Php::Bool(false)),
        ])
    };
    Php::map(all.map(|(name, kind, read_only)| (name, about(kind, read_only)))).into()
}
