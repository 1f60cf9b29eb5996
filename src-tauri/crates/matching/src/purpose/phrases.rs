//! Phrases that say what money is, if it is no customer's. Russian, and English as foreign banks write.

use std::sync::LazyLock;

use rustc_hash::FxHashMap;

use super::tokens::{TokenKind, Tokens};
use crate::{
    fold::{folded, word_starts},
    reasons::EvidenceKind as Kind,
};

/// A phrase: starts of words, in this order, with a few other words between two.
pub struct Phrase {
    pub kind: Kind,
    stems: &'static [&'static str],
    /// So many other words may stand between two of it.
    gap: usize,
    /// Only as the first word of the purpose.
    first: bool,
}

const GAP_WORDS_MAX: usize = 3;

const fn phrase(kind: Kind, stems: &'static [&'static str]) -> Phrase {
    Phrase {
        kind,
        stems,
        gap: GAP_WORDS_MAX,
        first: false,
    }
}

/// «Возмещение НДС», but not «возмещение по убытку. НДС не облагается».
const fn near(kind: Kind, stems: &'static [&'static str]) -> Phrase {
    Phrase {
        gap: 1,
        ..phrase(kind, stems)
    }
}

const fn opening(kind: Kind, stems: &'static [&'static str]) -> Phrase {
    Phrase {
        first: true,
        ..phrase(kind, stems)
    }
}

