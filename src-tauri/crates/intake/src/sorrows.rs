//! What goes wrong with folders and files, in words for the accountant.

use std::{io, path::Path};

use domain::Text;

pub(crate) fn folder(path: &Path, error: &io::Error) -> Text {
    let path = path.display();
    match error.kind() {
        io::ErrorKind::NotFound => Text::new(
            format!("Папка «{path}» не найдена. Проверьте, подключён ли диск, или выберите папку заново в настройках."),
            format!(
                "The folder “{path}” is not there. Check that its drive is connected, or choose the folder again in the settings."
            ),
        ),
        io::ErrorKind::NotADirectory => Text::new(
            format!(
                "«{path}» — это файл, а не папка. Выберите в настройках папку, в которую банк-клиент складывает выписки."
            ),
            format!(
                "“{path}” is a file, not a folder. In the settings choose the folder the bank client writes statements to."
            ),
        ),
        io::ErrorKind::PermissionDenied => Text::new(
            format!("Нет доступа к папке «{path}». Разрешите чтение этой папки или выберите другую."),
            format!("No access to the folder “{path}”. Allow reading it, or choose another."),
        ),
        _ => Text::new(
            format!(
                "Папка «{path}» не читается: {error}. Проверьте диск или сеть; как только папка откроется, работа продолжится сама."
            ),
            format!(
                "The folder “{path}” cannot be read: {error}. Check the drive or the network; work goes on when it opens."
            ),
        ),
    }
}

pub(crate) fn file(path: &Path, error: &io::Error) -> Text {
    let path = path.display();
    match error.kind() {
        io::ErrorKind::PermissionDenied => Text::new(
            format!("Нет доступа к файлу «{path}». Разрешите его чтение; файл будет прочитан сам."),
            format!("No access to the file “{path}”. Allow reading it; it will be read by itself."),
        ),
        _ => Text::new(
            format!("Файл «{path}» не читается: {error}. Проверьте диск или выгрузите файл из банк-клиента ещё раз."),
            format!(
                "The file “{path}” cannot be read: {error}. Check the drive, or export it from the bank client again."
            ),
        ),
    }
}

pub(crate) fn busy(path: &Path) -> Text {
    let path = path.display();
    Text::new(
        format!("Файл «{path}» занят другой программой. Закройте её; файл будет прочитан сам."),
        format!("The file “{path}” is held by another program. Close it; the file will be read by itself."),
    )
}

pub(crate) fn in_the_cloud(path: &Path) -> Text {
    let path = path.display();
    Text::new(
        format!(
            "Файл «{path}» лежит в облаке и не загружен на этот компьютер. Откройте его или выберите «Всегда хранить на этом устройстве»."
        ),
        format!(
            "The file “{path}” is in the cloud and not on this computer. Open it, or choose “Always keep on this device”."
        ),
    )
}

pub(crate) fn events(path: &Path, error: &notify::Error) -> Text {
    let path = path.display();
    Text::new(
        format!(
            "Система не сообщает об изменениях в папке «{path}»: {error}. Папка просматривается регулярно, новые файлы появятся чуть позже."
        ),
        format!(
            "The system reports no changes in the folder “{path}”: {error}. It is looked through regularly, new files show a little later."
        ),
    )
}
