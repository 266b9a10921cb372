//! Saves the view as a PNG: the page's elements and styles, drawn by the browser, with a caption that says when it was true.

use leptos::{prelude::*, task::spawn_local};
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    Blob, CanvasRenderingContext2d, CssStyleSheet, Element, HtmlCanvasElement, HtmlElement, HtmlImageElement,
};
use web_sys::{Node, XmlSerializer};

use super::download::{download, file_name};
use crate::browser::clock;
use crate::session::{Session, ToastKind};
use crate::store::StoreSignals;
use crate::ui::time::format_time_of_day;

/// In CSS pixels.
const CAPTION_HEIGHT: f64 = 32.0;

pub fn save_image(signals: StoreSignals, session: Session) {
    spawn_local(async move {
        let name = file_name("png");
        let image = render(&untrack(|| caption(signals))).await;
        match image.is_ok_and(|image| download(&image, &name)) {
            true => session.toast(ToastKind::Success, format!("Saved image as {name}"), None),
            false => {
                session.toast(ToastKind::Error, "Could not save the image: this browser cannot render the page", None)
            }
        }
    });
}

fn caption(signals: StoreSignals) -> String {
    let counts = signals.counts.get();
    let problems = match counts.failed + counts.degraded {
        0 => "no problems".to_owned(),
        1 => "1 problem".to_owned(),
        many => format!("{many} problems"),
    };
    let now = clock::now();
    let at = signals.as_of.get().unwrap_or(now);
    let day = String::from(js_sys::Date::new(&(at.millis() as f64).into()).to_date_string());
    let as_of = if signals.as_of.get().is_some() { "not live, as of" } else { "as of" };
    let time = format_time_of_day(at.millis(), at.millis());
    let count = signals.count.get();
    let workspaces = if count == 1 { "workspace" } else { "workspaces" };
    format!("Orrery · {count} {workspaces}, {problems} · {as_of} {day} {time}")
}

async fn render(caption: &str) -> Result<Blob, JsValue> {
    let view = document().query_selector(".canvas")?.ok_or(JsValue::NULL)?;
    let size = view.get_bounding_client_rect();
    let (width, height) = (size.width(), size.height() + CAPTION_HEIGHT);
    let image = HtmlImageElement::new()?;
    image.set_src(&format!(
        "data:image/svg+xml;charset=utf-8,{}",
        js_sys::encode_uri_component(&svg(&view, width, height, caption)?)
    ));
    JsFuture::from(image.decode()).await?;
    let scale = window().device_pixel_ratio().max(1.0);
    let canvas: HtmlCanvasElement = document().create_element("canvas")?.unchecked_into();
    canvas.set_width((width * scale) as u32);
    canvas.set_height((height * scale) as u32);
    let context: CanvasRenderingContext2d = canvas.get_context("2d")?.ok_or(JsValue::NULL)?.unchecked_into();
    context.scale(scale, scale)?;
    context.draw_image_with_html_image_element_and_dw_and_dh(&image, 0.0, 0.0, width, height)?;
    let png = js_sys::Promise::new(&mut |done, _| {
        let on_blob = Closure::once_into_js(move |blob: JsValue| drop(done.call1(&JsValue::NULL, &blob)));
        // A canvas that cannot be encoded yields null.
        let _ = canvas.to_blob(on_blob.unchecked_ref());
    });
    JsFuture::from(png).await?.dyn_into()
}

/// Returns a document with a copy of the view, all styles and the current theme.
fn svg(view: &Element, width: f64, height: f64, caption: &str) -> Result<String, JsValue> {
    let copy: Element = view.clone_node_with_deep(true)?.unchecked_into();
    // The clone of a canvas is empty.
    if let (Some(source), Some(empty)) = (view.query_selector("canvas")?, copy.query_selector("canvas")?) {
        let image = document().create_element("img")?;
        image.set_class_name("canvas-map");
        // A style attribute is forbidden by the page's content security policy.
        image.unchecked_ref::<HtmlElement>().style().set_css_text(&source.get_attribute("style").unwrap_or_default());
        image.set_attribute("src", &source.unchecked_into::<HtmlCanvasElement>().to_data_url()?)?;
        empty.replace_with_with_node_1(&image)?;
    }
    let style = document().create_element("style")?;
    style.set_text_content(Some(&stylesheet_text()));
    let footer = document().create_element("p")?;
    footer.set_class_name("image-caption");
    footer.set_text_content(Some(caption));
    let connection = document().query_selector(".app")?.and_then(|app| app.get_attribute("data-connection"));
    let document_view = nested(&copy, &[("view", None), ("main", None), ("app", connection)])?;
    document_view.append_child(&footer)?;
    let body = document().create_element("body")?;
    // The font is inherited from the body of the page.
    if let (Some(here), Some(used)) = (document().body(), body.dyn_ref::<HtmlElement>())
        && let Some(computed) = window().get_computed_style(&here)?
    {
        used.style().set_property("font-family", &computed.get_property_value("font-family")?)?;
    }
    body.append_child(&style)?;
    body.append_child(&document_view)?;
    let body = XmlSerializer::new()?.serialize_to_string(&body)?;
    let theme = if is_dark() { "dark" } else { "light" };
    Ok(format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" data-theme=\"{theme}\" width=\"{width}\" height=\"{height}\">\
         <foreignObject width=\"100%\" height=\"100%\">{body}</foreignObject></svg>"
    ))
}

fn nested(inner: &Element, around: &[(&str, Option<String>)]) -> Result<Element, JsValue> {
    let mut inner = inner.clone();
    for (class, connection) in around {
        let outer = document().create_element("div")?;
        outer.set_class_name(class);
        if let Some(connection) = connection {
            outer.set_attribute("data-connection", connection)?;
        }
        outer.append_child(inner.unchecked_ref::<Node>())?;
        inner = outer;
    }
    Ok(inner)
}

fn stylesheet_text() -> String {
    let mut text = String::new();
    let sheets = document().style_sheets();
    for index in 0..sheets.length() {
        let rules = sheets.item(index).and_then(|sheet| sheet.dyn_into::<CssStyleSheet>().ok()?.css_rules().ok());
        let Some(rules) = rules else { continue };
        for index in 0..rules.length() {
            text.extend(rules.item(index).map(|rule| rule.css_text()));
        }
    }
    text
}

/// Returns what `light-dark()` chooses on this page.
fn is_dark() -> bool {
    let theme =
        document().document_element().and_then(|root| root.unchecked_into::<HtmlElement>().get_attribute("data-theme"));
    match theme.as_deref() {
        Some("dark") => true,
        Some("light") => false,
        _ => window().match_media("(prefers-color-scheme: dark)").ok().flatten().is_some_and(|it| it.matches()),
    }
}
