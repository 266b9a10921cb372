//! The body of a snapshot as it arrives, with pauses in which the browser can render and handle input.

use gloo_net::http::Response;
use js_sys::{Promise, Reflect, Uint8Array};
use leptos::prelude::{document, window};
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;
use web_sys::ReadableStreamDefaultReader;

use orrery_client::SnapshotReader;

use super::ApiError;

/// In milliseconds: how long reading goes on without a pause. Two frames.
const WORK_SLICE: f64 = 30.0;
/// In bytes: how much is read at once. A slow body may arrive in chunks of megabytes.
const READ_SIZE: u32 = 64 * 1024;
/// In milliseconds: how long to wait for a frame, which never comes if the tab is hidden meanwhile.
const FRAME_TIMEOUT: i32 = 100;

pub(super) struct SnapshotBody {
    stream: ReadableStreamDefaultReader,
    /// The part of the last chunk that is not read yet.
    rest: Option<Uint8Array>,
    /// When the last pause ended, in milliseconds since 1970.
    paused_at: f64,
}

impl SnapshotBody {
    /// Takes the body of a response.
    pub(super) fn new(response: &Response) -> Result<Self, ApiError> {
        let reader = response.body().and_then(|body| ReadableStreamDefaultReader::new(&body).ok());
        Ok(Self { stream: reader.ok_or(ApiError::Unreachable)?, rest: None, paused_at: js_sys::Date::now() })
    }

    /// Reads some of the body. Returns whether there was any left.
    pub(super) async fn read_into(&mut self, reader: &mut SnapshotReader) -> Result<bool, ApiError> {
        if js_sys::Date::now() - self.paused_at > WORK_SLICE {
            pause().await;
            self.paused_at = js_sys::Date::now();
        }
        let chunk = match self.rest.take() {
            Some(rest) => rest,
            None => match self.next_chunk().await? {
                Some(chunk) => chunk,
                None => return Ok(false),
            },
        };
        let end = chunk.length().min(READ_SIZE);
        chunk.subarray(0, end).copy_to(reader.chunk(end as usize));
        self.rest = (end < chunk.length()).then(|| chunk.subarray(end, chunk.length()));
        Ok(true)
    }

    async fn next_chunk(&self) -> Result<Option<Uint8Array>, ApiError> {
        let part = JsFuture::from(self.stream.read()).await.map_err(|_| ApiError::Unreachable)?;
        let value = Reflect::get(&part, &"value".into()).ok();
        Ok(value.and_then(|value| value.dyn_into::<Uint8Array>().ok()))
    }
}

/// Lets the browser render a frame and handle input. It delays both while a body is read, unless one waits for a frame. Does
/// nothing in a hidden tab, where each timer takes a second.
async fn pause() {
    for (is_frame, timeout) in [(true, FRAME_TIMEOUT), (false, 0)] {
        if document().hidden() {
            return;
        }
        let promise = Promise::new(&mut |resolve, _reject| {
            if is_frame {
                let _ = window().request_animation_frame(&resolve);
            }
            let _ = window().set_timeout_with_callback_and_timeout_and_arguments_0(&resolve, timeout);
        });
        // A promise that is only ever resolved cannot fail.
        let _ = JsFuture::from(promise).await;
    }
}
