//! Whose account a statement is of is read from the side of a payment that is not the counterparty's.

#![expect(clippy::unwrap_used, reason = "what a test stands on must be there")]

use std::{fs, io::Cursor, path::Path};

use domain::{Entry, PartyDraft};
use formats::{Options, own_side, read_all};

fn entries(bytes: &[u8]) -> Vec<Entry> {
    let collected = read_all(Cursor::new(bytes), &Options::default()).unwrap();
    collected.statements.into_iter().flat_map(|one| one.entries).collect()
}

fn fixture(name: &str) -> Vec<Entry> {
    let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../fixtures");
    entries(&fs::read(fixtures.join(name)).unwrap())
}

fn exchange(payee: &str) -> Vec<Entry> {
    entries(
        format!(
            "1CClientBankExchange\r\nВерсияФормата=1.03\r\nКодировка=UTF-8\r\nРасчСчет=40702810500032000017\r\n\
             СекцияДокумент=Платежное поручение\r\nНомер=1\r\nДата=20.11.2026\r\nСумма=10.00\r\n\
             ПлательщикСчет=40702810702300004517\r\nПлательщик=ООО \"Ромашка\"\r\nПлательщикИНН=7813641821\r\n\
             ДатаПоступило=20.11.2026\r\n{payee}\r\nНазначениеПлатежа=Оплата\r\nКонецДокумента\r\nКонецФайла\r\n"
        )
        .as_bytes(),
    )
}

fn camt(direction: &str, parties: &str) -> Vec<Entry> {
    entries(
        format!(
            "<Document xmlns=\"urn:iso:std:iso:20022:tech:xsd:camt.053.001.08\"><BkToCstmrStmt><GrpHdr><MsgId>M</MsgId></GrpHdr>\
             <Stmt><Id>S</Id><Acct><Id><Othr><Id>40702810500032000017</Id></Othr></Id><Ccy>RUB</Ccy></Acct>\
             <Ntry><Amt Ccy=\"RUB\">200.00</Amt><CdtDbtInd>{direction}</CdtDbtInd><Sts><Cd>BOOK</Cd></Sts>\
             <BookgDt><Dt>2026-11-20</Dt></BookgDt><NtryDtls><TxDtls>{parties}</TxDtls></NtryDtls></Ntry>\
             </Stmt></BkToCstmrStmt></Document>"
        )
        .as_bytes(),
    )
}

#[test]
fn the_owner_is_the_payee_of_what_came_in_and_the_payer_of_what_went_out() {
    let party = |of: [&str; 8]| {
        let [
            name,
            inn,
            kpp,
            account,
            bik,
            bank_name,
            bank_city,
            correspondent_account,
        ] = of.map(str::to_owned);
        PartyDraft {
            name,
            inn,
            kpp,
            account,
            bik,
            bank_name,
            bank_city,
            correspondent_account,
        }
    };
    let org =
        |inn: &str| format!("<Id><OrgId><Othr><Id>{inn}</Id><SchmeNm><Cd>TXID</Cd></SchmeNm></Othr></OrgId></Id>");
    /// What it is, its entries, and the owner that the first of them name.
    type Case<'a> = (&'a str, Vec<Entry>, &'a [Option<PartyDraft>]);
    let cases: &[Case<'_>] = &[
        (
            "every key of the exchange",
            exchange(
                "ПолучательСчет=40702810500032000017\r\nПолучатель1=ООО \"Северный ветер\"\r\nПолучательИНН=7802641756\r\n\
                 ПолучательКПП=780201001\r\nПолучательБИК=044525225\r\nПолучательБанк1=ПАО СБЕРБАНК\r\n\
                 ПолучательБанк2=г. Москва\r\nПолучательКорсчет=30101810400000000225",
            ),
            &[Some(party([
                "ООО \"Северный ветер\"",
                "7802641756",
                "780201001",
                "40702810500032000017",
                "044525225",
                "ПАО СБЕРБАНК",
                "г. Москва",
                "30101810400000000225",
            ]))],
        ),
        (
            "codes written into the name, zeros for none",
            exchange(
                "ПолучательСчет=4070 2810 5000 3200 0017\r\nПолучатель=ИНН 7802641756\\780201001 ООО Северный ветер\r\n\
                 ПолучательИНН=0\r\nПолучательКПП=000000000",
            ),
            &[Some(party([
                "ООО Северный ветер",
                "7802641756",
                "780201001",
                "40702810500032000017",
                "",
                "",
                "",
                "",
            ]))],
        ),
        (
            "Alfa-Bank",
            fixture("json/ok/alfa.json"),
            &[
                Some(party([
                    "ООО Получатель",
                    "5409988773",
                    "",
                    "40702810900000000101",
                    "045004641",
                    "",
                    "",
                    "",
                ])),
                Some(party([
                    "ООО Плательщик",
                    "7812345675",
                    "",
                    "40702810900000000101",
                    "044030653",
                    "СЕВЕРНЫЙ УЧЕБНЫЙ БАНК",
                    "",
                    "",
                ])),
            ],
        ),
        (
            "T-Bank names the counterparty alone on its short pages",
            fixture("json/ok/tbank_first_of_several_pages.json"),
            &[None],
        ),
        (
            "camt, a party in Pty",
            camt(
                "CRDT",
                &format!(
                    "<RltdPties><Dbtr><Pty><Nm>ООО Ромашка</Nm>{}</Pty></Dbtr><Cdtr><Pty><Nm>ООО Северный ветер</Nm>{}</Pty></Cdtr>\
                     <CdtrAcct><Id><Othr><Id>40702810500032000017</Id></Othr></Id></CdtrAcct></RltdPties>\
                     <RltdAgts><CdtrAgt><FinInstnId><ClrSysMmbId><ClrSysId><Cd>RUCBC</Cd></ClrSysId><MmbId>044525225</MmbId></ClrSysMmbId>\
                     <Nm>ПАО СБЕРБАНК</Nm></FinInstnId></CdtrAgt></RltdAgts>",
                    org("7813641821"),
                    org("7802641756")
                ),
            ),
            &[Some(party([
                "ООО Северный ветер",
                "7802641756",
                "",
                "40702810500032000017",
                "044525225",
                "ПАО СБЕРБАНК",
                "",
                "",
            ]))],
        ),
        (
            "camt, the other side only",
            camt(
                "DBIT",
                &format!(
                    "<RltdPties><Cdtr><Nm>ООО Ромашка</Nm>{}</Cdtr></RltdPties>",
                    org("7813641821")
                ),
            ),
            &[None],
        ),
    ];
    for (what, entries, expected) in cases {
        let found: Vec<Option<PartyDraft>> = entries.iter().take(expected.len()).map(own_side).collect();
        assert_eq!(found, *expected, "{what}");
    }
}
