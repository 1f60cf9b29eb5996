//! What an element of a camt message is, by where it stands: names are short and repeat (`Id`, `Amt`, `Dt`), their
//! parents tell them apart. What is not listed is [`Node::Other`], whose text is kept as the bank wrote it and not
//! understood. Versions are not known here: an element that any of them has is in the one table.

/// Message reports and their elements (ISO 20022 `BankToCustomerStatement`, `...AccountReport`,
/// `...DebitCreditNotification`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// camt.053: what was booked.
    Statement,
    /// camt.052: the day so far, provisional.
    Report,
    /// camt.054: more about entries of a statement.
    Notification,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Node {
    /// Envelopes, `Document`, headers of the transport.
    Outside,
    Other,
    Message,
    GroupHeader,
    HeaderTime,
    Paging,
    LastPage,
    // A statement.
    Report(Kind),
    ReportTime,
    Period,
    PeriodFrom,
    PeriodTo,
    OwnAccount,
    AccountId,
    AccountOther,
    AccountNumber,
    AccountCurrency,
    Servicer,
    Summary,
    TotalEntries,
    TotalCredits,
    TotalDebits,
    TotalNet,
    CreditsSum,
    DebitsSum,
    EntriesSum,
    EntriesCount,
    CreditsCount,
    DebitsCount,
    NetAmount,
    NetSign,
    Balance,
    BalanceType,
    BalanceCode,
    BalanceAmount,
    BalanceSign,
    BalanceDate,
    BalanceDay,
    // An entry.
    Entry,
    EntryReference,
    EntryAmount,
    EntrySign,
    EntryReversal,
    EntryStatus,
    BookingDate,
    BookingDay,
    ValueDate,
    ValueDay,
    EntryBankReference,
    EntryInfo,
    EntryDetails,
    TransactionCode,
    Domain,
    Family,
    /// Domain, family and sub-family, in the order they stand.
    CodePart,
    Proprietary,
    ProprietaryCode,
    Charges,
    ChargeRecord,
    ChargeAmount,
    ChargeSign,
    ChargeIncluded,
    // A payment of an entry.
    Transaction,
    References,
    EndToEnd,
    TransactionAmount,
    TransactionSign,
    Amounts,
    PaidAmounts,
    PaidAmount,
    InstructedAmounts,
    InstructedAmount,
    TransactionInfo,
    Return,
    Remittance,
    Unstructured,
    Structured,
    CreditorReferences,
    CreditorReference,
    Documents,
    DocumentNumber,
    ExtraRemittance,
    // The two sides.
    Parties,
    Agents,
    Debtor,
    Creditor,
    UltimateDebtor,
    UltimateCreditor,
    DebtorAccount,
    CreditorAccount,
    DebtorAgent,
    CreditorAgent,
    PartyName,
    PartyId,
    PartyScheme,
    PartyOther,
    PartyOtherId,
    PartySchemeName,
    PartySchemeCode,
    PartyInstitution,
    TaxNumber,
    Institution,
    Bic,
    BankName,
    Clearing,
    ClearingSystem,
    ClearingCode,
    Member,
}

impl Node {
    /// What the element `name` (without its prefix) is inside of this one.
    pub(super) fn child(self, name: &[u8]) -> Self {
        match self {
            Self::Entry => entry_child(name),
            Self::Transaction => transaction_child(name),
            Self::Report(_) => report_child(name),
            Self::Outside => match name {
                // Version 01 wrote its number into the name.
                _ if name.starts_with(b"BkToCstmr") => Self::Message,
                _ => Self::Outside,
            },
            Self::Message => match name {
                b"GrpHdr" => Self::GroupHeader,
                b"Stmt" => Self::Report(Kind::Statement),
                b"Rpt" => Self::Report(Kind::Report),
                b"Ntfctn" => Self::Report(Kind::Notification),
                _ => Self::Other,
            },
            Self::OwnAccount
            | Self::AccountId
            | Self::AccountOther
            | Self::DebtorAccount
            | Self::CreditorAccount
            | Self::Servicer
            | Self::Institution
            | Self::Clearing
            | Self::ClearingSystem
            | Self::DebtorAgent
            | Self::CreditorAgent => account_child(self, name),
            Self::Parties
            | Self::Agents
            | Self::Debtor
            | Self::Creditor
            | Self::UltimateDebtor
            | Self::UltimateCreditor
            | Self::PartyId
            | Self::PartyScheme
            | Self::PartyOther
            | Self::PartySchemeName
            | Self::PartyInstitution => party_child(self, name),
            _ => self.inner_child(name),
        }
    }

