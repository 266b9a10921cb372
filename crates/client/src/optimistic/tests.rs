//! Tests of diffs, of the requests that carry them out, and of the overlay.

use orrery_model::Canvas;
use orrery_protocol::{Agent, Status, Workspace, WorkspaceId};
use serde_json::json;

use super::*;

fn id(text: &str) -> WorkspaceId {
    WorkspaceId::parse(text).unwrap()
}

fn rename(from: &str, to: &str) -> WorkspaceDiff {
    WorkspaceDiff { name: FieldChange::between(from.to_owned(), to.to_owned()), ..WorkspaceDiff::default() }
}

fn change_tier(from: u8, to: u8) -> WorkspaceDiff {
    WorkspaceDiff { tier: FieldChange::between(from, to), ..WorkspaceDiff::default() }
}

fn change_model(from: Option<&str>, to: Option<&str>) -> WorkspaceDiff {
    let model = FieldChange::between(from.map(str::to_owned), to.map(str::to_owned));
    WorkspaceDiff { model, ..WorkspaceDiff::default() }
}

fn at(x: f64, y: f64, is_fixed: bool) -> Position {
    Position { x, y, source: if is_fixed { PositionSource::Record } else { PositionSource::Layout } }
}

fn arranged(x: f64, y: f64, pinned: bool) -> Position {
    Position { x, y, source: PositionSource::Server { pinned } }
}

fn place(from: Position, to: Position) -> WorkspaceDiff {
    WorkspaceDiff { position: FieldChange::between(from, to), ..WorkspaceDiff::default() }
}

fn restart(from: Status) -> WorkspaceDiff {
    let restart = Some(FieldChange { from, to: Status::Provisioning });
    WorkspaceDiff { restart, ..WorkspaceDiff::default() }
}

fn workspace(name: &str) -> Workspace {
    let mut workspace = Workspace::new(id("w"));
    workspace.name = name.to_owned();
    workspace.status = Status::Failed;
    workspace
}

fn canvas(name: &str) -> Canvas {
    Canvas::from_rows([workspace(name)], 0)
}

fn displayed(overlay: &OptimisticOverlay, canvas: &Canvas) -> String {
    let mut record = canvas.workspace(&id("w")).unwrap().clone();
    if let Some(changes) = overlay.changes_of(&id("w")) {
        changes.apply_to(&mut record);
    }
    record.name
}

/// A change of every field that can be reversed.
fn everything() -> WorkspaceDiff {
    WorkspaceDiff {
        name: FieldChange::between("A".to_owned(), "B".to_owned()),
        tier: FieldChange::between(1, 3),
        model: FieldChange::between(Some("old".to_owned()), Some("new".to_owned())),
        collapsed: FieldChange::between(false, true),
        parent: FieldChange::between(None, Some(id("team"))),
        position: FieldChange::between(at(0.0, 0.0, true), at(4.0, 8.0, true)),
        restart: None,
    }
}

#[test]
fn a_diff_followed_by_its_reverse_is_empty() {
    let diff = Diff::of(id("w"), everything());
    let mut all = diff.clone();
    all.squash(diff.reverse());
    assert!(all.is_empty());
    assert_eq!(diff.reverse().reverse(), diff);
}

#[test]
fn squashing_keeps_the_first_value_before_and_the_last_value_after() {
    let mut diff = Diff::of(id("w"), rename("A", "B"));
    diff.squash(Diff::of(id("v"), change_tier(1, 2)));
    diff.squash(Diff::of(id("w"), rename("B", "C")));
    assert_eq!(diff.get(&id("w")), Some(&rename("A", "C")));
    assert_eq!(diff.get(&id("v")), Some(&change_tier(1, 2)));
}

#[test]
fn applying_a_diff_and_its_reverse_restores_the_record() {
    let mut before = workspace("A");
    before.agent = Some(Agent { id: None, model: "old".into() });
    (before.x, before.y) = (Some(0.0), Some(0.0));
    let (mut record, changes) = (before.clone(), everything());
    changes.apply_to(&mut record);
    assert!(changes.is_confirmed_by(&record));
    assert!(!changes.is_confirmed_by(&before));
    changes.reverse().apply_to(&mut record);
    assert_eq!(record, before);
}

#[test]
fn a_restart_is_shown_as_provisioning_and_cannot_be_reversed() {
    let diff = Diff::of(id("w"), restart(Status::Failed));
    let mut record = workspace("A");
    diff.get(&id("w")).unwrap().apply_to(&mut record);
    assert_eq!(record.status, Status::Provisioning);
    assert_eq!(diff.requests(), [WorkspaceRequest::Restart(id("w"))]);
    assert!(diff.reverse().is_empty());
    let again = Diff::of(id("w"), restart(Status::Provisioning));
    assert_eq!(again.requests().len(), 1, "what restarts already can be restarted again");
}

#[test]
fn fields_of_one_workspace_are_one_patch() {
    let requests = Diff::of(id("w"), everything()).requests();
    let fields = json!({"name": "B", "tier": 3, "collapsed": true, "parent_id": "team", "x": 4.0, "y": 8.0});
    assert_eq!(
        requests,
        [WorkspaceRequest::Patch(id("w"), fields), WorkspaceRequest::ReplaceAgent(id("w"), "new".into())]
    );
    let requests = Diff::of(id("w"), everything()).reverse().requests();
    let fields = json!({"name": "A", "tier": 1, "collapsed": false, "parent_id": null, "x": 0.0, "y": 0.0});
    assert_eq!(requests[0], WorkspaceRequest::Patch(id("w"), fields));
}

