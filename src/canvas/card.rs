//! One workspace as a card. Takes its own signals, and nothing of the world.
//!
//! One closure says all of it in plain values: a change is one effect that writes what differs, and a card is nine
//! elements. Its marks are masks of the sheet, not elements.

use leptos::prelude::*;
use orrery_protocol::{Workspace, WorkspaceId};

use super::controller::CanvasController;
use super::looks;
use super::reason::reason;
use super::work::work_marks;
use crate::session::Session;
use crate::store::{NodeActivity, NodeHandle, NodePosition, TeamSummary};
use crate::ui::kept::watch;
use crate::ui::written::{Part, Words};
use orrery_layout::decimal;

/// Tracks the time only where it is shown.
pub(super) fn card(
    it: &Workspace,
    seen: &Seen,
    family: TeamSummary,
    work: &NodeActivity,
    now: ReadSignal<orrery_protocol::Timestamp>,
) -> Part {
    let status = looks::status(&it.status, it.status_since.millis(), || now.get().millis());
    let (line, is_empty) = looks::line(it);
    let skills = looks::trouble(it).is_none().then(|| looks::skills(it)).flatten();
    let line = cut("card-line", line);
    let line = line.parts(vec![is_empty.then(|| Part::new("span", "card-empty").words("empty"))]);
    let word = Part::new("span", "status-word").with("data-status", seen.status()).words(status);
    let [agent, running] = work_marks(work);
    let foot = Part::new("footer", "card-foot").parts(vec![
        Some(word),
        agent,
        running,
        counted("tasks", it.active_tasks as usize, "active task", "active tasks"),
        problems(family.problems),
        counted("children", family.children, "workspace inside", "workspaces inside"),
    ]);
    let whole = seen.on(Part::new("div", "card"), it).with("data-tier", format!("T{}", it.tier));
    whole.parts(vec![
        (family.children > 0).then(|| toggle(&looks::name(it), true)),
        Some(Part::new("i", "mark").with("data-status", seen.status())),
        Some(cut("card-name", looks::name(it))),
        Some(line),
        it.current_task.clone().map(|task| cut("task card-task", task)),
        reason(it, seen.is_asking, "card-reason"),
        skills.map(|skills| cut("card-skills", skills)),
        Some(foot),
    ])
}

/// What is seen of a workspace besides its record, on a card and a team alike.
pub(super) struct Seen {
    pub(super) place: NodePosition,
    status: String,
    is_selected: bool,
    is_target: bool,
    pub(super) is_asking: bool,
}

impl Seen {
    fn status(&self) -> String {
        self.status.clone()
    }

    /// What both say on their outermost element.
    pub(super) fn on(&self, part: Part, it: &Workspace) -> Part {
        let at = self.place.rect.at;
        part.with("data-workspace-id", it.id.to_string())
            .with("role", "treeitem")
            // One of them all is a stop of Tab: `keyboard` says which.
            .with("tabindex", "-1")
            .with("data-status", self.status())
            .maybe("data-task", it.current_task.clone().map(Words::from))
            .flag("data-selected", self.is_selected)
            .flag("data-drop", self.is_target)
            .flag("data-carried", self.place.is_dragged)
            .flag("data-dimmed", self.place.is_dimmed)
            .with("aria-label", looks::spoken(it))
            .with("aria-level", (self.place.depth + 1).to_string())
            .with("aria-selected", if self.is_selected { "true" } else { "false" })
            .style("transform", format!("translate({}px, {}px)", decimal(at.x), decimal(at.y)))
    }
}

/// What this tab's person chose, as far as it names this workspace.
#[derive(Clone)]
pub(super) struct Chosen {
    id: WorkspaceId,
    selected: RwSignal<bool>,
    target: RwSignal<bool>,
    dialogs: RwSignal<Vec<WorkspaceId>>,
}

impl Chosen {
    pub(super) fn new(rendered: &NodeHandle, controller: CanvasController) -> Self {
        let session = expect_context::<Session>();
        let (id, dialogs) = (rendered.id.clone(), controller.dialogs);
        let is_it = |id: &WorkspaceId, chosen: RwSignal<Option<WorkspaceId>>| {
            let id = id.clone();
            move || chosen.with(|chosen| chosen.as_ref() == Some(&id))
        };
        let is_one = is_it(&id, session.selection);
        // Alone or with others.
        let selected = told({
            let id = id.clone();
            move || is_one() || session.selected_ids.with(|selected_ids| selected_ids.contains(&id))
        });
        Self { selected, target: told(is_it(&id, controller.target)), id, dialogs }
    }

    /// Tracks all of it.
    pub(super) fn see(&self, it: &Workspace, place: NodePosition) -> Seen {
        Seen {
            place,
            status: it.status.to_string(),
            is_selected: self.selected.get(),
            is_target: self.target.get(),
            is_asking: self.dialogs.with(|dialogs| dialogs.contains(&self.id)),
        }
    }
}

/// Whether `is` holds: who reads it hears only of a change. Not a memo, which nothing else of the first picture needs.
fn told(is: impl Fn() -> bool + 'static) -> RwSignal<bool> {
    let told = RwSignal::new(false);
    watch(move || {
        let is = is();
        if told.get_untracked() != is {
            told.set(is);
        }
    });
    told
}

/// Opens a collapsed team, or closes an open one.
pub(super) fn toggle(name: &str, is_collapsed: bool) -> Part {
    let (word, is_expanded) = if is_collapsed { ("Expand", "false") } else { ("Collapse", "true") };
    let button =
        Part::new("button", "team-toggle").with("type", "button").with("tabindex", "-1").with("data-press", "toggle");
    button.with("title", word).with("aria-label", format!("{word} {name}")).with("aria-expanded", is_expanded)
}

/// Words that may be cut off; the whole of them is a tooltip.
pub(super) fn cut(class: &'static str, words: String) -> Part {
    Part::new("p", class).with("data-full", words.clone()).words(words)
}

pub(super) fn problems(count: usize) -> Option<Part> {
    let words = || format!("{count} {}", if count == 1 { "problem" } else { "problems" });
    let problems = || Part::new("span", "team-problems").with("title", "Failed or degraded inside").words(words());
    (count > 0).then(problems)
}

/// None of something is not worth a mark.
pub(super) fn counted(mark: &'static str, count: usize, one: &str, many: &str) -> Option<Part> {
    let words = || format!("{count} {}", if count == 1 { one } else { many });
    let counted = || Part::new("span", "card-count").with("data-mark", mark).with("title", words());
    (count > 0).then(|| counted().words(count.to_string()))
}
