//! One portal: its world, limits, faults, clock and the record of what was asked of it.

use std::{
    collections::{BTreeMap, VecDeque},
    fs, io,
    io::Write as _,
    path::{Path, PathBuf},
};

use serde::Serialize;
use serde_json::{Value, json};

use crate::{
    cell::portal_time,
    change::{Change, ChangeError},
    clock::Clock,
    faults::{Fault, FaultKind, Faults},
    firm::{Firm, FirmError},
    heralds,
    limits::Limits,
    oauth::OAuth,
    php::Php,
    rest::{self, Answer, BATCH_COMMANDS_MAX, Call, Caller, RestError},
    world::World,
};

/// Requests the log keeps; the counters go on.
pub const LOG_REQUESTS_MAX: usize = 5000;
const STATE_FILE: &str = "sandbox.json";

/// A request as `GET /state` shows it.
#[derive(Debug, Clone, Serialize)]
pub struct Logged {
    pub number: u64,
    pub at: String,
    pub at_ms: i64,
    pub method: String,
    pub status: u16,
    pub fault: Option<Fault>,
    pub params: Php,
}

/// A request that has no answer yet.
#[derive(Debug, Clone, Serialize)]
pub struct InProgress {
    pub number: u64,
    pub method: String,
    /// `received`, `held` (done and kept, the answer held back), `delayed` (nothing done yet).
    pub phase: &'static str,
    pub params: Php,
}

/// What happens to the second half of a batch when a fault strikes it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HalfBatch {
    /// It is never run, and the answer does not know of it.
    Lost,
    /// The token expires before it.
    Expired,
}

/// A request as the portal runs it.
pub struct Asked<'a> {
    pub method: &'a str,
    pub params: &'a Php,
    pub caller: &'a Caller,
    pub half: Option<HalfBatch>,
    /// Delivered twice by something on the way.
    twice: bool,
    /// Somebody's deed just before.
    change: Option<&'a Change>,
}

impl<'a> Asked<'a> {
    /// The same with other parameters.
    pub fn with<'b>(&'b self, params: &'b Php) -> Asked<'b> {
        Asked { params, ..*self }
    }

    /// One of several calls in this one; the deed before it is done before the first.
    pub fn command<'b>(&'b self, method: &'b str, params: &'b Php, first: bool) -> Asked<'b> {
        Asked {
            change: self.change.filter(|_| first),
            ..Asked::new(method, params, self.caller, None)
        }
    }

    pub fn new(method: &'a str, params: &'a Php, caller: &'a Caller, fault: Option<&'a Fault>) -> Self {
        let kind = fault.map(|fault| fault.kind);
        Self {
            method,
            params,
            caller,
            half: match kind {
                Some(FaultKind::PartialBatch) => Some(HalfBatch::Lost),
                Some(FaultKind::ExpiredMidBatch) => Some(HalfBatch::Expired),
                _ => None,
            },
            twice: kind == Some(FaultKind::Duplicate),
            change: fault.and_then(|fault| fault.change.as_ref()),
        }
    }
}

#[derive(Debug, Default)]
pub struct Record {
    pub total: u64,
    pub by_method: BTreeMap<String, u64>,
    /// Commands inside batches.
    pub by_command: BTreeMap<String, u64>,
    pub by_status: BTreeMap<u16, u64>,
    pub log: VecDeque<Logged>,
    pub in_progress: BTreeMap<u64, InProgress>,
}

pub struct Portal {
    pub world: World,
    pub clock: Clock,
    pub limits: Limits,
    pub faults: Faults,
    pub record: Record,
    /// What a reset goes back to.
    firms: Vec<Firm>,
    first_clock: Clock,
    state_file: Option<PathBuf>,
    /// Our own plain address.
    origin: String,
}

