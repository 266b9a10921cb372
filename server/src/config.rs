//! Settings of the server, each a flag and an environment variable.

use std::{fmt, net::SocketAddr, path::PathBuf, str::FromStr, time::Duration};

use clap::Parser;

use crate::environment;
use crate::limits::Limits;
use crate::outgoing::OutgoingPolicy;
use crate::runner::limits::RunnerLimits;
use crate::serve::Network;

#[derive(Debug, Clone, Parser)]
#[command(
    name = "orrery-server",
    version,
    about = "Serves the Orrery canvas: keeps the event log, routes events to agents and publishes them to pages."
)]
pub struct Config {
    /// Address and port to listen on. Port 0 picks a free one.
    #[arg(long, env = "ORRERY_LISTEN", value_name = "ADDRESS", default_value = "127.0.0.1:8000")]
    pub listen: SocketAddr,

    /// Folder of the SQLite event log. It is created if it does not exist.
    #[arg(long, global = true, env = "ORRERY_DATA_DIR", value_name = "FOLDER", default_value = "./orrery-data")]
    pub data_dir: PathBuf,

    /// Store events in this PostgreSQL database instead of SQLite: `postgres://user:password@host/database`.
    #[arg(long, global = true, env = "DATABASE_URL", value_name = "URL", hide_env_values = true)]
    pub database_url: Option<Secret>,

    /// Wake the other servers of the same database through this Redis: `redis://host:6379`.
    #[arg(long, env = "REDIS_URL", value_name = "URL", hide_env_values = true)]
    pub redis_url: Option<Secret>,

    /// Token that operators sign in with, at least 16 characters. Required to listen on an address that is not loopback.
    #[arg(long, env = "ORRERY_ADMIN_TOKEN", value_name = "TOKEN", hide_env_values = true)]
    pub admin_token: Option<Secret>,

    /// How long an operator stays signed in.
    #[arg(long, env = "ORRERY_SIGN_IN_HOLDS", value_name = "DURATION", default_value = "12h", value_parser = duration)]
    pub sign_in_holds: Duration,

    /// Another origin whose pages may use this server, such as `https://canvas.example.com`. Can be repeated.
    #[arg(long, env = "ORRERY_ALLOW_ORIGIN", value_name = "ORIGIN", value_delimiter = ',', value_parser = list_item)]
    pub allow_origin: Vec<String>,

    /// Another host name that requests may address this server by while no admin token is set. Loopback names and the hosts
    /// of --allow-origin are always allowed. Can be repeated.
    #[arg(long, env = "ORRERY_ALLOW_HOST", value_name = "HOST", value_delimiter = ',', value_parser = list_item)]
    pub allow_host: Vec<String>,

    /// A proxy's address or network, such as `10.0.0.0/8`, whose `X-Forwarded-For`, `X-Forwarded-Host` and
    /// `X-Forwarded-Port` count. Can be repeated.
    #[arg(long, env = "ORRERY_TRUSTED_PROXY", value_name = "CIDR", value_delimiter = ',')]
    pub trusted_proxy: Vec<Network>,

    /// Path below which a proxy shows this server, such as `/orrery`, whether the proxy strips it or not.
    #[arg(long, env = "ORRERY_BASE_PATH", value_name = "PATH", default_value = "/", value_parser = base_path)]
    pub base_path: String,

    /// Mark an online workspace as offline after this long without a heartbeat.
    #[arg(long, env = "ORRERY_HEARTBEAT_TTL", value_name = "DURATION", default_value = "60s", value_parser = duration)]
    pub heartbeat_ttl: Duration,

    /// Mark a provisioning workspace as failed after this long without a heartbeat.
    #[arg(long, env = "ORRERY_PROVISION_TIMEOUT", value_name = "DURATION", default_value = "180s", value_parser = duration)]
    pub provision_timeout: Duration,

    /// Send a heartbeat on event streams after this long without an event.
    #[arg(long, env = "ORRERY_STREAM_HEARTBEAT", value_name = "DURATION", default_value = "30s", value_parser = duration)]
    pub stream_heartbeat: Duration,

    /// How many transient events (such as task updates) to keep for clients that resume. A client that missed more loads a
    /// snapshot.
    #[arg(long, env = "ORRERY_KEEP_TRANSIENT", default_value_t = 100_000, value_name = "N")]
    pub keep_transient: u64,

    /// How agents are started: `external` (by you), or `process:<command>` (one local process for each workspace).
    #[arg(long, env = "ORRERY_PROVISIONER", default_value = "external")]
    pub provisioner: Provisioner,

    /// Run this many demo agents, 12 if no number is given.
    #[arg(long, env = "ORRERY_DEMO", num_args = 0..=1, default_missing_value = "12", value_name = "N")]
    pub demo: Option<u32>,

    /// Seed of the demo's random behavior.
    #[arg(long, env = "ORRERY_DEMO_SEED", default_value_t = 7, value_name = "SEED")]
    pub demo_seed: u64,

    /// Serve the page from this folder instead of the one built into the program.
    #[arg(long, env = "ORRERY_DIST", value_name = "FOLDER")]
    pub dist: Option<PathBuf>,

    /// How long to keep activities with their bodies, such as `30d` or `forever`. Other workspace events are always kept.
    #[arg(long, env = "ORRERY_KEEP_ACTIVITY", value_name = "DURATION", default_value = "30d", value_parser = keeping)]
    pub keep_activity: Duration,

    /// How long to keep run events, such as `30d` or `forever`.
    #[arg(long, env = "ORRERY_KEEP_RUNS", value_name = "DURATION", default_value = "30d", value_parser = keeping)]
    pub keep_runs: Duration,

