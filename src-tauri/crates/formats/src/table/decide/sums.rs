//! Which columns hold the sums, and what tells what came from what went.

use std::collections::BTreeMap;

use domain::{Currency, StatementAccount};

use super::{
    super::{
        field::Field,
        layout::Doubt,
        profile::SignRule,
        words::{Basis, Meaning},
    },
    Known, two_columns,
};

/// `None` where a doubt was told.
pub(super) fn decide(
    known: &Known<'_>,
    columns: &mut BTreeMap<Field, usize>,
    accounts: &[StatementAccount],
    currency: Option<Currency>,
    doubts: &mut Vec<Doubt>,
) -> Option<(SignRule, bool)> {
    words(known, columns);
    for field in [Field::Debit, Field::Credit, Field::Amount] {
        let of_both_sides = columns.contains_key(&Field::Debit) && columns.contains_key(&Field::Credit);
        if field == Field::Amount && of_both_sides && known.answers.sign.is_none() {
            continue;
        }
        if let Some(at) = sum_column(known, field, currency, doubts) {
            columns.insert(field, at);
        }
    }
    accounts_for_sums(known, columns, doubts);
    let has = |field: Field| columns.contains_key(&field);
    let rule = match known.answers.sign {
        Some(rule) => answered(rule, columns),
        None if has(Field::Debit) && has(Field::Credit) => Some(SignRule::Columns),
        None if has(Field::Amount) => one_column(known, columns, accounts),
        None if has(Field::Debit) || has(Field::Credit) => Some(SignRule::Columns),
        None => None,
    };
    if rule == Some(SignRule::Debits) && columns.get(&Field::Amount).is_some_and(|at| is_mixed(known, *at)) {
        doubts.push(Doubt::new(
            "сказано, что все суммы — списания, а среди них есть и с минусом, и без",
            "all sums were said to be debits, and some of them have a minus and some have none",
            "--sign signed",
        ));
    }
    if let Some(rule) = rule {
        return Some((rule, minus_is_habit(known, columns)));
    }
    if doubts.is_empty() {
        doubts.push(Doubt::new(
            "что пришло и что ушло: у сумм нет ни знака, ни направления",
            "what came and what went: the sums have neither a sign nor a direction",
            "--sign columns|signed|direction|accounts|credits|debits",
        ));
    }
    None
}

fn is_mixed(known: &Known<'_>, at: usize) -> bool {
    let of = &known.survey.columns[at];
    of.negative > 0 && of.positive > 0
}

/// Registers of accounting name the two accounts of a posting «Дебет» and «Кредит».
fn accounts_for_sums(known: &Known<'_>, columns: &BTreeMap<Field, usize>, doubts: &mut Vec<Doubt>) {
    let of_accounts = [Field::Debit, Field::Credit].into_iter().find_map(|field| {
        let at = *columns.get(&field)?;
        (known.survey.columns[at].accounts * 2 > known.survey.entries).then_some(at)
    });
    if let Some(at) = of_accounts {
        let text = &known.header.texts[at];
        doubts.push(Doubt::new(
            format!("в столбце «{text}» номера счетов, а не суммы: это проводки, а не выписка"),
            format!("the column «{text}» holds accounts and no sums: these are postings, not a statement"),
            "--column payer_account=… --column payee_account=… --column amount=…",
        ));
    }
}

/// A rule that was answered needs its columns.
fn answered(rule: SignRule, columns: &BTreeMap<Field, usize>) -> Option<SignRule> {
    let has = |field: Field| columns.contains_key(&field);
    let complete = match rule {
        SignRule::Columns => has(Field::Debit) || has(Field::Credit),
        SignRule::Signed | SignRule::Credits | SignRule::Debits => has(Field::Amount),
        SignRule::Direction => has(Field::Amount) && has(Field::Direction),
        SignRule::Accounts => has(Field::Amount) && (has(Field::PayerAccount) || has(Field::PayeeAccount)),
    };
    complete.then_some(rule)
}

