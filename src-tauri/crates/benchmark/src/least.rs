//! The program that does the least: it reads both files as they have to be read and writes as many answers, of the same
//! shape, without having looked for anything. What a matching costs is told as a multiple of it.

use std::{
    io::{BufWriter, Write},
    path::Path,
};

use anyhow::Result;

use crate::{
    baselines::records,
    shape::{AllocationLine, CandidateLine, DecisionLine, EvidenceLine, InvoiceLine, PaymentLine, Verdict},
};

/// # Errors
/// When a file cannot be read, or the output not be written.
pub fn run(invoices: &Path, payments: &Path) -> Result<()> {
    let invoices: Vec<InvoiceLine> = records(invoices)?;
    let mut output = BufWriter::new(std::io::stdout().lock());
    // The invoices are walked through in a circle, so that none of them is read in vain.
    for (payment, invoice) in records::<PaymentLine>(payments)?.iter().zip(invoices.iter().cycle()) {
        serde_json::to_writer(&mut output, &answer(payment, invoice))?;
        output.write_all(b"\n")?;
    }
    output.flush()?;
    Ok(())
}

/// What an answer about a usual payment holds.
fn answer(payment: &PaymentLine, invoice: &InvoiceLine) -> DecisionLine {
    let allocations = vec![AllocationLine {
        invoice: invoice.id.clone(),
        amount: payment.amount.clone(),
    }];
    let placed = |kind: &str, start: usize, end: usize| EvidenceLine {
        kind: kind.to_owned(),
        text: Some(payment.purpose.chars().skip(start).take(end - start).collect()),
        start: Some(start),
        end: Some(end),
        for_invoice: Some(invoice.id.clone()),
    };
    let evidence = vec![
        placed("invoice_number", 10, 21),
        placed("invoice_date", 25, 35),
        EvidenceLine::plain("payer_inn"),
        EvidenceLine::plain("exact_amount"),
    ];
    DecisionLine {
        payment: payment.id.clone(),
        decision: Verdict::Auto,
        allocations: allocations.clone(),
        remainder: Some("0.00".to_owned()),
        evidence: evidence.clone(),
        against: Vec::new(),
        candidates: vec![CandidateLine {
            allocations,
            rank: 1,
            evidence,
        }],
    }
}
