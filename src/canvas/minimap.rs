//! The whole fleet as a small picture of status colours in the corner: where the window looks, and a way to look elsewhere.
//! There only while a part of the fleet is out of sight. Never a workspace that can be pressed.

use std::time::Duration;

use leptos::ev::PointerEvent;
use leptos::{html, prelude::*};
use orrery_model::Slot;
use orrery_protocol::record::Viewport;
use wasm_bindgen::{Clamped, JsCast};
use web_sys::{CanvasRenderingContext2d, HtmlCanvasElement, ImageData};

use super::controller::CanvasController;
use super::palette::Palette;
use super::pixels::Pixels;
use crate::session::Session;
use crate::store::{CanvasStore, OverviewRevision};
use orrery_layout::{Point, Rect, Shape, Size, camera};

/// In CSS pixels: `--minimap-width` and `--minimap-height`.
const SIZE: Size = Size { width: 184.0, height: 120.0 };
const MARGIN: f64 = 6.0;
/// A storm of events is drawn so often, in milliseconds, and so many times as long as the drawing takes is nothing drawn.
const PUBLISH_INTERVAL: f64 = 400.0;
const REST: f64 = 20.0;
const DIMMED: f64 = 0.2;

#[component]
pub fn Minimap() -> impl IntoView {
    let (session, controller) = (expect_context::<Session>(), expect_context::<CanvasController>());
    let bounds = RwSignal::new(None::<Rect>);
    let looked = RwSignal::new(OverviewRevision::default());
    // It outlives what is shown: a pan that shows and hides the map draws nothing anew.
    let pen = StoredValue::new_local(Pen::default());
    let rest = move || PUBLISH_INTERVAL.max(pen.with_value(|pen: &Pen| pen.took) * REST);
    calmly(controller, session, rest, move || {
        let (all, now) = controller.store.with_value(|store| (store.bounds(), store.overview_revision()));
        if bounds.get_untracked() != all {
            bounds.set(all);
        }
        if looked.get_untracked() != now {
            looked.set(now);
        }
    });
    let map = Memo::new(move |_| bounds.get().map(fitted));
    let is_shown = Memo::new(move |_| {
        let seen = camera::seen(&session.viewport.get(), controller.window());
        bounds.get().is_some_and(|all| seen.union(&all) != seen)
    });
    move || {
        is_shown.get().then(|| view! { <Shown map=map looked=looked pen=pen controller=controller session=session /> })
    }
}

#[component]
fn Shown(
    map: Memo<Option<Viewport>>,
    looked: RwSignal<OverviewRevision>,
    pen: StoredValue<Pen, LocalStorage>,
    controller: CanvasController,
    session: Session,
) -> impl IntoView {
    let canvas = NodeRef::<html::Canvas>::new();
    Effect::new(move |_| {
        looked.track();
        let themed = controller.themed.get();
        if let (Some(element), Some(map)) = (canvas.get(), map.get()) {
            pen.update_value(|pen| {
                let began = js_sys::Date::now();
                controller.store.with_value(|store| pen.draw(store, &map, themed));
                pen.took = js_sys::Date::now() - began;
                pen.put(&element);
            });
        }
    });
    let frame = Memo::new(move |_| {
        let map = map.get().unwrap_or_default();
        let seen = camera::seen(&session.viewport.get(), controller.window());
        let (at, end) =
            (camera::to_screen(&map, seen.at), camera::to_screen(&map, Point::new(seen.right(), seen.bottom())));
        let (left, top) = (at.x.clamp(0.0, SIZE.width), at.y.clamp(0.0, SIZE.height));
        let (width, height) = (end.x.clamp(0.0, SIZE.width) - left, end.y.clamp(0.0, SIZE.height) - top);
        Rect::new(Point::new(left, top), Size { width, height })
    });
    let at = move || frame.with(|it| format!("translate({}px, {}px)", it.at.x, it.at.y));
    let is_held = StoredValue::new(false);
    let look = move |event: &PointerEvent| {
        let Some(map) = map.get_untracked() else { return };
        let Some(element) = event.current_target().and_then(|it| it.dyn_into::<web_sys::Element>().ok()) else {
            return;
        };
        let rect = element.get_bounding_client_rect();
        let at = Point::new(f64::from(event.client_x()) - rect.left(), f64::from(event.client_y()) - rect.top());
        controller.drift(camera::centred(camera::to_world(&map, at), controller.camera().zoom, controller.window()));
    };
    let down = move |event: PointerEvent| {
        event.prevent_default();
        if let Some(element) = event.current_target().and_then(|it| it.dyn_into::<web_sys::Element>().ok()) {
            // The pointer may be gone already; then there is nothing to capture.
            let _ = element.set_pointer_capture(event.pointer_id());
        }
        is_held.set_value(true);
        look(&event);
    };
    let moved = move |event: PointerEvent| {
        if is_held.get_value() {
            look(&event);
        }
    };
    view! {
        <div
            class="minimap"
            role="img"
            aria-label="Map of the whole fleet; drag to look elsewhere"
            on:pointerdown=down
            on:pointermove=moved
            on:pointerup=move |_| is_held.set_value(false)
            on:pointercancel=move |_| is_held.set_value(false)
        >
            <canvas node_ref=canvas aria-hidden="true"></canvas>
            <div
                class="minimap-frame"
                style:transform=at
                style:width=move || frame.with(|it| format!("{}px", it.size.width))
                style:height=move || frame.with(|it| format!("{}px", it.size.height))
            ></div>
        </div>
    }
}

