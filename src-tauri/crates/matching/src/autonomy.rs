//! Autonomy that a payer earned: which rows of the table, asked about at first, are decided for this payer without a
//! person, because persons have confirmed them often enough and taken nothing back.
//!
//! It does not know where the counts come from; the ledger counts them anew from its decisions each time.

use std::collections::{BTreeMap, HashMap};

use domain::Text;
use rust_decimal::Decimal;

use crate::{bound::upper_bound, decided::Against, payer::PayerKey, reasons::AgainstKind};

/// How often in a row a person confirms the first suggestion of a class for a payer until it is decided without one.
///
/// 29 is the smallest record without a reversal that proves less than one wrong in ten: `1 - 0.05^(1/29)` is 9.82 per
/// cent. A payer of every working day earns it in six weeks, one of every week in seven months; one of every month
/// stays with a person, who has little work with it. The other conditions still hold each time: one invoice fits, it
/// is open and uncontested, no counter-reason stands but the class's own, and the sum is within the user's limit.
pub const CONFIRMATIONS_TO_EARN: u32 = 29;

/// A row that can be earned.
struct Earnable {
    class: &'static str,
    /// The counter-reasons that make it one: what a person has overlooked with right so many times.
    despite: &'static [AgainstKind],
    /// Only by the payer's own record, never where autonomy merely counts as earned.
    by_own_record: bool,
}

/// A sum that differs is in none: why it differs is the customer's to say, each time anew. A round sum without a number
/// agrees by chance so often (an advance for the next order) that only this payer's own habit outweighs it.
const EARNABLE: &[Earnable] = &[
    Earnable {
        class: "number_mentioned_payer_sum",
        despite: &[AgainstKind::NumberNotNamed],
        by_own_record: false,
    },
    Earnable {
        class: "number_name_sum",
        despite: &[AgainstKind::PayerUnknown],
        by_own_record: false,
    },
    Earnable {
        class: "payer_sum",
        despite: &[AgainstKind::NoNumber, AgainstKind::RoundSum],
        by_own_record: true,
    },
    Earnable {
        class: "set",
        despite: &[AgainstKind::SetUnnamed],
        by_own_record: false,
    },
];

/// The classes that can be earned.
pub fn earnable() -> impl Iterator<Item = &'static str> {
    EARNABLE.iter().map(|one| one.class)
}

fn of_class(class: &str) -> Option<&'static Earnable> {
    EARNABLE.iter().find(|one| one.class == class)
}

/// Whether nothing speaks against but what this class may be earned in spite of.
pub(crate) fn only_of_class(class: &str, against: &[Against]) -> bool {
    of_class(class).is_some_and(|one| against.iter().all(|reason| one.despite.contains(&reason.kind)))
}

/// What is known of the decisions about one payer.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Record {
    /// Decisions that gave its payments to invoices, by persons and without.
    pub decisions: u32,
    /// Of these, taken back, made otherwise than the engine suggested, or refused by a person.
    pub undone: u32,
    /// By class: first suggestions that a person confirmed since the last one that was undone.
    pub confirmed: BTreeMap<String, u32>,
}

impl Record {
    /// The largest share of wrong decisions that this record leaves possible, see [`upper_bound`].
    #[must_use]
    pub fn bound(&self) -> Decimal {
        upper_bound(self.decisions, self.undone)
    }

    /// Whether the class is decided without a person.
    #[must_use]
    pub fn has_earned(&self, class: &str) -> bool {
        of_class(class).is_some()
            && self
                .confirmed
                .get(class)
                .is_some_and(|count| *count >= CONFIRMATIONS_TO_EARN)
    }

    /// «312 решений, 0 отмен: ошибочных не больше 0,96 % (с надёжностью 95 %)».
    #[must_use]
    pub fn text(&self) -> Text {
        let Self { decisions, undone, .. } = self;
        let percent = percent(self.bound());
        Text::new(
            format!(
                "{decisions} {}, {undone} {}: ошибочных не больше {} % (с надёжностью 95 %)",
                plural(*decisions, ["решение", "решения", "решений"]),
                plural(*undone, ["отмена", "отмены", "отмен"]),
                percent.replace('.', ",")
            ),
            format!("decisions: {decisions}, undone: {undone}; wrong at most {percent} % (at 95 % confidence)"),
        )
    }
}

