//! Controller of the canvas: its state, its signals, and the changes that other modules can make to it.

use leptos::{html, prelude::*};
use orrery_model::Slot;
use orrery_protocol::{WorkspaceId, record::Viewport};
use web_sys::HtmlCanvasElement;

use super::annotations::NodeAnnotations;
use super::culling::{self, LevelOfDetail};
use super::event::CanvasEvent;
use super::frame::LastFrame;
use super::interaction::{DragKind, Interaction, set_if_changed};
use super::overview::{Overview, RepaintScope};
use crate::browser::FrameScheduler;
use crate::session::Session;
use crate::store::StoreSignals;
use crate::store::{CanvasStore, FrameDiff};
use orrery_layout::{Point, Size};

/// A handle that is cheap to copy, given to the page by context. The camera is in `camera`, hit testing in
/// `input::hit_test`, and what happens each frame in `frame`.
#[derive(Clone, Copy)]
pub struct CanvasController {
    pub store: StoredValue<CanvasStore, LocalStorage>,
    pub(super) state: StoredValue<CanvasState, LocalStorage>,
    pub(super) interaction: Interaction,
    pub(super) level_of_detail: RwSignal<LevelOfDetail>,
    pub(super) is_moving: RwSignal<bool>,
    pub(super) is_painted: RwSignal<bool>,
    /// How many letters of a name have room on a rendered card.
    pub(super) name_letters: RwSignal<usize>,
    /// The element that contains all layers.
    pub(super) canvas: NodeRef<html::Div>,
    /// The layer of cards and teams.
    pub(super) world: NodeRef<html::Div>,
    /// The overview layer.
    pub(super) map: NodeRef<html::Canvas>,
    frame_revision: RwSignal<u64>,
    theme_revision: RwSignal<u32>,
    pub annotations: NodeAnnotations,
    pub(super) event: RwSignal<Option<CanvasEvent>>,
    pub(super) signals: StoreSignals,
    pub(super) session: Session,
}

/// The part of the canvas' state that nothing reacts to.
pub(super) struct CanvasState {
    pub(super) camera: Viewport,
    pub(super) viewport_size: Size,
    pub(super) has_auto_fit: bool,
    /// Counts the steps of gestures that moved the camera.
    pub(super) camera_moves: u64,
    pub(super) overview: Overview,
    pub(super) last_frame: LastFrame,
    pub(super) scheduler: FrameScheduler,
}

impl CanvasController {
    pub fn new(
        store: StoredValue<CanvasStore, LocalStorage>,
        signals: StoreSignals,
        session: Session,
        scheduler: FrameScheduler,
    ) -> Self {
        let state = CanvasState {
            camera: Viewport::default(),
            viewport_size: Size { width: 1.0, height: 1.0 },
            has_auto_fit: true,
            camera_moves: 0,
            overview: Overview::default(),
            last_frame: LastFrame::default(),
            scheduler,
        };
        Self {
            store,
            state: StoredValue::new_local(state),
            interaction: Interaction::new(),
            level_of_detail: RwSignal::new(LevelOfDetail::Near),
            is_moving: RwSignal::new(false),
            is_painted: RwSignal::new(false),
            name_letters: RwSignal::new(culling::MAX_NAME_LETTERS),
            canvas: NodeRef::new(),
            world: NodeRef::new(),
            map: NodeRef::new(),
            frame_revision: RwSignal::new(0),
            theme_revision: RwSignal::new(0),
            annotations: NodeAnnotations::new(),
            event: RwSignal::new(None),
            signals,
            session,
        }
    }

    /// Returns the node that has the keyboard focus, or had it last.
    pub fn focused_id(&self) -> ReadSignal<Option<WorkspaceId>> {
        self.interaction.focused_id.read_only()
    }

    /// Sets the node that the keyboard is on, and renders it, so that its element can be focused after the next frame.
    pub fn set_focused_id(&self, id: Option<WorkspaceId>) {
        self.interaction.focused_id.set(id);
        self.schedule_repaint();
    }

    /// Returns the team that the dragged nodes would be moved into, or `None` for the root.
    pub fn drop_target_id(&self) -> ReadSignal<Option<WorkspaceId>> {
        self.interaction.drop_target_id.read_only()
    }

    /// Returns what the running drag does, if there is one.
    pub fn drag_kind(&self) -> ReadSignal<Option<DragKind>> {
        self.interaction.drag_kind.read_only()
    }

    /// Returns whether the space bar is held down: then every drag pans.
    pub fn is_space_down(&self) -> ReadSignal<bool> {
        self.interaction.is_space_down.read_only()
    }

