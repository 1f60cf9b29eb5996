//! Lines of statements under question: listed with their reasons, answered one by one.

use std::process::ExitCode;

use app::{
    Session,
    wire::{AskedAnswer, AskedAnswerRequest},
};

use crate::{
    args::AnswerArg,
    output::{Done, Output, money},
};

pub fn run(session: &Session, said: Option<(u64, AnswerArg)>, output: &Output) -> Done {
    match said {
        Some((asked, answer)) => say(session, asked, answer, output),
        None => list(session, output),
    }
}

fn say(session: &Session, asked: u64, answer: AnswerArg, output: &Output) -> Done {
    let answer = match answer {
        AnswerArg::Credit => AskedAnswer::Credit,
        AnswerArg::Debit => AskedAnswer::Debit,
        AnswerArg::Drop => AskedAnswer::Drop,
    };
    let done = session.asked_answer(&AskedAnswerRequest { asked, answer })?;
    output.either(&done, |done| output.words(&done.message).to_owned())?;
    Ok(ExitCode::SUCCESS)
}

fn list(session: &Session, output: &Output) -> Done {
    let list = session.asked_list()?;
    output.list(
        &list.rows,
        (
            ["строка", "дата", "сумма", "контрагент", "почему", "где"],
            ["line", "date", "sum", "counterparty", "why", "where"],
        ),
        |row| {
            vec![
                row.asked.to_string(),
                row.date.clone(),
                money(&row.sum, output.lang),
                row.counterparty.clone(),
                output.words(&row.reason).to_owned(),
                format!("{}:{}", row.file, row.line),
            ]
        },
    )?;
    Ok(ExitCode::SUCCESS)
}
