//! The first state: a snapshot, or the rows of a server that has no log. A snapshot in NDJSON is read while it arrives, so
//! that the first cards are there before the last row.

use orrery_model::{Canvas, Runs};
use orrery_protocol::snapshot::{NDJSON, SnapshotHeader, SnapshotLine};
use orrery_protocol::{AgentState, Cursor, Execution, JsonError, Run, Workspace, from_json};
use serde::Deserialize;
use serde_json::value::RawValue;

use super::body::Body;
use super::lines::LineBuffer;
use super::{Api, ApiError, accepted, early};

#[derive(Default)]
pub struct FirstState {
    /// None from a server that does not number its events.
    pub cursor: Option<Cursor>,
    pub rows: Canvas,
    pub runs: Runs,
    pub unread: Vec<UnreadRow>,
}

/// One row that could not be read does not spoil the others.
pub struct UnreadRow {
    pub reason: String,
}

/// What is whole within so many milliseconds is shown whole.
const AT_ONCE: f64 = 30.0;
const WORTH_SHOWING: usize = 250;
/// Where loading takes long, what is there is shown again when it has grown by so much, at most so often.
const GROWN: usize = 8;
const SHOWN_EVERY: f64 = 2000.0;

/// What has been read of it so far.
#[derive(Default)]
struct Reading {
    header: Option<SnapshotHeader>,
    state: FirstState,
    executions: Vec<Execution>,
    runs: Vec<Run>,
    agents: Vec<AgentState>,
    records: usize,
    error: Option<ApiError>,
}

/// A snapshot, or a saved one, in one JSON object. The rows are read one by one.
#[derive(Deserialize)]
struct WholeSnapshot<'a> {
    cursor: Option<Cursor>,
    #[serde(borrow)]
    workspaces: Vec<&'a RawValue>,
    #[serde(borrow, default)]
    executions: Vec<&'a RawValue>,
    #[serde(borrow, default)]
    runs: Vec<&'a RawValue>,
    #[serde(borrow, default)]
    agents: Vec<&'a RawValue>,
}

impl Api {
    /// `show` is called with what is there already, now and then.
    pub async fn snapshot(&self, show: impl Fn(Canvas)) -> Result<FirstState, ApiError> {
        let early = if self.has_early_snapshot() { early::take(early::SNAPSHOT).await } else { None };
        let response = match early {
            Some(early) => accepted(early).await?,
            None => self.open("/snapshot", NDJSON).await?,
        };
        let content_type = response.headers().get("content-type").unwrap_or_default();
        let state = match content_type.starts_with(NDJSON) {
            true => read_lines(Body::of(&response)?, show).await?,
            false => FirstState::read(&response.text().await.map_err(|_| ApiError::Unreachable)?)?,
        };
        if state.cursor.is_none() {
            return Err(ApiError::Unreadable("it says no cursor".into()));
        }
        Ok(state)
    }

    /// The rows of a server that has no snapshot.
    pub async fn rows(&self) -> Result<FirstState, ApiError> {
        let text = self.get("/workspaces").await?;
        let rows: Vec<&RawValue> = from_json(&text).map_err(unreadable)?;
        let mut reading = Reading::default();
        rows.into_iter().for_each(|row| reading.add_workspace(row));
        reading.finish()
    }

    /// Returns whether a snapshot of this server was requested before the program was there.
    pub fn has_early_snapshot(&self) -> bool {
        self.address().is_here && early::is_there(early::SNAPSHOT)
    }
}

impl FirstState {
    /// Reads a snapshot that is one JSON object.
    pub fn read(text: &str) -> Result<Self, ApiError> {
        let whole: WholeSnapshot<'_> = from_json(text).map_err(unreadable)?;
        let mut reading = Reading::default();
        reading.state.cursor = whole.cursor;
        let workspaces = whole.workspaces.into_iter().map(SnapshotLine::Workspace);
        let executions = whole.executions.into_iter().map(SnapshotLine::Execution);
        let runs = whole.runs.into_iter().map(SnapshotLine::Run);
        let agents = whole.agents.into_iter().map(SnapshotLine::Agent);
        workspaces.chain(executions).chain(runs).chain(agents).for_each(|record| reading.add(record));
        reading.finish()
    }
}

async fn read_lines(mut body: Body, show: impl Fn(Canvas)) -> Result<FirstState, ApiError> {
    let (mut buffer, mut reading) = (LineBuffer::default(), Reading::default());
    let mut wait = (WORTH_SHOWING, js_sys::Date::now() + AT_ONCE);
    while body.read(&mut buffer).await? {
        buffer.drain_lines(|line| reading.add_line(line)).map_err(unreadable)?;
        let (rows, now) = (reading.state.rows.len(), js_sys::Date::now());
        if rows >= wait.0 && now >= wait.1 {
            wait = (rows * GROWN, now + SHOWN_EVERY);
            show(reading.state.rows.alike());
        }
    }
    let is_whole = buffer.is_empty() && reading.header.as_ref().is_some_and(|it| it.record_count() == reading.records);
    if !is_whole && reading.error.is_none() {
        return Err(ApiError::Unreadable("the snapshot ended early".into()));
    }
    reading.finish()
}

fn unreadable(error: impl ToString) -> ApiError {
    ApiError::Unreadable(error.to_string())
}

impl Reading {
    fn add_line(&mut self, line: &str) {
        if self.header.is_none() {
            let header = from_json::<SnapshotHeader>(line);
            self.header = self.needed(header);
            self.state.cursor = self.header.as_ref().map(|header| header.cursor.clone());
            return;
        }
        self.records += 1;
        let record = from_json(line);
        if let Some(record) = self.needed(record) {
            self.add(record);
        }
    }

    fn add(&mut self, record: SnapshotLine<'_>) {
        match record {
            SnapshotLine::Workspace(row) => self.add_workspace(row),
            SnapshotLine::Execution(record) => {
                let execution = self.needed(from_json(record.get()));
                self.executions.extend(execution);
            }
            SnapshotLine::Run(record) => {
                let run = self.needed(from_json(record.get()));
                self.runs.extend(run);
            }
            SnapshotLine::Agent(record) => {
                let agent = self.needed(from_json(record.get()));
                self.agents.extend(agent);
            }
        }
    }

    /// A row that cannot be read does not spoil the others.
    fn add_workspace(&mut self, row: &RawValue) {
        match from_json::<Workspace>(row.get()) {
            Ok(row) => self.state.rows.put(row),
            Err(error) => self.state.unread.push(UnreadRow { reason: error.to_string() }),
        }
    }

    /// Without what is read here it would be another state.
    fn needed<T>(&mut self, read: Result<T, JsonError>) -> Option<T> {
        read.map_err(|error| self.error = Some(unreadable(error))).ok()
    }

    fn finish(mut self) -> Result<FirstState, ApiError> {
        self.state.runs = Runs::from_records(self.executions, self.runs, self.agents);
        self.error.map_or(Ok(self.state), Err)
    }
}
