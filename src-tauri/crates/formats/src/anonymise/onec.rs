//! Where a file of 1C says who somebody is: by its keys, as the reader knows them.

use std::ops::Range;

use crate::onec::{Field, Keyword, Name};

use super::piece::{Manner, Piece};

pub(super) fn pieces(text: &str) -> Vec<Piece> {
    let mut walk = Walk {
        text,
        pieces: Vec::new(),
        document: None,
        last: Manner::Loose,
        form: String::new(),
    };
    let mut start = 0;
    for line in text.split_inclusive(['\n', '\r']) {
        let end = start + line.len();
        walk.line(start..end);
        start = end;
    }
    walk.close();
    walk.pieces
}

/// What a document has said of its two sides so far.
#[derive(Default)]
struct Document {
    payer: Side,
    payee: Side,
}

#[derive(Default)]
struct Side {
    bik: Option<String>,
    /// Indexes of pieces that are accounts in the side's bank.
    accounts: Vec<usize>,
}

struct Walk<'a> {
    text: &'a str,
    pieces: Vec<Piece>,
    document: Option<Document>,
    /// How the field before is treated: a line without a key goes on with it.
    last: Manner,
    form: String,
}

impl Walk<'_> {
    fn line(&mut self, line: Range<usize>) {
        let line = trimmed(self.text, line);
        if line.is_empty() {
            return;
        }
        // Some exports come out of a spreadsheet with every line in quotes.
        let quoted = &self.text[line.clone()];
        let line = if quoted.len() > 1 && quoted.starts_with('"') && quoted.ends_with('"') {
            line.start + 1..line.end - 1
        } else {
            line
        };
        let text = &self.text[line.clone()];
        let (key, value) = match text.find('=') {
            Some(at) => (&text[..at], Some(line.start + at + 1..line.end)),
            None => (text, None),
        };
        let name = Name::of(key.trim(), &mut self.form);
        match (name, value) {
            (Name::Keyword(keyword), _) => self.keyword(keyword),
            (Name::Field(field), Some(value)) => self.field(field, value),
            (Name::Unknown, Some(value))
                if !(key.trim().contains(char::is_whitespace) && self.last == Manner::Purpose) =>
            {
                let manner = of_unknown(&self.form);
                self.push(value, manner);
            }
            _ => {
                // A value broken over lines, a purpose with a «=» of its own, or a line of no known meaning.
                let manner = match self.last {
                    Manner::Name => Manner::Name,
                    Manner::Purpose => Manner::Purpose,
                    _ => Manner::Loose,
                };
                self.push(line, manner);
            }
        }
    }

    fn keyword(&mut self, keyword: Keyword) {
        self.close();
        self.last = Manner::Loose;
        if keyword == Keyword::DocumentStart {
            self.document = Some(Document::default());
        }
    }

    fn field(&mut self, field: Field, value: Range<usize>) {
        let Some(manner) = of_field(field, self.document.is_some()) else {
            self.note_bank(field, &value);
            self.last = Manner::Loose;
            return;
        };
        if let (Manner::Account { .. }, Some(document)) = (&manner, &mut self.document) {
            let side = match field {
                Field::PayerAccount | Field::PayerSettlement | Field::PayerCorrespondent => Some(&mut document.payer),
                Field::PayeeAccount | Field::PayeeSettlement | Field::PayeeCorrespondent => Some(&mut document.payee),
                _ => None,
            };
            if let Some(side) = side {
                side.accounts.push(self.pieces.len());
            }
        }
        self.last = manner.clone();
        self.push(value, manner);
    }

    fn note_bank(&mut self, field: Field, value: &Range<usize>) {
        let Some(document) = &mut self.document else { return };
        let side = match field {
            Field::PayerBik => &mut document.payer,
            Field::PayeeBik => &mut document.payee,
            _ => return,
        };
        side.bik = Some(self.text[value.clone()].trim().to_owned());
    }

    /// The banks of a document are known at its end.
    fn close(&mut self) {
        let Some(document) = self.document.take() else { return };
        for side in [document.payer, document.payee] {
            for at in side.accounts {
                if let Some(Manner::Account { bik }) = self.pieces.get_mut(at).map(|piece| &mut piece.manner) {
                    bik.clone_from(&side.bik);
                }
            }
        }
    }

    fn push(&mut self, range: Range<usize>, manner: Manner) {
        self.pieces.push(Piece::plain(range, manner));
    }
}

fn trimmed(text: &str, range: Range<usize>) -> Range<usize> {
    let whole = &text[range.clone()];
    let start = range.start + (whole.len() - whole.trim_start().len());
    start..start + whole.trim().len()
}

/// `None`: it says nothing of anybody.
fn of_field(field: Field, in_document: bool) -> Option<Manner> {
    use Field as F;
    Some(match field {
        F::Account
        | F::PayerAccount
        | F::PayerSettlement
        | F::PayerCorrespondent
        | F::PayeeAccount
        | F::PayeeSettlement
        | F::PayeeCorrespondent
        | F::SupplierAccount => Manner::Account { bik: None },
        // In the header it is the program the file is for.
        F::Receiver if !in_document => Manner::Bank,
        F::Sender => Manner::Bank,
        F::Receiver | F::Payer | F::Payer1 | F::Payer2 | F::Payer3 | F::Payer4 => Manner::Name,
        F::Payee1 | F::Payee2 | F::Payee3 | F::Payee4 => Manner::Name,
        F::PayerInn | F::PayeeInn => Manner::Inn,
        F::PayerKpp | F::PayeeKpp => Manner::Kpp,
        F::PayerBank1 | F::PayerBank2 | F::PayeeBank1 | F::PayeeBank2 => Manner::Bank,
        F::ReceiptText | F::Terms1 | F::Terms2 | F::Terms3 | F::MoreTerms | F::OnPresentation => Manner::Purpose,
        F::Uin => Manner::Identifier,
        F::TaxNumber => Manner::Reference,
        purpose if purpose.is_purpose() => Manner::Purpose,
        _ => return None,
    })
}

/// Of a key this program does not know, by its words; `key` is normalised.
fn of_unknown(key: &str) -> Manner {
    let says = |words: &[&str]| words.iter().any(|word| key.contains(word));
    match () {
        () if says(&["инн", "иин", "бин", "унп", "унн", "окпо", "паспорт", "снилс"]) => {
            Manner::Identifier
        }
        () if says(&["кпп"]) => Manner::Kpp,
        () if says(&[
            "бик",
            "мфо",
            "сумм",
            "остат",
            "дата",
            "врем",
            "курс",
            "номер",
            "вид",
            "код",
            "валют",
            "верси",
        ]) =>
        {
            Manner::Reference
        }
        () if says(&["счет", "иик"]) => Manner::Account { bik: None },
        () if says(&["банк"]) => Manner::Bank,
        () if says(&["наименование", "плательщик", "получатель", "клиент", "фио", "адрес"]) => {
            Manner::Name
        }
        () if says(&["телефон", "почт"]) => Manner::Contact,
        () => Manner::Purpose,
    }
}