    /// Returns whether the mouse is over a node that can be dragged.
    pub fn is_over_node(&self) -> ReadSignal<bool> {
        self.interaction.is_over_node.read_only()
    }

    /// Returns the nodes whose retry has been requested and not answered.
    pub fn retrying(&self) -> ReadSignal<Vec<WorkspaceId>> {
        self.interaction.retrying.read_only()
    }

    pub fn set_retrying(&self, id: &WorkspaceId, is_retrying: bool) {
        self.interaction.retrying.update(|retrying| match is_retrying {
            true => retrying.push(id.clone()),
            false => retrying.retain(|other| other != id),
        });
    }

    pub fn level_of_detail(&self) -> ReadSignal<LevelOfDetail> {
        self.level_of_detail.read_only()
    }

    /// Returns whether a gesture moves the camera. Meanwhile the browser keeps the world as one composited layer.
    pub fn is_moving(&self) -> ReadSignal<bool> {
        self.is_moving.read_only()
    }

    /// Returns whether the overview layer shows the nodes in view, and elements only some of them.
    pub fn is_painted(&self) -> ReadSignal<bool> {
        self.is_painted.read_only()
    }

    /// Returns the number of frames that changed the store. Derived values track it to follow the store.
    pub fn frame_revision(&self) -> ReadSignal<u64> {
        self.frame_revision.read_only()
    }

    /// Returns the number of changes of the colour theme.
    pub fn theme_revision(&self) -> ReadSignal<u32> {
        self.theme_revision.read_only()
    }

    /// Returns the rendered nodes, in paint order.
    pub fn rendered_slots(&self) -> Vec<Slot> {
        self.state.with_value(|state| state.last_frame.slots.clone())
    }

    /// Returns the canvas' top left corner in CSS pixels of the window.
    pub fn origin(&self) -> Option<Point> {
        let rect = self.canvas.get_untracked()?.get_bounding_client_rect();
        Some(Point::new(rect.left(), rect.top()))
    }

    /// Sets the element that the overview is painted on.
    pub fn attach_overview(&self, element: HtmlCanvasElement) {
        self.state.update_value(|state| state.overview.attach(element));
        self.schedule_repaint();
    }

    pub fn resize(&self, size: Size) {
        self.state.update_value(|state| state.viewport_size = size);
        if self.has_auto_fit() {
            self.fit_view();
        }
        self.schedule_repaint();
    }

    /// Repaints in the colours of the theme that is on now.
    pub fn refresh_theme(&self) {
        self.theme_revision.update(|revision| *revision += 1);
        self.schedule_repaint();
    }

    /// Dims the nodes that the filter excludes now.
    pub fn refresh_filter(&self) {
        self.publish_positions(&self.rendered_slots());
        self.schedule_repaint();
    }

    /// Publishes where rendered nodes are shown and whether they are dimmed.
    pub fn publish_positions(&self, slots: &[Slot]) {
        self.store.with_value(|store| self.signals.publish_positions(store, slots));
    }

    /// Culls and paints everything anew in the next frame.
    pub fn schedule_repaint(&self) {
        self.schedule_frame(RepaintScope::Everything);
    }

    pub(super) fn schedule_frame(&self, scope: RepaintScope) {
        self.state.update_value(|state| {
            state.overview.schedule(scope);
            state.scheduler.request_frame();
        });
    }

    /// Follows a change of the store: the view is fitted again and the overview notes which nodes to repaint.
    pub fn apply_diff(&self, diff: &FrameDiff) {
        if diff.replaced || diff.has_input {
            self.frame_revision.update(|revision| *revision += 1);
        }
        let is_rearranged = diff.replaced || !diff.moved.is_empty();
        if is_rearranged && self.has_auto_fit() {
            self.fit_view();
        }
        if let Some(shift) = diff.camera_shift {
            self.pan_by(shift);
        }
        self.store.with_value(|store| {
            self.state.update_value(|state| {
                let painted = state.last_frame.input.as_ref().map(|input| input.level_of_detail).unwrap_or_default();
                state.overview.apply_diff(store, diff, painted);
            });
        });
    }

    pub(super) fn set_drag_kind(&self, kind: Option<DragKind>) {
        set_if_changed(self.interaction.drag_kind, kind);
    }

    pub(super) fn set_space_down(&self, is_down: bool) {
        set_if_changed(self.interaction.is_space_down, is_down);
    }

    pub(super) fn set_over_node(&self, is_over_node: bool) {
        set_if_changed(self.interaction.is_over_node, is_over_node);
    }

    pub(super) fn set_drop_target_id(&self, id: Option<WorkspaceId>) {
        set_if_changed(self.interaction.drop_target_id, id);
    }
}
