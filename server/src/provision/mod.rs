//! Where agents come from: by themselves, or as local processes that this server starts and stops (wire §8).
//! Never what a workspace's status is: that follows from events.

mod process;

use std::net::SocketAddr;

use orrery_protocol::{Status, WorkspaceId};

use crate::app::App;
use crate::auth::Token;
use crate::config;
use crate::error::Refusal;
use crate::log::Write;
use crate::publish::Decision;
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

    /// Does a new start need a token of its own?
    pub fn needs_token(&self) -> bool {
        matches!(self, Self::Process(_))
    }

    /// Starts the workspace's agent; one that runs is stopped first.
    pub fn start(&self, app: &App, id: &WorkspaceId, token: &Token) {
        let Self::Process(processes) = self else { return };
        processes.start(app.door.clone(), id.clone(), token);
        // It may have been removed while nobody knew of its process.
        if app.hub.read(|canvas| canvas.find(id).is_none()) {
            processes.stop(id);
        }
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

    /// The server has started again: so do the agents that it had stopped.
    pub async fn resume(&self, app: &App) -> Result<(), Refusal> {
        if let Self::External = self {
            return Ok(());
        }
        let ids: Vec<WorkspaceId> = app.hub.read(|canvas| {
            canvas.iter().filter(|(_, row)| row.status != Status::Failed).map(|(_, row)| row.id.clone()).collect()
        });
        for id in ids {
            let token = Token::mint();
            let write = Write::Token { workspace_id: id.clone(), hash: token.hash() };
            app.door.publish(move |_| Ok(Decision { events: Vec::new(), writes: vec![write], answer: () })).await?;
            self.start(app, &id, &token);
        }
        Ok(())
    }
}
