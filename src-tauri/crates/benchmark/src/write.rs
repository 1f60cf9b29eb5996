//! Writes the purpose that a plan asks for, and remembers where its proofs stand.

use chrono::{Datelike, Days, NaiveDate};
use fastrand::Rng;

use crate::{
    book::{Book, Invoice, ROUBLE},
    identifiers,
    numbering::{self, Typing},
    plan::{InvoiceAt, Language, Plan, Trap},
    truth::Proof,
    words::{EN, GOODS, HY, RU, Words},
};

const MONTHS_OF: [&str; 12] = [
    "января",
    "февраля",
    "марта",
    "апреля",
    "мая",
    "июня",
    "июля",
    "августа",
    "сентября",
    "октября",
    "ноября",
    "декабря",
];
const MONTHS: [&str; 12] = [
    "январь",
    "февраль",
    "март",
    "апрель",
    "май",
    "июнь",
    "июль",
    "август",
    "сентябрь",
    "октябрь",
    "ноябрь",
    "декабрь",
];
/// Characters around a date that belong to it: «от … г.».
const DATE_MARGIN: usize = 6;
const SLIP_TRIES: usize = 30;

/// A purpose, the numbers typed in it (in the order of the plan's invoices), and where they stand.
#[derive(Debug, Clone)]
pub struct Written {
    pub purpose: String,
    pub typed: Vec<String>,
    /// A number was to slip, and no slip of it was free.
    pub slip_refused: bool,
    pub marks: Vec<Mark>,
}

/// Places count characters.
#[derive(Debug, Clone)]
pub struct Mark {
    pub what: Proof,
    pub start: usize,
    pub end: usize,
    pub outer_start: usize,
    pub outer_end: usize,
    pub invoice: Option<InvoiceAt>,
}

pub fn purpose(plan: &Plan, book: &Book, rng: &mut Rng) -> Written {
    let words = match plan.saying.language {
        Language::Russian => &RU,
        Language::English => &EN,
        Language::Armenian => &HY,
    };
    let mut writer = Writer {
        plan,
        book,
        words,
        text: String::new(),
        at: 0,
        bracket: None,
        in_bracket: 0,
        written: Written {
            purpose: String::new(),
            typed: Vec::new(),
            slip_refused: false,
            marks: Vec::new(),
        },
    };
    writer.template(words.any(plan.saying.section, rng), rng);
    if plan.saying.language == Language::Russian && rng.u8(..12) == 0 {
        writer.push(" ");
        writer.push(RU.any("note", rng));
    }
    let mut written = writer.written;
    written.purpose = writer.text.trim_end().to_owned();
    let shouted = written.purpose.to_uppercase();
    if rng.u8(..8) == 0 && shouted.chars().count() == written.purpose.chars().count() {
        written.purpose = shouted;
    }
    written
}

struct Writer<'a> {
    plan: &'a Plan,
    book: &'a Book,
    words: &'static Words,
    text: String,
    /// Characters of `text`.
    at: usize,
    bracket: Option<usize>,
    /// Marks made before the bracket was opened.
    in_bracket: usize,
    written: Written,
}

