//! Signing in and out: the token goes to the server once, and what proves it afterwards no script can read.
//! Never keeps the token.

use gloo_net::http::Method;
use serde_json::json;

use super::{Api, ApiError, send, send_json};
use crate::ui::storage;

/// That somebody signed in here, for the button that signs out. Not a credential.
const KEY: &str = "orrery.signed-in";

impl Api {
    pub async fn sign_in(&self, token: &str) -> Result<(), ApiError> {
        send_json(self.request(Method::POST, "/session"), &json!({ "token": token })).await?;
        storage::write(KEY, "yes");
        Ok(())
    }

    pub async fn sign_out(&self) -> Result<(), ApiError> {
        send(self.request(Method::DELETE, "/session").build()).await?;
        storage::remove(KEY);
        Ok(())
    }
}

/// Did somebody sign in here, and not out again?
pub fn is_signed_in() -> bool {
    storage::read(KEY).is_some()
}
