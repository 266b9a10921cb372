//! The button of who signed in. Never there for anybody else.

use leptos::prelude::*;

use crate::actions::Actions;
use crate::ui::button::IconButton;
use crate::ui::icon::Icon;

#[component]
pub(super) fn SignOut() -> impl IntoView {
    let actions = expect_context::<Actions>();
    move || {
        let button = || {
            view! {
                <IconButton icon=Signal::stored(Icon::SignOut) label="Sign out" on_press=move |_| actions.sign_out() />
            }
        };
        actions.signed_in().then(button)
    }
}
