//! The table of the parts that come later, one row a place in the page. Never where they stand.

use leptos::prelude::*;

use crate::forms::{Forms, SignInState};
use crate::menus::PointerMenu;
use crate::notices::{NoAgents, Toasts};
use crate::panel::{Lately, SidePanel};
use crate::runs::RunsSheet;
use crate::toolbar::Tools;
use crate::ui::tooltip::Tooltip;
use crate::uplink::TryNow;

pub struct Parts {
    /// At the end of the bar.
    pub tools: fn() -> AnyView,
    /// Over the canvas.
    pub over_canvas: fn() -> AnyView,
    /// Beside the canvas.
    pub beside: fn() -> AnyView,
    /// Over the page.
    pub over_page: fn() -> AnyView,
}

pub(super) static PARTS: Parts = Parts {
    tools: || view! { <Tools /> }.into_any(),
    over_canvas: || {
        view! {
            <NoAgents />
            <SignInState on_done=try_now() />
            <RunsSheet />
            <Lately />
        }
        .into_any()
    },
    beside: || view! { <SidePanel /> }.into_any(),
    over_page: || {
        view! {
            <Forms on_signed_in=try_now() />
            <PointerMenu />
            <Toasts />
            <Tooltip />
        }
        .into_any()
    },
};

fn try_now() -> Callback<()> {
    expect_context::<TryNow>().0
}
