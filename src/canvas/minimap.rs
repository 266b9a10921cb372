//! The whole fleet as a small picture of status colours in the corner: where the window looks, and a way to look elsewhere.
//! There only while a part of the fleet is out of sight. Never a workspace that can be pressed.

use std::time::Duration;

use leptos::ev::PointerEvent;
use leptos::{html, prelude::*};
use orrery_protocol::{Status, record::Viewport};
use wasm_bindgen::{Clamped, JsCast};
use web_sys::{CanvasRenderingContext2d, HtmlCanvasElement, ImageData};

use super::palette::Palette;
use super::pixels::Pixels;
use super::stage::Stage;
use crate::fleet::Fleet;
use crate::geometry::{Point, Rect, Shape, Size, camera};
use crate::session::Session;

/// In CSS pixels: `--minimap-width` and `--minimap-height`.
const SIZE: Size = Size { width: 184.0, height: 120.0 };
const MARGIN: f64 = 6.0;
/// A storm of events is drawn so often.
const CALM: Duration = Duration::from_millis(400);
const DIMMED: f64 = 0.2;

#[component]
pub fn Minimap() -> impl IntoView {
    let (session, stage) = (expect_context::<Session>(), expect_context::<Stage>());
    let bounds = RwSignal::new(None::<Rect>);
    let looked = RwSignal::new(0u32);
    // It outlives what is shown: a pan that shows and hides the map draws nothing anew.
    let pen = StoredValue::new_local(Pen::default());
    calmly(stage, session, move || {
        let now = stage.fleet.with_value(Fleet::bounds);
        if bounds.get_untracked() != now {
            bounds.set(now);
        }
        looked.update(|times| *times += 1);
    });
    let map = Memo::new(move |_| bounds.get().map(fitted));
    let is_shown = Memo::new(move |_| {
        let seen = camera::seen(&session.viewport.get(), stage.window());
        bounds.get().is_some_and(|all| seen.union(&all) != seen)
    });
    move || is_shown.get().then(|| view! { <Shown map=map looked=looked pen=pen stage=stage session=session /> })
}

#[component]
fn Shown(
    map: Memo<Option<Viewport>>,
    looked: RwSignal<u32>,
    pen: StoredValue<Pen, LocalStorage>,
    stage: Stage,
    session: Session,
) -> impl IntoView {
    let canvas = NodeRef::<html::Canvas>::new();
    Effect::new(move |_| {
        let of = (looked.get(), stage.themed.get());
        if let (Some(element), Some(map)) = (canvas.get(), map.get()) {
            pen.update_value(|pen| {
                if pen.drawn != Some((of, map)) {
                    stage.fleet.with_value(|fleet| pen.draw(fleet, &map));
                    pen.drawn = Some((of, map));
                }
                pen.put(&element);
            });
        }
    });
    let frame = Memo::new(move |_| {
        let map = map.get().unwrap_or_default();
        let seen = camera::seen(&session.viewport.get(), stage.window());
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
        stage.aim(camera::centred(camera::to_world(&map, at), stage.camera().zoom, stage.window()));
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

/// At once when nothing was drawn for a while, otherwise when it was.
fn calmly(stage: Stage, session: Session, act: impl Fn() + Copy + 'static) {
    let is_waiting = StoredValue::new(false);
    Effect::new(move |before: Option<()>| {
        stage.folds.track();
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
            set_timeout(later, CALM);
        }
    });
}

fn fitted(all: Rect) -> Viewport {
    let room = |room: f64, world: f64| (room - 2.0 * MARGIN) / world.max(1.0);
    let zoom = room(SIZE.width, all.size.width).min(room(SIZE.height, all.size.height));
    camera::centred(all.middle(), zoom, SIZE)
}

#[derive(Default)]
struct Pen {
    palette: Option<Palette>,
    pixels: Pixels,
    /// In pixels.
    width: u32,
    /// What is drawn: the fleet and the colours by their count, and where on the map.
    drawn: Option<((u32, u32), Viewport)>,
}

impl Pen {
    /// Teams as grounds, then everyone in their colour, and what calls for help over its neighbours.
    fn draw(&mut self, fleet: &Fleet, map: &Viewport) {
        let density = window().device_pixel_ratio().clamp(1.0, 3.0);
        let (width, height) = ((SIZE.width * density) as u32, (SIZE.height * density) as u32);
        self.width = width;
        let Some(palette) = Palette::refresh(&mut self.palette) else { return };
        let inks = &palette.inks;
        self.pixels.clear(width as usize, height as usize);
        let placed = |rect: Rect| {
            let at = camera::to_screen(map, rect.at).times(density);
            let scale = map.zoom * density;
            Rect::new(at, Size { width: rect.size.width * scale, height: rect.size.height * scale })
        };
        let mut loud = Vec::new();
        for shape in [Shape::Team, Shape::Card] {
            for (slot, it) in fleet.canvas().iter().filter(|(slot, _)| fleet.shape(*slot) == shape) {
                let Some(rect) = fleet.rect(slot).map(placed) else { continue };
                let fade = if fleet.sieve.holds_back(slot) { DIMMED } else { 1.0 };
                match (shape, &it.status) {
                    (Shape::Team, _) => self.pixels.fill(&rect, inks.team),
                    (_, Status::Failed | Status::Degraded) => {
                        loud.push((it.status == Status::Failed, rect, inks.status(&it.status).faded(fade)))
                    }
                    _ => self.pixels.fill(&rect, inks.status(&it.status).faded(fade)),
                }
            }
        }
        loud.sort_by_key(|(is_failed, ..)| *is_failed);
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
