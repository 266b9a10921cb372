//! Hover state of the mouse: the workspace under it, rendered or painted, and the outline around a small one.

use std::time::Duration;

use leptos::prelude::*;
use orrery_protocol::WorkspaceId;
use web_sys::PointerEvent;

use super::event_target::{local_point, window_point};
use crate::canvas::controller::CanvasController;
use crate::canvas::culling::LevelOfDetail;
use crate::canvas::interaction::set_if_changed;
use crate::session::Session;
use orrery_layout::hit::Part;
use orrery_layout::{Point, Rect, Size};

/// The workspace under the mouse.
#[derive(Debug, Clone, PartialEq)]
pub struct Hovered {
    pub id: WorkspaceId,
    pub part: Part,
    /// Where the mouse is in the window. Known of a team alone, which is too large to place a tooltip beside.
    pub pointer: Option<Point>,
}

/// Given to the page by context; cheap to copy.
#[derive(Clone, Copy)]
pub struct Hover {
    controller: CanvasController,
    session: Session,
    /// What is outlined, as soon as the mouse is over it.
    outlined: RwSignal<Option<Hovered>>,
    /// What the tooltip is about.
    described: RwSignal<Option<Hovered>>,
    /// Counts what cancels a delayed tooltip.
    revision: StoredValue<u64>,
}

/// The tooltip of a full card, which repeats most of the card, is delayed by this time.
const TOOLTIP_DELAY: Duration = Duration::from_millis(500);
/// The outline's distance from the node, in CSS pixels.
const OUTLINE_OFFSET: f64 = 2.0;

impl Hover {
    pub fn new(controller: CanvasController, session: Session) -> Self {
        let (outlined, described) = (RwSignal::new(None), RwSignal::new(None));
        Self { controller, session, outlined, described, revision: StoredValue::new(0) }
    }

    /// Returns what the tooltip is about.
    pub fn described(&self) -> ReadSignal<Option<Hovered>> {
        self.described.read_only()
    }

    /// Returns what to place the tooltip beside, in CSS pixels of the window. Tracks the camera and the store.
    pub fn anchor(&self, hovered: &Hovered) -> Option<Rect> {
        let rect = self.rect_in_window(&hovered.id)?;
        Some(hovered.pointer.map_or(rect, |at| Rect::new(at, Size::default()).inflated(OUTLINE_OFFSET)))
    }

    pub(super) fn on_move(&self, event: &PointerEvent) {
        let is_dragging = event.buttons() != 0 || self.controller.drag_kind().with_untracked(Option::is_some);
        if event.pointer_type() == "touch" || is_dragging {
            return self.clear();
        }
        let hovered = self.controller.hit_test(local_point(event)).map(|(id, part)| {
            let pointer = (part != Part::Card).then(|| window_point(event));
            Hovered { id, part, pointer }
        });
        self.set_outlined(hovered.clone());
        let is_near = self.controller.level_of_detail().get_untracked() == LevelOfDetail::Near;
        let described_id = self.described.with_untracked(|described| described.as_ref().map(|it| it.id.clone()));
        if !is_near || hovered.is_none() {
            set_if_changed(self.described, hovered);
        } else if described_id != hovered.as_ref().map(|hovered| hovered.id.clone()) {
            set_if_changed(self.described, None);
            self.describe_after_delay(hovered);
        }
    }

    pub(super) fn clear(&self) {
        self.revision.update_value(|revision| *revision += 1);
        set_if_changed(self.described, None);
        self.set_outlined(None);
    }

    fn set_outlined(&self, hovered: Option<Hovered>) {
        let is_over_node = hovered.as_ref().is_some_and(|hovered| hovered.part != Part::Ground);
        self.controller.set_over_node(is_over_node);
        set_if_changed(self.outlined, hovered);
    }

    fn describe_after_delay(&self, hovered: Option<Hovered>) {
        self.revision.update_value(|revision| *revision += 1);
        let (hover, revision) = (*self, self.revision.get_value());
        let describe = move || {
            if hover.revision.get_value() == revision {
                set_if_changed(hover.described, hovered);
            }
        };
        set_timeout(describe, TOOLTIP_DELAY);
    }

    fn rect_in_window(&self, id: &WorkspaceId) -> Option<Rect> {
        self.session.viewport.track();
        self.controller.frame_revision().track();
        self.controller.rect_in_window(id)
    }

    /// Returns what to outline in CSS pixels of the canvas, and whether it is a team. A full card is highlighted by its own
    /// style instead.
    fn outline(&self) -> Option<(Rect, bool)> {
        if self.controller.level_of_detail().get() == LevelOfDetail::Near {
            return None;
        }
        let Hovered { id, part, .. } = self.outlined.get()?;
        let rect = self.rect_in_window(&id)?;
        let origin = self.controller.origin().unwrap_or_default();
        Some((rect.shifted(Point::default().minus(origin)).inflated(OUTLINE_OFFSET), part != Part::Card))
    }
}

#[component]
pub(super) fn HoverOutline() -> impl IntoView {
    let hover = expect_context::<Hover>();
    let outline = Memo::new(move |_| hover.outline());
    let rect = move || outline.get().map(|(rect, _)| rect).unwrap_or_default();
    view! {
        <div
            class="hover-outline"
            hidden=move || outline.with(Option::is_none)
            data-team=move || outline.get().is_some_and(|(_, is_team)| is_team).then_some("")
            style:transform=move || format!("translate({}px, {}px)", rect().at.x, rect().at.y)
            style:width=move || format!("{}px", rect().size.width)
            style:height=move || format!("{}px", rect().size.height)
        ></div>
    }
}
