//! The components of the lazily loaded chunk, by the region that they are rendered into.

use leptos::prelude::*;

use super::{LazyChunk, Region, canvas_events};
use crate::a11y::announcer::Announcer;
use crate::a11y::tree::WorkspaceTree;
use crate::browser::withhold_composition_keys;
use crate::canvas::{CanvasController, CanvasInput, Freshness, Hover, HoverTip, Minimap, RevealSelected, Touch};
use crate::commands::Commands;
use crate::commands::bulk::{Bulk, BulkKeys};
use crate::debug_api;
use crate::dialogs::{DialogHost, HelpKey, SignInState};
use crate::feedback::{Onboarding, Toasts};
use crate::menus::PointerMenu;
use crate::panel::{ActivityFeed, CauseFocus, CauseHints, SidePanel};
use crate::runs::{RunStore, RunsOverlay, TaskCatalog};
use crate::search::{FilterBar, FollowIndicator, Palette, SearchKeys};
use crate::session::Session;
use crate::share::{DeepLink, DropZone};
use crate::store::Directory;
use crate::store::StoreSignals;
use crate::sync::SyncHandle;
use crate::toolbar::{SelectionBar, Tools};
use crate::ui::tooltip::Tooltip;

/// The chunk's entry points. They are function pointers, so that the first file does not refer to the components.
#[derive(Clone, Copy)]
pub struct LazyParts {
    /// Called once, before anything is rendered.
    pub(super) provide_contexts: fn(),
    pub(super) render: fn(Region, LazyChunk) -> AnyView,
}

impl LazyParts {
    pub(super) fn new() -> Self {
        Self { provide_contexts, render }
    }
}

fn render(region: Region, chunk: LazyChunk) -> AnyView {
    match region {
        Region::ToolbarTools => view! { <Tools /> }.into_any(),
        Region::CanvasInput => view! { <CanvasInput /> }.into_any(),
        Region::CanvasOverlays => view! { <CanvasOverlays /> }.into_any(),
        Region::SidePanel => view! {
            <SidePanel />
            <HoverTip />
        }
        .into_any(),
        // The last region of the layout: its effects run when the others have been rendered.
        Region::PageOverlays => {
            Effect::new(move |_| chunk.set_ready());
            view! { <PageOverlays /> }.into_any()
        }
    }
}

fn provide_contexts() {
    withhold_composition_keys();
    let controller = expect_context::<CanvasController>();
    let (signals, session, commands) =
        (expect_context::<StoreSignals>(), expect_context::<Session>(), expect_context::<Commands>());
    debug_api::install(controller);
    provide_context(Directory::new(controller.store));
    let tasks = TaskCatalog::new();
    provide_context(tasks);
    provide_context(RunStore::new(controller.store, signals, tasks));
    provide_context(Bulk::new(controller.store));
    provide_context(Hover::new(controller, session));
    provide_context(Freshness::begin());
    let cause_focus = CauseFocus::new();
    provide_context(cause_focus);
    CauseHints::install();
    canvas_events::route(controller, commands, session, cause_focus);
}

#[component]
fn CanvasOverlays() -> impl IntoView {
    let sync: SyncHandle = expect_context();
    let retry_now = Callback::new(move |()| sync.retry_now());
    view! {
        <Onboarding />
        <SignInState on_done=retry_now />
        <RunsOverlay />
        <ActivityFeed />
        <FilterBar />
        <div class="foot">
            <FollowIndicator />
            <SelectionBar />
        </div>
        <Minimap />
    }
}

#[component]
fn PageOverlays() -> impl IntoView {
    let sync: SyncHandle = expect_context();
    let retry_now = Callback::new(move |()| sync.retry_now());
    view! {
        <DialogHost on_signed_in=retry_now />
        <PointerMenu />
        <Palette />
        <SearchKeys />
        <BulkKeys />
        <Toasts />
        <Tooltip />
        <WorkspaceTree />
        <Touch />
        <RevealSelected />
        <HelpKey />
        <DeepLink />
        <DropZone />
        <Announcer />
    }
}
