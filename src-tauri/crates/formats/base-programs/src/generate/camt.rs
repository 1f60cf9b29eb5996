//! camt.053.001.08: one statement, its entries as a European bank writes them, indented.

use std::io::{Result, Write};

use fastrand::Rng;

use super::{Movement, decimal};

pub fn write(entries: u32, rng: &mut Rng, out: &mut impl Write) -> Result<()> {
    let opening = 1_000_000_000_000;
    // The closing balance stands before the entries, so they are made twice.
    let mut foreseen = rng.clone();
    let closing = (0..entries).fold(opening, |balance, _| balance + made(&mut foreseen).0.effect());
    write!(
        out,
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
         <Document xmlns=\"urn:iso:std:iso:20022:tech:xsd:camt.053.001.08\">\n<BkToCstmrStmt>\n\
         <GrpHdr><MsgId>MSG-1</MsgId><CreDtTm>2024-02-01T06:00:00+01:00</CreDtTm></GrpHdr>\n<Stmt>\n<Id>STMT-1</Id>\n\
         <ElctrncSeqNb>1</ElctrncSeqNb>\n<CreDtTm>2024-02-01T06:00:00+01:00</CreDtTm>\n\
         <FrToDt><FrDtTm>2024-01-01T00:00:00+01:00</FrDtTm><ToDtTm>2024-01-31T23:59:59+01:00</ToDtTm></FrToDt>\n\
         <Acct><Id><IBAN>DE89370400440532013000</IBAN></Id><Ccy>EUR</Ccy>\
         <Svcr><FinInstnId><BICFI>BANKDEFFXXX</BICFI></FinInstnId></Svcr></Acct>\n"
    )?;
    balance("OPBD", opening, "2024-01-01", out)?;
    balance("CLBD", closing, "2024-01-31", out)?;
    for number in 0..entries {
        entry(number, entries, rng, out)?;
    }
    write!(out, "</Stmt>\n</BkToCstmrStmt>\n</Document>\n")
}

fn made(rng: &mut Rng) -> (Movement, u32, u32) {
    (Movement::any(rng), rng.u32(..100_000_000), rng.u32(..1_000_000))
}

fn sign(positive: bool) -> &'static str {
    if positive { "CRDT" } else { "DBIT" }
}

fn balance(code: &str, minor: i64, day: &str, out: &mut impl Write) -> Result<()> {
    writeln!(
        out,
        "<Bal><Tp><CdOrPrtry><Cd>{code}</Cd></CdOrPrtry></Tp><Amt Ccy=\"EUR\">{}</Amt><CdtDbtInd>{}</CdtDbtInd>\
         <Dt><Dt>{day}</Dt></Dt></Bal>",
        decimal(minor, '.'),
        sign(minor >= 0),
    )
}

fn entry(number: u32, entries: u32, rng: &mut Rng, out: &mut impl Write) -> Result<()> {
    let (movement, customer, invoice) = made(rng);
    let day = 1 + u64::from(number) * 31 / u64::from(entries);
    let (other, agent, code) = if movement.credit {
        ("Dbtr", "DbtrAgt", "RCDT")
    } else {
        ("Cdtr", "CdtrAgt", "ICDT")
    };
    let (amount, sign) = (decimal(movement.minor, '.'), sign(movement.credit));
    write!(
        out,
        "<Ntry>\n<Amt Ccy=\"EUR\">{amount}</Amt>\n<CdtDbtInd>{sign}</CdtDbtInd>\n<Sts><Cd>BOOK</Cd></Sts>\n\
         <BookgDt><Dt>2024-01-{day:02}</Dt></BookgDt>\n<ValDt><Dt>2024-01-{day:02}</Dt></ValDt>\n\
         <AcctSvcrRef>REF{number:013}</AcctSvcrRef>\n\
         <BkTxCd><Domn><Cd>PMNT</Cd><Fmly><Cd>{code}</Cd><SubFmlyCd>ESCT</SubFmlyCd></Fmly></Domn></BkTxCd>\n\
         <NtryDtls><TxDtls>\n<Refs><EndToEndId>E2E-{invoice:06}</EndToEndId></Refs>\n\
         <Amt Ccy=\"EUR\">{amount}</Amt>\n<RltdPties><{other}><Pty><Nm>Kunde {customer:08} &amp; Co. KG</Nm></Pty></{other}>\
         <{other}Acct><Id><IBAN>DE8937040044{customer:010}</IBAN></Id></{other}Acct></RltdPties>\n\
         <RltdAgts><{agent}><FinInstnId><BICFI>BANKDEFFXXX</BICFI></FinInstnId></{agent}></RltdAgts>\n\
         <RmtInf><Ustrd>Rechnung {invoice:06} vom 01.12.2023</Ustrd></RmtInf>\n</TxDtls></NtryDtls>\n</Ntry>\n"
    )
}
