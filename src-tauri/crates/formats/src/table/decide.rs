//! From what the columns hold to a layout, or to the questions that keep it open. Nothing is guessed in silence.

use std::collections::BTreeMap;

use domain::{Currency, StatementAccount};

use crate::reading::Options;

use super::{
    field::Field,
    header::Header,
    layout::{Doubt, Layout},
    number::DecimalSign,
    profile::{Answers, SignRule},
    survey::{ACCOUNTS_MAX, Marks, Survey, compact},
    words::{Basis, Meaning},
};

mod days;
mod sums;

/// What stands in an answer's place outranks every header.
const ANSWERED: u8 = u8::MAX;

/// Everything known of a table before it is decided.
pub(super) struct Known<'a> {
    pub(super) header: &'a Header,
    pub(super) survey: &'a Survey,
    pub(super) answers: &'a Answers,
    pub(super) options: &'a Options,
    /// Every row is written out to its last column, so that another width betrays a shift.
    pub(super) has_widths: bool,
}

/// The header with the answers put into their columns, so that the survey watches the right ones.
pub(super) fn answered(mut header: Header, answers: &Answers) -> (Header, Vec<Doubt>) {
    let mut doubts = Vec::new();
    for (field, named) in &answers.columns {
        let Some(at) = Answers::column(&header.texts, named) else {
            doubts.push(Doubt::new(
                format!(
                    "в профиле назван столбец «{named}» ({}), а в таблице такого нет",
                    field.russian()
                ),
                format!(
                    "the profile names a column «{named}» ({}) that the table does not have",
                    field.name()
                ),
                "--column",
            ));
            continue;
        };
        header.meanings[at] = Some(Meaning::Is {
            field: *field,
            rank: ANSWERED,
            basis: Basis::Plain,
        });
        for (other, meaning) in header.meanings.iter_mut().enumerate() {
            if other != at
                && matches!(meaning, Some(Meaning::Is { field: of, rank, .. }) if of == field && *rank != ANSWERED)
            {
                *meaning = Some(Meaning::Nothing);
            }
        }
    }
    // The way sums are written was answered: columns of the other way say nothing.
    let drop = |fields: &[Field], header: &mut Header| {
        for meaning in &mut header.meanings {
            if matches!(meaning, Some(Meaning::Is { field, rank, .. }) if fields.contains(field) && *rank != ANSWERED) {
                *meaning = Some(Meaning::Nothing);
            }
        }
    };
    match answers.sign {
        Some(SignRule::Columns) => drop(&[Field::Amount], &mut header),
        Some(_) => drop(&[Field::Debit, Field::Credit], &mut header),
        None => {}
    }
    (header, doubts)
}

/// A layout where no doubt is left, and whatever doubts there are.
pub(super) fn decide(known: &Known<'_>) -> (Option<Layout>, Vec<Doubt>) {
    let mut doubts = Vec::new();
    let mut columns = single_columns(known, &mut doubts);
    let day_pair = days::pair(known.header);
    days::known_at_all(known, &columns, day_pair, &mut doubts);
    let mut accounts = accounts(known, &mut columns, &mut doubts);
    let currency = currency(known, &accounts, &mut doubts);
    for account in &mut accounts {
        account.currency = Currency::of_account(&account.number)
            .or(currency)
            .unwrap_or(Currency::RUB);
    }
    let sums = sums::decide(known, &mut columns, &accounts, currency, &mut doubts);
    let decimal = decimal(known, &mut doubts);
    let days = days::order(known, &mut doubts);
    about(known, &accounts, &mut doubts);
    let widths = widths(known, &mut doubts);
    let Some((sign, minus_is_habit)) = sums.filter(|_| doubts.is_empty()) else {
        return (None, doubts);
    };
    let about = &known.survey.about;
    let layout = Layout {
        header: known.header.clone(),
        marks: Marks::of(&known.header.meanings),
        columns,
        day_pair,
        days,
        decimal,
        sign,
        minus_is_habit,
        accounts,
        currency: currency.unwrap_or(Currency::RUB),
        currency_is_known: currency.is_some() || known.survey.entries == 0,
        period: about.period,
        bounds: days::bounds(about.period, known.survey, days),
        opening: about.opening.clone(),
        closing: about.closing.clone(),
        turnovers: about.turnovers.clone(),
        widths,
        running: None,
    };
    (Some(layout), doubts)
}

