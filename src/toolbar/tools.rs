//! The tools at the end of the toolbar.

use leptos::prelude::*;

use super::sign_out::SignOut;
use super::zoom::ZoomControls;
use crate::dialogs::{DialogRequest, Dialogs};
use crate::menus::PageMenu;
use crate::panel::ActivityFeedButton;
use crate::runs::RunsButton;
use crate::search::{FilterButton, PaletteButton};
use crate::session::Session;
use crate::ui::button::Button;
use crate::ui::icon::Icon;
use crate::ui::theme::ThemeSwitch;

#[component]
pub fn Tools() -> impl IntoView {
    let (session, dialogs) = (expect_context::<Session>(), expect_context::<Dialogs>());
    view! {
        <PaletteButton />
        <FilterButton />
        <ZoomControls viewport=session.viewport camera_command=session.camera_command />
        <RunsButton />
        <ActivityFeedButton />
        <ThemeSwitch />
        <SignOut />
        <PageMenu />
        <Button icon=Icon::Plus on_press=move |_| dialogs.open(DialogRequest::Create { parent: None })>
            <span class="spoken-when-narrow">"New workspace"</span>
        </Button>
    }
}