/// A while after something happened, however much does until then.
fn calmly(
    controller: CanvasController,
    session: Session,
    rest: impl Fn() -> f64 + 'static,
    act: impl Fn() + Copy + 'static,
) {
    let is_waiting = StoredValue::new(false);
    Effect::new(move |before: Option<()>| {
        controller.folds.track();
        session.filter.track();
        if before.is_none() {
            return act();
        }
        if !is_waiting.get_value() {
            is_waiting.set_value(true);
            let later = move || {
                if is_waiting.try_update_value(|waiting| *waiting = false).is_some() {
                    untrack(act);
                }
            };
            set_timeout(later, Duration::from_millis(rest() as u64));
        }
    });
}

fn fitted(all: Rect) -> Viewport {
    let room = |room: f64, world: f64| (room - 2.0 * MARGIN) / world.max(1.0);
    let zoom = room(SIZE.width, all.size.width).min(room(SIZE.height, all.size.height));
    camera::centred(all.middle(), zoom, SIZE)
}

/// On the map, in pixels.
fn placed(rect: Rect, map: &Viewport, density: f64) -> Rect {
    Rect::new(camera::to_screen(map, rect.at).times(density), rect.size.times(map.zoom * density))
}

#[derive(Default)]
struct Pen {
    palette: Option<Palette>,
    pixels: Pixels,
    /// In pixels.
    width: u32,
    /// What is drawn: the fleet, the colours by their changes, and where on the map.
    drawn: Option<(OverviewRevision, u32, Viewport)>,
    /// How long that took, in milliseconds.
    took: f64,
}

impl Pen {
    /// What changed; or everything, when anything may have.
    fn draw(&mut self, store: &CanvasStore, map: &Viewport, themed: u32) {
        let density = window().device_pixel_ratio().clamp(1.0, 3.0);
        let (width, height) = ((SIZE.width * density) as u32, (SIZE.height * density) as u32);
        let before = self.drawn.filter(|(_, theme, at)| (*theme, *at) == (themed, *map) && self.width == width);
        self.width = width;
        if Palette::refresh(&mut self.palette).is_none() {
            return;
        }
        self.pixels.resize(width as usize, height as usize);
        match before.and_then(|(then, ..)| store.changed_since_revision(then)) {
            Some(slots) => {
                let rects = slots.into_iter().filter_map(|slot| store.rect(slot));
                rects.for_each(|rect| {
                    self.draw_part(store, map, density, &placed(rect, map, density).inflated(density))
                });
            }
            None => self.draw_part(store, map, density, &Rect::new(Point::default(), SIZE.times(density))),
        }
        self.drawn = Some((store.overview_revision(), themed, *map));
    }

    /// Teams as grounds, then everyone in their colour, and what calls for help over its neighbours.
    fn draw_part(&mut self, store: &CanvasStore, map: &Viewport, density: f64, part: &Rect) {
        let Some(palette) = &self.palette else { return };
        let inks = &palette.inks;
        self.pixels.open(part);
        let around = part.inflated(2.0 * density);
        let [at, end] = [around.at, Point::new(around.right(), around.bottom())]
            .map(|at| camera::to_world(map, at.times(1.0 / density)));
        let (teams, cards): (Vec<Slot>, Vec<Slot>) = store
            .nodes_in(&Rect::from_corners(at, end))
            .into_iter()
            .partition(|slot| store.shape(*slot) == Shape::Team);
        let mut loud = Vec::new();
        let rect = |slot: Slot| store.rect(slot).map(|rect| placed(rect, map, density));
        for rect in teams.into_iter().filter_map(rect) {
            self.pixels.fill(&rect, inks.team);
        }
        for (slot, rect) in cards.into_iter().filter_map(|slot| Some((slot, rect(slot)?))) {
            let (tone, fade) =
                (store.overview_status(slot), if store.filter_index.is_dimmed(slot) { DIMMED } else { 1.0 });
            match tone.is_problem() {
                true => loud.push((tone, rect, inks.tone(tone).faded(fade))),
                false => self.pixels.fill(&rect, inks.tone(tone).faded(fade)),
            }
        }
        loud.sort_by_key(|(tone, ..)| *tone);
        for (_, rect, ink) in loud {
            // A single failed one must be found in a fleet of thousands.
            self.pixels.fill(&rect.inflated(density * 0.5), ink);
        }
    }

    fn put(&self, element: &HtmlCanvasElement) {
        if element.width() != self.width {
            element.set_width(self.width);
            element.set_height((f64::from(self.width) * SIZE.height / SIZE.width) as u32);
        }
        let context =
            element.get_context("2d").ok().flatten().and_then(|it| it.dyn_into::<CanvasRenderingContext2d>().ok());
        let image = ImageData::new_with_u8_clamped_array(Clamped(self.pixels.bytes()), self.width);
        if let (Some(context), Ok(image)) = (context, image) {
            // A picture that cannot be put leaves the one before.
            let _ = context.put_image_data(&image, 0.0, 0.0);
        }
    }
}
