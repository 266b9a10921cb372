//! Keeps this server's name alive, takes over what has no owner, and hears what was said elsewhere to what it runs. Never
//! runs anything itself.

use std::collections::HashSet;
use std::time::Duration;

use orrery_protocol::{ExecutionId, WorkspaceId};
use tokio::time::{Instant, timeout};

use super::{LASTING, Owner};
use crate::app::Shared;
use crate::error::Refusal;
use crate::log::{LogError, Ownerless, SharedLog, SharedWrite, Write};
use crate::publish::Decision;
use crate::runner;

const RENEWED: Duration = Duration::from_secs(2);

pub(crate) struct Keeper {
    app: Shared,
    log: SharedLog,
    renewed: Instant,
    /// Since when this server has kept its own time. One that missed it calls nobody else gone: the database was away.
    steady: Instant,
    /// Taken over or about to be, and not running here yet.
    claimed: (HashSet<ExecutionId>, HashSet<WorkspaceId>),
    /// What never had an owner is taken up at the start only.
    unowned: bool,
}

#[derive(Debug, thiserror::Error)]
pub(crate) enum Hindrance {
    #[error(transparent)]
    Log(#[from] LogError),
    #[error(transparent)]
    Door(#[from] Refusal),
}

impl Keeper {
    pub(crate) fn new(app: &Shared, log: &SharedLog) -> Self {
        let now = Instant::now();
        let claimed = Default::default();
        Self { app: app.clone(), log: log.clone(), renewed: now, steady: now, claimed, unowned: true }
    }

    /// Runs until the server stops.
    pub(crate) async fn run(mut self) {
        let mut stopping = self.app.stopping.clone();
        loop {
            tokio::select! {
                _ = timeout(RENEWED.saturating_sub(self.renewed.elapsed()), self.app.ownership.news.notified()) => {}
                _ = stopping.wait_for(|stop| *stop) => return,
            }
            if let Err(error) = self.turn().await {
                tracing::warn!(%error, "ownership cannot be looked after right now");
                tokio::time::sleep(RENEWED / 10).await;
            }
        }
    }

    pub(crate) async fn turn(&mut self) -> Result<(), Hindrance> {
        let owner = match self.app.ownership.name() {
            Some(owner) if self.renew(&owner).await? => owner,
            _ => {
                self.app.ownership.join(&self.log).await?;
                self.steady = Instant::now();
                let name = self.app.ownership.name();
                name.ok_or_else(|| Refusal::Unavailable("taken for gone at once".into()))?
            }
        };
        self.take_over(&owner).await?;
        self.begin(&owner).await?;
        runner::hear_words(&self.app, &self.log, &owner).await?;
        self.app.provisioner.keep(&self.log, &owner).await?;
        Ok(())
    }

    async fn renew(&mut self, owner: &Owner) -> Result<bool, LogError> {
        let asked = Instant::now();
        if !self.log.renew(owner, LASTING).await? {
            self.app.ownership.lost(owner);
            return Ok(false);
        }
        if self.renewed.elapsed() > LASTING {
            self.steady = asked;
        }
        self.renewed = asked;
        Ok(true)
    }

    async fn take_over(&mut self, owner: &Owner) -> Result<(), Hindrance> {
        let by_time = self.steady.elapsed() > LASTING;
        let mut found = self.log.ownerless(by_time, self.unowned).await?;
        if !self.app.provisioner.has_processes() {
            found.workspaces.clear();
        }
        self.unowned = false;
        let Ownerless { executions, workspaces } = found;
        if executions.is_empty() && workspaces.is_empty() {
            return Ok(());
        }
        tracing::info!(executions = executions.len(), processes = workspaces.len(), "taking over what has no owner");
        self.claimed.0.extend(executions.iter().cloned());
        self.claimed.1.extend(workspaces.iter().cloned());
        let write = Write::Shared(SharedWrite::TakeOver { owner: owner.clone(), by_time, executions, workspaces });
        let owner = owner.clone();
        self.app
            .door
            .publish(move |state| {
                state.acts_for(&owner)?;
                Ok(Decision { events: Vec::new(), writes: vec![write], answer: () })
            })
            .await?;
        self.app.metrics.takeovers.add(1);
        Ok(())
    }

    /// What this server got of all that it claimed.
    async fn begin(&mut self, owner: &Owner) -> Result<(), Hindrance> {
        if !self.claimed.0.is_empty() {
            let claimed: Vec<ExecutionId> = self.claimed.0.iter().cloned().collect();
            for id in self.log.executions_owned(owner, &claimed).await? {
                runner::take_up(&self.app, &id, owner).await?;
                self.claimed.0.remove(&id);
            }
            self.claimed.0.clear();
        }
        if !self.claimed.1.is_empty() {
            for id in self.log.workspaces_owned(owner).await? {
                if self.claimed.1.remove(&id) {
                    self.app.provisioner.take_up(&self.app, id).await?;
                }
            }
            self.claimed.1.clear();
        }
        Ok(())
    }
}
