//! The names of keys and sections, and how forgivingly they are compared: case, inner blanks and zero-width signs do
//! not matter, ё is е, and Latin letters that look Russian are Russian («датаcписано» with a Latin c exists).

use std::{collections::HashMap, sync::LazyLock};

macro_rules! fields {
    ($($name:ident $canonical:literal)*) => {
        /// Every key of version 1.03.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        #[repr(u8)]
        pub(crate) enum Field { $($name),* }

        impl Field {
            pub(crate) const ALL: &'static [Self] = &[$(Self::$name),*];
            pub(crate) const COUNT: usize = Self::ALL.len();

            /// As it is written.
            pub(crate) const fn name(self) -> &'static str {
                match self { $(Self::$name => $canonical),* }
            }
        }
    };
}

fields! {
    Version "ВерсияФормата" Encoding "Кодировка" Sender "Отправитель" Receiver "Получатель"
    CreatedDate "ДатаСоздания" CreatedTime "ВремяСоздания" From "ДатаНачала" To "ДатаКонца"
    Account "РасчСчет" DocumentFilter "Документ"
    Opening "НачальныйОстаток" Credits "ВсегоПоступило" Debits "ВсегоСписано" Closing "КонечныйОстаток"
    Number "Номер" Date "Дата" Amount "Сумма"
    ReceiptDate "КвитанцияДата" ReceiptTime "КвитанцияВремя" ReceiptText "КвитанцияСодержание"
    PayerAccount "ПлательщикСчет" Debited "ДатаСписано" Payer "Плательщик" PayerInn "ПлательщикИНН"
    Payer1 "Плательщик1" Payer2 "Плательщик2" Payer3 "Плательщик3" Payer4 "Плательщик4"
    PayerSettlement "ПлательщикРасчСчет" PayerBank1 "ПлательщикБанк1" PayerBank2 "ПлательщикБанк2"
    PayerBik "ПлательщикБИК" PayerCorrespondent "ПлательщикКорсчет"
    PayeeAccount "ПолучательСчет" Credited "ДатаПоступило" PayeeInn "ПолучательИНН"
    Payee1 "Получатель1" Payee2 "Получатель2" Payee3 "Получатель3" Payee4 "Получатель4"
    PayeeSettlement "ПолучательРасчСчет" PayeeBank1 "ПолучательБанк1" PayeeBank2 "ПолучательБанк2"
    PayeeBik "ПолучательБИК" PayeeCorrespondent "ПолучательКорсчет"
    PaymentKind "ВидПлатежа" PurposeCode "КодНазПлатежа" OperationCode "ВидОплаты" Uin "Код"
    Purpose "НазначениеПлатежа" Purpose1 "НазначениеПлатежа1" Purpose2 "НазначениеПлатежа2"
    Purpose3 "НазначениеПлатежа3" Purpose4 "НазначениеПлатежа4" Purpose5 "НазначениеПлатежа5"
    Purpose6 "НазначениеПлатежа6"
    DrawerStatus "СтатусСоставителя" PayerKpp "ПлательщикКПП" PayeeKpp "ПолучательКПП"
    Kbk "ПоказательКБК" Oktmo "ОКАТО" TaxBasis "ПоказательОснования" TaxPeriod "ПоказательПериода"
    TaxNumber "ПоказательНомера" TaxDate "ПоказательДаты" TaxKind "ПоказательТипа" Priority "Очередность"
    AcceptanceDays "СрокАкцепта" CreditKind "ВидАккредитива" Due "СрокПлатежа"
    Terms1 "УсловиеОплаты1" Terms2 "УсловиеОплаты2" Terms3 "УсловиеОплаты3" OnPresentation "ПлатежПоПредст"
    MoreTerms "ДополнУсловия" SupplierAccount "НомерСчетаПоставщика" DocumentsSent "ДатаОтсылкиДок"
}

impl Field {
    /// What the survey of a file asks of a document.
    pub(crate) const fn is_outline(self) -> bool {
        matches!(
            self,
            Self::Amount
                | Self::Debited
                | Self::Credited
                | Self::PayerAccount
                | Self::PayerSettlement
                | Self::PayerBik
                | Self::PayeeAccount
                | Self::PayeeSettlement
                | Self::PayeeBik
        )
    }

    /// Outside of sections these say something of the file; all others have lost their section.
    pub(crate) const fn is_of_header(self) -> bool {
        matches!(
            self,
            Self::Version
                | Self::Encoding
                | Self::Sender
                | Self::Receiver
                | Self::CreatedDate
                | Self::CreatedTime
                | Self::From
                | Self::To
                | Self::Account
                | Self::DocumentFilter
        )
    }

    pub(crate) const fn is_purpose(self) -> bool {
        matches!(
            self,
            Self::Purpose
                | Self::Purpose1
                | Self::Purpose2
                | Self::Purpose3
                | Self::Purpose4
                | Self::Purpose5
                | Self::Purpose6
        )
    }
}

