//! The one shape in which anything that went wrong leaves the core: a stable code, what happened, what to do.

use domain::{ApprovalError, Text};
use store::StoreError;

use crate::{vault::VaultError, wire};

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{code}: {}", message.en)]
pub struct Failure {
    /// Stable, for programs: `people/wrong-passphrase`.
    pub code: &'static str,
    pub message: Text,
    pub remedy: Text,
}

impl Failure {
    #[must_use]
    pub fn new(code: &'static str, message: Text, remedy: Text) -> Self {
        Self { code, message, remedy }
    }

    /// What happened and what to do, in one breath.
    #[must_use]
    pub fn told(&self) -> Text {
        Text::new(
            format!("{}. Что делать: {}", self.message.ru, self.remedy.ru),
            format!("{}. What to do: {}", self.message.en, self.remedy.en),
        )
    }
}

impl From<Failure> for wire::Failure {
    fn from(failure: Failure) -> Self {
        Self {
            code: failure.code.to_owned(),
            message: failure.message.into(),
            remedy: failure.remedy.into(),
        }
    }
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        Self::new(error.code(), error.text(), error.remedy())
    }
}

impl From<VaultError> for Failure {
    fn from(error: VaultError) -> Self {
        Self::new("vault", error.text(), error.remedy())
    }
}

impl From<ApprovalError> for Failure {
    fn from(error: ApprovalError) -> Self {
        let remedy = match error {
            ApprovalError::AuthorApproves => Text::new(
                "попросите утвердить второго человека; если вы работаете одни, владелец включает это в настройках",
                "ask a second person; if you work alone, the owner switches that on in the settings",
            ),
            ApprovalError::NotTheAuthor => {
                Text::new("утвердите её как второй человек", "approve it as the second person")
            }
            ApprovalError::SoleOperatorOff => Text::new(
                "владелец включает это в настройках своей парольной фразой",
                "the owner switches it on in the settings with the own passphrase",
            ),
            ApprovalError::ConfirmationDiffers => Text::new(
                "сверьте сумму с документом и введите её ещё раз",
                "compare the sum with the bill, type it again",
            ),
            ApprovalError::ContentChanged => Text::new(
                "проверьте платёжку и отправьте на утверждение ещё раз",
                "check the order and submit it again",
            ),
        };
        Self::new("orders/approval", error.text(), remedy)
    }
}

/// A file or folder that could not be read or written.
#[must_use]
pub fn io_failure(path: &std::path::Path, error: &std::io::Error) -> Failure {
    use std::io::ErrorKind;
    let shown = path.display();
    if cfg!(windows) && is_held(error.raw_os_error()) {
        return Failure::new(
            "file/held",
            Text::new(
                format!("«{shown}» занят другой программой: скорее всего, банк-клиент ещё пишет его"),
                format!("«{shown}» is held by another program: most likely the bank client is still writing it"),
            ),
            Text::new(
                "подождите минуту и повторите; если не проходит, закройте файл в другой программе",
                "wait a minute and try again; if it stays, close the file in the other program",
            ),
        );
    }
    let (code, ru, en, remedy) = match error.kind() {
        ErrorKind::NotFound => (
            "file/not-found",
            format!("«{shown}»: такого файла или папки нет"),
            format!("«{shown}»: there is no such file or folder"),
            Text::new(
                "проверьте путь и подключён ли диск",
                "check the path and that the drive is connected",
            ),
        ),
        ErrorKind::IsADirectory => (
            "file/is-a-folder",
            format!("«{shown}» — папка, а нужен файл"),
            format!("«{shown}» is a folder, a file is needed"),
            Text::new("назовите файл в этой папке", "name a file in this folder"),
        ),
        ErrorKind::PermissionDenied => (
            "file/no-permission",
            format!("«{shown}»: нет прав на чтение или запись"),
            format!("«{shown}»: no permission to read or write"),
            Text::new(
                "дайте своей учётной записи права на эту папку",
                "give your account rights to this folder",
            ),
        ),
        ErrorKind::ReadOnlyFilesystem => (
            "file/read-only",
            format!("«{shown}»: диск только для чтения"),
            format!("«{shown}»: the disk is read-only"),
            Text::new("выберите папку на другом диске", "choose a folder on another disk"),
        ),
        ErrorKind::StorageFull => (
            "file/disk-full",
            format!("«{shown}»: на диске кончилось место, ничего не записано"),
            format!("«{shown}»: the disk is full, nothing was written"),
            Text::new("освободите место и повторите", "free some space and try again"),
        ),
        _ => (
            "file/failed",
            format!("«{shown}»: {error}"),
            format!("«{shown}»: {error}"),
            Text::new(
                "повторите; если не проходит, перезагрузите компьютер",
                "try again; if it stays, restart the computer",
            ),
        ),
    };
    Failure::new(code, Text::new(ru, en), remedy)
}

/// Numbers of Windows for which the standard library has no name: somebody has the file open and lets nobody else in.
fn is_held(os_error: Option<i32>) -> bool {
    const ERROR_SHARING_VIOLATION: i32 = 32;
    const ERROR_LOCK_VIOLATION: i32 = 33;
    matches!(os_error, Some(ERROR_SHARING_VIOLATION | ERROR_LOCK_VIOLATION))
}

#[must_use]
pub fn not_a_folder(path: &std::path::Path) -> Failure {
    let shown = path.display();
    Failure::new(
        "file/not-a-folder",
        Text::new(
            format!("«{shown}» — файл, а нужна папка"),
            format!("«{shown}» is a file, a folder is needed"),
        ),
        Text::new(
            "выберите папку, в которую банк-клиент кладёт выписки",
            "choose the folder that the bank client writes to",
        ),
    )
}

/// JSON that is not of the shape expected. What it holds is never quoted: it may be a passphrase or a webhook.
#[must_use]
pub fn broken_json(error: &serde_json::Error) -> Failure {
    let text = error.to_string();
    let why = if text.starts_with("missing field") {
        text.as_str()
    } else {
        "a value of another kind"
    };
    Failure::new(
        "request/malformed",
        Text::new(
            format!("запрос не понят ({why})"),
            format!("the request is not understood ({why})"),
        ),
        Text::new(
            "обновите окно; если повторится, пришлите отчёт",
            "reload the window; if it happens again, send a report",
        ),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_that_another_program_holds_is_told_where_the_system_says_so() {
        let of = |number| io_failure(std::path::Path::new("x"), &std::io::Error::from_raw_os_error(number)).code;
        // Elsewhere the same numbers mean other things.
        let held = if cfg!(windows) { "file/held" } else { "file/failed" };
        assert_eq!([of(32), of(33)], [held, held]);
        assert!(is_held(Some(32)) && is_held(Some(33)) && !is_held(Some(5)) && !is_held(None));
    }
}
