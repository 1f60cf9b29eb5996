//! The table as a page of the documentation, made from its own rows.

use std::fmt::Write as _;

use domain::{Lang, Text};

use super::{Follows, Row, TABLE};
use crate::{
    autonomy::{self, CONFIRMATIONS_TO_EARN},
    engine::CANDIDATES_MAX,
    facts::{COMMISSION_PERCENT_MAX, NEAR_MAX, ROUND},
    reasons::{AgainstKind, EvidenceKind},
    sets::SUMS_MAX,
};

/// `docs/matching.md`.
#[must_use]
pub fn page() -> String {
    let mut page = String::from(
        "# Как решается, какой счёт оплачен · How it is decided which invoice is paid\n\n\
         <!-- Made from the table in the code by `cargo xtask codes`. Do not edit. -->\n\n",
    );
    for lang in [Lang::Ru, Lang::En] {
        write_lang(&mut page, lang);
    }
    // The page ends with one line feed.
    page.truncate(page.trim_end().len());
    page.push('\n');
    page
}

fn write_lang(page: &mut String, lang: Lang) {
    let roubles = |minor: i64| minor / 100;
    let intro = match lang {
        Lang::Ru => format!(
            "Ничего не взвешивается: факт верен или нет. Строки просматриваются сверху вниз, и берётся первая, все факты\n\
             которой верны. «Само» — проводится без человека, но только если нет ни одной причины против (их список ниже).\n\
             Что подходит дважды, не решается никогда. Чего в таблице нет, то не счёт этого платежа.\n\
             [In English below](#in-english).\n\n\
             Круглая сумма — целые сотни: {round} ₽. Копейки — меньше {near} ₽ в любую сторону; похоже на комиссию — не хватает\n\
             не больше {commission} %. Наборы счетов без номеров ищутся среди не более чем {sums} открытых счетов покупателя;\n\
             если их больше, так и говорится. Человеку показывают до {shown} вариантов; равных — первые три.\n\n\
             «Заслужил»: человек {earned} раз подряд подтвердил первое предложение этой строки для этого плательщика и ни разу\n\
             ничего не отменил; первая же отмена начинает счёт заново. Подробнее: [обучение](learning.md).\n\n",
            earned = CONFIRMATIONS_TO_EARN,
            round = roubles(ROUND),
            near = roubles(NEAR_MAX),
            commission = COMMISSION_PERCENT_MAX,
            sums = SUMS_MAX,
            shown = CANDIDATES_MAX,
        ),
        Lang::En => format!(
            "# In English\n\n\
             Nothing is weighed: a fact holds or it does not. The rows are gone through from the top, and the first whose facts\n\
             all hold is taken. “Alone”: posted without a person, but only where no reason stands against it (listed below).\n\
             What fits twice is never decided. What is in no row is no invoice of this payment.\n\n\
             A round sum is whole hundreds, of {round} roubles. Kopecks: less than {near} rouble either way; a likely commission:\n\
             at most {commission} % are missing. Sets of invoices without numbers are looked for among at most {sums} open invoices\n\
             of a customer; with more, that is said. A person is shown up to {shown} ways; of equal ones the first three.\n\n\
             “Earned”: a person confirmed the first suggestion of this row for this payer {earned} times in a row and undid nothing;\n\
             the first reversal begins anew. More: [learning](learning.md).\n\n",
            earned = CONFIRMATIONS_TO_EARN,
            round = roubles(ROUND),
            near = roubles(NEAR_MAX),
            commission = COMMISSION_PERCENT_MAX,
            sums = SUMS_MAX,
            shown = CANDIDATES_MAX,
        ),
    };
    page.push_str(&intro);
    let (table, head, for_, against) = match lang {
        Lang::Ru => (
            "Таблица",
            "строка | факты | что следует | имя",
            "Что говорит за",
            "Что говорит против",
        ),
        Lang::En => (
            "The table",
            "row | facts | what follows | name",
            "What speaks for",
            "What speaks against",
        ),
    };
    // Writing to a string does not fail.
    let _ = write!(page, "## {table}\n\n| {head} |\n|---|---|---|---|\n");
    for row in TABLE {
        write_row(page, row, lang);
    }
    let words = match lang {
        Lang::Ru => "слово | что значит",
        Lang::En => "word | meaning",
    };
    let mut list = |title: &str, reasons: &mut dyn Iterator<Item = (&'static str, Text)>| {
        let _ = write!(page, "\n## {title}\n\n| {words} |\n|---|---|\n");
        for (code, text) in reasons {
            let _ = writeln!(page, "| `{code}` | {} |", text.get(lang));
        }
    };
    list(
        for_,
        &mut EvidenceKind::ALL.iter().map(|kind| (kind.code(), kind.text())),
    );
    list(
        against,
        &mut AgainstKind::ALL.iter().map(|kind| (kind.code(), kind.text())),
    );
    page.push('\n');
}

fn write_row(page: &mut String, row: &Row, lang: Lang) {
    let facts: Vec<Text> = row.facts.iter().map(|fact| fact.text()).collect();
    let facts: Vec<&str> = facts.iter().map(|text| text.get(lang)).collect();
    let can_be_earned = autonomy::earnable().any(|class| class == row.class);
    let follows = match (lang, row.follows) {
        (Lang::Ru, Follows::Asked) if can_be_earned => "спрашивается, пока плательщик не заслужил",
        (Lang::En, Follows::Asked) if can_be_earned => "asked until the payer has earned it",
        (Lang::Ru, Follows::Certain) => "**само**",
        (Lang::Ru, Follows::Asked) => "спрашивается",
        (Lang::Ru, Follows::AskedAtLast) => "спрашивается, если нет ничего лучше",
        (Lang::En, Follows::Certain) => "**alone**",
        (Lang::En, Follows::Asked) => "asked",
        (Lang::En, Follows::AskedAtLast) => "asked, where there is nothing better",
    };
    let title = row.title();
    let title = title.get(lang);
    let _ = writeln!(page, "| {title} | {} | {follows} | `{}` |", facts.join("; "), row.class);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::table::Fact;

    #[test]
    fn the_documentation_shows_the_table_of_today() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../docs/matching.md");
        let made = page();
        if std::env::var_os("SVERKA_WRITE_CODES").is_some() {
            std::fs::write(path, &made).unwrap();
        }
        let committed = std::fs::read_to_string(path).unwrap_or_default().replace("\r\n", "\n");
        assert!(
            committed == made,
            "docs/matching.md is not what the table says: run `cargo xtask codes`"
        );
    }

    #[test]
    fn every_fact_is_used_and_every_row_is_shown_twice() {
        let page = page();
        for row in TABLE {
            assert!(
                page.matches(&format!("`{}` |", row.class)).count() >= 2,
                "{}",
                row.class
            );
        }
        for fact in Fact::ALL {
            assert!(TABLE.iter().any(|row| row.facts.contains(fact)), "{fact:?}");
        }
    }
}
