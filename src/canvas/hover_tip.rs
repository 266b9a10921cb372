//! The tooltip of the workspace that the mouse points at: its name, status, age, task and what is wrong with it.

use leptos::{html, prelude::*};
use orrery_model::Slot;
use orrery_protocol::Workspace;
use web_sys::HtmlElement;

use super::controller::CanvasController;
use super::input::Hover;
use super::labels;
use crate::store::StoreSignals;
use crate::store::{CanvasStore, NodeLive};
use crate::ui::moment::length;
use orrery_layout::{Size, beside};

#[derive(Debug, Clone, PartialEq)]
struct Description {
    id: String,
    name: String,
    status: String,
    /// The status in words, and for how long it has been so.
    state: String,
    trouble: Option<String>,
    task: Option<String>,
    /// Where it belongs, or who is inside.
    place: Option<String>,
}

#[component]
pub fn HoverTip() -> impl IntoView {
    let (hover, controller, signals) =
        (expect_context::<Hover>(), expect_context::<CanvasController>(), expect_context::<StoreSignals>());
    let description = Memo::new(move |_| {
        let hovered = hover.described().get()?;
        controller.frame_revision().track();
        let now = signals.now.get().millis();
        controller.store.with_value(|store| describe(store, store.canvas().find(&hovered.id)?, now))
    });
    let tip = NodeRef::<html::Div>::new();
    Effect::new(move |_| {
        description.track();
        let anchor = hover.described().get().and_then(|hovered| hover.anchor(&hovered));
        let (Some(tip), Some(anchor)) = (tip.get(), anchor) else { return };
        let rect = tip.get_bounding_client_rect();
        let at = beside(&anchor, Size { width: rect.width(), height: rect.height() }, window_size());
        // A style that cannot be set leaves the tooltip where it was.
        let _ = HtmlElement::style(&tip).set_property("left", &format!("{}px", at.x));
        let _ = HtmlElement::style(&tip).set_property("top", &format!("{}px", at.y));
    });
    move || {
        description.get().map(|it| {
            view! {
                <div class="hover-tip" role="tooltip" data-of=it.id data-status=it.status.clone() node_ref=tip>
                    <p class="hover-name">
                        <i class="mark" data-status=it.status.clone()></i>
                        <strong>{it.name}</strong>
                    </p>
                    <p class="hover-state">{it.state}</p>
                    {it.trouble.map(|trouble| view! { <p class="hover-trouble">{trouble}</p> })}
                    {it.task.map(|task| view! { <p class="task hover-task">{task}</p> })}
                    {it.place.map(|place| view! { <p class="hover-place">{place}</p> })}
                </div>
            }
        })
    }
}

fn describe(store: &CanvasStore, slot: Slot, now: i64) -> Option<Description> {
    let record = store.canvas().get(slot)?;
    Some(Description {
        id: record.id.to_string(),
        name: labels::display_name(&record.name, &record.id),
        status: record.status.to_string(),
        state: state(record, now),
        trouble: labels::problem(&NodeLive::from(record)),
        task: record.current_task.clone(),
        place: place(store, slot),
    })
}

fn state(record: &Workspace, now: i64) -> String {
    let word = record.status.as_str();
    match record.status_since.millis() {
        since if since > 0 => format!("{word} for {}", length((now - since).max(0) / 1000 * 1000)),
        _ => word.to_owned(),
    }
}

fn place(store: &CanvasStore, slot: Slot) -> Option<String> {
    let family = store.team_summary(slot);
    let counted = |count: usize, one: &str, many: &str| format!("{count} {}", if count == 1 { one } else { many });
    match (family.children, family.problems) {
        (0, _) => {
            let team = store.canvas().parent(slot).and_then(|parent| store.canvas().get(parent));
            team.map(|team| format!("in {}", labels::display_name(&team.name, &team.id)))
        }
        (inside, 0) => Some(format!("{} inside", counted(inside, "workspace", "workspaces"))),
        (inside, problems) => Some(format!(
            "{} inside · {}",
            counted(inside, "workspace", "workspaces"),
            counted(problems, "problem", "problems")
        )),
    }
}

fn window_size() -> Size {
    let of = |length: Result<wasm_bindgen::JsValue, _>| length.ok().and_then(|it| it.as_f64()).unwrap_or_default();
    Size { width: of(window().inner_width()), height: of(window().inner_height()) }
}
