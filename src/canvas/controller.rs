//! What the canvas looks at, what it holds in the hand and what it draws: and how that is changed. Never what one frame
//! shows of it (`look`), never an event of the wire.

use std::time::Duration;

use leptos::prelude::*;
use orrery_protocol::{WorkspaceId, record::Viewport};
use web_sys::{HtmlCanvasElement, HtmlElement};

use super::drawing::{Drawing, Due};
use super::look::Look;
use super::mounting::Detail;
use crate::browser::FrameScheduler;
use crate::browser::clock;
use crate::session::{CameraCommand, Session};
use crate::store::StoreSignals;
use crate::store::{CanvasStore, FrameDiff};
use orrery_layout::{Point, Rect, Size, camera};

/// Cheap to copy. The plain state is private; what the view shows of it are signals.
#[derive(Clone, Copy)]
pub struct CanvasController {
    pub store: StoredValue<CanvasStore, LocalStorage>,
    /// Where the keyboard is.
    pub focused: RwSignal<Option<WorkspaceId>>,
    /// Where what is in the hand would go; none for the root.
    pub target: RwSignal<Option<WorkspaceId>>,
    pub gesture: RwSignal<Option<&'static str>>,
    /// With the space bar down everything pans.
    pub space: RwSignal<bool>,
    /// Whose retry is on its way.
    pub dialogs: RwSignal<Vec<WorkspaceId>>,
    /// Counts the folds that were shown.
    pub folds: RwSignal<u64>,
    pub detail: RwSignal<Detail>,
    /// While the camera moves the browser keeps the world as one picture.
    pub is_moving: RwSignal<bool>,
    /// Counts up when the colours changed.
    pub themed: RwSignal<u32>,
    pub(super) signals: StoreSignals,
    pub(super) session: Session,
    pub(super) inner: StoredValue<Inner, LocalStorage>,
}

pub(super) struct Inner {
    /// What all of it stands in.
    pub(super) element: Option<HtmlElement>,
    camera: Viewport,
    window: Size,
    /// The person has looked around: the camera is theirs.
    is_aimed: bool,
    pub(super) drawing: Drawing,
    pub(super) look: Look,
    pub(super) scheduler: FrameScheduler,
    moves: u64,
}

/// After the last movement, text is drawn sharply again.
const RESTS_AFTER: Duration = Duration::from_millis(180);

impl CanvasController {
    pub fn new(signals: StoreSignals, session: Session, scheduler: FrameScheduler) -> Self {
        let inner = Inner {
            element: None,
            camera: Viewport::default(),
            window: Size { width: 1.0, height: 1.0 },
            is_aimed: false,
            drawing: Drawing::default(),
            look: Look::default(),
            scheduler,
            moves: 0,
        };
        Self {
            store: StoredValue::new_local(CanvasStore::default()),
            focused: RwSignal::new(None),
            target: RwSignal::new(None),
            gesture: RwSignal::new(None),
            space: RwSignal::new(false),
            dialogs: RwSignal::new(Vec::new()),
            folds: RwSignal::new(0),
            detail: RwSignal::new(Detail::Near),
            is_moving: RwSignal::new(false),
            themed: RwSignal::new(0),
            signals,
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
        self.hold_still();
        self.turn_to(camera);
    }

    /// The person's hand moves the camera, and will go on: what is seen meanwhile may be rough.
    pub fn drift(&self, camera: Viewport) {
        if self.camera() != camera {
            self.move_for_a_while();
            self.aim(camera);
        }
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

    /// The world moved so far under the eye.
    pub fn go_along(&self, by: Point) {
        if by != Point::default() {
            let now = self.camera();
            self.aim(camera::panned(&now, by.times(-now.zoom)));
        }
    }

    pub fn paint_on(&self, element: HtmlCanvasElement) {
        self.inner.update_value(|inner| inner.drawing.on(element));
        self.dirty();
    }

    pub fn grant(&self, camera_command: CameraCommand) {
        match camera_command {
            CameraCommand::Fit => {
                self.fit();
                self.inner.update_value(|inner| inner.is_aimed = false);
            }
            CameraCommand::Zoom(factor) => {
                let window = self.window();
                self.aim(camera::zoomed(&self.camera(), factor, Point::new(window.width / 2.0, window.height / 2.0)));
            }
            CameraCommand::Show(id) => {
                let rect = self.store.with_value(|store| store.rect(store.canvas().find(&id)?));
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
            self.inner.update_value(|inner| inner.look.begins_to_move(clock::now()));
        }
        let controller = *self;
        let rest = move || {
            if controller.inner.with_value(|inner| inner.moves == moves) {
                controller.is_moving.set(false);
                controller.is_due(Due::Moved);
            }
        };
        set_timeout(rest, RESTS_AFTER);
    }

    fn fit(&self) {
        let bounds = self.store.with_value(CanvasStore::bounds);
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
        self.replace(&self.rendered());
        self.dirty();
    }

    /// Something to be seen changed: draw in the next frame.
    pub fn dirty(&self) {
        self.is_due(Due::All);
    }

    fn is_due(&self, due: Due) {
        self.inner.update_value(|inner| {
            inner.drawing.is_due(due);
            inner.scheduler.ask();
        });
    }

    /// The fold changed something.
    pub fn follow(&self, diff: &FrameDiff) {
        if diff.replaced || diff.has_input {
            self.folds.update(|folds| *folds += 1);
        }
        let arranged = diff.replaced || !diff.moved.is_empty();
        if arranged && self.inner.with_value(|inner| !inner.is_aimed) {
            self.fit();
        }
        if let Some(shift) = diff.camera_shift {
            self.go_along(shift);
        }
        let detail = self.detail.get_untracked();
        self.store.with_value(|store| self.inner.update_value(|inner| inner.drawing.follow(store, diff, detail)));
    }
}
