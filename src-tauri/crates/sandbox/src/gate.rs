//! Whether the portal can be reached. Offline means its port is closed: clients are refused, open connections cut.

use std::{io, net::SocketAddr, sync::Arc};

use axum::Router;
use tokio::{net::TcpListener, sync::Mutex, task::JoinHandle};
use tokio_rustls::TlsAcceptor;

use crate::{
    listener::{Connections, CutListener, Peer},
    tls::TlsListener,
};

#[derive(Clone)]
pub struct Gate(Arc<Inner>);

struct Inner {
    address: SocketAddr,
    router: Router,
    tls: Option<TlsAcceptor>,
    connections: Connections,
    /// The task that accepts; none while offline.
    serving: Mutex<Option<JoinHandle<()>>>,
}

impl Gate {
    /// With `tls` it speaks HTTPS.
    pub async fn start(listener: TcpListener, router: Router, tls: Option<TlsAcceptor>) -> io::Result<Self> {
        let gate = Self(Arc::new(Inner {
            address: listener.local_addr()?,
            router,
            tls,
            connections: Connections::default(),
            serving: Mutex::new(None),
        }));
        *gate.0.serving.lock().await = Some(gate.serve(listener));
        Ok(gate)
    }

    fn serve(&self, listener: TcpListener) -> JoinHandle<()> {
        let listener = CutListener::new(listener, self.0.connections.clone());
        let service = self.0.router.clone().into_make_service_with_connect_info::<Peer>();
        let tls = self.0.tls.clone();
        tokio::spawn(async move {
            // Ends only when aborted: accepting waits out its own errors.
            let _ = match tls {
                None => axum::serve(listener, service).await,
                Some(tls) => axum::serve(TlsListener::new(listener, tls), service).await,
            };
        })
    }

    pub async fn is_online(&self) -> bool {
        self.0.serving.lock().await.is_some()
    }

    pub async fn close(&self) {
        let mut serving = self.0.serving.lock().await;
        if let Some(task) = serving.take() {
            task.abort();
            // The listener is closed once the task has ended; that it was cancelled is what was asked for.
            let _ = task.await;
        }
        self.0.connections.cut_all();
    }

    /// Listens on the same port again.
    pub async fn open(&self) -> io::Result<()> {
        let mut serving = self.0.serving.lock().await;
        if serving.is_none() {
            *serving = Some(self.serve(TcpListener::bind(self.0.address).await?));
        }
        Ok(())
    }
}
