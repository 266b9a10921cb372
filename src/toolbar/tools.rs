//! The tools at the end of the bar. Never what they do.

use leptos::prelude::*;

use super::sign_out::SignOut;
use super::zoom::ZoomControls;
use crate::find::{FilterButton, PaletteButton};
use crate::forms::{Asking, Question};
use crate::menus::PageMenu;
use crate::panel::LatelyButton;
use crate::runs::RunsButton;
use crate::session::Session;
use crate::ui::button::Button;
use crate::ui::icon::Icon;
use crate::ui::theme::ThemeSwitch;

#[component]
pub fn Tools() -> impl IntoView {
    let (session, asking) = (expect_context::<Session>(), expect_context::<Asking>());
    view! {
        <PaletteButton />
        <FilterButton />
        <ZoomControls viewport=session.viewport wish=session.wish />
        <RunsButton />
        <LatelyButton />
        <ThemeSwitch />
        <SignOut />
        <PageMenu />
        <Button icon=Icon::Plus on_press=move |_| asking.ask(Question::Create { parent: None })>
            <span class="spoken-when-narrow">"New workspace"</span>
        </Button>
    }
}
