//! The table of Dynamics 365 Business Central: how much of the party agrees, whether the document's number stands in the
//! text (longer than four characters), and how many entries have the sum. High is applied, the rest is reviewed.

use super::{
    Rules,
    ledger::{Entry, Ledger, Way, same_party},
};
use crate::shape::{PaymentLine, Verdict, minor};

/// «Text matching is only possible for text longer than four characters.»
const LENGTH_MIN: usize = 5;
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
        let open: Vec<(usize, &Entry)> = ledger.open(payment).collect();
        let documents: Way = open
            .iter()
            .filter(|(_, entry)| numbered(entry))
            .map(|(at, _)| *at)
            .collect();
        let with_sum: Vec<(usize, Party)> = open
            .iter()
            .filter(|(_, entry)| entry.open == amount)
            .map(|(at, entry)| (*at, party(payment, entry)))
            .collect();
        let mut ranked: Vec<(usize, usize)> = open
            .iter()
            .filter_map(|(at, entry)| {
                let party = party(payment, entry);
                let document = match (numbered(entry), documents.len()) {
                    (true, 1) => Document::Yes,
                    (true, _) => Document::Multiple,
                    (false, _) => Document::No,
                };
                let of_party = with_sum.iter().filter(|(_, of)| *of == party).count();
                let sum = match (entry.open == amount, of_party) {
                    (true, 1) => Amount::One,
                    (true, _) => Amount::Multiple,
                    (false, _) => Amount::No,
                };
                let row = ROWS.iter().position(|row| *row == (party, document, sum))?;
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
            let of_party = |at: &usize| party(payment, &ledger.entries[*at]) == Party::Fully;
            documents.into_iter().filter(of_party).collect()
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
fn party(payment: &PaymentLine, entry: &Entry) -> Party {
    let lower = |name: &str| name.to_lowercase();
    let payer = lower(payment.payer.name.as_deref().unwrap_or_default());
    let customer = lower(&entry.invoice.customer.name);
    if same_party(payment, &entry.invoice) || payer == customer {
        return Party::Fully;
    }
    let words = |name: &str| {
        name.split(|letter: char| !letter.is_alphanumeric())
            .filter(|word| word.chars().count() >= LENGTH_MIN)
            .map(str::to_owned)
            .collect::<Vec<_>>()
    };
    let theirs = words(&customer);
    if words(&payer).iter().any(|word| theirs.contains(word)) {
        Party::Partially
    } else {
        Party::No
    }
}
