//! How statements follow each other: pages of one, and the next one of an account.

use domain::{StatementAccount, Text};

use crate::diagnostic::{Code, Diagnostic};

use super::{
    account::Number,
    statement::{Before, Current, Edge},
};

/// Whether a page with this opening goes on with a statement whose last page ended with an interim balance.
pub(super) fn continues(current: &Current, account: Option<&StatementAccount>, number: Number, opening: &Edge) -> bool {
    let Some(closing) = current.closing.filter(|edge| edge.interim && opening.interim) else {
        return false;
    };
    let same_account = current.account() == account;
    let same_number = current.number.counted().is_some() && current.number.statement == number.statement;
    same_account
        && closing.money.currency() == opening.money.currency()
        && (same_number || closing.money == opening.money)
}

/// What is amiss between two pages of one statement.
pub(super) fn between_pages(current: &Current, number: Number, opening: &Edge) -> Option<Diagnostic> {
    let closing = current.closing?;
    let difference = opening
        .money
        .checked_sub(closing.money)
        .ok()
        .filter(|difference| !difference.is_zero())?;
    let details = [current.number.shown(), number.shown(), difference.decimal()].map(Text::same);
    Some(Diagnostic::new(
        Code::MtPageGap,
        opening.place,
        current.shown_account(),
        &details,
    ))
}

/// What is amiss between a statement and the next one of the same account: a difference that a missing number explains,
/// or one that nothing does.
pub(super) fn between_statements(before: &Before, current: &Current) -> Option<Diagnostic> {
    let (closing, opening) = (before.closing?, current.opening?);
    let account = current.account()?;
    if before.account.as_ref() != Some(account) || closing.interim || opening.interim || opening.date < closing.date {
        return None;
    }
    let difference = opening
        .money
        .checked_sub(closing.money)
        .ok()
        .filter(|difference| !difference.is_zero())?;
    let numbers = before.number.counted().zip(current.number.counted());
    let code = match numbers {
        // Numbers start anew with the year.
        Some((last, next)) if next > last.saturating_add(1) || (next < last && next > 1) => Code::MtStatementGap,
        Some((last, next)) if last == next => return None,
        _ => Code::MtChain,
    };
    let details = [before.number.shown(), current.number.shown(), difference.decimal()].map(Text::same);
    Some(Diagnostic::new(code, opening.place, &account.number, &details))
}