impl Writer<'_> {
    fn push(&mut self, text: &str) {
        self.text.push_str(text);
        self.at += text.chars().count();
    }

    fn mark(&mut self, what: Proof, text: &str, invoice: Option<InvoiceAt>) {
        let (start, end) = (self.at, self.at + text.chars().count());
        let margin = if what == Proof::Date { DATE_MARGIN } else { 0 };
        self.written.marks.push(Mark {
            what,
            start,
            end,
            outer_start: start.saturating_sub(margin),
            outer_end: end + margin,
            invoice,
        });
    }

    fn template(&mut self, template: &'static str, rng: &mut Rng) {
        let mut rest = template;
        while let Some(at) = rest.find(['{', '[', ']']) {
            self.push(&rest[..at]);
            match &rest[at..=at] {
                "[" => {
                    self.bracket = Some(self.at);
                    self.in_bracket = self.written.marks.len();
                    rest = &rest[at + 1..];
                }
                "]" => {
                    let start = self.bracket.take().unwrap_or(self.at);
                    for mark in self.written.marks.iter_mut().skip(self.in_bracket) {
                        if mark.what == Proof::Number {
                            (mark.outer_start, mark.outer_end) = (start, self.at);
                        }
                    }
                    rest = &rest[at + 1..];
                }
                _ => {
                    let end = rest[at..].find('}').map_or(rest.len(), |end| at + end);
                    self.field(&rest[at + 1..end], rng);
                    rest = rest.get(end + 1..).unwrap_or_default();
                }
            }
        }
        self.push(rest);
    }

    fn field(&mut self, field: &str, rng: &mut Rng) {
        let plan = self.plan;
        let text = match field {
            "n" => return self.number(rng),
            "d" => return self.date_of_invoice(rng),
            "list" => return self.list(rng),
            "range" => return self.range(rng),
            "inn" => {
                let inn = self.customer(|customer| customer.inn.clone().unwrap_or_default());
                self.mark(Proof::Inn, &inn, None);
                inn
            }
            "vat" => return self.template(RU.any("vat", rng), rng),
            "x" => self.trap(rng),
            "name" => self.customer(|customer| customer.name.clone()),
            "other" => format!("ООО «{}»", crate::words::NAMES.any("firm", rng)),
            "c" => contract(rng),
            "d2" | "d3" => date(self.other_day(rng), plan.saying.language, rng),
            "p" => plan.saying.percent.to_string(),
            "goods" => {
                let language = match plan.saying.language {
                    Language::Russian => "ru",
                    Language::English => "en",
                    Language::Armenian => "hy",
                };
                GOODS.any(language, rng).to_owned()
            }
            "account" => identifiers::account("044525225", "40702", rng),
            "month" => MONTHS[plan.date.month0() as usize].to_owned(),
            "mm" => format!("{:02}", plan.date.month()),
            "quarter" => plan.date.month0().div_euclid(3).saturating_add(1).to_string(),
            "year" => plan.date.year().to_string(),
            "sum" => money(plan.amount, rng),
            "vat22" => money(plan.amount * 22 / 122, rng),
            "vat20" => money(plan.amount * 20 / 120, rng),
            "vat18" => money(plan.amount * 18 / 118, rng),
            "vat10" => money(plan.amount * 10 / 110, rng),
            "vat7" => money(plan.amount * 7 / 107, rng),
            "vat5" => money(plan.amount * 5 / 105, rng),
            unknown => unreachable!("the texts ask for «{unknown}», which nobody fills"),
        };
        self.push(&text);
    }

    fn customer(&self, of: impl Fn(&crate::book::Customer) -> String) -> String {
        self.plan
            .saying
            .behalf
            .map_or_else(String::new, |at| of(&self.book.customers[at]))
    }

    fn number(&mut self, rng: &mut Rng) {
        let Some(invoice) = self.plan.saying.named.first().copied() else {
            return;
        };
        let text = self.typed(invoice, rng);
        // «сч.N145», but nobody glues a letter to a letter.
        if self.text.ends_with('N') && text.starts_with(char::is_alphabetic) {
            self.push(" ");
        }
        self.mark(Proof::Number, &text, Some(invoice));
        self.push(&text);
        self.written.typed.push(text);
    }

    fn typed(&mut self, at: InvoiceAt, rng: &mut Rng) -> String {
        let invoice = &self.book.invoices[at];
        let saying = &self.plan.saying;
        if saying.slip {
            if let Some(text) = slipped(invoice, self.book, saying.typing, rng) {
                return text;
            }
            self.written.slip_refused = true;
        }
        numbering::typed(&invoice.number, invoice.sequence, saying.typing, rng)
    }

    fn date_of_invoice(&mut self, rng: &mut Rng) {
        let Some(invoice) = self.plan.saying.named.first().copied() else {
            return;
        };
        let mut day = self.book.invoices[invoice].date;
        if self.plan.saying.other_date {
            day = day + Days::new(rng.u64(1..20));
        }
        let text = date(day, self.plan.saying.language, rng);
        if !self.plan.saying.other_date {
            // «г.» after a date may be shown or not.
            let core = text.trim_end_matches(['г', '.', ' ']).to_owned();
            self.mark(Proof::Date, &core, Some(invoice));
        }
        self.push(&text);
    }

    fn list(&mut self, rng: &mut Rng) {
        let named = self.plan.saying.named.clone();
        let (joint, last_joint) = (self.words.any("list-joints", rng), self.words.any("list-last", rng));
        for (place, invoice) in named.iter().enumerate() {
            if place > 0 {
                let joint = if place + 1 == named.len() { last_joint } else { joint };
                self.push(joint.trim_start_matches("{a}").trim_end_matches("{b}"));
            }
            let text = self.typed(*invoice, rng);
            self.mark(Proof::Number, &text, Some(*invoice));
            self.push(&text);
            self.written.typed.push(text);
        }
    }

    /// A list whose last piece is a range.
    fn range(&mut self, rng: &mut Rng) {
        let named = self.plan.saying.named.clone();
        let singles = named.len() - self.plan.saying.range;
        for invoice in &named[..singles] {
            let text = self.typed(*invoice, rng);
            self.mark(Proof::Number, &text, Some(*invoice));
            self.push(&text);
            self.written.typed.push(text);
            self.push(", ");
        }
        let ranged = &named[singles..];
        let ends: Vec<String> = [ranged.first(), ranged.last()]
            .into_iter()
            .flatten()
            .map(|at| self.book.invoices[*at].sequence.to_string())
            .collect();
        let joint = self.words.any("range-joints", rng);
        let text = ends.join(joint.trim_start_matches("{a}").trim_end_matches("{b}"));
        for invoice in ranged {
            self.mark(Proof::Number, &text, Some(*invoice));
            self.written
                .typed
                .push(self.book.invoices[*invoice].sequence.to_string());
        }
        self.push(&text);
    }

    fn trap(&self, rng: &mut Rng) -> String {
        let taken = |number: &str| {
            let number: u32 = number.parse().unwrap_or_default();
            self.book.invoices.iter().any(|invoice| invoice.sequence == number)
        };
        match self.plan.saying.trap {
            Trap::Any => rng.u32(1..5_000).to_string(),
            Trap::Of(invoice) => self.book.invoices[invoice].sequence.to_string(),
            Trap::Around(invoice) => {
                let inner = self.book.invoices[invoice].sequence;
                let mut text = format!("{}{inner}", rng.u32(1..10));
                while taken(&text) {
                    text = format!("{text}{}", rng.u32(1..10));
                }
                text
            }
            Trap::Nobodys => {
                let mut text = rng.u32(1_000..9_999).to_string();
                while taken(&text) {
                    text = format!("{text}{}", rng.u32(1..10));
                }
                text
            }
        }
    }

    /// Not the day of an invoice that is named.
    fn other_day(&self, rng: &mut Rng) -> NaiveDate {
        loop {
            let day = self.plan.date - Days::new(rng.u64(5..300));
            if self
                .plan
                .saying
                .named
                .iter()
                .all(|at| self.book.invoices[*at].date != day)
            {
                return day;
            }
        }
    }
}

