//! The published table: which facts together are decided without a person, which are asked about, which are nothing.
//!
//! It is data. The engine goes through its rows from the first to the last and takes the first whose facts all hold;
//! `docs/matching.md` is written from the same rows. It does not know how a fact is found, nor what else may speak
//! against a decision: a certain row is decided only where no reason against stands.

mod page;

use domain::Text;

pub use page::page;

use crate::reasons::AgainstKind;

macro_rules! facts {
    ($($(#[$doc:meta])* $variant:ident = $ru:literal, $en:literal;)+) => {
        /// What can be true of a payment and an invoice, or of a payment and several.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Fact {
            $($(#[$doc])* $variant,)+
        }

        impl Fact {
            pub const ALL: &'static [Self] = &[$(Self::$variant,)+];

            /// The fact in the words of the documentation.
            #[must_use]
            pub fn text(self) -> Text {
                match self { $(Self::$variant => Text::new($ru, $en),)+ }
            }
        }
    };
}

facts! {
    /// A whole token that a word, a sign or its own letters call an invoice's number.
    NumberNamed = "назван номер счёта", "the invoice number is named";
    NumberSlip = "номер счёта набран с одной опиской", "the invoice number is typed with one slip";
    NumberInText = "такое число есть, но не названо номером счёта", "the number is there, but not called an invoice number";
    AllNamed = "названы номера нескольких счетов, и все они найдены", "several invoice numbers are named, and all are found";
    DateNamed = "при номере стоит дата счёта", "the invoice date stands with the number";
    /// By INN, by an account that is known of one customer only, or by a confirmed fact.
    PayerSure = "плательщик известен по ИНН, счёту или подтверждённому факту", "the payer is known by INN, account or a confirmed fact";
    CustomerInnInText = "покупатель назван в назначении по ИНН", "the purpose names the customer by INN";
    /// By the payer's name, or by a name in the purpose. Names are shared.
    CustomerNamed = "покупатель известен только по названию", "the customer is known by name only";
    SumExact = "сумма до копейки равна остатку", "the sum is exactly what is open";
    /// An advance, a part, a rest: named by words, and where a percentage stands the sum is that percentage.
    SumNamedPart = "сумма — часть, которую называют слова", "the sum is the part that the words name";
    SumNear = "до остатка не хватает копеек или возможной комиссии", "kopecks or a likely commission are missing";
    TotalExact = "сумма до копейки равна остаткам этих счетов вместе", "the sum is exactly what is open on these together";
    SumUnique = "у покупателя это единственный открытый счёт на такую сумму", "no other open invoice of the customer has this sum";
    SumNotRound = "сумма не круглая", "the sum is not round";
    /// No invoice number, no number that another invoice of the customer has, no part, nobody else, no other occasion.
    NothingElseSaid = "в назначении нет номера другого счёта, части, другого лица или повода", "the purpose names no other invoice's number, no part, no other person or occasion";
}

/// A set of facts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Facts(u32);

impl Facts {
    pub const fn of(facts: &[Fact]) -> Self {
        let mut set = 0;
        let mut at = 0;
        while at < facts.len() {
            set |= 1 << facts[at] as u32;
            at += 1;
        }
        Self(set)
    }

    pub fn add(&mut self, fact: Fact) {
        self.0 |= 1 << fact as u32;
    }

    #[must_use]
    pub const fn has(self, all: Self) -> bool {
        self.0 & all.0 == all.0
    }
}

/// What follows from a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Follows {
    /// Decided without a person, where nothing speaks against it.
    Certain,
    /// A person is asked.
    Asked,
    /// A person is asked, and only where nothing better is found.
    AskedAtLast,
}

/// One row of the table.
#[derive(Debug, Clone, Copy)]
pub struct Row {
    /// The name that never changes: in JSON, in the ledger, in what a payer's autonomy is earned by.
    pub class: &'static str,
    ru: &'static str,
    en: &'static str,
    pub facts: &'static [Fact],
    pub follows: Follows,
    /// Reasons against that these facts together outweigh, so that they are not told.
    pub despite: &'static [AgainstKind],
    /// Whether it is enough of a customer's payment that words of a loan or a refund do not hide it.
    pub speaks: bool,
}

impl Row {
    /// What it is called in the documentation.
    #[must_use]
    pub fn title(&self) -> Text {
        Text::new(self.ru, self.en)
    }
}

use Fact::{
    AllNamed, CustomerInnInText, CustomerNamed, DateNamed, NothingElseSaid, NumberInText, NumberNamed, NumberSlip,
    PayerSure, SumExact, SumNamedPart, SumNear, SumNotRound, SumUnique, TotalExact,
};
use Follows::{Asked, AskedAtLast, Certain};

/// From the surest down. What stands in no row is nothing.
pub const TABLE: &[Row] = &[
    Row {
        class: "whole",
        ru: "Номер, плательщик и сумма",
        en: "Number, payer and sum",
        facts: &[NumberNamed, PayerSure, SumExact],
        follows: Certain,
        despite: &[],
        speaks: true,
    },
    Row {
        class: "whole_list",
        ru: "Список номеров на всю сумму",
        en: "A list of numbers that makes up the sum",
        facts: &[AllNamed, PayerSure, TotalExact],
        follows: Certain,
        despite: &[AgainstKind::SeveralInvoices],
        speaks: true,
    },
    Row {
        class: "named_part",
        ru: "Часть, названная словами",
        en: "A part that the words name",
        facts: &[NumberNamed, PayerSure, SumNamedPart],
        follows: Certain,
        despite: &[],
        speaks: true,
    },
    Row {
        class: "list_part",
        ru: "Доля списка счетов, названная в процентах",
        en: "A percentage of a list of invoices",
        facts: &[AllNamed, PayerSure, SumNamedPart],
        follows: Asked,
        despite: &[],
        speaks: true,
    },
    Row {
        class: "number_inn_in_text_sum",
        ru: "За покупателя, названного по ИНН",
        en: "For a customer named by INN",
        facts: &[NumberNamed, CustomerInnInText, SumExact],
        follows: Certain,
        despite: &[AgainstKind::PayerDiffers],
        speaks: true,
    },
    Row {
        class: "slip_dated",
        ru: "Описка в номере, но дата и сумма верны",
        en: "A slip in the number, but date and sum are right",
        facts: &[NumberSlip, DateNamed, PayerSure, SumExact, SumUnique],
        follows: Certain,
        despite: &[AgainstKind::NumberSlip],
        speaks: true,
    },
    Row {
        class: "only_sum",
        ru: "Без номера: единственный счёт на такую сумму",
        en: "No number: the only invoice with this sum",
        facts: &[PayerSure, SumExact, SumUnique, SumNotRound, NothingElseSaid],
        follows: Certain,
        despite: &[
            AgainstKind::NoNumber,
            AgainstKind::NumberNotNamed,
            AgainstKind::NotAWholeNumber,
        ],
        speaks: true,
    },
    Row {
        class: "number_mentioned_payer_sum",
        ru: "Число без слова «счёт»",
        en: "A number that nothing calls an invoice's",
        facts: &[NumberInText, PayerSure, SumExact],
        follows: Asked,
        despite: &[],
        speaks: true,
    },
    Row {
        class: "slip_payer_sum",
        ru: "Описка в номере, сумма верна",
        en: "A slip in the number, the sum is right",
        facts: &[NumberSlip, PayerSure, SumExact],
        follows: Asked,
        despite: &[],
        speaks: true,
    },
    Row {
        class: "number_name_sum",
        ru: "Номер и сумма, покупатель только по названию",
        en: "Number and sum, the customer by name only",
        facts: &[NumberNamed, CustomerNamed, SumExact],
        follows: Asked,
        despite: &[],
        speaks: true,
    },
    Row {
        class: "list",
        ru: "Список номеров, плательщик не известен",
        en: "A list of numbers, the payer is not known",
        facts: &[AllNamed, TotalExact],
        follows: Asked,
        despite: &[],
        speaks: true,
    },
    Row {
        class: "number_payer",
        ru: "Номер и плательщик, сумма другая",
        en: "Number and payer, another sum",
        facts: &[NumberNamed, PayerSure],
        follows: Asked,
        despite: &[],
        speaks: true,
    },
    Row {
        class: "number_sum",
        ru: "Номер и сумма, платит неизвестный",
        en: "Number and sum, the payer is unknown",
        facts: &[NumberNamed, SumExact],
        follows: Asked,
        despite: &[],
        speaks: true,
    },
    Row {
        class: "payer_sum",
        ru: "Плательщик и сумма без номера",
        en: "Payer and sum, no number",
        facts: &[PayerSure, SumExact],
        follows: Asked,
        despite: &[],
        speaks: true,
    },
    Row {
        class: "set",
        ru: "Без номеров: вместе подходят несколько счетов",
        en: "No numbers: several invoices fit together",
        facts: &[PayerSure, TotalExact],
        follows: Asked,
        despite: &[],
        speaks: true,
    },
    Row {
        class: "mentioned_name_sum",
        ru: "Число и сумма, покупатель только по названию",
        en: "A bare number and the sum, the customer by name only",
        facts: &[NumberInText, CustomerNamed, SumExact],
        follows: Asked,
        despite: &[],
        speaks: false,
    },
    Row {
        class: "mentioned_inn_sum",
        ru: "Число и сумма, покупатель назван по ИНН",
        en: "A bare number and the sum, the customer named by INN",
        facts: &[NumberInText, CustomerInnInText, SumExact],
        follows: Asked,
        despite: &[],
        speaks: true,
    },
    Row {
        class: "inn_in_text_sum",
        ru: "Сумма, покупатель назван по ИНН",
        en: "The sum, the customer named by INN",
        facts: &[CustomerInnInText, SumExact],
        follows: Asked,
        despite: &[],
        speaks: true,
    },
    Row {
        class: "slip_payer",
        ru: "Описка в номере, сумма другая",
        en: "A slip in the number, another sum",
        facts: &[NumberSlip, PayerSure],
        follows: Asked,
        despite: &[],
        speaks: false,
    },
    Row {
        class: "mentioned_payer",
        ru: "Число и плательщик, сумма другая",
        en: "A bare number and the payer, another sum",
        facts: &[NumberInText, PayerSure],
        follows: Asked,
        despite: &[],
        speaks: false,
    },
    Row {
        class: "number_inn_in_text",
        ru: "Номер, покупатель назван по ИНН, сумма другая",
        en: "Number, the customer named by INN, another sum",
        facts: &[NumberNamed, CustomerInnInText],
        follows: Asked,
        despite: &[],
        speaks: true,
    },
    Row {
        class: "number_name",
        ru: "Номер, покупатель только по названию, сумма другая",
        en: "Number, the customer by name only, another sum",
        facts: &[NumberNamed, CustomerNamed],
        follows: Asked,
        despite: &[],
        speaks: true,
    },
    Row {
        class: "name_sum",
        ru: "Сумма, покупатель только по названию",
        en: "The sum, the customer by name only",
        facts: &[CustomerNamed, SumExact],
        follows: Asked,
        despite: &[],
        speaks: false,
    },
    Row {
        class: "mentioned_sum",
        ru: "Число и сумма, платит неизвестный",
        en: "A bare number and the sum, the payer is unknown",
        facts: &[NumberInText, SumExact],
        follows: Asked,
        despite: &[],
        speaks: false,
    },
    Row {
        class: "payer_near_sum",
        ru: "Плательщик и почти та сумма",
        en: "Payer and nearly the sum",
        facts: &[PayerSure, SumNear],
        follows: Asked,
        despite: &[],
        speaks: false,
    },
    Row {
        class: "number_only",
        ru: "Только номер",
        en: "The number only",
        facts: &[NumberNamed],
        follows: AskedAtLast,
        despite: &[],
        speaks: false,
    },
    Row {
        class: "payer_only",
        ru: "Только плательщик",
        en: "The payer only",
        facts: &[PayerSure],
        follows: AskedAtLast,
        despite: &[],
        speaks: false,
    },
    Row {
        class: "inn_in_text_only",
        ru: "Только ИНН покупателя в назначении",
        en: "Only the customer's INN in the purpose",
        facts: &[CustomerInnInText],
        follows: AskedAtLast,
        despite: &[],
        speaks: false,
    },
    Row {
        class: "name_only",
        ru: "Только название покупателя",
        en: "Only the customer's name",
        facts: &[CustomerNamed],
        follows: AskedAtLast,
        despite: &[],
        speaks: false,
    },
];

/// A row, by its place in the table: the smaller, the surer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Standing(u8);

/// The needs of the rows, side by side.
static NEEDS: [Facts; TABLE.len()] = {
    let mut needs = [Facts::of(&[]); TABLE.len()];
    let mut at = 0;
    while at < TABLE.len() {
        needs[at] = Facts::of(TABLE[at].facts);
        at += 1;
    }
    needs
};

impl Standing {
    /// The first row whose facts all hold. `None`: too little to be shown to anybody.
    #[must_use]
    pub fn of(facts: Facts) -> Option<Self> {
        let at = NEEDS.iter().position(|needs| facts.has(*needs))?;
        u8::try_from(at).ok().map(Self)
    }

    #[must_use]
    pub fn row(self) -> &'static Row {
        &TABLE[usize::from(self.0)]
    }

    /// The row's name.
    #[must_use]
    pub fn code(self) -> &'static str {
        self.row().class
    }

    #[must_use]
    pub fn is_certain(self) -> bool {
        self.row().follows == Certain
    }

    #[must_use]
    pub fn is_last_resort(self) -> bool {
        self.row().follows == AskedAtLast
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn every_row_can_be_reached_by_its_own_facts() {
        for (at, row) in TABLE.iter().enumerate() {
            let standing = Standing::of(Facts::of(row.facts)).unwrap();
            assert_eq!(
                usize::from(standing.0),
                at,
                "{} is hidden by {}",
                row.class,
                standing.code()
            );
        }
    }

    #[test]
    fn rows_have_names_of_their_own() {
        let names: HashSet<&str> = TABLE.iter().map(|row| row.class).collect();
        assert_eq!(names.len(), TABLE.len());
    }

    #[test]
    fn nothing_stands_on_a_sum_or_a_mere_number_alone() {
        for facts in [
            &[SumExact][..],
            &[NumberInText],
            &[SumUnique, SumNotRound, NothingElseSaid],
            &[],
        ] {
            assert_eq!(Standing::of(Facts::of(facts)), None, "{facts:?}");
        }
    }

    #[test]
    fn whoever_is_certain_knows_the_payer_or_is_told_him() {
        for row in TABLE.iter().filter(|row| row.follows == Certain) {
            assert!(
                row.facts.contains(&PayerSure) || row.facts.contains(&CustomerInnInText),
                "{}",
                row.class
            );
        }
    }
}
