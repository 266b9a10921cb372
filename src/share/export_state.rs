//! Saves the whole state as a file: a snapshot in the server's format, with the time and the server it is from.

use leptos::prelude::*;
use orrery_model::Canvas;
use orrery_protocol::{AgentState, Cursor, Epoch, Execution, Run, Timestamp, Workspace};
use serde::Serialize;
use web_sys::{Blob, BlobPropertyBag};

use super::download::{download, file_name};
use crate::browser::clock;
use crate::canvas::CanvasController;
use crate::session::{Session, ToastKind};
use crate::store::StoreSignals;

#[derive(Serialize)]
struct SavedState<'a> {
    /// Now, or when the state was last live.
    saved_at: Timestamp,
    server: String,
    cursor: Option<Cursor>,
    /// The hash of the whole state, as in the server's `X-State-Hash`.
    hash: String,
    workspaces: Vec<&'a Workspace>,
    executions: Vec<&'a Execution>,
    runs: Vec<&'a Run>,
    agents: Vec<&'a AgentState>,
}

pub fn save_state(controller: CanvasController, signals: StoreSignals, session: Session) {
    let at = signals.as_of.get_untracked().unwrap_or_else(clock::now);
    let text = controller.store.with_value(|store| to_json(store.canvas(), store.epoch(), at));
    let kind = BlobPropertyBag::new();
    kind.set_type("application/json");
    let blob = text.ok().and_then(|text| {
        let parts = js_sys::Array::of1(&text.as_str().into());
        Blob::new_with_str_sequence_and_options(&parts, &kind).ok()
    });
    let name = file_name("json");
    match blob.is_some_and(|blob| download(&blob, &name)) {
        true => session.toast(ToastKind::Success, format!("Saved state as {name}"), None),
        false => session.toast(ToastKind::Error, "Could not save the state: the browser refused the download", None),
    }
}

fn to_json(canvas: &Canvas, epoch: Option<&Epoch>, at: Timestamp) -> serde_json::Result<String> {
    let runs = canvas.runs();
    serde_json::to_string(&SavedState {
        saved_at: at,
        server: window().location().origin().unwrap_or_default(),
        cursor: epoch.map(|epoch| Cursor { epoch: epoch.clone(), seq: canvas.seq() }),
        hash: format!("{:016x}", canvas.hash()),
        workspaces: canvas.iter().map(|(_, it)| it).collect(),
        executions: runs.executions().collect(),
        runs: runs.runs().collect(),
        agents: runs.agents().collect(),
    })
}
