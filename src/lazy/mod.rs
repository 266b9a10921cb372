//! What the first picture does without: fetched as a second program file as soon as that picture stands. Never what a part does.

mod parts;

use std::cell::RefCell;
use std::time::Duration;

use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::store::StoreSignals;
use crate::ui::kept::watch;
use orrery_client::ConnectionStatus;

pub use parts::Places;

#[derive(Clone, Copy)]
pub struct LazyLoader {
    /// The last try failed: what can be seen is true, but not everything can be done.
    is_missing: RwSignal<bool>,
}

/// Doubled after each failure, up to the last.
const AGAIN: (Duration, Duration) = (Duration::from_secs(1), Duration::from_secs(30));

impl LazyLoader {
    pub fn new() -> Self {
        Self { is_missing: RwSignal::new(false) }
    }

    pub fn is_missing(&self) -> bool {
        self.is_missing.get()
    }

    /// Not before there is something to see: the first picture has the line to itself.
    pub fn follow(&self, signals: StoreSignals, places: Places) {
        let later = *self;
        // Of the page: what comes stays, however often this looks again.
        let owner = Owner::current().unwrap_or_default();
        let places = RefCell::new(Some((places, owner)));
        watch(move || {
            let is_time =
                signals.loaded.get() || signals.connection.with(|it| !matches!(it, ConnectionStatus::Connecting));
            if let Some((places, owner)) = is_time.then(|| places.take()).flatten() {
                later.fetch(places, owner, AGAIN.0);
            }
        });
    }

    fn fetch(&self, places: Places, owner: Owner, wait: Duration) {
        let later = *self;
        spawn_local(async move {
            match fetched().await {
                Ok(show) => {
                    later.is_missing.set(false);
                    owner.with(|| show(&places));
                }
                Err(NotLoaded) => {
                    later.is_missing.set(true);
                    let again = move || later.fetch(places, owner, (wait * 2).min(AGAIN.1));
                    set_timeout(again, wait);
                }
            }
        });
    }
}

impl Default for LazyLoader {
    fn default() -> Self {
        Self::new()
    }
}

struct NotLoaded;

#[cfg(feature = "split")]
impl From<leptos::wasm_split::SplitLoaderError> for NotLoaded {
    fn from(_: leptos::wasm_split::SplitLoaderError) -> Self {
        Self
    }
}

/// Everything that only this function leads to is cut out of the first file by the build.
#[cfg(feature = "split")]
// The cut is a foreign function to the compiler.
#[allow(unsafe_code)]
#[leptos::wasm_split::wasm_split(later, wasm_split_path = leptos::wasm_split, fallible)]
fn fetched() -> Result<fn(&Places), NotLoaded> {
    Ok(parts::show)
}

/// In one file with the rest, where nothing cuts: `trunk serve` and the browser tests.
#[cfg(not(feature = "split"))]
async fn fetched() -> Result<fn(&Places), NotLoaded> {
    Ok(parts::show)
}