/// Fields that one column each may be; sums are decided apart.
fn single_columns(known: &Known<'_>, doubts: &mut Vec<Doubt>) -> BTreeMap<Field, usize> {
    let mut best: BTreeMap<Field, (u8, usize)> = BTreeMap::new();
    let mut equals: BTreeMap<Field, usize> = BTreeMap::new();
    for (at, meaning) in known.header.meanings.iter().enumerate() {
        let Some(Meaning::Is { field, rank, .. }) = meaning else {
            continue;
        };
        let counts_rows = *field == Field::Number && known.survey.entries > 1 && known.survey.columns[at].counts_rows;
        if field.is_sum() || (counts_rows && *rank != ANSWERED) {
            continue;
        }
        match best.get(field) {
            Some((before, _)) if before > rank => {}
            Some((before, _)) if before == rank => {
                equals.insert(*field, at);
            }
            _ => {
                best.insert(*field, (*rank, at));
                equals.remove(field);
            }
        }
    }
    if days::pair(known.header).is_some() {
        best.remove(&Field::Date);
        equals.remove(&Field::Date);
    }
    for (field, second) in equals.into_iter().filter(|(field, _)| field.decides()) {
        let first = best.get(&field).map_or("", |(_, at)| known.header.texts[*at].as_str());
        doubts.push(two_columns(field, first, &known.header.texts[second]));
    }
    best.into_iter().map(|(field, (_, at))| (field, at)).collect()
}

fn two_columns(field: Field, first: &str, second: &str) -> Doubt {
    Doubt::new(
        format!("какой из столбцов «{first}» и «{second}» — {}", field.russian()),
        format!("which of the columns «{first}» and «{second}» is the {}", field.name()),
        "--column",
    )
}

fn accounts(known: &Known<'_>, columns: &mut BTreeMap<Field, usize>, doubts: &mut Vec<Doubt>) -> Vec<StatementAccount> {
    let about = &known.survey.about;
    let mut named: Vec<String> = about.accounts.iter().cloned().collect();
    if named.len() > 1 {
        doubts.push(Doubt::new(
            format!("чья это выписка: над таблицей названы счета {}", named.join(", ")),
            format!(
                "whose statement it is: the accounts {} are named above the table",
                named.join(", ")
            ),
            "--account",
        ));
    }
    if named.is_empty() {
        named.extend(known.answers.account.as_deref().map(compact));
    }
    some_account(known, columns, &named, doubts);
    let in_column = columns.get(&Field::Account).is_some();
    if named.is_empty() && in_column {
        let own = &known.survey.own_accounts;
        if own.len() > ACCOUNTS_MAX {
            doubts.push(Doubt::new(
                format!("своих счетов в таблице больше {ACCOUNTS_MAX}"),
                format!("the table has more than {ACCOUNTS_MAX} own accounts"),
                "--column account=…",
            ));
        }
        named.extend(own.iter().take(ACCOUNTS_MAX).cloned());
    }
    if named.is_empty() {
        named.extend(from_options(known));
    }
    named
        .into_iter()
        .map(|number| StatementAccount {
            currency: Currency::RUB,
            bank: about.bank.clone(),
            number,
        })
        .collect()
}

/// A column «Счёт» without a word on whose: the other columns and the accounts known say.
fn some_account(known: &Known<'_>, columns: &mut BTreeMap<Field, usize>, named: &[String], doubts: &mut Vec<Doubt>) {
    let of: Vec<usize> = (0..known.header.meanings.len())
        .filter(|at| known.header.meanings[*at] == Some(Meaning::SomeAccount))
        .collect();
    let &[at] = of.as_slice() else {
        if let [first, second, ..] = of.as_slice() {
            doubts.push(two_columns(
                Field::Account,
                &known.header.texts[*first],
                &known.header.texts[*second],
            ));
        }
        return;
    };
    let has = |fields: &[Field]| fields.iter().any(|field| columns.contains_key(field));
    if has(&[Field::Account]) {
        columns.entry(Field::PartyAccount).or_insert(at);
        return;
    }
    let constant = known.survey.columns[at].constant.as_deref();
    let own = named
        .iter()
        .map(String::as_str)
        .chain(known.options.own_accounts.iter().map(String::as_str));
    let is_own = own.map(compact).any(|own| constant == Some(own.as_str()));
    if is_own {
        columns.insert(Field::Account, at);
    } else if !named.is_empty() {
        columns.entry(Field::PartyAccount).or_insert(at);
    } else if has(&[Field::PartyAccount, Field::PayerAccount, Field::PayeeAccount])
        && constant.is_some_and(|number| number.len() == 20)
    {
        columns.insert(Field::Account, at);
    } else if known.survey.entries > 0 {
        let text = &known.header.texts[at];
        doubts.push(Doubt::new(
            format!("чей счёт в столбце «{text}»: свой или контрагента"),
            format!("whose account is in the column «{text}»: the own one or the counterparty's"),
            "--column account=… / --column party_account=…",
        ));
    }
}

