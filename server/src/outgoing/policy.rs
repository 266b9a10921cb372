//! Which hosts and addresses this server may call on behalf of agents and workflows, and the flags that say so.

use std::net::IpAddr;
use std::str::FromStr;

use clap::Args;
use reqwest::Url;

use super::address::{Network, unwrap};

const MAX_ANSWER: usize = 1024 * 1024;

/// Link-local and metadata addresses are never called unless they are named.
#[derive(Debug, Clone, PartialEq, Eq, Args)]
pub struct OutgoingPolicy {
    /// Refuse calls to loopback, private and shared addresses by agents and `http` steps, except those of --allow-outgoing.
    #[arg(long = "forbid-private", env = "ORRERY_FORBID_PRIVATE", value_parser = clap::builder::BoolishValueParser::new())]
    pub forbid_private: bool,

    /// Host name, address or network (such as 10.1.0.0/16) that agents and `http` steps may always call. Can be repeated.
    #[arg(long = "allow-outgoing", env = "ORRERY_ALLOW_OUTGOING", value_name = "HOST|NETWORK", value_delimiter = ',')]
    pub allow: Vec<Allowed>,

    /// Bytes that an agent or an endpoint may answer a step with. A larger answer fails the step, which is not repeated.
    #[arg(long = "max-answer", env = "ORRERY_MAX_ANSWER", value_name = "BYTES", default_value_t = MAX_ANSWER)]
    pub max_answer: usize,

    /// Names that resolve to these addresses, instead of asking the system: only for tests.
    #[arg(skip)]
    pub resolve: Vec<(String, IpAddr)>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Allowed {
    /// In lower case.
    Host(String),
    /// The first so many bits of an address.
    Network(IpAddr, u8),
}

/// The reason why a call is not made.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{host} is {what}, which this server does not call; --allow-outgoing can allow it")]
pub struct Forbidden {
    host: String,
    what: &'static str,
}

impl Default for OutgoingPolicy {
    fn default() -> Self {
        Self { forbid_private: false, allow: Vec::new(), max_answer: MAX_ANSWER, resolve: Vec::new() }
    }
}

impl OutgoingPolicy {
    /// Checks an address that a host name resolved to, or that stands in the URL itself.
    pub fn check_address(&self, host: &str, address: IpAddr) -> Result<(), Forbidden> {
        let what = match Network::of(address) {
            Network::Reserved => "a link-local, metadata or reserved address",
            Network::Private if self.forbid_private => "a loopback or private address",
            _ => return Ok(()),
        };
        match self.names_host(host) || self.allow.iter().any(|allowed| allowed.includes(address)) {
            true => Ok(()),
            false => Err(Forbidden { host: host.to_owned(), what }),
        }
    }

    /// Checks a URL whose host is an address: no name is resolved for it.
    pub fn check_url(&self, url: &Url) -> Result<(), Forbidden> {
        let host = url.host_str().unwrap_or_default();
        match host.trim_start_matches('[').trim_end_matches(']').parse() {
            Ok(address) => self.check_address(host, address),
            Err(_) => Ok(()),
        }
    }

    fn names_host(&self, host: &str) -> bool {
        let host = host.trim_end_matches('.').to_ascii_lowercase();
        self.allow.iter().any(|allowed| matches!(allowed, Allowed::Host(name) if *name == host))
    }
}

impl Allowed {
    fn includes(&self, address: IpAddr) -> bool {
        let Self::Network(network, bits) = self else { return false };
        match (network, unwrap(address), address) {
            (IpAddr::V4(network), IpAddr::V4(address), _) => {
                let mask = u32::MAX.checked_shl(32 - u32::from(*bits)).unwrap_or(0);
                u32::from(*network) & mask == u32::from(address) & mask
            }
            (IpAddr::V6(network), _, IpAddr::V6(address)) => {
                let mask = u128::MAX.checked_shl(128 - u32::from(*bits)).unwrap_or(0);
                u128::from(*network) & mask == u128::from(address) & mask
            }
            _ => false,
        }
    }
}

impl FromStr for Allowed {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let text = text.trim();
        let bad = || format!("{text:?} is not a host name, an address or a network as 10.1.0.0/16");
        if let Some((address, bits)) = text.split_once('/') {
            let address: IpAddr = address.parse().map_err(|_| bad())?;
            let bits: u8 = bits.parse().map_err(|_| bad())?;
            let most = if address.is_ipv4() { 32 } else { 128 };
            return if bits <= most { Ok(Self::Network(address, bits)) } else { Err(bad()) };
        }
        if let Ok(address) = text.parse::<IpAddr>() {
            return Ok(Self::Network(address, if address.is_ipv4() { 32 } else { 128 }));
        }
        let fits = |letter: char| letter.is_alphanumeric() || matches!(letter, '.' | '-' | '_');
        match !text.is_empty() && text.chars().all(fits) {
            true => Ok(Self::Host(text.trim_end_matches('.').to_ascii_lowercase())),
            false => Err(bad()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn policy(forbid_private: bool, allow: &[&str]) -> OutgoingPolicy {
        let allow = allow.iter().map(|text| text.parse().unwrap()).collect();
        OutgoingPolicy { forbid_private, allow, ..OutgoingPolicy::default() }
    }

    #[test]
    fn named_hosts_and_networks_are_allowed() {
        let check = |policy: &OutgoingPolicy, host: &str, address: &str| {
            policy.check_address(host, address.parse().unwrap()).is_ok()
        };
        let usual = policy(false, &[]);
        assert!(check(&usual, "a", "127.0.0.1") && check(&usual, "a", "10.0.0.1") && check(&usual, "a", "8.8.8.8"));
        assert!(!check(&usual, "a", "169.254.169.254") && !check(&usual, "a", "fe80::1"));
        let strict = policy(true, &["10.1.0.0/16", "Agents.Internal", "169.254.1.1", "fd12::/16", "::1"]);
        for (host, address, allowed) in [
            ("x", "10.1.255.1", true),
            ("x", "::ffff:10.1.2.3", true),
            ("x", "10.2.0.1", false),
            ("agents.internal.", "192.168.1.1", true),
            ("agents.internal", "169.254.169.254", true),
            ("other.internal", "192.168.1.1", false),
            ("x", "169.254.1.1", true),
            ("x", "169.254.1.2", false),
            ("x", "fd12::9", true),
            ("x", "fd13::9", false),
            ("x", "::1", true),
            ("x", "127.0.0.1", false),
            ("x", "8.8.8.8", true),
        ] {
            assert_eq!(check(&strict, host, address), allowed, "{host} {address}");
        }
        for bad in ["", "10.0.0.0/33", "a b", "http://x", "10.0.0/8", "::/129"] {
            assert!(bad.parse::<Allowed>().is_err(), "{bad}");
        }
        assert!(check(&policy(true, &["0.0.0.0/0"]), "x", "127.0.0.1"));
    }

    #[test]
    fn addresses_in_urls_are_checked_in_every_spelling() {
        let usual = policy(false, &[]);
        for url in [
            "http://169.254.169.254/latest",
            "http://2852039166/",
            "http://0xa9fea9fe/",
            "http://0251.0376.0251.0376/",
            "http://[::ffff:169.254.169.254]/",
            "http://[fe80::1]/",
            "http://0/",
            "http://user@169.254.169.254:80/",
        ] {
            assert!(usual.check_url(&url.parse().unwrap()).is_err(), "{url}");
        }
        assert!(usual.check_url(&"http://127.0.0.1:9000/".parse().unwrap()).is_ok());
        assert!(usual.check_url(&"http://example.org/".parse().unwrap()).is_ok());
    }
}
