//! The tab's title and icon: how many problems there are, and whether the page is live.

use std::time::Duration;

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement};

use crate::store::StoreSignals;
use orrery_client::{ConnectionStatus, StopReason};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum TabState {
    Healthy,
    Problems(usize),
    Disconnected,
    Saved,
}

/// The title is written at most this often: the count may change with every frame.
const UPDATE_INTERVAL: Duration = Duration::from_secs(1);

#[component]
pub(super) fn TabTitle() -> impl IntoView {
    let signals = expect_context::<StoreSignals>();
    let state = Memo::new(move |_| {
        let counts = signals.counts.get();
        signals.connection.with(|connection| match connection {
            ConnectionStatus::Stopped { reason: StopReason::Saved } => TabState::Saved,
            ConnectionStatus::Live => match counts.failed + counts.degraded {
                0 => TabState::Healthy,
                problems => TabState::Problems(problems),
            },
            _ => TabState::Disconnected,
        })
    });
    let default_icon = StoredValue::new(icon().and_then(|icon| icon.get_attribute("href")));
    let (shown, is_paused) = (StoredValue::new(None), RwSignal::new(false));
    Effect::new(move |_| {
        // The state is not tracked during a pause.
        if is_paused.get() || shown.get_value() == Some(state.get()) {
            return;
        }
        let (now, before) = (state.get(), shown.get_value());
        shown.set_value(Some(now));
        document().set_title(&title(now));
        if before.is_none_or(|before| dot(before) != dot(now))
            && let (Some(icon), Some(href)) =
                (icon(), dot(now).and_then(icon_with_dot).or_else(|| default_icon.get_value()))
        {
            let _ = icon.set_attribute("href", &href);
        }
        is_paused.set(true);
        set_timeout(move || is_paused.set(false), UPDATE_INTERVAL);
    });
}

fn dot(state: TabState) -> Option<&'static str> {
    match state {
        TabState::Healthy | TabState::Saved => None,
        TabState::Problems(_) => Some("--failed"),
        TabState::Disconnected => Some("--offline"),
    }
}

fn title(state: TabState) -> String {
    match state {
        TabState::Healthy => "Orrery".to_owned(),
        TabState::Problems(1) => "1 problem · Orrery".to_owned(),
        TabState::Problems(count) => format!("{count} problems · Orrery"),
        TabState::Disconnected => "Not live · Orrery".to_owned(),
        TabState::Saved => "Saved state · Orrery".to_owned(),
    }
}

fn icon() -> Option<Element> {
    document().query_selector("link[rel='icon']").ok()?
}

/// Returns the icon with a large dot in the colour of a token, which can be seen at 16 pixels, too.
fn icon_with_dot(token: &str) -> Option<String> {
    let (accent, dot) = (colour("--accent")?, colour(token)?);
    let svg = format!(
        "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 32 32' fill='none' stroke='{accent}' stroke-width='2'>\
         <circle cx='16' cy='16' r='4' fill='{accent}' stroke='none'/><circle cx='16' cy='16' r='12.5' opacity='.55'/>\
         <circle cx='23' cy='9' r='8' fill='{dot}' stroke='none'/></svg>"
    );
    Some(format!("data:image/svg+xml,{}", js_sys::encode_uri_component(&svg)))
}

/// Returns the value of a colour token. A custom property has to be resolved through a real property.
fn colour(token: &str) -> Option<String> {
    let probe: HtmlElement = document().create_element("i").ok()?.unchecked_into();
    document().body()?.append_child(&probe).ok()?;
    probe.style().set_property("color", &format!("var({token})")).ok()?;
    let colour = window().get_computed_style(&probe).ok()??.get_property_value("color").ok();
    probe.remove();
    colour
}
