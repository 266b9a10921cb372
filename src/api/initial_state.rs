//! Requests the initial state: a snapshot, read while it arrives, or the rows of a server that has no log.

use orrery_client::{InitialState, InitialStateError, SnapshotReader};
use orrery_model::Canvas;
use orrery_protocol::snapshot::NDJSON;

use super::body::Body;
use super::{Api, ApiError, accepted, early};

/// A snapshot that has arrived within so many milliseconds is shown at once as a whole.
const AT_ONCE: f64 = 30.0;
const WORTH_SHOWING: usize = 250;
/// Where loading takes long, the rows are shown again when there are so many times more, at most so often.
const GROWN: usize = 8;
const SHOWN_EVERY: f64 = 2000.0;

impl Api {
    /// Loads a snapshot. Calls `show` now and then with the rows that are there already.
    pub async fn snapshot(&self, show: impl Fn(Canvas)) -> Result<InitialState, ApiError> {
        let early = if self.has_early_snapshot() { early::take(early::SNAPSHOT).await } else { None };
        let response = match early {
            Some(early) => accepted(early).await?,
            None => self.open("/snapshot", NDJSON).await?,
        };
        let content_type = response.headers().get("content-type").unwrap_or_default();
        let state = match content_type.starts_with(NDJSON) {
            true => read_lines(Body::of(&response)?, show).await?,
            false => InitialState::from_snapshot(&response.text().await.map_err(|_| ApiError::Unreachable)?)?,
        };
        if state.cursor.is_none() {
            return Err(ApiError::Unreadable("the snapshot has no cursor".into()));
        }
        Ok(state)
    }

    /// Loads the rows of a server that has no snapshots.
    pub async fn rows(&self) -> Result<InitialState, ApiError> {
        Ok(InitialState::from_rows(&self.get("/workspaces").await?)?)
    }

    /// Returns whether a snapshot of this server was requested before the program was there.
    pub fn has_early_snapshot(&self) -> bool {
        self.address().is_here && early::is_there(early::SNAPSHOT)
    }
}

impl From<InitialStateError> for ApiError {
    fn from(error: InitialStateError) -> Self {
        Self::Unreadable(error.to_string())
    }
}

async fn read_lines(mut body: Body, show: impl Fn(Canvas)) -> Result<InitialState, ApiError> {
    let mut reader = SnapshotReader::default();
    let mut wait = (WORTH_SHOWING, js_sys::Date::now() + AT_ONCE);
    while body.read(&mut reader).await? {
        reader.read_lines()?;
        let (rows, now) = (reader.rows().len(), js_sys::Date::now());
        if rows >= wait.0 && now >= wait.1 {
            wait = (rows * GROWN, now + SHOWN_EVERY);
            show(reader.rows().clone_rows());
        }
    }
    Ok(reader.finish()?)
}
