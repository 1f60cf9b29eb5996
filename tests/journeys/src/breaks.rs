//! What `--break` spoils: one real thing each, so that the check of its step must see it.

use std::fs;

use anyhow::{Context, Result, ensure};

use crate::{
    bank,
    portal::text,
    story::{
        Story,
        expected::{FIRST_DAY, HALVED, NEVER_PAID, PAID_STAGE, TIED},
    },
};

pub struct Break {
    /// The first break of a step bears the step's name.
    pub name: &'static str,
    pub step: &'static str,
    pub says: &'static str,
    /// Between what happens in the step and the look at it; `None`: while it happens.
    pub(crate) spoil: Option<fn(&mut Story) -> Result<()>>,
}

const fn after(
    name: &'static str,
    step: &'static str,
    says: &'static str,
    spoil: fn(&mut Story) -> Result<()>,
) -> Break {
    Break {
        name,
        step,
        says,
        spoil: Some(spoil),
    }
}

const fn during(name: &'static str, step: &'static str, says: &'static str) -> Break {
    Break {
        name,
        step,
        says,
        spoil: None,
    }
}

pub const BREAKS: &[Break] = &[
    after(
        "connect",
        "connect",
        "an invoice is added to the CRM behind the program's back",
        |story| story.portal.add_invoice("СЧ-999", "100.00"),
    ),
    during("statement", "statement", "a sum in the statement is another one"),
    during(
        "half-file",
        "statement",
        "somebody imports the file before its writer is done",
    ),
    after("offline", "offline", "a waiting message is parked", |story| {
        let queue = story.place.lines(&["outbox", "list"])?;
        let message = text(queue.first().context("the queue is empty")?, "message");
        story.place.one(&["outbox", "park", &message]).map(drop)
    }),
    after("faults", "faults", "a comment is deleted in the CRM", |story| {
        story.portal.delete_comment(FIRST_DAY[0].invoice)
    }),
    after("second-comment", "faults", "a comment is written twice", |story| {
        story.portal.add_comment(FIRST_DAY[1].invoice, "Поступила оплата")
    }),
    after("stage", "faults", "a paid invoice is moved back in the CRM", |story| {
        story.portal.move_invoice(FIRST_DAY[2].invoice, "DT31_3:N")
    }),
    after("deal", "faults", "a deal loses its payment id", |story| {
        story
            .portal
            .empty_deal(FIRST_DAY[0].deal.context("an invoice without a deal")?)
    }),
    after("kill", "kill", "a firm's comment is written twice", |story| {
        let end = story.kills().last().context("nobody was killed")?;
        end.portal.add_comment(FIRST_DAY[3].invoice, "Поступила оплата")
    }),
    after(
        "decide",
        "decide",
        "the undone invoice is moved to paid in the CRM",
        |story| story.portal.move_invoice(TIED[0].0, PAID_STAGE),
    ),
    after(
        "reversal",
        "decide",
        "the comment of the reversal is deleted",
        |story| story.portal.delete_comment(TIED[0].0),
    ),
    after(
        "partial",
        "partial",
        "the half paid invoice is moved to paid in the CRM",
        |story| story.portal.move_invoice(HALVED.0, PAID_STAGE),
    ),
    after(
        "order",
        "order",
        "the sum in the exported file is another one",
        |story| {
            let path = story.exported_file();
            let bytes = fs::read(path)?;
            Ok(fs::write(path, bank::altered(&bytes, "=48500.00", "=98500.00")?)?)
        },
    ),
    after("order-file", "order", "the exported file is removed", |story| {
        Ok(fs::remove_file(story.exported_file())?)
    }),
    during(
        "next-day",
        "next-day",
        "the opening balance is not yesterday's closing one",
    ),
    during(
        "repeat",
        "repeat",
        "the file for both days has a payment of another sum",
    ),
    after(
        "audit",
        "audit",
        "a byte of the audit log is changed in the ledger's file",
        |story| {
            let ledger = rusqlite::Connection::open(story.place.ledger().join("ledger.sqlite"))?;
            ledger.execute_batch("DROP TRIGGER audit_no_update")?;
            let changed = ledger.execute(
                "UPDATE audit SET body = replace(body, '146400.00', '146400.01') WHERE action = 'decision.made'",
                [],
            )?;
            ensure!(changed > 0, "there was no decision to change");
            Ok(())
        },
    ),
    after(
        "once",
        "once",
        "an invoice that nobody paid is moved to paid in the CRM",
        |story| story.portal.move_invoice(NEVER_PAID, PAID_STAGE),
    ),
    after(
        "lost-id",
        "once",
        "a paid invoice gets another payment's id too",
        |story| story.portal.add_payment(FIRST_DAY[0].invoice, "sv1-0"),
    ),
];