impl Portal {
    /// Takes up the kept state where there is one, else founds the firms.
    pub fn open(firms: Vec<Firm>, limits: bool, clock: Clock, state_dir: Option<&Path>) -> io::Result<Self> {
        let state_file = match state_dir {
            Some(dir) => {
                fs::create_dir_all(dir)?;
                Some(dir.join(STATE_FILE))
            }
            None => None,
        };
        let mut portal = Self {
            world: World::default(),
            clock: clock.clone(),
            first_clock: clock,
            limits: Limits::new(limits),
            faults: Faults::default(),
            record: Record::default(),
            firms,
            state_file,
            origin: String::new(),
        };
        match portal.state_file.as_ref().map(fs::read).transpose() {
            Ok(Some(kept)) => {
                portal.world = serde_json::from_slice(&kept)?;
                portal.limits.settings.clone_from(&portal.world.settings);
                // Kept by a sandbox that had no application yet.
                if portal.world.oauth == OAuth::default() {
                    portal.world.oauth = OAuth::installed("", portal.clock.now_ms());
                }
            }
            Ok(None) => portal.refound()?,
            Err(error) if error.kind() == io::ErrorKind::NotFound => portal.refound()?,
            Err(error) => return Err(error),
        }
        Ok(portal)
    }

    /// Tells the portal the address it answers at, without a path.
    pub fn answers_at(&mut self, origin: String) {
        self.world.oauth.origin.clone_from(&origin);
        self.origin = origin;
    }

    pub fn change(&mut self, change: &Change) -> Result<io::Result<()>, ChangeError> {
        change.make(&mut self.world, self.clock.now_ms())?;
        Ok(self.write_down())
    }

    /// What happened since it was last asked, sent to the handlers that want to hear it.
    pub fn tell_handlers(&mut self) {
        heralds::send(std::mem::take(&mut self.world.events.heralds), self.origin.clone());
    }

    fn refound(&mut self) -> io::Result<()> {
        let now_ms = self.clock.now_ms();
        let mut world = World {
            oauth: OAuth::installed(&self.origin, now_ms),
            ..World::default()
        };
        // A portal without any firm still has funnels and stages.
        for firm in std::iter::once(&Firm::default()).chain(&self.firms) {
            world = firm
                .found(&world, now_ms)
                .map_err(|error| io::Error::new(io::ErrorKind::InvalidInput, error))?;
        }
        self.limits.settings.clone_from(&world.settings);
        self.world = world;
        self.write_down()
    }

    /// As at the start: world, clock, limits, faults, record.
    pub fn reset(&mut self) -> io::Result<()> {
        self.clock = self.first_clock.clone();
        self.limits = Limits::new(self.limits.on);
        self.faults.clear();
        let in_progress = std::mem::take(&mut self.record.in_progress);
        // Numbers go on: requests of before the reset may still be in progress.
        self.record = Record {
            in_progress,
            ..Record::default()
        };
        self.refound()
    }

    pub fn load(&mut self, firm: &Firm) -> Result<io::Result<()>, FirmError> {
        self.world = firm.found(&self.world, self.clock.now_ms())?;
        self.limits.settings.clone_from(&self.world.settings);
        Ok(self.write_down())
    }

    /// Keeps what was written, before it is promised.
    ///
    /// # Errors
    /// The tester's disk is full or gone: better a failure than a promise that is not on it.
    pub fn keep(&self) -> Result<(), RestError> {
        self.write_down()
            .map_err(|error| RestError::new(500, "SANDBOX_STATE", error.to_string()))
    }

    /// Writes the world beside the old one and renames it over: a kill leaves one or the other.
    fn write_down(&self) -> io::Result<()> {
        let Some(path) = &self.state_file else {
            return Ok(());
        };
        let new = path.with_extension("json.new");
        let mut file = fs::File::create(&new)?;
        file.write_all(&serde_json::to_vec(&self.world)?)?;
        file.sync_all()?;
        fs::rename(&new, path)
    }

    /// Counts a request and remembers it as unanswered.
    pub fn receive(&mut self, method: &str, params: &Php) -> u64 {
        self.record.total += 1;
        *self.record.by_method.entry(method.to_owned()).or_default() += 1;
        let free = self.record.in_progress.keys().next_back().map_or(0, |last| last + 1);
        let number = self.record.total.max(free);
        let request = InProgress {
            number,
            method: method.to_owned(),
            phase: "received",
            params: params.clone(),
        };
        self.record.in_progress.insert(number, request);
        number
    }

