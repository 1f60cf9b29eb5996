//! Saved profiles of tables: JSON files in a folder of the ledger, one a bank. They are a person's answers and no
//! secret, so that they can be looked at, copied to another computer and deleted by hand.

use std::{
    fs::{self, File},
    io::BufReader,
    path::{Path, PathBuf},
};

use domain::Text;
use formats::{
    Options, TableProfile,
    table::{Answers, PROFILE_VERSION, Preview},
};

use crate::{
    failure::{Failure, io_failure},
    session::Session,
};

/// Inside of a ledger's folder.
pub const PROFILES_FOLDER: &str = "profiles";
/// Characters of a profile's name, which is also its file's.
const NAME_CHARS_MAX: usize = 60;

/// All profiles of a folder, by name; none where there is no folder.
///
/// # Errors
/// The folder or a file cannot be read; a file is no profile, or one of a later program.
pub fn profiles(folder: &Path) -> Result<Vec<TableProfile>, Failure> {
    let listed = match fs::read_dir(folder) {
        Ok(listed) => listed,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(io_failure(folder, &error)),
    };
    let mut paths = Vec::new();
    for file in listed {
        let path = file.map_err(|error| io_failure(folder, &error))?.path();
        if path.extension().is_some_and(|extension| extension == "json") {
            paths.push(path);
        }
    }
    paths.sort();
    paths.iter().map(|path| read(path)).collect()
}

fn read(path: &Path) -> Result<TableProfile, Failure> {
    let text = fs::read_to_string(path).map_err(|error| io_failure(path, &error))?;
    let shown = path.display();
    let broken = |ru: String, en: String| {
        Failure::new(
            "profile/broken",
            Text::new(ru, en),
            Text::new(
                "удалите этот файл и сохраните профиль заново: sverka profile save",
                "delete this file and save the profile anew: sverka profile save",
            ),
        )
    };
    let profile: TableProfile = serde_json::from_str(&text).map_err(|error| {
        broken(
            format!("«{shown}» — не профиль таблицы: {error}"),
            format!("«{shown}» is no profile of a table: {error}"),
        )
    })?;
    if profile.version > PROFILE_VERSION {
        return Err(broken(
            format!("профиль «{shown}» записан более новой программой"),
            format!("the profile «{shown}» was written by a later program"),
        ));
    }
    Ok(profile)
}

/// What the program makes of a table, with these answers or with the saved profiles.
///
/// # Errors
/// The file cannot be read.
pub fn preview(path: &Path, options: &Options, answers: Option<&Answers>) -> Result<Preview, Failure> {
    let unreadable = |error: std::io::Error| io_failure(path, &error);
    let file = File::open(path).map_err(unreadable)?;
    formats::table::preview(BufReader::new(file), options, answers).map_err(unreadable)
}

/// Saves what is understood of a table with these answers, for files like it. A profile of the same name is replaced.
///
/// # Errors
/// The table is still not understood; the name is no file's name; a file cannot be read or written.
pub fn save_profile(folder: &Path, name: &str, table: &Path, answers: &Answers) -> Result<TableProfile, Failure> {
    let path = folder.join(file_name(name)?);
    let preview = preview(table, &Options::default(), Some(answers))?;
    let profile = preview
        .profile(name, answers)
        .ok_or_else(|| uncertain(table, &preview))?;
    let mut text = serde_json::to_string_pretty(&profile).map_err(|error| crate::failure::broken_json(&error))?;
    text.push('\n');
    fs::create_dir_all(folder).map_err(|error| io_failure(folder, &error))?;
    // A reader sees the old profile or the new one, never half of one.
    let half = path.with_extension("part");
    fs::write(&half, text).map_err(|error| io_failure(&half, &error))?;
    fs::rename(&half, &path).map_err(|error| io_failure(&path, &error))?;
    Ok(profile)
}

fn file_name(name: &str) -> Result<PathBuf, Failure> {
    let fits = |letter: char| letter.is_alphanumeric() || matches!(letter, '-' | '_' | ' ');
    let trimmed = name.trim() == name && !name.is_empty();
    if !trimmed || is_a_device(name) || name.chars().count() > NAME_CHARS_MAX || !name.chars().all(fits) {
        return Err(Failure::new(
            "profile/name",
            Text::new(
                format!("«{name}» не годится в имя профиля"),
                format!("«{name}» cannot be the name of a profile"),
            ),
            Text::new(
                format!("до {NAME_CHARS_MAX} букв, цифр, пробелов, знаков «-» и «_»"),
                format!("at most {NAME_CHARS_MAX} letters, digits, blanks, «-» and «_»"),
            ),
        ));
    }
    Ok(PathBuf::from(format!("{name}.json")))
}

/// Names that mean a device on Windows, whatever extension follows (Microsoft, «Naming Files, Paths, and Namespaces»).
fn is_a_device(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    let port = |stem: &str| {
        name.strip_prefix(stem)
            .is_some_and(|rest| matches!(rest.as_bytes(), [b'0'..=b'9']))
    };
    matches!(name.as_str(), "con" | "prn" | "aux" | "nul") || port("com") || port("lpt")
}

