//! A log that is fetched, and fetched again when something hints that it grew. Never what a row says.

use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use leptos::{prelude::*, task::spawn_local};

use super::log::LogRow;
use crate::api::{Api, ApiError};
use crate::commands::Commands;
use crate::ui::button::{Button, ButtonVariant};
use crate::ui::icon::Icon;
use crate::ui::state::{Message, Skeleton};

/// A burst of hints is one request.
const PUBLISH_INTERVAL: Duration = Duration::from_millis(800);

/// Boxed, so that fetching is compiled once: what each log asks differs, how it is asked does not.
pub(super) type Ask = Arc<dyn Fn(Api) -> Answer + Send + Sync>;
pub(super) type Answer = Pin<Box<dyn Future<Output = Result<Vec<LogRow>, ApiError>>>>;

#[derive(Debug, Clone, PartialEq, Default)]
pub(super) enum Fetched {
    #[default]
    Loading,
    Rows(Vec<LogRow>),
    /// What went wrong; what was there before stays readable.
    Failed {
        why: String,
        rows: Vec<LogRow>,
    },
}

impl Fetched {
    pub(super) fn rows(&self) -> &[LogRow] {
        match self {
            Self::Loading => &[],
            Self::Rows(rows) | Self::Failed { rows, .. } => rows,
        }
    }
}

/// Fetches at once, and again after each change of `hint`; a late answer never overtakes a newer one.
pub(super) fn fetched(hint: Signal<u64>, ask: Ask) -> (RwSignal<Fetched>, Callback<()>) {
    let commands = expect_context::<Commands>();
    let state = RwSignal::new(Fetched::Loading);
    let asked = StoredValue::new(0u64);
    let is_waiting = StoredValue::new(false);
    let fetch = Callback::new(move |()| {
        let Some(api) = commands.api() else {
            if commands.is_read_only() {
                state.update(|state| answered(state, Err(ApiError::ReadOnly)));
            }
            return;
        };
        asked.update_value(|asked| *asked += 1);
        let mine = asked.get_value();
        let answer = ask(api);
        spawn_local(async move {
            let answer = answer.await;
            // The tab may be gone, or a newer question under way.
            if asked.try_get_value() == Some(mine) {
                state.try_update(|state| answered(state, answer));
            }
        });
    });
    Effect::new(move |before: Option<()>| {
        hint.track();
        let is_first = before.is_none();
        if is_first {
            fetch.run(());
        } else if !is_waiting.get_value() {
            is_waiting.set_value(true);
            let again = move || {
                if is_waiting.try_update_value(|waiting| *waiting = false).is_some() {
                    untrack(|| fetch.run(()));
                }
            };
            set_timeout(again, PUBLISH_INTERVAL);
        }
    });
    (state, fetch)
}

fn answered(state: &mut Fetched, answer: Result<Vec<LogRow>, ApiError>) {
    *state = match answer {
        Ok(rows) => Fetched::Rows(rows),
        Err(error) => Fetched::Failed { why: error.to_string(), rows: state.rows().to_vec() },
    };
}

/// What stands above, or instead of, the rows.
#[component]
pub(super) fn FetchState(
    state: RwSignal<Fetched>,
    loading: &'static str,
    empty_title: &'static str,
    empty: &'static str,
    on_retry: Callback<()>,
) -> impl IntoView {
    move || match state.get() {
        Fetched::Loading => view! { <Skeleton label=loading /> }.into_any(),
        Fetched::Rows(rows) if rows.is_empty() => {
            view! { <Message title=empty_title words=empty.to_owned() /> }.into_any()
        }
        Fetched::Rows(_) => ().into_any(),
        Fetched::Failed { why, .. } => view! {
            <div class="problem" role="alert">
                <p>{format!("This could not be loaded: {why}")}</p>
                <Button variant=ButtonVariant::Quiet small=true icon=Icon::Retry on_press=move |_| on_retry.run(())>
                    "Try again"
                </Button>
            </div>
        }
        .into_any(),
    }
}