    pub fn set_phase(&mut self, number: u64, phase: &'static str) {
        if let Some(request) = self.record.in_progress.get_mut(&number) {
            request.phase = phase;
        }
    }

    /// Writes a request into the log with the status it was, or would have been, answered with.
    pub fn log(&mut self, number: u64, status: u16, fault: Option<Fault>) {
        let Some(request) = self.record.in_progress.get(&number) else {
            return;
        };
        *self.record.by_status.entry(status).or_default() += 1;
        if self.record.log.len() == LOG_REQUESTS_MAX {
            self.record.log.pop_front();
        }
        self.record.log.push_back(Logged {
            number,
            at: portal_time(self.clock.now_ms()),
            at_ms: self.clock.now_ms(),
            method: request.method.clone(),
            status,
            fault,
            params: request.params.clone(),
        });
    }

    /// Runs a request, keeps what it wrote and gives status and body. Limits have had their say.
    pub fn answer(&mut self, asked: &Asked<'_>) -> (u16, Php) {
        let method = asked.method;
        let started = self.clock.now_ms();
        if let Some(Err(error)) = asked.change.map(|change| change.make(&mut self.world, started)) {
            let error = RestError::new(500, "SANDBOX_CHANGE", error.to_string());
            return (error.status, error.body().into());
        }
        let mut outcome = self.run(asked);
        if asked.twice {
            outcome = self.run(asked);
        }
        if asked.change.is_some() || self.writes(method, asked.params) {
            outcome = self.keep().and(outcome);
        }
        match outcome {
            Err(error) => (error.status, error.body().into()),
            Ok(answer) => {
                let mut body = Php::map([("result", answer.result)]);
                if let Some(next) = answer.next {
                    body.set("next", Php::Number(next.into()));
                }
                if let Some(total) = answer.total {
                    body.set("total", Php::Number(total.into()));
                }
                body.set("time", self.time(method, started));
                (200, body)
            }
        }
    }

    fn run(&mut self, asked: &Asked<'_>) -> Result<Answer, RestError> {
        if asked.method == "batch" {
            self.batch(asked)
        } else {
            self.command(asked.method, asked.params, asked.caller)
        }
    }

    fn writes(&self, method: &str, params: &Php) -> bool {
        let writes = |name: &str| rest::method(name).is_some_and(|method| method.writes);
        if method != "batch" {
            return writes(method);
        }
        rest::commands(params)
            .is_ok_and(|commands| commands.iter().any(|(_, text)| writes(&rest::split_command(text).0)))
    }

    fn command(&mut self, name: &str, params: &Php, caller: &Caller) -> Result<Answer, RestError> {
        let method = rest::method(name).ok_or_else(RestError::method_not_found)?;
        let now_ms = self.clock.now_ms();
        if self.limits.is_blocked(method.name, now_ms) {
            return Err(RestError::operation_time_limit());
        }
        self.limits.spend(method.name, method.writes, now_ms);
        method.run(&mut Call {
            world: &mut self.world,
            now_ms,
            params,
            caller,
        })
    }

