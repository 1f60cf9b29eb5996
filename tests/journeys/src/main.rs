//! Tells the story of one firm's two days, every figure read back from outside. A difference ends it with 1.

use std::process::ExitCode;

use clap::{Parser, ValueEnum, builder::PossibleValue};
use domain::Lang;
use journeys::{
    breaks::{BREAKS, Break},
    story,
};

/// The whole way of the money with the real programs: a statement in, paid invoices in the CRM, an order out.
#[derive(Parser)]
#[command(name = "journey")]
struct Arguments {
    /// Spoil one thing; the story must notice and end with 1.
    #[arg(long = "break", value_name = "STEP")]
    broken: Option<Spoilt>,
    #[arg(long, default_value = "ru")]
    lang: Language,
}

#[derive(Clone, Copy, ValueEnum)]
enum Language {
    Ru,
    En,
}

#[derive(Clone, Copy)]
struct Spoilt(&'static Break);

impl ValueEnum for Spoilt {
    fn value_variants<'a>() -> &'a [Self] {
        static ALL: std::sync::OnceLock<Vec<Spoilt>> = std::sync::OnceLock::new();
        ALL.get_or_init(|| BREAKS.iter().map(Spoilt).collect())
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        Some(PossibleValue::new(self.0.name).help(self.0.says))
    }
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let lang = match arguments.lang {
        Language::Ru => Lang::Ru,
        Language::En => Lang::En,
    };
    match story::tell(lang, arguments.broken.map(|spoilt| spoilt.0)) {
        Ok(true) => {
            println!(
                "{}",
                match lang {
                    Lang::Ru => "Всё сошлось.",
                    Lang::En => "Everything agrees.",
                }
            );
            ExitCode::SUCCESS
        }
        Ok(false) => ExitCode::from(1),
        Err(error) => {
            eprintln!("✗ {error:#}");
            ExitCode::from(1)
        }
    }
}
