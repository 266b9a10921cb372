//! The bar over the canvas: what the fleet is, how live it is, where to look. Never the canvas itself.

mod connection;
mod counts;
mod search;
mod sign_out;
mod zoom;

use leptos::prelude::*;

use crate::forms::{Asking, Question};
use crate::live::Live;
use crate::panel::LatelyButton;
use crate::session::Session;
use crate::ui::button::Button;
use crate::ui::icon::{Glyph, Icon};
use crate::ui::theme::ThemeSwitch;

pub(crate) use connection::words as connection_words;

use connection::ConnectionWord;
use counts::CountFilters;
use search::Search;
use sign_out::SignOut;
use zoom::ZoomControls;

#[component]
pub fn Toolbar() -> impl IntoView {
    let (live, session) = (expect_context::<Live>(), expect_context::<Session>());
    let asking = expect_context::<Asking>();
    view! {
        <header class="toolbar">
            <h1 class="brand">
                <Glyph icon=Icon::Brand />
                <span class="brand-name">"Orrery"</span>
            </h1>
            <CountFilters counts=live.counts is_known=live.loaded filter=session.filter />
            <div class="toolbar-space"></div>
            <ConnectionWord connection=live.connection now=live.now />
            <Search />
            <ZoomControls viewport=session.viewport wish=session.wish />
            <LatelyButton />
            <ThemeSwitch />
            <SignOut />
            <Button icon=Icon::Plus on_press=move |_| asking.ask(Question::Create { parent: None })>
                <span class="spoken-when-narrow">"New workspace"</span>
            </Button>
        </header>
    }
}
