//! The payment order (form 0401060, Bank of Russia 762-П) and its way to the bank, states as types.
//!
//! [`OrderDraft`] is what a person typed, with whatever is wrong in it. [`OrderDraft::check`] makes a [`PaymentOrder`]
//! or names every defect. [`Submitted`] waits for an approval; only [`Approved`] can be written to a bank's file, and
//! the only ways to one are a second person, a sole operator with the owner's permission, and an earlier approval
//! whose hash still fits the content.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::{
    audit::hash_of,
    identifiers::{AccountNumber, Bik, Inn, Kpp},
    ids::PersonId,
    money::{Currency, Money},
    text::Text,
    time::Timestamp,
};

/// Field 24: at most 210 characters.
pub const PURPOSE_CHARS_MAX: usize = 210;
/// Fields 8 and 16: at most 160 characters.
pub const NAME_CHARS_MAX: usize = 160;
/// Field 3: at most 6 digits.
pub const NUMBER_DIGITS_MAX: usize = 6;
/// Field 7: 18 digits in kopecks is the form's limit; this is ours: 100 billion roubles.
pub const AMOUNT_MINOR_MAX: i64 = 10_000_000_000_000;

/// One side of an order as typed.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct PartyDraft {
    pub name: String,
    pub inn: String,
    pub kpp: String,
    pub account: String,
    pub bik: String,
    pub bank_name: String,
    pub bank_city: String,
    pub correspondent_account: String,
}

/// An order as typed. Everything is text, nothing is refused: a draft may be saved half done.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct OrderDraft {
    pub number: String,
    pub date: Option<NaiveDate>,
    /// Roubles, `1234.56`; a decimal comma and spaces are taken too.
    pub amount: String,
    pub payer: PartyDraft,
    pub payee: PartyDraft,
    pub purpose: String,
    /// Field 21, 1 to 5; empty means 5.
    pub priority: String,
    /// Field 22 (УИН); empty or `0` where there is none.
    pub uin: String,
}

/// What is wrong in a draft, by field.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Defect {
    /// As in [`OrderDraft`]: `number`, `payee.account`.
    pub field: String,
    pub message: Text,
}

/// A bank, by its code. The correspondent account is validated against the code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bank {
    pub bik: Bik,
    pub name: String,
    pub city: String,
    /// Some participants have none.
    pub correspondent_account: Option<AccountNumber>,
}

/// Payer or payee.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OrderParty {
    pub name: String,
    /// A payee who is a person may have none.
    pub inn: Option<Inn>,
    pub kpp: Option<Kpp>,
    pub account: AccountNumber,
    pub bank: Bank,
}

/// An order every field of which is valid.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PaymentOrder {
    /// 1 to 6 digits, not all zeros.
    pub number: String,
    pub date: NaiveDate,
    /// Roubles, positive.
    pub amount: Money,
    pub payer: OrderParty,
    pub payee: OrderParty,
    /// 1 to 210 characters of the allowed set.
    pub purpose: String,
    /// 1 to 5.
    pub priority: u8,
    pub uin: Option<String>,
}

impl PaymentOrder {
    /// What an approval is bound to: every field that reaches the bank.
    #[must_use]
    pub fn content_hash(&self) -> String {
        let amount = self.amount.minor().to_string();
        let date = self.date.to_string();
        let priority = self.priority.to_string();
        let currency = self.amount.currency();
        let mut parts = vec![
            "order/1",
            &self.number,
            &date,
            &amount,
            currency.code(),
            &self.purpose,
            &priority,
            self.uin.as_deref().unwrap_or(""),
        ];
        for party in [&self.payer, &self.payee] {
            parts.extend([
                party.name.as_str(),
                party.inn.as_ref().map_or("", Inn::as_str),
                party.kpp.as_ref().map_or("", Kpp::as_str),
                party.account.as_str(),
                party.bank.bik.as_str(),
                &party.bank.name,
                &party.bank.city,
                party
                    .bank
                    .correspondent_account
                    .as_ref()
                    .map_or("", AccountNumber::as_str),
            ]);
        }
        hash_of(&parts)
    }
}

/// Why an order may be written to a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum ApprovalKind {
    /// A person other than the author.
    SecondPerson { approver: PersonId },
    /// The only operator, who confirmed the sum once more; the owner switched this on.
    SoleOperator { operator: PersonId },
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Approval {
    pub kind: ApprovalKind,
    /// [`PaymentOrder::content_hash`] of what was approved.
    pub content_hash: String,
    pub at: Timestamp,
}

