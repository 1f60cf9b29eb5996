//! What stands in place of what: the same word, account or number is replaced by the same throughout the file.

use std::{
    collections::{BTreeMap, HashMap, HashSet},
    ops::Range,
};

use domain::{Inn, Text};

use super::{
    identifiers::{self, key_agrees},
    invent::{Invention, in_case_of},
    piece::Manner,
    tokens::{Kind, Tokens},
    vocabulary::{folded, is_legal},
};

/// What was replaced, as people count it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Replaced {
    /// Fields with a name or an address.
    Names,
    Accounts,
    Inns,
    Kpps,
    /// Purposes and other texts.
    Purposes,
    /// Telephones, e-mails, addresses of sites.
    Contacts,
    Numbers,
}

impl Replaced {
    /// Stable, for programs.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Names => "names",
            Self::Accounts => "accounts",
            Self::Inns => "inns",
            Self::Kpps => "kpps",
            Self::Purposes => "purposes",
            Self::Contacts => "contacts",
            Self::Numbers => "numbers",
        }
    }

    #[must_use]
    pub fn text(self) -> Text {
        match self {
            Self::Names => Text::new("имён и адресов", "names and addresses"),
            Self::Accounts => Text::new("счетов", "accounts"),
            Self::Inns => Text::new("ИНН", "INN"),
            Self::Kpps => Text::new("КПП", "KPP"),
            Self::Purposes => Text::new("назначений и других текстов", "purposes and other texts"),
            Self::Contacts => Text::new("телефонов и адресов почты", "telephones and e-mails"),
            Self::Numbers => Text::new("номеров в текстах", "numbers in texts"),
        }
    }
}

/// Longer numbers are nobody's, and are not kept in mind.
const DIGITS_MAX: usize = 64;

/// A shorter one is not looked for outside of its own field: it would be found in numbers of documents.
const ACCOUNT_CHARS_MIN: usize = 6;
/// And a shorter one not in a longer number.
const ACCOUNT_WITHIN_CHARS_MIN: usize = 10;

pub(super) struct Substitutes {
    invention: Invention,
    made: HashMap<(Replaced, String), String>,
    /// Words of names, folded.
    names: HashSet<String>,
    /// The bank each account was seen beside; one that agrees with its key, if there is one.
    banks: HashMap<String, String>,
    /// Without blanks.
    accounts: HashSet<String>,
    biks: HashSet<String>,
    inns: HashSet<String>,
    kpps: HashSet<String>,
    pub(super) counts: BTreeMap<Replaced, u64>,
}

impl Substitutes {
    pub(super) fn new(seed: u64) -> Self {
        Self {
            invention: Invention::new(seed),
            made: HashMap::new(),
            names: HashSet::new(),
            banks: HashMap::new(),
            accounts: HashSet::new(),
            biks: HashSet::new(),
            inns: HashSet::new(),
            kpps: HashSet::new(),
            counts: BTreeMap::new(),
        }
    }

    /// Nothing that stands in the file may be invented.
    pub(super) fn avoid(&mut self, text: &str) {
        let tokens = Tokens::of(text);
        for (at, token) in tokens.all.iter().enumerate() {
            match token.kind {
                Kind::Word => self.invention.avoid(folded(tokens.str(at))),
                Kind::Number if token.range.len() <= DIGITS_MAX => self.invention.avoid(tokens.str(at).to_owned()),
                Kind::Number | Kind::Sign(_) => {}
            }
        }
    }

