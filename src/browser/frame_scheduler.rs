//! Asks the browser for one frame, however many want one, and for a timer where a hidden tab gets no frames.
//! Never what is done in the frame.

use std::cell::{Cell, RefCell};
use std::rc::{Rc, Weak};
use std::time::Duration;

use leptos::prelude::{document, set_timeout, window};
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use wasm_bindgen_futures::spawn_local;

#[derive(Clone)]
pub struct FrameScheduler {
    inner: Rc<Inner>,
}

struct Inner {
    turn: RefCell<Option<Rc<dyn Fn()>>>,
    asked: Cell<Asked>,
    /// Somebody asked since the last beat.
    is_wanted: Cell<bool>,
    is_hidden: Cell<bool>,
    is_later: Cell<bool>,
    last: Cell<f64>,
    /// One for all frames.
    on_frame: Closure<dyn FnMut()>,
}

#[derive(Clone, Copy)]
enum Asked {
    Nothing,
    Frame(i32),
    Timer,
}

/// A hidden tab is folded at most so often. Browsers stretch its timers, but not the arrival of messages.
const HIDDEN_EVERY: f64 = 250.0;

impl FrameScheduler {
    pub fn new() -> Self {
        let inner = Rc::new_cyclic(|inner: &Weak<Inner>| {
            let inner = inner.clone();
            let run = move || inner.upgrade().into_iter().for_each(|inner| Self { inner }.frame());
            Inner {
                turn: RefCell::default(),
                asked: Cell::new(Asked::Nothing),
                is_wanted: Cell::new(false),
                is_hidden: Cell::new(document().hidden()),
                is_later: Cell::new(false),
                last: Cell::new(0.0),
                on_frame: Closure::new(run),
            }
        });
        Self { inner }
    }

    /// What each beat does. Set once, when everything that it moves is there.
    pub fn beat(&self, turn: impl Fn() + 'static) {
        *self.inner.turn.borrow_mut() = Some(Rc::new(turn));
    }

    /// Cheap: asked for every event.
    pub fn ask(&self) {
        self.inner.is_wanted.set(true);
        match self.inner.asked.get() {
            Asked::Frame(_) => {}
            _ if self.inner.is_hidden.get() => self.ask_hidden(),
            Asked::Timer => {}
            Asked::Nothing => self.ask_for_a_frame(),
        }
    }

    /// Before the frame that was asked for.
    pub fn at_once(&self) {
        let turn = self.inner.turn.borrow().clone();
        if let Some(turn) = turn {
            turn();
        }
    }

    /// Not now, but within so many milliseconds.
    pub fn ask_within(&self, millis: i64) {
        if !self.inner.is_later.replace(true) {
            let scheduler = self.clone();
            let ask = move || {
                scheduler.inner.is_later.set(false);
                scheduler.ask();
            };
            set_timeout(ask, Duration::from_millis(millis as u64));
        }
    }

    /// The tab was hidden or shown: a frame that was asked for may never come.
    pub fn visibility_changed(&self) {
        self.inner.is_hidden.set(document().hidden());
        if let Asked::Frame(frame) = self.inner.asked.replace(Asked::Nothing) {
            // It may be over already.
            let _ = window().cancel_animation_frame(frame);
        }
        self.ask();
    }

    fn ask_for_a_frame(&self) {
        let frame = window().request_animation_frame(self.inner.on_frame.as_ref().unchecked_ref());
        self.inner.asked.set(frame.map_or(Asked::Nothing, Asked::Frame));
    }

    /// Where one beat is wanted, another one often is, and to ask from within a frame wakes nobody else in the browser.
    fn frame(&self) {
        self.inner.asked.set(Asked::Nothing);
        if self.inner.is_wanted.get() {
            self.ask_for_a_frame();
            self.run();
        }
    }

    fn ask_hidden(&self) {
        let since = js_sys::Date::now() - self.inner.last.get();
        let scheduler = self.clone();
        if since >= HIDDEN_EVERY {
            self.inner.last.set(js_sys::Date::now());
            // After whoever asks has finished.
            spawn_local(async move { scheduler.run() });
        } else if matches!(self.inner.asked.get(), Asked::Nothing) {
            self.inner.asked.set(Asked::Timer);
            let run = move || {
                // The tab may have been shown meanwhile.
                if matches!(scheduler.inner.asked.get(), Asked::Timer) {
                    scheduler.inner.asked.set(Asked::Nothing);
                }
                scheduler.run();
            };
            set_timeout(run, Duration::from_millis(HIDDEN_EVERY as u64));
        }
    }

    fn run(&self) {
        self.inner.is_wanted.set(false);
        if self.inner.is_hidden.get() {
            self.inner.last.set(js_sys::Date::now());
        }
        self.at_once();
    }
}

impl Default for FrameScheduler {
    fn default() -> Self {
        Self::new()
    }
}
