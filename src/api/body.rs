//! An answer's body as it arrives, with a breath for the browser between long stretches of work. Never what it says.

use gloo_net::http::Response;
use js_sys::{Promise, Reflect, Uint8Array};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{MessageChannel, ReadableStreamDefaultReader};

use super::ApiError;
use super::pieces::Pieces;

/// A frame is sixteen: the rest is for everybody else.
const STRETCH: f64 = 10.0;

pub(super) struct Body {
    reader: ReadableStreamDefaultReader,
    /// Since when nobody else had a turn.
    since: f64,
}

impl Body {
    pub(super) fn of(response: &Response) -> Result<Self, ApiError> {
        let reader = response.body().and_then(|body| ReadableStreamDefaultReader::new(&body).ok());
        Ok(Self { reader: reader.ok_or(ApiError::Unreachable)?, since: js_sys::Date::now() })
    }

    /// Adds what arrived. False: that was all.
    pub(super) async fn read(&mut self, into: &mut Pieces) -> Result<bool, ApiError> {
        if js_sys::Date::now() - self.since > STRETCH {
            breathe().await;
            self.since = js_sys::Date::now();
        }
        let part = JsFuture::from(self.reader.read()).await.map_err(|_| ApiError::Unreachable)?;
        let value = Reflect::get(&part, &"value".into()).ok().and_then(|value| value.dyn_into::<Uint8Array>().ok());
        let Some(value) = value else { return Ok(false) };
        value.copy_to(into.room(value.length() as usize));
        Ok(true)
    }
}

/// Lets the browser paint and listen. A timer would do, but browsers stretch each to four milliseconds.
async fn breathe() {
    let Ok(channel) = MessageChannel::new() else { return };
    let mut resolve = None;
    let promise = Promise::new(&mut |yes, _no| resolve = Some(yes));
    channel.port1().set_onmessage(resolve.as_ref());
    if channel.port2().post_message(&JsValue::NULL).is_ok() {
        // A promise that is only ever resolved cannot fail.
        let _ = JsFuture::from(promise).await;
    }
    channel.port1().close();
}
