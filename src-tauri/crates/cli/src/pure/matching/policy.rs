//! The policy file of `sverka match`: what a firm told the engine. Fields that are not known are passed over: it may say
//! more than this version understands.

use std::collections::BTreeMap;

use domain::{Currency, Text};
use matching::{
    Autonomy, Caps, LearnedFact, OwnCompany, PayerKey, Policy, Rejected, Rules,
    autonomy::Record,
    learned::{Habit, Habits},
    rules::RuleSpec,
};
use serde::Deserialize;

use super::shape::{null_is_default, sum};

#[derive(Default, Deserialize)]
#[serde(default)]
pub struct PolicyFile {
    #[serde(deserialize_with = "null_is_default")]
    own: Vec<OwnCompany>,
    #[serde(deserialize_with = "null_is_default")]
    facts: Vec<FactLine>,
    #[serde(deserialize_with = "null_is_default")]
    rejected: Vec<Rejected>,
    #[serde(deserialize_with = "null_is_default")]
    rules: Vec<RuleSpec>,
    /// Records of payers; without it autonomy counts as earned.
    autonomy: Option<Vec<RecordLine>>,
    #[serde(deserialize_with = "null_is_default")]
    caps: CapsFile,
}

/// Who pays for whom, or how somebody pays.
#[derive(Default, Deserialize)]
#[serde(default)]
struct FactLine {
    payer_inn: Option<String>,
    payer_account: Option<String>,
    pays_for_inn: Option<String>,
    habit: Option<Habit>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct RecordLine {
    payer_inn: Option<String>,
    payer_account: Option<String>,
    decisions: u32,
    undone: u32,
    confirmed: BTreeMap<String, u32>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct CapsFile {
    automatic_sum: Option<String>,
}

impl PolicyFile {
    pub fn policy(self) -> Result<Policy, Text> {
        let cap = self.caps.automatic_sum.map(|text| sum(&text, Currency::RUB));
        let mut facts = Vec::new();
        let mut habits = Vec::new();
        for line in self.facts {
            match (line.pays_for_inn, line.habit) {
                (Some(pays_for_inn), _) => facts.push(LearnedFact {
                    payer_inn: line.payer_inn,
                    payer_account: line.payer_account,
                    pays_for_inn,
                }),
                (None, Some(habit)) => {
                    let payer = PayerKey::new(line.payer_inn.as_deref(), line.payer_account.as_deref());
                    habits.push((payer.ok_or_else(nobody)?, habit));
                }
                // A fact of another version.
                (None, None) => {}
            }
        }
        let rules = Rules::compile(self.rules).map_err(|invalid| {
            let (place, why) = (invalid.place, invalid.why);
            Text::new(
                format!("правило {place}: {}", why.ru),
                format!("rule {place}: {}", why.en),
            )
        })?;
        Ok(Policy {
            own: self.own,
            facts,
            habits: Habits::of(habits),
            rejected: self.rejected,
            rules,
            autonomy: self.autonomy.map_or_else(|| Ok(Autonomy::of_everybody()), autonomy)?,
            caps: Caps {
                automatic_sum: cap.transpose()?,
            },
        })
    }
}

fn autonomy(lines: Vec<RecordLine>) -> Result<Autonomy, Text> {
    let records = lines.into_iter().map(|line| {
        let payer = PayerKey::new(line.payer_inn.as_deref(), line.payer_account.as_deref());
        let record = Record {
            decisions: line.decisions,
            undone: line.undone,
            confirmed: line.confirmed,
        };
        Ok((payer.ok_or_else(nobody)?, record))
    });
    records.collect::<Result<Vec<_>, Text>>().map(Autonomy::of)
}

fn nobody() -> Text {
    Text::new(
        "не сказано, о каком плательщике: нужен payer_inn или payer_account",
        "it is not said which payer: payer_inn or payer_account is needed",
    )
}
