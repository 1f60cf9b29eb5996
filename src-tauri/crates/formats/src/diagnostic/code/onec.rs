//! What is said of a file of 1C.

macro_rules! onec_codes {
    ($next:ident $($then:ident)*; $($codes:tt)*) => { $next! { $($then)*; $($codes)*
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
        => "если банк-клиент ещё пишет файл, подождите и прочитайте снова; если нет, сверьте остаток на конец с банком или скачайте выписку заново" / "if the bank client is still writing the file, wait and read it again; if not, compare the closing balance with the bank or download the statement again";
    OnecAfterEnd "onec/after-end" Warning
        "после «КонецФайла» есть ещё текст: «{0}»" / "there is more text after «КонецФайла»: «{0}»"
        => "проверьте, не склеены ли две выписки; прочитано всё" / "check whether two statements were glued together; all of it was read";
    OnecStrayLine "onec/stray-line" Note
        "непонятная строка «{0}» пропущена" / "the line «{0}» is not understood and was skipped"
        => "ничего делать не нужно, если документы на месте" / "nothing needs to be done if the documents are there";
    OnecAccountOdd "onec/account-odd" Warning
        "«{0}» не похоже на номер счёта" / "«{0}» does not look like the number of an account"
        => "строка испорчена: проверьте, чья это выписка" / "the line is damaged: check whose statement it is";
    OnecStrayKey "onec/stray-key" Warning
        "{1} («{0}») стоит вне раздела счёта и документа и не прочитано" / "{1} («{0}») stands outside of account sections and documents and was not read"
        => "сверьте остатки и этот документ с банком: строки файла перепутаны или потеряны" / "compare the balances and this document with the bank: lines of the file are mixed up or lost";
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
    } };
}
pub(super) use onec_codes;
