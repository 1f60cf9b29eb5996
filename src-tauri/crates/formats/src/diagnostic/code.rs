//! The codes of diagnostics and their words, in one place. A code's text is stable: people search for it.

use std::fmt;

use serde::{Serialize, Serializer};

use super::Severity;

/// The words of a code: Russian, English. `{0}` is the quoted excerpt, `{1}` and on are details.
pub(super) struct Words {
    pub severity: Severity,
    pub message: (&'static str, &'static str),
    pub remedy: (&'static str, &'static str),
}

macro_rules! codes {
    ($($name:ident $text:literal $severity:ident
        $message_ru:literal / $message_en:literal
        => $remedy_ru:literal / $remedy_en:literal;)*) => {
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Code { $($name),* }

        impl Code {
            pub const ALL: &'static [Self] = &[$(Self::$name),*];

            #[must_use]
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$name => $text),* }
            }

            pub(super) fn words(self) -> Words {
                match self {
                    $(Self::$name => Words {
                        severity: Severity::$severity,
                        message: ($message_ru, $message_en),
                        remedy: ($remedy_ru, $remedy_en),
                    }),*
                }
            }
        }
    };
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl Serialize for Code {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

codes! {
    // What kind of file it is.
    FormatNotYet "format/not-yet" Error
        "это выписка в формате {1}, его программа пока не читает" / "this is a {1} statement, which this program does not read yet"
        => "выгрузите выписку из банка в формате «1С» (kl_to_1c.txt)" / "export the statement from the bank in the 1C format (kl_to_1c.txt)";
    FormatEmpty "format/empty" Error
        "файл пуст" / "the file is empty"
        => "выгрузите выписку из банка ещё раз" / "export the statement from the bank again";
    FormatNotAStatement "format/not-a-statement" Error
        "это не выписка: {1}" / "this is not a statement: {1}"
        => "{2}" / "{2}";
    FormatUnknown "format/unknown" Error
        "не похоже ни на один известный формат выписки" / "this looks like no known format of statements"
        => "выгрузите выписку из банка в формате «1С» (kl_to_1c.txt)" / "export the statement from the bank in the 1C format (kl_to_1c.txt)";
    FormatLineTooLong "format/line-too-long" Error
        "строка длиннее {1} байт, её остаток пропущен" / "the line is longer than {1} bytes, the rest of it is skipped"
        => "в выписке таких строк не бывает: выгрузите файл из банка ещё раз" / "no statement has such lines: export the file from the bank again";
    FormatRepeated "format/repeated" Note
        "ещё {1} таких же сообщений: {2}" / "{1} more of the same: {2}"
        => "исправьте первые, остальные той же причины" / "deal with the first ones, the rest have the same cause";

    // How its letters are written.
    EncodingDeclared "encoding/declared" Note
        "в файле сказано «Кодировка={0}», а записан он в {1}; прочитано верно" / "the file says «{0}» and is written in {1}; it was read right"
        => "ничего делать не нужно" / "nothing needs to be done";
    EncodingMixed "encoding/mixed" Note
        "строка записана не в той кодировке, что весь файл ({1}); прочитана как {2}" / "the line is not in the encoding of the file ({1}); it was read as {2}"
        => "проверьте имя и назначение в этом документе" / "check the name and the purpose in this document";
    EncodingReplaced "encoding/replaced" Warning
        "часть букв потеряна до нас: вместо них стоит знак «\u{fffd}»" / "some letters were lost before us: the sign «\u{fffd}» stands in their place"
        => "скачайте выписку из банка заново и не пересохраняйте её в других программах" / "download the statement from the bank again and do not re-save it in other programs";
    EncodingDestroyed "encoding/destroyed" Error
        "файл испорчен при пересохранении: русские буквы заменены знаком «\u{fffd}»" / "the file was destroyed by a re-save: its Russian letters were replaced by «\u{fffd}»"
        => "скачайте выписку из банка заново и не пересохраняйте её в других программах" / "download the statement from the bank again and do not re-save it in other programs";

    // What adds up.
    ProofChain "proof/chain" Warning
        "счёт {0}: остаток на начало {1} не равен остатку на конец перед ним, разница {2}" / "account {0}: the opening balance of {1} is not the closing one before it, the difference is {2}"
        => "в выписке не хватает дня или банк исправил остаток: скачайте её заново одним файлом" / "a day is missing or the bank corrected a balance: download the statement again in one file";
    ProofTurnover "proof/turnover" Warning
        "счёт {0}, {1}: по операциям {2} {3}, а банк заявил {4}, разница {5}" / "account {0}, {1}: the entries have {2} of {3}, the bank declares {4}, the difference is {5}"
        => "операций в файле не хватает или они лишние: скачайте выписку заново" / "entries are missing or superfluous: download the statement again";
    ProofClosing "proof/closing" Warning
        "счёт {0}, {1}: остаток на конец не сходится с операциями, разница {2}" / "account {0}, {1}: the closing balance does not agree with the entries, the difference is {2}"
        => "операций в файле не хватает или они лишние: скачайте выписку заново" / "entries are missing or superfluous: download the statement again";

    // The file of 1C as a whole.
    OnecSignature "onec/signature" Warning
        "файл начинается не со строки «1CClientBankExchange», а с «{0}»" / "the file starts not with «1CClientBankExchange» but with «{0}»"
        => "проверьте, весь ли файл скачан; что в нём есть, прочитано" / "check that the whole file was downloaded; what it holds was read";
    OnecEmpty "onec/empty" Error
        "в файле нет ни счетов, ни документов" / "the file has neither accounts nor documents"
        => "выгрузите выписку из банка ещё раз, выбрав счёт и период" / "export the statement again, with an account and a period chosen";
    OnecKeys "onec/keys" Error
        "ни одно название поля не узнано: файл испорчен или это не обмен с 1С" / "no field name is recognised: the file is damaged or is not an exchange with 1C"
        => "скачайте выписку из банка заново в формате «1С»" / "download the statement from the bank again in the 1C format";
    OnecDialect "onec/dialect" Error
        "это обмен с 1С по правилам другой страны ({1}), его программа пока не читает" / "this is an exchange with 1C by another country's rules ({1}), which this program does not read yet"
        => "пришлите нам обезличенный образец файла; выписки российских банков читаются" / "send us an anonymised sample; statements of Russian banks are read";
    OnecEnd "onec/end" Warning
        "нет строки «КонецФайла»: файл может быть обрезан" / "the line «КонецФайла» is missing: the file may be cut"
        => "сверьте остаток на конец с банком или скачайте выписку заново" / "compare the closing balance with the bank or download the statement again";
    OnecAfterEnd "onec/after-end" Warning
        "после «КонецФайла» есть ещё текст: «{0}»" / "there is more text after «КонецФайла»: «{0}»"
        => "проверьте, не склеены ли две выписки; прочитано всё" / "check whether two statements were glued together; all of it was read";
    OnecStrayLine "onec/stray-line" Note
        "непонятная строка «{0}» пропущена" / "the line «{0}» is not understood and was skipped"
        => "ничего делать не нужно, если документы на месте" / "nothing needs to be done if the documents are there";
    OnecNotClosed "onec/not-closed" Note
        "у раздела нет строки «{1}»; концом считается начало следующего" / "the section has no line «{1}»; the start of the next one counts as its end"
        => "ничего делать не нужно" / "nothing needs to be done";
    OnecNoAccount "onec/no-account" Warning
        "файл не говорит, чей это счёт; направление платежей понято по датам" / "the file does not say whose account it is; directions were told by the dates"
        => "укажите свой счёт{1}" / "name your own account{1}";
    OnecNoSection "onec/no-section" Warning
        "в файле нет остатков по счёту {0}: полноту проверить нечем" / "the file has no balances of account {0}: nothing to check completeness by"
        => "выгрузите выписку с остатками, если банк это умеет" / "export the statement with balances if the bank can";
    OnecPeriod "onec/period" Warning
        "период записан задом наперёд: {1} … {2}" / "the period is reversed: {1} … {2}"
        => "проверьте даты выписки в банке" / "check the dates of the statement in the bank";
    OnecHeaderDate "onec/header-date" Warning
        "«{0}» в поле {1} не дата" / "«{0}» in {1} is not a date"
        => "проверьте период выписки; документы прочитаны" / "check the period of the statement; the documents were read";
    OnecOrders "onec/orders" Note
        "это платёжки для банка, а не выписка: в учёт они не попадут" / "these are orders for the bank, not a statement: they will not be booked"
        => "для выписки выгрузите из банка файл kl_to_1c.txt" / "for a statement export kl_to_1c.txt from the bank";

    // Account sections.
    OnecSectionAccount "onec/section-account" Error
        "у раздела остатков нет номера счёта" / "a section of balances has no account number"
        => "выгрузите выписку из банка ещё раз" / "export the statement from the bank again";
    OnecSectionCut "onec/section-cut" Error
        "файл обрывается внутри раздела остатков счёта: его остатки не приняты" / "the file breaks off inside a section of balances: its balances were not taken"
        => "скачайте выписку из банка заново" / "download the statement from the bank again";
    OnecBalance "onec/balance" Error
        "«{0}» в поле {1} не сумма" / "«{0}» in {1} is not a sum"
        => "сверьте остаток с банком; без него полноту выписки проверить нельзя" / "compare the balance with the bank; completeness cannot be checked without it";
    OnecSectionDate "onec/section-date" Error
        "«{0}» в поле {1} не дата" / "«{0}» in {1} is not a date"
        => "выгрузите выписку из банка ещё раз" / "export the statement from the bank again";
    OnecSectionTwice "onec/section-twice" Note
        "раздел остатков повторён слово в слово, повтор пропущен" / "a section of balances is repeated word for word, the repetition was skipped"
        => "ничего делать не нужно" / "nothing needs to be done";
    OnecSectionConflict "onec/section-conflict" Warning
        "два разных раздела остатков счёта {0} за {1}; принят последний" / "two different sections of account {0} for {1}; the last one was taken"
        => "сверьте остатки за этот день с банком" / "compare the balances of that day with the bank";
    OnecSections "onec/sections" Error
        "разделов остатков больше {1}, остальные пропущены" / "there are more than {1} sections of balances, the rest were skipped"
        => "выгрузите выписку за меньший период" / "export the statement over a shorter period";
    OnecAccounts "onec/accounts" Error
        "счетов в файле больше {1}, остальные пропущены" / "there are more than {1} accounts in the file, the rest were skipped"
        => "выгрузите выписку по меньшему числу счетов" / "export the statement of fewer accounts";

    // What does not add up.

    // Documents.
    OnecAmount "onec/amount" Error
        "«{0}» не сумма; документ не принят" / "«{0}» is not an amount; the document was not taken"
        => "попросите файл у банка ещё раз или исправьте сумму (цифры и после точки две цифры копеек)" / "ask the bank for the file again, or correct the amount (digits, and two more after a point)";
    OnecAmountMissing "onec/amount-missing" Error
        "у документа нет суммы; он не принят" / "the document has no amount; it was not taken"
        => "попросите файл у банка ещё раз или внесите этот платёж вручную" / "ask the bank for the file again, or enter this payment by hand";
    OnecAmountZero "onec/amount-zero" Warning
        "сумма документа ноль" / "the amount of the document is zero"
        => "проверьте этот документ в банке" / "check this document in the bank";
    OnecDate "onec/date" Error
        "«{0}» в поле {1} не дата; документ не принят" / "«{0}» in {1} is not a date; the document was not taken"
        => "попросите файл у банка ещё раз или исправьте дату (дд.мм.гггг)" / "ask the bank for the file again, or correct the date (dd.mm.yyyy)";
    OnecDateMissing "onec/date-missing" Error
        "у документа нет даты; он не принят" / "the document has no date; it was not taken"
        => "попросите файл у банка ещё раз или внесите этот платёж вручную" / "ask the bank for the file again, or enter this payment by hand";
    OnecDateIgnored "onec/date-ignored" Warning
        "«{0}» в поле {1} не дата; день проводки известен по другому полю" / "«{0}» in {1} is not a date; the booking day is known from another field"
        => "проверьте дату документа в банке" / "check the date of the document in the bank";
    OnecDateOutside "onec/date-outside" Warning
        "{1} вне периода выписки" / "{1} is outside the period of the statement"
        => "проверьте день этого платежа в банке" / "check the day of this payment in the bank";
    OnecDirection "onec/direction" Warning
        "не понять, пришли деньги или ушли: своего счёта в документе нет, даты не помогают" / "it cannot be told whether money came or went: no own account in the document, and the dates do not help"
        => "решите сами в списке поступлений или укажите свой счёт" / "decide yourself in the list, or name your own account";
    OnecDirectionByDate "onec/direction-by-date" Note
        "своего счёта в документе нет; направление понято по дате" / "the document has no own account; the direction was told by the date"
        => "проверьте этот платёж" / "check this payment";
    OnecCurrency "onec/currency" Warning
        "перевод между своими счетами в разных валютах ({1} и {2}); сумма отнесена к обоим как есть" / "a transfer between own accounts in different currencies ({1} and {2}); the sum was taken for both as it stands"
        => "сверьте суммы по обоим счетам с банком" / "compare the sums of both accounts with the bank";
    OnecDocumentCut "onec/document-cut" Error
        "файл обрывается внутри документа; документ не принят" / "the file breaks off inside a document; the document was not taken"
        => "скачайте выписку из банка заново" / "download the statement from the bank again";
    OnecDocumentTooLarge "onec/document-too-large" Error
        "в разделе больше {1} полей или {2} байт; он не принят" / "the section has more than {1} fields or {2} bytes; it was not taken"
        => "таких документов не бывает: скачайте выписку из банка заново" / "no document is like that: download the statement from the bank again";
    OnecDuplicateKey "onec/duplicate-key" Note
        "поле «{0}» повторено; взято последнее непустое значение" / "the field «{0}» is repeated; the last value that is not empty was taken"
        => "проверьте этот документ" / "check this document";
    OnecContinuation "onec/continuation" Note
        "строка «{0}» без названия поля присоединена к предыдущей" / "the line «{0}» has no field name and was joined to the one before"
        => "проверьте назначение этого платежа" / "check the purpose of this payment";
    OnecNoise "onec/noise" Note
        "лишняя строка «{0}» пропущена" / "the superfluous line «{0}» was skipped"
        => "ничего делать не нужно" / "nothing needs to be done";

    // SWIFT MT940 and MT942: messages and statements.
    MtEmpty "mt/empty" Error
        "в файле SWIFT нет ни одной выписки" / "the SWIFT file has no statement"
        => "выгрузите выписку из банка ещё раз, выбрав счёт и период" / "export the statement again, with an account and a period chosen";
    MtNoStatement "mt/no-statement" Warning
        "сообщение кончается, не дойдя до остатков и операций" / "the message ends before it comes to balances and entries"
        => "скачайте выписку из банка заново" / "download the statement from the bank again";
    MtStrayLine "mt/stray-line" Note
        "строка вне сообщения пропущена: «{0}»" / "a line outside of a message was skipped: «{0}»"
        => "ничего делать не нужно" / "nothing needs to be done";
    MtUnknownTag "mt/unknown-tag" Note
        "поле {0} неизвестно; у операции оно сохранено как есть" / "the field {0} is unknown; with an entry it is kept as it stands"
        => "ничего делать не нужно" / "nothing needs to be done";
    MtTagLetter "mt/tag-letter" Note
        "в названии поля {0} нелатинская буква; прочитано верно" / "the field's name {0} has a letter that is no Latin one; it was read right"
        => "ничего делать не нужно" / "nothing needs to be done";
    MtFieldTooLong "mt/field-too-long" Error
        "поле длиннее {1} байт, его остаток пропущен" / "the field is longer than {1} bytes, the rest of it is skipped"
        => "в выписке таких полей не бывает: выгрузите файл из банка ещё раз" / "no statement has such fields: export the file from the bank again";
    MtStatementText "mt/statement-text" Note
        "банк пишет обо всей выписке: «{0}»" / "the bank says of the whole statement: «{0}»"
        => "прочтите; к операциям это не относится" / "read it; it is not about the entries";
    MtNoAccount "mt/no-account" Warning
        "выписка не говорит, чей это счёт: поля :25: нет" / "the statement does not say whose account it is: there is no :25:"
        => "укажите свой счёт" / "name your own account";
    MtAccount "mt/account" Warning
        "«{0}» не номер счёта: поле :25: не на месте или обрезано, пропущено" / "«{0}» is no account number: the field :25: is out of place or cut, and was skipped"
        => "проверьте счёт выписки и этот платёж в банке" / "check the account of the statement and this payment in the bank";
    MtNoCurrency "mt/no-currency" Error
        "ни остатки, ни счёт не называют валюты; суммы показаны в рублях и в учёт не пойдут" / "neither balances nor account name a currency; sums are shown in roubles and will not be booked"
        => "выгрузите выписку целиком, с остатками" / "export the whole statement, with balances";
    MtBalance "mt/balance" Error
        "«{0}» не остаток: ждали C или D, дату, валюту и сумму" / "«{0}» is no balance: C or D, a date, a currency and a sum are expected"
        => "сверьте остаток с банком; без него полноту выписки проверить нельзя" / "compare the balance with the bank; completeness cannot be checked without it";
    MtAvailable "mt/available" Warning
        "«{0}» не остаток и не оборот; поле справочное и пропущено" / "«{0}» is neither a balance nor a turnover; the field only informs, and was skipped"
        => "ничего делать не нужно" / "nothing needs to be done";
    MtBalanceCurrency "mt/balance-currency" Warning
        "остаток «{0}» не называет валюты; принята валюта выписки {1}" / "the balance «{0}» names no currency; that of the statement, {1}, was taken"
        => "сверьте остаток с банком" / "compare the balance with the bank";
    MtCurrencyDiffers "mt/currency-differs" Error
        "остаток «{0}» в {1}, а выписка в {2}; он не принят" / "the balance «{0}» is in {1}, the statement in {2}; it was not taken"
        => "сверьте остаток с банком или скачайте выписку заново" / "compare the balance with the bank or download the statement again";
    MtOpeningTwice "mt/opening-twice" Warning
        "входящий остаток повторён с другой суммой; принят последний: «{0}»" / "the opening balance is repeated with another sum; the last one was taken: «{0}»"
        => "сверьте остаток с банком" / "compare the balance with the bank";
    MtClosingTwice "mt/closing-twice" Warning
        "исходящий остаток повторён с другой суммой; принят последний: «{0}»" / "the closing balance is repeated with another sum; the last one was taken: «{0}»"
        => "сверьте остаток с банком" / "compare the balance with the bank";
    MtClosingCut "mt/closing-cut" Error
        "файл обрывается внутри исходящего остатка ({0}); остаток не принят" / "the file breaks off inside the closing balance ({0}); it was not taken"
        => "скачайте выписку из банка заново" / "download the statement from the bank again";
    MtClosingSign "mt/closing-sign" Warning
        "счёт {0}: исходящий остаток сходится с операциями, если сменить его знак (C или D)" / "account {0}: the closing balance agrees with the entries if its sign (C or D) is changed"
        => "сверьте знак остатка с банком: некоторые банки пишут его всегда одинаково" / "compare the sign with the bank: some banks always write the same";
    MtNoOpening "mt/no-opening" Warning
        "счёт {0}, выписка {1}: нет входящего остатка (:60F:)" / "account {0}, statement {1}: there is no opening balance (:60F:)"
        => "проверьте, весь ли файл скачан" / "check that the whole file was downloaded";
    MtNoClosing "mt/no-closing" Warning
        "счёт {0}, выписка {1}: нет исходящего остатка (:62F:), файл может быть обрезан" / "account {0}, statement {1}: there is no closing balance (:62F:), the file may be cut"
        => "скачайте выписку из банка заново" / "download the statement from the bank again";
    MtReportEnd "mt/report-end" Warning
        "счёт {0}, отчёт {1}: нет ни итогов (:90D:, :90C:), ни конца сообщения, файл может быть обрезан" / "account {0}, report {1}: there are neither sums (:90D:, :90C:) nor an end of the message, the file may be cut"
        => "скачайте отчёт из банка заново" / "download the report from the bank again";
    MtFirstPage "mt/first-page" Warning
        "счёт {0}, выписка {1}: начинается с промежуточного остатка (:60M:), первых страниц нет" / "account {0}, statement {1}: it starts with an interim balance (:60M:), its first pages are missing"
        => "скачайте выписку из банка целиком" / "download the whole statement from the bank";
    MtLastPage "mt/last-page" Warning
        "счёт {0}, выписка {1}: кончается промежуточным остатком (:62M:), последних страниц нет" / "account {0}, statement {1}: it ends with an interim balance (:62M:), its last pages are missing"
        => "скачайте выписку из банка целиком" / "download the whole statement from the bank";
    MtPageGap "mt/page-gap" Warning
        "счёт {0}: между страницами {1} и {2} остаток изменился на {3}: не хватает страницы" / "account {0}: between the pages {1} and {2} the balance changes by {3}: a page is missing"
        => "скачайте выписку из банка целиком" / "download the whole statement from the bank";
    MtStatementGap "mt/statement-gap" Warning
        "счёт {0}: после выписки {1} идёт выписка {2}, а остаток отличается на {3}: не хватает выписки между ними" / "account {0}: the statement {1} is followed by {2}, and the balance differs by {3}: a statement between them is missing"
        => "скачайте недостающие выписки" / "download the missing statements";
    MtChain "mt/chain" Warning
        "счёт {0}: входящий остаток выписки {2} отличается от исходящего {1} на {3}" / "account {0}: the opening balance of the statement {2} differs from the closing one of {1} by {3}"
        => "не хватает дня или банк исправил остаток: сверьте с банком" / "a day is missing or the bank corrected a balance: compare with the bank";
    MtSum "mt/sum" Warning
        "{1}: в отчёте {2} на {3}, а банк заявил {4} на {5}" / "{1}: the report has {2} of {3}, the bank declares {4} of {5}"
        => "отчёт за день промежуточный; дождитесь выписки" / "the report of a day is provisional; wait for the statement";

    // SWIFT MT940 and MT942: entries.
    MtEntryLine "mt/entry-line" Error
        "«{0}» не строка операции: нет {1}; операция не принята" / "«{0}» is no line of an entry: there is no {1}; the entry was not taken"
        => "попросите файл у банка ещё раз или внесите этот платёж вручную" / "ask the bank for the file again, or enter this payment by hand";
    MtAmount "mt/amount" Error
        "«{0}» не сумма в {1} (знаков после запятой {2}); операция не принята" / "«{0}» is no amount of {1} ({2} decimals); the entry was not taken"
        => "попросите файл у банка ещё раз или внесите этот платёж вручную" / "ask the bank for the file again, or enter this payment by hand";
    MtEntryDate "mt/entry-date" Warning
        "в строке «{0}» дата проводки не дата; взята дата валютирования" / "in the line «{0}» the entry date is no date; the value date was taken"
        => "проверьте день этого платежа в банке" / "check the day of this payment in the bank";
    MtDateClamped "mt/date-clamped" Warning
        "в «{0}» день, которого нет в календаре; взят последний день месяца {1}" / "«{0}» has a day that is not in the calendar; the last one of its month, {1}, was taken"
        => "проверьте день в банке" / "check the day in the bank";
    MtSmallMark "mt/small-mark" Warning
        "знак операции записан строчной буквой: «{0}»; прочитан как заглавный" / "the mark of the entry is a small letter: «{0}»; it was read as a capital"
        => "проверьте этот платёж в банке" / "check this payment in the bank";
    MtNoType "mt/no-type" Note
        "в строке операции нет типа: «{0}»; сумма прочитана" / "the line of the entry has no type code: «{0}»; its amount was read"
        => "проверьте этот платёж в банке" / "check this payment in the bank";
    MtWrapped "mt/wrapped" Note
        "строка операции перенесена посередине: «{0}»; прочитана целиком" / "the line of the entry is broken in the middle: «{0}»; it was read whole"
        => "ничего делать не нужно" / "nothing needs to be done";
    MtEntryAfterEnd "mt/entry-after-end" Warning
        "операция стоит после конца выписки: «{0}»; отнесена к ней" / "the entry stands after the end of the statement: «{0}»; it was taken for one of it"
        => "проверьте этот платёж и остатки в банке" / "check this payment and the balances in the bank";
    MtEntryCut "mt/entry-cut" Error
        "файл обрывается на операции в {0}; она не принята" / "the file breaks off at the entry of {0}; it was not taken"
        => "скачайте выписку из банка заново" / "download the statement from the bank again";
}
