//! Something on the way delivers every single request twice: a payment is told once all the same, and so is its undoing.

use std::sync::Arc;

use crm::{
    CallError, Crm,
    amocrm::{self, Account},
    bitrix24::{self, Portal},
};
use outbox::Policy;
use serde_json::Value;

use crate::{
    line::{Calm, Line, Shore, Way, Which, read},
    program::{Disk, Program},
    small::Small,
    told::Told,
};

/// The first answer is lost on the way, and the second one comes.
#[derive(Clone)]
struct Doubling;

impl Way for Doubling {
    async fn carry(&self, shore: &Shore, which: Which, method: &str, params: &Value) -> Result<Value, CallError> {
        shore.ask(which, method, params).await;
        read(which, shore.ask(which, method, params).await)
    }
}

async fn told_once(which: Which) {
    let small = Small::by(&mut fastrand::Rng::with_seed(6));
    assert!(
        small.invoices.iter().any(|invoice| !invoice.is_paid_in_full()),
        "one is taken back"
    );
    let shore = Shore::new(small.sandbox());
    let (first, line) = (Line::new(&shore, which, Calm), Line::new(&shore, which, Doubling));
    let crm: Arc<dyn Crm> = match which {
        Which::Bitrix24 => {
            let first = bitrix24::Client::new(first, Portal::new("b24"));
            let introduced = Crm::connect(&first).await.unwrap();
            Arc::new(bitrix24::Client::new(
                line,
                Portal::remembered("b24", &introduced.remember),
            ))
        }
        Which::Amocrm => {
            Crm::connect(&amocrm::Client::new(first, Account::new("amo")))
                .await
                .unwrap();
            Arc::new(amocrm::Client::new(line, Account::new("amo")))
        }
    };
    let mut disk = Disk::of(small.messages(which));
    Program::start(crm, &shore, Policy::default(), 1, &mut disk)
        .run(&mut disk)
        .await;
    let told = Told::by(&shore, which).await;
    let mut mended = 0;
    for (id, row) in &disk.rows {
        let receipt = row
            .delivered
            .as_ref()
            .unwrap_or_else(|| panic!("{id}: {:?}", row.reason));
        let said = told.said(id);
        assert_eq!(said.len(), 1, "{id}");
        assert_eq!(
            receipt.comment.as_deref(),
            Some(said[0].to_string().as_str()),
            "the receipt names the one that stays"
        );
        let is_said = |note: &&domain::Text| note.en.contains("reached") && note.en.contains("twice");
        mended += receipt.notes.iter().filter(is_said).count();
    }
    // Where the limits refuse the second of two, nothing is doubled.
    assert!(mended > 0);
}

#[tokio::test(start_paused = true)]
async fn bitrix24_is_told_once() {
    told_once(Which::Bitrix24).await;
}

#[tokio::test(start_paused = true)]
async fn amocrm_is_told_once() {
    told_once(Which::Amocrm).await;
}