    fn inner_child(self, name: &[u8]) -> Self {
        match (self, name) {
            (Self::GroupHeader, b"CreDtTm") => Self::HeaderTime,
            (Self::GroupHeader, b"MsgPgntn") => Self::Paging,
            (Self::Paging, b"LastPgInd") => Self::LastPage,
            (Self::Period, b"FrDtTm" | b"FrDt") => Self::PeriodFrom,
            (Self::Period, b"ToDtTm" | b"ToDt") => Self::PeriodTo,
            (Self::Summary, b"TtlCdtNtries") => Self::TotalCredits,
            (Self::Summary, b"TtlDbtNtries") => Self::TotalDebits,
            (Self::Summary, b"TtlNtries") => Self::TotalEntries,
            // Up to version 03 the net stands among the totals themselves.
            (Self::TotalEntries, b"TtlNetNtry") => Self::TotalNet,
            (Self::TotalEntries, b"TtlNetNtryAmt") | (Self::TotalNet, b"Amt") => Self::NetAmount,
            (Self::TotalEntries | Self::TotalNet, b"CdtDbtInd") => Self::NetSign,
            (Self::TotalEntries, b"Sum") => Self::EntriesSum,
            (Self::TotalEntries, b"NbOfNtries") => Self::EntriesCount,
            (Self::TotalCredits, b"NbOfNtries") => Self::CreditsCount,
            (Self::TotalDebits, b"NbOfNtries") => Self::DebitsCount,
            (Self::TotalCredits, b"Sum") => Self::CreditsSum,
            (Self::TotalDebits, b"Sum") => Self::DebitsSum,
            (Self::Balance, b"Tp") | (Self::BalanceType, b"CdOrPrtry") => Self::BalanceType,
            (Self::BalanceType, b"Cd" | b"Prtry") => Self::BalanceCode,
            (Self::Balance, b"Amt") => Self::BalanceAmount,
            (Self::Balance, b"CdtDbtInd") => Self::BalanceSign,
            (Self::Balance, b"Dt") => Self::BalanceDate,
            (Self::BalanceDate, b"Dt" | b"DtTm") => Self::BalanceDay,
            (Self::BookingDate, b"Dt" | b"DtTm") => Self::BookingDay,
            (Self::ValueDate, b"Dt" | b"DtTm") => Self::ValueDay,
            (Self::EntryStatus, b"Cd" | b"Prtry") => Self::EntryStatus,
            (Self::EntryDetails, b"TxDtls") => Self::Transaction,
            (Self::TransactionCode, b"Domn") => Self::Domain,
            (Self::TransactionCode, b"Prtry") => Self::Proprietary,
            (Self::Domain, b"Cd") | (Self::Family, b"Cd" | b"SubFmlyCd") => Self::CodePart,
            (Self::Domain, b"Fmly") => Self::Family,
            (Self::Proprietary, b"Cd") => Self::ProprietaryCode,
            // Up to version 03 a charge stands in `Chrgs` itself.
            (Self::Charges, b"Rcrd") => Self::ChargeRecord,
            (Self::Charges | Self::ChargeRecord, b"Amt") => Self::ChargeAmount,
            (Self::Charges | Self::ChargeRecord, b"CdtDbtInd") => Self::ChargeSign,
            (Self::Charges | Self::ChargeRecord, b"ChrgInclInd") => Self::ChargeIncluded,
            (Self::References, b"EndToEndId") => Self::EndToEnd,
            (Self::Amounts, b"TxAmt") => Self::PaidAmounts,
            (Self::Amounts, b"InstdAmt") => Self::InstructedAmounts,
            (Self::PaidAmounts, b"Amt") => Self::PaidAmount,
            (Self::InstructedAmounts, b"Amt") => Self::InstructedAmount,
            (Self::Remittance, b"Ustrd") => Self::Unstructured,
            (Self::Remittance, b"Strd") => Self::Structured,
            (Self::Structured, b"CdtrRefInf") => Self::CreditorReferences,
            (Self::CreditorReferences, b"Ref" | b"CdtrRef") => Self::CreditorReference,
            (Self::Structured, b"RfrdDocInf") => Self::Documents,
            (Self::Documents, b"Nb" | b"RfrdDocNb") => Self::DocumentNumber,
            (Self::Structured, b"AddtlRmtInf") => Self::ExtraRemittance,
            _ => Self::Other,
        }
    }
}

