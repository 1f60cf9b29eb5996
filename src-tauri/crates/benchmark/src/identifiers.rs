//! INN with their check digits, accounts with their control key, and the rest of a firm's numbers.

use fastrand::Rng;

const REGIONS: [&str; 8] = ["77", "78", "50", "66", "54", "16", "23", "63"];

fn check(digits: &str, weights: &[u32]) -> u32 {
    let sum: u32 = digits
        .chars()
        .zip(weights)
        .map(|(digit, weight)| digit.to_digit(10).unwrap_or_default() * weight)
        .sum();
    sum % 11 % 10
}

/// Of a firm: ten digits.
pub fn inn_of_firm(rng: &mut Rng) -> String {
    let digits = format!("{}{:07}", rng.choice(REGIONS).unwrap_or("77"), rng.u32(..10_000_000));
    let last = check(&digits, &[2, 4, 10, 3, 5, 9, 4, 6, 8]);
    format!("{digits}{last}")
}

/// Of a sole trader: twelve digits.
pub fn inn_of_person(rng: &mut Rng) -> String {
    let digits = format!("{}{:08}", rng.choice(REGIONS).unwrap_or("77"), rng.u32(..100_000_000));
    let first = check(&digits, &[7, 2, 4, 10, 3, 5, 9, 4, 6, 8]);
    let digits = format!("{digits}{first}");
    let last = check(&digits, &[3, 7, 2, 4, 10, 3, 5, 9, 4, 6, 8]);
    format!("{digits}{last}")
}

pub fn kpp(inn: &str, rng: &mut Rng) -> String {
    format!("{}{:02}01001", inn.get(..2).unwrap_or("77"), rng.u32(1..60))
}

/// Of a branch: another tax office, another reason code.
pub fn kpp_of_branch(rng: &mut Rng) -> String {
    format!(
        "{}{:02}43{:03}",
        rng.choice(REGIONS).unwrap_or("77"),
        rng.u32(1..60),
        rng.u32(1..10)
    )
}

pub fn bic(rng: &mut Rng) -> String {
    format!("0445{:02}{:03}", rng.u32(25..30), rng.u32(101..999))
}

/// Twenty digits whose ninth makes the control sum of bank and account a multiple of ten.
pub fn account(bic: &str, balance: &str, rng: &mut Rng) -> String {
    const WEIGHTS: [u32; 3] = [7, 1, 3];
    let rest = format!("{:04}{:07}", rng.u32(..10_000), rng.u32(1..10_000_000));
    let currency = "810";
    let sum_with = |key: u32| -> u32 {
        let all = format!("{}{balance}{currency}{key}{rest}", bic.get(6..).unwrap_or("000"));
        all.chars()
            .enumerate()
            .map(|(at, digit)| digit.to_digit(10).unwrap_or_default() * WEIGHTS[at % 3] % 10)
            .sum()
    };
    let key = (0..10).find(|key| sum_with(*key) % 10 == 0).unwrap_or_default();
    format!("{balance}{currency}{key}{rest}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_numbers_have_these_check_digits() {
        // Sberbank's INN.
        assert_eq!(check("770708389", &[2, 4, 10, 3, 5, 9, 4, 6, 8]), 3);
        let mut rng = Rng::with_seed(1);
        let inn = inn_of_person(&mut rng);
        assert_eq!(inn.len(), 12);
        assert_eq!(inn_of_firm(&mut rng).len(), 10);
    }

    #[test]
    fn accounts_have_their_key() {
        let mut rng = Rng::with_seed(2);
        for _ in 0..50 {
            let bic = bic(&mut rng);
            let account = account(&bic, "40702", &mut rng);
            assert_eq!(account.len(), 20);
            let sum: u32 = format!("{}{account}", &bic[6..])
                .chars()
                .enumerate()
                .map(|(at, digit)| digit.to_digit(10).unwrap() * [7, 1, 3][at % 3])
                .sum();
            assert_eq!(sum % 10, 0, "{bic} {account}");
        }
    }
}