/// The first that stands in the purpose counts, so the narrower ones come first.
const PHRASES: &[Phrase] = &[
    phrase(Kind::OwnAccount, &["перевод", "собственн", "средств"]),
    phrase(Kind::OwnAccount, &["между", "сво", "счет"]),
    phrase(Kind::OwnAccount, &["между", "собственн", "счет"]),
    phrase(Kind::OwnAccount, &["transfer", "own", "funds"]),
    phrase(Kind::OwnAccount, &["between", "own", "account"]),
    phrase(Kind::Acquirer, &["эквайр"]),
    phrase(Kind::Acquirer, &["acquiring"]),
    phrase(Kind::Acquirer, &["merchant", "payout"]),
    phrase(Kind::Acquirer, &["card", "settlement"]),
    phrase(Kind::Acquirer, &["операци", "банковск", "карт"]),
    phrase(Kind::Acquirer, &["зачислен", "операци", "карт"]),
    phrase(Kind::Acquirer, &["расчет", "сбп"]),
    phrase(Kind::Acquirer, &["выручк", "терминал"]),
    phrase(Kind::Acquirer, &["возмещен", "карт"]),
    phrase(Kind::Acquirer, &["возмещен", "терминал"]),
    phrase(Kind::Acquirer, &["возмещен", "операци"]),
    phrase(Kind::Acquirer, &["возмещен", "сбп"]),
    phrase(Kind::Acquirer, &["мерчант"]),
    phrase(Kind::Acquirer, &["реестр", "операци"]),
    phrase(Kind::Acquirer, &["реестр", "платеж"]),
    phrase(Kind::TaxRefund, &["возврат", "налог"]),
    phrase(Kind::TaxRefund, &["возврат", "переплат", "взнос"]),
    near(Kind::TaxRefund, &["возмещен", "ндс"]),
    near(Kind::TaxRefund, &["возврат", "ндс"]),
    phrase(Kind::TaxRefund, &["возврат", "енс"]),
    phrase(Kind::TaxRefund, &["возврат", "енп"]),
    phrase(Kind::TaxRefund, &["сальдо", "енс"]),
    phrase(Kind::TaxRefund, &["возврат", "ндфл"]),
    phrase(Kind::TaxRefund, &["возврат", "страхов", "взнос"]),
    phrase(Kind::TaxRefund, &["tax", "refund"]),
    phrase(Kind::Interest, &["accrued", "interest"]),
    phrase(Kind::Interest, &["interest", "deposit"]),
    phrase(Kind::Interest, &["процент", "неснижаем"]),
    phrase(Kind::Interest, &["начислен", "процент"]),
    phrase(Kind::Interest, &["выплат", "процент"]),
    phrase(Kind::Interest, &["уплат", "процент"]),
    phrase(Kind::Interest, &["процент", "вклад"]),
    phrase(Kind::Interest, &["процент", "депозит"]),
    phrase(Kind::Interest, &["процент", "остат"]),
    phrase(Kind::Interest, &["процент", "займ"]),
    phrase(Kind::Loan, &["займ"]),
    phrase(Kind::Loan, &["заем"]),
    phrase(Kind::Loan, &["ссуд"]),
    phrase(Kind::Loan, &["loan"]),
    phrase(Kind::Loan, &["основн", "долг", "договор"]),
    phrase(Kind::Loan, &["овердрафт"]),
    phrase(Kind::Loan, &["кредитн", "лини"]),
    phrase(Kind::Loan, &["договор", "кредит"]),
    phrase(Kind::Loan, &["кредитн", "договор"]),
    phrase(Kind::Loan, &["предоставл", "кредит"]),
    phrase(Kind::Loan, &["выдач", "кредит"]),
    phrase(Kind::Loan, &["погашен", "кредит"]),
    phrase(Kind::Loan, &["возврат", "кредит"]),
    phrase(Kind::Fee, &["возврат", "комисси"]),
    phrase(Kind::Fee, &["комисси", "банк"]),
    opening(Kind::Fee, &["комисси"]),
    phrase(Kind::Fee, &["refund", "fee"]),
    phrase(Kind::Cash, &["cash", "deposit"]),
    phrase(Kind::Cash, &["взнос", "банкомат"]),
    phrase(Kind::Cash, &["внесен", "банкомат"]),
    phrase(Kind::Cash, &["взнос", "наличн"]),
    phrase(Kind::Cash, &["внесен", "наличн"]),
    phrase(Kind::Cash, &["прием", "наличн"]),
    phrase(Kind::Cash, &["сдач", "выручк"]),
    phrase(Kind::Cash, &["торгов", "выручк"]),
    phrase(Kind::Cash, &["инкасс"]),
    phrase(Kind::Cash, &["самоинкасс"]),
    phrase(Kind::FounderMoney, &["взнос", "учредител"]),
    phrase(Kind::FounderMoney, &["вклад", "учредител"]),
    phrase(Kind::FounderMoney, &["вклад", "имуществ"]),
    phrase(Kind::FounderMoney, &["уставн", "капитал"]),
    phrase(Kind::FounderMoney, &["финансов", "помощ"]),
    phrase(Kind::FounderMoney, &["пополнен", "счет"]),
    phrase(Kind::FounderMoney, &["пополнен", "средств"]),
    phrase(Kind::FounderMoney, &["увеличен", "чист", "актив"]),
    phrase(Kind::Returned, &["refund"]),
    phrase(Kind::Returned, &["возвр"]),
    phrase(Kind::Returned, &["возрат"]),
    phrase(Kind::Returned, &["возр"]),
    phrase(Kind::Returned, &["в-т"]),
    phrase(Kind::Returned, &["в/т"]),
    phrase(Kind::Returned, &["сторн"]),
    near(Kind::Returned, &["отмен", "платеж"]),
    near(Kind::Returned, &["отмен", "оплат"]),
    near(Kind::Returned, &["отмен", "операци"]),
    near(Kind::Returned, &["аннулир", "платеж"]),
    phrase(Kind::Returned, &["reversal"]),
    phrase(Kind::Returned, &["chargeback"]),
    near(Kind::Returned, &["return", "fund"]),
    near(Kind::Returned, &["return", "payment"]),
];

/// The phrases, made ready.
struct Ready {
    /// The stems of each phrase in the spelling words are compared in.
    stems: Vec<Vec<String>>,
    /// Each stem once, by its first two letters, with its place in [`Begun`].
    by_letters: FxHashMap<(char, char), Vec<(String, u32)>>,
    /// What each phrase needs.
    needs: Vec<Begun>,
}

/// A set of stems: those that begin some word.
pub type Begun = u128;

static READY: LazyLock<Ready> = LazyLock::new(|| {
    let stems = |phrase: &Phrase| phrase.stems.iter().map(|stem| folded(stem)).collect();
    let stems: Vec<Vec<String>> = PHRASES.iter().map(stems).collect();
    let mut each: Vec<&String> = stems.iter().flatten().collect();
    each.sort_unstable();
    each.dedup();
    let mut by_letters: FxHashMap<(char, char), Vec<(String, u32)>> = FxHashMap::default();
    let mut places: FxHashMap<&String, u32> = FxHashMap::default();
    for (place, stem) in (0..).zip(each) {
        places.insert(stem, place);
        if let Some(letters) = first_two(stem) {
            by_letters.entry(letters).or_default().push((stem.clone(), place));
        }
    }
    let needs = stems
        .iter()
        .map(|stems| stems.iter().fold(0, |needs, stem| needs | bit(places[stem])));
    Ready {
        needs: needs.collect(),
        by_letters,
        stems,
    }
});

