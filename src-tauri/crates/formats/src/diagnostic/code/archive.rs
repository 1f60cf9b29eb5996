//! What is said of archives.

macro_rules! archive_codes {
    ($next:ident $($then:ident)*; $($codes:tt)*) => { $next! { $($then)*; $($codes)*
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
    } };
}
pub(super) use archive_codes;
