//! A listener whose connections can be cut from outside: by a fault, or all at once when the portal goes offline.

use std::{
    io,
    net::{Shutdown, SocketAddr, TcpStream as StdStream},
    sync::{
        Arc, Mutex, PoisonError, Weak,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use axum::{
    extract::connect_info::Connected,
    serve::{IncomingStream, Listener},
};
use tokio::net::{TcpListener, TcpStream};

/// A rest after a failed accept (no file handles left), as servers do.
const ACCEPT_REST: Duration = Duration::from_millis(50);

/// The other end of a connection, and the means to cut it.
#[derive(Debug, Clone, Default)]
pub struct Peer {
    stream: Option<Arc<StdStream>>,
    tls: bool,
    was_cut: Arc<AtomicBool>,
}

impl Peer {
    /// Whether the connection was cut. Only who asks without a socket has to ask.
    pub fn was_cut(&self) -> bool {
        self.was_cut.load(Ordering::Relaxed)
    }

    /// Whether it speaks TLS.
    pub fn is_tls(&self) -> bool {
        self.tls
    }

    pub fn over_tls(self) -> Self {
        Self { tls: true, ..self }
    }

    fn of(stream: Arc<StdStream>) -> Self {
        Self {
            stream: Some(stream),
            ..Self::default()
        }
    }

    pub fn cut(&self) {
        self.was_cut.store(true, Ordering::Relaxed);
        if let Some(stream) = &self.stream {
            // Fails only where the other side was faster.
            let _ = stream.shutdown(Shutdown::Both);
        }
    }
}

/// Every open connection.
#[derive(Debug, Clone, Default)]
pub struct Connections(Arc<Mutex<Vec<Weak<StdStream>>>>);

impl Connections {
    fn add(&self, stream: &Arc<StdStream>) {
        let mut open = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        open.retain(|stream| stream.strong_count() > 0);
        open.push(Arc::downgrade(stream));
    }

    pub fn cut_all(&self) {
        let mut open = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        for stream in open.drain(..).filter_map(|stream| stream.upgrade()) {
            Peer::of(stream).cut();
        }
    }
}

pub struct CutListener {
    listener: TcpListener,
    connections: Connections,
}

impl CutListener {
    pub fn new(listener: TcpListener, connections: Connections) -> Self {
        Self { listener, connections }
    }

    async fn next(&self) -> io::Result<(TcpStream, Peer)> {
        let (stream, _) = self.listener.accept().await?;
        stream.set_nodelay(true)?;
        // The second handle to the socket is what cuts it.
        let stream = stream.into_std()?;
        let handle = Arc::new(stream.try_clone()?);
        self.connections.add(&handle);
        Ok((TcpStream::from_std(stream)?, Peer::of(handle)))
    }
}

impl Listener for CutListener {
    type Io = TcpStream;
    type Addr = Peer;

    async fn accept(&mut self) -> (TcpStream, Peer) {
        loop {
            match self.next().await {
                Ok(accepted) => return accepted,
                Err(_) => tokio::time::sleep(ACCEPT_REST).await,
            }
        }
    }

    fn local_addr(&self) -> io::Result<Peer> {
        Ok(Peer::default())
    }
}

impl Connected<IncomingStream<'_, CutListener>> for Peer {
    fn connect_info(stream: IncomingStream<'_, CutListener>) -> Self {
        stream.remote_addr().clone()
    }
}

/// This machine only.
pub fn loopback(port: u16) -> SocketAddr {
    SocketAddr::from(([127, 0, 0, 1], port))
}
