//! The balance beside the entries: in which order the file runs, and whether debit and credit stand where they say.

use domain::{Direction, Money, Text};

use crate::diagnostic::{Code, Diagnostic, Place};

use super::{
    entries, entry,
    field::Field,
    layout::{Doubt, Layout, Running},
    survey::Survey,
};

/// Of a hundred steps from row to row so many must agree before the column is taken for a running balance.
const AGREEING_PERCENT_MIN: usize = 80;

/// Balances of the first entries and what each entry does.
fn steps(layout: &Layout, survey: &Survey) -> Vec<(Money, Money)> {
    let mut findings = Vec::new();
    let read = survey
        .sample
        .iter()
        .filter_map(|row| entry::read(row, layout, &mut findings));
    read.filter_map(|read| Some((read.balance?, read.entry.effect()?)))
        .collect()
}

fn agreeing(steps: &[(Money, Money)], order: Running, inverted: bool) -> usize {
    let effect = |effect: Money| {
        if inverted {
            effect.checked_neg().ok()
        } else {
            Some(effect)
        }
    };
    let step = |two: &&[(Money, Money)]| {
        let &&[(before, effect_before), (after, effect_after)] = two else {
            return false;
        };
        let expected = match order {
            Running::OldestFirst => effect(effect_after).and_then(|effect| before.checked_add(effect).ok()),
            Running::NewestFirst => effect(effect_before).and_then(|effect| before.checked_sub(effect).ok()),
        };
        expected == Some(after)
    };
    steps.windows(2).filter(step).count()
}

/// Which way the balances run; a doubt where they run the other way round than debit and credit say. A column of
/// balances that follow from nothing checks nothing, which is told.
pub(super) fn settle(layout: &mut Layout, survey: &Survey, findings: &mut Vec<Diagnostic>) -> Option<Doubt> {
    if layout.accounts.len() > 1 {
        return None;
    }
    if let Some(doubt) = declared_the_other_way(layout, survey) {
        return Some(doubt);
    }
    let column = layout.column(Field::Balance)?;
    let steps = steps(layout, survey);
    let all = steps.len().saturating_sub(1);
    if all == 0 {
        return None;
    }
    let orders = [Running::OldestFirst, Running::NewestFirst];
    let most = |inverted: bool| orders.map(|order| (agreeing(&steps, order, inverted), order));
    let [oldest, newest] = most(false);
    // Of equals (two entries, or sums that repeat) the days decide.
    let best = match oldest.0.cmp(&newest.0) {
        std::cmp::Ordering::Greater => oldest,
        std::cmp::Ordering::Less => newest,
        std::cmp::Ordering::Equal if runs_backwards(layout, survey) => newest,
        std::cmp::Ordering::Equal => oldest,
    };
    if best.0 * 100 >= all * AGREEING_PERCENT_MIN {
        layout.running = Some(best.1);
        return None;
    }
    let inverted = most(true).iter().any(|(count, _)| *count == all);
    if inverted && best.0 == 0 {
        return Some(the_other_way());
    }
    let counts = [best.0, all].map(|count| Text::same(count.to_string()));
    let [agreeing, all] = counts;
    let header = layout.header.texts.get(column).map_or("", String::as_str);
    findings.push(Diagnostic::new(
        Code::TableBalanceColumn,
        Place::WHOLE_FILE,
        header,
        &[agreeing, all],
    ));
    None
}

fn the_other_way() -> Doubt {
    Doubt::new(
        "остатки сходятся, только если приход и расход поменять местами",
        "the balances add up only with debit and credit swapped",
        "--column debit=… --column credit=…",
    )
}

fn runs_backwards(layout: &Layout, survey: &Survey) -> bool {
    let mut findings = Vec::new();
    let mut days = survey
        .sample
        .iter()
        .filter_map(|row| entry::read(row, layout, &mut findings))
        .map(|read| read.entry.booked);
    let first = days.next();
    first > days.last()
}

/// All of a short file is in the sample: opening and closing must add up one way or the other.
fn declared_the_other_way(layout: &Layout, survey: &Survey) -> Option<Doubt> {
    if survey.sample.len() as u64 != survey.entries || survey.entries == 0 {
        return None;
    }
    let account = layout.accounts.first();
    let opening = entries::balance(layout.opening.as_ref()?, layout, account)?;
    let closing = entries::balance(layout.closing.as_ref()?, layout, account)?;
    let mut findings = Vec::new();
    let moved = survey
        .sample
        .iter()
        .filter_map(|row| entry::read(row, layout, &mut findings))
        .try_fold(0_i128, |sum, read| {
            let minor = i128::from(read.entry.amount.minor());
            Some(match read.entry.direction? {
                Direction::Credit => sum + minor,
                Direction::Debit => sum - minor,
            })
        })?;
    let change = i128::from(closing.minor()) - i128::from(opening.minor());
    (moved != 0 && change == -moved && findings.is_empty()).then(the_other_way)
}