    fn batch(&mut self, asked: &Asked<'_>) -> Result<Answer, RestError> {
        let params = asked.params;
        let missing = self.world.settings.missing_reference;
        let halt = params.get_any_case("halt").is_some_and(Php::is_yes);
        let mut results = Php::empty();
        let (mut errors, mut totals, mut nexts, mut times) = (Php::empty(), Php::empty(), Php::empty(), Php::empty());
        let commands = rest::commands(params)?;
        let half = commands.len() / 2;
        for (at, (key, command)) in commands.into_iter().enumerate() {
            let over = at >= half && asked.half.is_some();
            if over && asked.half == Some(HalfBatch::Lost) {
                break;
            }
            let started = self.clock.now_ms();
            let (method, raw) = rest::split_command(&command);
            *self.record.by_command.entry(method.clone()).or_default() += 1;
            let outcome = if over {
                Err(RestError::expired_token())
            } else {
                self.batched(at, &method, &rest::resolve(&raw, &results, missing), asked.caller)
            };
            match outcome {
                Ok(answer) => {
                    results.set(&key, answer.result);
                    if let Some(total) = answer.total {
                        totals.set(&key, Php::Number(total.into()));
                    }
                    if let Some(next) = answer.next {
                        nexts.set(&key, Php::Number(next.into()));
                    }
                    times.set(&key, self.time(&method, started));
                }
                Err(error) => {
                    errors.set(&key, error.body().into());
                    if halt {
                        break;
                    }
                }
            }
        }
        let answer = Php::map([
            ("result", results),
            ("result_error", errors),
            ("result_total", totals),
            ("result_next", nexts),
            ("result_time", times),
        ]);
        Ok(answer.into())
    }

    fn batched(&mut self, at: usize, method: &str, params: &Php, caller: &Caller) -> Result<Answer, RestError> {
        if at >= BATCH_COMMANDS_MAX {
            return Err(RestError::new(
                400,
                "ERROR_BATCH_LENGTH_EXCEEDED",
                "Max batch length exceeded",
            ));
        }
        if method == "batch" || rest::method(method).is_some_and(|method| method.alone) {
            return Err(RestError::new(
                405,
                "ERROR_BATCH_METHOD_NOT_ALLOWED",
                "Method is not allowed for batch usage",
            ));
        }
        if let Some(error) = self.faults.strike(method, true).and_then(|fault| fault.as_error()) {
            return Err(error);
        }
        self.command(method, params, caller)
    }

    /// The `time` block, with figures as text turned numbers.
    pub fn time(&mut self, method: &str, started_ms: i64) -> Php {
        let finished_ms = self.clock.now_ms();
        let operating = self.limits.operating(method, finished_ms);
        let seconds = |ms: i64| Php::decimal(&format!("{}.{:03}", ms / 1000, ms % 1000));
        let duration = finished_ms.saturating_sub(started_ms).max(0);
        let spent = i64::try_from(operating.spent_ms).unwrap_or(i64::MAX);
        let mut time = Php::map([
            ("start", seconds(started_ms)),
            ("finish", seconds(finished_ms)),
            ("duration", seconds(duration)),
            ("processing", seconds(duration)),
            ("date_start", Php::text(portal_time(started_ms))),
            ("date_finish", Php::text(portal_time(finished_ms))),
        ]);
        // A portal on the firm's own server does not tell it.
        if !self.world.settings.on_premise {
            time.set("operating_reset_at", Php::Number(operating.reset_at_s.into()));
            time.set("operating", seconds(spent));
        }
        time
    }

    /// What was asked, counted.
    pub fn requests(&self) -> Value {
        json!({
            "total": self.record.total,
            "by_method": self.record.by_method,
            "by_command": self.record.by_command,
            "by_status": self.record.by_status,
        })
    }

    /// The counts alone, for `GET /requests`.
    pub fn counts(&self) -> Value {
        json!({
            "requests": self.requests(),
            "limits": self.limits.counts(),
            "limit_used_per_mille": self.limits.used_per_mille(),
        })
    }

    /// Everything, for `GET /state`.
    pub fn state(&self) -> Value {
        json!({
            "bitrix24": crate::view::world(&self.world),
            "requests": self.requests(),
            "log": self.record.log,
            "in_progress": self.record.in_progress.values().collect::<Vec<_>>(),
            "faults": self.faults.orders,
            "storm": self.faults.storm,
            "limits": self.limits,
            "limit_used_per_mille": self.limits.used_per_mille(),
            "clock": {"now": portal_time(self.clock.now_ms()), "now_ms": self.clock.now_ms(), "shift_ms": self.clock.shift_ms, "stopped": self.clock.stopped_at_ms.is_some()},
        })
    }
}
