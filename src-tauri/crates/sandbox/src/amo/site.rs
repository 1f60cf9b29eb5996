//! One account: its world, limits, faults, clock and the record of what was asked of it.

use std::{
    collections::{BTreeMap, VecDeque},
    io,
    path::Path,
};

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::{
    call::Call,
    deeds::{self, Deed},
    faults::{AmoFault, AmoFaultKind, AmoFaultOrder, Faults},
    keeping::{Done, Keeper},
    limits::{Limits, Verdict},
    oauth,
    reply::{Outcome, Problem, Reply},
    route,
    settings::AmoSettings,
    world::{INVOICES, World},
};
use crate::{
    cell::portal_time,
    clock::Clock,
    firm::{Firm, FirmError},
    php::{Php, parse_form},
    server::SKEW_MS,
};

/// Requests the log keeps; the counters go on.
const LOG_REQUESTS_MAX: usize = 5000;

/// A request, read.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Request {
    pub verb: String,
    pub path: String,
    pub raw_query: String,
    /// `https://host:port`, as the client addressed us.
    pub base: String,
    pub body: Value,
    pub bearer: Option<String>,
    pub refresh_token: Option<String>,
    pub modified_since: Option<i64>,
}

impl Request {
    /// The same with the first half of what it writes; `None`: there is no half of it.
    pub(super) fn first_half(&self) -> Option<Self> {
        let items = self.body.as_array().filter(|items| items.len() > 1)?;
        Some(Self {
            body: Value::Array(items[..items.len() / 2].to_vec()),
            ..self.clone()
        })
    }

    /// What it is counted by.
    pub fn method(&self) -> String {
        route::method_name(&self.verb, &self.path)
    }
}

#[derive(Debug, Clone, Serialize)]
struct InProgress {
    number: u64,
    method: String,
    /// `received`, `held` (done and kept, the answer held back), `delayed` (nothing done yet).
    phase: &'static str,
    params: Value,
}

#[derive(Debug, Default)]
pub struct Record {
    pub total: u64,
    pub by_method: BTreeMap<String, u64>,
    pub by_status: BTreeMap<u16, u64>,
    log: VecDeque<Value>,
    in_progress: BTreeMap<u64, InProgress>,
}

pub(crate) struct Site {
    pub(crate) world: World,
    pub(crate) clock: Clock,
    pub(super) limits: Limits,
    faults: Faults,
    pub(super) record: Record,
    /// What a reset goes back to.
    firms: Vec<Firm>,
    settings: AmoSettings,
    first_clock: Clock,
    opened_s: i64,
    keeper: Option<Keeper>,
}

impl Site {
    /// Takes up the kept state where there is one, else founds the firms.
    pub(crate) fn open(
        firms: Vec<Firm>,
        settings: AmoSettings,
        limits: bool,
        clock: Clock,
        state_dir: Option<&Path>,
    ) -> io::Result<Self> {
        let mut site = Self {
            world: World::default(),
            opened_s: clock.now_ms() / 1000,
            clock: clock.clone(),
            first_clock: clock,
            limits: Limits::new(limits),
            faults: Faults::default(),
            record: Record::default(),
            firms,
            settings,
            keeper: None,
        };
        let kept = match state_dir.map(Keeper::open).transpose()? {
            Some((keeper, kept)) => {
                site.keeper = Some(keeper);
                kept
            }
            None => None,
        };
        match kept {
            None => site.refound()?,
            Some((world, done)) => {
                site.world = world;
                for done in done {
                    // It was refused then as it is now, or it was done.
                    let _ = site.run(&done.request, done.now_s);
                }
                site.keep()?;
            }
        }
        Ok(site)
    }

    fn refound(&mut self) -> io::Result<()> {
        let mut world = World::opened(self.settings.clone(), self.opened_s);
        for firm in &self.firms {
            world = world
                .founded(firm, self.now_s())
                .map_err(|error| io::Error::new(io::ErrorKind::InvalidInput, error))?;
        }
        self.world = world;
        self.keep()
    }

    pub(crate) fn now_s(&self) -> i64 {
        self.clock.now_ms().div_euclid(1000)
    }

    /// As at the start: world, tokens, clock, limits, faults, record.
    pub(crate) fn reset(&mut self) -> io::Result<()> {
        self.clock = self.first_clock.clone();
        self.limits = Limits::new(self.limits.on);
        self.faults.clear();
        // Requests of before the reset may still be in progress.
        let in_progress = std::mem::take(&mut self.record.in_progress);
        self.record = Record {
            in_progress,
            ..Record::default()
        };
        self.refound()
    }

