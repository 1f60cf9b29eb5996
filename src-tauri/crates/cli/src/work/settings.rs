//! Settings from the command line.

use std::{path::Path, process::ExitCode};

use app::{
    Failure, Session,
    wire::{DraftParty, Settings},
};
use domain::Text;

use crate::{
    args::SettingsArgs,
    object,
    output::{Done, Output},
};

pub fn run(session: &Session, changes: &SettingsArgs, output: &Output) -> Done {
    let mut settings = session.settings()?;
    let before = settings.clone();
    if let Some(folder) = &changes.folder {
        settings.folder = Some(absolute(folder)?);
    }
    if let Some(folder) = &changes.export_folder {
        settings.export_folder = Some(absolute(folder)?);
    }
    if let Some(path) = &changes.payer {
        settings.payer = payer(path)?;
    }
    if settings != before {
        settings = session.settings_save(&settings)?;
    }
    output.either(&settings, |settings| described(settings, output))?;
    Ok(ExitCode::SUCCESS)
}

fn described(settings: &Settings, output: &Output) -> String {
    let or_none = |text: &Option<String>| text.clone().unwrap_or_else(|| "—".to_owned());
    [
        format!(
            "{}: {}",
            output.pick("папка выписок", "folder of statements"),
            or_none(&settings.folder)
        ),
        format!(
            "{}: {}",
            output.pick("папка платёжек", "folder of orders"),
            or_none(&settings.export_folder)
        ),
        format!(
            "{}: {} {}",
            output.pick("плательщик", "payer"),
            settings.payer.name,
            settings.payer.inn
        ),
    ]
    .join("\n")
}

/// A folder as every process will find it.
pub fn absolute(folder: &Path) -> Result<String, Failure> {
    let path = std::path::absolute(folder).map_err(|error| app::io_failure(folder, &error))?;
    Ok(path.display().to_string())
}

fn payer(path: &Path) -> Result<DraftParty, Failure> {
    let text = std::fs::read_to_string(path).map_err(|error| app::io_failure(path, &error))?;
    object::parse(&text).map_err(|error| {
        Failure::new(
            "settings/payer",
            Text::new(
                format!("реквизиты не поняты: {error}"),
                format!("the requisites are not understood: {error}"),
            ),
            Text::new(
                "поля: name, inn, kpp, account, bik, bank_name, bank_city, correspondent_account",
                "fields: name, inn, kpp, account, bik, bank_name, bank_city, correspondent_account",
            ),
        )
    })
}
