//! What is said of camt messages.

macro_rules! camt_codes {
    ($next:ident $($then:ident)*; $($codes:tt)*) => { $next! { $($then)*; $($codes)*
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
        "«{0}» не код валюты" / "«{0}» is not a code of a currency"
        => "попросите файл у банка ещё раз" / "ask the bank for the file again";
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
    CamtBalanceUntyped "camt/balance-untyped" Warning
        "у остатка {0} нет вида: входящий он или исходящий, неизвестно; он не используется" / "the balance {0} has no type: whether it is the opening or the closing one is unknown; it is not used"
        => "сверьте остаток с банком или скачайте выписку заново" / "compare the balance with the bank, or download the statement again";
    CamtBalanceTwice "camt/balance-twice" Warning
        "остаток {1} на один день назван дважды, с разными суммами (одна из них {0}); он считается неизвестным" / "the balance {1} of one day is named twice, with different sums ({0} is one of them); it counts as unknown"
        => "сверьте остаток с банком" / "compare the balance with the bank";
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
    CamtRepeated "camt/repeated" Error
        "в записи {0} стоит дважды, с разными значениями; она не принята" / "{0} stands twice in the entry, with different values; the entry was not taken"
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
    } };
}
pub(super) use camt_codes;
