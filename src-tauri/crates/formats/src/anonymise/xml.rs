//! Where a camt message says who somebody is: by the names of its elements, whatever their prefix.

use std::ops::Range;

use super::piece::{Form, Manner, Piece, foreign_references};

/// Deeper than any message; what is deeper is treated as a text of no known meaning.
const DEPTH_MAX: usize = 256;

pub(super) fn pieces(text: &str) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut path: Vec<&str> = Vec::new();
    let mut depth = 0_usize;
    let mut at = 0;
    while at < text.len() {
        let rest = &text[at..];
        if let Some(end) = rest
            .strip_prefix("<![CDATA[")
            .map(|inner| inner.find("]]>").unwrap_or(inner.len()))
        {
            // What is inside has no escapes.
            push(&path, at + 9..at + 9 + end, Form::Plain, text, &mut pieces);
            at = (at + 9 + end + 3).min(text.len());
        } else if let Some(end) = rest
            .strip_prefix("<!--")
            .map(|inner| inner.find("-->").unwrap_or(inner.len()))
        {
            pieces.push(Piece::plain(at + 4..at + 4 + end, Manner::Loose));
            at = (at + 4 + end + 3).min(text.len());
        } else if rest.starts_with('<') {
            let end = rest.find('>').map_or(text.len(), |end| at + end + 1);
            let tag = text[at..end].trim_start_matches('<').trim_end_matches('>');
            if tag.starts_with('/') {
                if depth == path.len() {
                    path.pop();
                }
                depth = depth.saturating_sub(1);
            } else if !tag.starts_with(['?', '!']) && !tag.ends_with('/') {
                let name = tag
                    .split(|character: char| character.is_whitespace())
                    .next()
                    .unwrap_or_default();
                if depth == path.len() && depth < DEPTH_MAX {
                    path.push(name.rsplit(':').next().unwrap_or_default());
                }
                depth += 1;
            }
            at = end;
        } else {
            let end = rest.find('<').map_or(text.len(), |end| at + end);
            push(&path, at..end, Form::Xml, text, &mut pieces);
            at = end;
        }
    }
    with_banks(text, pieces)
}

fn push(path: &[&str], range: Range<usize>, form: Form, text: &str, pieces: &mut Vec<Piece>) {
    let Some(manner) = of_path(path) else { return };
    let mut start = range.start;
    if form == Form::Xml {
        // What a document declares of its own, and an ampersand that nobody escaped, stay as they stand.
        for (at, length) in foreign_references(&text[range.clone()]) {
            pieces.push(Piece {
                range: start..range.start + at,
                manner: manner.clone(),
                form,
            });
            start = range.start + at + length;
        }
    }
    pieces.push(Piece {
        range: start..range.end,
        manner,
        form,
    });
}