fn report_child(name: &[u8]) -> Node {
    match name {
        b"Ntry" => Node::Entry,
        b"Bal" => Node::Balance,
        b"Acct" => Node::OwnAccount,
        b"CreDtTm" => Node::ReportTime,
        b"FrToDt" => Node::Period,
        b"TxsSummry" => Node::Summary,
        b"StmtPgntn" | b"RptPgntn" | b"NtfctnPgntn" => Node::Paging,
        _ => Node::Other,
    }
}

fn entry_child(name: &[u8]) -> Node {
    match name {
        b"NtryRef" => Node::EntryReference,
        b"Amt" => Node::EntryAmount,
        b"CdtDbtInd" => Node::EntrySign,
        b"RvslInd" => Node::EntryReversal,
        b"Sts" => Node::EntryStatus,
        b"BookgDt" => Node::BookingDate,
        b"ValDt" => Node::ValueDate,
        b"AcctSvcrRef" => Node::EntryBankReference,
        b"BkTxCd" => Node::TransactionCode,
        b"Chrgs" => Node::Charges,
        b"NtryDtls" => Node::EntryDetails,
        b"AddtlNtryInf" => Node::EntryInfo,
        // Version 01.
        b"TxDtls" => Node::Transaction,
        _ => Node::Other,
    }
}

fn transaction_child(name: &[u8]) -> Node {
    match name {
        b"Refs" => Node::References,
        b"Amt" => Node::TransactionAmount,
        b"CdtDbtInd" => Node::TransactionSign,
        b"AmtDtls" => Node::Amounts,
        b"BkTxCd" => Node::TransactionCode,
        b"Chrgs" => Node::Charges,
        b"RltdPties" => Node::Parties,
        b"RltdAgts" => Node::Agents,
        b"RmtInf" => Node::Remittance,
        b"RtrInf" => Node::Return,
        b"AddtlTxInf" => Node::TransactionInfo,
        _ => Node::Other,
    }
}

fn account_child(of: Node, name: &[u8]) -> Node {
    match (of, name) {
        (Node::OwnAccount | Node::DebtorAccount | Node::CreditorAccount, b"Id") => Node::AccountId,
        (Node::AccountId, b"IBAN" | b"BBAN" | b"UPIC") | (Node::AccountOther, b"Id") => Node::AccountNumber,
        (Node::AccountId, b"Othr" | b"PrtryAcct") => Node::AccountOther,
        (Node::OwnAccount, b"Ccy") => Node::AccountCurrency,
        (Node::OwnAccount, b"Svcr") => Node::Servicer,
        (Node::Servicer | Node::DebtorAgent | Node::CreditorAgent, b"FinInstnId") => Node::Institution,
        (Node::Institution, b"BICFI" | b"BIC") => Node::Bic,
        (Node::Institution, b"Nm") => Node::BankName,
        (Node::Institution, b"ClrSysMmbId") => Node::Clearing,
        (Node::Institution, b"CmbndId" | b"NmAndAdr") => Node::Institution,
        (Node::Clearing, b"ClrSysId") => Node::ClearingSystem,
        (Node::Clearing, b"MmbId") => Node::Member,
        (Node::ClearingSystem, b"Cd" | b"Prtry") => Node::ClearingCode,
        _ => Node::Other,
    }
}

