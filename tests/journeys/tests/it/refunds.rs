//! A payment is pushed as paid, and a later statement says that the money went back: a person confirms it, the CRM shows
//! the stages chosen for a partial and a full refund, and nothing is doubled however often the program dies in between.

use std::{process::Stdio, thread, time::Duration};

use domain::Lang;
use journeys::{
    bank,
    place::Place,
    portal::{Portal, text},
    story::{
        connect,
        expected::{FIRST_DAY, PAID_STAGE},
    },
};
use serde_json::Value;

const SEEDS: [u64; 2] = [1, 2];
const KILLS: usize = 4;
/// About as long as a command takes.
const LIVES_MS: std::ops::Range<u64> = 20..900;
const FAULTS: [&str; 4] = ["timeout_after_commit", "cut_before", "cut_after", "status_503"];
const FAULTY_METHODS: [&str; 3] = ["crm.item.update", "crm.timeline.comment.add", "crm.item.get"];
const FAULTS_IN_A_RUN: usize = 3;
/// Chosen for a full and a partial refund.
const ALL_BACK: &str = "DT31_3:D";
const PARTLY_BACK: &str = "DT31_3:UC_7K2QAB";
/// The debits of the third day that go back to customers.
const WHOLE: &str = "146400.00";
const PART: &str = "20000.00";

struct Firm {
    place: Place,
    portal: Portal,
    random: fastrand::Rng,
}

impl Firm {
    /// Two days paid here and in the CRM, the stages chosen, and the third day's statement in the folder.
    fn new(seed: u64) -> Self {
        let place = Place::new(Lang::En).unwrap();
        let portal = Portal::start(&place).unwrap();
        connect::found_firm(&place).unwrap();
        connect::connect(&place, &portal).unwrap();
        let chosen = [
            "stages",
            "--set",
            &format!("invoices:3:full_refund={ALL_BACK}"),
            "--set",
            &format!("invoices:3:partial_refund={PARTLY_BACK}"),
        ];
        place.lines(&chosen).unwrap();
        let firm = Self {
            place,
            portal,
            random: fastrand::Rng::with_seed(seed),
        };
        firm.imports(bank::FIRST_NAME, bank::FIRST_DAY);
        firm.imports(bank::SECOND_NAME, bank::SECOND_DAY);
        firm.place.one(&["sync"]).unwrap();
        firm
    }

    fn imports(&self, name: &str, bytes: &[u8]) {
        let file = bank::drop_file(self.place.root(), name, bytes).unwrap();
        self.place.one(&["import", file.to_str().unwrap()]).unwrap();
    }

    /// Starts a command several times and kills it at a moment by chance.
    fn dies_doing(&mut self, arguments: &[&str]) {
        for _ in 0..KILLS {
            let mut command = self.place.command(arguments).unwrap();
            let mut started = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
            thread::sleep(Duration::from_millis(self.random.u64(LIVES_MS)));
            started.kill().unwrap();
            started.wait().unwrap();
        }
    }

    fn bad_day(&mut self) {
        for _ in 0..FAULTS_IN_A_RUN {
            let method = FAULTY_METHODS[self.random.usize(..FAULTY_METHODS.len())];
            self.portal
                .fault(method, FAULTS[self.random.usize(..FAULTS.len())])
                .unwrap();
        }
    }

    /// The debit of this sum in the inbox.
    fn refund(&self, sum: &str) -> Value {
        let rows = self.place.lines(&["inbox", "--limit", "500"]).unwrap();
        let found = rows
            .iter()
            .find(|row| row["outgoing"] == true && row["sum"]["amount"] == sum);
        found.unwrap_or_else(|| panic!("no debit of {sum}: {rows:?}")).clone()
    }

    fn show(&self, sum: &str) -> Value {
        self.place.one(&["inbox", &text(&self.refund(sum), "entry")]).unwrap()
    }

    /// Until it is done, a command that is asked again and again; done already is done.
    fn insist(&mut self, arguments: &[&str], done: &str) {
        self.dies_doing(arguments);
        let ran = self.place.run(&[arguments, &["--json"]].concat(), "").unwrap();
        assert!(
            ran.status.success() || ran.failure_code().as_deref() == Some(done),
            "{}",
            ran.err
        );
    }

