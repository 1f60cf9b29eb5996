//! What a column may be, and its name in profiles.

use serde::{Deserialize, Serialize};

macro_rules! fields {
    ($($name:ident $text:literal $ru:literal;)*) => {
        /// What a column is.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        pub enum Field { $(#[doc = $ru] $name),* }

        impl Field {
            pub const ALL: &'static [Self] = &[$(Self::$name),*];

            /// As profiles and the command line write it.
            #[must_use]
            pub fn name(self) -> &'static str {
                match self { $(Self::$name => $text),* }
            }

            /// As the accountant calls it.
            #[must_use]
            pub fn russian(self) -> &'static str {
                match self { $(Self::$name => $ru),* }
            }
        }
    };
}

fields! {
    Date "date" "дата операции";
    ValueDate "value_date" "дата валютирования";
    DocumentDate "document_date" "дата документа";
    Number "number" "номер документа";
    Debit "debit" "списание";
    Credit "credit" "зачисление";
    Amount "amount" "сумма";
    Direction "direction" "направление";
    Currency "currency" "валюта";
    Balance "balance" "остаток после операции";
    Kind "kind" "вид операции";
    Status "status" "состояние операции";
    Purpose "purpose" "назначение платежа";
    Reference "reference" "номер операции в банке";
    Account "account" "свой счёт";
    Name "name" "контрагент";
    Inn "inn" "ИНН контрагента";
    Kpp "kpp" "КПП контрагента";
    PartyAccount "party_account" "счёт контрагента";
    Bik "bik" "БИК банка контрагента";
    Bank "bank" "банк контрагента";
    PayerName "payer_name" "плательщик";
    PayerInn "payer_inn" "ИНН плательщика";
    PayerKpp "payer_kpp" "КПП плательщика";
    PayerAccount "payer_account" "счёт плательщика";
    PayerBik "payer_bik" "БИК банка плательщика";
    PayerBank "payer_bank" "банк плательщика";
    PayeeName "payee_name" "получатель";
    PayeeInn "payee_inn" "ИНН получателя";
    PayeeKpp "payee_kpp" "КПП получателя";
    PayeeAccount "payee_account" "счёт получателя";
    PayeeBik "payee_bik" "БИК банка получателя";
    PayeeBank "payee_bank" "банк получателя";
}

impl Field {
    #[must_use]
    pub fn of_name(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|field| field.name() == name)
    }

    /// A mistake here makes wrong sums, days or owners: two columns of it are asked about. The others only say less.
    pub(super) fn decides(self) -> bool {
        matches!(
            self,
            Self::Date
                | Self::Debit
                | Self::Credit
                | Self::Amount
                | Self::Direction
                | Self::Account
                | Self::PayerAccount
                | Self::PayeeAccount
        )
    }

    pub(super) fn is_sum(self) -> bool {
        matches!(self, Self::Debit | Self::Credit | Self::Amount)
    }
}

/// Whose a column of names, codes and accounts is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Side {
    Counterparty,
    Payer,
    Payee,
}

/// What a column says of a side.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    Name,
    Inn,
    Kpp,
    Account,
    Bik,
    Bank,
}

impl Side {
    pub(super) const fn field(self, part: Part) -> Field {
        match (self, part) {
            (Self::Counterparty, Part::Name) => Field::Name,
            (Self::Counterparty, Part::Inn) => Field::Inn,
            (Self::Counterparty, Part::Kpp) => Field::Kpp,
            (Self::Counterparty, Part::Account) => Field::PartyAccount,
            (Self::Counterparty, Part::Bik) => Field::Bik,
            (Self::Counterparty, Part::Bank) => Field::Bank,
            (Self::Payer, Part::Name) => Field::PayerName,
            (Self::Payer, Part::Inn) => Field::PayerInn,
            (Self::Payer, Part::Kpp) => Field::PayerKpp,
            (Self::Payer, Part::Account) => Field::PayerAccount,
            (Self::Payer, Part::Bik) => Field::PayerBik,
            (Self::Payer, Part::Bank) => Field::PayerBank,
            (Self::Payee, Part::Name) => Field::PayeeName,
            (Self::Payee, Part::Inn) => Field::PayeeInn,
            (Self::Payee, Part::Kpp) => Field::PayeeKpp,
            (Self::Payee, Part::Account) => Field::PayeeAccount,
            (Self::Payee, Part::Bik) => Field::PayeeBik,
            (Self::Payee, Part::Bank) => Field::PayeeBank,
        }
    }
}
