//! Throttle: runs a callback at most once in an interval, however often it is requested.

use std::time::Duration;

use leptos::prelude::*;

/// Cheap to copy. The timer ends with the owner in which the throttle was created.
#[derive(Clone, Copy)]
pub struct Throttle {
    callback: StoredValue<Box<dyn Fn()>, LocalStorage>,
    interval: Duration,
    state: StoredValue<State>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum State {
    /// The next request runs the callback at once.
    #[default]
    Idle,
    /// The callback has run, and the interval is not over.
    Resting,
    /// As `Resting`, and the callback was requested again.
    Pending,
}

impl Throttle {
    /// Creates a throttle that is idle.
    pub fn new(interval: Duration, callback: impl Fn() + 'static) -> Self {
        let callback = StoredValue::new_local(Box::new(callback) as Box<dyn Fn()>);
        Self { callback, interval, state: StoredValue::new(State::Idle) }
    }

    /// Runs the callback now, or at the end of the interval since it last ran.
    pub fn request(&self) {
        if self.state.try_get_value() == Some(State::Idle) {
            self.run();
        } else {
            self.state.try_set_value(State::Pending);
        }
    }

    fn run(&self) {
        if self.state.try_set_value(State::Resting).is_some() {
            // The owner was disposed.
            return;
        }
        self.callback.try_with_value(|callback| untrack(callback));
        let throttle = *self;
        set_timeout(move || throttle.on_interval_end(), self.interval);
    }

    fn on_interval_end(&self) {
        match self.state.try_get_value() {
            Some(State::Pending) => self.run(),
            Some(State::Resting) => {
                self.state.try_set_value(State::Idle);
            }
            Some(State::Idle) | None => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use js_sys::Promise;
    use wasm_bindgen_futures::JsFuture;
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    /// Waits for so many milliseconds.
    async fn sleep(millis: i32) {
        let promise = Promise::new(&mut |resolve, _| {
            let _ = window().set_timeout_with_callback_and_timeout_and_arguments_0(&resolve, millis);
        });
        JsFuture::from(promise).await.unwrap();
    }

    #[wasm_bindgen_test]
    async fn requests_in_an_interval_run_once_more_at_its_end() {
        let owner = Owner::new();
        owner.set();
        let runs = StoredValue::new(0);
        let throttle = Throttle::new(Duration::from_millis(20), move || runs.update_value(|runs| *runs += 1));
        throttle.request();
        assert_eq!(runs.get_value(), 1, "the first request runs at once");
        throttle.request();
        throttle.request();
        assert_eq!(runs.get_value(), 1);
        sleep(200).await;
        assert_eq!(runs.get_value(), 2, "two requests are one run");
        throttle.request();
        assert_eq!(runs.get_value(), 3, "idle again after an interval without requests");
    }
}
