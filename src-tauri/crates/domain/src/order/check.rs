//! Checking a draft: every defect by its field, in the words of whoever types.

use super::{
    AMOUNT_MINOR_MAX, Bank, Defect, NAME_CHARS_MAX, NUMBER_DIGITS_MAX, OrderDraft, OrderParty, PURPOSE_CHARS_MAX,
    PartyDraft, PaymentOrder,
};
use crate::{
    identifiers::{AccountNumber, Bik, Inn, InvalidIdentifier, Kpp},
    money::{Currency, Money},
    text::Text,
};

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

fn keep<T>(parsed: Result<T, InvalidIdentifier>, field: &str, defects: &mut Vec<Defect>) -> Option<T> {
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
