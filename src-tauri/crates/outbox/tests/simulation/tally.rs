//! What happened in a history, to be sure that it was one.

use crate::crm::Fault;

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tally {
    pub delivered: u64,
    pub crashes: u64,
    pub clock_jumps: u64,
    pub parked: u64,
    pub lost_after_commit: u64,
    pub lost_before_commit: u64,
    pub busy: u64,
    pub offline: u64,
    pub unauthorised: u64,
    pub refused: u64,
}

impl Tally {
    pub fn fault(&mut self, fault: Option<Fault>) {
        match fault {
            None => {}
            Some(Fault::LostAfterCommit) => self.lost_after_commit += 1,
            Some(Fault::LostBeforeCommit) => self.lost_before_commit += 1,
            Some(Fault::Busy) => self.busy += 1,
            Some(Fault::Offline) => self.offline += 1,
            Some(Fault::Unauthorised) => self.unauthorised += 1,
            Some(Fault::Refused) => self.refused += 1,
        }
    }

    pub fn all(&self) -> [(&'static str, u64); 10] {
        [
            ("delivered", self.delivered),
            ("crashes", self.crashes),
            ("clock jumps", self.clock_jumps),
            ("parked after many attempts", self.parked),
            ("lost after commit", self.lost_after_commit),
            ("lost before commit", self.lost_before_commit),
            ("busy", self.busy),
            ("offline", self.offline),
            ("unauthorised", self.unauthorised),
            ("refused", self.refused),
        ]
    }

    pub fn add(&mut self, other: &Self) {
        self.delivered += other.delivered;
        self.crashes += other.crashes;
        self.clock_jumps += other.clock_jumps;
        self.parked += other.parked;
        self.lost_after_commit += other.lost_after_commit;
        self.lost_before_commit += other.lost_before_commit;
        self.busy += other.busy;
        self.offline += other.offline;
        self.unauthorised += other.unauthorised;
        self.refused += other.refused;
    }
}