/// A share in per cent with two digits after the point: `0.96`.
#[must_use]
pub fn percent(share: Decimal) -> String {
    let mut percent = share * Decimal::ONE_HUNDRED;
    percent.rescale(2);
    percent.to_string()
}

fn plural(count: u32, [one, few, many]: [&'static str; 3]) -> &'static str {
    match (count % 10, count % 100) {
        (_, 11..=14) => many,
        (1, _) => one,
        (2..=4, _) => few,
        _ => many,
    }
}

/// Who earned what. Nothing is earned where it says nothing.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Autonomy {
    everybody: bool,
    records: HashMap<PayerKey, Record>,
}

impl Autonomy {
    /// Counts as earned for every payer, but for what takes an own record: for whoever asks the engine without a history,
    /// and checks what it says.
    #[must_use]
    pub fn of_everybody() -> Self {
        Self {
            everybody: true,
            records: HashMap::new(),
        }
    }

    #[must_use]
    pub fn of(records: impl IntoIterator<Item = (PayerKey, Record)>) -> Self {
        Self {
            everybody: false,
            records: records.into_iter().collect(),
        }
    }

    #[must_use]
    pub fn record(&self, payer: &PayerKey) -> Option<&Record> {
        self.records.get(payer)
    }

    /// Whether this payer's payments of this class are decided without a person.
    pub(crate) fn earned(&self, payer: Option<&PayerKey>, class: &str) -> bool {
        (self.everybody && of_class(class).is_some_and(|one| !one.by_own_record))
            || payer
                .and_then(|payer| self.records.get(payer))
                .is_some_and(|record| record.has_earned(class))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record(confirmed: u32, undone: u32) -> Record {
        Record {
            decisions: confirmed,
            undone,
            confirmed: BTreeMap::from([("payer_sum".to_owned(), confirmed)]),
        }
    }

    #[test]
    fn a_class_is_earned_by_exactly_so_many_confirmations() {
        assert!(!record(CONFIRMATIONS_TO_EARN - 1, 0).has_earned("payer_sum"));
        assert!(record(CONFIRMATIONS_TO_EARN, 0).has_earned("payer_sum"));
        assert!(!record(CONFIRMATIONS_TO_EARN, 0).has_earned("number_name_sum"));
        let unearnable = Record {
            confirmed: BTreeMap::from([("number_payer".to_owned(), 1000)]),
            ..Record::default()
        };
        assert!(!unearnable.has_earned("number_payer"));
    }

    #[test]
    fn what_can_be_earned_is_asked_about_at_first() {
        for class in earnable() {
            let row = crate::table::TABLE.iter().find(|row| row.class == class).unwrap();
            assert_eq!(row.follows, crate::table::Follows::Asked, "{class}");
        }
    }

    #[test]
    fn the_count_is_the_smallest_that_proves_less_than_one_in_ten() {
        let tenth = Decimal::new(1, 1);
        assert!(upper_bound(CONFIRMATIONS_TO_EARN, 0) < tenth);
        assert!(upper_bound(CONFIRMATIONS_TO_EARN - 1, 0) >= tenth);
    }

    #[test]
    fn the_record_is_said_with_its_bound() {
        assert_eq!(
            record(312, 0).text().ru,
            "312 решений, 0 отмен: ошибочных не больше 0,96 % (с надёжностью 95 %)"
        );
        assert_eq!(
            record(21, 1).text().en,
            "decisions: 21, undone: 1; wrong at most 20.68 % (at 95 % confidence)"
        );
    }

    #[test]
    fn who_has_no_record_has_earned_nothing() {
        let payer = PayerKey::new(Some("7701234567"), None).unwrap();
        let other = PayerKey::new(Some("7701234568"), None).unwrap();
        let autonomy = Autonomy::of([(payer.clone(), record(CONFIRMATIONS_TO_EARN, 0))]);
        assert!(autonomy.earned(Some(&payer), "payer_sum"));
        assert!(!autonomy.earned(Some(&other), "payer_sum"));
        assert!(!autonomy.earned(None, "payer_sum"));
        assert!(!Autonomy::default().earned(Some(&payer), "payer_sum"));
        assert!(Autonomy::of_everybody().earned(None, "set"));
        assert!(!Autonomy::of_everybody().earned(None, "payer_sum"));
        assert!(!Autonomy::of_everybody().earned(None, "number_payer"));
    }
}
