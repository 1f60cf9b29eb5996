//! What is said of tables: CSV and XLSX.

macro_rules! table_codes {
    ($next:ident $($then:ident)*; $($codes:tt)*) => { $next! { $($then)*; $($codes)*
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
    TableCut "table/cut" Error
        "файл кончается посреди строки «{0}» или без перевода строки после суммы; она не принята" / "the file ends in the middle of the row «{0}», or without a line end after a sum; it was not taken"
        => "скачайте файл заново; если он целый, добавьте в конце пустую строку" / "download the file again; if it is whole, add an empty line at its end";
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
        "номер счёта или ИНН испорчен Excel: «{0}»; цифры потеряны" / "Excel has destroyed the number of an account or an INN: «{0}»; its digits are lost"
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
    TableBalanceColumn "table/balance-column" Warning
        "остатки столбца «{0}» не следуют из операций ({1} из {2}): проверить по ним полноту нельзя" / "the balances of the column «{0}» do not follow from the entries ({1} of {2}): completeness cannot be checked by them"
        => "операций, возможно, не хватает: сверьте остаток с банком" / "entries may be missing: compare the balance with the bank";
    TableNoClosing "table/no-closing" Warning
        "входящий остаток есть, а исходящего нет: файл может быть обрезан" / "there is an opening balance and no closing one: the file may be cut"
        => "сверьте остаток с банком или скачайте файл заново" / "compare the balance with the bank, or download the file again";
    TableDateOutside "table/date-outside" Warning
        "операция от {1}, а выписка за другие дни" / "the entry is of {1}, and the statement of other days"
        => "проверьте день этого платежа в банке" / "check the day of this payment with the bank";
    TableStatus "table/status" Warning
        "состояние «{0}» в столбце «{1}» не понято: строка показана, но в учёт не взята" / "the state «{0}» in the column «{1}» is not understood: the row is shown and was not booked"
        => "если деньги прошли, выгрузите только исполненные операции или уберите этот столбец" / "if the money moved, export executed operations only, or leave the column out";
    TableStrayRow "table/stray-row" Note
        "строка без даты и суммы пропущена: «{0}»" / "a row without a date and a sum was skipped: «{0}»"
        => "ничего делать не нужно, если это не операция" / "nothing needs to be done unless it is an entry";
    TableLostText "table/lost-text" Warning
        "в ячейке этой строки текст, которого в книге нет" / "a cell of this row names a text that the workbook does not have"
        => "скачайте файл из банка ещё раз; проверьте имя и назначение в этом платеже" / "download the file from the bank again; check the name and the purpose of this payment";
    TableBook "table/book" Error
        "книга Excel не читается: {1}" / "the workbook cannot be read: {1}"
        => "скачайте файл из банка ещё раз или выгрузите выписку в формате «1С»" / "download the file from the bank again or export the statement in the 1C format";
    TableBookLimit "table/book-limit" Error
        "книга Excel слишком велика: {1}" / "the workbook is too large: {1}"
        => "выгрузите выписку за меньший период или в формате «1С»" / "export a shorter period or in the 1C format";
    } };
}
pub(super) use table_codes;
