//! What the canvas looks at, what it holds in the hand and what it draws: one draw a frame. Never an event of the wire.

use std::collections::HashSet;
use std::time::Duration;

use leptos::prelude::*;
use orrery_model::Slot;
use orrery_protocol::{WorkspaceId, record::Viewport};
use web_sys::HtmlCanvasElement;

use super::drawing::{Drawing, Due, Pan};
use super::mounting::{self, Detail, Mounting};
use super::raster::Shown;
use crate::clock;
use crate::fleet::{Fleet, Folded};
use crate::geometry::{Point, Rect, Size, camera};
use crate::live::Live;
use crate::pulse::Pulse;
use crate::session::{Session, Wish};

/// Cheap to copy. The plain state is private; what the view shows of it are signals.
#[derive(Clone, Copy)]
pub struct Stage {
    pub fleet: StoredValue<Fleet, LocalStorage>,
    /// Where the keyboard is.
    pub focused: RwSignal<Option<WorkspaceId>>,
    /// Where what is in the hand would go; none for the root.
    pub target: RwSignal<Option<WorkspaceId>>,
    pub gesture: RwSignal<Option<&'static str>>,
    /// With the space bar down everything pans.
    pub space: RwSignal<bool>,
    /// Whose retry is on its way.
    pub asking: RwSignal<Vec<WorkspaceId>>,
    /// Counts the folds that were shown.
    pub folds: RwSignal<u64>,
    pub detail: RwSignal<Detail>,
    /// While the camera moves the browser keeps the world as one picture.
    pub is_moving: RwSignal<bool>,
    /// Counts up when the colours changed.
    pub themed: RwSignal<u32>,
    live: Live,
    session: Session,
    inner: StoredValue<Inner, LocalStorage>,
}

struct Inner {
    camera: Viewport,
    window: Size,
    /// The person has looked around: the camera is theirs.
    is_aimed: bool,
    drawing: Drawing,
    mounting: Mounting,
    pulse: Pulse,
    moves: u64,
}

/// After the last movement, text is drawn sharply again.
const RESTS_AFTER: Duration = Duration::from_millis(180);

impl Stage {
    pub fn new(live: Live, session: Session, pulse: Pulse) -> Self {
        let inner = Inner {
            camera: Viewport::default(),
            window: Size { width: 1.0, height: 1.0 },
            is_aimed: false,
            drawing: Drawing::default(),
            mounting: Mounting::default(),
            pulse,
            moves: 0,
        };
        Self {
            fleet: StoredValue::new_local(Fleet::default()),
            focused: RwSignal::new(None),
            target: RwSignal::new(None),
            gesture: RwSignal::new(None),
            space: RwSignal::new(false),
            asking: RwSignal::new(Vec::new()),
            folds: RwSignal::new(0),
            detail: RwSignal::new(Detail::Near),
            is_moving: RwSignal::new(false),
            themed: RwSignal::new(0),
            live,
            session,
            inner: StoredValue::new_local(inner),
        }
    }

    /// Did the person look around, or hold something?
    pub fn is_aimed(&self) -> bool {
        self.inner.with_value(|inner| inner.is_aimed)
    }

    pub fn camera(&self) -> Viewport {
        self.inner.with_value(|inner| inner.camera)
    }

    pub fn window(&self) -> Size {
        self.inner.with_value(|inner| inner.window)
    }

    pub fn to_world(&self, screen: Point) -> Point {
        camera::to_world(&self.camera(), screen)
    }

    /// The person looks elsewhere.
    pub fn aim(&self, camera: Viewport) {
        self.inner.update_value(|inner| inner.is_aimed = true);
        self.move_for_a_while();
        self.turn_to(camera);
    }

    /// The person took hold of something: from now on the camera stays where they left it.
    pub fn hold_still(&self) {
        self.inner.update_value(|inner| inner.is_aimed = true);
    }

    pub fn resize(&self, window: Size) {
        self.inner.update_value(|inner| inner.window = window);
        if self.inner.with_value(|inner| !inner.is_aimed) {
            self.fit();
        }
        self.dirty();
    }

    pub fn paint_on(&self, element: HtmlCanvasElement) {
        self.inner.update_value(|inner| inner.drawing.on(element));
        self.dirty();
    }

    pub fn panned_by(&self, pan: Pan) {
        self.inner.update_value(|inner| inner.drawing.panned_by(pan));
    }

    pub fn grant(&self, wish: Wish) {
        match wish {
            Wish::Fit => {
                self.fit();
                self.inner.update_value(|inner| inner.is_aimed = false);
            }
            Wish::Zoom(factor) => {
                let window = self.window();
                self.aim(camera::zoomed(&self.camera(), factor, Point::new(window.width / 2.0, window.height / 2.0)));
            }
            Wish::Show(id) => {
                let rect = self.fleet.with_value(|fleet| fleet.rect(fleet.canvas().find(&id)?));
                if let Some(rect) = rect {
                    self.show(rect);
                }
            }
        }
    }

