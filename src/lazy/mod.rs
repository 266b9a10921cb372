//! The lazily loaded chunk: a second wasm file with everything that the first picture does without.

mod canvas_events;
mod parts;
mod stylesheet;

use std::time::Duration;

use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::store::StoreSignals;
use orrery_client::ConnectionStatus;

pub use parts::LazyParts;

/// The chunk and the state of loading it. Cheap to copy.
#[derive(Clone, Copy)]
pub struct LazyChunk {
    parts: RwSignal<Option<LazyParts>>,
    /// Whether the last attempt failed: what is shown is true, but not everything works.
    is_missing: RwSignal<bool>,
    is_ready: RwSignal<bool>,
}

/// A place in the layout that components of the chunk are rendered into.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Region {
    /// The end of the toolbar.
    ToolbarTools,
    /// Inside the canvas, above its layers: listeners and what they show.
    CanvasInput,
    /// Above the canvas.
    CanvasOverlays,
    /// Beside the canvas.
    SidePanel,
    /// Above everything: dialogs, menus, toasts, and listeners that concern the whole page.
    PageOverlays,
}

/// Renders the components of a region as soon as the chunk is loaded.
#[component]
pub fn LazyRegion(chunk: LazyChunk, region: Region) -> impl IntoView {
    move || chunk.parts.get().map(|parts| (parts.render)(region, chunk))
}

/// How long to wait after the first failure; doubled after each, up to `MAX_RETRY_DELAY`.
const FIRST_RETRY_DELAY: Duration = Duration::from_secs(1);
const MAX_RETRY_DELAY: Duration = Duration::from_secs(30);

impl LazyChunk {
    pub fn new() -> Self {
        Self { parts: RwSignal::new(None), is_missing: RwSignal::new(false), is_ready: RwSignal::new(false) }
    }

    /// Returns whether the chunk could not be loaded so far; loading is tried again until it succeeds.
    pub fn is_missing(&self) -> ReadSignal<bool> {
        self.is_missing.read_only()
    }

    /// Returns whether every component of the chunk is mounted. Reactive.
    pub fn is_ready(&self) -> bool {
        self.is_ready.get()
    }

    fn set_ready(&self) {
        self.is_ready.set(true);
    }

    /// Starts loading once the first snapshot has been rendered, or cannot be had, so that it does not compete for bandwidth.
    /// The parts share the contexts of the current owner.
    pub fn load_after_first_render(&self, signals: StoreSignals) {
        let (chunk, owner) = (*self, Owner::current().unwrap_or_default());
        Effect::new(move |has_started: Option<bool>| {
            if has_started == Some(true) {
                return true;
            }
            let is_due = signals.loaded.get()
                || signals.connection.with(|connection| !matches!(connection, ConnectionStatus::Connecting));
            if is_due {
                chunk.load(owner.clone(), FIRST_RETRY_DELAY);
            }
            is_due
        });
    }

    fn load(self, owner: Owner, retry_delay: Duration) {
        spawn_local(async move {
            match load_chunk().await {
                Ok(parts) => {
                    self.is_missing.set(false);
                    stylesheet::apply();
                    owner.with(parts.provide_contexts);
                    self.parts.set(Some(parts));
                }
                Err(ChunkNotLoaded) => {
                    self.is_missing.set(true);
                    let retry = move || self.load(owner, (retry_delay * 2).min(MAX_RETRY_DELAY));
                    set_timeout(retry, retry_delay);
                }
            }
        });
    }
}

impl Default for LazyChunk {
    fn default() -> Self {
        Self::new()
    }
}

struct ChunkNotLoaded;

#[cfg(feature = "split")]
impl From<leptos::wasm_split::SplitLoaderError> for ChunkNotLoaded {
    fn from(_: leptos::wasm_split::SplitLoaderError) -> Self {
        Self
    }
}

/// Loads the chunk. The build moves everything that only this function leads to into the second file.
#[cfg(feature = "split")]
// To the compiler the function on the other side of the split is a foreign one.
#[allow(unsafe_code)]
#[leptos::wasm_split::wasm_split(lazy, wasm_split_path = leptos::wasm_split, fallible)]
fn load_chunk() -> Result<LazyParts, ChunkNotLoaded> {
    Ok(LazyParts::new())
}

/// Returns the parts from the one file that holds everything where nothing is split: `trunk serve` and the browser tests.
#[cfg(not(feature = "split"))]
async fn load_chunk() -> Result<LazyParts, ChunkNotLoaded> {
    Ok(LazyParts::new())
}
