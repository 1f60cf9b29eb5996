//! What is said of any file: its kind, its letters, what adds up.

macro_rules! file_codes {
    ($next:ident $($then:ident)*; $($codes:tt)*) => { $next! { $($then)*; $($codes)*
    // What kind of file it is.
    FormatEmpty "format/empty" Error
        "файл пуст{1}" / "the file is empty{1}"
        => "если банк-клиент ещё пишет файл, подождите; если нет, выгрузите выписку из банка ещё раз" / "wait if the bank client is still writing the file; if it is not, export the statement from the bank again";
    FormatExtension "format/extension" Note
        "расширение «{0}» обещает {1}, а внутри {2}" / "the extension «{0}» promises {1}, and inside is {2}"
        => "ничего делать не нужно: решает содержимое файла, а не его имя" / "nothing needs to be done: the bytes of the file decide, and not its name";
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
    EncodingTwice "encoding/twice" Warning
        "файл пересохранён с ошибкой: буквы из {1} приняты за {2}; они восстановлены точно" / "the file was re-saved wrongly: letters in {1} were taken for {2}; they were restored exactly"
        => "имена и назначения верны; при следующей выгрузке не открывайте файл в других программах" / "names and purposes are right; next time do not open the file in other programs";
    EncodingGarbled "encoding/garbled" Error
        "файл испорчен при пересохранении: вместо русских букв в нём другие, и часть потеряна" / "the file was destroyed by a re-save: other letters stand in place of the Russian ones, and some are lost"
        => "скачайте выписку из банка заново и не пересохраняйте её в других программах" / "download the statement from the bank again and do not re-save it in other programs";
    EncodingQuestions "encoding/questions" Error
        "файл испорчен при пересохранении: вместо русских букв в нём знаки «?»" / "the file was destroyed by a re-save: question marks stand in place of its Russian letters"
        => "скачайте выписку из банка заново и не пересохраняйте её в других программах" / "download the statement from the bank again and do not re-save it in other programs";
    EncodingQuestioned "encoding/questioned" Warning
        "вместо букв знаки вопроса: «{0}»" / "question marks stand in place of letters: «{0}»"
        => "текст потерян до нас: посмотрите этот платёж в банке или скачайте выписку заново" / "the text was lost before us: look at this payment in the bank, or download the statement again";

    // What adds up.
    ProofChain "proof/chain" Warning
        "счёт {0}: остаток на начало {1} не равен остатку на конец перед ним, разница {2}" / "account {0}: the opening balance of {1} is not the closing one before it, the difference is {2}"
        => "в выписке не хватает дня или банк исправил остаток: скачайте её заново одним файлом" / "a day is missing or the bank corrected a balance: download the statement again in one file";
    ProofTurnover "proof/turnover" Warning
        "счёт {0}, {1}: по операциям {2} {3}, а банк заявил {4}, разница {5}" / "account {0}, {1}: the entries have {2} of {3}, the bank declares {4}, the difference is {5}"
        => "операций в файле не хватает или они лишние: скачайте выписку заново" / "entries are missing or superfluous: download the statement again";
    ProofCount "proof/count" Warning
        "счёт {0}: {1} в файле {2}, а банк заявил {3}" / "account {0}: the file has {2} {1}, the bank declares {3}"
        => "операций в файле не хватает или они лишние: скачайте выписку заново" / "entries are missing or superfluous: download the statement again";
    ProofDateOutside "proof/date-outside" Warning
        "счёт {0}: операция от {1}, а выписка за {2}" / "account {0}: the entry is of {1}, and the statement of {2}"
        => "проверьте день этого платежа в банке" / "check the day of this payment with the bank";
    ProofClosing "proof/closing" Warning
        "счёт {0}, {1}: остаток на конец не сходится с операциями, разница {2}" / "account {0}, {1}: the closing balance does not agree with the entries, the difference is {2}"
        => "операций в файле не хватает или они лишние: скачайте выписку заново" / "entries are missing or superfluous: download the statement again";
    } };
}
pub(super) use file_codes;
