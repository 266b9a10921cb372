//! What is sent reads as what was meant, in both forms, and while it is made. Never when it is made.

use futures_util::{FutureExt, StreamExt};
use orrery_model::Canvas;
use orrery_protocol::snapshot::{Snapshot, SnapshotLine};
use orrery_protocol::{Workspace, WorkspaceId, from_json};

use super::*;

const BOTH: Forms = Forms { plain: true, gzip: true };
const VIEWPORT: Viewport = Viewport { x: 1.0, y: 2.0, zoom: 0.5 };

fn still(rows: usize) -> StateSnapshot {
    let row = |number: usize| Workspace::new(WorkspaceId::parse(&format!("w{number}")).unwrap());
    Canvas::from_rows((0..rows).map(row), 7).snapshot()
}

fn begun(still: &StateSnapshot) -> Arc<Encoded> {
    Encoded::begin(still, Epoch::new("e"), VIEWPORT, Format::Json, BOTH)
}

fn read(encoded: &Arc<Encoded>, form: Form) -> Vec<Bytes> {
    let pieces = Box::pin(encoded.read(form).unwrap());
    pieces.map(Result::unwrap).collect::<Vec<_>>().now_or_never().unwrap()
}

#[test]
fn it_reads_as_the_protocol_says() {
    let still = still(2);
    let encoded = begun(&still);
    encoded.fill(&still);
    let json = read(&encoded, Form::Plain).concat();
    let snapshot: Snapshot = serde_json::from_slice(&json).unwrap();
    assert_eq!((snapshot.cursor.to_string().as_str(), snapshot.viewport), ("e:7", VIEWPORT));
    assert_eq!(Canvas::from_rows(snapshot.workspaces, 7).hash(), encoded.hash);
}

#[test]
fn as_ndjson_each_record_is_a_line_after_the_header() {
    let still = still(3);
    let encoded = Encoded::begin(&still, Epoch::new("e"), VIEWPORT, Format::Ndjson, BOTH);
    encoded.fill(&still);
    let text = String::from_utf8(read(&encoded, Form::Plain).concat()).unwrap();
    let mut lines = text.lines();
    let header: SnapshotHeader = from_json(lines.next().unwrap()).unwrap();
    assert_eq!((header.cursor.to_string().as_str(), header.viewport), ("e:7", VIEWPORT));
    let rows = lines.map(|line| match from_json(line).unwrap() {
        SnapshotLine::Workspace(record) => from_json::<Workspace>(record.get()).unwrap(),
        other => panic!("{other:?}"),
    });
    let canvas = Canvas::from_rows(rows, 7);
    assert_eq!((canvas.len(), canvas.hash()), (header.workspaces, encoded.hash));
}

#[test]
fn the_first_rows_leave_before_the_last_are_written() {
    let still = still(5_000);
    let encoded = begun(&still);
    encoded.fill(&still);
    let (plain, squeezed) = (read(&encoded, Form::Plain), read(&encoded, Form::Gzip));
    let whole = plain.concat();
    assert!(plain[0].len() < 2 * FIRST && plain.len() > 8, "{} pieces", plain.len());
    let unzip = |bytes: &[u8]| {
        let mut text = Vec::new();
        // The first piece ends in the middle of the stream.
        let _ = io::Read::read_to_end(&mut flate2::read::GzDecoder::new(bytes), &mut text);
        text
    };
    assert_eq!(unzip(&squeezed[0]), plain[0], "a piece can be read before the next one comes");
    assert_eq!(unzip(&squeezed.concat()), whole);
}

#[test]
fn what_nobody_waits_for_is_not_made() {
    let still = still(1);
    let forms = Forms::of([Form::Gzip, Form::Gzip].into_iter());
    let encoded = Encoded::begin(&still, Epoch::new("e"), VIEWPORT, Format::Json, forms);
    encoded.fill(&still);
    assert!(encoded.read(Form::Plain).is_none() && encoded.has(forms) && !encoded.has(BOTH));
}
