//! The tokens that count right now, in memory as in the log. Never a token itself, only hashes.

use std::collections::HashMap;
use std::sync::{PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

use orrery_protocol::WorkspaceId;
use tokio::sync::Notify;

use super::{Proof, SignIn, TokenHash};
use crate::clock;
use crate::config::Secret;
use crate::log::{Restored, Write};

pub struct Credentials {
    /// `None`: open mode.
    admin: Option<TokenHash>,
    tokens: RwLock<Tokens>,
    lost: Notify,
}

/// What the log knows of credentials.
#[derive(Debug, Clone, Default)]
pub struct Known {
    pub tokens: Vec<(WorkspaceId, TokenHash)>,
    /// Sign-ins that were ended before their time.
    pub signed_out: Vec<SignIn>,
}

#[derive(Default)]
struct Tokens {
    by_hash: HashMap<TokenHash, WorkspaceId>,
    by_workspace: HashMap<WorkspaceId, TokenHash>,
    signed_out: Vec<SignIn>,
}

impl Credentials {
    pub fn new(admin: Option<&Secret>, restored: &Restored) -> Self {
        let this = Self {
            admin: admin.map(|token| TokenHash::of(token.expose())),
            tokens: RwLock::default(),
            lost: Notify::new(),
        };
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

    /// Whose token this is, and how it is known.
    pub fn workspace(&self, token: &str) -> Option<(WorkspaceId, TokenHash)> {
        // Looked up by the hash, which nobody can steer; what is found is compared in constant time all the same.
        let hash = TokenHash::of(token);
        let tokens = self.read();
        let (known, id) = tokens.by_hash.get_key_value(&hash)?;
        known.matches(&hash).then(|| (id.clone(), hash))
    }

    /// The sign-in that a cookie proves, while it holds.
    pub fn sign_in(&self, cookie: &str) -> Option<SignIn> {
        let sign_in = SignIn::read(cookie, self.admin.as_ref()?)?;
        self.holds(&Proof::SignIn(sign_in)).then_some(sign_in)
    }

    /// What the cookie of a sign-in holds; `None` in open mode.
    pub fn cookie(&self, sign_in: &SignIn) -> Option<String> {
        self.admin.as_ref().map(|admin| sign_in.write(admin))
    }

    /// Does what was proven once still count?
    pub fn holds(&self, proof: &Proof) -> bool {
        match proof {
            Proof::Lasting => true,
            Proof::SignIn(sign_in) => {
                sign_in.until > clock::now().millis() && !self.read().signed_out.iter().any(|it| it.id == sign_in.id)
            }
            Proof::Token(hash) => self.read().by_hash.contains_key(hash),
        }
    }

    pub fn has_token(&self, id: &WorkspaceId) -> bool {
        self.read().by_workspace.contains_key(id)
    }

    /// Returns after something that counted no longer does.
    pub async fn lost(&self) {
        self.lost.notified().await;
    }

    /// Called by the door's writer after the commit.
    pub(crate) fn learn(&self, write: &Write) {
        let loses = match write {
            Write::Token { workspace_id, hash } => self.write().set(workspace_id.clone(), *hash),
            Write::Revoked(workspace_id) => self.write().forget(workspace_id),
            Write::SignedOut(sign_in) => {
                let now = clock::now().millis();
                let mut tokens = self.write();
                tokens.signed_out.retain(|ended| ended.until > now);
                tokens.signed_out.push(*sign_in);
                true
            }
            _ => false,
        };
        if loses {
            self.lost.notify_one();
        }
    }

    pub(crate) fn forget(&self, id: &WorkspaceId) {
        if self.write().forget(id) {
            self.lost.notify_one();
        }
    }

    pub(crate) fn replace(&self, restored: &Restored) {
        self.reload(&restored.credentials);
    }

    pub(crate) fn reload(&self, known: &Known) {
        let mut fresh = Tokens { signed_out: known.signed_out.clone(), ..Tokens::default() };
        for (id, hash) in &known.tokens {
            fresh.set(id.clone(), *hash);
        }
        *self.write() = fresh;
        self.lost.notify_one();
    }

    fn read(&self) -> RwLockReadGuard<'_, Tokens> {
        self.tokens.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn write(&self) -> RwLockWriteGuard<'_, Tokens> {
        self.tokens.write().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Tokens {
    /// Answers whether another one counts no more.
    fn set(&mut self, id: WorkspaceId, hash: TokenHash) -> bool {
        let replaces = self.forget(&id);
        self.by_workspace.insert(id.clone(), hash);
        self.by_hash.insert(hash, id);
        replaces
    }

    fn forget(&mut self, id: &WorkspaceId) -> bool {
        let old = self.by_workspace.remove(id);
        old.is_some_and(|old| self.by_hash.remove(&old).is_some())
    }
}