const fn bit(place: u32) -> Begun {
    1 << place
}

/// What the words say money is, with the places of the first and the last word that say it.
pub fn found(tokens: &Tokens) -> Option<(Kind, usize, usize)> {
    if tokens.begun == Begun::default() {
        return None;
    }
    // Most purposes have no phrase whose stems all begin a word.
    let mut possible = (0..PHRASES.len())
        .filter(|at| tokens.begun & READY.needs[*at] == READY.needs[*at])
        .peekable();
    possible.peek()?;
    let is_word = |at: &usize| matches!(tokens.list[*at].kind, TokenKind::Word | TokenKind::Number);
    let places: Vec<usize> = (0..tokens.list.len()).filter(is_word).collect();
    let words: Vec<&str> = places.iter().map(|at| tokens.text(*at)).collect();
    possible.find_map(|at| {
        let (first, last) = find(&PHRASES[at], &READY.stems[at], &words)?;
        let place = |word: usize| &tokens.list[places[word]];
        Some((PHRASES[at].kind, place(first).start, place(last).end))
    })
}

/// No stem is shorter.
fn first_two(text: &str) -> Option<(char, char)> {
    let mut characters = text.chars();
    characters.next().zip(characters.next())
}

/// The stems that begin a word of the folded text.
pub fn begun(folded: &str) -> Begun {
    let mut begun = 0;
    for (_, word) in word_starts(folded) {
        let begin_so = first_two(word).and_then(|letters| READY.by_letters.get(&letters));
        for (stem, place) in begin_so.into_iter().flatten() {
            if word.starts_with(stem.as_str()) {
                begun |= bit(*place);
            }
        }
    }
    begun
}

/// The first and the last word of the phrase.
fn find(phrase: &Phrase, stems: &[String], words: &[&str]) -> Option<(usize, usize)> {
    let (head, tail) = stems.split_first()?;
    let starts = if phrase.first { words.len().min(1) } else { words.len() };
    (0..starts)
        .filter(|at| starts_with(words[*at], head))
        .find_map(|first| {
            let last = tail.iter().try_fold(first, |last, stem| {
                words
                    .iter()
                    .enumerate()
                    .skip(last + 1)
                    .take(phrase.gap + 1)
                    .find(|(_, word)| starts_with(word, stem))
                    .map(|(at, _)| at)
            })?;
            // «за вычетом комиссии банка»: why less is paid, and not what is.
            let taken_off = phrase.kind == Kind::Fee
                && first.checked_sub(1).is_some_and(|before| {
                    let word = words[before];
                    matches!(word, "минус" | "без")
                        || ["вычет", "удержан", "учет"].iter().any(|stem| word.starts_with(stem))
                });
            (!taken_off).then_some((first, last))
        })
}

fn starts_with(word: &str, stem: &str) -> bool {
    // «возвратная тара» is goods and «процентный заём» a loan.
    let adjective = match stem {
        "возврат" | "возвр" => word.starts_with("возвратн"),
        // «возраст», «возражение».
        "возр" | "в-т" | "в/т" => word != stem,
        "процент" => word.starts_with("процентн"),
        _ => false,
    };
    word.starts_with(stem) && !adjective
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(purpose: &str) -> Option<(Kind, usize, usize)> {
        super::found(&Tokens::cut(purpose))
    }

    #[test]
    fn every_stem_has_a_place() {
        let stems: usize = READY.by_letters.values().map(Vec::len).sum();
        assert!(stems <= Begun::BITS as usize, "{stems} stems do not fit");
    }

    #[test]
    fn every_phrase_is_found_in_its_own_words() {
        for phrase in PHRASES {
            let purpose = phrase.stems.join(" ");
            assert!(found(&purpose).is_some(), "{purpose}");
        }
    }

    #[test]
    fn places_are_those_of_the_words() {
        assert_eq!(found("По договору ЗАЙМА 17"), Some((Kind::Loan, 12, 17)));
        assert_eq!(found("Оплата по договору 17"), None);
        assert_eq!(found("по счету 17 за вычетом комиссии банка"), None);
        assert!(found("Комиссия банка за март").is_some());
    }
}
