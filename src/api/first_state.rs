//! The first state: a snapshot, or the rows of a server that has no log. It is read while it arrives, so that the first
//! cards are there before the last row. Never folded here.

use orrery_model::{Canvas, Runs};
use orrery_protocol::{AgentState, Cursor, Execution, Run, Workspace};

use super::body::Body;
use super::pieces::Pieces;
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
    state: FirstState,
    executions: Vec<Execution>,
    runs: Vec<Run>,
    agents: Vec<AgentState>,
    broken: Option<ApiError>,
}

impl Api {
    /// `show` is called with what is there already, now and then.
    pub async fn snapshot(&self, show: impl Fn(Canvas)) -> Result<FirstState, ApiError> {
        let state = self.first_state("/snapshot", show).await?;
        if state.cursor.is_none() {
            return Err(ApiError::Unreadable("it says no cursor".into()));
        }
        Ok(state)
    }

    pub async fn rows(&self, show: impl Fn(Canvas)) -> Result<FirstState, ApiError> {
        self.first_state("/workspaces", show).await
    }

    /// Was a snapshot of this server asked for before the program was there?
    pub fn has_early_snapshot(&self) -> bool {
        self.address().is_here && early::is_there(early::SNAPSHOT)
    }

    async fn first_state(&self, path: &str, show: impl Fn(Canvas)) -> Result<FirstState, ApiError> {
        let early = if self.has_early_snapshot() { early::take(early::SNAPSHOT).await } else { None };
        let answer = match early {
            Some(early) => accepted(early).await?,
            None => self.open(path).await?,
        };
        let mut body = Body::of(&answer)?;
        let (mut pieces, mut reading) = (Pieces::default(), Reading::default());
        let mut wait = (WORTH_SHOWING, js_sys::Date::now() + AT_ONCE);
        while body.read(&mut pieces).await? {
            pieces.take(|key, piece| reading.take(key, piece)).map_err(unreadable)?;
            let (rows, now) = (reading.state.rows.len(), js_sys::Date::now());
            if rows >= wait.0 && now >= wait.1 {
                wait = (rows * GROWN, now + SHOWN_EVERY);
                show(reading.state.rows.alike());
            }
        }
        pieces.finish().map_err(unreadable)?;
        reading.finish()
    }
}

impl FirstState {
    /// The same from a file that is whole.
    pub fn read(text: &str) -> Result<Self, ApiError> {
        let (mut pieces, mut reading) = (Pieces::default(), Reading::default());
        pieces.room(text.len()).copy_from_slice(text.as_bytes());
        pieces.take(|key, piece| reading.take(key, piece)).map_err(unreadable)?;
        pieces.finish().map_err(unreadable)?;
        reading.finish()
    }
}

fn unreadable(error: impl ToString) -> ApiError {
    ApiError::Unreadable(error.to_string())
}

impl Reading {
    fn take(&mut self, key: &str, piece: &str) {
        match key {
            // Without a key: the list of a server that has no snapshot.
            "" | "workspaces" => match Workspace::read(piece) {
                Ok(row) => self.state.rows.put(row),
                Err(reason) => self.state.unread.push(UnreadRow { reason }),
            },
            "cursor" => self.state.cursor = self.must(Cursor::read(piece)),
            "executions" => {
                let execution = self.must(Execution::read(piece));
                self.executions.extend(execution);
            }
            "runs" => {
                let run = self.must(Run::read(piece));
                self.runs.extend(run);
            }
            "agents" => {
                let agent = self.must(AgentState::read(piece));
                self.agents.extend(agent);
            }
            _ => {}
        }
    }

    /// Without these it would be another state.
    fn must<T>(&mut self, read: Result<T, String>) -> Option<T> {
        read.map_err(|reason| self.broken = Some(ApiError::Unreadable(reason))).ok()
    }

    fn finish(mut self) -> Result<FirstState, ApiError> {
        self.state.runs = Runs::from_records(self.executions, self.runs, self.agents);
        self.broken.map_or(Ok(self.state), Err)
    }
}
