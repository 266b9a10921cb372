//! The settings, each a flag and an environment variable. Never a default that another file repeats.

use std::{fmt, net::SocketAddr, path::PathBuf, str::FromStr, time::Duration};

use clap::Parser;

use crate::limits::Limits;
use crate::outgoing::OutgoingPolicy;
use crate::runner::limits::RunnerLimits;

#[derive(Debug, Clone, Parser)]
#[command(name = "orrery-server", version, about = "The companion server of the Orrery canvas.")]
pub struct Config {
    /// The address to listen on.
    #[arg(long, env = "ORRERY_LISTEN", default_value = "127.0.0.1:8000")]
    pub listen: SocketAddr,

    /// Where the SQLite log lives.
    #[arg(long, global = true, env = "ORRERY_DATA_DIR", default_value = "./orrery-data")]
    pub data_dir: PathBuf,

    /// `postgres://…` instead of SQLite.
    #[arg(long, global = true, env = "DATABASE_URL", hide_env_values = true)]
    pub database_url: Option<Secret>,

    /// `redis://…` to share events between several servers.
    #[arg(long, env = "REDIS_URL", hide_env_values = true)]
    pub redis_url: Option<Secret>,

    /// The operator's credential. Without one only a loopback address may be listened on.
    #[arg(long, env = "ORRERY_ADMIN_TOKEN", hide_env_values = true)]
    pub admin_token: Option<Secret>,

    /// How long a canvas that signed in with the admin token stays signed in.
    #[arg(long, env = "ORRERY_SIGN_IN_HOLDS", default_value = "12h", value_parser = duration)]
    pub sign_in_holds: Duration,

    /// An origin, besides the server's own, whose pages may use it. Repeatable.
    #[arg(long, env = "ORRERY_ALLOW_ORIGIN", value_delimiter = ',')]
    pub allow_origin: Vec<String>,

    /// Without an admin token: a name, besides loopback names and the hosts of --allow-origin, under which this server may
    /// be reached. Repeatable.
    #[arg(long, env = "ORRERY_ALLOW_HOST", value_delimiter = ',')]
    pub allow_host: Vec<String>,

    /// Without a heartbeat for so long, an online workspace is offline.
    #[arg(long, env = "ORRERY_HEARTBEAT_TTL", default_value = "60s", value_parser = duration)]
    pub heartbeat_ttl: Duration,

    /// Without a heartbeat for so long, provisioning has failed.
    #[arg(long, env = "ORRERY_PROVISION_TIMEOUT", default_value = "180s", value_parser = duration)]
    pub provision_timeout: Duration,

    /// After so long without an event, a stream sends a heartbeat.
    #[arg(long, env = "ORRERY_STREAM_HEARTBEAT", default_value = "30s", value_parser = duration)]
    pub stream_heartbeat: Duration,

    /// How many events are kept for resuming whose value is kept anyway, as that of a task. Who was away for longer takes
    /// a snapshot.
    #[arg(long, env = "ORRERY_KEEP_TRANSIENT", default_value_t = 100_000, value_name = "N")]
    pub keep_transient: u64,

    /// `external`, or `process:<command>`: one local process a workspace.
    #[arg(long, env = "ORRERY_PROVISIONER", default_value = "external")]
    pub provisioner: Provisioner,

    /// Run this many demo agents (12 when no number is given).
    #[arg(long, env = "ORRERY_DEMO", num_args = 0..=1, default_missing_value = "12", value_name = "N")]
    pub demo: Option<u32>,

    /// Another seed, another day in the demo's life.
    #[arg(long, env = "ORRERY_DEMO_SEED", default_value_t = 7, value_name = "SEED")]
    pub demo_seed: u64,

    /// Serve the page from this folder instead of the embedded bundle.
    #[arg(long, env = "ORRERY_DIST")]
    pub dist: Option<PathBuf>,

    /// How long activities are kept, with their bodies: as 30d, or `forever`. What happened to workspaces is kept in any case.
    #[arg(long, env = "ORRERY_KEEP_ACTIVITY", default_value = "30d", value_parser = keeping)]
    pub keep_activity: Duration,

    /// How long run events are kept: as 30d, or `forever`.
    #[arg(long, env = "ORRERY_KEEP_RUNS", default_value = "30d", value_parser = keeping)]
    pub keep_runs: Duration,

    /// How long the answer to a request with an Idempotency-Key is kept for its repetition: as 24h, or `forever`.
    #[arg(long, env = "ORRERY_KEEP_OUTCOMES", default_value = "24h", value_parser = keeping)]
    pub keep_outcomes: Duration,

    /// How the log of the server itself is written: `text` for people, `json` for collectors. ORRERY_LOG says how much.
    #[arg(long, env = "ORRERY_LOG_FORMAT", default_value = "text")]
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
    /// Agents come by themselves.
    External,
    /// A shell command, run once a workspace.
    Process(String),
}

/// Text that is never printed.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BadConfig {
    #[error(
        "{0} can be reached from other machines: set --admin-token (or ORRERY_ADMIN_TOKEN), or listen on 127.0.0.1"
    )]
    OpenToTheWorld(SocketAddr),
    #[error("an admin token has at least 16 characters")]
    ShortToken,
    #[error("{0} must be longer than nothing")]
    NoTime(&'static str),
}

impl Config {
    /// The defaults, on a free port, with everything in this folder.
    pub fn in_folder(data_dir: impl Into<PathBuf>) -> Self {
        let mut config = Self::parse_from(["orrery-server"]);
        config.listen = ([127, 0, 0, 1], 0).into();
        config.data_dir = data_dir.into();
        config
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
        Self(text.into())
    }
}

impl FromStr for Provisioner {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text.split_once(':') {
            None if text == "external" => Ok(Self::External),
            Some(("process", command)) if !command.trim().is_empty() => Ok(Self::Process(command.trim().into())),
            _ => Err("a provisioner is `external` or `process:<command>`".into()),
        }
    }
}

fn keeping(text: &str) -> Result<Duration, String> {
    if text == "forever" { Ok(Duration::MAX) } else { duration(text) }
}

/// `500ms`, `2s`, `3m`, `1h`, `30d`.
fn duration(text: &str) -> Result<Duration, String> {
    let bad = || format!("a time is written like 500ms, 2s or 3m, not {text:?}");
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