    /// Before anything is replaced: which words are names, which numbers accounts, and in which bank.
    pub(super) fn learn(&mut self, text: &str, manner: &Manner) {
        let tokens = Tokens::of(text);
        let numbers = || {
            tokens
                .all
                .iter()
                .enumerate()
                .filter_map(|(at, _)| tokens.number(at).map(str::to_owned))
        };
        match manner {
            Manner::Name => {
                let words = (0..tokens.all.len()).filter_map(|at| tokens.word(at));
                let words = words
                    .map(folded)
                    .filter(|word| word.chars().count() > 1 && !is_legal(word));
                self.names.extend(words);
            }
            Manner::Inn => self.inns.extend(numbers()),
            Manner::Kpp => self.kpps.extend(numbers()),
            Manner::Account { bik } => {
                let account = compact(text);
                if let Some(bik) = bik {
                    self.biks.insert(bik.clone());
                    let agrees = key_agrees(&account, bik);
                    let known = self.banks.entry(account.clone()).or_insert_with(|| bik.clone());
                    if agrees {
                        known.clone_from(bik);
                    }
                }
                if account.chars().count() >= ACCOUNT_CHARS_MIN {
                    self.accounts.insert(account.clone());
                }
                self.invention.avoid(account);
            }
            Manner::Purpose | Manner::Loose | Manner::Bank | Manner::Reference => {}
            Manner::Contact | Manner::Identifier | Manner::Birth => {}
        }
    }

    pub(super) fn is_name(&self, folded: &str) -> bool {
        self.names.contains(folded)
    }

    /// An account of the file that `text` is, ends with or begins with.
    pub(super) fn account_in(&self, text: &str) -> Option<Range<usize>> {
        let ends = text.char_indices().map(|(at, _)| at..text.len());
        let begins = text.char_indices().rev().map(|(at, _)| 0..at);
        let long = |part: &Range<usize>| {
            *part == (0..text.len()) || text[part.clone()].chars().count() >= ACCOUNT_WITHIN_CHARS_MIN
        };
        ends.chain(begins)
            .filter(long)
            .find(|part| self.accounts.contains(&text[part.clone()]))
    }

    pub(super) fn is_bik(&self, number: &str) -> bool {
        self.biks.contains(number)
    }

    /// By its control digits, or because the file calls it so. `surely`: only what the file calls so, because one number
    /// in eleven has the control digit of an INN.
    pub(super) fn is_inn(&self, number: &str, surely: bool) -> bool {
        matches!(number.len(), 10 | 12) && (self.inns.contains(number) || (!surely && Inn::parse(number).is_ok()))
    }

    pub(super) fn is_kpp(&self, number: &str) -> bool {
        number.len() == 9 && self.kpps.contains(number)
    }

    pub(super) fn count(&mut self, what: Replaced) {
        *self.counts.entry(what).or_default() += 1;
    }

    fn once(&mut self, what: Replaced, original: &str, make: impl FnOnce(&mut Invention) -> String) -> String {
        let key = (what, original.to_owned());
        if let Some(made) = self.made.get(&key) {
            return made.clone();
        }
        let made = make(&mut self.invention);
        self.made.insert(key, made.clone());
        made
    }

    /// In the letters' sizes of the original.
    pub(super) fn word(&mut self, original: &str) -> String {
        let word = folded(original);
        let invented = self.once(Replaced::Names, &word, |invention| invention.word(&word));
        in_case_of(original, &invented)
    }

    pub(super) fn number(&mut self, digits: &str) -> String {
        self.once(Replaced::Numbers, digits, |invention| invention.number(digits))
    }

    /// `account` has no blanks.
    pub(super) fn account(&mut self, account: &str) -> String {
        self.count(Replaced::Accounts);
        let bik = self.banks.get(account).cloned();
        self.once(Replaced::Accounts, account, |invention| {
            identifiers::account(account, bik.as_deref(), invention)
        })
    }

    pub(super) fn inn(&mut self, inn: &str) -> String {
        self.count(Replaced::Inns);
        self.once(Replaced::Inns, inn, |invention| identifiers::inn(inn, invention))
    }

    pub(super) fn kpp(&mut self, kpp: &str) -> String {
        self.count(Replaced::Kpps);
        self.once(Replaced::Kpps, kpp, |invention| identifiers::kpp(kpp, invention))
    }
}

/// An account number without blanks and quotes.
pub(super) fn compact(text: &str) -> String {
    text.chars().filter(|character| is_of_account(*character)).collect()
}

pub(super) fn is_of_account(character: char) -> bool {
    character.is_alphanumeric() || character == '*'
}
