//! The view as a PNG: the page's own elements and sheet, drawn by the browser, with a line below that says when it was true.
//! Never a picture of what is not seen.

use leptos::{prelude::*, task::spawn_local};
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    Blob, CanvasRenderingContext2d, CssStyleSheet, Element, HtmlCanvasElement, HtmlElement, HtmlImageElement,
};
use web_sys::{Node, XmlSerializer};

use super::download::{download, name};
use crate::browser::clock;
use crate::session::{Session, ToastKind};
use crate::store::StoreSignals;
use crate::ui::moment::clock as time;

/// Of the line below the view.
const FOOT: f64 = 32.0;

pub fn save_picture(signals: StoreSignals, session: Session) {
    spawn_local(async move {
        let name = name("png");
        let taken = taken(&untrack(|| words(signals))).await;
        match taken.is_ok_and(|picture| download(&picture, &name)) {
            true => session.toast(ToastKind::Success, format!("Saved the picture as {name}"), None),
            false => session.toast(ToastKind::Error, "This browser cannot draw the page into a picture", None),
        }
    });
}

fn words(signals: StoreSignals) -> String {
    let counts = signals.counts.get();
    let problems = match counts.failed + counts.degraded {
        0 => "no problems".to_owned(),
        1 => "1 problem".to_owned(),
        many => format!("{many} problems"),
    };
    let now = clock::now();
    let at = signals.as_of.get().unwrap_or(now);
    let day = String::from(js_sys::Date::new(&(at.millis() as f64).into()).to_date_string());
    let live_word = if signals.as_of.get().is_some() { "not live, as of" } else { "as of" };
    format!(
        "Orrery · {} workspaces, {problems} · {live_word} {day} {}",
        signals.count.get(),
        time(at.millis(), at.millis())
    )
}

async fn taken(words: &str) -> Result<Blob, JsValue> {
    let view = document().query_selector(".canvas")?.ok_or(JsValue::NULL)?;
    let size = view.get_bounding_client_rect();
    let (width, height) = (size.width(), size.height() + FOOT);
    let image = HtmlImageElement::new()?;
    image.set_src(&format!(
        "data:image/svg+xml;charset=utf-8,{}",
        js_sys::encode_uri_component(&svg(&view, width, height, words)?)
    ));
    JsFuture::from(image.decode()).await?;
    let scale = window().device_pixel_ratio().max(1.0);
    let paper: HtmlCanvasElement = document().create_element("canvas")?.unchecked_into();
    paper.set_width((width * scale) as u32);
    paper.set_height((height * scale) as u32);
    let pen: CanvasRenderingContext2d = paper.get_context("2d")?.ok_or(JsValue::NULL)?.unchecked_into();
    pen.scale(scale, scale)?;
    pen.draw_image_with_html_image_element_and_dw_and_dh(&image, 0.0, 0.0, width, height)?;
    let png = js_sys::Promise::new(&mut |done, _| {
        let told = Closure::once_into_js(move |blob: JsValue| drop(done.call1(&JsValue::NULL, &blob)));
        // What it could not make it gives as null.
        let _ = paper.to_blob(told.unchecked_ref());
    });
    JsFuture::from(png).await?.dyn_into()
}

/// The view in a document of its own: with the whole sheet, and in the theme that is on.
fn svg(view: &Element, width: f64, height: f64, words: &str) -> Result<String, JsValue> {
    let copy: Element = view.clone_node_with_deep(true)?.unchecked_into();
    // A clone of a drawing is empty.
    if let (Some(drawn), Some(empty)) = (view.query_selector("canvas")?, copy.query_selector("canvas")?) {
        let image = document().create_element("img")?;
        image.set_class_name("canvas-map");
        // Not as an attribute, which the page's own policy forbids.
        image.unchecked_ref::<HtmlElement>().style().set_css_text(&drawn.get_attribute("style").unwrap_or_default());
        image.set_attribute("src", &drawn.unchecked_into::<HtmlCanvasElement>().to_data_url()?)?;
        empty.replace_with_with_node_1(&image)?;
    }
    let style = document().create_element("style")?;
    style.set_text_content(Some(&sheet()));
    let foot = document().create_element("p")?;
    foot.set_class_name("picture-foot");
    foot.set_text_content(Some(words));
    let connection = document().query_selector(".app")?.and_then(|app| app.get_attribute("data-connection"));
    let whole = nested(&copy, &[("view", None), ("stage", None), ("app", connection)])?;
    whole.append_child(&foot)?;
    let body = document().create_element("body")?;
    // Fonts are named again, as they are in use here.
    if let (Some(here), Some(used)) = (document().body(), body.dyn_ref::<HtmlElement>())
        && let Some(computed) = window().get_computed_style(&here)?
    {
        used.style().set_property("font-family", &computed.get_property_value("font-family")?)?;
    }
    body.append_child(&style)?;
    body.append_child(&whole)?;
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

fn sheet() -> String {
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

/// What `light-dark()` chooses here.
fn is_dark() -> bool {
    let theme =
        document().document_element().and_then(|root| root.unchecked_into::<HtmlElement>().get_attribute("data-theme"));
    match theme.as_deref() {
        Some("dark") => true,
        Some("light") => false,
        _ => window().match_media("(prefers-color-scheme: dark)").ok().flatten().is_some_and(|it| it.matches()),
    }
}
