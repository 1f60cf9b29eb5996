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

    // camt: the file and its marks.
    CamtMarkup "camt/markup" Error
        "здесь сломана разметка XML: «{0}»; запись или остаток, где это стоит, не приняты" / "the XML is broken here: «{0}»; the entry or the balance it stands in was not taken"
        => "скачайте выписку из банка заново или внесите этот платёж вручную" / "download the statement from the bank again, or enter this payment by hand";
    CamtTooLarge "camt/too-large" Error
        "кусок текста длиннее {1} байт; запись, где он стоит, не принята" / "a piece of text is longer than {1} bytes; the entry it stands in was not taken"
        => "в выписке такого не бывает: скачайте её из банка заново" / "no statement has such: download it from the bank again";
    CamtTooDeep "camt/too-deep" Error
        "элементы вложены глубже {1}; дальше файл не читается" / "elements are nested deeper than {1}; the rest of the file is not read"
        => "это не выписка или она испорчена: скачайте её из банка заново" / "this is no statement or it is damaged: download it from the bank again";
    CamtAttributes "camt/attributes" Error
        "у элемента больше {1} атрибутов или {2} байт; запись, где он стоит, не принята" / "an element has more than {1} attributes or {2} bytes of them; the entry it stands in was not taken"
        => "в выписке такого не бывает: скачайте её из банка заново" / "no statement has such: download it from the bank again";
    CamtFaults "camt/faults" Error
        "сломанных мест больше {1}; дальше файл не читается" / "there are more than {1} broken places; the rest of the file is not read"
        => "скачайте выписку из банка заново" / "download the statement from the bank again";
    CamtCut "camt/cut" Error
        "файл обрывается; то, что начато на этой строке, не принято" / "the file breaks off; what begins on this line was not taken"
        => "скачайте выписку из банка заново" / "download the statement from the bank again";
    CamtNoStatement "camt/no-statement" Error
        "в сообщении нет ни одной выписки" / "there is no statement in the message"
        => "выгрузите выписку из банка ещё раз" / "export the statement from the bank again";
    CamtDoctype "camt/doctype" Warning
        "в файле есть описание типа (DOCTYPE); оно не используется" / "the file has a document type (DOCTYPE); it is not used"
        => "банки так не пишут: проверьте, откуда этот файл" / "banks do not write so: check where the file comes from";
    CamtEntity "camt/entity" Warning
        "обозначение «{0}» неизвестно и оставлено как есть" / "«{0}» is no known entity and was left as it stands"
        => "проверьте имя и назначение в этом платеже" / "check the name and the purpose of this payment";
    CamtEncoding "camt/encoding" Note
        "в файле сказано, что он в {0}, а записан он в {1}; прочитано верно" / "the file says it is in {0} and is written in {1}; it was read right"
        => "ничего делать не нужно" / "nothing needs to be done";
    CamtVersion "camt/version" Note
        "версия сообщения {0} неизвестна; прочитано по общим правилам" / "the version {0} of the message is not known; it was read by the common rules"
        => "сверьте остатки выписки с банком" / "compare the balances of the statement with the bank";
    CamtMorePages "camt/more-pages" Warning
        "это не последняя страница выписки" / "this is not the last page of the statement"
        => "загрузите и остальные файлы этой выписки" / "import the other files of this statement too";

    // camt: statements.
    CamtNoAccount "camt/no-account" Error
        "выписка не говорит, чей это счёт" / "the statement does not say whose account it is"
        => "укажите свой счёт или выгрузите выписку из банка ещё раз" / "name your own account, or export the statement from the bank again";
    CamtNoCurrency "camt/no-currency" Warning
        "выписка не говорит, в какой валюте счёт; принят рубль" / "the statement does not say the currency of the account; the rouble was taken"
        => "проверьте валюту счёта в банке" / "check the currency of the account with the bank";
    CamtCurrency "camt/currency" Error
        "«{0}» не код валюты; сумма не принята" / "«{0}» is not a code of a currency; the sum was not taken"
        => "попросите файл у банка ещё раз или внесите этот платёж вручную" / "ask the bank for the file again, or enter this payment by hand";
    CamtCurrencyTaken "camt/currency-taken" Note
        "у суммы «{0}» нет валюты; принята валюта счёта, {1}" / "the sum «{0}» has no currency; that of the account was taken, {1}"
        => "ничего делать не нужно" / "nothing needs to be done";
    CamtCurrencyMissing "camt/currency-missing" Error
        "у суммы «{0}» нет валюты, и у счёта её нет; сумма не принята" / "the sum «{0}» has no currency, nor has the account; the sum was not taken"
        => "попросите файл у банка ещё раз" / "ask the bank for the file again";
    CamtHeaderDate "camt/header-date" Warning
        "«{0}» не дата" / "«{0}» is not a date"
        => "проверьте период выписки и даты остатков" / "check the period of the statement and the dates of its balances";
    CamtTurnover "camt/turnover" Warning
        "«{0}» не сумма оборотов ({2})" / "«{0}» is not a sum of turnovers ({2})"
        => "сверьте обороты с банком" / "compare the turnovers with the bank";
    CamtBalanceAmount "camt/balance-amount" Error
        "«{0}» не сумма остатка; остаток не принят" / "«{0}» is not the sum of a balance; the balance was not taken"
        => "сверьте остаток с банком; без него полноту выписки проверить нельзя" / "compare the balance with the bank; completeness cannot be checked without it";
    CamtBalanceSign "camt/balance-sign" Warning
        "у остатка {0} нет знака, и записи его не подтверждают; остаток считается неизвестным" / "the balance {0} has no sign, and the entries do not tell it; the balance counts as unknown"
        => "сверьте остаток с банком" / "compare the balance with the bank";
    CamtBalanceSignTaken "camt/balance-sign-taken" Note
        "у остатка {0} нет знака; он положительный, потому что так всё сходится" / "the balance {0} has no sign; it is positive, because so everything adds up"
        => "ничего делать не нужно" / "nothing needs to be done";
    CamtBalanceCurrency "camt/balance-currency" Warning
        "остаток {0} в {1}, а счёт в {2}" / "the balance {0} is in {1}, and the account in {2}"
        => "сверьте остаток с банком" / "compare the balance with the bank";
    CamtBalanceType "camt/balance-type" Note
        "остаток вида «{0}» ни входящий, ни исходящий; он не используется" / "a balance of the type «{0}» is neither the opening nor the closing one; it is not used"
        => "ничего делать не нужно" / "nothing needs to be done";
    CamtBalances "camt/balances" Error
        "остатков в выписке больше {1}, остальные пропущены" / "the statement has more than {1} balances, the rest were skipped"
        => "выгрузите выписку за меньший период" / "export the statement over a shorter period";

    // camt: entries.
    CamtAmount "camt/amount" Error
        "«{0}» не сумма в {2} (знаков после точки не больше {1}); запись не принята" / "«{0}» is not a sum in {2} (at most {1} digits after the point); the entry was not taken"
        => "попросите файл у банка ещё раз или внесите этот платёж вручную" / "ask the bank for the file again, or enter this payment by hand";
    CamtAmountMissing "camt/amount-missing" Error
        "у записи нет суммы; она не принята" / "the entry has no amount; it was not taken"
        => "попросите файл у банка ещё раз или внесите этот платёж вручную" / "ask the bank for the file again, or enter this payment by hand";
    CamtEntryCurrency "camt/entry-currency" Warning
        "запись в {1}, а счёт в {2}; в оборотах она посчитана как есть" / "the entry is in {1}, and the account in {2}; it is counted as it stands"
        => "проверьте сумму этой записи в банке" / "check the amount of this entry with the bank";
    CamtDate "camt/date" Error
        "«{0}» не дата; запись не принята" / "«{0}» is not a date; the entry was not taken"
        => "попросите файл у банка ещё раз или внесите этот платёж вручную" / "ask the bank for the file again, or enter this payment by hand";
    CamtDateIgnored "camt/date-ignored" Warning
        "«{0}» не дата; день записи известен по другому полю" / "«{0}» is not a date; the day of the entry is known from another field"
        => "проверьте дату этой записи в банке" / "check the date of this entry with the bank";
    CamtDateClamped "camt/date-clamped" Warning
        "дня «{0}» не бывает; принят последний день месяца, {1}" / "there is no day «{0}»; the last day of the month was taken, {1}"
        => "проверьте дату в банке" / "check the date with the bank";
    CamtDateOfStatement "camt/date-of-statement" Warning
        "у записи нет даты; принят день выписки, {1}" / "the entry has no date; the day of the statement was taken, {1}"
        => "проверьте день этой записи, если он важен" / "check the day of this entry if it matters";
    CamtDateMissing "camt/date-missing" Error
        "у записи нет даты, и у выписки её нет; запись не принята" / "the entry has no date, nor has the statement; the entry was not taken"
        => "попросите файл у банка ещё раз или внесите этот платёж вручную" / "ask the bank for the file again, or enter this payment by hand";
    CamtDirection "camt/direction" Warning
        "не понять, пришли деньги или ушли: CdtDbtInd нет или он неизвестен" / "it cannot be told whether money came or went: CdtDbtInd is missing or unknown"
        => "решите сами в списке поступлений" / "decide yourself in the list";
    CamtStatus "camt/status" Warning
        "состояние записи «{0}» неизвестно; она не считается проведённой" / "the status «{0}» of the entry is not known; it does not count as booked"
        => "проверьте эту запись в банке" / "check this entry with the bank";
    CamtCharges "camt/charges" Note
        "комиссия банка {1} уже в сумме записи; без неё было бы {2}" / "the bank's charge of {1} is inside of the amount; without it there would be {2}"
        => "учтите это, если счёт оплачен не полностью" / "bear it in mind if an invoice seems not fully paid";
    CamtChargeAmount "camt/charge-amount" Warning
        "«{0}» не сумма комиссии ({2})" / "«{0}» is not the sum of a charge ({2})"
        => "проверьте комиссию в банке; сумма записи от неё не зависит" / "check the charge with the bank; the amount of the entry does not depend on it";
    CamtDetailAmount "camt/detail-amount" Error
        "«{0}» не сумма в {2}; этот платёж внутри записи не принят, сама запись принята" / "«{0}» is not a sum in {2}; this payment inside of the entry was not taken, the entry was"
        => "сверьте состав этой записи с банком" / "compare the payments of this entry with the bank";
    CamtDetailNoSum "camt/detail-no-sum" Warning
        "у платежа внутри записи нет своей суммы; он не показан, сама запись принята" / "a payment inside of the entry has no sum of its own; it is not shown, the entry was taken"
        => "сверьте состав этой записи с банком" / "compare the payments of this entry with the bank";
    CamtDetailsSum "camt/details-sum" Warning
        "платежи внутри записи составляют {1}, а сама запись {2}" / "the payments inside of the entry come to {1}, and the entry to {2}"
        => "сверьте состав этой записи с банком; верна сумма записи" / "compare the payments of this entry with the bank; the amount of the entry is what counts";
    CamtDetailsLimit "camt/details-limit" Warning
        "в записи больше {1} платежей; остальные ({2}) посчитаны, но не показаны" / "the entry has more than {1} payments; the rest ({2}) are counted and not shown"
        => "сумма записи верна; состав смотрите в банке" / "the amount of the entry is right; see its payments with the bank";
    CamtTextLimit "camt/text-limit" Note
        "текста в записи больше, чем хранится; сумма и стороны прочитаны" / "the entry has more text than is kept; its amount and its sides were read"
        => "полный текст смотрите в файле банка" / "see the whole text in the bank's file";

    // Archives.
    ArchiveDamaged "archive/damaged" Error
        "архив повреждён или записан не до конца" / "the archive is damaged or not written to its end"
        => "скачайте архив заново, или распакуйте его и положите в папку сами выписки" / "download the archive again, or unpack it and put the statements themselves into the folder";
    ArchiveMembers "archive/members" Error
        "в архиве больше {1} файлов" / "there are more than {1} files in the archive"
        => "распакуйте архив и положите в папку только выписки" / "unpack the archive and put only the statements into the folder";
    ArchivePassword "archive/password" Error
        "архив защищён паролем" / "the archive is protected by a password"
        => "распакуйте его с паролем и положите в папку сами выписки" / "unpack it with the password and put the statements themselves into the folder";
    ArchiveCompression "archive/compression" Error
        "файл сжат способом, который программа не знает" / "the file is packed in a way this program does not know"
        => "распакуйте архив и положите в папку сами выписки" / "unpack the archive and put the statements themselves into the folder";
    ArchiveTooLarge "archive/too-large" Error
        "распакованный файл больше {1} байт; он не прочитан" / "the unpacked file is larger than {1} bytes; it was not read"
        => "выгрузите выписку за меньший период" / "export the statement over a shorter period";
    ArchiveTotal "archive/total" Error
        "распакованные файлы вместе больше {1} байт; этот и остальные не прочитаны" / "the unpacked files together are larger than {1} bytes; this one and the rest were not read"
        => "распакуйте архив и загрузите выписки по частям" / "unpack the archive and import the statements in parts";
    ArchiveBomb "archive/bomb" Error
        "файл сжат больше чем в {1} раз: так прячут бомбы; он не прочитан" / "the file is packed more than {1} times smaller, as bombs are; it was not read"
        => "проверьте, откуда этот архив; если он из банка, распакуйте его сами" / "check where the archive comes from; if from the bank, unpack it yourself";
    ArchiveNested "archive/nested" Error
        "внутри архива ещё один архив; он не прочитан" / "there is an archive inside of the archive; it was not read"
        => "распакуйте его и положите в папку сами выписки" / "unpack it and put the statements themselves into the folder";
    ArchiveSkipped "archive/skipped" Warning
        "файл в архиве пропущен: {1}" / "a file in the archive was skipped: {1}"
        => "ничего делать не нужно, если это не выписка" / "nothing needs to be done if it is no statement";
    ArchiveSystemFile "archive/system-file" Note
        "служебный файл в архиве пропущен" / "a file of the system in the archive was skipped"
        => "ничего делать не нужно" / "nothing needs to be done";
    ArchiveMixed "archive/mixed" Error
        "в одном архиве и выписки, и платёжки для банка; этот файл не прочитан" / "statements and orders for the bank are in one archive; this file was not read"
        => "загрузите его отдельно" / "import it by itself";
    ArchiveNothing "archive/nothing" Error
        "в архиве нет ни одной выписки" / "there is no statement in the archive"
        => "выгрузите выписку из банка ещё раз" / "export the statement from the bank again";
}
