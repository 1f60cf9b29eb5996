//! A firm of any size, the same for the same seed: customers with numbers whose control digits agree, and invoices.

use chrono::{Days, NaiveDate};
use domain::{AccountNumber, Bik, Inn};
use serde_json::Value;

use crate::{
    cell::two_decimals,
    firm::{Firm, FirmAccount, FirmCompany, FirmInvoice, FirmRequisite},
};

/// How large a firm, and which one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Seed {
    pub seed: u64,
    pub companies: u32,
    pub invoices: u32,
}

/// Our own company in a seeded firm; customers follow.
pub const OWN_COMPANY: i64 = 1;
const FIRST_CUSTOMER: i64 = 2;
const FIRST_INVOICE: i64 = 100_001;
/// Every so manyth customer is a sole trader.
const SOLE_TRADER_EVERY: u32 = 7;

const BANKS: [(&str, &str, &str); 4] = [
    ("044525225", "ПАО СБЕРБАНК", "30101810400000000225"),
    ("044525593", "АО «АЛЬФА-БАНК»", "30101810200000000593"),
    ("044525187", "БАНК ВТБ (ПАО)", "30101810700000000187"),
    ("044525974", "АО «ТБанк»", "30101810145250000974"),
];
const NAMES: [&str; 12] = [
    "Ромашка",
    "Вектор",
    "Стройдеталь",
    "Балтика",
    "Прогресс",
    "Лесной двор",
    "Три кита",
    "Горизонт",
    "Альянс",
    "Меридиан",
    "Техноснаб",
    "Полюс",
];
const SURNAMES: [&str; 6] = ["Соколова", "Иванов", "Орлов", "Кузнецова", "Белов", "Тарасова"];

/// The day the invoices start from.
fn first_day() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 9, 1).unwrap_or_default()
}

impl Seed {
    /// The firm this seed stands for.
    #[must_use]
    pub fn firm(&self) -> Firm {
        let mut random = fastrand::Rng::with_seed(self.seed);
        let own = company(OWN_COMPANY, "ООО «Северный ветер»", false, true, &mut random);
        let mut companies = vec![own];
        for at in 0..self.companies {
            let id = FIRST_CUSTOMER + i64::from(at);
            let sole_trader = at % SOLE_TRADER_EVERY == SOLE_TRADER_EVERY - 1;
            let name = if sole_trader {
                format!("ИП {} {}", SURNAMES[random.usize(..SURNAMES.len())], id)
            } else {
                format!("ООО «{} {}»", NAMES[random.usize(..NAMES.len())], id)
            };
            companies.push(company(id, &name, sole_trader, false, &mut random));
        }
        let invoices = (0..self.invoices).map(|at| self.invoice(at, &mut random)).collect();
        Firm {
            companies,
            invoices,
            ..Firm::default()
        }
    }

    fn invoice(&self, at: u32, random: &mut fastrand::Rng) -> FirmInvoice {
        let id = FIRST_INVOICE + i64::from(at);
        let date = first_day() + Days::new(random.u64(0..80));
        let company = match self.companies {
            0 => 0,
            companies => FIRST_CUSTOMER + i64::from(random.u32(0..companies)),
        };
        // Whole tens of roubles, sometimes with kopecks.
        let kopecks = if random.u8(0..4) == 0 { random.i64(0..100) } else { 0 };
        FirmInvoice {
            id,
            number: format!("С-{}", at + 1),
            title: None,
            date: Some(date.to_string()),
            due: Some((date + Days::new(14)).to_string()),
            amount: Value::String(two_decimals(random.i64(100..50_000) * 1000 + kopecks)),
            currency: None,
            stage: None,
            category: None,
            company,
            own_company: OWN_COMPANY,
            deal: 0,
            responsible: None,
            payment: false,
        }
    }
}

fn company(id: i64, name: &str, sole_trader: bool, own: bool, random: &mut fastrand::Rng) -> FirmCompany {
    let serial = 1_000_000 + id.unsigned_abs() * 7 + random.u64(0..7);
    let (inn, kpp) = if sole_trader {
        (with_control(&format!("780{serial:07}"), 2), String::new())
    } else {
        (with_control(&format!("78{serial:07}"), 1), "780101001".to_owned())
    };
    let (bik, bank, correspondent) = BANKS[random.usize(..BANKS.len())];
    let balance_account = if sole_trader { "40802" } else { "40702" };
    let account = account(balance_account, bik, random.u64(0..10_000_000));
    FirmCompany {
        id,
        title: name.to_owned(),
        own,
        requisites: vec![FirmRequisite {
            name: name.to_owned(),
            inn,
            kpp,
            accounts: vec![FirmAccount {
                account,
                bik: bik.to_owned(),
                bank: bank.to_owned(),
                correspondent: correspondent.to_owned(),
            }],
        }],
    }
}

/// A tax number by its free digits: the control digits are found by asking the domain which ones agree.
fn with_control(free: &str, control_digits: usize) -> String {
    (0..10_u32.pow(u32::try_from(control_digits).unwrap_or(1)))
        .map(|control| format!("{free}{control:0control_digits$}"))
        .find(|inn| Inn::parse(inn).is_ok())
        .unwrap_or_default()
}

/// A rouble account, its key (the ninth digit) found the same way.
fn account(balance_account: &str, bik: &str, serial: u64) -> String {
    let Ok(bank) = Bik::parse(bik) else {
        return String::new();
    };
    (0..10)
        .map(|key| format!("{balance_account}810{key}0000{serial:07}"))
        .find(|account| AccountNumber::parse(account, &bank).is_ok())
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    const SEED: Seed = Seed {
        seed: 7,
        companies: 40,
        invoices: 200,
    };

    #[test]
    fn the_same_seed_is_the_same_firm() {
        assert_eq!(SEED.firm(), SEED.firm());
        assert_ne!(SEED.firm(), Seed { seed: 8, ..SEED }.firm());
        assert_eq!(SEED.firm().companies.len(), 41);
        assert_eq!(SEED.firm().invoices.len(), 200);
    }

    #[test]
    fn every_number_agrees_with_its_control_digits() {
        let firm = SEED.firm();
        let mut inns = std::collections::BTreeSet::new();
        for requisite in firm.companies.iter().flat_map(|company| &company.requisites) {
            Inn::parse(&requisite.inn).unwrap();
            assert!(inns.insert(requisite.inn.clone()), "{} twice", requisite.inn);
            for account in &requisite.accounts {
                let bik = Bik::parse(&account.bik).unwrap();
                AccountNumber::parse(&account.account, &bik).unwrap();
                AccountNumber::parse_correspondent(&account.correspondent, &bik).unwrap();
            }
        }
    }
}