/// That the owner lets a sole operator approve own orders. Made from the ledger's setting only.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Permission {
    pub sole_operator: bool,
}

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ApprovalError {
    #[error("the author of an order cannot approve it")]
    AuthorApproves,
    #[error("approving own orders is not switched on")]
    SoleOperatorOff,
    #[error("the repeated sum differs from the order's")]
    ConfirmationDiffers,
    #[error("the order was changed after it was approved")]
    ContentChanged,
}

impl ApprovalError {
    #[must_use]
    pub fn text(&self) -> Text {
        let ru = match self {
            Self::AuthorApproves => "автор платёжки не может утвердить её сам: нужен второй человек",
            Self::SoleOperatorOff => "утверждение собственных платёжек не включено владельцем",
            Self::ConfirmationDiffers => "повторённая сумма не совпадает с суммой платёжки",
            Self::ContentChanged => "платёжка изменена после утверждения: утвердите её заново",
        };
        Text::new(ru, self.to_string())
    }
}

/// A checked order that waits for an approval.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Submitted {
    order: PaymentOrder,
    author: PersonId,
}

impl Submitted {
    #[must_use]
    pub fn new(order: PaymentOrder, author: PersonId) -> Self {
        Self { order, author }
    }

    #[must_use]
    pub fn order(&self) -> &PaymentOrder {
        &self.order
    }

    /// Consent of another person. Whoever calls has checked the passphrase.
    ///
    /// # Errors
    /// The approver is the author.
    pub fn approve(self, approver: PersonId, at: Timestamp) -> Result<Approved, ApprovalError> {
        if approver == self.author {
            return Err(ApprovalError::AuthorApproves);
        }
        Ok(Approved::sealed(
            self.order,
            ApprovalKind::SecondPerson { approver },
            at,
        ))
    }

    /// The operator's own consent, where the owner permits it, with the sum repeated by hand.
    ///
    /// # Errors
    /// Not permitted; another sum.
    pub fn approve_alone(
        self,
        operator: PersonId,
        permission: Permission,
        repeated_amount: Money,
        at: Timestamp,
    ) -> Result<Approved, ApprovalError> {
        if !permission.sole_operator {
            return Err(ApprovalError::SoleOperatorOff);
        }
        if repeated_amount != self.order.amount {
            return Err(ApprovalError::ConfirmationDiffers);
        }
        Ok(Approved::sealed(
            self.order,
            ApprovalKind::SoleOperator { operator },
            at,
        ))
    }
}

/// An order that may be written to a bank's file. There is no other way to one than an approval of this very content.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Approved {
    order: PaymentOrder,
    approval: Approval,
}

impl Approved {
    fn sealed(order: PaymentOrder, kind: ApprovalKind, at: Timestamp) -> Self {
        let content_hash = order.content_hash();
        Self {
            order,
            approval: Approval { kind, content_hash, at },
        }
    }

    /// From the ledger: the approval must still fit the content.
    ///
    /// # Errors
    /// The content has another hash than what was approved.
    pub fn restore(order: PaymentOrder, approval: Approval) -> Result<Self, ApprovalError> {
        if approval.content_hash != order.content_hash() {
            return Err(ApprovalError::ContentChanged);
        }
        Ok(Self { order, approval })
    }

    #[must_use]
    pub fn order(&self) -> &PaymentOrder {
        &self.order
    }

    #[must_use]
    pub fn approval(&self) -> &Approval {
        &self.approval
    }
}

