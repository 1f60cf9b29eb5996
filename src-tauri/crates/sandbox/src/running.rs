//! Starting and stopping the sandbox.

use std::{
    io,
    net::SocketAddr,
    path::{Path, PathBuf},
    thread,
};

use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::{net::TcpListener, runtime::Runtime, sync::oneshot};
use tokio_rustls::TlsAcceptor;

use crate::{
    amo::{self, AmoFaultOrder, AmoSettings, SharedSite, Site},
    clock::Clock,
    control::{self, Control},
    faults::FaultOrder,
    firm::{Firm, FirmError},
    gate::Gate,
    listener::loopback,
    oauth::{CLIENT_ID, CLIENT_SECRET, EXPIRED_TOKEN},
    portal::Portal,
    seed::Seed,
    server::{self, Shared},
    tls,
    world::{WEBHOOK_CODE, WEBHOOK_USER},
};

/// The demo company, in the shape of `POST /load`. The statements under `fixtures/demo` fit it.
pub const DEMO: &str = include_str!("../../../../fixtures/crm/demo.json");

/// What to serve. Where the state folder holds a state already, it is taken up as it is and the firms only serve for
/// `POST /reset`.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// 0: any free port.
    pub http_port: u16,
    /// 0: any free port; none: no HTTPS.
    pub https_port: Option<u16>,
    /// 0: any free port.
    pub control_port: u16,
    /// Whether the portal's speed limits hold.
    pub limits: bool,
    /// Where the clock stands still from the start, in milliseconds since 1970; the machine's clock when absent.
    pub clock_ms: Option<i64>,
    /// The demo company.
    pub demo: bool,
    /// A firm by a seed; replaces the demo.
    pub seed: Option<Seed>,
    /// A firm in the shape of `POST /load`; replaces what was before it unless it says `keep`.
    pub load: Option<Value>,
    /// Faults from the start. A reset does not put them back.
    pub faults: Vec<FaultOrder>,
    /// The same for the amoCRM account.
    pub amo_faults: Vec<AmoFaultOrder>,
    /// How the amoCRM account is set.
    pub amo: AmoSettings,
    /// Where the state is kept between runs; nowhere when absent.
    pub state_dir: Option<PathBuf>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Addresses {
    /// Both CRMs.
    pub bitrix24: SocketAddr,
    pub https: Option<SocketAddr>,
    pub control: SocketAddr,
}

/// A sandbox that serves until it is dropped or shut down.
#[derive(Debug)]
pub struct Running {
    pub addresses: Addresses,
    /// What the ready line says of the account's keys.
    amo: Value,
    /// Refresh tokens of the portal's application that nobody had used when it started.
    refresh: Vec<String>,
    invoices_catalog: Value,
    authority: Option<PathBuf>,
    /// Where the authority's certificate is when no state folder was named.
    _place: Option<TempDir>,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<thread::JoinHandle<()>>,
}

/// Starts serving on this machine's loopback, on threads of its own: it can be called with or without a runtime.
///
/// # Errors
/// A port is taken; the state folder cannot be read or written; the firm to load is none.
pub fn start(options: Options) -> io::Result<Running> {
    let (mut portal, site) = opened(&options)?;
    let state_dir = options.state_dir.as_deref();
    let refresh = portal.world.oauth.unused();
    let (amo, invoices_catalog) = (site.announcement(), site.invoices_catalog());
    let bind = |port: u16| -> io::Result<std::net::TcpListener> {
        let listener = std::net::TcpListener::bind(loopback(port))?;
        listener.set_nonblocking(true)?;
        Ok(listener)
    };
    let (http, steering) = (bind(options.http_port)?, bind(options.control_port)?);
    let mut place = None;
    let mut authority = None;
    let mut https = None;
    if let Some(port) = options.https_port {
        let folder = match state_dir {
            Some(folder) => folder.to_owned(),
            None => place.insert(tempfile::tempdir()?).path().to_owned(),
        };
        let (file, acceptor) = tls::prepare(&folder)?;
        authority = Some(file);
        https = Some((bind(port)?, acceptor));
    }
    let addresses = Addresses {
        bitrix24: http.local_addr()?,
        https: https.as_ref().map(|(listener, _)| listener.local_addr()).transpose()?,
        control: steering.local_addr()?,
    };
    portal.answers_at(format!("http://{}", addresses.bitrix24));
    let (stop, stopped) = oneshot::channel();
    let (ready, is_ready) = std::sync::mpsc::channel();
    let doors = Doors { http, https, steering };
    let thread = thread::Builder::new().name("sandbox".to_owned()).spawn(move || {
        // Made where it may be dropped, whatever goes wrong: the caller may be in a runtime of its own.
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(2)
            .thread_name("sandbox")
            .enable_all()
            .build();
        match runtime {
            Ok(runtime) => run(runtime, doors, portal, site, &ready, stopped),
            // Nobody waits for the answer only when the caller is gone.
            Err(error) => drop(ready.send(Err(error))),
        }
    })?;
    is_ready.recv().map_err(io::Error::other)??;
    Ok(Running {
        addresses,
        amo,
        refresh,
        invoices_catalog,
        authority,
        _place: place,
        stop: Some(stop),
        thread: Some(thread),
    })
}

