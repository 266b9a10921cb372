//! The parts that come later, one line each. Never what they do.

use leptos::prelude::*;
use web_sys::HtmlElement;

use crate::actions::Actions;
use crate::bulk::{Bulk, BulkBar, BulkKeys};
use crate::canvas::{Freshness, Hover, HoverTip, InSight, Landings, Layers, Minimap, give_hands};
use crate::find::{FilterBar, FindKeys, Following, Palette};
use crate::forms::{Forms, SignInState};
use crate::help::HelpKey;
use crate::hooks;
use crate::keyboard::Keyboard;
use crate::live::Live;
use crate::menus::PointerMenu;
use crate::news::News;
use crate::notices::{NoAgents, Toasts};
use crate::panel::{Before, Lately, SidePanel, ToCause};
use crate::roster::Roster;
use crate::runs::{Ledger, RunsSheet, Tasks};
use crate::session::Session;
use crate::share::{DropZone, Link};
use crate::toolbar::Tools;
use crate::touch::Touch;
use crate::ui::tooltip::Tooltip;
use crate::uplink::TryNow;

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
    let (live, fleet) = (expect_context::<Live>(), places.canvas.fleet());
    hooks::install(places.canvas.stage());
    provide_context(Roster::new(fleet));
    let tasks = Tasks::new(expect_context::<Actions>());
    provide_context(tasks);
    provide_context(Ledger::new(fleet, live, tasks));
    provide_context(places.canvas.stage());
    provide_context(Landings::new(places.canvas.stage(), expect_context::<Actions>()));
    provide_context(Bulk::new(fleet));
    provide_context(Hover::new(places.canvas.stage(), expect_context::<Session>()));
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
            <BulkBar />
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
        <Forms on_signed_in=try_now() />
        <PointerMenu />
        <Palette />
        <FindKeys />
        <BulkKeys />
        <Toasts />
        <Tooltip />
        <Keyboard />
        <Touch />
        <InSight />
        <HelpKey />
        <Link />
        <DropZone />
        <News />
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
    expect_context::<TryNow>().0
}