impl OrderDraft {
    /// Makes an order of the draft, or names every defect it has.
    ///
    /// # Errors
    /// Every defect, field by field: control digits of INN and accounts, lengths, characters, sum, purpose.
    pub fn check(&self) -> Result<PaymentOrder, Vec<Defect>> {
        let mut defects = Vec::new();
        let number = self.number(&mut defects);
        let date = self.date;
        if date.is_none() {
            defects.push(defect("date", "укажите дату", "a date is needed"));
        }
        let amount = self.amount(&mut defects);
        let payer = self.payer.check("payer", &mut defects);
        let payee = self.payee.check("payee", &mut defects);
        if self.payer.inn.trim().is_empty() {
            defects.push(defect(
                "payer.inn",
                "укажите ИНН плательщика",
                "the payer's INN is needed",
            ));
        }
        if self.payer.account.trim() == self.payee.account.trim() && self.payer.bik.trim() == self.payee.bik.trim() {
            defects.push(defect(
                "payee.account",
                "счёт получателя совпадает со счётом плательщика",
                "the payee's account is the payer's own",
            ));
        }
        let purpose = one_line(&self.purpose);
        check_text("purpose", &purpose, PURPOSE_CHARS_MAX, &mut defects);
        let priority = self.priority(&mut defects);
        let uin = self.uin(&mut defects);
        match (number, date, amount, payer, payee) {
            (Some(number), Some(date), Some(amount), Some(payer), Some(payee)) if defects.is_empty() => {
                Ok(PaymentOrder {
                    number,
                    date,
                    amount,
                    payer,
                    payee,
                    purpose,
                    priority,
                    uin,
                })
            }
            _ => Err(defects),
        }
    }

    fn number(&self, defects: &mut Vec<Defect>) -> Option<String> {
        let number = self.number.trim();
        let fits = (1..=NUMBER_DIGITS_MAX).contains(&number.len())
            && number.bytes().all(|byte| byte.is_ascii_digit())
            && number.bytes().any(|byte| byte != b'0');
        if !fits {
            defects.push(defect(
                "number",
                "номер: от 1 до 6 цифр, не одни нули",
                "the number: 1 to 6 digits, not all zeros",
            ));
            return None;
        }
        Some(number.to_owned())
    }

    fn amount(&self, defects: &mut Vec<Defect>) -> Option<Money> {
        let text: String = self
            .amount
            .chars()
            .filter(|character| !character.is_whitespace())
            .map(|character| if character == ',' { '.' } else { character })
            .collect();
        match Money::parse(&text, Currency::RUB) {
            Ok(amount) if (1..=AMOUNT_MINOR_MAX).contains(&amount.minor()) => Some(amount),
            Ok(_) => {
                defects.push(defect(
                    "amount",
                    "сумма: больше нуля и не больше 100 000 000 000,00",
                    "the sum: more than zero and at most 100,000,000,000.00",
                ));
                None
            }
            Err(_) => {
                defects.push(defect(
                    "amount",
                    "сумма: рубли и не больше двух цифр копеек",
                    "the sum: roubles and at most two digits of kopecks",
                ));
                None
            }
        }
    }

    fn priority(&self, defects: &mut Vec<Defect>) -> u8 {
        match self.priority.trim() {
            "" => 5,
            text => match text.parse::<u8>() {
                Ok(priority @ 1..=5) => priority,
                _ => {
                    defects.push(defect("priority", "очерёдность: от 1 до 5", "the priority: 1 to 5"));
                    5
                }
            },
        }
    }

    fn uin(&self, defects: &mut Vec<Defect>) -> Option<String> {
        let uin = self.uin.trim();
        if uin.is_empty() || uin == "0" {
            return None;
        }
        if [4, 20, 25].contains(&uin.len()) && uin.bytes().all(|byte| byte.is_ascii_digit()) && uin_agrees(uin) {
            return Some(uin.to_owned());
        }
        defects.push(defect(
            "uin",
            "УИН: 4, 20 или 25 цифр с верным контрольным разрядом, либо пусто",
            "the UIN: 4, 20 or 25 digits with a control digit that agrees, or nothing",
        ));
        None
    }
}

/// The last digit controls the others: weights 1 to 10 in turn, modulo 11; from 3 on where that gives 10. Four-digit
/// codes have no control digit.
fn uin_agrees(uin: &str) -> bool {
    if uin.len() == 4 {
        return true;
    }
    let Some(digits) = uin
        .chars()
        .map(|character| character.to_digit(10))
        .collect::<Option<Vec<_>>>()
    else {
        return false;
    };
    let Some((control, rest)) = digits.split_last() else {
        return false;
    };
    let sum = |first: u32| -> u32 {
        rest.iter()
            .zip((1..=10).cycle().skip(first as usize - 1))
            .map(|(digit, weight)| digit * weight)
            .sum::<u32>()
            % 11
    };
    let expected = match sum(1) {
        10 => match sum(3) {
            10 => 0,
            other => other,
        },
        other => other,
    };
    *control == expected && digits.iter().any(|digit| *digit != 0)
}

