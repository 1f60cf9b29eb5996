//! The two sides of a document: their accounts, and the counterparty's name out of the ways banks write it.

use std::borrow::Cow;

use domain::{Counterparty, ShortText};

use super::{
    block::Block,
    field::Field,
    value::{compact, present},
};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Side {
    Payer,
    Payee,
}

/// Accounts of banks with the Bank of Russia and with one another begin so (chart of accounts, 579-П).
const CORRESPONDENT: &str = "301";
const ACCOUNT_DIGITS: usize = 20;

pub(super) struct SideFields {
    pub(super) accounts: [Field; 2],
    pub(super) names: [Field; 2],
    /// In a settlement by way of another bank: the account, and the name of the bank it is in.
    indirect: [Field; 2],
    pub(super) inn: Field,
    pub(super) kpp: Field,
    pub(super) bik: Field,
    pub(super) bank: Field,
}

impl Side {
    pub(super) const BOTH: [Self; 2] = [Self::Payer, Self::Payee];

    pub(super) const fn bik(self) -> Field {
        self.fields().bik
    }

    pub(super) const fn fields(self) -> SideFields {
        match self {
            Self::Payer => SideFields {
                accounts: [Field::PayerAccount, Field::PayerSettlement],
                names: [Field::Payer1, Field::Payer],
                indirect: [Field::Payer2, Field::Payer3],
                inn: Field::PayerInn,
                kpp: Field::PayerKpp,
                bik: Field::PayerBik,
                bank: Field::PayerBank1,
            },
            Self::Payee => SideFields {
                accounts: [Field::PayeeAccount, Field::PayeeSettlement],
                // `Получатель` is also a key of the header, where it names the receiving program.
                names: [Field::Payee1, Field::Receiver],
                indirect: [Field::Payee2, Field::Payee3],
                inn: Field::PayeeInn,
                kpp: Field::PayeeKpp,
                bik: Field::PayeeBik,
                bank: Field::PayeeBank1,
            },
        }
    }
}

/// The account numbers of a document, payer's and payee's: the account itself first, then the one its bank settles by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Sides<'a> {
    payer: [Cow<'a, str>; 2],
    payee: [Cow<'a, str>; 2],
}

impl<'a> Sides<'a> {
    pub(super) fn of(block: &'a Block) -> Self {
        let accounts = |side: Side| side.fields().accounts.map(|field| compact(block.text(field)));
        Self {
            payer: accounts(Side::Payer),
            payee: accounts(Side::Payee),
        }
    }

    pub(super) fn into_owned(self) -> Sides<'static> {
        let owned = |side: [Cow<'_, str>; 2]| side.map(|account| Cow::Owned(account.into_owned()));
        Sides {
            payer: owned(self.payer),
            payee: owned(self.payee),
        }
    }

    pub(super) fn of_side(&self, side: Side) -> impl Iterator<Item = &str> {
        let accounts = match side {
            Side::Payer => &self.payer,
            Side::Payee => &self.payee,
        };
        let [first, second] = accounts.each_ref().map(AsRef::as_ref);
        // Banks as a rule write one number twice.
        let second = if second == first { "" } else { second };
        [first, second].into_iter().filter(|number| !number.is_empty())
    }

    pub(super) fn numbers(&self) -> impl Iterator<Item = &str> {
        self.of_side(Side::Payer).chain(self.of_side(Side::Payee))
    }

    pub(super) fn names(&self, account: &str) -> bool {
        self.numbers().any(|number| number == account)
    }
}

pub(super) fn counterparty(block: &Block, side: Side) -> Counterparty {
    let fields = side.fields();
    let own_words = |field: Field| present(block.text(field));
    let written = fields
        .names
        .map(|field| block.text(field))
        .into_iter()
        .find(|name| !name.is_empty());
    let party = written.map(Party::of).unwrap_or_default();
    let mut accounts = fields.accounts.into_iter().map(|field| compact(block.text(field)));
    let account = accounts.find(|number| present(number).is_some());
    let [own, bank] = fields.indirect;
    // A correspondent account is its bank's: whose the money was stands in the second line of the name then.
    let indirect = account
        .as_deref()
        .filter(|account| account.starts_with(CORRESPONDENT))
        .map(|_| compact(block.text(own)))
        .filter(|own| own.len() == ACCOUNT_DIGITS && own.bytes().all(|byte| byte.is_ascii_digit()));
    let (account, bank, bank_name) = match indirect {
        Some(own) => (Some(own), None, own_words(bank)),
        None => (account, own_words(fields.bik), own_words(fields.bank)),
    };
    Counterparty {
        name: party.name.map(Cow::into_owned),
        inn: own_words(fields.inn)
            .or_else(|| party.inn.and_then(present))
            .map(ShortText::from),
        kpp: own_words(fields.kpp)
            .or_else(|| party.kpp.and_then(present))
            .map(ShortText::from),
        account: account.map(ShortText::from),
        bank: bank.map(ShortText::from),
        bank_name: bank_name.map(str::to_owned),
    }
}

/// A name as written, taken apart.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Party<'a> {
    pub(super) name: Option<Cow<'a, str>>,
    pub(super) inn: Option<&'a str>,
    pub(super) kpp: Option<&'a str>,
}