    /// Another firm; the tokens stay.
    pub(crate) fn load(&mut self, firm: &Firm) -> Result<io::Result<()>, FirmError> {
        let world = if firm.keep {
            self.world.clone()
        } else {
            let settings = firm.amocrm.clone().unwrap_or_else(|| self.world.settings.clone());
            let mut world = World::opened(settings, self.opened_s);
            world.tokens = self.world.tokens.clone();
            world
        };
        self.world = world.founded(firm, self.now_s())?;
        Ok(self.keep())
    }

    /// Takes cards away, as a person in the account does: `{"elements": [1], "leads": [], "companies": []}`.
    ///
    /// # Errors
    /// A place that holds nothing of the kind.
    pub(crate) fn delete(&mut self, order: &Value) -> Result<io::Result<()>, String> {
        let places = order.as_object().ok_or("not an object of lists")?;
        for (place, ids) in places {
            let ids: Vec<i64> = ids.as_array().into_iter().flatten().filter_map(Value::as_i64).collect();
            if !self.world.delete(place, &ids) {
                return Err(format!("nothing is called «{place}»"));
            }
        }
        Ok(self.keep())
    }

    /// What a person in the account does.
    ///
    /// # Errors
    /// It is no deed, or there is nothing it could happen to.
    pub(crate) fn change(&mut self, deed: Deed) -> Result<io::Result<()>, String> {
        let which = (deed.target, deed.choice.unwrap_or_default());
        let now_s = self.now_s();
        match deeds::deed(&mut self.world, deed.kind, which, now_s) {
            Some(_) => Ok(self.keep()),
            None => Err(format!("{:?} cannot be done", deed.kind)),
        }
    }

    pub(crate) fn add_fault(&mut self, order: AmoFaultOrder) {
        self.faults.add(order);
    }

    pub(crate) fn fault_orders(&self) -> Value {
        json!({"orders": self.faults.orders, "storm": self.faults.storm})
    }

    pub(crate) fn clear_faults(&mut self) {
        self.faults.clear();
    }

    /// The id of the catalog of invoices, null without one.
    pub(crate) fn invoices_catalog(&self) -> Value {
        let has = self.world.catalogs.contains_key(&INVOICES);
        if has { json!(INVOICES) } else { Value::Null }
    }

    pub(crate) fn announcement(&self) -> Value {
        oauth::announcement(&self.world.tokens)
    }

    fn keep(&mut self) -> io::Result<()> {
        match &mut self.keeper {
            Some(keeper) => keeper.keep_world(&self.world),
            None => Ok(()),
        }
    }

    fn keep_request(&mut self, request: &Request, now_s: i64) -> io::Result<()> {
        let Some(keeper) = &mut self.keeper else {
            return Ok(());
        };
        let done = Done {
            now_s,
            request: request.clone(),
        };
        match keeper.keep_request(&done)? {
            true => self.keep(),
            false => Ok(()),
        }
    }

    /// Counts a request and remembers it as unanswered.
    pub(super) fn receive(&mut self, request: &Request) -> u64 {
        let method = request.method();
        self.record.total += 1;
        *self.record.by_method.entry(method.clone()).or_default() += 1;
        let free = self.record.in_progress.keys().next_back().map_or(0, |last| last + 1);
        let number = self.record.total.max(free);
        let is_secret = request.path.starts_with("/oauth");
        let params = json!({
            "path": request.path,
            "query": if is_secret { Php::empty() } else { parse_form(&request.raw_query) },
            "body": if is_secret { Value::Null } else { request.body.clone() },
        });
        let open = InProgress {
            number,
            method,
            phase: "received",
            params,
        };
        self.record.in_progress.insert(number, open);
        number
    }

    pub(super) fn set_phase(&mut self, number: u64, phase: &'static str) {
        if let Some(request) = self.record.in_progress.get_mut(&number) {
            request.phase = phase;
        }
    }

    pub(super) fn forget(&mut self, number: u64) {
        self.record.in_progress.remove(&number);
    }

    /// Writes a request into the log with the status it was, or would have been, answered with.
    pub(super) fn log(&mut self, number: u64, status: u16, fault: Option<&AmoFault>) {
        let Some(request) = self.record.in_progress.get(&number) else {
            return;
        };
        *self.record.by_status.entry(status).or_default() += 1;
        if self.record.log.len() == LOG_REQUESTS_MAX {
            self.record.log.pop_front();
        }
        self.record.log.push_back(json!({
            "number": number,
            "at": portal_time(self.clock.now_ms()),
            "method": request.method,
            "status": status,
            "fault": fault,
            "params": request.params,
        }));
    }

