//! Following a workspace: the camera keeps it in view while it moves, until the person looks elsewhere.

use leptos::prelude::*;
use orrery_protocol::WorkspaceId;

use crate::canvas::CanvasController;
use crate::session::{Session, ToastKind};
use crate::store::Directory;
use crate::store::StoreSignals;
use crate::ui::button::{Button, ButtonVariant};
use crate::ui::icon::{Glyph, Icon};
use orrery_layout::{Point, Rect, camera};

/// The smallest zoom at which a followed workspace is centred.
const MIN_ZOOM: f64 = 0.5;

/// Shows which workspace the camera follows, with a button that stops it.
#[component]
pub fn FollowIndicator() -> impl IntoView {
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

/// Follows the selected workspace, or stops following it.
pub(super) fn toggle(session: Session) {
    let selected = session.selection.get_untracked();
    if selected.is_none() && session.followed.with_untracked(Option::is_none) {
        session.toast(ToastKind::Error, "Select a workspace to follow", None);
        return;
    }
    let is_followed = session.followed.with_untracked(|followed| *followed == selected);
    session.followed.set(selected.filter(|_| !is_followed));
}

fn keep_in_view(session: Session, controller: CanvasController, signals: StoreSignals) {
    // The followed workspace, and its position when the camera last moved to it.
    let last = StoredValue::new(None::<(WorkspaceId, Rect)>);
    // A followed workspace is always rendered, so its position is a signal.
    let place = Memo::new(move |_| {
        let id = session.followed.get()?;
        let place = signals.rendered.with(|all| all.iter().find(|it| it.id == id).map(|it| it.position.clone()));
        place.map(|place| (id, place.get().rect))
    });
    Effect::new(move |_| {
        let Some((id, rect)) = place.get() else { return };
        let has_moved = last.with_value(|last| last.as_ref() != Some(&(id.clone(), rect)));
        if has_moved {
            last.set_value(Some((id, rect)));
            let (now, window) = (controller.camera(), controller.viewport_size());
            if !is_inside(&camera::seen(&now, window), &rect) {
                controller.pan_to(rect.middle(), now.zoom.max(MIN_ZOOM));
            }
        }
    });
    // A person who pans away does not want to be pulled back.
    Effect::new(move |_| {
        let seen = camera::seen(&session.viewport.get(), controller.viewport_size());
        let is_out_of_view = last.with_value(|last| last.as_ref().is_some_and(|(_, rect)| !seen.meets(rect)));
        let is_following = session.followed.with_untracked(Option::is_some);
        if is_out_of_view && is_following && untrack(|| place.get()) == last.get_value() {
            last.set_value(None);
            session.followed.set(None);
        }
    });
    Effect::new(move |_| {
        let exists = |id: &WorkspaceId| controller.store.with_value(|store| store.canvas().find(id).is_some());
        let is_removed =
            signals.count.get() > 0 && session.followed.with(|id| id.as_ref().is_some_and(|id| !exists(id)));
        if is_removed {
            session.followed.set(None);
        }
        if session.followed.with(Option::is_none) {
            last.set_value(None);
        }
    });
}

fn is_inside(seen: &Rect, rect: &Rect) -> bool {
    seen.contains(rect.at) && seen.contains(Point::new(rect.right(), rect.bottom()))
}
