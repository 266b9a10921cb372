//! The companion server: logs, routes and produces the events. This file starts and stops it; never a rule.

pub mod environment;
pub mod config;
pub mod app;
pub mod routes;
pub mod auth;
pub mod decide;
pub mod runner;
pub mod outgoing;
pub mod ingest;
pub mod publish;
pub mod log;
pub mod bus;
pub mod hub;
pub mod snapshot;
pub mod page;
pub mod serve;
pub mod limits;
pub mod session;
pub mod websocket;
pub mod duty;
pub mod ownership;
pub mod liveness;
pub mod retention;
pub mod provision;
pub mod demo;
pub mod metrics;
pub mod error;
pub mod json;
pub mod accept;
pub mod lenient;
pub mod clock;

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{oneshot, watch};
use tokio::task::JoinHandle;

use app::App;
use auth::Credentials;
use bus::{Bus, Link};
use config::{BadConfig, Config};
use demo::Demo;
use duty::Duty;
use hub::Hub;
use limits::{Quotas, Workspaces};
use liveness::Heard;
use log::Past;
use metrics::Metrics;
use outgoing::Outgoing;
use ownership::{Keeper, Ownership};
use page::Files;
use provision::Provisioner;
use publish::{Door, Recovery, State, Writer};
use runner::Runner;
use snapshot::Snapshots;

/// A server that is answering.
pub struct Running {
    pub addr: SocketAddr,
    pub app: Arc<App>,
    stop: watch::Sender<bool>,
    close_door: oneshot::Sender<()>,
    over: watch::Sender<bool>,
    on_duty: JoinHandle<()>,
    serving: JoinHandle<()>,
    watching: JoinHandle<()>,
    demo: Option<JoinHandle<()>>,
    writing: JoinHandle<()>,
}

#[derive(Debug, thiserror::Error)]
pub enum StartError {
    #[error(transparent)]
    Config(#[from] BadConfig),
    #[error(transparent)]
    Log(#[from] log::LogError),
    #[error("cannot listen on {0}: {1}")]
    Listen(SocketAddr, std::io::Error),
    #[error(transparent)]
    Refused(#[from] error::Refusal),
    #[error("--redis-url: {0}")]
    Redis(#[from] redis::RedisError),
}

/// Returns when the server can be called.
pub async fn start(config: Config) -> Result<Running, StartError> {
    config.check()?;
    let cannot_listen = |error| StartError::Listen(config.listen, error);
    let listener = serve::listen(config.listen).map_err(cannot_listen)?;
    let addr = listener.local_addr().map_err(cannot_listen)?;

    let (appender, log) = log::open(&config).await?;
    let restored = log.restore().await?;
    let hub = Arc::new(Hub::new(restored.epoch.clone(), restored.canvas(), restored.oldest));
    let credentials = Arc::new(Credentials::new(config.admin_token.as_ref(), &restored));
    let heard = Arc::new(Heard::new(restored.vitals.clone()));
    let metrics = Arc::new(Metrics::default());
    let ownership = Arc::new(Ownership::begin(&log).await?);
    let (over, is_over) = watch::channel(false);
    let (bus, link) = match log.shared() {
        None => (Bus::Local(hub.clone()), Link::none()),
        Some(shared) => Bus::shared(bus::Parts {
            log: shared.clone(),
            redis: config.redis_url.as_ref(),
            epoch: restored.epoch.clone(),
            head: restored.head,
            hub: hub.clone(),
            credentials: credentials.clone(),
            heard: heard.clone(),
            ownership: ownership.clone(),
            vitals_every: liveness::saving(&config) / 2,
            metrics: metrics.clone(),
            over: is_over,
        })?,
    };
    let duty = Duty::new(&log, clock::mint_text());
    let quotas = Arc::new(Quotas::new(&config.limits));
    let (door, requests, writable) = Door::new(quotas.clone());
    let writer = Writer {
        announced: restored.head,
        state: State::new(restored),
        appender,
        log: log.clone(),
        bus,
        credentials: credentials.clone(),
        ownership: ownership.clone(),
        metrics: metrics.clone(),
        writable,
        commit_takes: Duration::ZERO,
        recovery: Recovery::default(),
    };
    let (stop, stopping) = watch::channel(false);
    let (close_door, door_closes) = oneshot::channel();
    let writing = tokio::spawn(writer.run(requests, door_closes));
    let runner = Runner::new(config.runner.clone());
    let outgoing = Outgoing::new(&config.outgoing);
    let provisioner = Provisioner::new(&config.provisioner, addr);
    let requests = Workspaces::new(config.limits.workspace_requests);
    let stopping_app = stopping.clone();
    let snapshots = Snapshots::start(hub.clone(), log.clone());
    let page = Files::new(config.dist.as_deref());
    let app = Arc::new(App {
        config,
        door,
        past: Past::new(log.clone(), metrics.clone()),
        log,
        hub,
        heard,
        duty,
        ownership,
        link,
        provisioner,
        runner,
        outgoing,
        credentials,
        requests,
        quotas,
        metrics,
        snapshots,
        page,
        stopping: stopping_app,
    });
    let on_duty = tokio::spawn({
        let (app, stopping) = (app.clone(), app.stopping.clone());
        async move {
            if let Some(log) = app.log.shared() {
                app.duty.seek(log, stopping).await;
            }
        }
    });
    let watching = tokio::spawn(liveness::watch(app.clone()));
    tokio::spawn(auth::close_lapsed(app.clone()));
    tokio::spawn(retention::keep(app.clone()));
    if let Err(error) = app.door.publish(|state| Ok(decide::positions::adopt(state))).await {
        tracing::warn!(%error, "workspaces without a position get one when the log can be written");
    }
    let router = routes::router(app.clone());
    let (hub, metrics, config) = (app.hub.clone(), app.metrics.clone(), app.config.clone());
    let serving = tokio::spawn(serve::serve(listener, router, hub, metrics, config, stopping));
    match app.log.shared() {
        None => {
            app.provisioner.resume(&app).await?;
            runner::resume(&app).await?;
        }
        Some(log) => {
            let mut keeper = Keeper::new(&app, log);
            if let Err(error) = keeper.turn().await {
                tracing::warn!(%error, "what has no owner waits");
            }
            tokio::spawn(keeper.run());
        }
    }
    let demo = Demo::of(&app.config, addr).map(|demo| tokio::spawn(demo::run(demo, app.stopping.clone())));
    Ok(Running { addr, app, stop, close_door, over, on_duty, serving, watching, demo, writing })
}

impl Running {
    /// Returns when the writer has ended although nobody asked it to: no event can be saved any more.
    pub async fn failed(&mut self) {
        // How it ended, the panic hook has said.
        let _ = (&mut self.writing).await;
    }

    /// Stops taking requests, finishes those in hand, commits what they decided.
    pub async fn shutdown(self) {
        let Self { app, stop, close_door, over, on_duty, serving, watching, demo, writing, .. } = self;
        let _ = stop.send(true);
        if let Some(demo) = demo {
            let _ = demo.await;
        }
        let _ = serving.await;
        app.provisioner.stop_all().await;
        app.runner.stopped().await;
        let _ = watching.await;
        // Nobody decides anything any more: what is in the door's queue is the last.
        let _ = close_door.send(());
        let _ = writing.await;
        app.ownership.leave(&app.log).await;
        let _ = over.send(true);
        let _ = on_duty.await;
    }
}
