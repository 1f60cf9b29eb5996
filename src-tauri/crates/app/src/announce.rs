//! The sentence of a notification: how much money came, and whether it wants a person.

use domain::Text;
use store::ImportReport;

use crate::{
    wire::{MoneyCame, Sum},
    words::plural,
};

/// `waiting`: how many of the new payments a person must decide.
pub(crate) fn money_came(report: &ImportReport, waiting: u64) -> MoneyCame {
    let count = report.new_credits;
    let sums: Vec<Text> = report.credited.iter().copied().map(domain::Money::text).collect();
    let joined = |shown: fn(&Text) -> &str| sums.iter().map(shown).collect::<Vec<_>>().join(" + ");
    let (waits_ru, waits_en) = match waiting {
        0 => (String::new(), String::new()),
        _ => {
            let verb = plural(waiting, ["ждёт", "ждут", "ждут"]);
            (format!("; {waiting} {verb} решения"), format!("; {waiting} to decide"))
        }
    };
    let payments_ru = plural(count, ["платёж", "платежа", "платежей"]);
    let payments_en = if count == 1 { "payment" } else { "payments" };
    let came_ru = plural(count, ["Поступил", "Поступило", "Поступило"]);
    let with_sums = Text::new(
        format!("{came_ru} {count} {payments_ru} на {}{waits_ru}", joined(|sum| &sum.ru)),
        format!("{count} {payments_en} came, {}{waits_en}", joined(|sum| &sum.en)),
    );
    let without = Text::new(
        format!("{came_ru} {count} {payments_ru}{waits_ru}"),
        format!("{count} {payments_en} came{waits_en}"),
    );
    MoneyCame {
        count,
        total: report.credited.iter().copied().map(Sum::from).collect(),
        waiting,
        says: with_sums.into(),
        says_hidden: without.into(),
        first_entry: report.first_credit.as_ref().map(|entry| entry.0.clone()),
    }
}
