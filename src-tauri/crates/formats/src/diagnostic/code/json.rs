//! What is said of the JSON of banks.

macro_rules! json_codes {
    ($next:ident $($then:ident)*; $($codes:tt)*) => { $next! { $($then)*; $($codes)*
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
        => "войдите в банк заново, проверьте доступ и запрос и получите выписку ещё раз" / "log in to the bank again, check the access and the request, and get the statement again";
    JsonNotReady "json/not-ready" Error
        "банк ещё готовит эту выписку (состояние {1}), операций в ней нет" / "the bank is still preparing this statement (state {1}), it has no entries"
        => "получите выписку ещё раз через минуту" / "get the statement again in a minute";
    JsonUnfinished "json/unfinished" Warning
        "банк не закончил эту выписку (состояние {1}): операций может не хватать" / "the bank has not finished this statement (state {1}): entries may be missing"
        => "получите выписку ещё раз" / "get the statement again";
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
    } };
}
pub(super) use json_codes;
