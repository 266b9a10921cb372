//! Keeps one workspace in view while it moves, until the person looks away. Never how the camera moves.

use leptos::prelude::*;

use crate::canvas::CanvasController;
use crate::session::{Session, ToastKind};
use crate::store::Directory;
use crate::store::StoreSignals;
use crate::ui::button::{Button, ButtonVariant};
use crate::ui::icon::{Glyph, Icon};
use orrery_layout::{Rect, camera};

/// Says whom the camera follows, with a way to stop.
#[component]
pub fn Following() -> impl IntoView {
    let (session, directory) = (expect_context::<Session>(), expect_context::<Directory>());
    keep_in_view(session, expect_context::<CanvasController>(), expect_context::<StoreSignals>());
    let name = move || session.followed.get().map(|id| directory.name(&id).unwrap_or_else(|| id.to_string()));
    move || {
        name().map(|name| {
            view! {
                <div class="following" role="status">
                    <Glyph icon=Icon::Follow />
                    <span class="following-words">{format!("Following {name}")}</span>
                    <Button small=true variant=ButtonVariant::Quiet on_press=move |_| session.followed.set(None)>
                        "Stop"
                    </Button>
                </div>
            }
        })
    }
}

/// Pressed again it stops.
pub(super) fn toggle(session: Session) {
    let wanted = session.selection.get_untracked();
    if wanted.is_none() && session.followed.with_untracked(Option::is_none) {
        session.toast(ToastKind::Error, "Select a workspace first, then follow it", None);
        return;
    }
    let is_same = session.followed.with_untracked(|followed| *followed == wanted);
    session.followed.set(wanted.filter(|_| !is_same));
}

fn keep_in_view(session: Session, controller: CanvasController, signals: StoreSignals) {
    // Whom, and where it was when the camera last came to it.
    let last = StoredValue::new(None::<(orrery_protocol::WorkspaceId, Rect)>);
    // A followed one is always mounted, so its place is a signal.
    let place = Memo::new(move |_| {
        let id = session.followed.get()?;
        let place = signals.rendered.with(|all| all.iter().find(|it| it.id == id).map(|it| it.place.clone()));
        place.map(|place| (id, place.get().rect))
    });
    Effect::new(move |_| {
        let Some((id, rect)) = place.get() else { return };
        let is_new = last.with_value(|last| last.as_ref() != Some(&(id.clone(), rect)));
        if is_new {
            last.set_value(Some((id, rect)));
            let (now, window) = (controller.camera(), controller.viewport_size());
            if !is_well_inside(&camera::seen(&now, window), &rect) {
                controller.pan_to(rect.middle(), now.zoom.max(0.5));
            }
        }
    });
    // Who looks elsewhere does not want to be pulled back.
    Effect::new(move |_| {
        let seen = camera::seen(&session.viewport.get(), controller.viewport_size());
        let is_lost = last.with_value(|last| last.as_ref().is_some_and(|(_, rect)| !seen.meets(rect)));
        let is_followed = session.followed.with_untracked(Option::is_some);
        if is_lost && is_followed && untrack(|| place.get()) == last.get_value() {
            last.set_value(None);
            session.followed.set(None);
        }
    });
    Effect::new(move |_| {
        let is_gone = signals.count.get() > 0
            && session.followed.with(|id| {
                id.as_ref().is_some_and(|id| controller.store.with_value(|it| it.canvas().find(id).is_none()))
            });
        if is_gone {
            session.followed.set(None);
        }
        if session.followed.with(Option::is_none) {
            last.set_value(None);
        }
    });
}

fn is_well_inside(seen: &Rect, rect: &Rect) -> bool {
    seen.contains(rect.at) && seen.contains(orrery_layout::Point::new(rect.right(), rect.bottom()))
}
