//! Whether the portal can be reached. Offline means its port is closed: clients are refused, open connections cut.

use std::{io, net::SocketAddr, sync::Arc};

use axum::Router;
use tokio::{net::TcpListener, sync::Mutex, task::JoinHandle};

use crate::listener::{Connections, CutListener, Peer};

#[derive(Clone)]
pub struct Gate(Arc<Inner>);

struct Inner {
    address: SocketAddr,
    router: Router,
    connections: Connections,
    /// The task that accepts; none while offline.
    serving: Mutex<Option<JoinHandle<()>>>,
}

impl Gate {
    pub async fn start(listener: TcpListener, router: Router) -> io::Result<Self> {
        let gate = Self(Arc::new(Inner {
            address: listener.local_addr()?,
            router,
            connections: Connections::default(),
            serving: Mutex::new(None),
        }));
        *gate.0.serving.lock().await = Some(gate.serve(listener));
        Ok(gate)
    }

    fn serve(&self, listener: TcpListener) -> JoinHandle<()> {
        let listener = CutListener::new(listener, self.0.connections.clone());
        let service = self.0.router.clone().into_make_service_with_connect_info::<Peer>();
        tokio::spawn(async move {
            // Ends only when aborted: accepting waits out its own errors.
            let _ = axum::serve(listener, service).await;
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
