//! The model CRM. A request looks when it is sent and writes when it lands: between the two lies the danger.

use std::collections::BTreeMap;

use domain::{Lane, MessageId};

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fault {
    /// The write takes effect, perhaps late, and no answer comes.
    LostAfterCommit,
    LostBeforeCommit,
    /// 503, 429.
    Busy,
    Offline,
    Unauthorised,
    Refused,
}

impl Fault {
    /// What may befall any request.
    pub const ANY: [Self; 4] = [Self::LostAfterCommit, Self::LostBeforeCommit, Self::Busy, Self::Offline];
}

#[derive(Debug)]
struct Write {
    id: MessageId,
    lane: Lane,
    seq: u64,
    at_ms: u64,
}

#[derive(Debug, Default)]
pub struct Crm {
    applied: BTreeMap<MessageId, u32>,
    last_in_lane: BTreeMap<Lane, u64>,
    on_the_wire: Vec<Write>,
}

impl Crm {
    /// Looks now; what is there already is not written again.
    pub fn send(&mut self, id: &MessageId, lane: &Lane, seq: u64, now_ms: u64, at_ms: u64) -> Result<(), String> {
        self.land(now_ms)?;
        if !self.applied.contains_key(id) {
            self.on_the_wire.push(Write {
                id: id.clone(),
                lane: lane.clone(),
                seq,
                at_ms,
            });
        }
        Ok(())
    }

    pub fn is_on_the_wire(&self, now_ms: u64) -> bool {
        self.on_the_wire.iter().any(|write| write.at_ms > now_ms)
    }

    /// Everything that reaches the CRM by now takes effect, in its order.
    pub fn land(&mut self, now_ms: u64) -> Result<(), String> {
        self.on_the_wire.sort_by_key(|write| write.at_ms);
        while self.on_the_wire.first().is_some_and(|write| write.at_ms <= now_ms) {
            let write = self.on_the_wire.remove(0);
            let times = self.applied.entry(write.id.clone()).or_default();
            *times += 1;
            if *times > 1 {
                return Err(format!("{} took effect {times} times", write.id));
            }
            let last = self.last_in_lane.entry(write.lane).or_default();
            if *last >= write.seq {
                return Err(format!("{} overtook number {last}", write.id));
            }
            *last = write.seq;
        }
        Ok(())
    }

    pub fn times_applied(&self, id: &MessageId) -> u32 {
        self.applied.get(id).copied().unwrap_or(0)
    }
}
