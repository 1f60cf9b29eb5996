//! What a statement says of its entries all together (`TxsSummry`), held against those that were read.
//!
//! Banks count differently: some leave out what is not booked yet, some count the payments of a batch. A number that
//! agrees with none of these ways is told.

use domain::{Currency, Direction, Entry, Money, Text};

use crate::{
    diagnostic::{Code, Diagnostic, Place},
    proving::{count_differs, whole_period},
};

use super::{element::Node, entry::no_sum, value};

/// A text and where it stands: the currency of a sum is the account's, which may come later.
type Written = (String, Place);

#[derive(Debug, Clone, Copy, Default)]
struct Seen {
    entries: u64,
    payments: u64,
    minor: i128,
}

impl Seen {
    fn and(self, other: Self) -> Self {
        Self {
            entries: self.entries + other.entries,
            payments: self.payments + other.payments,
            minor: self.minor + other.minor,
        }
    }
}

/// Entries of one status.
#[derive(Debug, Clone, Copy, Default)]
struct Sides {
    credits: Seen,
    debits: Seen,
    /// Their direction is not known.
    others: Seen,
}

impl Sides {
    fn all(self) -> Seen {
        self.credits.and(self.debits).and(self.others)
    }

    fn net(self) -> i128 {
        self.credits.minor - self.debits.minor
    }

    fn and(self, other: Self) -> Self {
        Self {
            credits: self.credits.and(other.credits),
            debits: self.debits.and(other.debits),
            others: self.others.and(other.others),
        }
    }
}

#[derive(Debug, Default)]
pub(super) struct Totals {
    entries: Option<Written>,
    sum: Option<Written>,
    net: Option<Written>,
    net_sign: Option<Direction>,
    credits: Option<Written>,
    debits: Option<Written>,
    booked: Sides,
    not_booked: Sides,
    /// Some entry could not be taken, or is in another currency: what is missing is told already.
    incomplete: bool,
}

impl Totals {
    pub(super) fn declare(&mut self, node: Node, text: &str, place: Place) {
        let slot = match node {
            Node::EntriesCount => &mut self.entries,
            Node::EntriesSum => &mut self.sum,
            Node::NetAmount => &mut self.net,
            Node::CreditsCount => &mut self.credits,
            Node::DebitsCount => &mut self.debits,
            Node::NetSign => {
                self.net_sign = value::direction(text);
                return;
            }
            _ => return,
        };
        *slot = Some((text.to_owned(), place));
    }

    /// `entry`: as it was taken. `booked`: the bank calls it so.
    pub(super) fn see(
        &mut self,
        direction: Option<Direction>,
        booked: bool,
        payments: u64,
        entry: Option<&Entry>,
        currency: Currency,
    ) {
        let sides = if booked { &mut self.booked } else { &mut self.not_booked };
        let seen = match direction {
            Some(Direction::Credit) => &mut sides.credits,
            Some(Direction::Debit) => &mut sides.debits,
            None => &mut sides.others,
        };
        seen.entries += 1;
        seen.payments += payments.max(1);
        match entry {
            Some(entry) if entry.amount.currency() == currency && direction.is_some() => {
                seen.minor += i128::from(entry.amount.minor());
            }
            _ => self.incomplete = true,
        }
    }

    /// What differs, and the difference of a sum that does.
    pub(super) fn check(&self, account: &str, currency: Currency, findings: &mut Vec<Diagnostic>) -> Option<Money> {
        let all = self.booked.and(self.not_booked);
        let names = [
            (&self.entries, Text::new("операций", "entries")),
            (&self.credits, Text::new("поступлений", "credits")),
            (&self.debits, Text::new("списаний", "debits")),
        ];
        for (at, (written, name)) in names.into_iter().enumerate() {
            let Some((text, place)) = written else {
                continue;
            };
            let of = |sides: Sides| [sides.all(), sides.credits, sides.debits][at];
            let unknown = |sides: Sides| [Seen::default(), sides.others, sides.others][at];
            let declared = text.parse::<u64>().ok();
            let agrees = declared.is_some_and(|declared| {
                [self.booked, all].into_iter().any(|sides| {
                    let (least, most) = (of(sides), of(sides).and(unknown(sides)));
                    (least.entries..=most.entries).contains(&declared)
                        || (least.payments..=most.payments).contains(&declared)
                })
            });
            if !agrees {
                let counted = of(all).entries;
                findings.push(count_differs(account, name, counted, text, *place));
            }
        }
        if self.incomplete {
            return None;
        }
        let whole = self.booked.all().minor;
        let sum = self.differing(
            self.sum.as_ref(),
            [whole, all.all().minor, self.booked.net().abs()],
            currency,
            findings,
        );
        let booked_net = self.booked.net();
        let signed = |net: i128| match self.net_sign {
            Some(Direction::Credit) => net,
            Some(Direction::Debit) => -net,
            None => net.abs(),
        };
        let net = self.differing(
            self.net.as_ref(),
            [signed(booked_net), signed(all.net()), signed(booked_net)],
            currency,
            findings,
        );
        let differing = [
            (sum, Text::new("оборотов вместе", "turnovers together"), whole),
            (
                net,
                Text::new("оборотов за вычетом", "turnovers less each other"),
                booked_net.abs(),
            ),
        ];
        let mut first = None;
        for (found, name, counted) in differing {
            let Some((declared, difference, place)) = found else {
                continue;
            };
            let counted = Money::from_minor(i64::try_from(counted).unwrap_or(i64::MAX), currency);
            let sums = [counted, declared, difference].map(|sum| Text::same(sum.decimal()));
            let [counted, declared, shown] = sums;
            let details = [whole_period(), name, counted, declared, shown];
            findings.push(Diagnostic::new(Code::ProofTurnover, place, account, &details));
            first.get_or_insert(difference);
        }
        first
    }

    /// What is declared, how much it is off the first of the sums that it may be, and where it stands.
    fn differing(
        &self,
        written: Option<&Written>,
        may_be: [i128; 3],
        currency: Currency,
        findings: &mut Vec<Diagnostic>,
    ) -> Option<(Money, Money, Place)> {
        let (text, place) = written?;
        // A bank may write the sign into the sum.
        let (bare, minus) = text
            .strip_prefix('-')
            .map_or((text.as_str(), false), |bare| (bare, true));
        let Some(declared) = value::amount(bare, currency) else {
            findings.push(no_sum(Code::CamtTurnover, text, *place, currency));
            return None;
        };
        let minor = i128::from(declared.minor());
        let agrees = |sum: i128| sum == minor || (minus && sum == -minor);
        if may_be.into_iter().any(agrees) {
            return None;
        }
        let difference = i64::try_from(minor - may_be[0]).unwrap_or(i64::MAX);
        Some((declared, Money::from_minor(difference, currency), *place))
    }
}
