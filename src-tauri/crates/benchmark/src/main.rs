//! `benchmark`: makes the firms, judges programs, and is the programs that ours is compared with.

use std::{
    path::{Path, PathBuf},
    process::ExitCode,
};

use anyhow::{Context, Result, bail, ensure};
use benchmark::{
    baselines,
    firm::{self, Firm},
    judged::{Scratch, answers},
    large, least,
    score::{Outcome, Posting, Scores},
    seeds,
    shape::DecisionLine,
    table,
    truth::{Autonomy, Truth},
};

const USAGE: &str = "\
benchmark generate SEED FOLDER
    the firms of a seed: FOLDER/NN/{invoices,payments,truth}.ndjson and policy.json
benchmark judge held-out|developing|SEED[,SEED...] [--failures CLASS|all] [--bars] -- PROGRAM [WORD...]
    runs `PROGRAM WORD... --invoices F --payments F --policy F` on every firm and prints how right it was;
    --failures also prints the payments it was wrong about, --bars compares with what an engine must reach
benchmark compare held-out|developing|SEED[,SEED...] -- PROGRAM [WORD...]
    the same, with the programs for comparison beside it
benchmark large PAYMENTS FOLDER
    one firm as large as that, without truth: FOLDER/{invoices,payments}.ndjson
benchmark least INVOICES PAYMENTS
    reads both files and writes as many answers: what matching costs is a multiple of it
benchmark NAME --invoices F --payments F [--policy F]
    one of the programs for comparison: substring, digits, business-central, counterparty";

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    match command(&words) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn command(words: &[String]) -> Result<ExitCode> {
    let Some((command, rest)) = words.split_first() else {
        println!("{USAGE}");
        return Ok(ExitCode::from(2));
    };
    match (command.as_str(), rest) {
        ("generate", [seed, folder]) => {
            let seed = seed.parse().context("a seed is a number")?;
            for number in 0..seeds::FIRMS {
                Firm::new(seed, number).write(&PathBuf::from(folder).join(format!("{number:02}")))?;
            }
            Ok(ExitCode::SUCCESS)
        }
        ("large", [payments, folder]) => {
            let (invoices, payments) = large::firm(payments.parse().context("PAYMENTS is a number")?);
            let folder = Path::new(folder);
            firm::lines(&folder.join("invoices.ndjson"), &invoices)?;
            firm::lines(&folder.join("payments.ndjson"), &payments)?;
            Ok(ExitCode::SUCCESS)
        }
        ("least", [invoices, payments]) => {
            least::run(Path::new(invoices), Path::new(payments))?;
            Ok(ExitCode::SUCCESS)
        }
        ("judge", rest) => judge(rest),
        ("compare", rest) => compare(rest),
        (name, rest) => {
            let Some(baseline) = baselines::named(name) else {
                bail!("there is no `{name}`\n{USAGE}");
            };
            baselines::run(baseline, rest)?;
            Ok(ExitCode::SUCCESS)
        }
    }
}

fn seeds_of(word: &str) -> Result<Vec<u64>> {
    match word {
        "held-out" => Ok(seeds::HELD_OUT.to_vec()),
        "developing" => Ok(seeds::DEVELOPING.to_vec()),
        list => list
            .split(',')
            .map(|seed| seed.parse().with_context(|| format!("`{seed}` is no seed")))
            .collect(),
    }
}

/// What was asked for, and the program to judge.
struct Wish<'a> {
    seeds: Vec<u64>,
    failures: Option<&'a str>,
    bars: bool,
    program: &'a [String],
}

fn wish(words: &[String]) -> Result<Wish<'_>> {
    let at = words
        .iter()
        .position(|word| word == "--")
        .context("name a program after `--`")?;
    let (ours, program) = (&words[..at], &words[at + 1..]);
    let (seeds, mut rest) = ours.split_first().context("name the seeds")?;
    let mut wish = Wish {
        seeds: seeds_of(seeds)?,
        failures: None,
        bars: false,
        program,
    };
    while let Some((word, after)) = rest.split_first() {
        rest = after;
        match word.as_str() {
            "--bars" => wish.bars = true,
            "--failures" => {
                let (class, after) = rest.split_first().context("--failures names a class, or `all`")?;
                wish.failures = Some(class);
                rest = after;
            }
            other => bail!("`{other}` is not understood"),
        }
    }
    ensure!(!wish.program.is_empty(), "name a program after `--`");
    Ok(wish)
}

