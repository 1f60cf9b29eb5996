//! Whatever is imported, decided, undone, dismissed and delivered in whatever order: no invoice is paid beyond its sum,
//! every live allocation is told exactly once, and in the end the CRM holds the live allocations and nothing else.

use std::collections::{BTreeMap, BTreeSet};

use proptest::{prelude::*, test_runner::TestRunner};

use super::firm::{DAY_20, DAY_21, Firm};
use crate::{
    Until,
    wire::{EntryRequest, EntryState, MessageState},
};

#[derive(Debug, Clone)]
enum Step {
    Import(bool),
    Decide(usize),
    Dismiss(usize),
    Undo(usize),
    /// With a fault that strikes one call.
    Deliver(Option<&'static str>),
    Pull,
}

fn step() -> impl Strategy<Value = Step> {
    let fault = prop::option::of(prop::sample::select(vec![
        "cut_before",
        "cut_after",
        "status_503",
        "truncated",
    ]));
    prop_oneof![
        2 => any::<bool>().prop_map(Step::Import),
        3 => any::<usize>().prop_map(Step::Decide),
        1 => any::<usize>().prop_map(Step::Dismiss),
        4 => any::<usize>().prop_map(Step::Undo),
        2 => fault.prop_map(Step::Deliver),
        1 => Just(Step::Pull),
    ]
}

impl Firm {
    async fn take(&self, step: &Step) {
        let rows = self.rows(None);
        let some = |at: usize, state: EntryState| {
            let rows: Vec<_> = rows.iter().filter(|row| row.state == state).collect();
            (!rows.is_empty()).then(|| rows[at % rows.len()].sum.amount.clone())
        };
        match step {
            Step::Import(first) => {
                self.import(if *first { DAY_20 } else { DAY_21 });
            }
            Step::Decide(at) => {
                if let Some(sum) = some(*at, EntryState::Review) {
                    // Two candidates may have become none: a refusal is an answer too.
                    let _ = self.decide(&sum);
                }
            }
            Step::Dismiss(at) => {
                if let Some(sum) = some(*at, EntryState::Review) {
                    let entry = self.entry(&sum).entry;
                    self.session.dismiss(&EntryRequest { entry }).unwrap();
                }
            }
            Step::Undo(at) => {
                if let Some(sum) = some(*at, EntryState::Decided) {
                    self.undo(&sum).unwrap();
                }
            }
            Step::Deliver(fault) => {
                if let Some(kind) = fault {
                    self.fault("*", kind, 1).await;
                }
                self.deliver(Until::TriedOnce).await;
                self.mend().await;
            }
            Step::Pull => {
                self.session.pull_invoices().await.unwrap();
            }
        }
    }

    /// Payment ids by invoice, as the live allocations say.
    fn live(&self) -> BTreeMap<String, BTreeSet<String>> {
        let mut live: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for row in self.rows(None) {
            let record = self.session.entry_record(&row.entry).unwrap();
            let Some(made) = &record.decision else { continue };
            for allocation in &made.decision.allocations {
                let invoice = self.session.ledger.invoice(&allocation.invoice).unwrap().unwrap();
                assert!(!invoice.open.is_negative(), "{} is paid beyond its sum", invoice.number);
                let telling: Vec<_> = record
                    .messages
                    .iter()
                    .map(|message| &message.stored)
                    .filter(|stored| stored.message.decision.as_ref() == Some(&made.decision.id))
                    .filter(|stored| stored.message.operation.invoice() == &allocation.invoice)
                    .collect();
                assert_eq!(telling.len(), 1, "{}", invoice.number);
                assert_ne!(telling[0].state, store::MessageState::Withdrawn);
                live.entry(invoice.number)
                    .or_default()
                    .insert(record.ledger_entry.payment.0.clone());
            }
        }
        live
    }

    async fn at_the_end(&self) {
        self.deliver(Until::Empty).await;
        let live = self.live();
        for invoice in self.portal_invoices().await {
            let number = invoice["number"].as_str().unwrap();
            let held: Vec<String> = serde_json::from_value(invoice["payment_ids"].clone()).unwrap();
            let told: BTreeSet<String> = held.iter().cloned().collect();
            assert_eq!(told.len(), held.len(), "{number} holds a payment twice");
            assert_eq!(told, live.get(number).cloned().unwrap_or_default(), "{number}");
        }
        let request = crate::wire::OutboxPageRequest {
            state: Some(MessageState::Parked),
            ..Default::default()
        };
        assert_eq!(self.session.outbox_page(&request).unwrap().total, 0);
        assert!(self.session.audit_verify().unwrap().broken_at.is_none());
    }
}

#[test]
fn the_crm_ends_with_the_live_allocations() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let config = ProptestConfig {
        cases: 3,
        max_shrink_iters: 20,
        failure_persistence: None,
        ..ProptestConfig::default()
    };
    TestRunner::new(config)
        .run(&prop::collection::vec(step(), 6..12), |steps| {
            runtime.block_on(async {
                let firm = Firm::with_day_20().await;
                for step in &steps {
                    firm.take(step).await;
                    firm.live();
                }
                firm.at_the_end().await;
            });
            Ok(())
        })
        .unwrap();
}
