//! One slip of the fingers between a typed number and an invoice's: found by keys, named by its kind.
//!
//! A slip alone proves nothing; what else has to agree is the caller's business.

/// What went wrong in typing a number, once.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Slip {
    /// О for 0, З for 3: they look alike.
    Lookalike,
    /// Two neighbouring digits changed places.
    Swapped,
    /// A digit is missing.
    Lost,
    /// A digit stands twice.
    Doubled,
    /// One digit is another.
    Wrong,
}

/// With fewer digits one slip leaves nothing to know the number by.
const DIGITS_MIN: usize = 2;

/// The one slip that makes `invoice_key` what was typed. Both are keys as [`super::key`] makes them.
///
/// `None` where they are equal, where more than one slip lies between, and where letters or separators differ:
/// «А-17» is not a slip of «Б-17», nor «1-45» of «145».
#[must_use]
pub fn slip(typed_key: &str, invoice_key: &str) -> Option<Slip> {
    let (typed, meant): (Vec<char>, Vec<char>) = (typed_key.chars().collect(), invoice_key.chars().collect());
    if meant.iter().filter(|character| character.is_ascii_digit()).count() < DIGITS_MIN || typed == meant {
        return None;
    }
    if is_lookalike(&typed, invoice_key) {
        return Some(Slip::Lookalike);
    }
    let same_front = typed.iter().zip(&meant).take_while(|(one, other)| one == other).count();
    let (typed_rest, meant_rest) = (&typed[same_front..], &meant[same_front..]);
    match (typed_rest, meant_rest) {
        ([typed, typed_tail @ ..], [meant, meant_tail @ ..]) if typed_tail == meant_tail => changed(*typed, *meant),
        ([one, two, typed_tail @ ..], [other, another, meant_tail @ ..])
            if typed_tail == meant_tail && one == another && two == other =>
        {
            (one.is_ascii_digit() && two.is_ascii_digit()).then_some(Slip::Swapped)
        }
        (typed_tail, [lost, meant_tail @ ..]) if typed_tail == meant_tail => {
            lost.is_ascii_digit().then_some(Slip::Lost)
        }
        ([extra, typed_tail @ ..], meant_tail) if typed_tail == meant_tail => {
            // Of two equal neighbours the second is the one that differs.
            let twice = same_front.checked_sub(1).is_some_and(|before| typed[before] == *extra);
            (twice && extra.is_ascii_digit()).then_some(Slip::Doubled)
        }
        _ => None,
    }
}

/// Digits by the letters they are typed as.
const LOOKALIKES: [(char, char); 3] = [('о', '0'), ('з', '3'), ('ч', '4')];

/// A single letter that is typed where a digit is meant.
pub fn looks_like_a_digit(letters: &str) -> bool {
    let mut letters = letters.chars();
    let alone = letters.next().filter(|_| letters.next().is_none());
    alone.is_some_and(|letter| LOOKALIKES.iter().any(|(known, _)| *known == letter))
}

/// Whether one letter beside a digit is a digit, or one digit a letter: «К-З59» for «К-359», «О145» for «0145».
fn is_lookalike(typed: &[char], invoice_key: &str) -> bool {
    // Two numbers with as many letters do not differ by a letter for a digit, and nearly all have as many.
    let letters = typed.iter().filter(|one| one.is_alphabetic()).count();
    if letters == invoice_key.chars().filter(|one| one.is_alphabetic()).count() {
        return false;
    }
    // «ЗО45»: the fingers were on the wrong layout, once.
    let all: String = typed
        .iter()
        .map(|one| {
            LOOKALIKES
                .iter()
                .find(|(letter, _)| letter == one)
                .map_or(*one, |(_, digit)| *digit)
        })
        .collect();
    let one_alone = typed.iter().enumerate().any(|(at, typed_one)| {
        let beside = |place: Option<usize>| {
            place
                .and_then(|place| typed.get(place))
                .is_some_and(char::is_ascii_digit)
        };
        let meant = LOOKALIKES.iter().find_map(|(letter, digit)| match typed_one {
            one if one == letter && (beside(at.checked_sub(1)) || beside(at.checked_add(1))) => Some(*digit),
            one if one == digit => Some(*letter),
            _ => None,
        });
        meant.is_some_and(|meant| {
            let corrected: String = typed
                .iter()
                .enumerate()
                .map(|(place, one)| if place == at { meant } else { *one })
                .collect();
            super::key(&corrected) == invoice_key
        })
    });
    one_alone || super::key(&all) == invoice_key
}

fn changed(typed: char, meant: char) -> Option<Slip> {
    (typed.is_ascii_digit() && meant.is_ascii_digit()).then_some(Slip::Wrong)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::number::key;

    #[test]
    fn each_kind_of_slip_is_named() {
        for (typed, meant, expected) in [
            ("154", "145", Some(Slip::Swapped)),
            ("415", "145", Some(Slip::Swapped)),
            ("146", "145", Some(Slip::Wrong)),
            ("14", "145", Some(Slip::Lost)),
            ("45", "145", Some(Slip::Lost)),
            ("15", "145", Some(Slip::Lost)),
            ("1145", "145", Some(Slip::Doubled)),
            ("1455", "145", Some(Slip::Doubled)),
            ("1445", "145", Some(Slip::Doubled)),
            ("1О5", "105", Some(Slip::Lookalike)),
            ("1З5", "135", Some(Slip::Lookalike)),
            ("О145", "0145", Some(Slip::Lookalike)),
            ("К-З59", "К-359", Some(Slip::Lookalike)),
            ("К-3Ч9", "К-349", Some(Slip::Lookalike)),
            ("1О066", "10066", Some(Slip::Lookalike)),
            ("57З06", "57306", Some(Slip::Lookalike)),
            ("СЧ-З045", "СЧ-3045", Some(Slip::Lookalike)),
            ("0П-145", "ОП-145", Some(Slip::Lookalike)),
            ("ЗО45", "3045", Some(Slip::Lookalike)),
            ("З145", "145", None),
            ("сч154", "СЧ-145", Some(Slip::Swapped)),
            ("0145", "1045", Some(Slip::Lost)),
            ("145", "145", None),
            ("1450", "145", None),
            ("1459", "145", None),
            ("541", "145", None),
            ("1546", "1455", None),
            ("А-17", "Б-17", None),
            ("1-45", "145", None),
            ("145а", "145", None),
            ("Б145", "145", None),
            ("о-145", "а-145", None),
            ("5", "7", None),
            ("", "145", None),
            ("145", "", None),
        ] {
            assert_eq!(slip(&key(typed), &key(meant)), expected, "{typed} for {meant}");
        }
    }

    proptest! {
        #[test]
        fn no_text_is_too_strange_to_compare(one in "\\PC*", other in "\\PC*") {
            prop_assert!(one != other || slip(&one, &other).is_none());
        }
    }
}
