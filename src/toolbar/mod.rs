//! The bar over the canvas: what the fleet is, how live it is, where to look. Never the canvas itself.

mod connection;
mod counts;
mod search;
mod sign_out;
mod tools;
mod zoom;

use leptos::prelude::*;

use crate::later::Part;
use crate::live::Live;
use crate::session::Session;
use crate::ui::icon::{Glyph, Icon};

pub use tools::Tools;

pub(crate) use connection::words as connection_words;

use connection::ConnectionWord;
use counts::CountFilters;

#[component]
pub fn Toolbar() -> impl IntoView {
    let (live, session) = (expect_context::<Live>(), expect_context::<Session>());
    view! {
        <header class="toolbar">
            <h1 class="brand">
                <Glyph icon=Icon::Brand />
                <span class="brand-name">"Orrery"</span>
            </h1>
            <CountFilters counts=live.counts is_known=live.loaded filter=session.filter />
            <ConnectionWord connection=live.connection now=live.now />
            <div class="toolbar-space"></div>
            <Part of=|parts| (parts.tools)() />
        </header>
    }
}