    /// How long to keep the response to a request with an Idempotency-Key, such as `24h` or `forever`.
    #[arg(long, env = "ORRERY_KEEP_OUTCOMES", value_name = "DURATION", default_value = "24h", value_parser = keeping)]
    pub keep_outcomes: Duration,

    /// Format of the server's own log: `text` for people, `json` for collectors. ORRERY_LOG sets its level.
    #[arg(long, env = "ORRERY_LOG_FORMAT", value_name = "FORMAT", default_value = "text")]
    pub log_format: LogFormat,

    #[command(flatten)]
    pub limits: Limits,

    #[command(flatten)]
    pub runner: RunnerLimits,

    #[command(flatten)]
    pub outgoing: OutgoingPolicy,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum LogFormat {
    Text,
    Json,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Provisioner {
    /// Agents start and register by themselves.
    External,
    /// A shell command that is run once for each workspace.
    Process(String),
}

/// Text that is never printed or logged. Blanks around it, such as the newline at the end of a file, are not part of it.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BadConfig {
    #[error(
        "{0} can be reached from other machines: set --admin-token (or ORRERY_ADMIN_TOKEN), or listen on 127.0.0.1"
    )]
    OpenToTheWorld(SocketAddr),
    #[error("an admin token needs at least 16 characters")]
    ShortToken,
    #[error("{0} must be greater than zero")]
    NoTime(&'static str),
}

impl Config {
    /// The defaults, on a free port, with everything in this folder.
    pub fn in_folder(data_dir: impl Into<PathBuf>) -> Self {
        let mut config: Self = environment::parse(["orrery-server".into()]);
        config.listen = ([127, 0, 0, 1], 0).into();
        config.data_dir = data_dir.into();
        config
    }

    /// Returns the base path with a slash at its start and none at its end: empty at the root.
    pub fn base_path(&self) -> String {
        let path = self.base_path.trim_matches('/');
        if path.is_empty() { String::new() } else { format!("/{path}") }
    }

    /// What no single flag can say for itself.
    pub fn check(&self) -> Result<(), BadConfig> {
        match &self.admin_token {
            None if !self.listen.ip().is_loopback() => return Err(BadConfig::OpenToTheWorld(self.listen)),
            Some(token) if token.expose().len() < 16 => return Err(BadConfig::ShortToken),
            _ => {}
        }
        let times = [
            ("--heartbeat-ttl", self.heartbeat_ttl),
            ("--provision-timeout", self.provision_timeout),
            ("--stream-heartbeat", self.stream_heartbeat),
            ("--sign-in-holds", self.sign_in_holds),
            ("--keep-activity", self.keep_activity),
            ("--keep-runs", self.keep_runs),
            ("--keep-outcomes", self.keep_outcomes),
        ];
        match times.iter().find(|(_, time)| time.is_zero()) {
            Some((flag, _)) => Err(BadConfig::NoTime(flag)),
            None => Ok(()),
        }
    }
}

impl Secret {
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        to.write_str("(secret)")
    }
}

impl From<&str> for Secret {
    fn from(text: &str) -> Self {
        Self(text.trim().into())
    }
}

impl FromStr for Provisioner {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text.split_once(':') {
            None if text == "external" => Ok(Self::External),
            Some(("process", command)) if !command.trim().is_empty() => Ok(Self::Process(command.trim().into())),
            _ => Err("use `external` or `process:<command>`".into()),
        }
    }
}

/// Reads an item of a list that is separated by commas, with or without blanks.
fn list_item(text: &str) -> Result<String, std::convert::Infallible> {
    Ok(text.trim().to_owned())
}

fn base_path(text: &str) -> Result<String, String> {
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'/' | b'-' | b'_' | b'.' | b'~');
    let is_plain = text.bytes().all(allowed) && !text.contains("//") && !text.split('/').any(|part| part == "..");
    is_plain.then(|| text.to_owned()).ok_or_else(|| format!("{text:?} is not a plain path such as /orrery"))
}

fn keeping(text: &str) -> Result<Duration, String> {
    if text == "forever" { Ok(Duration::MAX) } else { duration(text) }
}

/// `500ms`, `2s`, `3m`, `1h`, `30d`.
fn duration(text: &str) -> Result<Duration, String> {
    let bad = || format!("{text:?} is not a duration: use a number and a unit, such as 500ms, 2s, 3m, 12h or 30d");
    let split = text.find(|letter: char| !letter.is_ascii_digit()).ok_or_else(bad)?;
    let number: u64 = text[..split].parse().map_err(|_| bad())?;
    let millis = match &text[split..] {
        "ms" => 1,
        "s" => 1_000,
        "m" => 60_000,
        "h" => 3_600_000,
        "d" => 86_400_000,
        _ => return Err(bad()),
    };
    number.checked_mul(millis).map(Duration::from_millis).ok_or_else(bad)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_have_units() {
        assert_eq!(duration("500ms"), Ok(Duration::from_millis(500)));
        assert_eq!(duration("3m"), Ok(Duration::from_secs(180)));
        for bad in ["", "5", "s", "-1s", "1.5s", "2 s", "99999999999999999999s", "18446744073709551615h"] {
            assert!(duration(bad).is_err(), "{bad:?}");
        }
    }

    #[test]
    fn without_a_token_only_loopback_is_listened_on() {
        let mut config = Config::in_folder("x");
        assert_eq!(config.check(), Ok(()));
        config.listen = ([0, 0, 0, 0], 80).into();
        assert!(matches!(config.check(), Err(BadConfig::OpenToTheWorld(_))));
        config.admin_token = Some("short".into());
        assert_eq!(config.check(), Err(BadConfig::ShortToken));
        config.admin_token = Some("0123456789abcdef".into());
        assert_eq!(config.check(), Ok(()));
        assert!(!format!("{config:?}").contains("0123456789abcdef"));
    }
}