fn party_child(of: Node, name: &[u8]) -> Node {
    use Node::{Creditor, Debtor, UltimateCreditor, UltimateDebtor};
    match (of, name) {
        (Node::Parties, b"Dbtr") => Debtor,
        (Node::Parties, b"Cdtr") => Creditor,
        (Node::Parties, b"UltmtDbtr") => UltimateDebtor,
        (Node::Parties, b"UltmtCdtr") => UltimateCreditor,
        (Node::Parties, b"DbtrAcct") => Node::DebtorAccount,
        (Node::Parties, b"CdtrAcct") => Node::CreditorAccount,
        (Node::Agents, b"DbtrAgt") => Node::DebtorAgent,
        (Node::Agents, b"CdtrAgt") => Node::CreditorAgent,
        // The wrapper since version 08.
        (Debtor | Creditor | UltimateDebtor | UltimateCreditor, b"Pty") => of,
        (Debtor | Creditor | UltimateDebtor | UltimateCreditor | Node::PartyInstitution, b"Nm") => Node::PartyName,
        (Debtor | Creditor | UltimateDebtor | UltimateCreditor, b"Agt") => Node::PartyInstitution,
        (Node::PartyInstitution, b"FinInstnId") => Node::PartyInstitution,
        (Debtor | Creditor, b"Id") => Node::PartyId,
        (Node::PartyId, b"OrgId" | b"PrvtId") => Node::PartyScheme,
        (Node::PartyScheme, b"Othr" | b"PrtryId") => Node::PartyOther,
        (Node::PartyScheme, b"TaxIdNb") => Node::TaxNumber,
        (Node::PartyOther, b"Id") => Node::PartyOtherId,
        (Node::PartyOther, b"SchmeNm") => Node::PartySchemeName,
        (Node::PartySchemeName, b"Cd" | b"Prtry") => Node::PartySchemeCode,
        _ => Node::Other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(path: &str) -> Node {
        path.split('/')
            .fold(Node::Outside, |node, name| node.child(name.as_bytes()))
    }

    #[test]
    fn the_same_name_is_another_thing_in_another_place() {
        for (path, node) in [
            (
                "Envelope/Body/Document/BkToCstmrStmt/Stmt",
                Node::Report(Kind::Statement),
            ),
            ("Document/BkToCstmrAcctRpt/Rpt/Acct/Id/Othr/Id", Node::AccountNumber),
            ("Document/BkToCstmrDbtCdtNtfctn/Ntfctn/Ntry/Amt", Node::EntryAmount),
            ("Document/BkToCstmrStmt/Stmt/Bal/Amt", Node::BalanceAmount),
            ("Document/BkToCstmrStmt/Stmt/Bal/Avlbty/Amt", Node::Other),
            ("Document/BkToCstmrStmt/Stmt/Ntry/Sts/Cd", Node::EntryStatus),
            (
                "Document/BkToCstmrStmt/Stmt/Ntry/NtryDtls/TxDtls/RltdPties/Dbtr/Pty/Nm",
                Node::PartyName,
            ),
            (
                "Document/BkToCstmrStmt/Stmt/Ntry/NtryDtls/TxDtls/RltdPties/Dbtr/Nm",
                Node::PartyName,
            ),
            (
                "Document/BkToCstmrStmt/Stmt/Ntry/NtryDtls/TxDtls/RltdPties/Dbtr/CtctDtls/Nm",
                Node::Other,
            ),
            ("Document/Stmt", Node::Outside),
        ] {
            assert_eq!(at(path), node, "{path}");
        }
    }
}
