//! One local process a workspace, in a group of its own, so that its children end with it. Never more than one at a time.

use std::collections::HashMap;
use std::os::fd::AsFd;
use std::process::Stdio;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use orrery_protocol::WorkspaceId;
use rustix::process::{Pid, Signal, kill_process_group};
use tokio::process::{Child, Command};
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

use crate::app::{App, Shared};
use crate::auth::Token;
use crate::decide::registry;
use crate::publish::Decision;

/// How long a process may take to end when it is asked to.
const GRACE: Duration = Duration::from_secs(3);

pub struct Processes {
    command: String,
    platform_url: String,
    running: Mutex<HashMap<WorkspaceId, Process>>,
}

/// Dropping `keep` stops it.
struct Process {
    keep: oneshot::Sender<()>,
    task: JoinHandle<()>,
}

impl Processes {
    pub(super) fn new(command: String, platform_url: String) -> Self {
        Self { command, platform_url, running: Mutex::default() }
    }

    pub(super) fn start(&self, app: Shared, id: WorkspaceId, token: &Token) {
        let mut command = Command::new("sh");
        command
            .args(["-c", &self.command])
            .env("WORKSPACE_ID", id.as_str())
            .env("WORKSPACE_TOKEN", token.expose())
            .env("PLATFORM_URL", &self.platform_url)
            // What opens the server is not for agents.
            .env_remove("ORRERY_ADMIN_TOKEN")
            .env_remove("DATABASE_URL")
            .env_remove("REDIS_URL")
            .stdin(Stdio::null())
            .stdout(std::io::stderr().as_fd().try_clone_to_owned().map_or_else(|_| Stdio::null(), Stdio::from))
            .process_group(0)
            .kill_on_drop(true);
        let (keep, stop) = oneshot::channel();
        let mut running = self.running();
        let before = running.remove(&id);
        let subject = id.clone();
        let task = tokio::spawn(async move {
            if let Some(before) = before {
                before.end().await;
            }
            if let Some(reason) = run(command, stop).await {
                died(&app, subject, reason).await;
            }
        });
        running.insert(id, Process { keep, task });
    }

    pub(super) fn ids(&self) -> Vec<WorkspaceId> {
        self.running().keys().cloned().collect()
    }

    pub(super) fn stop(&self, id: &WorkspaceId) {
        // Its task goes on until the process has ended.
        drop(self.running().remove(id));
    }

    pub(super) async fn stop_all(&self) {
        let all: Vec<Process> = self.running().drain().map(|(_, process)| process).collect();
        let tasks: Vec<JoinHandle<()>> = all.into_iter().map(|process| process.task).collect();
        for task in tasks {
            let _ = task.await;
        }
    }

    fn running(&self) -> MutexGuard<'_, HashMap<WorkspaceId, Process>> {
        self.running.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Process {
    async fn end(self) {
        drop(self.keep);
        let _ = self.task.await;
    }
}

/// Until it is stopped, or ends by itself: then says why.
async fn run(mut command: Command, stop: oneshot::Receiver<()>) -> Option<String> {
    let mut child = match command.spawn() {
        Ok(child) => child,
        Err(error) => return Some(format!("the agent's process could not be started: {error}")),
    };
    tokio::select! {
        ended = child.wait() => Some(match ended {
            Ok(status) => format!("the agent's process ended: {status}"),
            Err(error) => format!("the agent's process was lost: {error}"),
        }),
        _ = stop => {
            end(&mut child).await;
            None
        }
    }
}

async fn end(child: &mut Child) {
    let group = child.id().and_then(|id| Pid::from_raw(id as i32));
    let tell = |signal| group.map(|group| kill_process_group(group, signal));
    tell(Signal::TERM);
    if tokio::time::timeout(GRACE, child.wait()).await.is_err() {
        tell(Signal::KILL);
        let _ = child.wait().await;
    }
}

async fn died(app: &App, id: WorkspaceId, reason: String) {
    tracing::warn!(workspace = %id, reason);
    // Another server may have started it anew, and with that this process lost its token: that is no failure.
    if let (Some(log), Some(owner)) = (app.log.shared(), app.ownership.name())
        && log.workspaces_owned(&owner).await.is_ok_and(|owned| !owned.contains(&id))
    {
        return;
    }
    let asked = app.door.publish(move |state| Ok(Decision::events(registry::died(state, &id, reason), ()))).await;
    if let Err(error) = asked {
        tracing::warn!(%error, "the end of an agent's process was not told");
    }
}