impl<'a> Party<'a> {
    /// `ИНН 7718123456\771801001 ООО "…"`, `6154569327 ООО …`, `7777777777, ООО …`, `ФИО//адрес//`, or a bare name.
    pub(super) fn of(written: &'a str) -> Self {
        let mut rest = written.trim();
        let (inn, after) = leading_code(rest, "ИНН", &[10, 12]);
        rest = after;
        let mut kpp = None;
        if inn.is_some() {
            if let Some(after) = rest.strip_prefix(['\\', '/'])
                && let (Some(code), after) = digits(after, &[9, 1])
            {
                kpp = Some(code);
                rest = after;
            }
            rest = rest.trim_start_matches([',', ';', ' ', '\u{a0}', '\\', '/']);
        }
        let (labelled, after) = leading_code(rest, "КПП", &[9]);
        if labelled.is_some() {
            kpp = kpp.or(labelled);
            rest = after.trim_start_matches([',', ';', ' ', '\u{a0}']);
        }
        let name = rest.split_once("//").map_or(rest, |(name, _)| name).trim();
        // A name that is nothing but codes and an address stays as it was written.
        let name = if name.is_empty() { written.trim() } else { name };
        Self {
            name: (!name.is_empty()).then(|| squeezed(name)),
            inn,
            kpp,
        }
    }
}

/// A code with or without its label before it; the label makes codes of any usual length acceptable.
fn leading_code<'a>(text: &'a str, label: &str, lengths: &[usize]) -> (Option<&'a str>, &'a str) {
    if let Some(after) = text.strip_prefix(label) {
        let after = after.trim_start_matches([':', ' ', '\u{a0}']);
        let count = after.bytes().take_while(u8::is_ascii_digit).count();
        if (1..=12).contains(&count) {
            return (Some(&after[..count]), &after[count..]);
        }
        return (None, text);
    }
    if label == "КПП" {
        return (None, text);
    }
    let (code, after) = digits(text, lengths);
    let ends = after.is_empty() || after.starts_with([',', ';', ' ', '\u{a0}', '\\', '/']);
    if ends { (code, after) } else { (None, text) }
}

fn digits<'a>(text: &'a str, lengths: &[usize]) -> (Option<&'a str>, &'a str) {
    let count = text.bytes().take_while(u8::is_ascii_digit).count();
    if lengths.contains(&count) {
        (Some(&text[..count]), &text[count..])
    } else {
        (None, text)
    }
}

/// Runs of blanks become one.
fn squeezed(text: &str) -> Cow<'_, str> {
    let mut after_blank = false;
    let mut runs = |character: char| {
        let blank = character.is_whitespace();
        std::mem::replace(&mut after_blank, blank) && blank
    };
    if text.chars().any(&mut runs) {
        Cow::Owned(text.split_whitespace().collect::<Vec<_>>().join(" "))
    } else {
        Cow::Borrowed(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_freed_of_codes_and_addresses() {
        for (written, name, inn, kpp) in [
            (
                "ИНН 7718123456\\771801001 ООО \"Ромашка\"",
                "ООО \"Ромашка\"",
                Some("7718123456"),
                Some("771801001"),
            ),
            ("ИНН 325502595143 ИП Иванов", "ИП Иванов", Some("325502595143"), None),
            (
                "ИНН 3811185573/381101001 ООО Лес",
                "ООО Лес",
                Some("3811185573"),
                Some("381101001"),
            ),
            ("6154569327 ООО Дон", "ООО Дон", Some("6154569327"), None),
            ("7777777777, ООО Семь", "ООО Семь", Some("7777777777"), None),
            ("Петров Пётр//г. Тула, ул. Мира, 5//", "Петров Пётр", None, None),
            (" ООО  «Пять   колец»", "ООО «Пять колец»", None, None),
            ("1С-Рарус ООО", "1С-Рарус ООО", None, None),
            ("12345 лет ООО", "12345 лет ООО", None, None),
            (
                "ИНН 7718123456 КПП 771801001 АО Банк",
                "АО Банк",
                Some("7718123456"),
                Some("771801001"),
            ),
            ("ИННОВАЦИИ ООО", "ИННОВАЦИИ ООО", None, None),
            ("//адрес//", "//адрес//", None, None),
        ] {
            let party = Party::of(written);
            assert_eq!(
                (party.name.as_deref(), party.inn, party.kpp),
                (Some(name), inn, kpp),
                "{written}"
            );
        }
        assert_eq!(Party::of("  ").name, None);
    }
}
