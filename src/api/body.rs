//! An answer's body as it arrives, with a breath for the browser between long stretches of work. Never what it says.

use gloo_net::http::Response;
use js_sys::{Promise, Reflect, Uint8Array};
use leptos::prelude::{document, window};
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;
use web_sys::ReadableStreamDefaultReader;

use super::ApiError;
use orrery_client::SnapshotReader;

/// In milliseconds: two frames, of which each second one is shown.
const STRETCH: f64 = 30.0;
/// What was long on its way comes in pieces of megabytes.
const SLICE: u32 = 64 * 1024;
/// A frame that was asked for may never come: tabs are hidden meanwhile.
const NO_FRAME: i32 = 100;

pub(super) struct Body {
    stream: ReadableStreamDefaultReader,
    /// Arrived, and not handed on yet.
    rest: Option<Uint8Array>,
    /// Since when nobody else had a turn.
    since: f64,
}

impl Body {
    pub(super) fn of(response: &Response) -> Result<Self, ApiError> {
        let reader = response.body().and_then(|body| ReadableStreamDefaultReader::new(&body).ok());
        Ok(Self { stream: reader.ok_or(ApiError::Unreachable)?, rest: None, since: js_sys::Date::now() })
    }

    /// Adds some of what arrived. False: that was all.
    pub(super) async fn read(&mut self, reader: &mut SnapshotReader) -> Result<bool, ApiError> {
        if js_sys::Date::now() - self.since > STRETCH {
            breathe().await;
            self.since = js_sys::Date::now();
        }
        let arrived = match self.rest.take() {
            Some(rest) => rest,
            None => match self.arrived().await? {
                Some(arrived) => arrived,
                None => return Ok(false),
            },
        };
        let end = arrived.length().min(SLICE);
        arrived.subarray(0, end).copy_to(reader.chunk(end as usize));
        self.rest = (end < arrived.length()).then(|| arrived.subarray(end, arrived.length()));
        Ok(true)
    }

    async fn arrived(&self) -> Result<Option<Uint8Array>, ApiError> {
        let part = JsFuture::from(self.stream.read()).await.map_err(|_| ApiError::Unreachable)?;
        let value = Reflect::get(&part, &"value".into()).ok();
        Ok(value.and_then(|value| value.dyn_into::<Uint8Array>().ok()))
    }
}

/// Lets the browser show a frame and listen: while much is read it puts off what is seen, unless one waits for it. Nobody
/// looks at a hidden tab, and its timers take a second each.
async fn breathe() {
    for (is_frame, at_most) in [(true, NO_FRAME), (false, 0)] {
        if document().hidden() {
            return;
        }
        let promise = Promise::new(&mut |yes, _no| {
            if is_frame {
                let _ = window().request_animation_frame(&yes);
            }
            let _ = window().set_timeout_with_callback_and_timeout_and_arguments_0(&yes, at_most);
        });
        // A promise that is only ever resolved cannot fail.
        let _ = JsFuture::from(promise).await;
    }
}
