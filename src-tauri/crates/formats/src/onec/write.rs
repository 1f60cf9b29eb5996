//! Approved payment orders as a file for the bank client, by the strict profile: windows-1251, CRLF, version 1.03,
//! sums with two decimals, fields in a fixed order. Budget payments are not made here.

use chrono::{NaiveDate, NaiveTime};
use domain::{Approved, Inn, Kpp, OrderParty, PaymentOrder, Text};
use encoding_rs::WINDOWS_1251;

use super::field::{Field, Keyword};

/// Orders of one file; bank clients take fewer than this.
pub const ORDERS_MAX: usize = 10_000;

/// What the file says of itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OrderFileHeader {
    /// The sending program.
    pub sender: String,
    pub created: NaiveDate,
    pub time: NaiveTime,
}

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum WriteError {
    #[error("there are no orders to write")]
    NoOrders,
    #[error("{0} orders are too many for one file, at most {ORDERS_MAX}")]
    TooManyOrders(usize),
    #[error("order {number}: {field} holds «{character}», which a bank's file cannot carry")]
    Character {
        number: String,
        field: &'static str,
        character: char,
    },
}

impl WriteError {
    #[must_use]
    pub fn text(&self) -> Text {
        let ru = match self {
            Self::NoOrders => "нет платёжек для выгрузки".to_owned(),
            Self::TooManyOrders(count) => {
                format!("{count} платёжек слишком много для одного файла, можно {ORDERS_MAX}")
            }
            Self::Character {
                number,
                field,
                character,
            } => format!("платёжка {number}: в поле {field} знак «{character}», которого банк не примет; замените его"),
        };
        Text::new(ru, self.to_string())
    }
}

/// # Errors
/// Nothing to write, too much of it, or a character windows-1251 lacks. Nothing is replaced in silence.
pub fn write_orders(orders: &[Approved], header: &OrderFileHeader) -> Result<Vec<u8>, WriteError> {
    let orders: Vec<&PaymentOrder> = orders.iter().map(Approved::order).collect();
    let (Some(first), Some(last)) = (
        orders.iter().map(|order| order.date).min(),
        orders.iter().map(|order| order.date).max(),
    ) else {
        return Err(WriteError::NoOrders);
    };
    if orders.len() > ORDERS_MAX {
        return Err(WriteError::TooManyOrders(orders.len()));
    }
    let mut file = Writer { bytes: Vec::new() };
    file.keyword(Keyword::Signature);
    let number = "";
    file.pair(number, Field::Version, "1.03")?;
    file.pair(number, Field::Encoding, "Windows")?;
    file.pair(number, Field::Sender, &header.sender)?;
    file.pair(number, Field::Receiver, "")?;
    file.pair(number, Field::CreatedDate, &day(header.created))?;
    file.pair(number, Field::CreatedTime, &header.time.format("%H:%M:%S").to_string())?;
    file.pair(number, Field::From, &day(first))?;
    file.pair(number, Field::To, &day(last))?;
    let mut accounts: Vec<&str> = Vec::new();
    for order in &orders {
        let account = order.payer.account.as_str();
        if !accounts.contains(&account) {
            accounts.push(account);
            file.pair(number, Field::Account, account)?;
        }
    }
    file.pair(number, Field::DocumentFilter, PAYMENT_ORDER)?;
    for order in orders {
        file.order(order)?;
    }
    file.keyword(Keyword::FileEnd);
    Ok(file.bytes)
}

const PAYMENT_ORDER: &str = "Платежное поручение";

fn day(date: NaiveDate) -> String {
    date.format("%d.%m.%Y").to_string()
}

struct Writer {
    bytes: Vec<u8>,
}

/// The keys of one side, in the order they are written.
struct SideKeys {
    account: Field,
    name: Field,
    inn: Field,
    kpp: Field,
    name1: Field,
    settlement: Field,
    bank1: Field,
    bank2: Field,
    bik: Field,
    correspondent: Field,
}

const PAYER: SideKeys = SideKeys {
    account: Field::PayerAccount,
    name: Field::Payer,
    inn: Field::PayerInn,
    kpp: Field::PayerKpp,
    name1: Field::Payer1,
    settlement: Field::PayerSettlement,
    bank1: Field::PayerBank1,
    bank2: Field::PayerBank2,
    bik: Field::PayerBik,
    correspondent: Field::PayerCorrespondent,
};

