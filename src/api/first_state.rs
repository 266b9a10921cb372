//! The first state: a snapshot, or the rows of a server that has no log. Never folded here.
//!
//! Rows are read in slices, so that ten thousand of them do not hold up a frame.

use orrery_model::Runs;
use orrery_protocol::{AgentState, Cursor, Execution, Run, Workspace};
use serde::Deserialize;
use serde_json::value::RawValue;

use super::{Api, ApiError, read};

pub struct FirstState {
    /// None from a server that does not number its events.
    pub cursor: Option<Cursor>,
    pub rows: Vec<Workspace>,
    pub runs: Runs,
    pub unread: Vec<UnreadRow>,
}

/// One row that could not be read does not spoil the others.
pub struct UnreadRow {
    pub reason: String,
}

const SLICE: usize = 500;

impl Api {
    pub async fn snapshot(&self) -> Result<FirstState, ApiError> {
        #[derive(Deserialize)]
        struct Snapshot<'a> {
            cursor: Cursor,
            #[serde(borrow)]
            workspaces: Vec<&'a RawValue>,
            #[serde(default)]
            executions: Vec<Execution>,
            #[serde(default)]
            runs: Vec<Run>,
            #[serde(default)]
            agents: Vec<AgentState>,
        }
        let text = self.get("/snapshot").await?;
        let snapshot: Snapshot<'_> =
            serde_json::from_str(&text).map_err(|error| ApiError::Unreadable(error.to_string()))?;
        let runs = Runs::from_records(snapshot.executions, snapshot.runs, snapshot.agents);
        Ok(FirstState { runs, ..rows(Some(snapshot.cursor), &snapshot.workspaces).await })
    }

    pub async fn rows(&self) -> Result<FirstState, ApiError> {
        let text = self.get("/workspaces").await?;
        let raw: Vec<&RawValue> =
            serde_json::from_str(&text).map_err(|error| ApiError::Unreadable(error.to_string()))?;
        Ok(rows(None, &raw).await)
    }
}

async fn rows(cursor: Option<Cursor>, raw: &[&RawValue]) -> FirstState {
    let mut state =
        FirstState { cursor, rows: Vec::with_capacity(raw.len()), runs: Runs::default(), unread: Vec::new() };
    for slice in raw.chunks(SLICE) {
        for row in slice {
            match read(row.get()) {
                Ok(row) => state.rows.push(row),
                Err(error) => state.unread.push(UnreadRow { reason: error.to_string() }),
            }
        }
        breathe().await;
    }
    state
}

/// Lets the browser paint and listen between two slices.
async fn breathe() {
    let (sender, receiver) = futures_channel();
    leptos::prelude::set_timeout(sender, std::time::Duration::ZERO);
    receiver.await;
}

fn futures_channel() -> (impl FnOnce() + 'static, impl Future<Output = ()>) {
    let mut resolve = None;
    let promise = js_sys::Promise::new(&mut |yes, _no| resolve = Some(yes));
    let resolve = resolve.expect("a promise calls its executor at once");
    let fire = move || drop(resolve.call0(&wasm_bindgen::JsValue::UNDEFINED));
    // A promise that is only ever resolved cannot fail.
    (fire, async move { drop(wasm_bindgen_futures::JsFuture::from(promise).await) })
}
