//! The whole state as a file: a snapshot as the server writes it, and beside it when and where it was true. Never a request.

use leptos::prelude::*;
use orrery_model::Canvas;
use orrery_protocol::{AgentState, Cursor, Epoch, Execution, Run, Timestamp, Workspace};
use serde::Serialize;
use web_sys::{Blob, BlobPropertyBag};

use super::download::{download, name};
use crate::browser::clock;
use crate::canvas::CanvasController;
use crate::session::{Session, ToastKind};
use crate::store::StoreSignals;

#[derive(Serialize)]
struct Saved<'a> {
    /// When this was true: now, or when it was last live.
    saved_at: Timestamp,
    server: String,
    cursor: Option<Cursor>,
    /// Over the whole state, as `X-State-Hash` of the server.
    hash: String,
    workspaces: Vec<&'a Workspace>,
    executions: Vec<&'a Execution>,
    runs: Vec<&'a Run>,
    agents: Vec<&'a AgentState>,
}

pub fn save_state(controller: CanvasController, signals: StoreSignals, session: Session) {
    let at = signals.as_of.get_untracked().unwrap_or_else(clock::now);
    let text = controller.store.with_value(|store| written(store.canvas(), store.epoch(), at));
    let kind = BlobPropertyBag::new();
    kind.set_type("application/json");
    let blob = text.ok().and_then(|text| {
        let parts = js_sys::Array::of1(&text.as_str().into());
        Blob::new_with_str_sequence_and_options(&parts, &kind).ok()
    });
    let name = name("json");
    match blob.is_some_and(|blob| download(&blob, &name)) {
        true => session.toast(ToastKind::Success, format!("Saved the state as {name}"), None),
        false => session.toast(ToastKind::Error, "The browser did not take the file", None),
    }
}

fn written(canvas: &Canvas, epoch: Option<&Epoch>, at: Timestamp) -> serde_json::Result<String> {
    let runs = canvas.runs();
    serde_json::to_string(&Saved {
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