/// A slip that is nobody's number: with another's the payment would say something else.
fn slipped(invoice: &Invoice, book: &Book, typing: Typing, rng: &mut Rng) -> Option<String> {
    let digits = invoice.sequence.to_string();
    if digits.len() < 3 {
        return None;
    }
    let slip = (0..SLIP_TRIES)
        .filter_map(|_| numbering::slip(&digits, rng))
        .find(|slip| {
            slip.parse::<u32>()
                .map_or(true, |slip| book.invoices.iter().all(|other| other.sequence != slip))
        })?;
    if typing == Typing::Digits {
        return Some(slip);
    }
    let at = invoice.number.rfind(&digits)?;
    Some(format!(
        "{}{slip}{}",
        &invoice.number[..at],
        &invoice.number[at + digits.len()..]
    ))
}

fn contract(rng: &mut Rng) -> String {
    match rng.u8(..4) {
        0 => format!("{}/{}", rng.u32(1..99), rng.u32(20..26)),
        1 => format!("П-{}", rng.u32(1..900)),
        2 => format!("{}-КС/{}", rng.u32(1..99), 2020 + rng.u32(..6)),
        _ => format!("Д{:03}-{}", rng.u32(1..999), rng.u32(1..13)),
    }
}

fn date(day: NaiveDate, language: Language, rng: &mut Rng) -> String {
    let in_words = || format!("{} {} {}", day.day(), MONTHS_OF[day.month0() as usize], day.year());
    if language != Language::Russian {
        return match rng.u8(..3) {
            0 if language == Language::English => day.format("%d %B %Y").to_string(),
            1 => day.format("%Y-%m-%d").to_string(),
            _ => day.format("%d.%m.%Y").to_string(),
        };
    }
    match rng.u8(..9) {
        0 => day.format("%d.%m.%y").to_string(),
        1 => day.format("%d/%m/%Y").to_string(),
        2 => day.format("%d-%m-%Y").to_string(),
        3 => format!("{}г.", day.format("%d.%m.%Y")),
        4 => format!("{} г.", day.format("%d.%m.%Y")),
        5 => format!("{} г.", in_words()),
        6 => in_words(),
        _ => day.format("%d.%m.%Y").to_string(),
    }
}

/// A sum in the ways people write it.
fn money(minor: i64, rng: &mut Rng) -> String {
    let (roubles, kopecks) = (minor / ROUBLE, minor % ROUBLE);
    let spaced = |roubles: i64| {
        let digits = roubles.to_string();
        let mut text = String::new();
        for (at, digit) in digits.chars().enumerate() {
            if at > 0 && (digits.len() - at).is_multiple_of(3) {
                text.push(' ');
            }
            text.push(digit);
        }
        text
    };
    match rng.u8(..6) {
        0 => format!("{roubles}-{kopecks:02}"),
        1 => format!("{},{kopecks:02}", spaced(roubles)),
        2 => format!("{roubles}={kopecks:02}"),
        3 => format!("{roubles} руб. {kopecks:02} коп."),
        4 => format!("{roubles},{kopecks:02}"),
        _ => format!("{roubles}.{kopecks:02}"),
    }
}