    /// The fault of this request, with what somebody does before it done.
    ///
    /// # Errors
    /// The tester's disk is full or gone.
    pub(super) fn strike(&mut self, request: &Request) -> io::Result<Option<AmoFault>> {
        let Some(mut fault) = self.faults.strike(&request.method()) else {
            return Ok(None);
        };
        if fault.kind == AmoFaultKind::ClockSkew {
            self.clock.shift_by(fault.shift_ms.unwrap_or(SKEW_MS));
        }
        let which = (fault.target, fault.choice.unwrap_or_default());
        let now_s = self.now_s();
        if let Some(done) = deeds::deed(&mut self.world, fault.kind, which, now_s) {
            fault.done = done;
            self.keep()?;
        }
        Ok(Some(fault))
    }

    /// Limits and tokens; requests for tokens have neither.
    pub(super) fn admit(&mut self, request: &Request) -> Result<(), Problem> {
        if request.path.starts_with("/oauth") {
            return Ok(());
        }
        let (now_ms, now_s) = (self.clock.now_ms(), self.now_s());
        let bearer = request.bearer.as_deref().unwrap_or_default();
        let integration = self.world.tokens.integration(bearer, now_s);
        match self.limits.admit(integration.unwrap_or("unknown"), now_ms) {
            Verdict::TooMany => return Err(Problem::new(429, "Too Many Requests")),
            Verdict::Banned => return Err(Problem::new(403, "Forbidden")),
            Verdict::Admitted => {}
        }
        match integration {
            Some(_) => Ok(()),
            None => Err(Problem::new(401, "Unauthorized")),
        }
    }

    /// Runs a request and keeps what it wrote. Limits, tokens and faults have had their say.
    pub(super) fn answer(&mut self, request: &Request) -> Outcome {
        let now_s = self.now_s();
        let outcome = self.run(request, now_s);
        if request.verb != "GET" || request.path == "/oauth" {
            // The tester's disk is full or gone: better a failure than a promise that is not on it.
            self.keep_request(request, now_s)
                .map_err(|error| Problem::new(500, error.to_string()))?;
        }
        outcome
    }

    fn run(&mut self, request: &Request, now_s: i64) -> Outcome {
        let host = self.world.settings.domain();
        let tokens = &mut self.world.tokens;
        match (request.verb.as_str(), request.path.as_str()) {
            ("POST", "/oauth2/access_token") => {
                let body = Php::from(request.body.clone());
                return oauth::access_token(tokens, &body, now_s);
            }
            ("GET", "/oauth2/account/current/subdomain") => {
                let known = request
                    .refresh_token
                    .as_deref()
                    .is_some_and(|token| tokens.is_good_refresh(token, now_s));
                return match known {
                    true => Ok(oauth::subdomain(host)),
                    false => Err(Problem::new(401, "Unauthorized")),
                };
            }
            ("GET", "/oauth") => {
                let to = oauth::authorise(tokens, &parse_form(&request.raw_query), host, now_s)?;
                return Ok(Reply::of(302, Some(Value::String(to))));
            }
            _ => {}
        }
        let Some(path) = request.path.strip_prefix("/api/v4/") else {
            return Err(Problem::new(404, "Not found"));
        };
        let mut call = Call {
            world: &mut self.world,
            now_s,
            base: &request.base,
            path: &request.path,
            raw_query: &request.raw_query,
            query: parse_form(&request.raw_query),
            body: request.body.clone(),
            modified_since: request.modified_since,
        };
        route::answer(&mut call, &request.verb, path)
    }

    /// The counts alone, for `GET /requests`.
    pub(crate) fn counts(&self) -> Value {
        json!({
            "requests": self.requests(),
            "limits": self.limits,
            "limit_used_per_mille": self.limits.used_per_mille(),
        })
    }

    fn requests(&self) -> Value {
        json!({
            "total": self.record.total,
            "by_method": self.record.by_method,
            "by_status": self.record.by_status,
        })
    }

    /// What went over the wire, what goes wrong and what time it is, for `GET /state`.
    pub(super) fn moods(&self) -> Value {
        json!({
            "requests": self.requests(),
            "log": self.record.log,
            "in_progress": self.record.in_progress.values().collect::<Vec<_>>(),
            "faults": self.faults.orders,
            "storm": self.faults.storm,
            "limits": self.limits,
            "limit_used_per_mille": self.limits.used_per_mille(),
        })
    }
}
