//! The tab's title and mark: how many problems there are, and that it is not live. Never more than fits there.

use std::time::Duration;

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement};

use crate::store::StoreSignals;
use orrery_client::{ConnectionStatus, StopReason};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Mark {
    Well,
    Problems(usize),
    NotLive,
    Saved,
}

/// In a storm the count is another one with each frame, and a title is dear to write.
const PUBLISH_INTERVAL: Duration = Duration::from_secs(1);

#[component]
pub(super) fn TabMark() -> impl IntoView {
    let signals = expect_context::<StoreSignals>();
    let mark = Memo::new(move |_| {
        let counts = signals.counts.get();
        signals.connection.with(|connection| match connection {
            ConnectionStatus::Stopped { reason: StopReason::Saved } => Mark::Saved,
            ConnectionStatus::Live => match counts.failed + counts.degraded {
                0 => Mark::Well,
                problems => Mark::Problems(problems),
            },
            _ => Mark::NotLive,
        })
    });
    let usual = StoredValue::new(icon().and_then(|icon| icon.get_attribute("href")));
    let (shown, is_resting) = (StoredValue::new(None), RwSignal::new(false));
    Effect::new(move |_| {
        // While it rests nothing else is listened to.
        if is_resting.get() || shown.get_value() == Some(mark.get()) {
            return;
        }
        let (now, before) = (mark.get(), shown.get_value());
        shown.set_value(Some(now));
        document().set_title(&title(now));
        if before.is_none_or(|before| dot(before) != dot(now))
            && let (Some(icon), Some(href)) = (icon(), dot(now).and_then(drawn).or_else(|| usual.get_value()))
        {
            let _ = icon.set_attribute("href", &href);
        }
        is_resting.set(true);
        set_timeout(move || is_resting.set(false), PUBLISH_INTERVAL);
    });
}

fn dot(mark: Mark) -> Option<&'static str> {
    match mark {
        Mark::Well | Mark::Saved => None,
        Mark::Problems(_) => Some("--failed"),
        Mark::NotLive => Some("--offline"),
    }
}

fn title(mark: Mark) -> String {
    match mark {
        Mark::Well => "Orrery".to_owned(),
        Mark::Problems(1) => "1 problem · Orrery".to_owned(),
        Mark::Problems(many) => format!("{many} problems · Orrery"),
        Mark::NotLive => "Not live · Orrery".to_owned(),
        Mark::Saved => "Saved state · Orrery".to_owned(),
    }
}

fn icon() -> Option<Element> {
    document().query_selector("link[rel='icon']").ok()?
}

/// The usual mark with a large dot where its planet is: seen at 16 pixels too.
fn drawn(token: &str) -> Option<String> {
    let (accent, dot) = (colour("--accent")?, colour(token)?);
    let svg = format!(
        "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 32 32' fill='none' stroke='{accent}' stroke-width='2'>\
         <circle cx='16' cy='16' r='4' fill='{accent}' stroke='none'/><circle cx='16' cy='16' r='12.5' opacity='.55'/>\
         <circle cx='23' cy='9' r='8' fill='{dot}' stroke='none'/></svg>"
    );
    Some(format!("data:image/svg+xml,{}", js_sys::encode_uri_component(&svg)))
}

/// A custom property is read as it was written; only a real property is resolved.
fn colour(token: &str) -> Option<String> {
    let probe: HtmlElement = document().create_element("i").ok()?.unchecked_into();
    document().body()?.append_child(&probe).ok()?;
    probe.style().set_property("color", &format!("var({token})")).ok()?;
    let colour = window().get_computed_style(&probe).ok()??.get_property_value("color").ok();
    probe.remove();
    colour
}
