//! Where agents come from: by themselves, or as local processes that this server starts and stops (see section 15.1 of docs/protocol.md).
//! Never what a workspace's status is: that follows from events.

mod process;

use std::net::SocketAddr;

use orrery_protocol::{Status, WorkspaceId};

use crate::app::Shared;
use crate::auth::Token;
use crate::config;
use crate::error::Refusal;
use crate::log::{LogError, SharedLog, Write};
use crate::ownership::Owner;
use crate::publish::{Decision, State};
use process::Processes;

pub enum Provisioner {
    External,
    Process(Processes),
}

impl Provisioner {
    pub fn new(setting: &config::Provisioner, platform: SocketAddr) -> Self {
        match setting {
            config::Provisioner::External => Self::External,
            config::Provisioner::Process(command) => {
                Self::Process(Processes::new(command.clone(), format!("http://{platform}")))
            }
        }
    }

    /// Does this server start agents? Then each start needs a token of its own.
    pub fn has_processes(&self) -> bool {
        matches!(self, Self::Process(_))
    }

    /// A decision that starts these agents says whose they are.
    pub fn own<'a>(
        &self,
        state: &State,
        ids: impl IntoIterator<Item = &'a WorkspaceId>,
        writes: &mut Vec<Write>,
    ) -> Result<(), Refusal> {
        if let Self::Process(_) = self {
            let coming_back = || Refusal::Unavailable("this server is just coming back: try again".into());
            let owner = state.owner.as_ref().ok_or_else(coming_back)?;
            let own = |id: &WorkspaceId| Write::Process { workspace_id: id.clone(), owner: owner.clone() };
            writes.extend(ids.into_iter().map(own));
        }
        Ok(())
    }

    /// Starts the workspace's agent; one that runs is stopped first.
    pub fn start(&self, app: &Shared, id: &WorkspaceId, token: &Token) {
        let Self::Process(processes) = self else { return };
        processes.start(app.clone(), id.clone(), token);
        // It may have been removed while nobody knew of its process.
        if app.hub.read(|canvas| canvas.find(id).is_none()) {
            processes.stop(id);
        }
    }

    /// Returns whether this server runs a process for the workspace.
    pub fn runs(&self, id: &WorkspaceId) -> bool {
        matches!(self, Self::Process(processes) if processes.ids().contains(id))
    }

    pub fn stop(&self, id: &WorkspaceId) {
        if let Self::Process(processes) = self {
            processes.stop(id);
        }
    }

    /// Returns when every process has ended.
    pub async fn stop_all(&self) {
        if let Self::Process(processes) = self {
            processes.stop_all().await;
        }
    }

    /// Ends the processes that are another server's by now, or nobody's.
    pub(crate) async fn keep(&self, log: &SharedLog, owner: &Owner) -> Result<(), LogError> {
        let Self::Process(processes) = self else { return Ok(()) };
        // First: what starts meanwhile is owned already.
        let ids = processes.ids();
        if !ids.is_empty() {
            let owned = log.workspaces_owned(owner).await?;
            ids.iter().filter(|id| !owned.contains(*id)).for_each(|id| processes.stop(id));
        }
        Ok(())
    }

    /// For a server alone: it has started again, and so do the agents that it had stopped.
    pub async fn resume(&self, app: &Shared) -> Result<(), Refusal> {
        if let Self::External = self {
            return Ok(());
        }
        let ids: Vec<WorkspaceId> = app.hub.read(|canvas| canvas.iter().map(|(_, row)| row.id.clone()).collect());
        for id in ids {
            self.take_up(app, id).await?;
        }
        Ok(())
    }

    /// An agent that another server or another life of this one had starts again here.
    pub(crate) async fn take_up(&self, app: &Shared, id: WorkspaceId) -> Result<(), Refusal> {
        let (token, subject) = (Token::mint(), id.clone());
        let hash = token.hash();
        let starts = app.door.publish(move |state| {
            let row = state.canvas.workspace(&subject).filter(|row| row.status != Status::Failed);
            let write = row.map(|_| Write::Token { workspace_id: subject, hash });
            Ok(Decision { events: Vec::new(), answer: write.is_some(), writes: write.into_iter().collect() })
        });
        if starts.await? {
            self.start(app, &id, &token);
        }
        Ok(())
    }
}
