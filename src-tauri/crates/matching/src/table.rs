//! The published table: which facts together are decided without a person, which are asked about, which are nothing.
//!
//! It is data. The engine goes through its rows from the first to the last and takes the first whose facts all hold;
//! `docs/matching.md` is written from the same rows. It does not know how a fact is found, nor what else may speak
//! against a decision: a certain row is decided only where no reason against stands.

use domain::Text;

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
    /// No invoice number, no other number that nothing explains, no part, nobody else, no word of something else.
    NothingElseSaid = "в назначении нет другого номера, части, лица или повода", "the purpose names no other number, part, person or occasion";
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
    pub facts: &'static [Fact],
    pub follows: Follows,
    /// Reasons against that these facts together outweigh, so that they are not told.
    pub despite: &'static [AgainstKind],
    /// Whether it is enough of a customer's payment that words of a loan or a refund do not hide it.
    pub speaks: bool,
}

impl Row {
    const fn new(class: &'static str, facts: &'static [Fact], follows: Follows, speaks: bool) -> Self {
        Self {
            class,
            facts,
            follows,
            despite: &[],
            speaks,
        }
    }

    const fn despite(self, despite: &'static [AgainstKind]) -> Self {
        Self { despite, ..self }
    }
}

use Fact::{
    AllNamed, CustomerInnInText, CustomerNamed, DateNamed, NothingElseSaid, NumberInText, NumberNamed, NumberSlip,
    PayerSure, SumExact, SumNamedPart, SumNear, SumNotRound, SumUnique, TotalExact,
};
use Follows::{Asked, AskedAtLast, Certain};

/// From the surest down. What stands in no row is nothing.
pub const TABLE: &[Row] = &[
    Row::new("whole", &[NumberNamed, PayerSure, SumExact], Certain, true),
    Row::new("whole_list", &[AllNamed, PayerSure, TotalExact], Certain, true).despite(&[AgainstKind::SeveralInvoices]),
    Row::new("named_part", &[NumberNamed, PayerSure, SumNamedPart], Certain, true),
    Row::new(
        "number_inn_in_text_sum",
        &[NumberNamed, CustomerInnInText, SumExact],
        Certain,
        true,
    )
    .despite(&[AgainstKind::PayerDiffers]),
    Row::new(
        "slip_dated",
        &[NumberSlip, DateNamed, PayerSure, SumExact, SumUnique],
        Certain,
        true,
    )
    .despite(&[AgainstKind::NumberSlip]),
    Row::new(
        "only_sum",
        &[PayerSure, SumExact, SumUnique, SumNotRound, NothingElseSaid],
        Certain,
        true,
    )
    .despite(&[
        AgainstKind::NoNumber,
        AgainstKind::NumberNotNamed,
        AgainstKind::NotAWholeNumber,
    ]),
    Row::new(
        "number_mentioned_payer_sum",
        &[NumberInText, PayerSure, SumExact],
        Asked,
        true,
    ),
    Row::new("slip_payer_sum", &[NumberSlip, PayerSure, SumExact], Asked, true),
    Row::new("number_name_sum", &[NumberNamed, CustomerNamed, SumExact], Asked, true),
    Row::new("list", &[AllNamed, TotalExact], Asked, true),
    Row::new("number_payer", &[NumberNamed, PayerSure], Asked, true),
    Row::new("number_sum", &[NumberNamed, SumExact], Asked, true),
    Row::new("payer_sum", &[PayerSure, SumExact], Asked, true),
    Row::new("set", &[PayerSure, TotalExact], Asked, true),
    Row::new(
        "mentioned_name_sum",
        &[NumberInText, CustomerNamed, SumExact],
        Asked,
        false,
    ),
    Row::new(
        "mentioned_inn_sum",
        &[NumberInText, CustomerInnInText, SumExact],
        Asked,
        true,
    ),
    Row::new("inn_in_text_sum", &[CustomerInnInText, SumExact], Asked, true),
    Row::new("slip_payer", &[NumberSlip, PayerSure], Asked, false),
    Row::new("mentioned_payer", &[NumberInText, PayerSure], Asked, false),
    Row::new("number_inn_in_text", &[NumberNamed, CustomerInnInText], Asked, true),
    Row::new("number_name", &[NumberNamed, CustomerNamed], Asked, true),
    Row::new("name_sum", &[CustomerNamed, SumExact], Asked, false),
    Row::new("mentioned_sum", &[NumberInText, SumExact], Asked, false),
    Row::new("payer_near_sum", &[PayerSure, SumNear], Asked, false),
    Row::new("number_only", &[NumberNamed], Asked, false),
    Row::new("payer_only", &[PayerSure], AskedAtLast, false),
    Row::new("inn_in_text_only", &[CustomerInnInText], AskedAtLast, false),
    Row::new("name_only", &[CustomerNamed], AskedAtLast, false),
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
