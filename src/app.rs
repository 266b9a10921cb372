//! The root component: creates the page's state, provides it by context and lays the page out.

use std::cell::RefCell;
use std::rc::Rc;
use std::time::Duration;

use leptos::ev;
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::api::{Address, Api};
use crate::browser::FrameScheduler;
use crate::browser::clock;
use crate::canvas::{Canvas, CanvasController};
use crate::commands::Commands;
use crate::dialogs::Dialogs;
use crate::feedback::Feedback;
use crate::lazy::{LazyChunk, LazyRegion, Region};
use crate::session::Session;
use crate::store::{CanvasStore, PerfCounters};
use crate::store::{PUBLISH_INTERVAL, StoreSignals};
use crate::sync::{RetryNow, SharedSyncClient, SyncClient};
use crate::toolbar::Toolbar;
use orrery_client::EventBuffer;

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
    let commands = Commands::new(session, store, scheduler.clone());
    provide_context(store);
    provide_context(signals);
    provide_context(session);
    provide_context(controller);
    provide_context(commands);
    provide_context(Dialogs::new());
    set_interval(move || signals.tick(clock::now()), CLOCK_INTERVAL);
    let sync_client = connect(Turn { signals, session, controller }, commands, scheduler);
    provide_context(sync_client);
    provide_context(RetryNow(Callback::new(move |()| with(sync_client, SyncClient::try_now))));
    let chunk = LazyChunk::new();
    chunk.load_after_first_render(signals);
    view! {
        <div
            class="app"
            data-connection=move || signals.connection.with(|connection| connection.word())
            data-seq=move || signals.seq.get()
            data-count=move || signals.count.get()
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

/// What one frame moves.
#[derive(Clone, Copy)]
struct Turn {
    signals: StoreSignals,
    session: Session,
    controller: CanvasController,
}

impl Turn {
    /// One fold, one publish, one draw. Answers whether the state and the log no longer fit together.
    fn take(&self, buffer: &RefCell<EventBuffer>, scheduler: &FrameScheduler) -> bool {
        let now = clock::now();
        let post = buffer.borrow_mut().take_batch();
        PerfCounters::count(|counters| {
            (counters.turns, counters.events) = (counters.turns + 1, counters.events + post.arrivals.len() as u64)
        });
        let diff = self.signals.feeding(|feed| {
            let fold = |store: &mut CanvasStore| store.take(post.state, post.arrivals, feed, now);
            self.controller.store.try_update_value(fold).expect("the page keeps its fleet as long as it lives")
        });
        let selection = self.session.selection.get_untracked();
        let publish = |store: &CanvasStore| self.signals.publish(store, &diff, selection.as_ref(), now);
        if self.controller.store.with_value(publish) {
            scheduler.ask_within(PUBLISH_INTERVAL);
        }
        if let Some((connection, heard_at)) = post.connection {
            self.signals.stand(connection, heard_at);
        }
        self.controller.apply_diff(&diff);
        self.controller.render_frame();
        diff.needs_resync
    }
}

/// The line to the server: up as soon as its address is known.
fn connect(turn: Turn, commands: Commands, scheduler: FrameScheduler) -> SharedSyncClient {
    let line: SharedSyncClient = StoredValue::new_local(None);
    let buffer = Rc::new(RefCell::new(EventBuffer::default()));
    scheduler.beat({
        let (buffer, scheduler) = (buffer.clone(), scheduler.clone());
        move || {
            if turn.take(&buffer, &scheduler) {
                with(line, SyncClient::needs_resync);
            }
        }
    });
    let seen = scheduler.clone();
    window_event_listener(ev::online, move |_| with(line, SyncClient::back_again));
    window_event_listener_untyped("visibilitychange", move |_| {
        seen.visibility_changed();
        with(line, SyncClient::back_again);
    });
    spawn_local(async move {
        let origin = window().location().origin().unwrap_or_default();
        let api = Api::new(Address::find(&origin).await);
        commands.connect(api.clone());
        line.set_value(Some(SyncClient::start(api, buffer, scheduler)));
    });
    line
}

/// The line is let go of before it acts: it may answer at once.
fn with(line: SharedSyncClient, act: impl FnOnce(&SyncClient)) {
    if let Some(sync_client) = line.get_value() {
        act(&sync_client);
    }
}
