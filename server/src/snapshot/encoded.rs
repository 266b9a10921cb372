//! A snapshot as it is sent. Never when it is made.

use std::io::Write as _;

use bytes::Bytes;
use flate2::Compression;
use flate2::write::GzEncoder;
use orrery_model::Still;
use orrery_protocol::record::Viewport;
use orrery_protocol::{Cursor, Epoch};
use serde::ser::{Serialize, SerializeStruct, Serializer};

#[derive(Debug)]
pub struct Encoded {
    pub cursor: Cursor,
    pub viewport: Viewport,
    /// Of the state, as `X-State-Hash` says it.
    pub hash: u64,
    pub json: Bytes,
    pub gzip: Option<Bytes>,
}

impl Encoded {
    pub fn new(still: &Still, epoch: Epoch, viewport: Viewport, gzip: bool) -> Self {
        let cursor = Cursor { epoch, seq: still.seq };
        let whole = Whole { cursor: &cursor, still, viewport };
        let json = Bytes::from(serde_json::to_vec(&whole).expect("records are JSON"));
        let gzip = gzip.then(|| squeeze(&json));
        Self { hash: still.hash(), json, gzip, cursor, viewport }
    }
}

/// The shape of `orrery_protocol::record::Snapshot`, written without a copy of every record.
struct Whole<'a> {
    cursor: &'a Cursor,
    still: &'a Still,
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

/// Fast rather than small: it is made for one moment.
fn squeeze(json: &[u8]) -> Bytes {
    let mut squeezed = GzEncoder::new(Vec::with_capacity(json.len() / 6), Compression::fast());
    let written = squeezed.write_all(json).and_then(|()| squeezed.finish());
    Bytes::from(written.expect("memory can be written"))
}

#[cfg(test)]
mod tests {
    use orrery_model::Canvas;
    use orrery_protocol::record::Snapshot;
    use orrery_protocol::{Workspace, WorkspaceId};

    use super::*;

    #[test]
    fn it_reads_as_the_protocol_says() {
        let row = |id: &str| Workspace::new(WorkspaceId::parse(id).unwrap());
        let canvas = Canvas::from_rows([row("a"), row("b")], 7);
        let viewport = Viewport { x: 1.0, y: 2.0, zoom: 0.5 };
        let encoded = Encoded::new(&canvas.still(), Epoch::new("e"), viewport, true);
        let read: Snapshot = serde_json::from_slice(&encoded.json).unwrap();
        assert_eq!((read.cursor.to_string().as_str(), read.viewport), ("e:7", viewport));
        assert_eq!(Canvas::from_rows(read.workspaces, 7).hash(), encoded.hash);
        let mut plain = Vec::new();
        std::io::Read::read_to_end(&mut flate2::read::GzDecoder::new(&encoded.gzip.unwrap()[..]), &mut plain).unwrap();
        assert_eq!(plain, encoded.json);
    }
}