fn uncertain(table: &Path, preview: &Preview) -> Failure {
    let shown = table.file_name().unwrap_or(table.as_os_str()).to_string_lossy();
    let of = |pick: fn(&Text) -> &String| {
        preview
            .uncertain
            .iter()
            .map(|what| pick(what).as_str())
            .collect::<Vec<_>>()
            .join("; ")
    };
    Failure::new(
        "profile/uncertain",
        Text::new(
            format!("таблица «{shown}» ещё не понята: {}", of(|text| &text.ru)),
            format!("the table «{shown}» is not understood yet: {}", of(|text| &text.en)),
        ),
        Text::new(
            "посмотрите её столбцы (sverka profile preview ФАЙЛ) и назовите их: --column date=ЗАГОЛОВОК",
            "look at its columns (sverka profile preview FILE) and name them: --column date=HEADER",
        ),
    )
}

impl Session {
    /// Where the profiles of this ledger are.
    #[must_use]
    pub fn profiles_folder(&self) -> PathBuf {
        self.folder().join(PROFILES_FOLDER)
    }

    /// What tells whether a profile was saved, changed or deleted since. Empty: there are none, or none can be read,
    /// which the next import says.
    pub(crate) fn profiles_mark(&self) -> String {
        let profiles = profiles(&self.profiles_folder()).unwrap_or_default();
        let text = serde_json::to_string(&profiles).unwrap_or_default();
        if profiles.is_empty() {
            String::new()
        } else {
            crate::files::sha256(text.as_bytes())
        }
    }

    /// How files are read for this ledger.
    pub(crate) fn reading_options(&self) -> Result<Options, Failure> {
        Ok(Options {
            profiles: profiles(&self.profiles_folder())?,
            ..Options::default()
        })
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::testing::TestHost;

    const TABLE: &str = "Дата операции;Сумма;Контрагент;Назначение\n02.03.2025;10,00;ООО «Ромашка»;Оплата\n";

    fn answers() -> Answers {
        Answers {
            sign: Some(formats::table::SignRule::Credits),
            account: Some("40702810900000000101".to_owned()),
            ..Answers::default()
        }
    }

    #[test]
    fn a_table_that_was_asked_about_is_booked_by_a_saved_profile() {
        let place = tempfile::tempdir().unwrap();
        let session = Session::create(&place.path().join("ledger"), Arc::new(TestHost::new(1))).unwrap();
        let table = place.path().join("march.csv");
        fs::write(&table, TABLE).unwrap();
        let asked = session.import_file(&table).unwrap();
        assert!(!asked.readable);
        let mark = session.profiles_mark();
        assert_eq!(
            session
                .ledger
                .files()
                .unwrap()
                .iter()
                .filter(|file| crate::import::is_settled(file, &mark))
                .count(),
            1
        );
        let folder = session.profiles_folder();
        let refused = save_profile(&folder, "bank", &table, &Answers::default()).unwrap_err();
        assert_eq!(refused.code, "profile/uncertain");
        assert!(profiles(&folder).unwrap().is_empty(), "no folder is made for nothing");
        let saved = save_profile(&folder, "bank", &table, &answers()).unwrap();
        assert_eq!(profiles(&folder).unwrap(), [saved]);
        let mark = session.profiles_mark();
        assert_eq!(
            session
                .ledger
                .files()
                .unwrap()
                .iter()
                .filter(|file| crate::import::is_settled(file, &mark))
                .count(),
            0
        );
        let booked = session.import_file(&table).unwrap();
        assert_eq!((booked.readable, booked.report.entries_new), (true, 1));
    }

    #[test]
    fn names_are_files_of_the_folder_and_nothing_else() {
        for name in [
            "",
            " ",
            "../ledger",
            "a/b",
            "a\\b",
            ".hidden",
            "x\0",
            " bank",
            "CON",
            "lpt1",
            &"x".repeat(NAME_CHARS_MAX + 1),
        ] {
            assert_eq!(file_name(name).unwrap_err().code, "profile/name", "{name:?}");
        }
        for name in [
            "Сбер",
            "bank-2 USD",
            "com",
            "console",
            "com10",
            &"x".repeat(NAME_CHARS_MAX),
        ] {
            assert!(file_name(name).is_ok(), "{name}");
        }
    }

    #[test]
    fn a_file_that_is_no_profile_is_named_and_not_passed_over() {
        let place = tempfile::tempdir().unwrap();
        fs::write(place.path().join("note.txt"), "x").unwrap();
        assert!(profiles(place.path()).unwrap().is_empty());
        for text in [
            "{}",
            "[",
            r#"{"version":99,"name":"x","header":[],"header_rows":1,"columns":{}}"#,
        ] {
            fs::write(place.path().join("bank.json"), text).unwrap();
            let failure = profiles(place.path()).unwrap_err();
            assert_eq!(failure.code, "profile/broken", "{text}");
        }
    }
}
