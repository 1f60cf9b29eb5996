//! Whether the words say that something is paid for.

use std::sync::LazyLock;

use crate::{
    fold::{begins_with, folded, is_letter, word_starts},
    purpose::{Finding, FindingKind, Reading},
};

/// Beginnings of words by which people say it, in Russian, English and Armenian.
static PURCHASES: LazyLock<Vec<String>> = LazyLock::new(|| {
    let stems = "опл плат предопл аванс товар услуг работ счет сч дог контракт постав аренд материал абон обслуж достав \
                 перевоз груз лиценз подпис продук оборуд заказ покуп закуп акт накладн упд связ интернет реклам \
                 ремонт монтаж консульт обуч мебел печат хостинг уборк охран вывоз хранен тмц гсм запчаст \
                 invoice inv payment paid goods servic վճար հաշիվ";
    stems.split_ascii_whitespace().map(folded).collect()
});
/// Whole words that say it.
static FOR: LazyLock<[String; 3]> = LazyLock::new(|| ["за", "for", "համար"].map(folded));

/// Whether the purpose says that something is paid for, or says nothing at all. «Вклад» and «Дивиденды» do not; tax
/// that is included says it of whatever stands before, and what banks write for banks («{VO11100}») says nothing.
pub fn is_named(purpose: &str, reading: &Reading) -> bool {
    let taxed =
        |vat: &Finding| vat.percent.is_some_and(|percent| !percent.is_zero()) || vat.sum.is_some_and(|sum| sum > 0);
    if reading.of(FindingKind::Vat).any(taxed) {
        return true;
    }
    let is_code = |place| {
        let mut codes = reading.of(FindingKind::Code);
        codes.any(|code| (code.start..code.end).contains(&place))
    };
    let mut words = word_starts(purpose).filter(|(place, _)| !is_code(*place)).peekable();
    words.peek().is_none()
        || words.any(|(_, word)| {
            let is_whole = |stem: &str| {
                let next = word.chars().nth(stem.chars().count());
                next.is_none_or(|next| !is_letter(next))
            };
            PURCHASES.iter().any(|stem| begins_with(word, stem))
                || FOR.iter().any(|stem| begins_with(word, stem) && is_whole(stem))
        })
}