#[test]
fn the_reverse_of_assigning_an_agent_removes_it() {
    let diff = Diff::of(id("w"), change_model(None, Some("m")));
    assert_eq!(diff.requests(), [WorkspaceRequest::AssignAgent(id("w"), "m".into())]);
    assert_eq!(diff.reverse().requests(), [WorkspaceRequest::RemoveAgent(id("w"))]);
}

#[test]
fn a_position_chosen_by_the_layout_is_recorded_only_where_the_record_states_another() {
    let requests = |from, to| Diff::of(id("w"), place(from, to)).requests();
    let patch = |x: f64, y: f64| vec![WorkspaceRequest::Patch(id("w"), json!({"x": x, "y": y}))];
    let (here, there) = (|is_fixed| at(1.0, 2.0, is_fixed), |is_fixed| at(3.0, 4.0, is_fixed));
    assert_eq!(requests(here(false), there(true)), patch(3.0, 4.0));
    assert_eq!(requests(here(false), there(false)), vec![], "it only moves into a team");
    assert_eq!(requests(here(true), there(false)), patch(3.0, 4.0), "undo of a first drag");
    assert_eq!(requests(here(false), here(true)), patch(1.0, 2.0), "a team around a drop states its position");
    assert_eq!(requests(here(true), here(false)), vec![], "and keeps it on undo");
}

#[test]
fn pending_changes_survive_other_events_and_end_when_they_are_confirmed() {
    let mut overlay = OptimisticOverlay::default();
    overlay.push(Diff::of(id("w"), rename("A", "B")));
    assert!(overlay.remove_confirmed(&canvas("A")).is_empty());
    assert_eq!(displayed(&overlay, &canvas("A")), "B");
    assert_eq!(overlay.remove_confirmed(&canvas("B")), [id("w")]);
    assert!(overlay.is_empty());
    assert_eq!(displayed(&overlay, &canvas("C")), "C");
}

#[test]
fn a_refused_change_leaves_the_later_ones() {
    let mut overlay = OptimisticOverlay::default();
    let first = overlay.push(Diff::of(id("w"), rename("A", "B")));
    let second = overlay.push(Diff::of(id("w"), rename("B", "C")));
    assert!(overlay.remove(first).is_some());
    assert!(overlay.remove(first).is_none());
    assert_eq!(displayed(&overlay, &canvas("A")), "C");
    overlay.remove(second);
    assert_eq!(displayed(&overlay, &canvas("A")), "A");
}

#[test]
fn a_confirmed_change_ends_the_earlier_ones_that_it_overtook() {
    let mut overlay = OptimisticOverlay::default();
    let mut first = rename("A", "B");
    first.squash(change_tier(1, 2));
    overlay.push(Diff::of(id("w"), first));
    overlay.push(Diff::of(id("w"), rename("B", "C")));
    overlay.remove_confirmed(&canvas("C"));
    assert_eq!(displayed(&overlay, &canvas("C")), "C");
    assert_eq!(overlay.changes_of(&id("w")), Some(change_tier(1, 2)), "the tier is not confirmed yet");
}

#[test]
fn a_removed_workspace_ends_its_pending_changes() {
    let mut overlay = OptimisticOverlay::default();
    overlay.push(Diff::of(id("w"), rename("A", "B")));
    overlay.remove_confirmed(&Canvas::from_rows([], 0));
    assert!(overlay.is_empty());
}

#[test]
fn a_server_that_arranges_sets_all_positions_in_one_request_and_back() {
    let mut diff = Diff::arranged();
    let name = FieldChange::between("A".to_owned(), "B".to_owned());
    let parent = FieldChange::between(None, Some(id("team")));
    diff.add(id("a"), WorkspaceDiff { name, parent, ..place(arranged(0.0, 0.0, false), arranged(8.0, 0.0, true)) });
    let position = |x, pinned| orrery_protocol::Position { x, y: 0.0, pinned };
    let displaced = |id, from, to| orrery_protocol::MovedWorkspace { id, from, to };
    diff.add_moved(&[
        displaced(id("a"), position(0.0, false), position(12.0, true)),
        displaced(id("b"), position(4.0, false), position(300.0, false)),
    ]);
    let requests = |diff: &Diff| diff.requests();
    let patch = |name: &str| WorkspaceRequest::Patch(id("a"), json!({ "name": name }));
    assert_eq!(
        requests(&diff),
        [
            patch("B"),
            WorkspaceRequest::SetPositions(vec![
                json!({ "id": "a", "x": 12.0, "y": 0.0, "pinned": true, "parent_id": "team" }),
                json!({ "id": "b", "x": 300.0, "y": 0.0, "pinned": false }),
            ]),
        ]
    );
    assert_eq!(
        requests(&diff.reverse()),
        [
            patch("A"),
            WorkspaceRequest::SetPositions(vec![
                json!({ "id": "a", "x": 0.0, "y": 0.0, "pinned": false, "parent_id": null }),
                json!({ "id": "b", "x": 4.0, "y": 0.0, "pinned": false }),
            ]),
        ]
    );
}
