//! The parts that come later, one line each. Never what they do.

use leptos::prelude::*;
use web_sys::HtmlElement;

use crate::a11y::announcer::Announcer;
use crate::a11y::tree::WorkspaceTree;
use crate::canvas::touch::Touch;
use crate::canvas::{Freshness, Hover, HoverTip, InSight, Layers, Minimap, give_hands};
use crate::commands::Commands;
use crate::commands::bulk::{Bulk, BulkKeys};
use crate::debug_api;
use crate::dialogs::{DialogHost, HelpKey, SignInState};
use crate::feedback::{NoAgents, Toasts};
use crate::menus::PointerMenu;
use crate::panel::{Before, Lately, SidePanel, ToCause};
use crate::runs::{Ledger, RunsSheet, Tasks};
use crate::search::{FilterBar, FindKeys, Following, Palette};
use crate::session::Session;
use crate::share::{CopyLink, DropZone};
use crate::store::Directory;
use crate::store::StoreSignals;
use crate::sync::RetryNow;
use crate::toolbar::{SelectionBar, Tools};
use crate::ui::tooltip::Tooltip;

/// Where they stand: each at the end of its element.
pub struct Places {
    pub tools: HtmlElement,
    pub canvas: Layers,
    pub over_canvas: HtmlElement,
    pub beside: HtmlElement,
    pub over_page: HtmlElement,
}

pub(super) fn show(places: &Places) {
    wear_the_sheet();
    let (signals, store) = (expect_context::<StoreSignals>(), places.canvas.store());
    debug_api::install(places.canvas.controller());
    provide_context(Directory::new(store));
    let tasks = Tasks::new(expect_context::<Commands>());
    provide_context(tasks);
    provide_context(Ledger::new(store, signals, tasks));
    provide_context(places.canvas.controller());
    provide_context(Bulk::new(store));
    provide_context(Hover::new(places.canvas.controller(), expect_context::<Session>()));
    provide_context(Freshness::begin());
    provide_context(ToCause::new());
    Before::begin();
    give_hands(&places.canvas);
    put(&places.tools, view! { <Tools /> }.into_any());
    let over_canvas = view! {
        <NoAgents />
        <SignInState on_done=try_now() />
        <RunsSheet />
        <Lately />
        <FilterBar />
        <div class="foot">
            <Following />
            <SelectionBar />
        </div>
        <Minimap />
    };
    put(&places.over_canvas, over_canvas.into_any());
    let beside = view! {
        <SidePanel />
        <HoverTip />
    };
    put(&places.beside, beside.into_any());
    let over_page = view! {
        <DialogHost on_signed_in=try_now() />
        <PointerMenu />
        <Palette />
        <FindKeys />
        <BulkKeys />
        <Toasts />
        <Tooltip />
        <WorkspaceTree />
        <Touch />
        <InSight />
        <HelpKey />
        <CopyLink />
        <DropZone />
        <Announcer />
    };
    put(&places.over_page, over_page.into_any());
    // A hook for tests and scripts: from now on what is pressed is heard.
    let _ = places.over_page.set_attribute("data-ready", "");
}

/// The build leaves the sheet of these parts unused until now; elsewhere it is in use from the start.
fn wear_the_sheet() {
    if let Ok(Some(sheet)) = document().query_selector("link[data-later]") {
        // An attribute that is not there is removed, too.
        let _ = sheet.remove_attribute("media");
    }
}

/// As long as the page is there.
fn put(place: &HtmlElement, view: AnyView) {
    let mut state = view.build();
    state.mount(place, None);
    std::mem::forget(state);
}

fn try_now() -> Callback<()> {
    expect_context::<RetryNow>().0
}
