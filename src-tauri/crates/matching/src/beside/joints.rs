//! How numbers hang together that a purpose names one after another.

use crate::{
    case::Case,
    fold::{fold, is_letter_or_digit},
    purpose::{Finding, FindingKind},
};

/// Words that stand between the numbers of a list, folded.
fn is_joint(word: &str) -> bool {
    const JOINTS: &str = "и или а также еще плюс затем далее потом в том числе т ч испр от на г без вкл сумма итого р руб к коп and or plus";
    const BEGINNINGS: [&str; 5] = ["сч", "доплат", "оплат", "остат", "invoic"];
    let folded = |joint: &str| joint.chars().map(fold).eq(word.chars());
    let begins = |beginning: &str| {
        let mut letters = word.chars();
        beginning.chars().map(fold).all(|letter| letters.next() == Some(letter))
    };
    JOINTS.split(' ').any(folded) || BEGINNINGS.iter().any(|beginning| begins(beginning))
}

/// Whether nothing but marks, joining words and what is read as something else stands between this number and an
/// invoice's before it, and it counts nothing: «145 или 146», but not «145, 3 рейса».
pub fn is_joined(finding: &Finding, case: Case<'_, '_>) -> bool {
    let Case { payment, said, .. } = case;
    let named = said.reading.of(FindingKind::InvoiceNumber);
    let ends = named.map(|before| before.date_span.map_or(before.end, |(_, end)| end.max(before.end)));
    let Some(from) = ends.filter(|end| *end <= finding.start).max() else {
        return false;
    };
    let between = || {
        let findings = said.reading.findings.iter();
        findings.filter(move |other| from <= other.start && other.end <= finding.start)
    };
    let is_filling = |place: usize| between().any(|filling| (filling.start..filling.end).contains(&place));
    // Behind the number of some thing («паспорт 4509 17») only a mark shows that the list goes on.
    let behind_thing = between().any(|filling| {
        !matches!(
            filling.kind,
            FindingKind::Sum | FindingKind::Date | FindingKind::Vat | FindingKind::Part | FindingKind::BareNumber
        )
    });
    let mut joining = String::new();
    let mut counted = String::new();
    for (place, character) in payment.purpose.chars().map(fold).enumerate().skip(from) {
        if place < finding.start {
            joining.push(if is_filling(place) { ' ' } else { character });
        } else if place >= finding.end {
            // What it counts stands right behind it.
            let goes_on = is_letter_or_digit(character) || character.is_whitespace() && counted.is_empty();
            if finding.refers || !goes_on {
                break;
            }
            counted.extend(Some(character).filter(|character| is_letter_or_digit(*character)));
        }
    }
    if behind_thing && !joining.trim_end().ends_with([',', ';', '+', '&', '/']) {
        return false;
    }
    let mut words = joining
        .split(|character: char| !is_letter_or_digit(character))
        .filter(|word| !word.is_empty());
    words.all(is_joint) && (counted.is_empty() || is_joint(&counted))
}
