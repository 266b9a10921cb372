//! The steps from nothing to a live agent, and what stays of them beside the canvas until the agent is live. Never the command.

use leptos::prelude::*;
use orrery_protocol::{Status, WorkspaceId};

use crate::canvas::CanvasController;
use crate::session::{CameraCommand, Session};
use crate::store::StoreSignals;
use crate::ui::button::{Button, IconButton};
use crate::ui::icon::{Glyph, Icon};

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Reached {
    Nothing,
    Copied,
    /// A workspace is there.
    Registered,
    /// It is online: its heartbeat was heard.
    Live,
}

#[derive(Clone, Copy)]
pub(super) struct Steps {
    is_copied: RwSignal<bool>,
    is_dismissed: RwSignal<bool>,
    first: Memo<Option<(WorkspaceId, Status)>>,
}

/// A larger fleet needs no first steps.
const FIRST_STEPS: usize = 3;

impl Steps {
    pub(super) fn new() -> Self {
        let (signals, controller) = (expect_context::<StoreSignals>(), expect_context::<CanvasController>());
        let first = Memo::new(move |_| {
            let is_small = (1..=FIRST_STEPS).contains(&signals.count.get());
            if is_small {
                // A larger fleet is not looked at with each event.
                signals.seq.track();
            }
            let of = |store: &crate::store::CanvasStore| {
                let of =
                    |(_, it): (orrery_model::Slot, &orrery_protocol::Workspace)| (it.id.clone(), it.status.clone());
                let online = store.canvas().iter().find(|(_, it)| it.status == Status::Online);
                online.or_else(|| store.canvas().iter().next()).map(of)
            };
            is_small.then(|| controller.store.with_value(of)).flatten()
        });
        Self { is_copied: RwSignal::new(false), is_dismissed: RwSignal::new(false), first }
    }

    pub(super) fn copied(&self) {
        self.is_copied.set(true);
        self.is_dismissed.set(false);
    }

    fn reached(&self) -> Reached {
        match (self.first.get(), self.is_copied.get()) {
            (Some((_, Status::Online)), _) => Reached::Live,
            (Some(_), _) => Reached::Registered,
            (None, true) => Reached::Copied,
            (None, false) => Reached::Nothing,
        }
    }

    pub(super) fn list(self) -> AnyView {
        let row = move |step: Reached, number: &'static str, words: &'static str| {
            let is_done = Memo::new(move |_| self.reached() >= step);
            view! {
                <li class="walk-step" data-done=move || is_done.get().then_some("")>
                    <span class="walk-mark" aria-hidden="true">
                        {move || match is_done.get() {
                            true => view! { <Glyph icon=Icon::Check /> }.into_any(),
                            false => number.into_any(),
                        }}
                    </span>
                    <span>{words}</span>
                    <span class="spoken">{move || if is_done.get() { ", done" } else { ", to come" }}</span>
                </li>
            }
        };
        view! {
            <ol class="walk-steps" aria-label="The first steps">
                {row(Reached::Copied, "1", "The command is copied")}
                {row(Reached::Registered, "2", "The agent is registered")}
                {row(Reached::Live, "3", "Its first heartbeat was heard")}
            </ol>
        }
        .into_any()
    }
}

/// Only for who began: a fleet that comes by itself is not explained.
#[component]
pub(super) fn Walk(steps: Steps) -> impl IntoView {
    let session = expect_context::<Session>();
    let is_shown =
        Memo::new(move |_| steps.is_copied.get() && !steps.is_dismissed.get() && steps.first.with(Option::is_some));
    let is_live = Memo::new(move |_| steps.reached() == Reached::Live);
    let show = move |_| {
        if let Some((id, _)) = steps.first.get_untracked() {
            session.camera_command.set(Some(CameraCommand::Show(id.clone())));
            session.open(id);
        }
        steps.is_dismissed.set(true);
    };
    move || {
        is_shown.get().then(|| {
            view! {
                <section class="walk" aria-label="The first steps">
                    <header class="walk-head">
                        <h2 role="status">
                            {move || if is_live.get() { "Your first agent is live" } else { "Waiting for its heartbeat" }}
                        </h2>
                        <IconButton icon=Icon::Close label="Close the first steps" on_press=move |_| steps.is_dismissed.set(true) />
                    </header>
                    {steps.list()}
                    {move || is_live.get().then(|| view! { <Button small=true on_press=show>"Open it"</Button> })}
                </section>
            }
        })
    }
}
