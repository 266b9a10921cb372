//! The layers of the canvas: the ground, what is only drawn, and the world of cards. Never what they show.

use leptos::ev;
use leptos::html;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{Element, MutationObserver, MutationObserverInit, ResizeObserver};

use super::card::{Chosen, card};
use super::hand::Hand;
use super::keys;
use super::mounting::Detail;
use super::pointer::{Pointer, workspace_at};
use super::pressed::Pressed;
use super::stage::Stage;
use super::team::team;
use crate::geometry::{Shape, Size};
use crate::live::{Live, Mounted};
use crate::session::Session;
use crate::tally::Tally;
use crate::ui::written::Written;

#[component]
pub fn CanvasView(stage: Stage, hand: Hand) -> impl IntoView {
    let (live, session) = (expect_context::<Live>(), expect_context::<Session>());
    let pointer = Pointer::new(stage, hand, session);
    let pressed = Pressed::new(stage);
    let canvas = NodeRef::<html::Div>::new();
    let map = NodeRef::<html::Canvas>::new();
    watch_size(canvas, stage);
    Effect::new(move |_| {
        if let Some(map) = map.get() {
            stage.paint_on(map.unchecked_into());
        }
    });
    watch_session(session, live, stage);
    watch_theme(stage);
    listen_to_keys(stage, session, pointer);
    let camera = session.viewport;
    let gesture = move || if pointer.space.get() { Some("ready") } else { stage.gesture.get() };
    view! {
        <div
            class="canvas"
            node_ref=canvas
            // What lies under the sheet is out of reach.
            inert=move || session.runs.with(Option::is_some)
            data-gesture=gesture
            data-detail=move || stage.detail.get().word()
            on:pointerdown=move |event| pointer.down(&event)
            on:pointermove=move |event| pointer.moved(&event)
            on:pointerup=move |event| pointer.up(&event)
            on:pointercancel=move |_| pointer.cancelled()
            on:click=move |event| pointer.clicked(&event)
            on:wheel=move |event| pointer.wheeled(&event)
        >
            <div class="canvas-ground" style:transform=move || camera.with(ground)></div>
            <canvas class="canvas-map" node_ref=map aria-hidden="true"></canvas>
            <div
                class="canvas-world"
                role="tree"
                aria-label="Workspaces"
                style:--zoom=move || {
                    (stage.detail.get() != Detail::Near).then(|| camera.with(|at| at.zoom.to_string()))
                }
                on:click=move |event| pressed.press(&event)
                on:focusin=move |event| {
                    if let Some(id) = workspace_at(event.target().as_ref()) {
                        stage.focused.set(Some(id));
                    }
                }
                data-moving=move || stage.is_moving.get().then_some("")
                style:transform=move || {
                    camera.with(|at| format!("translate({}px, {}px) scale({})", at.x, at.y, at.zoom))
                }
            >
                <For each=move || live.mounted.get() key=|it| (it.id.clone(), it.shape) let:mounted>
                    <Workspace mounted=mounted stage=stage pressed=pressed />
                </For>
            </div>
        </div>
    }
}

#[component]
fn Workspace(mounted: Mounted, stage: Stage, pressed: Pressed) -> impl IntoView {
    let live = expect_context::<Live>();
    let chosen = Chosen::new(&mounted, stage.target, pressed);
    let shape = mounted.shape;
    let Mounted { workspace, place, family, work, .. } = mounted;
    let part = move || {
        Tally::count(|tally| tally.effects += 1);
        let family = family.get();
        let seen = workspace.with(|it| chosen.see(it, place.get()));
        workspace.with(|it| {
            work.with(|work| match shape {
                Shape::Card => card(it, &seen, family, work, live.now),
                Shape::Team => team(it, &seen, family, work),
            })
        })
    };
    let owner = Owner::current().unwrap_or_default();
    let write = move |element: Element| {
        let part = part.clone();
        let effect = move |written: Option<Written>| match written {
            Some(mut written) => {
                written.write(part());
                written
            }
            None => Written::on(element.clone().unchecked_into(), part()),
        };
        // Written at once, and as long as it is mounted.
        owner.with(|| StoredValue::new_local(RenderEffect::new(effect)));
    };
    match shape {
        Shape::Card => view! { <article use:write></article> }.into_any(),
        Shape::Team => view! { <section use:write></section> }.into_any(),
    }
}

