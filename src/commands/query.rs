//! A request whose answer a view shows: loading, loaded or failed.

use std::pin::Pin;
use std::time::Duration;

use leptos::prelude::*;

use super::Commands;
use crate::api::{Api, ApiError};
use crate::ui::list_state::ListState;

/// The request of a [`Query`], boxed so that what surrounds it is compiled once for each type of answer.
pub type Request<T> = Box<dyn Fn(Api) -> Pin<Box<dyn Future<Output = Result<T, ApiError>>>>>;

#[derive(Debug, Clone, PartialEq, Default)]
pub enum QueryState<T> {
    #[default]
    Loading,
    Loaded(T),
    /// The last request failed; the answer before it, if there was one, can still be shown.
    Failed {
        error: ApiError,
        stale: Option<T>,
    },
}

/// Cheap to copy. Lives as long as the component that created it.
pub struct Query<T: Send + Sync + 'static> {
    resource: LocalResource<Option<Result<T, ApiError>>>,
    state: Memo<QueryState<T>>,
}

/// Changes of the revision within this interval cause one request.
const REFETCH_INTERVAL: Duration = Duration::from_millis(500);

impl<T: Send + Sync> Clone for Query<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T: Send + Sync> Copy for Query<T> {}

impl<T: Clone + PartialEq + Send + Sync> Query<T> {
    /// Sends the request as soon as the server's address is known and `revision` is not `None`, and again after each change
    /// of `revision`.
    pub fn new(revision: Signal<Option<u64>>, request: Request<T>) -> Self {
        let commands = expect_context::<Commands>();
        let revision = throttle(revision);
        let resource = LocalResource::new(move || {
            let client = match (revision.get(), commands.api(), commands.is_read_only()) {
                (None, ..) | (_, None, false) => None,
                (_, Some(api), _) => Some(Ok(request(api))),
                (_, None, true) => Some(Err(ApiError::ReadOnly)),
            };
            async move {
                match client? {
                    Ok(answer) => Some(answer.await),
                    Err(error) => Some(Err(error)),
                }
            }
        });
        let state = Memo::new(move |previous: Option<&QueryState<T>>| match resource.get().flatten() {
            None => QueryState::Loading,
            Some(Ok(answer)) => QueryState::Loaded(answer),
            Some(Err(error)) => QueryState::Failed { error, stale: previous.and_then(QueryState::answer).cloned() },
        });
        Self { resource, state }
    }

    /// Returns the state of the request. Reactive.
    pub fn state(&self) -> Memo<QueryState<T>> {
        self.state
    }

    /// Returns the newest answer, or the default while there is none. Reactive.
    pub fn answer(&self) -> Memo<T>
    where
        T: Default,
    {
        let state = self.state;
        Memo::new(move |_| state.with(|state| state.answer().cloned().unwrap_or_default()))
    }

    /// Returns whether a list shows the answer's rows, or a placeholder instead of them. Reactive.
    pub fn list_state(&self, is_empty: fn(&T) -> bool) -> Signal<ListState> {
        let state = self.state;
        Signal::derive(move || {
            state.with(|state| match state {
                QueryState::Loading => ListState::Loading,
                QueryState::Loaded(answer) if is_empty(answer) => ListState::Empty,
                QueryState::Loaded(_) => ListState::Ready,
                QueryState::Failed { error, .. } => ListState::Failed(error.to_string()),
            })
        })
    }

    /// Returns a callback that sends the request again.
    pub fn retry(&self) -> Callback<()> {
        let resource = self.resource;
        Callback::new(move |()| resource.refetch())
    }
}

impl<T> QueryState<T> {
    /// Returns the newest answer, also when a later request failed.
    pub fn answer(&self) -> Option<&T> {
        match self {
            Self::Loading => None,
            Self::Loaded(answer) => Some(answer),
            Self::Failed { stale, .. } => stale.as_ref(),
        }
    }

    pub fn error(&self) -> Option<&ApiError> {
        match self {
            Self::Failed { error, .. } => Some(error),
            _ => None,
        }
    }
}

/// Follows `source`: at once, and then at most once an interval, the last value included.
fn throttle(source: Signal<Option<u64>>) -> RwSignal<Option<u64>> {
    let throttled = RwSignal::new(source.get_untracked());
    let is_paused = StoredValue::new(false);
    Effect::new(move |_| {
        let is_current = throttled.get_untracked() == source.get();
        if is_current || is_paused.get_value() {
            return;
        }
        throttled.set(source.get_untracked());
        is_paused.set_value(true);
        let publish = move || {
            // The component may be gone by now.
            if is_paused.try_update_value(|paused| *paused = false).is_some()
                && throttled.get_untracked() != source.get_untracked()
            {
                throttled.set(source.get_untracked());
            }
        };
        set_timeout(publish, REFETCH_INTERVAL);
    });
    throttled
}