/// Accounts of the person, where the table names none: the only one, or the only one on every entry.
fn from_options(known: &Known<'_>) -> Option<String> {
    let own: Vec<String> = known
        .options
        .own_accounts
        .iter()
        .map(|number| compact(number))
        .collect();
    if let Some(sides) = &known.survey.on_every_entry {
        let mut ours = own.iter().filter(|number| sides.contains(*number));
        if let (Some(only), None) = (ours.next(), ours.next()) {
            return Some(only.clone());
        }
        // Every entry of a statement has its owner on one side: what all have in common is the owner's.
        if own.is_empty() && sides.len() == 1 && known.survey.entries > 1 {
            return sides.first().filter(|number| number.len() == 20).cloned();
        }
        return None;
    }
    match own.as_slice() {
        [only] => Some(only.clone()),
        _ => None,
    }
}

fn currency(known: &Known<'_>, accounts: &[StatementAccount], doubts: &mut Vec<Doubt>) -> Option<Currency> {
    let of_accounts: Vec<Currency> = accounts
        .iter()
        .filter_map(|account| Currency::of_account(&account.number))
        .collect();
    let of_account = of_accounts.first().copied();
    let said = known
        .answers
        .currency
        .as_deref()
        .and_then(|code| Currency::parse(code).ok());
    let above = known.survey.about.currency;
    if let (Some(of_account), Some(above)) = (of_account, above)
        && of_account != above
    {
        doubts.push(Doubt::new(
            format!("валюта: по счёту {of_account}, а над таблицей сказано {above}"),
            format!("the currency: the account says {of_account}, the words above the table {above}"),
            "--currency",
        ));
    }
    let mut in_cells = known.survey.currencies.iter();
    let only = in_cells.next().copied().filter(|_| in_cells.next().is_none());
    said.or(of_account).or(above).or(only)
}

fn decimal(known: &Known<'_>, doubts: &mut Vec<Doubt>) -> DecimalSign {
    if let Some(decimal) = known.answers.decimal.filter(|decimal| *decimal != DecimalSign::Open) {
        let found = known.survey.numbers.sign();
        if found != DecimalSign::Open && found != decimal {
            doubts.push(Doubt::new(
                "сказано, что копейки отделены одним знаком, а в суммах файла стоит другой",
                "the kopecks were said to be parted by one sign, and the sums of the file have the other",
                "--decimal comma|point",
            ));
        }
        return decimal;
    }
    if known.survey.numbers.is_doubtful() {
        doubts.push(Doubt::new(
            "что отделяет копейки в суммах: точка или запятая",
            "what parts the kopecks in sums: a point or a comma",
            "--decimal comma|point",
        ));
    }
    known.survey.numbers.sign()
}

/// What is said of the account around the table.
fn about(known: &Known<'_>, accounts: &[StatementAccount], doubts: &mut Vec<Doubt>) {
    let about = &known.survey.about;
    if about.of_accounting {
        doubts.push(Doubt::new(
            "это карточка счёта из бухгалтерии, а не выписка банка: в ней приход стоит в дебете",
            "this is a ledger card of accounting, not a bank's statement: what comes in is its debit",
            "--column credit=… --column debit=…",
        ));
        // Whoever names the columns has seen that.
        if [Field::Debit, Field::Credit]
            .iter()
            .all(|field| known.answers.columns.contains_key(field))
        {
            doubts.pop();
        }
    }
    let other = known
        .survey
        .named_below
        .iter()
        .find(|number| !accounts.iter().any(|account| account.number == **number));
    if let Some(other) = other.filter(|_| !accounts.is_empty()) {
        doubts.push(Doubt::new(
            format!("в таблице, похоже, не одна выписка: ниже назван ещё счёт {other}"),
            format!("the table seems to hold more than one statement: the account {other} is named further down"),
            "",
        ));
    }
}

/// How many cells a row of an entry has. Where most rows have another number than the header, the separator is not only
/// a separator.
fn widths(known: &Known<'_>, doubts: &mut Vec<Doubt>) -> Option<Vec<usize>> {
    if !known.has_widths {
        return None;
    }
    let header = known.header.texts.len();
    let all: u64 = known.survey.widths.values().sum();
    let wide: u64 = known
        .survey
        .widths
        .iter()
        .filter(|(width, _)| **width > header)
        .map(|(_, count)| count)
        .sum();
    if wide * 2 > all {
        doubts.push(Doubt::new(
            "в строках больше ячеек, чем столбцов в заголовке: разделитель встречается и внутри ячеек",
            "rows have more cells than the header has columns: the separator is also used inside of cells",
            "",
        ));
    }
    let most = known
        .survey
        .widths
        .iter()
        .max_by_key(|(_, count)| **count)
        .map(|(width, _)| *width);
    Some([Some(header), most].into_iter().flatten().collect())
}
