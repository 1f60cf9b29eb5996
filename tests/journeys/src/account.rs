//! The account for a person: lines with figures, and what differs from what must be.

use std::fmt::Display;

use domain::{Lang, Text};

pub struct Account {
    lang: Lang,
    differences: usize,
}

impl Account {
    #[must_use]
    pub fn new(lang: Lang) -> Self {
        Self { lang, differences: 0 }
    }

    #[must_use]
    pub fn lang(&self) -> Lang {
        self.lang
    }

    pub fn step(&self, number: usize, title: &Text) {
        println!("{number:>2}. {}", title.get(self.lang));
    }

    pub fn tell(&self, ru: impl Into<String>, en: impl Into<String>) {
        println!("    {}", Text::new(ru, en).get(self.lang));
    }

    /// A difference is told and remembered.
    pub fn same<T: PartialEq<U> + Display, U: Display>(&mut self, what: &Text, is: T, must: U) {
        if is == must {
            return;
        }
        self.differences += 1;
        let what = what.get(self.lang);
        match self.lang {
            Lang::Ru => println!("    ✗ {what}: должно быть «{must}», на деле «{is}»"),
            Lang::En => println!("    ✗ {what}: must be «{must}», is «{is}»"),
        }
    }

    pub fn must(&mut self, what: &Text, holds: bool) {
        let (no, yes) = match self.lang {
            Lang::Ru => ("нет", "да"),
            Lang::En => ("no", "yes"),
        };
        self.same(what, if holds { yes } else { no }, yes);
    }

    #[must_use]
    pub fn differences(&self) -> usize {
        self.differences
    }

    /// `1 585 820,00 ₽` or `1,585,820.00 RUB` of a decimal.
    #[must_use]
    pub fn money(&self, decimal: &str) -> String {
        money(decimal, self.lang)
    }
}

/// A decimal of roubles as a person writes it.
#[must_use]
pub fn money(decimal: &str, lang: Lang) -> String {
    let (whole, kopecks) = decimal.split_once('.').unwrap_or((decimal, "00"));
    let (space, point, sign) = match lang {
        Lang::Ru => (' ', ',', "₽"),
        Lang::En => (',', '.', "RUB"),
    };
    let mut grouped = String::new();
    for (at, digit) in whole.chars().enumerate() {
        if at > 0 && (whole.len() - at).is_multiple_of(3) {
            grouped.push(space);
        }
        grouped.push(digit);
    }
    format!("{grouped}{point}{kopecks} {sign}")
}
