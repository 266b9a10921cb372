//! Animation-frame scheduler: runs one callback a frame, however often a frame is requested, and by a timer in a hidden tab,
//! which gets no frames.

use std::cell::{Cell, RefCell};
use std::rc::{Rc, Weak};
use std::time::Duration;

use leptos::prelude::{document, set_timeout, window};
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use wasm_bindgen_futures::spawn_local;

/// Cheap to clone: the clones share the callback and the request.
#[derive(Clone)]
pub struct FrameScheduler {
    inner: Rc<Inner>,
}

struct Inner {
    callback: RefCell<Option<Rc<dyn Fn()>>>,
    pending: Cell<Pending>,
    /// Whether a frame was requested since the callback last ran.
    is_requested: Cell<bool>,
    /// Whether a frame was requested that may be left out once.
    is_batch_requested: Cell<bool>,
    /// Whether the callback ran in the last frame.
    has_just_run: Cell<bool>,
    is_hidden: Cell<bool>,
    has_timeout: Cell<bool>,
    /// When the callback last ran in a hidden tab, in milliseconds since 1970.
    ran_hidden_at: Cell<f64>,
    /// One closure for all frames.
    on_frame: Closure<dyn FnMut()>,
}

/// What will call the callback next.
#[derive(Clone, Copy)]
enum Pending {
    Nothing,
    /// An animation frame, by its handle.
    Frame(i32),
    Timer,
}

/// In milliseconds: how often the callback runs at most in a hidden tab. Browsers delay its timers, but not its messages.
const HIDDEN_INTERVAL: f64 = 250.0;

impl FrameScheduler {
    pub fn new() -> Self {
        let inner = Rc::new_cyclic(|inner: &Weak<Inner>| {
            let inner = inner.clone();
            let on_frame = move || inner.upgrade().into_iter().for_each(|inner| Self { inner }.on_frame());
            Inner {
                callback: RefCell::default(),
                pending: Cell::new(Pending::Nothing),
                is_requested: Cell::new(false),
                is_batch_requested: Cell::new(false),
                has_just_run: Cell::new(false),
                is_hidden: Cell::new(document().hidden()),
                has_timeout: Cell::new(false),
                ran_hidden_at: Cell::new(0.0),
                on_frame: Closure::new(on_frame),
            }
        });
        Self { inner }
    }

    /// Sets what each frame runs. To be called once.
    pub fn set_callback(&self, callback: impl Fn() + 'static) {
        *self.inner.callback.borrow_mut() = Some(Rc::new(callback));
    }

    /// Makes the callback run in the next frame.
    pub fn request_frame(&self) {
        self.inner.is_requested.set(true);
        self.request();
    }

    /// Makes the callback run in the next frame, or in the one after it if the callback has just run: a stream of requests is
    /// served in every second frame. Cheap: called for each event.
    pub fn request_batch_frame(&self) {
        self.inner.is_batch_requested.set(true);
        self.request();
    }

    fn request(&self) {
        match self.inner.pending.get() {
            Pending::Frame(_) => {}
            _ if self.inner.is_hidden.get() => self.request_hidden(),
            Pending::Timer => {}
            Pending::Nothing => self.request_animation_frame(),
        }
    }

    /// Makes the callback run within so many milliseconds.
    pub fn request_frame_within(&self, millis: i64) {
        if !self.inner.has_timeout.replace(true) {
            let scheduler = self.clone();
            let request = move || {
                scheduler.inner.has_timeout.set(false);
                scheduler.request_frame();
            };
            set_timeout(request, Duration::from_millis(millis as u64));
        }
    }

    /// Runs the callback before this returns. A frame that was requested still comes.
    pub fn run_now(&self) {
        let callback = self.inner.callback.borrow().clone();
        if let Some(callback) = callback {
            callback();
        }
    }

    /// To be called when the tab was hidden or shown: a frame that was requested before may never come.
    pub fn on_visibility_change(&self) {
        self.inner.is_hidden.set(document().hidden());
        if let Pending::Frame(frame) = self.inner.pending.replace(Pending::Nothing) {
            // It may have come already.
            let _ = window().cancel_animation_frame(frame);
        }
        self.request_frame();
    }

    fn request_animation_frame(&self) {
        let frame = window().request_animation_frame(self.inner.on_frame.as_ref().unchecked_ref());
        self.inner.pending.set(frame.map_or(Pending::Nothing, Pending::Frame));
    }

    /// Requests the next frame before it runs the callback: where one is needed another one often is, and a request from
    /// within a frame costs the browser no extra wake-up.
    fn on_frame(&self) {
        self.inner.pending.set(Pending::Nothing);
        if !self.inner.is_requested.get() && !self.inner.is_batch_requested.get() {
            return self.inner.has_just_run.set(false);
        }
        self.request_animation_frame();
        let is_due = self.inner.is_requested.get() || !self.inner.has_just_run.get();
        self.inner.has_just_run.set(is_due);
        if is_due {
            self.run();
        }
    }

    fn request_hidden(&self) {
        let since = js_sys::Date::now() - self.inner.ran_hidden_at.get();
        let scheduler = self.clone();
        if since >= HIDDEN_INTERVAL {
            self.inner.ran_hidden_at.set(js_sys::Date::now());
            // After the caller has returned.
            spawn_local(async move { scheduler.run() });
        } else if matches!(self.inner.pending.get(), Pending::Nothing) {
            self.inner.pending.set(Pending::Timer);
            let run = move || {
                // The tab may have been shown meanwhile.
                if matches!(scheduler.inner.pending.get(), Pending::Timer) {
                    scheduler.inner.pending.set(Pending::Nothing);
                }
                scheduler.run();
            };
            set_timeout(run, Duration::from_millis(HIDDEN_INTERVAL as u64));
        }
    }

    fn run(&self) {
        self.inner.is_requested.set(false);
        self.inner.is_batch_requested.set(false);
        if self.inner.is_hidden.get() {
            self.inner.ran_hidden_at.set(js_sys::Date::now());
        }
        self.run_now();
    }
}

impl Default for FrameScheduler {
    fn default() -> Self {
        Self::new()
    }
}
