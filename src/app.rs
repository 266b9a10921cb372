//! Fills the page and wires socket → inbox → live → view. Never anything else.

use std::cell::RefCell;
use std::rc::Rc;
use std::time::Duration;

use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::actions::Actions;
use crate::api::{Address, Api};
use crate::canvas::{Stage, show_canvas};
use crate::clock;
use crate::forms::Asking;
use crate::inbox::Inbox;
use crate::later::{Later, Places};
use crate::live::{CALM, Live};
use crate::notices::show_notices;
use crate::pulse::Pulse;
use crate::session::Session;
use crate::tally::Tally;
use crate::toolbar::show_toolbar;
use crate::ui::kept::{child, hear, keep};
use crate::ui::written::Part;
use crate::uplink::{Line, TryNow, Uplink};

/// Fills the page. What it makes by hand is the first picture; the rest are views that come later.
pub fn start() {
    let live = Live::new(clock::now());
    let session = Session::new();
    provide_context(live);
    provide_context(session);
    provide_context(Asking::new());
    let later = Later::new();
    let pulse = Pulse::new();
    let stage = Stage::new(live, session, pulse.clone());
    let actions = Actions::new(session, live, stage);
    provide_context(actions);
    set_interval(move || live.tick(clock::now()), Duration::from_secs(1));
    let uplink = connect(Turn { live, session, stage }, actions, pulse);
    provide_context(uplink);
    provide_context(TryNow(Callback::new(move |()| with(uplink, Uplink::try_now))));
    let body = document().body().expect("a page has a body");
    let app = child(&body, "div");
    keep(app.clone(), move || {
        let part = Part::new("div", "app").with("data-connection", live.connection.with(|it| it.word()));
        part.with("data-seq", live.seq.get().to_string()).with("data-count", live.count.get().to_string())
    });
    let bar = child(&app, "header");
    show_toolbar(&bar);
    let main = child(&app, "main");
    keep(main.clone(), || Part::new("main", "stage"));
    let view = child(&main, "div");
    keep(view.clone(), || Part::new("div", "view"));
    let canvas = show_canvas(&view, stage);
    show_notices(&view, later);
    later.follow(live, Places { tools: bar, canvas, over_canvas: view, beside: main, over_page: app });
}

/// What one frame moves.
#[derive(Clone, Copy)]
struct Turn {
    live: Live,
    session: Session,
    stage: Stage,
}

impl Turn {
    /// One fold, one publish, one draw. Answers whether the state and the log no longer fit together.
    fn take(&self, inbox: &RefCell<Inbox>, pulse: &Pulse) -> bool {
        let now = clock::now();
        let post = inbox.borrow_mut().take();
        Tally::count(|tally| {
            (tally.turns, tally.events) = (tally.turns + 1, tally.events + post.arrivals.len() as u64)
        });
        let folded = self.live.feeding(|feed| {
            let fold = |fleet: &mut crate::fleet::Fleet| fleet.take(post.state, post.arrivals, feed, now);
            self.stage.fleet.try_update_value(fold).expect("the page keeps its fleet as long as it lives")
        });
        let selection = self.session.selection.get_untracked();
        let publish = |fleet: &crate::fleet::Fleet| self.live.publish(fleet, &folded, selection.as_ref(), now);
        if self.stage.fleet.with_value(publish) {
            pulse.ask_within(CALM);
        }
        if let Some((connection, heard_at)) = post.connection {
            self.live.stand(connection, heard_at);
        }
        self.stage.follow(&folded);
        self.stage.draw();
        folded.lost_track
    }
}

/// The line to the server: up as soon as its address is known.
fn connect(turn: Turn, actions: Actions, pulse: Pulse) -> Line {
    let line: Line = StoredValue::new_local(None);
    let inbox = Rc::new(RefCell::new(Inbox::default()));
    pulse.beat({
        let (inbox, pulse) = (inbox.clone(), pulse.clone());
        move || {
            if turn.take(&inbox, &pulse) {
                with(line, Uplink::lost_track);
            }
        }
    });
    let seen = pulse.clone();
    hear(&window(), "online", move |_| with(line, Uplink::back_again));
    hear(&document(), "visibilitychange", move |_| {
        seen.visibility_changed();
        with(line, Uplink::back_again);
    });
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
