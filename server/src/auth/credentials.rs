//! The tokens that count right now, in memory as in the log. Never a token itself, only hashes.

use std::collections::HashMap;
use std::sync::{PoisonError, RwLock};

use orrery_protocol::WorkspaceId;

use crate::auth::TokenHash;
use crate::config::Secret;
use crate::log::{Restored, Write};

pub struct Credentials {
    /// `None`: open mode.
    admin: Option<TokenHash>,
    workspaces: RwLock<Tokens>,
}

#[derive(Default)]
struct Tokens {
    by_hash: HashMap<TokenHash, WorkspaceId>,
    by_workspace: HashMap<WorkspaceId, TokenHash>,
}

impl Credentials {
    pub fn new(admin: Option<&Secret>, restored: &Restored) -> Self {
        let this = Self { admin: admin.map(|token| TokenHash::of(token.expose())), workspaces: RwLock::default() };
        this.replace(restored);
        this
    }

    /// Is an admin token set?
    pub fn secured(&self) -> bool {
        self.admin.is_some()
    }

    pub fn is_admin(&self, token: &str) -> bool {
        self.admin.is_some_and(|admin| admin.matches(&TokenHash::of(token)))
    }

    pub fn workspace(&self, token: &str) -> Option<WorkspaceId> {
        // Looked up by the hash, which nobody can steer; what is found is compared in constant time all the same.
        let hash = TokenHash::of(token);
        let tokens = self.workspaces.read().unwrap_or_else(PoisonError::into_inner);
        let (known, id) = tokens.by_hash.get_key_value(&hash)?;
        known.matches(&hash).then(|| id.clone())
    }

    pub fn has_token(&self, id: &WorkspaceId) -> bool {
        self.workspaces.read().unwrap_or_else(PoisonError::into_inner).by_workspace.contains_key(id)
    }

    /// Called by the door's writer after the commit.
    pub(crate) fn learn(&self, write: &Write) {
        if let Write::Token { workspace_id, hash } = write {
            let mut tokens = self.workspaces.write().unwrap_or_else(PoisonError::into_inner);
            tokens.set(workspace_id.clone(), *hash);
        }
    }

    pub(crate) fn forget(&self, id: &WorkspaceId) {
        let mut tokens = self.workspaces.write().unwrap_or_else(PoisonError::into_inner);
        if let Some(old) = tokens.by_workspace.remove(id) {
            tokens.by_hash.remove(&old);
        }
    }

    pub(crate) fn replace(&self, restored: &Restored) {
        self.reload(&restored.tokens);
    }

    pub(crate) fn reload(&self, tokens: &[(WorkspaceId, TokenHash)]) {
        let mut fresh = Tokens::default();
        tokens.iter().for_each(|(id, hash)| fresh.set(id.clone(), *hash));
        *self.workspaces.write().unwrap_or_else(PoisonError::into_inner) = fresh;
    }
}

impl Tokens {
    fn set(&mut self, id: WorkspaceId, hash: TokenHash) {
        if let Some(old) = self.by_workspace.insert(id.clone(), hash) {
            self.by_hash.remove(&old);
        }
        self.by_hash.insert(hash, id);
    }
}
