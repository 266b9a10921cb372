//! Opens a saved state from a file, chosen or dropped onto the page, in place of the live state.

use leptos::{ev, prelude::*, task::spawn_local};
use orrery_protocol::Timestamp;
use orrery_protocol::limits::{self, MAX_STORED_DEPTH};
use serde::Deserialize;
use serde::de::IgnoredAny;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;
use web_sys::{DragEvent, File, HtmlInputElement};

use crate::commands::Commands;
use crate::session::{Session, ToastKind};
use crate::sync::SharedSyncClient;
use crate::ui::icon::{Glyph, Icon};
use orrery_client::InitialState;

#[derive(Debug, thiserror::Error)]
enum OpenError {
    #[error("the browser cannot read the file")]
    Unreadable,
    #[error("not a saved state: {0}")]
    InvalidState(String),
}

/// Shows the browser's file dialog.
pub fn choose_file(open: Callback<File>) {
    let field = document().create_element("input").ok().and_then(|it| it.dyn_into::<HtmlInputElement>().ok());
    let Some(field) = field else { return };
    field.set_type("file");
    field.set_accept(".json,application/json");
    let chosen = field.clone();
    let on_change = wasm_bindgen::closure::Closure::once_into_js(move || {
        if let Some(file) = chosen.files().and_then(|files| files.get(0)) {
            open.run(file);
        }
    });
    field.set_onchange(Some(on_change.unchecked_ref()));
    field.click();
}

/// Returns a callback that opens a file. Takes what it needs from the context.
pub fn use_open_state() -> Callback<File> {
    let (session, commands, sync_client) =
        (expect_context::<Session>(), expect_context::<Commands>(), expect_context::<SharedSyncClient>());
    Callback::new(move |file: File| {
        spawn_local(async move {
            let name = file.name();
            match read(&file).await {
                Ok((state, saved_at)) => {
                    let Some(sync_client) = sync_client.get_value() else { return };
                    session.close();
                    commands.close();
                    sync_client.show(state, saved_at);
                }
                Err(error) => session.toast(ToastKind::Error, format!("Could not open “{name}”: {error}"), None),
            }
        });
    })
}

/// Accepts a file that is dropped anywhere on the page.
#[component]
pub fn DropZone() -> impl IntoView {
    let is_over = RwSignal::new(false);
    let open = use_open_state();
    let listeners = [
        window_event_listener(ev::dragover, move |event| {
            if has_file(&event) {
                event.prevent_default();
                is_over.set(true);
            }
        }),
        window_event_listener(ev::dragleave, move |event| {
            if event.related_target().is_none() {
                is_over.set(false);
            }
        }),
        window_event_listener(ev::drop, move |event| {
            is_over.set(false);
            if has_file(&event) {
                event.prevent_default();
                let file = event.data_transfer().and_then(|it| it.files()).and_then(|files| files.get(0));
                file.into_iter().for_each(|file| open.run(file));
            }
        }),
    ];
    on_cleanup(move || listeners.into_iter().for_each(|listener| listener.remove()));
    move || {
        is_over.get().then(|| {
            view! {
                <div class="drop-zone" aria-hidden="true">
                    <Glyph icon=Icon::Open />
                    <p>"Drop a saved state to open it"</p>
                </div>
            }
        })
    }
}

fn has_file(event: &DragEvent) -> bool {
    event.data_transfer().is_some_and(|it| it.types().includes(&"Files".into(), 0))
}

async fn read(file: &File) -> Result<(InitialState, Timestamp), OpenError> {
    #[derive(Deserialize)]
    struct Saved {
        saved_at: Option<Timestamp>,
        #[serde(rename = "workspaces")]
        _workspaces: Vec<IgnoredAny>,
    }
    let text = JsFuture::from(file.text()).await.ok().and_then(|text| text.as_string()).ok_or(OpenError::Unreadable)?;
    let text = limits::check(&text, MAX_STORED_DEPTH).map_err(|limit| OpenError::InvalidState(limit.to_string()))?;
    let invalid = |error: serde_json::Error| match error.is_data() {
        true => OpenError::InvalidState("the file has no list of workspaces".to_owned()),
        false => OpenError::InvalidState(format!("invalid JSON at line {}, column {}", error.line(), error.column())),
    };
    let saved: Saved = serde_json::from_str(&text).map_err(invalid)?;
    // A snapshot from a server has no such time.
    let saved_at = saved.saved_at.unwrap_or_else(|| Timestamp::from_millis(file.last_modified() as i64));
    let state = InitialState::from_snapshot(&text).map_err(|error| OpenError::InvalidState(error.to_string()))?;
    Ok((state, saved_at))
}