impl PartyDraft {
    fn check(&self, side: &str, defects: &mut Vec<Defect>) -> Option<OrderParty> {
        let before = defects.len();
        let field = |name: &str| format!("{side}.{name}");
        let name = one_line(&self.name);
        check_text(&field("name"), &name, NAME_CHARS_MAX, defects);
        let inn = optional(&self.inn).and_then(|text| keep(Inn::parse(text), &field("inn"), defects));
        let kpp = optional(&self.kpp).and_then(|text| keep(Kpp::parse(text), &field("kpp"), defects));
        let bik = keep(Bik::parse(&self.bik), &field("bik"), defects);
        let account = if self.account.trim().starts_with('0') {
            defects.push(defect(
                &field("account"),
                "казначейский счёт: платежи в бюджет здесь пока не составляются, составьте её в банк-клиенте",
                "a treasury account: budget payments cannot be made here yet, make it in the bank client",
            ));
            None
        } else {
            bik.as_ref()
                .and_then(|bik| keep(AccountNumber::parse(&self.account, bik), &field("account"), defects))
        };
        let correspondent_account = optional(&self.correspondent_account).and_then(|text| {
            let bik = bik.as_ref()?;
            keep(
                AccountNumber::parse_correspondent(text, bik),
                &field("correspondent_account"),
                defects,
            )
        });
        let bank_name = one_line(&self.bank_name);
        check_text(&field("bank_name"), &bank_name, NAME_CHARS_MAX, defects);
        if inn.as_ref().is_some_and(Inn::is_person) && kpp.is_some() {
            defects.push(defect(
                &field("kpp"),
                "у человека или ИП (ИНН из 12 цифр) КПП не бывает",
                "a person or sole trader (12-digit INN) has no KPP",
            ));
        }
        if defects.len() > before {
            return None;
        }
        let bank = Bank {
            bik: bik?,
            name: bank_name,
            city: one_line(&self.bank_city),
            correspondent_account,
        };
        Some(OrderParty {
            name,
            inn,
            kpp,
            account: account?,
            bank,
        })
    }
}

fn defect(field: &str, ru: &str, en: &str) -> Defect {
    Defect {
        field: field.to_owned(),
        message: Text::new(ru, en),
    }
}

fn keep<T>(
    parsed: Result<T, crate::identifiers::InvalidIdentifier>,
    field: &str,
    defects: &mut Vec<Defect>,
) -> Option<T> {
    parsed
        .map_err(|invalid| {
            defects.push(Defect {
                field: field.to_owned(),
                message: invalid.text(),
            })
        })
        .ok()
}

/// Banks and people write `0` for «none».
fn optional(text: &str) -> Option<&str> {
    let text = text.trim();
    (!text.is_empty() && text.bytes().any(|byte| byte != b'0')).then_some(text)
}

/// The bank's characters (УФЭБС `TextCategory`: 0x20 to 0x7E, Russian letters, №), typographic signs turned into their
/// plain relatives, on one line. What has no relative stays, and [`check_text`] names it.
#[must_use]
pub fn one_line(text: &str) -> String {
    let mut line = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '«' | '»' | '„' | '“' | '”' => line.push('"'),
            '‘' | '’' => line.push('\''),
            '—' | '–' | '‑' | '−' => line.push('-'),
            '…' => line.push_str("..."),
            '\u{a0}' | '\u{202f}' | '\u{2009}' | '\t' | '\r' | '\n' => line.push(' '),
            other => line.push(other),
        }
    }
    line.trim().to_owned()
}

fn check_text(field: &str, text: &str, chars_max: usize, defects: &mut Vec<Defect>) {
    if text.is_empty() {
        defects.push(defect(field, "заполните поле", "the field is empty"));
        return;
    }
    let length = text.chars().count();
    if length > chars_max {
        defects.push(defect(
            field,
            &format!("длина {length} знаков, а можно не больше {chars_max}"),
            &format!("{length} characters, at most {chars_max} are allowed"),
        ));
    }
    let allowed = |character: char| matches!(character, ' '..='~' | 'А'..='я' | 'Ё' | 'ё' | '№');
    if let Some(stranger) = text.chars().find(|character| !allowed(*character)) {
        defects.push(defect(
            field,
            &format!("знак «{stranger}» банк не примет, замените его"),
            &format!("the bank does not take the character «{stranger}», replace it"),
        ));
    }
}