/// Columns that are a direction or something else, as their cells say.
fn words(known: &Known<'_>, columns: &mut BTreeMap<Field, usize>) {
    for (at, meaning) in known.header.meanings.iter().enumerate() {
        let of = &known.survey.columns[at];
        let directions = of.filled > 0 && of.directions == of.filled;
        let field = match meaning {
            Some(Meaning::KindOrDirection) if directions => Field::Direction,
            Some(Meaning::KindOrDirection) => Field::Kind,
            Some(Meaning::DebitOrCredit) if directions => Field::Direction,
            Some(Meaning::DebitOrCredit) if of.sums > 0 => Field::Amount,
            _ => continue,
        };
        columns.entry(field).or_insert(at);
    }
}

fn one_column(known: &Known<'_>, columns: &BTreeMap<Field, usize>, accounts: &[StatementAccount]) -> Option<SignRule> {
    let amount = &known.survey.columns[*columns.get(&Field::Amount)?];
    let entries = known.survey.entries;
    if let Some(direction) = columns.get(&Field::Direction) {
        let of = &known.survey.columns[*direction];
        if of.directions == entries || of.filled == entries {
            return Some(SignRule::Direction);
        }
    }
    if amount.negative > 0 || entries == 0 || (amount.plus > 0 && amount.plus == amount.positive) {
        return Some(SignRule::Signed);
    }
    let sides = columns.contains_key(&Field::PayerAccount) || columns.contains_key(&Field::PayeeAccount);
    (sides && !accounts.is_empty()).then_some(SignRule::Accounts)
}

/// Of several columns of sums the one in the account's currency.
fn sum_column(known: &Known<'_>, field: Field, currency: Option<Currency>, doubts: &mut Vec<Doubt>) -> Option<usize> {
    let mut of: Vec<(usize, u8, Basis)> = known
        .header
        .meanings
        .iter()
        .enumerate()
        .filter_map(|(at, meaning)| match meaning {
            Some(Meaning::Is { field: of, rank, basis }) if *of == field => Some((at, *rank, *basis)),
            _ => None,
        })
        .collect();
    let highest = of.iter().map(|(_, rank, _)| *rank).max()?;
    of.retain(|(_, rank, _)| *rank == highest);
    let with = |wanted: Basis| {
        of.iter()
            .filter(move |(_, _, basis)| *basis == wanted)
            .map(|(at, ..)| *at)
    };
    let roubles = currency.map(|currency| currency == Currency::RUB);
    let text = |at: usize| known.header.texts[at].as_str();
    match of.as_slice() {
        &[(at, _, Basis::Roubles)] if roubles == Some(false) => {
            doubts.push(Doubt::new(
                format!("счёт не рублёвый, а суммы только в рублях («{}»)", text(at)),
                format!(
                    "the account is not in roubles, and the sums are in roubles only («{}»)",
                    text(at)
                ),
                "--currency",
            ));
            None
        }
        &[(at, ..)] => Some(at),
        &[(first, ..), (second, ..), ..] => {
            let chosen = [Basis::Account, Basis::Roubles, Basis::Foreign, Basis::Plain]
                .into_iter()
                .find_map(|basis| {
                    let fits = match basis {
                        Basis::Account => true,
                        Basis::Roubles => roubles == Some(true),
                        Basis::Foreign => roubles == Some(false),
                        // Beside a sum in roubles, or in a foreign currency, the plain one is the other.
                        Basis::Plain => {
                            (roubles == Some(false) && with(Basis::Roubles).next().is_some())
                                || (roubles == Some(true) && with(Basis::Foreign).next().is_some())
                        }
                        Basis::Operation => false,
                    };
                    let mut columns = with(basis);
                    let only = columns.next().filter(|_| columns.next().is_none());
                    only.filter(|_| fits)
                });
            if chosen.is_none() {
                doubts.push(two_columns(field, text(first), text(second)));
            }
            chosen
        }
        [] => None,
    }
}

/// Whether all debits have a minus: then it says nothing more than their column does. Credits with a minus are
/// something taken back, and are asked about row by row.
fn minus_is_habit(known: &Known<'_>, columns: &BTreeMap<Field, usize>) -> bool {
    columns.get(&Field::Debit).is_some_and(|at| {
        let of = &known.survey.columns[*at];
        of.negative > 0 && of.positive == 0
    })
}
