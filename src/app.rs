//! Builds the page and connects it: server → sync → store → signals → views.

use std::time::Duration;

use leptos::prelude::*;

use crate::browser::FrameScheduler;
use crate::browser::clock;
use crate::canvas::{CanvasController, show_canvas};
use crate::commands::Commands;
use crate::dialogs::Dialogs;
use crate::feedback::show_notices;
use crate::lazy::{LazyLoader, Places};
use crate::session::Session;
use crate::store::StoreSignals;
use crate::sync::{FrameTarget, SyncHandle};
use crate::toolbar::show_toolbar;
use crate::ui::kept::{child, keep};
use crate::ui::written::Part;

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
    let commands = Commands::new(session, signals, controller);
    provide_context(commands);
    set_interval(move || signals.tick(clock::now()), Duration::from_secs(1));
    let target = FrameTarget { store: controller.store, signals, selected: session.selection };
    let on_address = move |api| commands.connect(api);
    provide_context(SyncHandle::start(target, scheduler, on_address, move |diff| {
        controller.follow(diff);
        controller.draw();
    }));
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
