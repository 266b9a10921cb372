//! Fills the page and wires socket → inbox → live → view. Never anything else.

use std::cell::RefCell;
use std::rc::Rc;
use std::time::Duration;

use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::api::{Address, Api};
use crate::browser::FrameScheduler;
use crate::browser::clock;
use crate::canvas::{CanvasController, show_canvas};
use crate::commands::Commands;
use crate::dialogs::Dialogs;
use crate::feedback::show_notices;
use crate::lazy::{LazyLoader, Places};
use crate::session::Session;
use crate::store::PerfCounters;
use crate::store::{PUBLISH_INTERVAL, StoreSignals};
use crate::sync::{RetryNow, SharedSyncClient, SyncClient};
use crate::toolbar::show_toolbar;
use crate::ui::kept::{child, hear, keep};
use crate::ui::written::Part;
use orrery_client::EventBuffer;

/// Fills the page. What it makes by hand is the first picture; the rest are views that come later.
pub fn start() {
    let signals = StoreSignals::new(clock::now());
    let session = Session::new();
    provide_context(signals);
    provide_context(session);
    provide_context(Dialogs::new());
    let later = LazyLoader::new();
    let scheduler = FrameScheduler::new();
    let controller = CanvasController::new(signals, session, scheduler.clone());
    let commands = Commands::new(session, controller.store, scheduler.clone());
    provide_context(commands);
    set_interval(move || signals.tick(clock::now()), Duration::from_secs(1));
    let sync_client = connect(Turn { signals, session, controller }, commands, scheduler);
    provide_context(sync_client);
    provide_context(RetryNow(Callback::new(move |()| with(sync_client, SyncClient::try_now))));
    let body = document().body().expect("a page has a body");
    let app = child(&body, "div");
    keep(app.clone(), move || {
        let part = Part::new("div", "app").with("data-connection", signals.connection.with(|it| it.word()));
        part.with("data-seq", signals.seq.get().to_string()).with("data-count", signals.count.get().to_string())
    });
    let bar = child(&app, "header");
    show_toolbar(&bar);
    let main = child(&app, "main");
    keep(main.clone(), || Part::new("main", "stage"));
    let view = child(&main, "div");
    keep(view.clone(), || Part::new("div", "view"));
    let canvas = show_canvas(&view, controller);
    show_notices(&view, later);
    later.follow(signals, Places { tools: bar, canvas, over_canvas: view, beside: main, over_page: app });
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
            let fold = |store: &mut crate::store::CanvasStore| store.take(post.state, post.arrivals, feed, now);
            self.controller.store.try_update_value(fold).expect("the page keeps its fleet as long as it lives")
        });
        let selection = self.session.selection.get_untracked();
        let publish = |store: &crate::store::CanvasStore| self.signals.publish(store, &diff, selection.as_ref(), now);
        if self.controller.store.with_value(publish) {
            scheduler.ask_within(PUBLISH_INTERVAL);
        }
        if let Some((connection, heard_at)) = post.connection {
            self.signals.stand(connection, heard_at);
        }
        self.controller.follow(&diff);
        self.controller.draw();
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
    hear(&window(), "online", move |_| with(line, SyncClient::back_again));
    hear(&document(), "visibilitychange", move |_| {
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
