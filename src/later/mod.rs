//! What the first picture does without: fetched as a second program file as soon as that picture stands. Never what a part does.

mod parts;

use std::time::Duration;

use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::live::Live;
use crate::socket::Connection;

pub use parts::Parts;

/// Given to the page by context.
#[derive(Clone, Copy)]
pub struct Later {
    parts: RwSignal<Option<&'static Parts>>,
    /// The last try failed: what can be seen is true, but not everything can be done.
    is_missing: RwSignal<bool>,
}

/// Doubled after each failure, up to the last.
const AGAIN: (Duration, Duration) = (Duration::from_secs(1), Duration::from_secs(30));

impl Later {
    pub fn new() -> Self {
        Self { parts: RwSignal::new(None), is_missing: RwSignal::new(false) }
    }

    pub fn is_missing(&self) -> bool {
        self.is_missing.get()
    }

    /// Not before there is something to see: the first picture has the line to itself.
    pub fn follow(&self, live: Live) {
        let later = *self;
        Effect::new(move |begun: Option<bool>| {
            let begun = begun.unwrap_or(false);
            let is_time = live.loaded.get() || live.connection.with(|it| !matches!(it, Connection::Connecting));
            if is_time && !begun {
                later.fetch(AGAIN.0);
            }
            begun || is_time
        });
    }

    fn fetch(&self, wait: Duration) {
        let later = *self;
        spawn_local(async move {
            match fetched().await {
                Ok(parts) => {
                    later.is_missing.set(false);
                    later.parts.set(Some(parts));
                }
                Err(NotLoaded) => {
                    later.is_missing.set(true);
                    set_timeout(move || later.fetch((wait * 2).min(AGAIN.1)), wait);
                }
            }
        });
    }
}

impl Default for Later {
    fn default() -> Self {
        Self::new()
    }
}

/// Nothing, until it is there.
#[component]
pub fn Part(of: fn(&Parts) -> AnyView) -> impl IntoView {
    let later = expect_context::<Later>();
    move || later.parts.get().map(of)
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
fn fetched() -> Result<&'static Parts, NotLoaded> {
    Ok(&parts::PARTS)
}

/// In one file with the rest, where nothing cuts: `trunk serve` and the browser tests.
#[cfg(not(feature = "split"))]
async fn fetched() -> Result<&'static Parts, NotLoaded> {
    Ok(&parts::PARTS)
}
