//! Signing in to a server that asks for it, and signing out.

use leptos::{prelude::*, task::spawn_local};

use super::Commands;
use crate::api::ApiError;
use crate::session::ToastKind;

impl Commands {
    /// Returns whether the page is signed in. Reactive.
    pub fn signed_in(&self) -> bool {
        self.signed_in.get()
    }

    pub async fn sign_in(&self, token: &str) -> Result<(), ApiError> {
        self.ready()?.sign_in(token).await?;
        self.signed_in.set(true);
        Ok(())
    }

    /// Signs out and reloads the page, which shows nothing of the workspaces any more.
    pub fn sign_out(&self) {
        let commands = *self;
        spawn_local(async move {
            let result = match commands.ready() {
                Ok(api) => api.sign_out().await,
                Err(error) => Err(error),
            };
            match result {
                Ok(()) => drop(window().location().reload()),
                Err(error) => commands.session.toast(ToastKind::Error, format!("Could not sign out: {error}"), None),
            }
        });
    }
}
