//! MT940: statements of 500 lines, the most that SWIFT allows in one message, each with its `:86:` in `?NN` fields.

use std::io::{Result, Write};

use fastrand::Rng;

use super::{Movement, decimal};

const LINES_A_STATEMENT: u32 = 500;

pub fn write(entries: u32, rng: &mut Rng, out: &mut impl Write) -> Result<()> {
    let mut balance = 1_000_000_000_000;
    let mut left = entries;
    let mut number = 0;
    while left > 0 {
        number += 1;
        let lines = left.min(LINES_A_STATEMENT);
        balance = statement(number, lines, balance, rng, out)?;
        left -= lines;
    }
    Ok(())
}

fn statement(number: u32, lines: u32, opening: i64, rng: &mut Rng, out: &mut impl Write) -> Result<i64> {
    let day = 1 + (number - 1) % 28;
    write!(
        out,
        "{{1:F01BANKDEFFXXXX0000000000}}{{2:O9401200240101BANKDEFFXXXX00000000002401011200N}}{{4:\r\n\
         :20:STARTUMS{number:06}\r\n:25:50880050/0194774600888\r\n:28C:{:05}/001\r\n:60F:{}\r\n",
        number % 100_000,
        balance(opening, day),
    )?;
    let mut closing = opening;
    for line in 0..lines {
        let movement = Movement::any(rng);
        closing += movement.effect();
        entry(number, line, day, movement, rng, out)?;
    }
    write!(out, ":62F:{}\r\n-}}\r\n", balance(closing, day))?;
    Ok(closing)
}

fn balance(minor: i64, day: u32) -> String {
    let mark = if minor < 0 { 'D' } else { 'C' };
    format!("{mark}2401{day:02}EUR{}", decimal(minor, ','))
}

fn entry(number: u32, line: u32, day: u32, movement: Movement, rng: &mut Rng, out: &mut impl Write) -> Result<()> {
    let mark = if movement.credit { 'C' } else { 'D' };
    let (code, words) = if movement.credit {
        (166, "GUTSCHRIFT")
    } else {
        (116, "UEBERWEISUNG")
    };
    let customer = rng.u32(..100_000_000);
    let invoice = rng.u32(..1_000_000);
    write!(
        out,
        ":61:2401{day:02}01{day:02}{mark}{}NTRFINV-{invoice:06}//{number:06}{line:06}\r\n\
         :86:{code}?00{words}?109310?20EREF+INV-{invoice:06}?21SVWZ+RECHNUNG\r\n\
         {invoice:06} VOM 01.12.2023?22 KUNDE {customer:08} METALLWAREN\r\n\
         ?30BANKDEFFXXX?31DE8937040044{customer:010}?32MUSTER HANDEL\r\n\
         ?33GMBH\r\n",
        decimal(movement.minor, ','),
    )
}
