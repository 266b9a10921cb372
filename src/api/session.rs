//! Signing in and out. The server answers a token with a cookie that scripts cannot read; the token itself is not stored.

use gloo_net::http::Method;
use serde_json::json;

use super::{Api, ApiError, send, send_json};
use crate::ui::storage;

/// Set while a user is signed in, so that the page offers to sign out. Not a credential.
const SIGNED_IN_KEY: &str = "orrery.signed-in";

impl Api {
    /// Signs in with a token.
    pub async fn sign_in(&self, token: &str) -> Result<(), ApiError> {
        send_json(self.request(Method::POST, "/session"), &json!({ "token": token })).await?;
        storage::write(SIGNED_IN_KEY, "yes");
        Ok(())
    }

    /// Signs out.
    pub async fn sign_out(&self) -> Result<(), ApiError> {
        send(self.request(Method::DELETE, "/session").build()).await?;
        storage::remove(SIGNED_IN_KEY);
        Ok(())
    }
}

/// Returns whether a user has signed in with this browser and not out again.
pub fn is_signed_in() -> bool {
    storage::read(SIGNED_IN_KEY).is_some()
}
