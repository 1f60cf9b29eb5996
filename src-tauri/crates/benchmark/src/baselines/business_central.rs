//! The table of Dynamics 365 Business Central: how much of the party agrees, whether the document's number stands in the
//! text (longer than four characters), and how many entries have the sum. High is applied, the rest is reviewed.

use super::{
    Rules,
    ledger::{Entry, Ledger, Way, name_and_words, same_party},
};
use crate::shape::{PaymentLine, Verdict, minor};

/// «Text matching is only possible for text longer than four characters.»
pub const LENGTH_MIN: usize = 5;
const SHOWN: usize = 3;

pub struct BusinessCentral;

#[derive(Clone, Copy, PartialEq, Eq)]
enum Party {
    Fully,
    Partially,
    No,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Document {
    Multiple,
    Yes,
    No,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Amount {
    One,
    Multiple,
    /// No match, or a rule that does not consider it.
    No,
}

/// The published rows in their order; the first ten are High.
const ROWS: [(Party, Document, Amount); 24] = [
    (Party::Fully, Document::Multiple, Amount::One),
    (Party::Fully, Document::Multiple, Amount::Multiple),
    (Party::Fully, Document::Yes, Amount::One),
    (Party::Fully, Document::Yes, Amount::Multiple),
    (Party::Partially, Document::Multiple, Amount::One),
    (Party::Partially, Document::Multiple, Amount::Multiple),
    (Party::Partially, Document::Yes, Amount::One),
    (Party::Fully, Document::No, Amount::One),
    (Party::No, Document::Multiple, Amount::One),
    (Party::No, Document::Multiple, Amount::Multiple),
    (Party::Fully, Document::Multiple, Amount::No),
    (Party::Fully, Document::Yes, Amount::No),
    (Party::Fully, Document::No, Amount::Multiple),
    (Party::Partially, Document::Multiple, Amount::No),
    (Party::Partially, Document::Yes, Amount::No),
    (Party::No, Document::Yes, Amount::One),
    (Party::No, Document::Multiple, Amount::No),
    (Party::Partially, Document::No, Amount::One),
    (Party::No, Document::Yes, Amount::No),
    (Party::Fully, Document::No, Amount::No),
    (Party::Partially, Document::No, Amount::Multiple),
    (Party::Partially, Document::No, Amount::No),
    (Party::No, Document::No, Amount::One),
    (Party::No, Document::No, Amount::Multiple),
];
const HIGH: usize = 10;

impl Rules for BusinessCentral {
    fn decide(&self, payment: &PaymentLine, ledger: &Ledger) -> (Verdict, Vec<Way>) {
        let amount = minor(&payment.amount).unwrap_or_default();
        let numbered = |entry: &Entry| {
            entry.invoice.number.chars().count() >= LENGTH_MIN && payment.purpose.contains(&entry.invoice.number)
        };
        let payer = name_and_words(payment.payer.name.as_deref().unwrap_or_default(), LENGTH_MIN);
        let open: Vec<(usize, Party, bool, bool)> = ledger
            .open(payment)
            .map(|(at, entry)| (at, party(payment, &payer, entry), numbered(entry), entry.open == amount))
            .collect();
        let documents: Vec<(usize, Party)> = open
            .iter()
            .filter(|(_, _, numbered, _)| *numbered)
            .map(|(at, party, ..)| (*at, *party))
            .collect();
        let mut ranked: Vec<(usize, usize)> = open
            .iter()
            .filter_map(|(at, party, numbered, exact)| {
                let document = match (numbered, documents.len()) {
                    (true, 1) => Document::Yes,
                    (true, _) => Document::Multiple,
                    (false, _) => Document::No,
                };
                let of_party = || open.iter().filter(|(_, of, _, exact)| of == party && *exact).count();
                let sum = match exact {
                    true if of_party() == 1 => Amount::One,
                    true => Amount::Multiple,
                    false => Amount::No,
                };
                let row = ROWS.iter().position(|row| *row == (*party, document, sum))?;
                Some((row, *at))
            })
            .collect();
        // «If multiple rules are used simultaneously, the match confidence of the highest sorted rule is used.»
        ranked.sort_unstable();
        let Some((row, best)) = ranked.first().copied() else {
            return (Verdict::None, Vec::new());
        };
        // Several documents in the text are applied together where their party is one.
        let way = if ROWS[row].1 == Document::Multiple && ROWS[row].0 == Party::Fully {
            let of_party = documents.into_iter().filter(|(_, party)| *party == Party::Fully);
            of_party.map(|(at, _)| at).collect()
        } else {
            vec![best]
        };
        let mut ways = vec![way];
        for (_, at) in ranked.iter().take(SHOWN) {
            if !ways.contains(&vec![*at]) {
                ways.push(vec![*at]);
            }
        }
        (if row < HIGH { Verdict::Auto } else { Verdict::Review }, ways)
    }
}

/// Account, tax number or the whole name: fully. A word of the name: partially.
fn party(payment: &PaymentLine, (name, words): &(String, Vec<String>), entry: &Entry) -> Party {
    if same_party(payment, &entry.invoice) || *name == entry.name {
        Party::Fully
    } else if words.iter().any(|word| entry.words.contains(word)) {
        Party::Partially
    } else {
        Party::No
    }
}
