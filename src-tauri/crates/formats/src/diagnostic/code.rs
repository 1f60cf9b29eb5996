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

    // Tables: CSV and XLSX.
    TableAsk "table/ask" Error
        "таблица понята не до конца: {1}" / "the table is not understood for certain: {1}"
        => "скажите это один раз: sverka profile save ИМЯ ФАЙЛ{2} — или выгрузите выписку в формате «1С»" / "say it once: sverka profile save NAME FILE{2}, or export the statement in the 1C format";
    TableProfile "table/profile" Note
        "прочитано по сохранённому профилю «{1}»" / "read by the saved profile «{1}»"
        => "ничего делать не нужно" / "nothing needs to be done";
    TableQuotesOff "table/quotes-off" Note
        "кавычки в файле непарные и прочитаны как обычные знаки" / "the quotes of the file do not pair and were read as plain letters"
        => "проверьте имена и назначения, в которых есть кавычки" / "check names and purposes that have quotes";
    TableQuote "table/quote" Error
        "кавычка открыта и не закрыта: строки до {1} слились в одну и не приняты" / "a quote was opened and not closed: the lines up to {1} ran together and were not taken"
        => "выгрузите файл ещё раз, другим форматом или без кавычек в назначении" / "export the file again, in another format or without quotes in the purpose";
    TableRowTooLarge "table/row-too-large" Error
        "в строке больше {1} ячеек, {2} байт или {3} байт в одной ячейке; она не принята" / "the row has more than {1} cells, {2} bytes or {3} bytes in one cell; it was not taken"
        => "в выписке таких строк не бывает: выгрузите файл из банка ещё раз" / "no statement has such rows: export the file from the bank again";
    TableWidth "table/width" Error
        "в строке ячеек {1}, а столбцов {2}: суммы могли сдвинуться, строка не принята" / "the row has {1} cells and the table {2} columns: sums may have shifted, the row was not taken"
        => "внесите этот платёж вручную или выгрузите файл ещё раз" / "enter this payment by hand or export the file again";
    TableAmount "table/amount" Error
        "«{0}» в столбце «{1}» не сумма; строка не принята" / "«{0}» in the column «{1}» is not a sum; the row was not taken"
        => "исправьте сумму в файле или внесите этот платёж вручную" / "correct the sum in the file or enter this payment by hand";
    TableAmountMissing "table/amount-missing" Error
        "в строке с датой нет суммы; она не принята: «{0}»" / "the row has a date and no sum; it was not taken: «{0}»"
        => "внесите этот платёж вручную или выгрузите файл ещё раз" / "enter this payment by hand or export the file again";
    TableBothSides "table/both-sides" Error
        "в строке есть и списание, и зачисление; она не принята: «{0}»" / "the row has a debit and a credit; it was not taken: «{0}»"
        => "внесите этот платёж вручную" / "enter this payment by hand";
    TableSign "table/sign" Error
        "знак суммы «{0}» спорит с её направлением; строка не принята" / "the sign of «{0}» contradicts its direction; the row was not taken"
        => "внесите эту операцию вручную: так банки пишут сторно" / "enter this entry by hand: banks write reversals like that";
    TableDate "table/date" Error
        "«{0}» в столбце «{1}» не дата; строка не принята" / "«{0}» in the column «{1}» is not a date; the row was not taken"
        => "исправьте дату в файле или внесите этот платёж вручную" / "correct the date in the file or enter this payment by hand";
    TableDateMissing "table/date-missing" Error
        "в строке с суммой нет даты; она не принята: «{0}»" / "the row has a sum and no date; it was not taken: «{0}»"
        => "внесите этот платёж вручную или выгрузите файл ещё раз" / "enter this payment by hand or export the file again";
    TableDirection "table/direction" Error
        "не понять, пришли деньги или ушли: «{0}»; строка не принята" / "it cannot be told whether money came or went: «{0}»; the row was not taken"
        => "внесите этот платёж вручную" / "enter this payment by hand";
    TableCurrency "table/currency" Error
        "«{0}» в столбце «{1}» — не валюта счёта; строка не принята" / "«{0}» in the column «{1}» is not the account's currency; the row was not taken"
        => "выгрузите выписку этого счёта в его валюте" / "export the statement of this account in its own currency";
    TableOwnAccount "table/own-account" Error
        "строка не того счёта, чья это выписка: «{0}»; она не принята" / "the row is not of the account whose statement this is: «{0}»; it was not taken"
        => "выгрузите выписку по одному счёту" / "export the statement of one account";
    TableDestroyed "table/destroyed" Warning
        "номер счёта испорчен Excel: «{0}»; цифры потеряны" / "Excel has destroyed the number of an account: «{0}»; its digits are lost"
        => "не пересохраняйте файл банка в Excel: скачайте его заново" / "do not re-save the bank's file in Excel: download it again";
    TableNoAccount "table/no-account" Warning
        "в таблице не сказано, чей это счёт: в учёт её не взять" / "the table does not say whose account it is: it cannot be booked"
        => "скажите один раз: sverka profile save ИМЯ ФАЙЛ --account НОМЕР" / "say it once: sverka profile save NAME FILE --account NUMBER";
    TableNoCurrency "table/no-currency" Warning
        "валюта нигде не названа; суммы приняты за рубли" / "no currency is named; the sums were taken for roubles"
        => "если это не рубли: sverka profile save ИМЯ ФАЙЛ --currency КОД" / "if they are not: sverka profile save NAME FILE --currency CODE";
    TableBalance "table/balance" Warning
        "{1} остаток назван, но не прочитан" / "the {1} balance is named and was not read"
        => "сверьте остаток с банком: без него полноту выписки проверить нечем" / "compare the balance with the bank: completeness cannot be checked without it";
    TableTotal "table/total" Warning
        "итог в файле («{0}») не равен сумме строк выше ({1})" / "the total in the file («{0}») is not the sum of the rows above ({1})"
        => "операций в файле не хватает или они лишние: выгрузите его ещё раз" / "entries are missing or superfluous: export the file again";
    TableRunning "table/running" Warning
        "остаток {0} после этой операции не следует из предыдущего, разница {1}" / "the balance {0} after this entry does not follow from the one before, the difference is {1}"
        => "перед этой строкой операции не хватает или сумма искажена: сверьте с банком" / "an entry is missing before this row or a sum is wrong: compare with the bank";
    TableStrayRow "table/stray-row" Note
        "строка без даты и суммы пропущена: «{0}»" / "a row without a date and a sum was skipped: «{0}»"
        => "ничего делать не нужно, если это не операция" / "nothing needs to be done unless it is an entry";
    TableBook "table/book" Error
        "книга Excel не читается: {1}" / "the workbook cannot be read: {1}"
        => "скачайте файл из банка ещё раз или выгрузите выписку в формате «1С»" / "download the file from the bank again or export the statement in the 1C format";
    TableBookLimit "table/book-limit" Error
        "книга Excel слишком велика: {1}" / "the workbook is too large: {1}"
        => "выгрузите выписку за меньший период или в формате «1С»" / "export a shorter period or in the 1C format";

    // JSON of banks.
    JsonSyntax "json/syntax" Error
        "файл JSON испорчен или обрезан: {1}" / "the JSON file is damaged or cut: {1}"
        => "скачайте файл из банка ещё раз" / "download the file from the bank again";
    JsonUnknown "json/unknown" Error
        "это данные JSON, но не выписка известного банка (Точка, Альфа-Банк, Т-Банк)" / "this is JSON, and not a statement of a known bank (Tochka, Alfa, T-Bank)"
        => "выгрузите выписку из банка в формате «1С» (kl_to_1c.txt)" / "export the statement from the bank in the 1C format (kl_to_1c.txt)";
    JsonNotAStatement "json/not-a-statement" Error
        "это не выписка: {1}" / "this is not a statement: {1}"
        => "{2}" / "{2}";
    JsonBankError "json/bank-error" Error
        "вместо выписки банк ответил ошибкой: «{0}»" / "instead of a statement the bank answered with an error: «{0}»"
        => "исправьте запрос к банку и получите выписку ещё раз" / "correct the request to the bank and get the statement again";
    JsonNotReady "json/not-ready" Error
        "банк ещё готовит эту выписку (состояние {1}), операций в ней нет" / "the bank is still preparing this statement (state {1}), it has no entries"
        => "получите выписку ещё раз через минуту" / "get the statement again in a minute";
    JsonEntry "json/entry" Error
        "операция не читается: {1}; она не принята" / "the entry cannot be read: {1}; it was not taken"
        => "получите выписку ещё раз или внесите этот платёж вручную" / "get the statement again or enter this payment by hand";
    JsonField "json/field" Error
        "«{0}» в поле {1} не годится; операция не принята" / "«{0}» in {1} cannot be used; the entry was not taken"
        => "получите выписку ещё раз или внесите этот платёж вручную" / "get the statement again or enter this payment by hand";
    JsonCurrency "json/currency" Error
        "операция в валюте {0}, а счёт в {1}; она не принята" / "the entry is in {0} and the account in {1}; it was not taken"
        => "внесите этот платёж вручную" / "enter this payment by hand";
    JsonOtherAccount "json/other-account" Error
        "операция счёта {0}, а выписка счёта {1}; она не принята" / "the entry is of the account {0} and the statement of {1}; it was not taken"
        => "получите выписку этого счёта отдельно" / "get the statement of that account by itself";
    JsonOwnSide "json/own-side" Warning
        "своя сторона операции — счёт {0}, а выписка счёта {1}" / "the own side of the entry is the account {0}, the statement is of {1}"
        => "проверьте, чья это операция" / "check whose entry it is";
    JsonNoAccount "json/no-account" Warning
        "в выписке не сказано, чей это счёт: в учёт её не взять" / "the statement does not say whose account it is: it cannot be booked"
        => "укажите свой счёт: --own-account НОМЕР" / "name your own account: --own-account NUMBER";
    JsonBalance "json/balance" Error
        "«{0}» в поле {1} не сумма" / "«{0}» in {1} is not a sum"
        => "сверьте остаток с банком; без него полноту выписки проверить нельзя" / "compare the balance with the bank; completeness cannot be checked without it";
    JsonMorePages "json/more-pages" Warning
        "это не вся выписка: у неё есть ещё страницы" / "this is not the whole statement: it has more pages"
        => "получите и остальные страницы" / "get the other pages too";
    JsonTooLarge "json/too-large" Error
        "{1} больше {2} байт и пропущено" / "{1} has more than {2} bytes and was skipped"
        => "в выписке такого не бывает: получите её ещё раз" / "no statement is like that: get it again";
}