const PAYEE: SideKeys = SideKeys {
    account: Field::PayeeAccount,
    // The same word as the header's receiving program.
    name: Field::Receiver,
    inn: Field::PayeeInn,
    kpp: Field::PayeeKpp,
    name1: Field::Payee1,
    settlement: Field::PayeeSettlement,
    bank1: Field::PayeeBank1,
    bank2: Field::PayeeBank2,
    bik: Field::PayeeBik,
    correspondent: Field::PayeeCorrespondent,
};

impl Writer {
    fn order(&mut self, order: &PaymentOrder) -> Result<(), WriteError> {
        let number = order.number.as_str();
        self.raw(number, Keyword::DocumentStart.name(), PAYMENT_ORDER)?;
        self.pair(number, Field::Number, number)?;
        self.pair(number, Field::Date, &day(order.date))?;
        self.pair(number, Field::Amount, &order.amount.decimal())?;
        self.side(number, &order.payer, &PAYER)?;
        self.side(number, &order.payee, &PAYEE)?;
        self.pair(number, Field::OperationCode, "01")?;
        if let Some(uin) = &order.uin {
            self.pair(number, Field::Uin, uin)?;
        }
        self.pair(number, Field::Priority, &order.priority.to_string())?;
        self.pair(number, Field::Purpose, &order.purpose)?;
        self.keyword(Keyword::DocumentEnd);
        Ok(())
    }

    fn side(&mut self, number: &str, party: &OrderParty, keys: &SideKeys) -> Result<(), WriteError> {
        let account = party.account.as_str();
        let inn = party.inn.as_ref().map_or("", Inn::as_str);
        let correspondent = party.bank.correspondent_account.as_ref();
        self.pair(number, keys.account, account)?;
        self.pair(number, keys.name, &labelled_name(party))?;
        self.pair(number, keys.inn, inn)?;
        // Without a drawer's status it does not make a budget payment of it.
        if let Some(kpp) = &party.kpp {
            self.pair(number, keys.kpp, kpp.as_str())?;
        }
        self.pair(number, keys.name1, &party.name)?;
        self.pair(number, keys.settlement, account)?;
        self.pair(number, keys.bank1, &party.bank.name)?;
        self.pair(number, keys.bank2, &party.bank.city)?;
        self.pair(number, keys.bik, party.bank.bik.as_str())?;
        self.pair(
            number,
            keys.correspondent,
            correspondent.map_or("", |account| account.as_str()),
        )
    }

    fn pair(&mut self, number: &str, field: Field, value: &str) -> Result<(), WriteError> {
        self.raw(number, field.name(), value)
    }

    fn raw(&mut self, number: &str, key: &'static str, value: &str) -> Result<(), WriteError> {
        let refused = |character| WriteError::Character {
            number: number.to_owned(),
            field: key,
            character,
        };
        // A line end in a value would start a key of its own.
        if let Some(control) = value.chars().find(|character| character.is_control()) {
            return Err(refused(control));
        }
        let (encoded, _, lossy) = WINDOWS_1251.encode(value);
        if lossy {
            let stranger = value
                .chars()
                .find(|character| WINDOWS_1251.encode(character.encode_utf8(&mut [0; 4])).2);
            return Err(refused(stranger.unwrap_or(char::REPLACEMENT_CHARACTER)));
        }
        self.known(key);
        self.bytes.push(b'=');
        self.bytes.extend_from_slice(&encoded);
        self.bytes.extend_from_slice(b"\r\n");
        Ok(())
    }

    fn keyword(&mut self, keyword: Keyword) {
        self.known(keyword.name());
        self.bytes.extend_from_slice(b"\r\n");
    }

    /// The format's own words are all in windows-1251.
    fn known(&mut self, word: &str) {
        self.bytes.extend_from_slice(&WINDOWS_1251.encode(word).0);
    }
}

/// As 1C writes it: `ИНН 7718123456 ООО "…"`.
fn labelled_name(party: &OrderParty) -> String {
    match (&party.inn, &party.kpp) {
        (Some(inn), Some(kpp)) => format!("ИНН {inn}\\{} {}", Kpp::as_str(kpp), party.name),
        (Some(inn), None) => format!("ИНН {inn} {}", party.name),
        (None, _) => party.name.clone(),
    }
}
