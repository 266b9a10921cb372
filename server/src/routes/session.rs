//! `/session`: an operator shows the admin token once and gets a cookie; the token itself is nowhere kept (see section 8.3 of docs/protocol.md).
//! Never an agent's business: it sends its token each time.

use axum::extract::State;
use axum::http::{HeaderMap, HeaderName, HeaderValue, header};
use axum::{Extension, Json};
use serde::Deserialize;
use serde_json::{Value, json};

use super::body::Body;
use crate::app::{App, Shared};
use crate::auth::{SignIn, cookie};
use crate::clock;
use crate::error::Refusal;
use crate::log::Write;
use crate::publish::Decision;
use crate::serve::ClientAddress;

type Answer = Result<([(HeaderName, HeaderValue); 1], Json<Value>), Refusal>;

#[derive(Deserialize)]
pub struct Shown {
    token: String,
}

/// Whether one must sign in, and is.
pub async fn get(State(app): State<Shared>, headers: HeaderMap) -> ([(HeaderName, HeaderValue); 1], Json<Value>) {
    let no_store = (header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    ([no_store], Json(state(&app, present(&app, &headers))))
}

pub async fn sign_in(
    State(app): State<Shared>,
    Extension(client): Extension<ClientAddress>,
    headers: HeaderMap,
    Body(shown): Body<Shown>,
) -> Answer {
    let token = shown.token.trim();
    let sign_in = SignIn::new(clock::now().millis(), app.config.sign_in_holds);
    let Some(value) = app.credentials.cookie(&sign_in) else {
        return Err(Refusal::Conflict("this server has no admin token: nobody needs to sign in".into()));
    };
    if !app.credentials.is_admin(token) {
        tracing::info!(address = %client.0, "a sign-in was refused");
        return Err(match app.credentials.workspace(token) {
            Some((id, _)) => Refusal::Forbidden(format!(
                "this is the token of workspace {id}, which is for its agent: the canvas needs the admin token"
            )),
            None => Refusal::Unauthorized("this is not the admin token of this server".into()),
        });
    }
    let cookie = cookie(&app, &value, app.config.sign_in_holds.as_secs().max(1), &headers);
    tracing::info!(address = %client.0, "an operator signed in");
    Ok(([(header::SET_COOKIE, cookie)], Json(state(&app, Some(sign_in)))))
}

/// Its sockets are closed, here and on every server; who has a copy of the cookie is out too.
pub async fn sign_out(State(app): State<Shared>, headers: HeaderMap) -> Answer {
    if let Some(sign_in) = present(&app, &headers) {
        let over =
            move |_: &_| Ok(Decision { writes: vec![Write::SignedOut(sign_in)], ..Decision::events(Vec::new(), ()) });
        app.door.publish(over).await?;
        tracing::info!("an operator signed out");
    }
    Ok(([(header::SET_COOKIE, cookie(&app, "", 0, &headers))], Json(state(&app, None))))
}

/// The cookie lies below the path at which the browser reaches this server.
fn cookie(app: &App, value: &str, seconds: u64, headers: &HeaderMap) -> HeaderValue {
    let path = format!("{}/", app.config.base_path());
    cookie::set(app.credentials.cookie_name(), value, seconds, &path, headers)
}

fn present(app: &App, headers: &HeaderMap) -> Option<SignIn> {
    cookie::of(headers, app.credentials.cookie_name()).and_then(|cookie| app.credentials.sign_in(cookie))
}

fn state(app: &App, sign_in: Option<SignIn>) -> Value {
    let until = sign_in.map(|it| orrery_protocol::Timestamp::from_millis(it.until));
    json!({ "secured": app.credentials.secured(), "signed_in": sign_in.is_some(), "until": until })
}
