//! Asks the browser for one frame, however many want one, and for a timer where a hidden tab gets no frames.
//! Never what is done in the frame.

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::time::Duration;

use leptos::prelude::{AnimationFrameRequestHandle, document, request_animation_frame_with_handle, set_timeout};
use wasm_bindgen_futures::spawn_local;

#[derive(Clone)]
pub struct Pulse {
    inner: Rc<Inner>,
}

struct Inner {
    turn: RefCell<Option<Rc<dyn Fn()>>>,
    asked: RefCell<Option<Asked>>,
    last: Cell<f64>,
}

enum Asked {
    Frame(AnimationFrameRequestHandle),
    Timer,
}

/// A hidden tab is folded at most so often. Browsers stretch its timers, but not the arrival of messages.
const HIDDEN_EVERY: f64 = 250.0;

impl Pulse {
    pub fn new() -> Self {
        Self { inner: Rc::new(Inner { turn: RefCell::default(), asked: RefCell::default(), last: Cell::new(0.0) }) }
    }

    /// What each beat does. Set once, when everything that it moves is there.
    pub fn beat(&self, turn: impl Fn() + 'static) {
        *self.inner.turn.borrow_mut() = Some(Rc::new(turn));
    }

    pub fn ask(&self) {
        // Asked for every event: whoever hides the tab says so (`visibility_changed`).
        if matches!(*self.inner.asked.borrow(), Some(Asked::Frame(_))) {
            return;
        }
        if document().hidden() {
            return self.ask_hidden();
        }
        if self.inner.asked.borrow().is_some() {
            return;
        }
        let pulse = self.clone();
        let frame = request_animation_frame_with_handle(move || pulse.run()).ok();
        *self.inner.asked.borrow_mut() = frame.map(Asked::Frame);
    }

    /// The tab was hidden or shown: a frame that was asked for may never come.
    pub fn visibility_changed(&self) {
        if let Some(Asked::Frame(frame)) = self.inner.asked.borrow_mut().take() {
            frame.cancel();
        }
        self.ask();
    }

    fn ask_hidden(&self) {
        let since = js_sys::Date::now() - self.inner.last.get();
        let pulse = self.clone();
        if since >= HIDDEN_EVERY {
            self.inner.last.set(js_sys::Date::now());
            // After whoever asks has finished.
            spawn_local(async move { pulse.run() });
        } else if self.inner.asked.borrow().is_none() {
            *self.inner.asked.borrow_mut() = Some(Asked::Timer);
            set_timeout(move || pulse.run(), Duration::from_millis(HIDDEN_EVERY as u64));
        }
    }

    fn run(&self) {
        self.inner.asked.borrow_mut().take();
        self.inner.last.set(js_sys::Date::now());
        let turn = self.inner.turn.borrow().clone();
        if let Some(turn) = turn {
            turn();
        }
    }
}

impl Default for Pulse {
    fn default() -> Self {
        Self::new()
    }
}
