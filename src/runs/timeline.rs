//! The steps of a run over time: a row for each step, a bar for each attempt. The scale changes rarely, so that from second
//! to second only the bars of running attempts change.

use leptos::prelude::*;
use orrery_layout::time_scale::TimeScale;
use orrery_protocol::{Execution, StepId};

use super::labels::{status_label, step_name};
use super::run_query::RunQuery;
use super::spans::AttemptSpan;
use super::step_layout::StepLayout;
use crate::ui::time::{format_duration, format_stopwatch};

/// The part of time that is drawn. All times are in milliseconds since 1970.
#[derive(Debug, Clone, Copy, PartialEq)]
struct TimeAxis {
    scale: TimeScale,
    start: i64,
}

impl TimeAxis {
    /// Returns the left edge and the width of a bar in percent.
    fn bar(&self, start: i64, end: i64) -> (f64, f64) {
        self.scale.bar(start - self.start, end - self.start)
    }
}

#[component]
pub(super) fn Timeline(query: RunQuery, layout: Memo<StepLayout>) -> impl IntoView {
    // The end of what is drawn: now, or when the run ended.
    let end = Memo::new(move |_| {
        let completed_at = query.read(|execution| execution.completed_at.filter(|_| execution.status.is_terminal()));
        completed_at.map_or_else(|| query.now.get(), |at| at.millis())
    });
    let axis = Memo::new(move |_| {
        let start = query.read(start_time).unwrap_or_else(|| query.now.get());
        TimeAxis { scale: TimeScale::for_duration(end.get() - start), start }
    });
    let ticks = move || {
        let scale = axis.get().scale;
        let tick = |at: i64| {
            view! {
                <span class="time-tick" style:left=percent(scale.bar(at, at).0)>
                    {format_duration(at)}
                </span>
            }
        };
        scale.ticks().map(tick).collect_view()
    };
    view! {
        <section class="run-section run-time" aria-labelledby="run-time-title">
            <h3 id="run-time-title">"Timeline"</h3>
            <div class="time">
                <div class="time-scale" aria-hidden="true">
                    <div class="time-ticks">{ticks}</div>
                </div>
                <ol>
                    <For each=move || layout.with(StepLayout::reading_order) key=Clone::clone let:id>
                        <TimelineRow query=query axis=axis end=end id=id />
                    </For>
                </ol>
            </div>
        </section>
    }
}

#[component]
fn TimelineRow(query: RunQuery, axis: Memo<TimeAxis>, end: Memo<i64>, id: StepId) -> impl IntoView {
    let own = StoredValue::new(id.clone());
    let step = query.step(id.clone());
    let spans = Memo::new(move |_| step.with(|step| step.as_ref().map(|step| query.spans(step)).unwrap_or_default()));
    let name = Memo::new(move |_| step.with(|step| step.as_ref().map(step_name).unwrap_or_default()));
    let status =
        Memo::new(move |_| step.with(|step| step.as_ref().map(|step| step.status.clone()).unwrap_or_default()));
    let is_selected = move || query.selected_step.with(|it| own.with_value(|id| it.as_ref() == Some(id)));
    let took = move || match spans.with(|spans| Some((spans.first()?.start, spans.last()?.end))) {
        Some((start, Some(end))) => format_duration(end - start),
        Some((start, None)) => format_stopwatch(end.get() - start),
        None => status_label(&status.get()),
    };
    let spoken = move || {
        let status = status_label(&status.get());
        match spans.with(Vec::len) {
            0 => String::new(),
            1 => format!("{status}, "),
            attempts => format!("{status}, {attempts} attempts, "),
        }
    };
    view! {
        <li
            class="time-row"
            data-step-id=id.to_string()
            data-run=move || status.get().to_string()
            data-selected=move || is_selected().then_some("")
            on:click=move |_| query.choose_step(own.get_value())
        >
            <span class="time-name" data-full=move || name.get()>
                {move || name.get()}
            </span>
            <span class="spoken">{spoken}</span>
            <span class="time-track" aria-hidden="true">
                <For each=move || 0..spans.with(Vec::len) key=|index| *index let:index>
                    <AttemptBar spans=spans index=index axis=axis end=end />
                </For>
            </span>
            <span class="time-duration">{took}</span>
        </li>
    }
}

#[component]
fn AttemptBar(spans: Memo<Vec<AttemptSpan>>, index: usize, axis: Memo<TimeAxis>, end: Memo<i64>) -> impl IntoView {
    let span = Memo::new(move |_| spans.with(|spans| spans.get(index).cloned()));
    let status = move || span.with(|span| span.as_ref().map(|span| span.status.to_string()));
    let is_open = move || span.with(|span| span.as_ref().is_some_and(|span| span.end.is_none()));
    let title = move || {
        span.with(|span| span.as_ref().map(|span| format!("Attempt {}: {}", index + 1, status_label(&span.status))))
    };
    let bar = move || {
        let bar = |span: &AttemptSpan| axis.get().bar(span.start, span.end.unwrap_or_else(|| end.get()));
        span.with(|span| span.as_ref().map(bar).unwrap_or_default())
    };
    view! {
        <span
            class="time-bar"
            data-run=status
            data-open=move || is_open().then_some("")
            title=title
            style:left=move || percent(bar().0)
            style:width=move || percent(bar().1)
        ></span>
    }
}

fn percent(part: f64) -> String {
    format!("{part:.2}%")
}

/// Returns when the run or its first step started, by the server's clock.
fn start_time(execution: &Execution) -> Option<i64> {
    let steps = execution.steps.iter().filter_map(|step| step.started_at);
    steps.chain(execution.started_at).min().map(|at| at.millis())
}
