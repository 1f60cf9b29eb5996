//! Everything people taught, asked for one payment: rules, refusals, habits, earned autonomy. The engine's one door to
//! it; what they say goes through the same table as what was read.

use domain::Text;

use crate::{
    autonomy::{self, Autonomy},
    decided::{Against, Candidate, Evidence},
    learned::{Habit, Habits},
    payer::PayerKey,
    payment::Payment,
    policy::Policy,
    reasons::{AgainstKind, EvidenceKind},
    rejections::{RefusedOf, Rejections},
    rules::{Applied, Rules, Says},
};

#[derive(Debug)]
pub(crate) struct Taught {
    rules: Rules,
    rejections: Rejections,
    habits: Habits,
    autonomy: Autonomy,
}

impl Taught {
    pub fn of(policy: &Policy) -> Self {
        Self {
            rules: policy.rules.clone(),
            rejections: Rejections::new(&policy.rejected),
            habits: policy.habits.clone(),
            autonomy: policy.autonomy.clone(),
        }
    }

    /// The rule that holds.
    pub fn rule(&self, payment: &Payment) -> Option<Applied<'_>> {
        if self.rules.is_empty() {
            None
        } else {
            self.rules.applied(payment)
        }
    }

    pub fn refused(&self, payment: &Payment) -> RefusedOf<'_> {
        self.rejections.of(payment)
    }

    /// Why no machine decides this payment: what is left after a refusal is not certain by that, and a rule may say so.
    pub fn against(&self, payment: &Payment, rule: Option<&Applied<'_>>) -> Vec<Against> {
        let refused = self.refused(payment).for_payment();
        let refused = refused.then(|| Against::plain(AgainstKind::RejectedBefore));
        refused.into_iter().chain(rule.and_then(Applied::against)).collect()
    }

    /// Whether this class is decided without a person for this payer.
    pub fn earned(&self, payment: &Payment, class: &str) -> bool {
        self.autonomy.earned(PayerKey::of(&payment.payer).as_ref(), class)
    }

    /// Adds the habits of the payer that explain this candidate: several invoices, no number, a rounded sum.
    pub fn explain(&self, payment: &Payment, candidate: &mut Candidate) {
        if self.habits.is_empty() {
            return;
        }
        let Some(payer) = PayerKey::of(&payment.payer) else {
            return;
        };
        let names_a_number = candidate.evidence.iter().any(|one| {
            use EvidenceKind::{InvoiceNumber, InvoiceNumberByDigits, InvoiceNumberSlip, NumberInText};
            matches!(
                one.kind,
                InvoiceNumber | InvoiceNumberByDigits | InvoiceNumberSlip | NumberInText
            )
        });
        let off_by_kopecks = candidate
            .against
            .iter()
            .any(|one| one.kind == AgainstKind::KopeckDifference);
        let major = 10i64.pow(payment.amount.currency().minor_digits());
        let explained = [
            (
                Habit::SeveralInvoices,
                candidate.allocations.len() > 1,
                EvidenceKind::PayerPaysSeveral,
            ),
            (Habit::NoNumbers, !names_a_number, EvidenceKind::PayerNamesNoNumbers),
            (
                Habit::RoundSums,
                off_by_kopecks && payment.amount.minor() % major == 0,
                EvidenceKind::PayerRoundsSums,
            ),
        ];
        for (habit, applies, kind) in explained {
            if applies && self.habits.has(&payer, habit) {
                candidate.evidence.push(Evidence::plain(kind));
            }
        }
    }
}

/// Whether nothing but a person's experience with this class is missing. The user's limit is asked about each sum: what
/// is confirmed over it counts too.
pub(crate) fn can_be_earned(class: &str, best: &Candidate, of_payment: &[Against]) -> bool {
    !best.allocations.is_empty()
        && autonomy::only_of_class(class, &best.against)
        && of_payment.iter().all(|reason| reason.kind == AgainstKind::OverCap)
}

impl Applied<'_> {
    /// What it is instead of a customer's payment.
    pub fn category(&self) -> Option<EvidenceKind> {
        match self.says {
            Says::Category(kind) => Some(kind),
            _ => None,
        }
    }

    /// The INN of the one it pays for.
    pub fn customer(&self) -> Option<&str> {
        match self.says {
            Says::Customer(inn) => Some(inn),
            _ => None,
        }
    }

    /// The rule as a reason, with the words it found or else its name.
    pub fn evidence(&self, payment: &Payment) -> Evidence {
        match self.span.filter(|(start, end)| start < end) {
            Some((start, end)) => Evidence::placed(EvidenceKind::UserRule, &payment.purpose, start, end),
            None => Evidence {
                text: Some(self.name.to_owned()),
                ..Evidence::plain(EvidenceKind::UserRule)
            },
        }
    }

    /// Why no machine decides it, where the rule says so.
    fn against(&self) -> Option<Against> {
        (self.says == Says::NeverAutomatic).then(|| Against {
            kind: AgainstKind::OnlyAPerson,
            text: Text::new(
                format!("правило «{}»: решает только человек", self.name),
                format!("rule «{}»: only a person decides", self.name),
            ),
        })
    }
}
