//! Whether a truth is true in its firm. A payment is made from an invoice, and by accident another invoice of the customer
//! may fit as well: then the payment is a tie, whatever class it was meant to be. Found by looking at everything, which
//! is slow and simple: nothing of an engine's cleverness is trusted here.

use std::collections::BTreeSet;

use crate::{
    book::{Book, Invoice},
    numbering::may_mean,
    plan::{InvoiceAt, Plan},
    shape::Status,
    truth::Autonomy,
    write::Written,
};

/// Sets of more invoices than this are not looked for.
const SET_MAX: usize = 4;
/// A person can be shown so many ways at once.
const SHOWN_MAX: usize = 3;

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// As planned.
    True,
    /// These fit equally.
    Tied(Vec<Vec<(InvoiceAt, i64)>>),
    /// It proves nothing: too much fits, or what was to be said could not be.
    Useless,
}

/// `open`: what is open of each invoice when the payment comes, if all that could be decided before was.
pub fn check(plan: &Plan, written: &Written, book: &Book, open: &[i64]) -> Verdict {
    let fits = |at: &InvoiceAt| {
        let invoice = &book.invoices[*at];
        invoice.status == Status::Open
            && open[*at] > 0
            && invoice.currency == plan.currency
            && invoice.date <= plan.date
    };
    let of_payer: Vec<InvoiceAt> = (0..book.invoices.len())
        .filter(|at| plan.linked.contains(&book.invoices[*at].customer))
        .filter(fits)
        .collect();
    if matches!(
        plan.class,
        "tie-sum" | "tie-years" | "tie-companies" | "set-tied" | "set-unique"
    ) {
        return tied(plan, written, book, open, &of_payer);
    }
    if plan.class == "number-against-sum" {
        // Two years may have the number, and then nothing contradicts.
        let by_sum = plan.solutions.get(1).and_then(|way| way.first());
        let agrees = by_sum.is_some_and(|(at, _)| written.typed.iter().any(|typed| means(typed, &book.invoices[*at])));
        return if agrees { Verdict::Useless } else { Verdict::True };
    }
    if plan.autonomy != Autonomy::Decidable && !plan.linked.is_empty() {
        return only_one(plan, written, book, open, &of_payer);
    }
    if plan.linked.is_empty() && plan.solutions.len() == 1 {
        // Nobody is known, so the number and the sum have to say it alone.
        let all: Vec<InvoiceAt> = (0..book.invoices.len()).filter(fits).collect();
        return only_one(plan, written, book, open, &all);
    }
    if plan.linked.is_empty() {
        return Verdict::True;
    }
    decidable(plan, written, book, open, &of_payer)
}

/// A planned single answer whose number and sum another invoice has as well is a tie.
fn only_one(plan: &Plan, written: &Written, book: &Book, open: &[i64], among: &[InvoiceAt]) -> Verdict {
    let [answer] = plan.solutions.as_slice() else {
        return Verdict::True;
    };
    let [(meant, _)] = answer.as_slice() else {
        return Verdict::True;
    };
    let mut alike: Vec<InvoiceAt> = among
        .iter()
        .copied()
        .filter(|at| open[*at] == open[*meant])
        .filter(|at| {
            let invoice = &book.invoices[*at];
            written.typed.is_empty() || written.typed.iter().any(|typed| means(typed, invoice))
        })
        .filter(|at| *at != *meant)
        .collect();
    if alike.is_empty() || says_date(plan) {
        return Verdict::True;
    }
    alike.push(*meant);
    shown(
        alike
            .into_iter()
            .map(|at| vec![(at, plan.amount.min(open[at]))])
            .collect(),
    )
}

