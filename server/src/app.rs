//! What every route can reach. Never a rule.

use std::sync::Arc;

use tokio::sync::watch;

use crate::auth::Credentials;
use crate::bus::Link;
use crate::config::Config;
use crate::duty::Duty;
use crate::hub::Hub;
use crate::limits::{Quotas, Workspaces};
use crate::liveness::Heard;
use crate::log::{Log, Past};
use crate::metrics::Metrics;
use crate::outgoing::Outgoing;
use crate::ownership::Ownership;
use crate::page::Files;
use crate::provision::Provisioner;
use crate::publish::Door;
use crate::runner::Runner;
use crate::snapshot::Snapshots;

pub type Shared = Arc<App>;

pub struct App {
    pub config: Config,
    pub door: Door,
    pub log: Log,
    pub past: Past,
    pub hub: Arc<Hub>,
    pub heard: Arc<Heard>,
    pub duty: Duty,
    pub ownership: Arc<Ownership>,
    pub link: Link,
    pub provisioner: Provisioner,
    pub runner: Runner,
    pub outgoing: Outgoing,
    pub credentials: Arc<Credentials>,
    pub requests: Workspaces,
    pub quotas: Arc<Quotas>,
    pub metrics: Arc<Metrics>,
    pub snapshots: Snapshots,
    pub page: Files,
    /// Turns to `true` once, when the server begins to stop.
    pub stopping: watch::Receiver<bool>,
}