/// The lines that are not `key=value`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Keyword {
    Signature,
    AccountStart,
    AccountEnd,
    DocumentStart,
    DocumentEnd,
    FileEnd,
}

impl Keyword {
    pub(crate) const ALL: [Self; 6] = [
        Self::Signature,
        Self::AccountStart,
        Self::AccountEnd,
        Self::DocumentStart,
        Self::DocumentEnd,
        Self::FileEnd,
    ];

    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Signature => "1CClientBankExchange",
            Self::AccountStart => "СекцияРасчСчет",
            Self::AccountEnd => "КонецРасчСчет",
            Self::DocumentStart => "СекцияДокумент",
            Self::DocumentEnd => "КонецДокумента",
            Self::FileEnd => "КонецФайла",
        }
    }

    pub(crate) fn of(normalised: &str) -> Option<Self> {
        Some(match normalised {
            // Normalising turned the signature's own Latin letters into Russian ones.
            text if text == *SIGNATURE => Self::Signature,
            "секциярасчсчет" => Self::AccountStart,
            "конецрасчсчет" => Self::AccountEnd,
            "секциядокумент" => Self::DocumentStart,
            "конецдокумента" => Self::DocumentEnd,
            "конецфайла" | "конецвыписки" => Self::FileEnd,
            _ => return None,
        })
    }
}

static SIGNATURE: LazyLock<String> = LazyLock::new(|| normalised(Keyword::Signature.name()));

static FIELDS: LazyLock<HashMap<String, Field>> = LazyLock::new(|| {
    let alone = |field: &Field| (normalised(field.name()), *field);
    Field::ALL.iter().map(alone).collect()
});

/// What a name is, as canonically written: nearly every line of nearly every file, found without normalising it.
static CANONICAL: LazyLock<HashMap<&'static str, Name>> = LazyLock::new(|| {
    let fields = Field::ALL.iter().map(|field| (field.name(), Name::Field(*field)));
    let keywords = Keyword::ALL
        .iter()
        .map(|keyword| (keyword.name(), Name::Keyword(*keyword)));
    fields.chain(keywords).collect()
});

/// What stands before the `=`, or on a line without one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Name {
    Keyword(Keyword),
    Field(Field),
    Unknown,
}

impl Name {
    /// `form` is room for the normalised name.
    pub(crate) fn of(written: &str, form: &mut String) -> Self {
        if let Some(name) = CANONICAL.get(written) {
            return *name;
        }
        normalise_into(written, form);
        let keyword = Keyword::of(form).map(Self::Keyword);
        keyword
            .or_else(|| Field::of(form).map(Self::Field))
            .unwrap_or(Self::Unknown)
    }
}

impl Field {
    pub(crate) fn of(normalised: &str) -> Option<Self> {
        FIELDS.get(normalised).copied()
    }
}

/// The form in which names are compared.
pub(crate) fn normalised(name: &str) -> String {
    let mut form = String::with_capacity(name.len());
    normalise_into(name, &mut form);
    form
}

fn normalise_into(name: &str, form: &mut String) {
    form.clear();
    for character in name.chars() {
        if character.is_whitespace() || is_invisible(character) {
            continue;
        }
        for lower in character.to_lowercase() {
            form.push(russian_look(lower));
        }
    }
}

pub(super) fn is_invisible(character: char) -> bool {
    matches!(character, '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}' | '\u{ad}')
}

fn russian_look(lower: char) -> char {
    match lower {
        'a' => 'а',
        'b' => 'в',
        'c' => 'с',
        'e' | 'ё' => 'е',
        'h' => 'н',
        'k' => 'к',
        'm' => 'м',
        'o' => 'о',
        'p' => 'р',
        't' => 'т',
        'x' => 'х',
        'y' => 'у',
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_compared_forgivingly() {
        for spelling in [
            "ДатаСписано",
            "датаcписано",
            " Дата Списано",
            "ДАТАСПИСАНО",
            "\u{feff}ДатаСпи\u{200b}сано",
        ] {
            assert_eq!(Field::of(&normalised(spelling)), Some(Field::Debited), "{spelling}");
        }
        assert_eq!(
            Field::of(&normalised("ПлательщикКорСчет")),
            Some(Field::PayerCorrespondent)
        );
        assert_eq!(Field::of(&normalised("НазначениеПлатежа 1")), Some(Field::Purpose1));
        assert_eq!(Field::of(&normalised("Даты")), None);
        assert_eq!(
            Keyword::of(&normalised("1cclientbankexchange")),
            Some(Keyword::Signature)
        );
        assert_eq!(Keyword::of(&normalised("КонецВыписки")), Some(Keyword::FileEnd));
    }

    #[test]
    fn every_keyword_knows_its_own_name() {
        for keyword in Keyword::ALL {
            assert_eq!(Keyword::of(&normalised(keyword.name())), Some(keyword));
        }
        assert_eq!(FIELDS.len(), Field::ALL.len());
    }
}
