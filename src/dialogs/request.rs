//! The state of a request that a dialog sends: pending, failed or done.

use leptos::prelude::*;

use crate::api::ApiError;

/// A request whose result a dialog waits for.
pub(super) type RequestAction<I, O> = Action<I, Result<O, ApiError>>;

/// Returns why the last request failed. Reactive.
pub(super) fn failure<I: 'static, O: Send + Sync + 'static>(action: RequestAction<I, O>) -> Signal<Option<String>> {
    let value = action.value();
    Signal::derive(move || value.with(|result| Some(result.as_ref()?.as_ref().err()?.to_string())))
}

/// Calls a function each time that a request has succeeded.
pub(super) fn on_success<I: 'static, O: Clone + Send + Sync + 'static>(
    action: RequestAction<I, O>,
    then: impl Fn(O) + 'static,
) {
    let value = action.value();
    Effect::new(move |_| {
        if let Some(Ok(output)) = value.get() {
            then(output);
        }
    });
}
