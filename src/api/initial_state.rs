//! Requests the initial state: a snapshot, read while it arrives, or the rows of a server that has no log.

use orrery_client::{InitialState, InitialStateError, SnapshotReader};
use orrery_model::Canvas;
use orrery_protocol::snapshot::NDJSON;

use super::snapshot_body::SnapshotBody;
use super::{Api, ApiError, check_status, early_requests};

/// In milliseconds: a snapshot that arrives within this time is shown only as a whole.
const FIRST_PARTIAL_AFTER: f64 = 30.0;
/// How many rows are shown first.
const FIRST_PARTIAL_ROWS: usize = 250;
/// Rows are shown again when there are this many times more, and at most once in `PARTIAL_INTERVAL` milliseconds.
const PARTIAL_GROWTH: usize = 8;
const PARTIAL_INTERVAL: f64 = 2000.0;

impl Api {
    /// Loads a snapshot. Calls `show_partial` now and then with the rows that have arrived.
    pub async fn load_snapshot(&self, show_partial: impl Fn(Canvas)) -> Result<InitialState, ApiError> {
        let early = if self.has_early_snapshot() {
            early_requests::take_response(early_requests::SNAPSHOT).await
        } else {
            None
        };
        let response = match early {
            Some(early) => check_status(early).await?,
            None => self.open("/snapshot", NDJSON).await?,
        };
        let content_type = response.headers().get("content-type").unwrap_or_default();
        let state = match content_type.starts_with(NDJSON) {
            true => read_lines(SnapshotBody::new(&response)?, show_partial).await?,
            false => InitialState::from_snapshot(&response.text().await.map_err(|_| ApiError::Unreachable)?)?,
        };
        if state.cursor.is_none() {
            return Err(ApiError::Unreadable("the snapshot has no cursor".into()));
        }
        Ok(state)
    }

    /// Loads the rows of a server that has no snapshots.
    pub async fn load_rows(&self) -> Result<InitialState, ApiError> {
        Ok(InitialState::from_rows(&self.get("/workspaces").await?)?)
    }

    /// Returns whether a snapshot of this server was requested before the program was there.
    pub fn has_early_snapshot(&self) -> bool {
        self.address().is_same_origin && early_requests::is_available(early_requests::SNAPSHOT)
    }
}

impl From<InitialStateError> for ApiError {
    fn from(error: InitialStateError) -> Self {
        Self::Unreadable(error.to_string())
    }
}

async fn read_lines(mut body: SnapshotBody, show_partial: impl Fn(Canvas)) -> Result<InitialState, ApiError> {
    let mut reader = SnapshotReader::default();
    let mut next_partial = (FIRST_PARTIAL_ROWS, js_sys::Date::now() + FIRST_PARTIAL_AFTER);
    while body.read_into(&mut reader).await? {
        reader.read_lines()?;
        let (rows, now) = (reader.rows().len(), js_sys::Date::now());
        if rows >= next_partial.0 && now >= next_partial.1 {
            next_partial = (rows * PARTIAL_GROWTH, now + PARTIAL_INTERVAL);
            show_partial(reader.rows().clone_rows());
        }
    }
    Ok(reader.finish()?)
}
