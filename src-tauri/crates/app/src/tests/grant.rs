//! What a CRM grants is shared by every process that has the ledger open.

use std::{sync::Arc, time::Duration};

use outbox::Spent;
use serde_json::json;

use super::firm::Firm;
use crate::{Session, host::Host as _};

const CONNECTION: &str = "b24";
/// Far longer than the pull of a portal on this machine takes.
const WAITS: Duration = Duration::from_secs(2);

#[tokio::test(flavor = "multi_thread")]
async fn what_another_process_took_of_the_grant_is_waited_for() {
    let firm = Firm::new().await;
    let other = Session::open(&firm.session.folder(), Arc::clone(&firm.host) as _).unwrap();
    let took = |closed_for_ms| {
        let spent = Spent {
            at: firm.host.now(),
            level_milli: 0,
            closed_for_ms,
        };
        let keep = |before: Option<&str>| {
            assert!(before.is_some(), "every call is counted in the ledger");
            json!(spent).to_string()
        };
        other.ledger.spend(CONNECTION, keep).unwrap();
    };
    took(3_600_000);
    let pulled = tokio::time::timeout(WAITS, firm.session.pull_invoices()).await;
    assert!(pulled.is_err(), "it went on beside the other");
    took(0);
    firm.session.pull_invoices().await.unwrap();
}
