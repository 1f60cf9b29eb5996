//! Which of a CRM's own stages stands for which payment status: what the user chose, and what the CRM has to offer.
//!
//! Without a choice a client goes by the meaning that the CRM itself gives its stages. A choice is checked when it is
//! made, and again when it is used: stages are removed.

use domain::{PaymentStatus, Text};
use serde::{Deserialize, Serialize};

/// What a funnel leads.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Of {
    Invoices,
    /// Deals of Bitrix24, leads of amoCRM.
    Deals,
}

impl Of {
    /// The statuses that have an event in this program and may be mapped. A deal follows its invoice on two of them.
    #[must_use]
    pub fn statuses(self) -> &'static [PaymentStatus] {
        match self {
            Self::Invoices => &[
                PaymentStatus::Awaiting,
                PaymentStatus::ManualReview,
                PaymentStatus::Expired,
                PaymentStatus::PartlyPaid,
                PaymentStatus::Paid,
                PaymentStatus::Failed,
                PaymentStatus::PartialRefund,
                PaymentStatus::FullRefund,
            ],
            Self::Deals => &[PaymentStatus::PartlyPaid, PaymentStatus::Paid],
        }
    }

    fn text(self) -> Text {
        match self {
            Self::Invoices => Text::new("счетов", "invoices"),
            Self::Deals => Text::new("сделок", "deals"),
        }
    }
}

/// What a stage means to the CRM itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Means {
    Open,
    Success,
    Failure,
}

impl Means {
    /// Whether a stage of this meaning may stand for a status. One that closes an invoice unpaid refuses payments, so
    /// only money that went back may lead there.
    #[must_use]
    pub fn may_be(self, status: PaymentStatus) -> bool {
        match self {
            Self::Open => true,
            Self::Success => status == PaymentStatus::Paid,
            Self::Failure => matches!(status, PaymentStatus::FullRefund | PaymentStatus::Failed),
        }
    }
}

/// A stage as the CRM offers it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Offered {
    pub id: String,
    pub name: String,
    pub means: Means,
}

/// A funnel with its stages, in their order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Funnel {
    pub of: Of,
    /// The CRM's number of it; zero where there is only one, and of Bitrix24's first funnel of deals.
    pub number: u64,
    pub name: String,
    pub stages: Vec<Offered>,
    /// What a client writes without a choice: the stage's id by status.
    pub by_itself: Vec<(PaymentStatus, String)>,
}

impl Funnel {
    /// What happens where the user chose nothing.
    #[must_use]
    pub fn unchosen(&self, status: PaymentStatus) -> Text {
        let by_itself = self.by_itself.iter().find(|(of, _)| *of == status);
        let stage = by_itself.and_then(|(_, id)| self.stages.iter().find(|stage| stage.id == *id));
        match (stage, status, self.of) {
            (Some(stage), ..) => Text::same(format!("«{}»", stage.name)),
            (
                None,
                PaymentStatus::Awaiting
                | PaymentStatus::Failed
                | PaymentStatus::PartialRefund
                | PaymentStatus::FullRefund,
                Of::Invoices,
            ) => Text::new("как было до оплаты", "as it was before the payment"),
            _ => Text::new("не меняется", "is left as it is"),
        }
    }
}

/// One choice of the user.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Choice {
    pub of: Of,
    pub funnel: u64,
    pub status: PaymentStatus,
    pub stage: String,
}

/// What the user chose; empty by default.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Mapping {
    pub choices: Vec<Choice>,
}