/// `None`: it says nothing of anybody.
fn of_path(path: &[&str]) -> Option<Manner> {
    let (last, above) = path.split_last()?;
    let parent = above.last().copied().unwrap_or_default();
    let inside = |names: &[&str]| above.iter().any(|element| names.contains(element));
    // A bank may be a side of a payment itself.
    let side = inside(&["Cdtr", "Dbtr", "UltmtCdtr", "UltmtDbtr"]);
    let of_bank = inside(&["FinInstnId", "BrnchId", "Svcr", "FIId"]) && !side;
    Some(match *last {
        "Nm" if of_bank => Manner::Bank,
        "Nm" if inside(&["Acct", "CdtrAcct", "DbtrAcct", "RltdAcct"]) => Manner::Loose,
        "Nm" | "StrtNm" | "BldgNb" | "BldgNm" | "Flr" | "PstBx" | "Room" | "PstCd" | "TwnNm" | "TwnLctnNm"
        | "DstrctNm" | "CtrySubDvsn" | "AdrLine" | "Dept" | "SubDept" | "CityOfBirth" | "PrvcOfBirth" => {
            if of_bank {
                Manner::Bank
            } else {
                Manner::Name
            }
        }
        "IBAN" | "BBAN" | "UPIC" => Manner::Account { bik: None },
        "MmbId" => return None,
        "Id" if parent == "Othr" && inside(&["OrgId", "PrvtId"]) => Manner::Inn,
        "Id" if parent == "Othr" && of_bank => Manner::Reference,
        "Id" if parent == "Othr" => Manner::Account { bik: None },
        "TaxId" | "RegnId" => Manner::Inn,
        "BirthDt" => Manner::Birth,
        "PhneNb" | "MobNb" | "FaxNb" | "EmailAdr" | "URLAdr" => Manner::Contact,
        "Ustrd" | "AddtlNtryInf" | "AddtlTxInf" | "AddtlStmtInf" | "AddtlRptInf" | "AddtlNtfctnInf" | "AddtlRmtInf"
        | "AddtlInf" | "Inf" | "MsgTxt" => Manner::Purpose,
        "PAN" | "PlainCardData" | "CardNb" => Manner::Identifier,
        "Id" | "EndToEndId" | "TxId" | "InstrId" | "PmtInfId" | "MsgId" | "AcctSvcrRef" | "NtryRef" | "MndtId"
        | "ChqNb" | "ClrSysRef" | "Ref" | "Nb" | "UETR" | "Prtry" | "Issr" | "Tp" | "Rsn" => Manner::Reference,
        _ => return None,
    })
}

/// An account's bank is the last `MmbId` that follows it before another account does.
fn with_banks(text: &str, mut pieces: Vec<Piece>) -> Vec<Piece> {
    let mut until = text.len();
    for piece in pieces.iter_mut().rev() {
        let Manner::Account { bik } = &mut piece.manner else {
            continue;
        };
        let after = piece.range.end;
        let between = &text[after..until];
        // `ClrSysMmbId` is the element around it.
        let own = |tag: &usize| between[..*tag].ends_with(['<', ':']) && !between[..*tag].ends_with("</");
        let found = between.match_indices("MmbId>").map(|(tag, _)| tag).find(own);
        let start = found.map(|tag| after + tag + "MmbId>".len());
        *bik = start.and_then(|start| Some(text[start..].split_once('<')?.0.trim().to_owned()));
        until = piece.range.start;
    }
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn elements_say_what_their_text_is() {
        let text = "<?xml version=\"1.0\"?><n:Document xmlns:n=\"x\"><n:Acct><n:Id><n:Othr><n:Id>40702810900000000001</n:Id></n:Othr></n:Id>\
            <Svcr><FinInstnId><Nm>Банк</Nm><ClrSysMmbId><MmbId>044525974</MmbId></ClrSysMmbId></FinInstnId></Svcr></n:Acct>\
            <Ntry><Amt Ccy=\"RUB\">1.00</Amt><Dbtr><Nm>ООО &quot;Лес&quot;</Nm><Id><OrgId><Othr><Id>7701122338</Id></Othr></OrgId></Id></Dbtr>\
            <x/><Ustrd><![CDATA[Оплата]]></Ustrd></Ntry></n:Document>";
        let found: Vec<(&str, Manner, Form)> = pieces(text)
            .into_iter()
            .map(|piece| (&text[piece.range], piece.manner, piece.form))
            .collect();
        let account = Manner::Account {
            bik: Some("044525974".to_owned()),
        };
        assert_eq!(
            found,
            [
                ("40702810900000000001", account, Form::Xml),
                ("Банк", Manner::Bank, Form::Xml),
                ("ООО &quot;Лес&quot;", Manner::Name, Form::Xml),
                ("7701122338", Manner::Inn, Form::Xml),
                ("Оплата", Manner::Purpose, Form::Plain),
            ]
        );
    }

    #[test]
    fn broken_xml_is_walked_to_its_end() {
        for text in [
            "<",
            "<a",
            "<a>b",
            "</a></a>",
            "<![CDATA[",
            "<!--",
            "a>b<c",
            "<Nm>x</Nm",
            &"<a>".repeat(1000),
        ] {
            pieces(text);
        }
    }
}
