//! What the numbers in the purpose say against an invoice: none that is its own, one with a slip, others beside it.

use domain::Text;

use crate::{
    beside,
    case::Case,
    decided::Against,
    facts::{self, Fit},
    purpose::{Finding, FindingKind},
    reasons::AgainstKind,
    unnumbered,
};

pub fn of_one(fit: &Fit<'_>, case: Case<'_, '_>, against: &mut Vec<Against>) {
    let Case {
        payment, said, book, ..
    } = case;
    let number_of_slot = &book.slot(fit.slot).invoice.number;
    let named = || said.reading.of(FindingKind::InvoiceNumber);
    let Some(number) = fit.number else {
        if let Some(other) = named().next() {
            against.push(other_number(other));
        } else if stands_inside(number_of_slot, &payment.purpose) {
            against.push(Against::plain(AgainstKind::NotAWholeNumber));
        } else {
            against.push(Against::plain(AgainstKind::NoNumber));
        }
        of_unnumbered(fit, case, against);
        return;
    };
    if number.slip.is_some() {
        let typed = &number.finding.value;
        against.push(Against {
            kind: AgainstKind::NumberSlip,
            text: Text::new(
                format!("назван № {typed}, а счёт — № {number_of_slot}: похоже на описку"),
                format!("No. {typed} is named, the invoice is No. {number_of_slot}: it looks like a slip"),
            ),
        });
    } else if !number.named {
        against.push(Against::plain(AgainstKind::NumberNotNamed));
        of_unnumbered(fit, case, against);
        return;
    }
    let is_this_one = |other: &Finding| {
        let mut numbered = other.keys.iter().flat_map(|key| book.numbered(key));
        numbered.any(|(at, _)| *at == fit.slot)
    };
    if let Some(other) = named().find(|other| other.keys.first() != number.finding.keys.first() && !is_this_one(other))
    {
        against.push(also_named(&other.value));
    } else if let Some(reason) = beside::another_named(&[fit.slot], case) {
        against.push(reason);
    }
}

/// Where no number says which invoice is meant, everything else that is said counts.
fn of_unnumbered(fit: &Fit<'_>, case: Case<'_, '_>, against: &mut Vec<Against>) {
    if !fit.is_exact() || !fit.open {
        against.extend(unnumbered::other_words(case));
        return;
    }
    // A number that no noun before it has strengthens a sum that only this invoice has; «стенд № 17» does not.
    let strengthens = fit.number.is_some_and(|number| number.finding.refers);
    if !strengthens && case.payment.amount.minor() % facts::ROUND == 0 {
        against.push(Against::plain(AgainstKind::RoundSum));
    }
    for reason in unnumbered::reasons(fit, &[fit.slot], case) {
        let told = |kind| against.iter().any(|reason| reason.kind == kind);
        let is_told = reason.kind == AgainstKind::PayerDiffers && told(AgainstKind::OtherCustomerNamed);
        if !is_told && !told(reason.kind) {
            against.push(reason);
        }
    }
}

pub fn other_number(other: &Finding) -> Against {
    let number = &other.value;
    Against {
        kind: AgainstKind::OtherNumberNamed,
        text: Text::new(
            format!("в назначении назван другой счёт: № {number}"),
            format!("the purpose names another invoice: No. {number}"),
        ),
    }
}

/// Beside the invoice itself.
pub fn also_named(number: &str) -> Against {
    Against {
        kind: AgainstKind::SeveralInvoices,
        text: Text::new(
            format!("названо несколько счетов, ещё № {number}: проверьте разбивку"),
            format!("several invoices are named, also No. {number}: check how the sum is split"),
        ),
    }
}

/// Whether the number's characters stand in the purpose though no finding is this number.
fn stands_inside(number: &str, purpose: &str) -> bool {
    /// One digit stands inside nearly everything.
    const CHARACTERS_MIN: usize = 2;
    let number = crate::fold::folded(number);
    number.chars().count() >= CHARACTERS_MIN && crate::fold::folded(purpose).contains(&number)
}
