//! By what name this server owns the executions and processes that it runs, and what it does to keep and to take over.
//! Never a second owner: whoever was taken for gone has lost its name, and what it does in that name is refused.

mod keep;

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use tokio::sync::{Notify, watch};

pub(crate) use keep::Keeper;

use crate::clock;
use crate::log::{Log, LogError, SharedLog};

/// Who is silent for longer is gone. Longer than any pause that a healthy server makes.
const LASTING: Duration = Duration::from_secs(8);

/// One life of a server.
#[derive(Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Owner(Arc<str>);

pub struct Ownership {
    /// `None`: this server was taken for gone, and has not come back yet.
    name: watch::Sender<Option<Owner>>,
    news: Notify,
}

impl Owner {
    fn mint() -> Self {
        Self(clock::mint_text().into())
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Owner {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        to.write_str(&self.0)
    }
}

impl Ownership {
    /// A server alone owns everything for as long as it lives.
    pub async fn begin(log: &Log) -> Result<Self, LogError> {
        let ownership = Self { name: watch::Sender::new(None), news: Notify::new() };
        match log.shared() {
            None => drop(ownership.name.send_replace(Some(Owner::mint()))),
            Some(log) => ownership.join(log).await?,
        }
        Ok(ownership)
    }

    pub fn name(&self) -> Option<Owner> {
        self.name.borrow().clone()
    }

    /// Returns when the server no longer goes by this name.
    pub async fn ends(&self, owner: &Owner) {
        // The sender lives as long as this does.
        let _ = self.name.subscribe().wait_for(|name| name.as_ref() != Some(owner)).await;
    }

    /// Somebody changed what concerns owners: look now.
    pub fn stir(&self) {
        self.news.notify_one();
    }

    /// Others have taken over what went by this name.
    pub fn lost(&self, owner: &Owner) {
        let was_ours = self.name.send_if_modified(|name| name.take_if(|name| name == owner).is_some());
        if was_ours {
            tracing::warn!(server = ?owner, "this server was away for so long that others took over what it ran");
            self.stir();
        }
    }

    async fn join(&self, log: &SharedLog) -> Result<(), LogError> {
        let owner = Owner::mint();
        log.join(&owner, LASTING).await?;
        self.name.send_replace(Some(owner));
        Ok(())
    }

    /// Nothing is done in its name any more.
    pub(crate) async fn leave(&self, log: &Log) {
        let (Some(log), Some(owner)) = (log.shared(), self.name()) else { return };
        if let Err(error) = log.leave(&owner).await {
            tracing::warn!(%error, "the others will notice only after a while that this server has stopped");
        }
    }
}
