//! What is said of MT940 and MT942.

macro_rules! mt_codes {
    ($next:ident $($then:ident)*; $($codes:tt)*) => { $next! { $($then)*; $($codes)*
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
    MtSumCut "mt/sum-cut" Warning
        "файл кончается на обороте «{0}»: он может быть не весь и не принят" / "the file ends at the turnover «{0}»: it may not be all of it, and was not taken"
        => "скачайте отчёт из банка заново; если файл целый, добавьте в конце пустую строку" / "download the report from the bank again; if it is whole, add an empty line at its end";
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
        "файл обрывается на операции «{0}»; она не принята" / "the file breaks off at the entry «{0}»; it was not taken"
        => "скачайте выписку из банка заново" / "download the statement from the bank again";
    } };
}
pub(super) use mt_codes;
