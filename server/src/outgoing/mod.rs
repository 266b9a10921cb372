//! HTTP clients for calls to agents and for `http` steps. Every address is checked after its name is resolved and at
//! each redirect, and an answer is read up to a limit.

mod address;
mod policy;

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use reqwest::redirect::{self, Attempt};
use reqwest::{Client, ClientBuilder, RequestBuilder, Response, Url};

pub use policy::{Allowed, Forbidden, OutgoingPolicy};

const MAX_REDIRECTS: usize = 10;
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);

/// What this server calls others with.
pub struct Outgoing {
    policy: Arc<OutgoingPolicy>,
    agents: Client,
    endpoints: Client,
}

impl Outgoing {
    pub fn new(policy: &OutgoingPolicy) -> Self {
        let policy = Arc::new(policy.clone());
        let agents = client(&policy, redirect::Policy::custom(follow_at_same_origin));
        let checked = policy.clone();
        let endpoints = client(&policy, redirect::Policy::custom(move |attempt| follow_checked(&checked, attempt)));
        Self { policy, agents, endpoints }
    }

    /// A call to an agent's registered URL. A redirect is followed only where it keeps method and origin (307 and 308).
    pub fn post_to_agent(&self, url: &str) -> Result<RequestBuilder, String> {
        Ok(self.agents.post(self.checked(url)?))
    }

    /// A request of an `http` step. Redirects are followed, each after a check.
    pub fn request(&self, method: &str, url: &str) -> Result<RequestBuilder, String> {
        let method = method.parse().map_err(|_| format!("{method} is not a method"))?;
        Ok(self.endpoints.request(method, self.checked(url)?))
    }

    /// Returns the text of an answer, or an error once it is larger than `--max-answer` allows.
    pub async fn read_answer(&self, mut response: Response) -> Result<String, ReadError> {
        let most = self.policy.max_answer;
        let mut bytes = Vec::new();
        while let Some(chunk) = response.chunk().await.map_err(|error| ReadError::Broken(cause(&error)))? {
            if bytes.len() + chunk.len() > most {
                return Err(ReadError::TooLarge(most));
            }
            bytes.extend_from_slice(&chunk);
        }
        Ok(String::from_utf8_lossy(&bytes).into_owned())
    }

    fn checked(&self, url: &str) -> Result<Url, String> {
        let url: Url = url.parse().map_err(|error| format!("the url cannot be read: {error}"))?;
        if !matches!(url.scheme(), "http" | "https") {
            return Err(format!("only http and https are called, not {}", url.scheme()));
        }
        self.policy.check_url(&url).map_err(|forbidden| forbidden.to_string())?;
        Ok(url)
    }
}

/// Why an answer could not be read to its end.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ReadError {
    #[error("the answer is larger than {0} bytes, the limit of --max-answer")]
    TooLarge(usize),
    #[error("{0}")]
    Broken(String),
}

/// Returns the innermost reason: it is the one that a person understands.
pub fn cause(error: &reqwest::Error) -> String {
    let mut cause: &dyn std::error::Error = error;
    while let Some(inner) = cause.source() {
        if inner.is::<Forbidden>() {
            return inner.to_string();
        }
        cause = inner;
    }
    match error.url() {
        Some(url) if error.is_connect() => format!("cannot reach {url}: {cause}"),
        _ => cause.to_string(),
    }
}

/// A proxy from the environment would resolve names itself: what was checked would not be what is called.
fn client(policy: &Arc<OutgoingPolicy>, redirects: redirect::Policy) -> Client {
    let resolver = Arc::new(CheckedResolver(policy.clone()));
    let builder = |redirects| {
        let builder: ClientBuilder = Client::builder().connect_timeout(CONNECT_TIMEOUT).no_proxy();
        builder.dns_resolver(resolver.clone()).redirect(redirects)
    };
    // Without the system's certificates https fails, call by call; everything else goes on.
    builder(redirects).build().unwrap_or_else(|error| {
        tracing::warn!(%error, "the system's certificates cannot be read: no https for steps and agents");
        let bare = builder(redirect::Policy::none()).tls_built_in_root_certs(false).build();
        bare.expect("a client without certificates has nothing to read")
    })
}

/// An agent that redirects elsewhere would have this server read another one's answer out to it.
fn follow_at_same_origin(attempt: Attempt<'_>) -> redirect::Action {
    let first = attempt.previous().first().map(Url::origin);
    let keeps_method = matches!(attempt.status().as_u16(), 307 | 308);
    match keeps_method && first == Some(attempt.url().origin()) && attempt.previous().len() <= MAX_REDIRECTS {
        true => attempt.follow(),
        false => attempt.stop(),
    }
}

fn follow_checked(policy: &OutgoingPolicy, attempt: Attempt<'_>) -> redirect::Action {
    if attempt.previous().len() > MAX_REDIRECTS {
        return attempt.error(format!("more than {MAX_REDIRECTS} redirects"));
    }
    match policy.check_url(attempt.url()) {
        Ok(()) => attempt.follow(),
        Err(forbidden) => attempt.error(forbidden),
    }
}

/// Resolves names as the system does, and refuses a name if any of its addresses may not be called.
struct CheckedResolver(Arc<OutgoingPolicy>);

impl Resolve for CheckedResolver {
    fn resolve(&self, name: Name) -> Resolving {
        let policy = self.0.clone();
        Box::pin(async move {
            let host = name.as_str();
            let addresses: Vec<SocketAddr> = match policy.resolve.iter().find(|(known, _)| known == host) {
                Some((_, address)) => vec![SocketAddr::new(*address, 0)],
                None => tokio::net::lookup_host((host, 0)).await?.collect(),
            };
            let check = |address: IpAddr| policy.check_address(host, address);
            if let Some(forbidden) = addresses.iter().find_map(|address| check(address.ip()).err()) {
                tracing::warn!(host, ?addresses, "a call to an address that is not allowed was refused");
                return Err(forbidden.into());
            }
            Ok(Box::new(addresses.into_iter()) as Addrs)
        })
    }
}