impl Mapping {
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.choices.is_empty()
    }

    /// The stage chosen for a status.
    #[must_use]
    pub fn stage(&self, of: Of, funnel: u64, status: PaymentStatus) -> Option<&str> {
        let chosen = |choice: &&Choice| choice.of == of && choice.funnel == funnel && choice.status == status;
        self.choices.iter().find(chosen).map(|choice| choice.stage.as_str())
    }

    /// The statuses that a stage stands for.
    pub fn standing<'a>(&'a self, of: Of, funnel: u64, stage: &'a str) -> impl Iterator<Item = PaymentStatus> + 'a {
        let here = move |choice: &&Choice| choice.of == of && choice.funnel == funnel && choice.stage == stage;
        self.choices.iter().filter(here).map(|choice| choice.status)
    }

    /// What stands in the way of this mapping at a CRM that offers `funnels`, as sentences.
    #[must_use]
    pub fn objections(&self, funnels: &[Funnel]) -> Vec<Text> {
        self.choices
            .iter()
            .filter_map(|choice| objection(choice, funnels))
            .collect()
    }
}

fn objection(choice: &Choice, funnels: &[Funnel]) -> Option<Text> {
    let status = choice.status.text();
    let of = choice.of.text();
    let same = |funnel: &&Funnel| funnel.of == choice.of && funnel.number == choice.funnel;
    let Some(funnel) = funnels.iter().find(same) else {
        let number = choice.funnel;
        return Some(Text::new(
            format!(
                "Воронки {} № {number} в CRM больше нет: статус «{}» ставить негде. Откройте Настройки → CRM → Стадии.",
                of.ru, status.ru
            ),
            format!(
                "The CRM no longer has the pipeline of {} No. {number}: «{}» has nowhere to go. Open Settings → CRM → \
                 Stages.",
                of.en, status.en
            ),
        ));
    };
    let name = &funnel.name;
    let Some(stage) = funnel.stages.iter().find(|stage| stage.id == choice.stage) else {
        return Some(gone(&choice.stage, choice.status, name));
    };
    if !choice.of.statuses().contains(&choice.status) {
        return Some(Text::new(
            format!("Статус «{}» здесь ни из чего не следует: уберите его.", status.ru),
            format!("Nothing leads to the status «{}» here: take it out.", status.en),
        ));
    }
    if stage.means.may_be(choice.status) {
        return None;
    }
    let stage = &stage.name;
    Some(Text::new(
        format!(
            "Стадия «{stage}» воронки «{name}» закрывает то, что статус «{}» оставляет открытым. Выберите другую стадию.",
            status.ru
        ),
        format!(
            "The stage «{stage}» of «{name}» closes what the status «{}» leaves open. Choose another stage.",
            status.en
        ),
    ))
}

/// A stage that was chosen and is no longer there.
fn gone(stage: &str, status: PaymentStatus, funnel: &str) -> Text {
    let status = status.text();
    Text::new(
        format!(
            "Стадии «{stage}», выбранной для «{}», в воронке «{funnel}» больше нет. Выберите другую: Настройки → CRM → \
             Стадии.",
            status.ru
        ),
        format!(
            "The stage «{stage}», chosen for «{}», is no longer in «{funnel}». Choose another: Settings → CRM → Stages.",
            status.en
        ),
    )
}

/// The same as the end of a sentence: why a message is not delivered.
pub(crate) fn stage_is_gone(stage: &str, status: PaymentStatus) -> Text {
    let status = status.text();
    Text::new(
        format!("стадии «{stage}», выбранной для «{}», в CRM больше нет", status.ru),
        format!("the CRM no longer has the stage «{stage}», chosen for «{}»", status.en),
    )
}

/// A status that does not follow from where the invoice stands: it is told of, and the stage stays.
pub(crate) fn does_not_follow(status: PaymentStatus, stage: &str) -> Text {
    let status = status.text();
    Text::new(
        format!("Счёт стоит в стадии «{stage}»: «{}» её не меняет.", status.ru),
        format!("The invoice stands in «{stage}»: «{}» does not change it.", status.en),
    )
}

