//! What must come of the demo's two days, as `fixtures/demo/README.md` says.

pub const ACCOUNT: &str = "40702810500032000017";

/// An invoice that is paid by itself.
pub struct Paid {
    pub invoice: u64,
    pub number: &'static str,
    pub sum: &'static str,
    pub stage: &'static str,
    pub deal: Option<u64>,
}

const fn paid(invoice: u64, number: &'static str, sum: &'static str, stage: &'static str, deal: Option<u64>) -> Paid {
    Paid {
        invoice,
        number,
        sum,
        stage,
        deal,
    }
}

pub const FIRST_DAY: [Paid; 5] = [
    paid(1003, "СЧ-145", "146400.00", "DT31_3:P", Some(501)),
    paid(1004, "СЧ-146", "87840.00", "DT31_3:P", Some(502)),
    paid(1005, "СЧ-147", "312320.00", "DT31_3:P", None),
    paid(1006, "СЧ-148", "24400.00", "DT31_3:P", None),
    paid(1007, "СЧ-149", "59780.00", "DT31_7:UC_A1B2C3", Some(503)),
];

pub const SECOND_DAY: [Paid; 2] = [
    paid(1011, "СЧ-153", "73200.00", "DT31_7:UC_A1B2C3", None),
    paid(1012, "СЧ-154", "18300.00", "DT31_3:P", None),
];

/// Incoming payments of the first day that pay nothing by themselves: sum and state.
pub const LEFT_ALONE: [(&str, &str); 5] = [
    ("36600.00", "review"),
    ("122000.00", "review"),
    ("200000.00", "not_customers"),
    ("500000.00", "not_customers"),
    ("96480.00", "not_customers"),
];

/// The invoices that tie for one payment.
pub const TIED: [(u64, &str); 2] = [(1008, "СЧ-150"), (1009, "СЧ-151")];
pub const TIED_SUM: &str = "36600.00";
/// The stage of invoices that wait for money.
pub const SENT_STAGE: &str = "DT31_3:S";
pub const PAID_STAGE: &str = "DT31_3:P";

/// The invoice of which half is paid.
pub const HALVED: (u64, &str, u64) = (1010, "СЧ-152", 504);
pub const HALF: &str = "122000.00";

/// Paid before the story begins.
pub const PAID_BEFORE: u64 = 1001;
pub const NEVER_PAID: u64 = 1013;
