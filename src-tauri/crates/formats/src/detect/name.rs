//! What the name of a file promises, and whether its bytes keep it. Names never decide anything.

use domain::Text;

use crate::diagnostic::{Code, Diagnostic, Place};

use super::{Detection, Verdict};

impl Detection {
    /// The bytes are of another kind than the extension says. Extensions that promise nothing are passed over.
    pub(crate) fn misnamed(&self, file_name: &str) -> Option<Diagnostic> {
        let (stem, extension) = file_name.rsplit_once('.')?;
        let extension = extension.to_lowercase();
        let promised = promise(&extension).filter(|_| !stem.is_empty())?;
        let (usual, found): (&[&str], Text) = match &self.verdict {
            Verdict::Is(format) => {
                let title = format.title();
                let found = Text::new(
                    format!("выписка в формате {}", title.ru),
                    format!("a statement in the format {}", title.en),
                );
                (format.usual_extensions(), found)
            }
            Verdict::Archive => (&["zip"], self.reason.clone()),
            Verdict::NotAStatement { usual, .. } => (usual, self.reason.clone()),
            // There is nothing to compare the name with.
            Verdict::Named(_) | Verdict::Empty { .. } | Verdict::Unknown { .. } => return None,
        };
        if usual.contains(&extension.as_str()) {
            return None;
        }
        let details = [promised, found];
        let excerpt = format!(".{extension}");
        Some(Diagnostic::new(
            Code::FormatExtension,
            Place::WHOLE_FILE,
            &excerpt,
            &details,
        ))
    }
}

/// `None`: the extension says nothing of what is inside.
fn promise(extension: &str) -> Option<Text> {
    Some(match extension {
        "txt" => Text::new("текст", "a text"),
        "csv" | "tsv" => Text::new("таблицу CSV", "a CSV table"),
        "xml" => Text::new("файл XML", "an XML file"),
        "json" => Text::new("данные JSON", "JSON"),
        "xlsx" => Text::new("книгу Excel", "an Excel workbook"),
        "xls" => Text::new("книгу Excel старого образца", "a workbook of old Excel"),
        "doc" | "docx" => Text::new("документ Word", "a Word document"),
        "rtf" => Text::new("текст RTF", "an RTF text"),
        "pdf" => Text::new("документ PDF", "a PDF document"),
        "htm" | "html" => Text::new("страницу сайта", "a web page"),
        "jpg" | "jpeg" | "png" | "gif" | "bmp" | "tif" | "tiff" | "webp" => Text::new("картинку", "a picture"),
        "zip" | "rar" | "7z" | "gz" => Text::new("архив", "an archive"),
        "exe" | "com" | "scr" => Text::new("программу", "a program"),
        "sta" | "mt940" | "mt942" | "940" | "942" => Text::new("выписку SWIFT", "a SWIFT statement"),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use crate::detect::detect;

    #[test]
    fn a_name_that_contradicts_the_bytes_is_told() {
        let onec = b"1CClientBankExchange\r\n".as_slice();
        let csv = "Дата;Сумма;Назначение\n01.07.2024;1;x\n".as_bytes();
        let camt = b"<Document xmlns=\"urn:iso:std:iso:20022:tech:xsd:camt.053.001.02\">".as_slice();
        for (bytes, name, told) in [
            (onec, "kl_to_1c.txt", false),
            (onec, "KL_TO_1C.TXT", false),
            (onec, "kl_to_1c", false),
            (onec, "export.dat", false),
            (onec, ".pdf", false),
            (onec, "statement.pdf", true),
            (onec, "statement.xml", true),
            (onec, "statement.1.csv", true),
            (csv, "statement.csv", false),
            (csv, "statement.txt", false),
            (csv, "statement.xls", true),
            (camt, "statement.xml", false),
            (camt, "statement.txt", true),
            (b"%PDF-1.7", "statement.pdf", false),
            (b"%PDF-1.7", "statement.txt", true),
            (b"PK\x03\x04....xl/workbook.xml", "statement.xlsx", false),
            (b"PK\x03\x04....xl/workbook.xml", "statement.zip", true),
            (b"\xD0\xCF\x11\xE0", "statement.xls", false),
            (b"\xD0\xCF\x11\xE0", "statement.xlsx", true),
            (b"<!DOCTYPE html><html>", "statement.txt", true),
            (b"", "statement.pdf", false),
            (b"hello", "statement.pdf", false),
        ] {
            assert_eq!(detect(bytes).misnamed(name).is_some(), told, "{name}: {bytes:?}");
        }
        let told = detect(b"%PDF-1.7").misnamed("a.TXT").unwrap();
        assert_eq!(
            (told.excerpt.as_str(), told.message.en.as_str()),
            (
                ".txt",
                "the extension «.txt» promises a text, and inside is a PDF document"
            )
        );
    }
}