/// A status that no money makes: it is told by itself, and taken back.
pub(crate) fn is_told_so(status: PaymentStatus) -> bool {
    matches!(status, PaymentStatus::Expired | PaymentStatus::ManualReview)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn choice(of: Of, funnel: u64, status: PaymentStatus, stage: &str) -> Choice {
        Choice {
            of,
            funnel,
            status,
            stage: stage.to_owned(),
        }
    }

    fn funnel() -> Funnel {
        let offered = |id: &str, means| Offered {
            id: id.to_owned(),
            name: format!("Стадия {id}"),
            means,
        };
        Funnel {
            of: Of::Invoices,
            number: 3,
            name: "Общая".to_owned(),
            stages: vec![
                offered("N", Means::Open),
                offered("P", Means::Success),
                offered("D", Means::Failure),
            ],
            by_itself: vec![(PaymentStatus::Paid, "P".to_owned())],
        }
    }

    #[test]
    fn a_choice_is_checked_against_what_the_crm_offers() {
        use PaymentStatus::{Awaiting, FullRefund, Paid, PartlyPaid};
        for (chosen, words) in [
            (choice(Of::Invoices, 3, Paid, "P"), None),
            (choice(Of::Invoices, 3, Paid, "N"), None),
            (choice(Of::Invoices, 3, PartlyPaid, "N"), None),
            (choice(Of::Invoices, 3, FullRefund, "D"), None),
            (choice(Of::Invoices, 3, PaymentStatus::Failed, "D"), None),
            (choice(Of::Invoices, 3, PaymentStatus::Failed, "P"), Some("закрывает")),
            (choice(Of::Invoices, 3, Paid, "D"), Some("закрывает")),
            (choice(Of::Invoices, 3, PartlyPaid, "P"), Some("закрывает")),
            (choice(Of::Invoices, 3, Awaiting, "D"), Some("закрывает")),
            (choice(Of::Invoices, 3, PaymentStatus::Expired, "N"), None),
            (
                choice(Of::Invoices, 3, PaymentStatus::ManualReview, "P"),
                Some("закрывает"),
            ),
            (choice(Of::Deals, 3, PaymentStatus::Expired, "N"), Some("сделок")),
            (choice(Of::Invoices, 3, Paid, "GONE"), Some("«GONE»")),
            (choice(Of::Invoices, 4, Paid, "P"), Some("№ 4")),
            (choice(Of::Deals, 3, Paid, "P"), Some("сделок")),
        ] {
            let mapping = Mapping { choices: vec![chosen] };
            let objections = mapping.objections(&[funnel()]);
            assert_eq!(objections.len(), usize::from(words.is_some()), "{mapping:?}");
            if let Some(words) = words {
                let Text { ru, en } = &objections[0];
                assert!(
                    ru.contains(words) && ru.ends_with('.') && en.ends_with('.'),
                    "{ru} {en}"
                );
            }
        }
    }

    #[test]
    fn without_a_choice_it_is_said_what_happens() {
        let says = |status| funnel().unchosen(status).ru;
        assert_eq!(says(PaymentStatus::Paid), "«Стадия P»");
        assert_eq!(says(PaymentStatus::PartlyPaid), "не меняется");
        assert_eq!(says(PaymentStatus::FullRefund), "как было до оплаты");
    }

    #[test]
    fn a_mapping_is_kept_and_looked_up_both_ways() {
        let mapping = Mapping {
            choices: vec![
                choice(Of::Invoices, 3, PaymentStatus::Paid, "P"),
                choice(Of::Invoices, 3, PaymentStatus::PartlyPaid, "N"),
                choice(Of::Invoices, 3, PaymentStatus::Awaiting, "N"),
                choice(Of::Deals, 3, PaymentStatus::Paid, "WON"),
            ],
        };
        let kept = serde_json::to_string(&mapping).unwrap();
        assert_eq!(serde_json::from_str::<Mapping>(&kept).unwrap(), mapping);
        assert_eq!(mapping.stage(Of::Deals, 3, PaymentStatus::Paid), Some("WON"));
        assert_eq!(mapping.stage(Of::Deals, 3, PaymentStatus::PartlyPaid), None);
        let standing: Vec<_> = mapping.standing(Of::Invoices, 3, "N").collect();
        assert_eq!(standing, [PaymentStatus::PartlyPaid, PaymentStatus::Awaiting]);
        assert_eq!(mapping.standing(Of::Deals, 3, "N").count(), 0);
    }
}
