//! The components of the lazily loaded chunk, by the region that they are rendered into.

use leptos::prelude::*;

use super::{LazyChunk, Region, canvas_events};
use crate::a11y::announcer::News;
use crate::a11y::tree::Keyboard;
use crate::canvas::{
    CanvasController, CanvasInput, Freshness, Hover, HoverTip, Landings, Minimap, RevealSelected, Touch,
};
use crate::commands::Commands;
use crate::commands::bulk::{Bulk, BulkBar, BulkKeys};
use crate::debug_api;
use crate::dialogs::help::HelpKey;
use crate::dialogs::{Forms, SignInState};
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
use crate::toolbar::Tools;
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
    let controller = expect_context::<CanvasController>();
    let (signals, session, commands) =
        (expect_context::<StoreSignals>(), expect_context::<Session>(), expect_context::<Commands>());
    debug_api::install(controller);
    provide_context(Directory::new(controller.store));
    let tasks = TaskCatalog::new();
    provide_context(tasks);
    provide_context(RunStore::new(controller.store, signals, tasks));
    provide_context(Landings::new(controller, commands));
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
            <BulkBar />
        </div>
        <Minimap />
    }
}

#[component]
fn PageOverlays() -> impl IntoView {
    let sync: SyncHandle = expect_context();
    let retry_now = Callback::new(move |()| sync.retry_now());
    view! {
        <Forms on_signed_in=retry_now />
        <PointerMenu />
        <Palette />
        <SearchKeys />
        <BulkKeys />
        <Toasts />
        <Tooltip />
        <Keyboard />
        <Touch />
        <RevealSelected />
        <HelpKey />
        <DeepLink />
        <DropZone />
        <News />
    }
}
