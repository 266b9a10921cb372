//! Reads the initial state: a snapshot line by line while it arrives, a snapshot in one JSON object, or bare rows.

use orrery_model::{Canvas, Runs};
use orrery_protocol::snapshot::{SnapshotHeader, SnapshotLine};
use orrery_protocol::{AgentState, Cursor, Execution, JsonError, Run, Workspace, from_json};
use serde::Deserialize;
use serde_json::value::RawValue;

use crate::line_buffer::{LineBuffer, NotUtf8};

/// The state that later events are applied to.
#[derive(Default)]
pub struct InitialState {
    /// `None` from a server that does not number its events.
    pub cursor: Option<Cursor>,
    pub rows: Canvas,
    pub runs: Runs,
    /// Rows that could not be read and are left out.
    pub unreadable: Vec<UnreadableRow>,
}

/// One row that could not be read. It does not spoil the others.
pub struct UnreadableRow {
    pub reason: String,
}

/// A state that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum InitialStateError {
    #[error("{0}")]
    Json(#[from] JsonError),
    #[error("{0}")]
    NotUtf8(#[from] NotUtf8),
    #[error("the snapshot ended early")]
    Incomplete,
}

/// Reads a snapshot as NDJSON (see section 9 of docs/protocol.md) from chunks of its body.
#[derive(Default)]
pub struct SnapshotReader {
    buffer: LineBuffer,
    header: Option<SnapshotHeader>,
    state: InitialState,
    executions: Vec<Execution>,
    runs: Vec<Run>,
    agents: Vec<AgentState>,
    records: usize,
    error: Option<JsonError>,
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

impl InitialState {
    /// Reads a snapshot that is one JSON object.
    pub fn from_snapshot(text: &str) -> Result<Self, InitialStateError> {
        let whole: WholeSnapshot<'_> = from_json(text)?;
        let mut reader = SnapshotReader::default();
        reader.state.cursor = whole.cursor;
        let workspaces = whole.workspaces.into_iter().map(SnapshotLine::Workspace);
        let executions = whole.executions.into_iter().map(SnapshotLine::Execution);
        let runs = whole.runs.into_iter().map(SnapshotLine::Run);
        let agents = whole.agents.into_iter().map(SnapshotLine::Agent);
        workspaces.chain(executions).chain(runs).chain(agents).for_each(|record| reader.add(record));
        reader.into_state()
    }

    /// Reads the rows of a server that has no snapshots.
    pub fn from_rows(text: &str) -> Result<Self, InitialStateError> {
        let rows: Vec<&RawValue> = from_json(text)?;
        let mut reader = SnapshotReader::default();
        rows.into_iter().for_each(|row| reader.add_workspace(row));
        reader.into_state()
    }
}

impl SnapshotReader {
    /// Returns room for the next `count` bytes of the body. Call `read_lines` when they are written.
    pub fn chunk(&mut self, count: usize) -> &mut [u8] {
        self.buffer.extend(count)
    }

    /// Reads the lines that are complete.
    pub fn read_lines(&mut self) -> Result<(), InitialStateError> {
        let mut buffer = std::mem::take(&mut self.buffer);
        let drained = buffer.drain_lines(|line| self.add_line(line));
        self.buffer = buffer;
        Ok(drained?)
    }

    /// Returns the workspaces that have been read so far.
    pub fn rows(&self) -> &Canvas {
        &self.state.rows
    }

    /// Returns the state after the last chunk of the body.
    pub fn finish(self) -> Result<InitialState, InitialStateError> {
        let is_complete =
            self.buffer.is_empty() && self.header.as_ref().is_some_and(|it| it.record_count() == self.records);
        if !is_complete && self.error.is_none() {
            return Err(InitialStateError::Incomplete);
        }
        self.into_state()
    }

    fn add_line(&mut self, line: &str) {
        if self.header.is_none() {
            let header = from_json::<SnapshotHeader>(line);
            self.header = self.required(header);
            self.state.cursor = self.header.as_ref().map(|header| header.cursor.clone());
            return;
        }
        self.records += 1;
        let record = from_json(line);
        if let Some(record) = self.required(record) {
            self.add(record);
        }
    }

    fn add(&mut self, record: SnapshotLine<'_>) {
        match record {
            SnapshotLine::Workspace(row) => self.add_workspace(row),
            SnapshotLine::Execution(record) => {
                let execution = self.required(from_json(record.get()));
                self.executions.extend(execution);
            }
            SnapshotLine::Run(record) => {
                let run = self.required(from_json(record.get()));
                self.runs.extend(run);
            }
            SnapshotLine::Agent(record) => {
                let agent = self.required(from_json(record.get()));
                self.agents.extend(agent);
            }
        }
    }

    fn add_workspace(&mut self, row: &RawValue) {
        match from_json::<Workspace>(row.get()) {
            Ok(row) => self.state.rows.insert_row(row),
            Err(error) => self.state.unreadable.push(UnreadableRow { reason: error.to_string() }),
        }
    }

    /// Notes the error of a record without which the state would be another one.
    fn required<T>(&mut self, read: Result<T, JsonError>) -> Option<T> {
        read.map_err(|error| self.error = Some(error)).ok()
    }

    fn into_state(mut self) -> Result<InitialState, InitialStateError> {
        self.state.runs = Runs::from_records(self.executions, self.runs, self.agents);
        self.error.map_or(Ok(self.state), |error| Err(error.into()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEADER: &str =
        r#"{"cursor":"e:7","viewport":{"x":0,"y":0,"zoom":1},"workspaces":2,"executions":0,"runs":0,"agents":0}"#;
    const ADA: &str = r#"{"workspace":{"id":"ada","name":"Ada"}}"#;

    /// Reads a body that arrives in pieces of five bytes.
    fn read(lines: &[&str]) -> Result<InitialState, InitialStateError> {
        let text: String = lines.iter().map(|line| format!("{line}\n")).collect();
        let mut reader = SnapshotReader::default();
        for chunk in text.as_bytes().chunks(5) {
            reader.chunk(chunk.len()).copy_from_slice(chunk);
            reader.read_lines()?;
        }
        reader.finish()
    }

    #[test]
    fn reads_a_snapshot_in_pieces_and_leaves_out_rows_it_cannot_read() {
        let state = read(&[HEADER, ADA, r#"{"workspace":{"id":[7]}}"#]).unwrap();
        assert_eq!(state.cursor.map(|cursor| cursor.to_string()).as_deref(), Some("e:7"));
        assert_eq!((state.rows.len(), state.unreadable.len()), (1, 1));
        assert!(state.unreadable[0].reason.contains("id"), "{}", state.unreadable[0].reason);
    }

    #[test]
    fn a_snapshot_without_all_of_its_records_is_incomplete() {
        for lines in [&[][..], &[HEADER], &[HEADER, ADA]] {
            assert!(matches!(read(lines), Err(InitialStateError::Incomplete)), "{lines:?}");
        }
    }

    #[test]
    fn an_unreadable_header_or_record_names_its_error() {
        let error = |lines: &[&str]| read(lines).err().unwrap().to_string();
        assert!(error(&[r#"{"cursor":7}"#]).contains("cursor"));
        assert!(error(&[HEADER, ADA, r#"{"team":{}}"#]).contains("team"));
    }
}
