//! What proxies before this server change about a request: the client's address, the host in the browser's address bar,
//! and the path that the page lies below.

use std::net::IpAddr;
use std::str::FromStr;
use std::sync::{Arc, Mutex};
use std::time::Instant;

use axum::extract::Request;
use axum::http::uri::PathAndQuery;
use axum::http::{HeaderMap, HeaderValue, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};

use crate::config::Config;
use crate::error::Refusal;
use crate::limits::{AddressSeat, Addresses};

/// The address of the client: that of the connection, or the one that a trusted proxy reports.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ClientAddress(pub IpAddr);

/// The connection permit of the client whose socket a proxy's connection carries.
pub type ForwardedSeat = Arc<Mutex<Option<AddressSeat>>>;

/// A network in CIDR notation; a bare address is a network of one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Network {
    address: IpAddr,
    prefix: u8,
}

/// The settings about proxies.
#[derive(Debug)]
pub struct Proxies {
    trusted: Vec<Network>,
    /// Begins with a slash and ends without one; empty at the root.
    base_path: String,
    addresses: Arc<Addresses>,
}

impl Proxies {
    pub fn new(config: &Config, addresses: Arc<Addresses>) -> Self {
        Self { trusted: config.trusted_proxy.clone(), base_path: config.base_path(), addresses }
    }

    /// Returns whether this address is a proxy that may report other clients' addresses.
    pub fn is_trusted(&self, address: IpAddr) -> bool {
        self.trusted.iter().any(|network| network.contains(address))
    }

    /// Rewrites the request to what the browser sent to the proxy. Returns a response where there is nothing to route.
    pub fn apply(&self, request: &mut Request, peer: IpAddr, seat: &ForwardedSeat) -> Option<Response> {
        let mut client = peer;
        if self.is_trusted(peer) {
            client = self.client(request.headers(), peer);
            // Several `Host` headers are refused later.
            let is_single = request.headers().get_all(header::HOST).iter().count() < 2;
            if let Some(host) = forwarded_host(request.headers()).filter(|_| is_single) {
                request.headers_mut().insert(header::HOST, host);
            }
            if client != peer && request.headers().contains_key(header::UPGRADE) {
                match self.addresses.seat(client, Instant::now()) {
                    Ok(taken) => *seat.lock().expect("nothing panics while it holds a permit") = taken,
                    Err(_) => return Some(crowded()),
                }
            }
        }
        request.extensions_mut().insert(ClientAddress(client));
        self.strip_base_path(request)
    }

    /// Returns the last address of `X-Forwarded-For` that is not a trusted proxy: what is left of it is the client's claim.
    fn client(&self, headers: &HeaderMap, peer: IpAddr) -> IpAddr {
        let mut client = peer;
        for text in list(headers, "x-forwarded-for").rev() {
            let Some(address) = parse_address(text) else { break };
            client = address;
            if !self.is_trusted(address) {
                break;
            }
        }
        client
    }

    /// A proxy may have stripped the path already: then the request is routed as it is.
    fn strip_base_path(&self, request: &mut Request) -> Option<Response> {
        let rest = request.uri().path().strip_prefix(self.base_path.as_str()).filter(|_| !self.base_path.is_empty())?;
        if rest.is_empty() {
            // Relative addresses in the page need the slash.
            let query = request.uri().query().map(|query| format!("?{query}")).unwrap_or_default();
            let location = HeaderValue::try_from(format!("{}/{query}", self.base_path)).ok()?;
            return Some((StatusCode::PERMANENT_REDIRECT, [(header::LOCATION, location)]).into_response());
        }
        if !rest.starts_with('/') {
            return None;
        }
        let query = request.uri().query().map(|query| format!("?{query}")).unwrap_or_default();
        let mut parts = request.uri().clone().into_parts();
        parts.path_and_query = Some(PathAndQuery::try_from(format!("{rest}{query}")).ok()?);
        *request.uri_mut() = Uri::from_parts(parts).ok()?;
        None
    }
}

fn crowded() -> Response {
    let what = "this address has or opens too many clients".into();
    Refusal::TooMany { what, wait: std::time::Duration::from_secs(1) }.into_response()
}

/// Returns the entries of a header that proxies append to, in order.
fn list<'a>(headers: &'a HeaderMap, name: &str) -> impl DoubleEndedIterator<Item = &'a str> + use<'a> {
    let texts = headers.get_all(name).iter().filter_map(|value| value.to_str().ok());
    texts
        .flat_map(|text| text.split(','))
        .map(str::trim)
        .filter(|text| !text.is_empty())
        .collect::<Vec<_>>()
        .into_iter()
}

/// Returns the host that the nearest proxy reports, with its port: from `X-Forwarded-Host`, and `X-Forwarded-Port` where a
/// port is missing.
fn forwarded_host(headers: &HeaderMap) -> Option<HeaderValue> {
    let own = headers.get(header::HOST).and_then(|host| host.to_str().ok());
    let host = list(headers, "x-forwarded-host").next_back().or(own)?;
    let has_port = host.rsplit_once(':').is_some_and(|(_, port)| port.bytes().all(|byte| byte.is_ascii_digit()));
    let port = list(headers, "x-forwarded-port").next_back().filter(|port| !has_port && port.parse::<u16>().is_ok());
    HeaderValue::try_from(port.map_or(host.to_owned(), |port| format!("{host}:{port}"))).ok()
}

/// Some proxies add the port.
fn parse_address(text: &str) -> Option<IpAddr> {
    let without_port = || text.parse::<std::net::SocketAddr>().ok().map(|address| address.ip());
    let bare = text.trim_start_matches('[').trim_end_matches(']');
    bare.parse().ok().or_else(without_port).map(|address: IpAddr| address.to_canonical())
}

impl Network {
    fn contains(self, address: IpAddr) -> bool {
        match (self.address, address.to_canonical()) {
            (IpAddr::V4(own), IpAddr::V4(other)) => {
                let shift = 32 - u32::from(self.prefix);
                own.to_bits().checked_shr(shift) == other.to_bits().checked_shr(shift)
            }
            (IpAddr::V6(own), IpAddr::V6(other)) => {
                let shift = 128 - u32::from(self.prefix);
                own.to_bits().checked_shr(shift) == other.to_bits().checked_shr(shift)
            }
            _ => false,
        }
    }
}

impl FromStr for Network {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let bad = || format!("{text:?} is not a network: write an address, or a network such as 10.0.0.0/8");
        let (address, prefix) =
            text.trim().split_once('/').map_or((text.trim(), None), |(net, bits)| (net, Some(bits)));
        let address: IpAddr = address.parse().map_err(|_| bad())?;
        let bits = if address.is_ipv4() { 32 } else { 128 };
        let prefix = prefix.map_or(Ok(bits), str::parse).map_err(|_| bad())?;
        (prefix <= bits).then_some(Self { address, prefix }).ok_or_else(bad)
    }
}

#[cfg(test)]
#[path = "forwarded_tests.rs"]
mod tests;