/// Both CRMs as the options want them.
pub fn opened(options: &Options) -> io::Result<(Portal, Site)> {
    let firms = firms(options).map_err(|error| io::Error::new(io::ErrorKind::InvalidInput, error))?;
    let clock = options.clock_ms.map_or_else(Clock::default, Clock::standing_at);
    let state_dir = options.state_dir.as_deref();
    let mut portal = Portal::open(firms.clone(), options.limits, clock.clone(), state_dir)?;
    options.faults.iter().for_each(|fault| portal.faults.add(fault.clone()));
    let mut site = Site::open(firms, options.amo.clone(), options.limits, clock, state_dir)?;
    options
        .amo_faults
        .iter()
        .for_each(|fault| site.add_fault(fault.clone()));
    Ok((portal, site))
}

/// Where the sandbox listens.
struct Doors {
    http: std::net::TcpListener,
    https: Option<(std::net::TcpListener, TlsAcceptor)>,
    steering: std::net::TcpListener,
}

fn firms(options: &Options) -> Result<Vec<Firm>, FirmError> {
    let demo = options.demo && options.seed.is_none();
    let mut firms = Vec::new();
    if demo {
        let value: Value = serde_json::from_str(DEMO).map_err(|error| FirmError::Shape(error.to_string()))?;
        firms.push(Firm::parse(&value)?);
    }
    firms.extend(options.seed.map(|seed| seed.firm()));
    if let Some(load) = &options.load {
        firms.push(Firm::parse(load)?);
    }
    Ok(firms)
}

fn run(
    runtime: Runtime,
    doors: Doors,
    portal: Portal,
    site: Site,
    ready: &std::sync::mpsc::Sender<io::Result<()>>,
    stopped: oneshot::Receiver<()>,
) {
    runtime.block_on(async {
        let (shared, site) = (Shared::new(portal), SharedSite::new(site));
        let both = server::router(shared.clone()).merge(amo::router(site.clone()));
        let started = async {
            let mut gates = vec![Gate::start(TcpListener::from_std(doors.http)?, both.clone(), None).await?];
            if let Some((listener, tls)) = doors.https {
                gates.push(Gate::start(TcpListener::from_std(listener)?, both, Some(tls)).await?);
            }
            io::Result::Ok((gates, TcpListener::from_std(doors.steering)?))
        };
        let (gates, steering) = match started.await {
            Ok(started) => started,
            Err(error) => {
                // Nobody waits for the answer only when the caller is gone.
                let _ = ready.send(Err(error));
                return;
            }
        };
        let control = control::router(Control {
            shared,
            site,
            gates: gates.clone(),
        });
        let serving = tokio::spawn(async move {
            let _ = axum::serve(steering, control).await;
        });
        let _ = ready.send(Ok(()));
        // A dropped sender stops as well as a sent word.
        let _ = stopped.await;
        serving.abort();
        for gate in &gates {
            gate.close().await;
        }
    });
    runtime.shutdown_background();
}

impl Running {
    /// `http://127.0.0.1:P`.
    #[must_use]
    pub fn bitrix24_url(&self) -> String {
        format!("http://{}", self.addresses.bitrix24)
    }

    /// `http://127.0.0.1:P/rest/1/SECRET/`, as a person copies it from the portal.
    #[must_use]
    pub fn webhook_url(&self) -> String {
        format!("{}/rest/{WEBHOOK_USER}/{WEBHOOK_CODE}/", self.bitrix24_url())
    }

    #[must_use]
    pub fn control_url(&self) -> String {
        format!("http://{}", self.addresses.control)
    }

    /// `http://127.0.0.1:P`: the same address, by other paths.
    #[must_use]
    pub fn amocrm_url(&self) -> String {
        self.bitrix24_url()
    }

    /// `https://localhost:S`, for both; none without HTTPS.
    #[must_use]
    pub fn https_url(&self) -> Option<String> {
        let https = self.addresses.https?;
        Some(format!("https://localhost:{}", https.port()))
    }

    /// The certificate of the authority behind HTTPS, as PEM.
    #[must_use]
    pub fn authority(&self) -> Option<&Path> {
        self.authority.as_deref()
    }

    /// The long-lived token of the amoCRM account.
    #[must_use]
    pub fn amo_bearer(&self) -> &str {
        self.amo["bearer"].as_str().unwrap_or_default()
    }

    /// The line the command prints when the sandbox is ready. What the sandbox does not have is null.
    #[must_use]
    pub fn announcement(&self) -> Value {
        json!({
            "bitrix24": self.bitrix24_url(),
            "bitrix24_https": self.https_url(),
            "webhook": format!("{WEBHOOK_USER}/{WEBHOOK_CODE}"),
            "oauth": {
                "id": CLIENT_ID,
                "secret": CLIENT_SECRET,
                "refresh": self.refresh,
                "expired_token": EXPIRED_TOKEN,
            },
            "amocrm": self.amocrm_url(),
            "amocrm_https": self.https_url(),
            "amo": self.amo,
            "ca_pem": self.authority,
            "control": self.control_url(),
            "invoices_catalog_id": self.invoices_catalog,
        })
    }

    /// Stops and waits until the ports are free.
    pub fn shutdown(mut self) {
        self.stop();
    }

    fn stop(&mut self) {
        if let Some(stop) = self.stop.take() {
            // It may have ended by itself.
            let _ = stop.send(());
        }
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.stop();
    }
}
