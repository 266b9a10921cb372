//! A snapshot as it is sent, while it is made: its place and its hash are known before its first byte. Never when it is made.

use std::io::{self, Write};
use std::sync::Arc;

use bytes::Bytes;
use flate2::Compression;
use flate2::write::GzEncoder;
use futures_util::{Stream, StreamExt};
use orrery_model::StateSnapshot;
use orrery_protocol::record::Viewport;
use orrery_protocol::snapshot::{SnapshotHeader, SnapshotRecord};
use orrery_protocol::{Cursor, Epoch};
use serde::ser::{Serialize, SerializeStruct, Serializer};

use super::pieces::Pieces;

/// So much is sent at once: first a little, so that it can be read while the rest is made.
const FIRST: usize = 16 * 1024;
const EACH: usize = 128 * 1024;
/// So many pieces are squeezed each by itself; later ones share what they have in common.
const FLUSHED: usize = 4;

#[derive(Debug)]
pub struct Encoded {
    pub cursor: Cursor,
    pub viewport: Viewport,
    /// Of the state, as `X-State-Hash` says it.
    pub hash: u64,
    pub format: Format,
    plain: Option<Pieces>,
    squeezed: Option<Pieces>,
}

/// How the records are laid out (see `orrery_protocol::snapshot`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    Json,
    Ndjson,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    Plain,
    Gzip,
}

/// What somebody waits for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Forms {
    pub plain: bool,
    pub gzip: bool,
}

impl Forms {
    pub fn of(wanted: impl Iterator<Item = Form> + Clone) -> Self {
        Self {
            plain: wanted.clone().any(|form| form == Form::Plain),
            gzip: wanted.clone().any(|form| form == Form::Gzip),
        }
    }
}

impl Encoded {
    /// Everything but the bytes.
    pub fn begin(still: &StateSnapshot, epoch: Epoch, viewport: Viewport, format: Format, forms: Forms) -> Arc<Self> {
        Arc::new(Self {
            hash: still.hash(),
            cursor: Cursor { epoch, seq: still.seq },
            viewport,
            format,
            plain: forms.plain.then(Pieces::default),
            squeezed: forms.gzip.then(Pieces::default),
        })
    }

    /// The bytes. Takes as long as there are rows.
    pub fn fill(self: &Arc<Self>, still: &StateSnapshot) {
        let mut writing = Writing::to(self);
        let written = match self.format {
            Format::Json => {
                let whole = Whole { cursor: &self.cursor, still, viewport: self.viewport };
                serde_json::to_writer(&mut writing, &whole).map_err(io::Error::from)
            }
            Format::Ndjson => self.write_lines(still, &mut writing),
        };
        if let Err(error) = written.and_then(|()| writing.finish()) {
            tracing::error!(%error, "a snapshot could not be written");
        }
    }

    fn write_lines(&self, still: &StateSnapshot, to: &mut Writing<'_>) -> io::Result<()> {
        let header = SnapshotHeader {
            cursor: self.cursor.clone(),
            viewport: self.viewport,
            workspaces: still.workspaces.len(),
            executions: still.executions.len(),
            runs: still.runs.len(),
            agents: still.agents.len(),
        };
        write_line(to, &header)?;
        let workspaces = still.workspaces.iter().map(|it| SnapshotRecord::Workspace(it));
        let executions = still.executions.iter().map(|it| SnapshotRecord::Execution(it));
        let runs = still.runs.iter().map(|it| SnapshotRecord::Run(it));
        let agents = still.agents.iter().map(|it| SnapshotRecord::Agent(it));
        workspaces.chain(executions).chain(runs).chain(agents).try_for_each(|record| write_line(to, &record))
    }

    pub fn has(&self, forms: Forms) -> bool {
        (self.plain.is_some() || !forms.plain) && (self.squeezed.is_some() || !forms.gzip)
    }

    /// From the first byte, as they come. `None` in a form that nobody had asked for.
    pub fn read(self: &Arc<Self>, form: Form) -> Option<impl Stream<Item = io::Result<Bytes>> + Send + use<>> {
        let pieces = match form {
            Form::Plain => &self.plain,
            Form::Gzip => &self.squeezed,
        };
        // Held until it is sent: who asks meanwhile may share it.
        let held = self.clone();
        Some(pieces.as_ref()?.read().map(move |piece| {
            let _ = &held;
            piece
        }))
    }
}

/// Cuts what is written into pieces. Dropped before its end it tells the readers so.
struct Writing<'a> {
    to: &'a Encoded,
    piece: Vec<u8>,
    gzip: Option<GzEncoder<Vec<u8>>>,
    pieces: usize,
}

impl<'a> Writing<'a> {
    fn to(to: &'a Encoded) -> Self {
        // Fast rather than small: it is made for one moment.
        let gzip = to.squeezed.as_ref().map(|_| GzEncoder::new(Vec::new(), Compression::fast()));
        Self { to, piece: Vec::with_capacity(FIRST * 2), gzip, pieces: 0 }
    }

    fn cut(&mut self) -> io::Result<()> {
        let piece = std::mem::replace(&mut self.piece, Vec::with_capacity(EACH + FIRST));
        self.pieces += 1;
        if let (Some(gzip), Some(squeezed)) = (&mut self.gzip, &self.to.squeezed) {
            gzip.write_all(&piece)?;
            if self.pieces <= FLUSHED {
                gzip.flush()?;
            }
            squeezed.push(std::mem::take(gzip.get_mut()).into());
        }
        if let Some(plain) = &self.to.plain {
            plain.push(piece.into());
        }
        Ok(())
    }

    fn finish(mut self) -> io::Result<()> {
        self.cut()?;
        if let (Some(gzip), Some(squeezed)) = (self.gzip.take(), &self.to.squeezed) {
            squeezed.push(gzip.finish()?.into());
            squeezed.finish();
        }
        self.to.plain.iter().for_each(Pieces::finish);
        Ok(())
    }
}

impl Write for Writing<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.piece.extend_from_slice(bytes);
        if self.piece.len() >= if self.pieces < FLUSHED { FIRST } else { EACH } {
            self.cut()?;
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Drop for Writing<'_> {
    fn drop(&mut self) {
        self.to.plain.iter().chain(&self.to.squeezed).for_each(Pieces::give_up);
    }
}

fn write_line(to: &mut Writing<'_>, line: &impl Serialize) -> io::Result<()> {
    serde_json::to_writer(&mut *to, line)?;
    to.write_all(b"\n")
}

/// The shape of `orrery_protocol::snapshot::Snapshot`, written without a copy of every record.
struct Whole<'a> {
    cursor: &'a Cursor,
    still: &'a StateSnapshot,
    viewport: Viewport,
}

impl Serialize for Whole<'_> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let mut whole = to.serialize_struct("Snapshot", 6)?;
        whole.serialize_field("cursor", self.cursor)?;
        whole.serialize_field("workspaces", &self.still.workspaces)?;
        whole.serialize_field("executions", &self.still.executions)?;
        whole.serialize_field("runs", &self.still.runs)?;
        whole.serialize_field("agents", &self.still.agents)?;
        whole.serialize_field("viewport", &self.viewport)?;
        whole.end()
    }
}

#[cfg(test)]
mod tests;
