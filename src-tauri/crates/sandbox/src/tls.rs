//! HTTPS: an authority and a certificate made on the spot, for this machine's names and the CRMs' official ones.
//!
//! The keys live in memory and end with the sandbox; only the authority's certificate is written, for clients to trust.

use std::{
    fs, io,
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use axum::{
    extract::connect_info::Connected,
    serve::{IncomingStream, Listener},
};
use rcgen::{
    BasicConstraints, CertificateParams, CertifiedIssuer, DistinguishedName, DnType, ExtendedKeyUsagePurpose, IsCa,
    KeyPair, KeyUsagePurpose,
};
use tokio::{net::TcpStream, task::JoinSet};
use tokio_rustls::{
    TlsAcceptor,
    rustls::{
        ServerConfig,
        crypto::ring,
        pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer},
    },
    server::TlsStream,
};

use crate::listener::{CutListener, Peer};

/// Whom the certificate is for.
const NAMES: [&str; 13] = [
    "localhost",
    "127.0.0.1",
    "*.bitrix24.ru",
    "*.bitrix24.com",
    "*.bitrix24.by",
    "*.bitrix24.kz",
    "oauth.bitrix24.tech",
    "oauth.bitrix.info",
    "*.amocrm.ru",
    "*.amocrm.com",
    "*.kommo.com",
    "amocrm.ru",
    "kommo.com",
];
const AUTHORITY_FILE: &str = "ca.pem";
/// How long a client may take to shake hands.
const HANDSHAKE: Duration = Duration::from_secs(10);

/// Makes both certificates and writes the authority's into `folder`.
///
/// # Errors
/// The folder cannot be written.
pub fn prepare(folder: &Path) -> io::Result<(PathBuf, TlsAcceptor)> {
    let (authority, config) = certificates().map_err(io::Error::other)?;
    let file = folder.join(AUTHORITY_FILE);
    fs::write(&file, authority)?;
    Ok((file, TlsAcceptor::from(Arc::new(config))))
}

#[derive(Debug, thiserror::Error)]
enum TlsError {
    #[error("no certificate could be made: {0}")]
    Certificate(#[from] rcgen::Error),
    #[error("the certificate cannot be served: {0}")]
    Serving(#[from] tokio_rustls::rustls::Error),
}

fn certificates() -> Result<(String, ServerConfig), TlsError> {
    let named = |name: &str| {
        let mut names = DistinguishedName::new();
        names.push(DnType::CommonName, name);
        names
    };
    let mut authority = CertificateParams::new(Vec::new())?;
    authority.distinguished_name = named("Sverka sandbox, this run only");
    authority.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    authority.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    let authority = CertifiedIssuer::self_signed(authority, KeyPair::generate()?)?;

    let mut leaf = CertificateParams::new(NAMES.map(str::to_owned).to_vec())?;
    leaf.distinguished_name = named("localhost");
    leaf.key_usages = vec![KeyUsagePurpose::DigitalSignature];
    leaf.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
    leaf.use_authority_key_identifier_extension = true;
    let key = KeyPair::generate()?;
    let leaf = leaf.signed_by(&key, &authority)?;

    let mut config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()?
        .with_no_client_auth()
        .with_single_cert(
            vec![leaf.der().clone(), authority.der().clone()],
            PrivateKeyDer::from(PrivatePkcs8KeyDer::from(key.serialize_der())),
        )?;
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok((authority.pem(), config))
}

/// Shakes hands with many at once: who is slow does not hold up the others.
pub struct TlsListener {
    listener: CutListener,
    acceptor: TlsAcceptor,
    handshakes: JoinSet<Option<(TlsStream<TcpStream>, Peer)>>,
}

impl TlsListener {
    pub fn new(listener: CutListener, acceptor: TlsAcceptor) -> Self {
        Self {
            listener,
            acceptor,
            handshakes: JoinSet::new(),
        }
    }
}

impl Listener for TlsListener {
    type Io = TlsStream<TcpStream>;
    type Addr = Peer;

    async fn accept(&mut self) -> (Self::Io, Peer) {
        loop {
            tokio::select! {
                (stream, peer) = self.listener.accept() => {
                    let acceptor = self.acceptor.clone();
                    self.handshakes.spawn(async move {
                        let shaken = tokio::time::timeout(HANDSHAKE, acceptor.accept(stream)).await;
                        // Who does not trust the authority goes away: that is the client's affair.
                        let stream = shaken.ok()?.ok()?;
                        Some((stream, peer.over_tls()))
                    });
                }
                Some(shaken) = self.handshakes.join_next() => {
                    if let Ok(Some(accepted)) = shaken {
                        return accepted;
                    }
                }
            }
        }
    }

    fn local_addr(&self) -> io::Result<Peer> {
        self.listener.local_addr()
    }
}

impl Connected<IncomingStream<'_, TlsListener>> for Peer {
    fn connect_info(stream: IncomingStream<'_, TlsListener>) -> Self {
        stream.remote_addr().clone()
    }
}