fn decidable(plan: &Plan, written: &Written, book: &Book, open: &[i64], of_payer: &[InvoiceAt]) -> Verdict {
    let Some(answer) = plan.solutions.first() else {
        return Verdict::Useless;
    };
    if written.slip_refused || answer.iter().any(|(at, part)| open[*at] < *part) {
        return Verdict::Useless;
    }
    if plan.saying.named.is_empty() {
        let ways = sets(of_payer, open, plan.amount);
        return if ways == BTreeSet::from([answer.iter().map(|(at, _)| *at).collect()]) {
            Verdict::True
        } else {
            shown(with_sums(&ways, open))
        };
    }
    if plan.saying.slip {
        let on_day = |at: &&InvoiceAt| {
            let meant = &book.invoices[answer[0].0];
            open[**at] == plan.amount && book.invoices[**at].date == meant.date
        };
        return if of_payer.iter().filter(on_day).count() == 1 {
            Verdict::True
        } else {
            Verdict::Useless
        };
    }
    let dated = says_date(plan);
    for ((meant, _), typed) in plan.saying.named.iter().map(|at| (*at, ())).zip(&written.typed) {
        let others = of_payer.iter().filter(|at| {
            let invoice = &book.invoices[**at];
            **at != meant && means(typed, invoice) && (!dated || invoice.date == book.invoices[meant].date)
        });
        for other in others {
            // «145» of two years: the sum may tell them apart, in a list or a part it cannot.
            let whole = answer.len() == 1 && plan.amount == open[meant];
            if whole && open[*other] == open[meant] {
                return shown(vec![vec![(meant, plan.amount)], vec![(*other, plan.amount)]]);
            }
            if !whole {
                return Verdict::Useless;
            }
        }
    }
    Verdict::True
}

/// All ways there are, instead of those that were planned.
fn tied(plan: &Plan, written: &Written, book: &Book, open: &[i64], of_payer: &[InvoiceAt]) -> Verdict {
    let numbered: Vec<InvoiceAt> = of_payer
        .iter()
        .copied()
        .filter(|at| {
            plan.saying.named.is_empty() || written.typed.iter().any(|typed| means(typed, &book.invoices[*at]))
        })
        .collect();
    let mut ways = sets(&numbered, open, plan.amount);
    if ways.iter().any(|way| way.len() == 1) {
        ways.retain(|way| way.len() == 1);
    }
    if plan.class == "set-unique" && ways.len() == 1 {
        return if with_sums(&ways, open) == plan.solutions {
            Verdict::True
        } else {
            Verdict::Useless
        };
    }
    shown(with_sums(&ways, open))
}

fn shown(ways: Vec<Vec<(InvoiceAt, i64)>>) -> Verdict {
    if (2..=SHOWN_MAX).contains(&ways.len()) {
        Verdict::Tied(ways)
    } else {
        Verdict::Useless
    }
}

fn with_sums(ways: &BTreeSet<Vec<InvoiceAt>>, open: &[i64]) -> Vec<Vec<(InvoiceAt, i64)>> {
    ways.iter()
        .map(|way| way.iter().map(|at| (*at, open[*at])).collect())
        .collect()
}

fn means(typed: &str, invoice: &Invoice) -> bool {
    may_mean(typed, &invoice.number, invoice.sequence)
}

fn says_date(plan: &Plan) -> bool {
    matches!(plan.saying.section, "number-date" | "many-dates") && !plan.saying.other_date
}

/// Every set of up to [`SET_MAX`] of these that makes up the sum, in the order of invoices.
pub fn sets(among: &[InvoiceAt], open: &[i64], sum: i64) -> BTreeSet<Vec<InvoiceAt>> {
    fn go(
        rest: &[InvoiceAt],
        open: &[i64],
        left: i64,
        taken: &mut Vec<InvoiceAt>,
        found: &mut BTreeSet<Vec<InvoiceAt>>,
    ) {
        if left == 0 && !taken.is_empty() {
            found.insert(taken.clone());
            return;
        }
        if left <= 0 || taken.len() == SET_MAX {
            return;
        }
        for (at, invoice) in rest.iter().enumerate() {
            taken.push(*invoice);
            go(&rest[at + 1..], open, left - open[*invoice], taken, found);
            taken.pop();
        }
    }
    let mut found = BTreeSet::new();
    go(among, open, sum, &mut Vec::new(), &mut found);
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_sets_are_found() {
        let open = [100, 200, 300, 400, 50];
        let found = sets(&[0, 1, 2, 3, 4], &open, 500);
        let wanted = [vec![0, 3], vec![1, 2]];
        assert_eq!(found, BTreeSet::from(wanted));
        assert!(sets(&[0, 1], &open, 1_000).is_empty());
    }
}
