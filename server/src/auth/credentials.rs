//! The tokens that count right now, in memory as in the log. Never a token itself, only hashes.

use std::collections::HashMap;
use std::sync::{PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};
use std::time::Instant;

use orrery_protocol::WorkspaceId;
use tokio::sync::Notify;

use super::lookups::{Lookup, TokenLookups};
use super::{Proof, SignIn, TokenHash, cookie};
use crate::clock;
use crate::config::Secret;
use crate::error::Refusal;
use crate::log::{Restored, SharedLog, Write};

/// How often a token is looked up for one request.
const READS: usize = 3;

pub struct Credentials {
    /// `None`: open mode.
    admin: Option<TokenHash>,
    cookie_name: String,
    tokens: RwLock<Tokens>,
    lookups: TokenLookups,
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
    /// Counts the changes.
    generation: u64,
}

impl Credentials {
    pub fn new(admin: Option<&Secret>, restored: &Restored) -> Self {
        let this = Self {
            admin: admin.map(|token| TokenHash::of(token.expose())),
            cookie_name: cookie::name(&restored.epoch),
            tokens: RwLock::default(),
            lookups: TokenLookups::new(Instant::now()),
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

    pub fn cookie_name(&self) -> &str {
        &self.cookie_name
    }

    /// Makes a token count here that another server of this log may have issued a moment ago.
    pub async fn read_through(&self, log: &SharedLog, token: &str) -> Result<(), Refusal> {
        let hash = TokenHash::of(token);
        // Again when the tokens changed meanwhile: the answer may be of before the change.
        for _ in 0..READS {
            if self.is_admin(token) || self.workspace(token).is_some() {
                return Ok(());
            }
            let generation = self.read().generation;
            match self.lookups.next(&hash, Instant::now()) {
                Lookup::Ask => {}
                Lookup::Unknown => return Ok(()),
                Lookup::Wait(wait) => {
                    let what = "too many credentials that are not known here".into();
                    return Err(Refusal::TooMany { what, wait });
                }
            }
            let found = log.workspace_of(&hash).await.map_err(|error| {
                tracing::error!(%error, "a token cannot be looked up");
                Refusal::Unavailable("credentials cannot be checked right now".into())
            })?;
            match found {
                Some(workspace) => self.adopt(workspace, hash, generation),
                None => self.lookups.remember_unknown(hash),
            }
        }
        Ok(())
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
        let mut tokens = self.write();
        fresh.generation = tokens.generation;
        *tokens = fresh;
        drop(tokens);
        self.lost.notify_one();
    }

    fn read(&self) -> RwLockReadGuard<'_, Tokens> {
        self.tokens.read().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes what the log said, unless the tokens have changed since it was asked.
    fn adopt(&self, id: WorkspaceId, hash: TokenHash, generation: u64) {
        if self.read().generation != generation {
            return;
        }
        let mut tokens = self.write();
        // `write` counts one.
        if tokens.generation == generation + 1 && tokens.set(id, hash) {
            self.lost.notify_one();
        }
    }

    fn write(&self) -> RwLockWriteGuard<'_, Tokens> {
        let mut tokens = self.tokens.write().unwrap_or_else(PoisonError::into_inner);
        tokens.generation += 1;
        tokens
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