    /// Near enough to read, in the middle.
    fn show(&self, rect: Rect) {
        let (window, now) = (self.window(), self.camera());
        let fitted = camera::fitted(rect, window).zoom;
        self.aim(camera::centred(rect.middle(), fitted.min(now.zoom.max(0.8)), window));
    }

    fn move_for_a_while(&self) {
        let count = |inner: &mut Inner| {
            inner.moves += 1;
            inner.moves
        };
        let moves = self.inner.try_update_value(count).unwrap_or_default();
        if !self.is_moving.get_untracked() {
            self.is_moving.set(true);
        }
        let stage = *self;
        let rest = move || {
            if stage.inner.with_value(|inner| inner.moves == moves) {
                stage.is_moving.set(false);
            }
        };
        set_timeout(rest, RESTS_AFTER);
    }

    fn fit(&self) {
        let bounds = self.fleet.with_value(Fleet::bounds);
        let window = self.window();
        let camera = match bounds {
            Some(bounds) => camera::fitted(bounds, window),
            None => camera::centred(Point::default(), 1.0, window),
        };
        self.turn_to(camera);
    }

    fn turn_to(&self, camera: Viewport) {
        self.inner.update_value(|inner| inner.camera = camera);
        self.is_due(Due::Moved);
    }

    /// Others are dimmed than before.
    pub fn sifted(&self) {
        self.replace(&self.mounted());
        self.dirty();
    }

    /// Something to be seen changed: draw in the next frame.
    pub fn dirty(&self) {
        self.is_due(Due::All);
    }

    fn is_due(&self, due: Due) {
        self.inner.update_value(|inner| {
            inner.drawing.is_due(due);
            inner.pulse.ask();
        });
    }

    /// The fold changed something.
    pub fn follow(&self, folded: &Folded) {
        if folded.replaced || folded.fed {
            self.folds.update(|folds| *folds += 1);
        }
        let arranged = folded.replaced || !folded.moved.is_empty();
        if arranged && self.inner.with_value(|inner| !inner.is_aimed) {
            self.fit();
        }
        let detail = self.detail.get_untracked();
        self.fleet.with_value(|fleet| self.inner.update_value(|inner| inner.drawing.follow(fleet, folded, detail)));
    }

    /// Something is shown otherwise than the records say, or again as they say.
    pub fn presume(&self, presume: impl FnOnce(&mut Fleet) -> Option<Folded>) {
        if let Some(folded) = self.fleet.try_update_value(presume).flatten() {
            let selection = self.session.selection.get_untracked();
            // What has to wait is published by the beat that `dirty` asks for.
            self.fleet.with_value(|fleet| self.live.publish(fleet, &folded, selection.as_ref(), clock::now()));
            self.follow(&folded);
            self.dirty();
        }
    }

    /// Once a frame: the transform, what is mounted, and what is only drawn.
    pub fn draw(&self) {
        let (camera, window) = (self.camera(), self.window());
        let due = |inner: &mut Inner| self.fleet.with_value(|fleet| inner.drawing.touch(fleet));
        let due = self.inner.try_update_value(due).unwrap_or_default();
        if due == Due::Touched {
            return;
        }
        if self.session.viewport.get_untracked() != camera {
            self.session.viewport.set(camera);
        }
        self.fleet.with_value(|fleet| {
            let kept = self.kept(fleet);
            let seen = camera::seen(&camera, window);
            let mounting = mounting::choose(fleet, &seen, camera.zoom, &kept);
            if self.detail.get_untracked() != mounting.detail {
                self.detail.set(mounting.detail);
            }
            self.live.mount(fleet, &mounting.slots);
            self.inner.update_value(|inner| {
                inner.drawing.show(fleet, Shown { camera, window, detail: mounting.detail }, due);
                inner.mounting = mounting;
            });
        });
    }

    /// The elements of the page, for the keyboard's way through them.
    pub fn mounted(&self) -> Vec<Slot> {
        self.inner.with_value(|inner| inner.mounting.slots.clone())
    }

    pub fn replace(&self, slots: &[Slot]) {
        self.fleet.with_value(|fleet| self.live.place(fleet, slots));
    }

    fn kept(&self, fleet: &Fleet) -> Vec<Slot> {
        let selected = self.session.selection.get_untracked();
        let focused = self.focused.get_untracked();
        let target = self.target.get_untracked();
        let followed = self.session.followed.get_untracked();
        let named = [selected, focused, target, followed].into_iter().flatten();
        let mut kept: Vec<Slot> = named.filter_map(|id| fleet.canvas().find(&id)).collect();
        let also = |also: &HashSet<WorkspaceId>| {
            also.iter().filter_map(|id| fleet.canvas().find(id)).take(mounting::MOST / 3).collect::<Vec<_>>()
        };
        kept.extend(self.session.also.with_untracked(also));
        kept.extend(fleet.carried().into_iter().take(mounting::MOST / 2));
        kept
    }
}
