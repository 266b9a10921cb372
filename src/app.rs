//! Mounts the page and wires socket → inbox → live → view. Never anything else.

use std::cell::RefCell;
use std::rc::Rc;
use std::time::Duration;

use leptos::ev;
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::actions::Actions;
use crate::api::{Address, Api};
use crate::canvas::{CanvasView, Hand, Stage};
use crate::clock;
use crate::forms::Asking;
use crate::hooks;
use crate::inbox::Inbox;
use crate::later::{Later, Part};
use crate::live::Live;
use crate::notices::{ConnectionBanner, EmptyCanvas, MissingPart};
use crate::pulse::Pulse;
use crate::roster::Roster;
use crate::runs::Ledger;
use crate::session::Session;
use crate::toolbar::Toolbar;
use crate::uplink::{TryNow, Uplink};

#[component]
pub fn App() -> impl IntoView {
    let live = Live::new(clock::now());
    let session = Session::new();
    let actions = Actions::new(session);
    provide_context(live);
    provide_context(session);
    provide_context(actions);
    provide_context(Asking::new());
    let later = Later::new();
    provide_context(later);
    later.follow(live);
    let pulse = Pulse::new();
    let stage = Stage::new(live, session, pulse.clone());
    provide_context(Roster::new(stage.fleet));
    provide_context(Ledger::new(stage.fleet, live));
    let hand = Hand::new(stage, session, actions);
    hooks::install(stage.fleet);
    set_interval(move || live.tick(clock::now()), Duration::from_secs(1));
    let uplink = connect(Turn { live, session, stage, hand }, actions, pulse);
    let try_now = Callback::new(move |()| with(uplink, Uplink::try_now));
    provide_context(TryNow(try_now));
    view! {
        <div
            class="app"
            data-connection=move || live.connection.with(|it| it.word())
            data-seq=move || live.seq.get().to_string()
            data-count=move || live.count.get().to_string()
        >
            <Toolbar />
            <main class="stage">
                <div class="view">
                    <CanvasView stage=stage hand=hand />
                    <EmptyCanvas on_try=try_now />
                    <ConnectionBanner on_try=try_now />
                    <MissingPart />
                    <Part of=|parts| (parts.over_canvas)() />
                </div>
                <Part of=|parts| (parts.beside)() />
            </main>
            <Part of=|parts| (parts.over_page)() />
        </div>
    }
}

/// What one frame moves.
#[derive(Clone, Copy)]
struct Turn {
    live: Live,
    session: Session,
    stage: Stage,
    hand: Hand,
}

impl Turn {
    /// One fold, one publish, one draw. Answers whether the state and the log no longer fit together.
    fn take(&self, inbox: &RefCell<Inbox>) -> bool {
        let post = inbox.borrow_mut().take();
        let folded = self.live.feeding(|feed| {
            let fold = |fleet: &mut crate::fleet::Fleet| fleet.take(post.state, post.arrivals, feed, clock::now());
            self.stage.fleet.try_update_value(fold).expect("the page keeps its fleet as long as it lives")
        });
        let selection = self.session.selection.get_untracked();
        self.stage.fleet.with_value(|fleet| self.live.publish(fleet, &folded, selection.as_ref()));
        if let Some((connection, heard_at)) = post.connection {
            self.live.stand(connection, heard_at);
        }
        self.hand.check_landing();
        self.stage.follow(&folded);
        self.stage.draw();
        folded.lost_track
    }
}

type Line = StoredValue<Option<Uplink>, LocalStorage>;

/// The line to the server: up as soon as its address is known.
fn connect(turn: Turn, actions: Actions, pulse: Pulse) -> Line {
    let line: Line = StoredValue::new_local(None);
    let inbox = Rc::new(RefCell::new(Inbox::default()));
    pulse.beat({
        let inbox = inbox.clone();
        move || {
            if turn.take(&inbox) {
                with(line, Uplink::lost_track);
            }
        }
    });
    let seen = pulse.clone();
    let listeners = [
        window_event_listener_untyped("online", move |_| with(line, Uplink::back_again)),
        window_event_listener(ev::visibilitychange, move |_| {
            seen.visibility_changed();
            with(line, Uplink::back_again);
        }),
    ];
    on_cleanup(move || listeners.into_iter().for_each(|listener| listener.remove()));
    spawn_local(async move {
        let origin = window().location().origin().unwrap_or_default();
        let api = Api::new(Address::find(&origin).await);
        actions.connect(api.clone());
        line.set_value(Some(Uplink::start(api, inbox, pulse)));
    });
    line
}

/// The line is let go of before it acts: it may answer at once.
fn with(line: Line, act: impl FnOnce(&Uplink)) {
    if let Some(uplink) = line.get_value() {
        act(&uplink);
    }
}
