//! The root component: creates the page's state, provides it by context and lays the page out.

use std::time::Duration;

use leptos::prelude::*;

use crate::browser::FrameScheduler;
use crate::browser::clock;
use crate::canvas::{Canvas, CanvasController};
use crate::commands::Commands;
use crate::dialogs::Dialogs;
use crate::feedback::Feedback;
use crate::lazy::{LazyChunk, LazyRegion, Region};
use crate::session::Session;
use crate::store::{CanvasStore, StoreSignals};
use crate::sync::{FrameTarget, SyncHandle};
use crate::toolbar::Toolbar;

/// How often texts that name a duration are updated.
const CLOCK_INTERVAL: Duration = Duration::from_secs(1);

/// The whole page. What the first picture does without is loaded afterwards and rendered into the [`LazyRegion`]s.
#[component]
pub fn App() -> impl IntoView {
    let store = StoredValue::new_local(CanvasStore::default());
    let signals = StoreSignals::new(clock::now());
    let session = Session::new();
    let scheduler = FrameScheduler::new();
    let controller = CanvasController::new(store, signals, session, scheduler.clone());
    let commands = Commands::new(session, signals, controller);
    provide_context(store);
    provide_context(signals);
    provide_context(session);
    provide_context(controller);
    provide_context(commands);
    provide_context(Dialogs::new());
    set_interval(move || signals.tick(clock::now()), CLOCK_INTERVAL);
    let target = FrameTarget { store, signals, selected: session.selection };
    let on_address = move |api| commands.connect(api);
    provide_context(SyncHandle::start(target, scheduler, on_address, move |diff| {
        controller.apply_diff(diff);
        controller.render_frame();
    }));
    let chunk = LazyChunk::new();
    chunk.load_after_first_render(signals);
    view! {
        <div
            class="app"
            data-connection=move || signals.connection.with(|connection| connection.word())
            data-seq=move || signals.seq.get().to_string()
            data-count=move || signals.count.get().to_string()
            data-ready=move || chunk.is_ready().then_some("")
        >
            <header class="toolbar">
                <Toolbar />
                <LazyRegion chunk region=Region::ToolbarTools />
            </header>
            <main class="main">
                <div class="view">
                    <Canvas controller>
                        <LazyRegion chunk region=Region::CanvasInput />
                    </Canvas>
                    <Feedback is_chunk_missing=chunk.is_missing() />
                    <LazyRegion chunk region=Region::CanvasOverlays />
                </div>
                <LazyRegion chunk region=Region::SidePanel />
            </main>
            <LazyRegion chunk region=Region::PageOverlays />
        </div>
    }
}