fn judge(words: &[String]) -> Result<ExitCode> {
    let wish = wish(words)?;
    let scores = scored(&wish, &[])?;
    let Some((_, scores)) = scores.first() else {
        bail!("nothing was judged")
    };
    println!("{}", table::by_class(scores));
    if !wish.bars {
        return Ok(ExitCode::SUCCESS);
    }
    Ok(against_bars(scores))
}

fn compare(words: &[String]) -> Result<ExitCode> {
    let wish = wish(words)?;
    let here = std::env::current_exe()?.to_string_lossy().into_owned();
    let baselines: Vec<[String; 2]> = baselines::ALL
        .iter()
        .map(|(name, _)| [here.clone(), (*name).to_owned()])
        .collect();
    let scores = scored(&wish, &baselines)?;
    for (name, scores) in &scores {
        println!("{name}\n{}", table::by_class(scores));
    }
    println!("{}", table::compared(&scores));
    let Some((name, judged)) = scores.first() else {
        bail!("nothing was judged")
    };
    println!("{name}");
    Ok(against_bars(judged))
}

fn against_bars(scores: &Scores) -> ExitCode {
    let (text, reached) = table::bars(&scores.whole(), seeds::PAYMENTS_MIN as u64);
    println!("{text}");
    if reached { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// The judged program first, then the others; each firm is made once for all of them.
fn scored(wish: &Wish<'_>, others: &[[String; 2]]) -> Result<Vec<(String, Scores)>> {
    let judged = wish.program.join(" ");
    let judged = judged.rsplit('/').next().unwrap_or_default().to_owned();
    let mut scores = vec![(judged, Scores::default())];
    scores.extend(others.iter().map(|[_, name]| (name.clone(), Scores::default())));
    let scratch = Scratch::new()?;
    for seed in &wish.seeds {
        for number in 0..seeds::FIRMS {
            let firm = Firm::new(*seed, number);
            firm.write(scratch.path())?;
            for (at, (_, scores)) in scores.iter_mut().enumerate() {
                let command = if at == 0 { wish.program } else { &others[at - 1] };
                let answers = answers(command, &firm, scratch.path())?;
                let place = format!("{seed}/{number:02}");
                judge_firm(&place, &firm, &answers, scores, wish.failures.filter(|_| at == 0))?;
            }
        }
    }
    Ok(scores)
}

fn judge_firm(
    place: &str,
    firm: &Firm,
    answers: &[DecisionLine],
    scores: &mut Scores,
    failures: Option<&str>,
) -> Result<()> {
    for ((payment, truth), answer) in firm.payments.iter().zip(&firm.truths).zip(answers) {
        let outcome = scores.judge(truth, answer);
        let asked = failures.is_some_and(|class| class == "all" || class == truth.class);
        if asked && is_failure(truth, &outcome) {
            println!("{place} {} {}", truth.class, table::meant(truth.autonomy));
            println!("  {}", serde_json::to_string(payment)?);
            println!("  truth  {}", serde_json::to_string(&truth.solutions)?);
            println!("  answer {}", serde_json::to_string(answer)?);
        }
    }
    Ok(())
}

fn is_failure(truth: &Truth, outcome: &Outcome) -> bool {
    matches!(outcome.posting, Posting::Wrong | Posting::Guessed)
        || (truth.autonomy == Autonomy::Decidable && outcome.posting != Posting::Right)
        || (truth.solutions.len() == 1 && outcome.found != Some(0))
        || (truth.is_tie() && !outcome.all_shown)
        || (!truth.reasons.is_empty() && !outcome.reason_right)
}
