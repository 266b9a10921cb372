//! The onboarding steps, and which of them have been completed.

use leptos::prelude::*;
use orrery_protocol::{Status, WorkspaceId};

use crate::canvas::CanvasController;
use crate::store::{CanvasStore, StoreSignals};
use crate::ui::icon::{Glyph, Icon};

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Step {
    Nothing,
    Copied,
    /// A workspace exists.
    Registered,
    /// Its first heartbeat was received.
    Online,
}

#[derive(Clone, Copy)]
pub(super) struct Steps {
    is_copied: RwSignal<bool>,
    is_dismissed: RwSignal<bool>,
    first_agent: Memo<Option<(WorkspaceId, Status)>>,
}

/// With more workspaces than this nobody needs first steps, and looking for the first agent would cost time.
const MAX_WORKSPACES: usize = 3;

impl Steps {
    pub(super) fn new() -> Self {
        let (signals, controller) = (expect_context::<StoreSignals>(), expect_context::<CanvasController>());
        let first_agent = Memo::new(move |_| {
            if !(1..=MAX_WORKSPACES).contains(&signals.count.get()) {
                return None;
            }
            signals.seq.track();
            controller.store.with_value(first_agent)
        });
        Self { is_copied: RwSignal::new(false), is_dismissed: RwSignal::new(false), first_agent }
    }

    pub(super) fn on_copied(&self) {
        self.is_copied.set(true);
        self.is_dismissed.set(false);
    }

    pub(super) fn dismiss(&self) {
        self.is_dismissed.set(true);
    }

    pub(super) fn first_agent(&self) -> Option<WorkspaceId> {
        self.first_agent.with_untracked(|first| first.as_ref().map(|(id, _)| id.clone()))
    }

    /// Returns whether the person copied the command, has an agent and did not dismiss the steps. Reactive.
    pub(super) fn is_in_progress(&self) -> bool {
        self.is_copied.get() && !self.is_dismissed.get() && self.first_agent.with(Option::is_some)
    }

    /// Returns the last completed step. Reactive.
    pub(super) fn reached(&self) -> Step {
        match (self.first_agent.get(), self.is_copied.get()) {
            (Some((_, Status::Online)), _) => Step::Online,
            (Some(_), _) => Step::Registered,
            (None, true) => Step::Copied,
            (None, false) => Step::Nothing,
        }
    }
}

/// Returns the first workspace that is online, or else the first.
fn first_agent(store: &CanvasStore) -> Option<(WorkspaceId, Status)> {
    let workspaces = || store.canvas().iter().map(|(_, workspace)| workspace);
    let first = workspaces().find(|workspace| workspace.status == Status::Online).or_else(|| workspaces().next())?;
    Some((first.id.clone(), first.status.clone()))
}

#[component]
pub(super) fn OnboardingSteps(steps: Steps) -> impl IntoView {
    view! {
        <ol class="onboarding-steps" aria-label="Getting started">
            <StepRow steps step=Step::Copied number="1" label="Command copied" />
            <StepRow steps step=Step::Registered number="2" label="Agent registered" />
            <StepRow steps step=Step::Online number="3" label="First heartbeat received" />
        </ol>
    }
}

#[component]
fn StepRow(steps: Steps, step: Step, number: &'static str, label: &'static str) -> impl IntoView {
    let is_done = Memo::new(move |_| steps.reached() >= step);
    view! {
        <li class="onboarding-step" data-done=move || is_done.get().then_some("")>
            <span class="onboarding-mark" aria-hidden="true">
                <Show when=move || is_done.get() fallback=move || number>
                    <Glyph icon=Icon::Check />
                </Show>
            </span>
            <span>{label}</span>
            <span class="spoken">{move || if is_done.get() { ", done" } else { ", not done yet" }}</span>
        </li>
    }
}
