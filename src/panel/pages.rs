//! A list that is fetched, refreshed by hints and lengthened by older pages. Never what a row says.

use std::time::Duration;

use leptos::{prelude::*, task::spawn_local};

use crate::actions::Actions;
use crate::api::{Api, ApiError};
use crate::ui::button::{Button, Tone};
use crate::ui::icon::Icon;
use crate::ui::state::{Message, Skeleton};

/// A burst of hints is one request.
const CALM: Duration = Duration::from_millis(800);

#[derive(Debug, Clone, PartialEq, Default)]
pub(super) enum Fetched<Row> {
    #[default]
    Loading,
    Rows(Vec<Row>),
    /// What went wrong; what was there before stays readable.
    Failed {
        why: String,
        rows: Vec<Row>,
    },
}

impl<Row: Clone> Fetched<Row> {
    pub(super) fn rows(&self) -> &[Row] {
        match self {
            Self::Loading => &[],
            Self::Rows(rows) | Self::Failed { rows, .. } => rows,
        }
    }
}

/// Fetches at once, and again after each change of `hint`; a late answer never overtakes a newer one.
pub(super) fn fetched<Row, Ask, Asking>(hint: Signal<u64>, ask: Ask) -> (Signal<Fetched<Row>>, Callback<()>)
where
    Row: Clone + PartialEq + Send + Sync + 'static,
    Ask: Fn(Api) -> Asking + Clone + Send + Sync + 'static,
    Asking: Future<Output = Result<Vec<Row>, ApiError>> + 'static,
{
    let actions = expect_context::<Actions>();
    let state = RwSignal::new(Fetched::Loading);
    let asked = StoredValue::new(0u64);
    let waiting = StoredValue::new(false);
    let fetch = Callback::new(move |()| {
        let Some(api) = actions.api() else { return };
        let ask = ask.clone();
        asked.update_value(|asked| *asked += 1);
        let mine = asked.get_value();
        spawn_local(async move {
            let answer = ask(api).await;
            if asked.try_get_value() != Some(mine) {
                return;
            }
            state.try_update(|state| {
                *state = match answer {
                    Ok(rows) => Fetched::Rows(rows),
                    Err(error) => Fetched::Failed { why: error.to_string(), rows: state.rows().to_vec() },
                }
            });
        });
    });
    Effect::new(move |before: Option<u64>| {
        let hint = hint.get();
        match before {
            None => fetch.run(()),
            Some(_) if waiting.get_value() => {}
            Some(_) => {
                waiting.set_value(true);
                let again = move || {
                    if waiting.try_update_value(|waiting| *waiting = false).is_some() {
                        untrack(|| fetch.run(()));
                    }
                };
                set_timeout(again, CALM);
            }
        }
        hint
    });
    (state.into(), fetch)
}

/// What stands above, or instead of, the rows.
#[component]
pub(super) fn FetchState<Row>(
    state: Signal<Fetched<Row>>,
    loading: &'static str,
    empty_title: &'static str,
    empty: &'static str,
    on_retry: Callback<()>,
) -> impl IntoView
where
    Row: Clone + PartialEq + Send + Sync + 'static,
{
    move || match state.get() {
        Fetched::Loading => view! { <Skeleton label=loading /> }.into_any(),
        Fetched::Rows(rows) if rows.is_empty() => {
            view! { <Message title=empty_title words=empty.to_owned() /> }.into_any()
        }
        Fetched::Rows(_) => ().into_any(),
        Fetched::Failed { why, .. } => view! {
            <div class="problem" role="alert">
                <p>{format!("This could not be loaded: {why}")}</p>
                <Button tone=Tone::Quiet small=true icon=Icon::Retry on_press=move |_| on_retry.run(())>
                    "Try again"
                </Button>
            </div>
        }
        .into_any(),
    }
}