/// The dots' distance before any zoom, as `--grid-step` says.
const STEP: f64 = 24.0;

/// The dots keep a readable distance: each time they would be half as far apart, every other one is left out.
fn ground(at: &orrery_protocol::record::Viewport) -> String {
    let scale = at.zoom * 2f64.powi(-(at.zoom * std::f64::consts::SQRT_2).log2().floor() as i32);
    let step = STEP * scale;
    format!("translate({}px, {}px) scale({scale})", at.x.rem_euclid(step), at.y.rem_euclid(step))
}

fn watch_size(canvas: NodeRef<html::Div>, stage: Stage) {
    Effect::new(move |_| {
        let Some(element) = canvas.get() else { return };
        let element: Element = element.unchecked_into();
        let measured = element.clone();
        let measure = Closure::<dyn Fn()>::new(move || {
            let rect = measured.get_bounding_client_rect();
            stage.resize(Size { width: rect.width(), height: rect.height() });
        });
        let observer = ResizeObserver::new(measure.as_ref().unchecked_ref());
        let Ok(observer) = observer else { return };
        observer.observe(&element);
        let kept = StoredValue::new_local(Some((observer, measure)));
        on_cleanup(move || {
            if let Some((observer, _)) = kept.try_update_value(Option::take).flatten() {
                observer.disconnect();
            }
        });
    });
}

/// The drawing has the theme's colours: another theme is another drawing.
fn watch_theme(stage: Stage) {
    let told = Closure::<dyn Fn()>::new(move || stage.dirty());
    let listener: &js_sys::Function = told.as_ref().unchecked_ref();
    let system = window().match_media("(prefers-color-scheme: dark)").ok().flatten();
    if let Some(system) = &system {
        // Without it the drawing follows the system a little later.
        let _ = system.add_event_listener_with_callback("change", listener);
    }
    let observer = MutationObserver::new(listener).ok();
    if let (Some(observer), Some(root)) = (&observer, document().document_element()) {
        let only = MutationObserverInit::new();
        only.set_attributes(true);
        only.set_attribute_filter(&js_sys::Array::of1(&"data-theme".into()));
        let _ = observer.observe_with_options(&root, &only);
    }
    let kept = StoredValue::new_local(Some((system, observer, told)));
    on_cleanup(move || {
        let Some((system, observer, told)) = kept.try_update_value(Option::take).flatten() else { return };
        if let Some(system) = system {
            let _ = system.remove_event_listener_with_callback("change", told.as_ref().unchecked_ref());
        }
        if let Some(observer) = observer {
            observer.disconnect();
        }
    });
}

fn watch_session(session: Session, live: Live, stage: Stage) {
    Effect::new(move |_| {
        if let Some(wish) = session.wish.get() {
            session.wish.set(None);
            stage.grant(wish);
        }
    });
    Effect::new(move |_| {
        let selection = session.selection.get();
        stage.fleet.with_value(|fleet| live.select(fleet, selection.as_ref()));
        stage.dirty();
    });
    Effect::new(move |_| {
        session.filter.track();
        stage.dirty();
    });
}

fn listen_to_keys(stage: Stage, session: Session, pointer: Pointer) {
    let down = window_event_listener(ev::keydown, move |event| keys::pressed(&event, stage, session, pointer));
    let up = window_event_listener(ev::keyup, move |event| {
        if event.key() == " " {
            pointer.space.set(false);
        }
    });
    on_cleanup(move || [down, up].into_iter().for_each(|listener| listener.remove()));
}
