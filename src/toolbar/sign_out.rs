//! The button of who signed in. Never there for anybody else.

use leptos::prelude::*;

use crate::commands::Commands;
use crate::ui::button::IconButton;
use crate::ui::icon::Icon;

#[component]
pub(super) fn SignOut() -> impl IntoView {
    let commands = expect_context::<Commands>();
    move || {
        let button = || {
            view! {
                <IconButton icon=Signal::stored(Icon::SignOut) label="Sign out" on_press=move |_| commands.sign_out() />
            }
        };
        commands.signed_in().then(button)
    }
}
