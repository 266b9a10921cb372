//! A list of what can be started: on its way, refused, empty, or there. Never what one of it is.

use leptos::prelude::*;
use serde_json::Value;

use crate::ui::state::{Message, Skeleton};

/// What the server told of it so far.
#[derive(Clone, Default)]
pub(super) struct Offered {
    /// The newest first, as the server writes them.
    pub all: Option<Vec<Value>>,
    pub problem: Option<String>,
}

/// Its button to try again says `data-again`.
pub(super) fn offered(
    it: &Offered,
    loading: &'static str,
    none: &'static str,
    row: impl Fn(&Value) -> AnyView,
) -> AnyView {
    match (&it.all, &it.problem) {
        (_, Some(words)) => view! {
            <div class="problem" role="alert">
                <p>{words.clone()}</p>
                <button type="button" class="button" data-size="small" data-again="">
                    "Try again"
                </button>
            </div>
        }
        .into_any(),
        (None, None) => view! { <Skeleton rows=2 label=loading /> }.into_any(),
        (Some(all), None) if all.is_empty() => view! { <Message words=none.to_owned() /> }.into_any(),
        (Some(all), None) => {
            let all: Vec<AnyView> = all.iter().map(row).collect();
            view! { <ul class="workflows">{all}</ul> }.into_any()
        }
    }
}

pub(super) fn text(value: &Value, key: &str) -> String {
    value.get(key).and_then(Value::as_str).unwrap_or_default().to_owned()
}