    fn crm(&self, at: usize) -> (String, usize, usize) {
        let held = self.portal.snapshot().unwrap();
        let item = held.invoice(FIRST_DAY[at].invoice).unwrap();
        (item.stage.clone(), item.payments.len(), item.comments.len())
    }

    fn open(&self, number: &str) -> String {
        let rows = self.place.lines(&["invoices", "list", "--limit", "500"]).unwrap();
        let row = rows.iter().find(|row| row["number"] == number).unwrap();
        text(&row["open"], "amount")
    }

    /// How often this was written into the audit log about it.
    fn audited(&self, action: &str, decision: &str) -> usize {
        let events = self.place.lines(&["audit", "list", "--limit", "10000"]).unwrap();
        let of = |event: &&Value| event["action"] == action && event["subject"] == decision;
        events.iter().filter(of).count()
    }

    fn delivers(&mut self) {
        self.bad_day();
        self.dies_doing(&["sync"]);
        let done = self.place.one(&["sync"]).unwrap();
        assert_eq!((&done["waiting"], &done["parked"]), (&0.into(), &0.into()), "{done}");
    }
}

#[test]
fn money_that_goes_back_is_told_once_and_an_undo_puts_everything_back() {
    thread::scope(|scope| {
        for seed in SEEDS {
            scope.spawn(move || there_and_back(&mut Firm::new(seed)));
        }
    });
}

fn there_and_back(firm: &mut Firm) {
    assert_eq!(firm.crm(0), (PAID_STAGE.to_owned(), 1, 1));
    assert_eq!(firm.crm(1), (PAID_STAGE.to_owned(), 1, 1));
    let file = bank::drop_file(firm.place.root(), bank::THIRD_NAME, bank::THIRD_DAY).unwrap();
    let file = file.to_str().unwrap().to_owned();
    firm.dies_doing(&["import", &file]);
    firm.place.one(&["import", &file]).unwrap();
    for sum in [WHOLE, PART] {
        assert_eq!(firm.refund(sum)["state"], "review", "asked, never decided by itself");
    }
    assert_eq!(firm.show(WHOLE)["candidates"][0]["undoes"]["full"], true);
    assert_eq!(firm.show(PART)["candidates"][0]["undoes"]["full"], false);

    for sum in [WHOLE, PART] {
        let entry = text(&firm.refund(sum), "entry");
        firm.insist(&["decide", &entry], "decision/already-decided");
    }
    assert_eq!(
        (firm.open("СЧ-145").as_str(), firm.open("СЧ-146").as_str()),
        (WHOLE, PART)
    );
    firm.delivers();
    assert_eq!(firm.crm(0), (ALL_BACK.to_owned(), 0, 2));
    assert_eq!(firm.crm(1), (PARTLY_BACK.to_owned(), 1, 2));
    let pulled = firm.place.one(&["invoices", "pull"]).unwrap();
    assert_eq!(pulled["drifted"], 0, "our own doing is no drift");

    for sum in [WHOLE, PART] {
        let decision = text(&firm.show(sum)["decision"], "decision");
        assert_eq!(firm.audited("decision.made", &decision), 1);
        firm.insist(&["undo", &decision], "decision/already-undone");
        assert_eq!(firm.audited("decision.undone", &decision), 1);
        assert_eq!(firm.refund(sum)["state"], "review");
    }
    assert_eq!(
        (firm.open("СЧ-145").as_str(), firm.open("СЧ-146").as_str()),
        ("0.00", "0.00")
    );
    firm.delivers();
    assert_eq!(firm.crm(0), (PAID_STAGE.to_owned(), 1, 3));
    assert_eq!(firm.crm(1), (PAID_STAGE.to_owned(), 1, 3));
    assert_eq!(firm.place.one(&["invoices", "pull"]).unwrap()["drifted"], 0);
    assert_eq!(firm.place.one(&["audit", "verify"]).unwrap()["sound"], true);
}
