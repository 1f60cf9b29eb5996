//! `sverka profile`: how the tables of a bank are read, said once by a person.

use std::{
    path::{Path, PathBuf},
    process::ExitCode,
};

use app::{Failure, PROFILES_FOLDER};
use formats::{
    Options, TableProfile,
    table::{Field, Preview},
};
use serde_json::json;

use crate::{
    args::{AnswerArgs, ProfileCommand},
    output::{Done, Output},
    work::place,
};

pub fn run(command: &ProfileCommand, ledger: Option<PathBuf>, output: &Output) -> Done {
    match command {
        ProfileCommand::List { profiles } => list(&folder(profiles.as_ref(), ledger)?, output),
        ProfileCommand::Preview {
            file,
            answers,
            profiles,
        } => preview(file, answers, &folder(profiles.as_ref(), ledger)?, output),
        ProfileCommand::Save {
            name,
            file,
            answers,
            profiles,
        } => save(name, file, answers, &folder(profiles.as_ref(), ledger)?, output),
    }
}

/// The folder that was named, else the one of the ledger.
fn folder(named: Option<&PathBuf>, ledger: Option<PathBuf>) -> Result<PathBuf, Failure> {
    match named {
        Some(named) => Ok(named.clone()),
        None => Ok(place::ledger(ledger)?.join(PROFILES_FOLDER)),
    }
}

/// For reading without a ledger: a folder that was named must be there; the ledger's may be missing.
pub fn for_reading(named: Option<&PathBuf>, ledger: Option<PathBuf>) -> Result<Vec<TableProfile>, Failure> {
    if let Some(named) = named {
        std::fs::read_dir(named).map_err(|error| app::io_failure(named, &error))?;
        return app::profiles(named);
    }
    let ledger = ledger.or_else(app::default_ledger);
    ledger.map_or_else(|| Ok(Vec::new()), |ledger| app::profiles(&ledger.join(PROFILES_FOLDER)))
}

fn list(folder: &Path, output: &Output) -> Done {
    let profiles = app::profiles(folder)?;
    output.list(
        &profiles,
        (["профиль", "столбцы"], ["profile", "columns"]),
        |profile| vec![profile.name.clone(), columns(profile)],
    )?;
    Ok(ExitCode::SUCCESS)
}

fn columns(profile: &TableProfile) -> String {
    let named: Vec<String> = profile
        .answers
        .columns
        .iter()
        .map(|(field, header)| format!("{}={header}", field.name()))
        .collect();
    named.join(", ")
}

fn save(name: &str, file: &Path, answers: &AnswerArgs, folder: &Path, output: &Output) -> Done {
    let profile = app::save_profile(folder, name, file, &answers.answers())?;
    output.either(&profile, |profile| {
        let saved = output.pick("профиль сохранён:", "profile saved:");
        format!("{saved} {}\n{}", profile.name, columns(profile))
    })?;
    Ok(ExitCode::SUCCESS)
}

/// 1 where something is uncertain.
fn preview(file: &Path, answers: &AnswerArgs, folder: &Path, output: &Output) -> Done {
    let options = Options {
        profiles: app::profiles(folder)?,
        ..Options::default()
    };
    let preview = app::preview(file, &options, answers.given().as_ref())?;
    if output.json {
        output.line(&json!(preview))?;
    } else {
        show(&preview, output)?;
    }
    Ok(if preview.uncertain.is_empty() {
        ExitCode::SUCCESS
    } else {
        ExitCode::from(1)
    })
}

/// Letters of a cell that a terminal has room for.
const CELL_CHARS: usize = 24;

fn show(preview: &Preview, output: &Output) -> Done<()> {
    let shown = |field: Field| match output.lang {
        domain::Lang::Ru => format!("{} ({})", field.name(), field.russian()),
        domain::Lang::En => field.name().to_owned(),
    };
    let rows: Vec<Vec<String>> = preview
        .columns
        .iter()
        .map(|column| {
            vec![
                format!("#{}", column.number),
                column.header.clone(),
                column.field.map_or_else(|| "—".to_owned(), shown),
                column.reason.get(output.lang).to_owned(),
            ]
        })
        .collect();
    let head = match output.lang {
        domain::Lang::Ru => ["столбец", "заголовок", "что это", "почему"],
        domain::Lang::En => ["column", "header", "what it is", "why"],
    };
    if !rows.is_empty() {
        output.table(&head, &rows)?;
    }
    for (line, cells) in &preview.rows {
        let cells: Vec<String> = cells.iter().map(|cell| short(cell)).collect();
        output.say(&format!("{line}: {}", cells.join(" | ")))?;
    }
    let entries = output.pick("операций", "entries");
    output.say(&format!("{entries}: {}", preview.entries))?;
    for what in &preview.uncertain {
        let open = output.pick("не ясно", "uncertain");
        output.say(&format!("{open}: {}", what.get(output.lang)))?;
    }
    Ok(())
}

fn short(cell: &str) -> String {
    let flat = cell.replace(['\n', '\r', '\t'], " ");
    let mut short: String = flat.chars().take(CELL_CHARS).collect();
    if flat.chars().count() > CELL_CHARS {
        short.push('…');
    }
    short
}
