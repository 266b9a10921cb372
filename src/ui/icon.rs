//! Icons: paths on a 16 px grid in the colour of the surrounding text.

use leptos::prelude::*;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Icon {
    Provisioning,
    Failed,
    Brand,
    Check,
    ChevronDown,
    ChevronLeft,
    ChevronRight,
    Close,
    Copy,
    Cut,
    Dots,
    Filter,
    Fit,
    Follow,
    Keys,
    Live,
    Minus,
    Moon,
    Open,
    Pencil,
    Plus,
    Retry,
    Runs,
    Screen,
    Search,
    SignOut,
    Sun,
    Task,
    TidyUp,
    Trash,
}

/// One path of an icon.
enum Path {
    Line(&'static str),
    Solid(&'static str),
    /// Cut out of the solid path below.
    Hole(&'static str),
}

use Path::{Hole, Line, Solid};

impl Icon {
    fn paths(self) -> &'static [Path] {
        match self {
            Self::Provisioning => &[Line("M8 2.5A5.5 5.5 0 1 1 2.5 8")],
            Self::Failed => {
                &[Solid("M5.3 1.5h5.4l3.8 3.8v5.4l-3.8 3.8H5.3l-3.8-3.8V5.3Z"), Hole("m5.8 5.8 4.4 4.4m0-4.4-4.4 4.4")]
            }
            Self::Brand => &[
                Solid("M8 6.1a1.9 1.9 0 1 0 0 3.8 1.9 1.9 0 1 0 0-3.8Z"),
                Solid("M12.8 2.4a1.6 1.6 0 1 0 0 3.2 1.6 1.6 0 1 0 0-3.2Z"),
                Line("M10.6 2.4a6.2 6.2 0 1 0 3.5 4.4"),
            ],
            Self::Check => &[Line("m3 8.5 3.2 3.2L13 4.8")],
            Self::ChevronDown => &[Line("m3.5 6 4.5 4.5L12.5 6")],
            Self::ChevronLeft => &[Line("M10 3.5 5.5 8l4.5 4.5")],
            Self::ChevronRight => &[Line("m6 3.5 4.5 4.5L6 12.5")],
            Self::Close => &[Line("m4 4 8 8m0-8-8 8")],
            Self::Copy => &[
                Line(
                    "M7 5.5h5A1.5 1.5 0 0 1 13.5 7v5a1.5 1.5 0 0 1-1.5 1.5H7A1.5 1.5 0 0 1 5.5 12V7A1.5 1.5 0 0 1 7 5.5Z",
                ),
                Line("M3.3 10.5a.8.8 0 0 1-.8-.8V3.3a.8.8 0 0 1 .8-.8h6.4a.8.8 0 0 1 .8.8"),
            ],
            Self::Cut => &[
                Solid("M8 6a2 2 0 1 0 0 4 2 2 0 1 0 0-4Z"),
                Line("M4.6 11.4a4.8 4.8 0 0 1 0-6.8M11.4 4.6a4.8 4.8 0 0 1 0 6.8M2 2l12 12"),
            ],
            Self::Dots => &[
                Solid("M3.2 7a1 1 0 1 0 0 2 1 1 0 1 0 0-2Z"),
                Solid("M8 7a1 1 0 1 0 0 2 1 1 0 1 0 0-2Z"),
                Solid("M12.8 7a1 1 0 1 0 0 2 1 1 0 1 0 0-2Z"),
            ],
            Self::Fit => &[Line("M2.5 5.5v-3h3M10.5 2.5h3v3M13.5 10.5v3h-3M5.5 13.5h-3v-3")],
            Self::Filter => &[Line("M2.5 3.5h11M4.5 8h7M6.5 12.5h3")],
            Self::Follow => &[Line("M8 4.5a3.5 3.5 0 1 0 0 7 3.5 3.5 0 1 0 0-7ZM8 1.5v3M8 11.5v3M1.5 8h3M11.5 8h3")],
            Self::Keys => &[
                Line("M2.5 4h11a1 1 0 0 1 1 1v6a1 1 0 0 1-1 1h-11a1 1 0 0 1-1-1V5a1 1 0 0 1 1-1Z"),
                Line("M4.5 6.8h.01M8 6.8h.01M11.5 6.8h.01M5.5 9.5h5"),
            ],
            Self::Live => &[
                Solid("M8 6a2 2 0 1 0 0 4 2 2 0 1 0 0-4Z"),
                Line("M4.6 11.4a4.8 4.8 0 0 1 0-6.8M11.4 4.6a4.8 4.8 0 0 1 0 6.8"),
                Line("M2.5 13.5a7.8 7.8 0 0 1 0-11M13.5 2.5a7.8 7.8 0 0 1 0 11"),
            ],
            Self::Minus => &[Line("M3 8h10")],
            Self::Moon => &[Line("M13.5 9.6A5.8 5.8 0 0 1 6.4 2.5a5.8 5.8 0 1 0 7.1 7.1Z")],
            Self::Open => &[Line("M6.5 3.5h-3v9h9v-3M9.5 2.5h4v4M13.2 2.8 7.5 8.5")],
            Self::Pencil => &[Line("m9.8 3.6 2.6 2.6M3 13l.6-3L11 2.6a1 1 0 0 1 1.4 0l1 1a1 1 0 0 1 0 1.4L6 12.4Z")],
            Self::Plus => &[Line("M8 3v10M3 8h10")],
            Self::Retry => &[Line("M13 8a5 5 0 1 1-1.6-3.7M13.2 1.8v3h-3")],
            Self::Runs => &[
                Line("M3.5 2.2a1.5 1.5 0 1 0 0 3 1.5 1.5 0 1 0 0-3ZM12.5 6.5a1.5 1.5 0 1 0 0 3 1.5 1.5 0 1 0 0-3Z"),
                Line(
                    "M3.5 10.8a1.5 1.5 0 1 0 0 3 1.5 1.5 0 1 0 0-3ZM5.2 3.7h1.3A2.5 2.5 0 0 1 9 6.2 1.8 1.8 0 0 0 10.8 8M5.2 12.3h1.3A2.5 2.5 0 0 0 9 9.8 1.8 1.8 0 0 1 10.8 8",
                ),
            ],
            Self::Screen => &[Line(
                "M3 2.8h10a1.2 1.2 0 0 1 1.2 1.2v6a1.2 1.2 0 0 1-1.2 1.2H3A1.2 1.2 0 0 1 1.8 10V4A1.2 1.2 0 0 1 3 2.8ZM5.5 13.8h5",
            )],
            Self::SignOut => &[Line("M6.5 13.5h-3a1 1 0 0 1-1-1v-9a1 1 0 0 1 1-1h3M10.5 11l3-3-3-3M13.2 8H6.5")],
            Self::Search => &[Line("M7 2.8a4.2 4.2 0 1 0 0 8.4 4.2 4.2 0 1 0 0-8.4ZM10.2 10.2l3.3 3.3")],
            Self::Sun => &[
                Line("M8 5.2a2.8 2.8 0 1 0 0 5.6 2.8 2.8 0 1 0 0-5.6Z"),
                Line(
                    "M8 1.5v1.4M8 13.1v1.4M1.5 8h1.4M13.1 8h1.4M3.4 3.4l1 1M11.6 11.6l1 1M12.6 3.4l-1 1M4.4 11.6l-1 1",
                ),
            ],
            Self::Task => &[Line("M2.5 8h2.6l1.7-4 2.6 8 1.7-4h2.4")],
            Self::TidyUp => &[Line("M2.8 2.8h4v4h-4ZM9.2 2.8h4v4h-4ZM2.8 9.2h4v4h-4ZM9.2 9.2h4v4h-4Z")],
            Self::Trash => &[Line("M2.8 4.2h10.4M6.2 4V2.6h3.6V4M4 4.4l.6 9h6.8l.6-9M6.7 7v4M9.3 7v4")],
        }
    }
}

/// Draws an icon. It is hidden from assistive technology: the text beside it or the label of its button names it.
#[component]
pub fn Glyph(icon: Icon) -> impl IntoView {
    let class = if icon == Icon::Provisioning { "icon icon-spin" } else { "icon" };
    let paths = icon.paths().iter().map(|part| match part {
        Line(d) => view! { <path d=*d></path> }.into_any(),
        Solid(d) => view! { <path d=*d fill="currentColor" stroke="none"></path> }.into_any(),
        Hole(d) => view! { <path d=*d class="icon-hole"></path> }.into_any(),
    });
    view! {
        <svg
            class=class
            viewBox="0 0 16 16"
            fill="none"
            stroke="currentColor"
            stroke-width="1.5"
            stroke-linecap="round"
            stroke-linejoin="round"
            aria-hidden="true"
        >
            {paths.collect_view()}
        </svg>
    }
}

/// The mark of a status, drawn by the stylesheet: shape and colour depend on the status. A text beside it names the status.
#[component]
pub fn Mark(#[prop(into)] status: Signal<String>) -> impl IntoView {
    view! { <i class="mark" data-status=move || status.get()></i> }
}
