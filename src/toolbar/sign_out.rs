//! The sign-out button, shown only to a person who signed in.

use leptos::prelude::*;

use crate::commands::Commands;
use crate::ui::button::IconButton;
use crate::ui::icon::Icon;

#[component]
pub(super) fn SignOut() -> impl IntoView {
    let commands = expect_context::<Commands>();
    view! {
        <Show when=move || commands.signed_in()>
            <IconButton icon=Icon::SignOut label="Sign out" on_press=move |_| commands.sign_out() />
        </Show>
    }
}
