//! A view as the fragment of a URL: formatted and parsed, without access to the browser.

use orrery_protocol::{Status, WorkspaceId};

use crate::session::PanelTab;
use crate::store::Filter;
use orrery_layout::Point;

/// What a link can contain. The camera is described by the middle of the window, so that a window of another size shows the
/// same.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct SharedView {
    /// The middle of the window in canvas coordinates, and the zoom.
    pub camera: Option<(Point, f64)>,
    pub selection: Option<WorkspaceId>,
    pub tab: Option<PanelTab>,
    pub filter: Filter,
    /// The parts that could not be read.
    pub unknown: Vec<String>,
}

/// The panel's tabs as links name them.
const TABS: [(PanelTab, &str); 5] = [
    (PanelTab::Details, "details"),
    (PanelTab::Activity, "activity"),
    (PanelTab::AgentCard, "agent-card"),
    (PanelTab::Events, "events"),
    (PanelTab::Runs, "runs"),
];

impl SharedView {
    /// Returns the fragment without its `#`; empty for the default view.
    pub fn to_fragment(&self, encode: impl Fn(&str) -> String) -> String {
        let mut parts = Vec::new();
        if let Some((at, zoom)) = self.camera {
            parts.push(format!("at={:.0},{:.0},{}", at.x, at.y, (zoom * 1000.0).round() / 1000.0));
        }
        if let Some(id) = &self.selection {
            parts.push(format!("see={}", encode(id.as_str())));
        }
        if let Some((_, name)) = TABS.iter().find(|(tab, _)| Some(*tab) == self.tab) {
            parts.push(format!("tab={name}"));
        }
        let Filter { status, team, model, skill, text } = &self.filter;
        let text = Some(text.trim()).filter(|text| !text.is_empty());
        let filters = [
            ("status", status.as_ref().map(Status::as_str)),
            ("team", team.as_ref().map(WorkspaceId::as_str)),
            ("model", model.as_deref()),
            ("skill", skill.as_deref()),
            ("text", text),
        ];
        for (name, value) in filters {
            parts.extend(value.map(|value| format!("{name}={}", encode(value))));
        }
        parts.join("&")
    }

    /// Reads a fragment, with or without its `#`.
    pub fn parse(fragment: &str, decode: impl Fn(&str) -> Option<String>) -> Self {
        let mut view = Self::default();
        for part in fragment.trim_start_matches('#').split('&').filter(|part| !part.is_empty()) {
            let (name, value) = part.split_once('=').unwrap_or((part, ""));
            let value = decode(value).unwrap_or_default();
            let is_read = match name {
                "at" => set(&mut view.camera, parse_camera(&value)),
                "see" => set(&mut view.selection, WorkspaceId::parse(&value).ok()),
                "tab" => set(&mut view.tab, TABS.iter().find(|(_, name)| *name == value).map(|(tab, _)| *tab)),
                "status" => set(&mut view.filter.status, Status::SHOWN.into_iter().find(|it| it.as_str() == value)),
                "team" => set(&mut view.filter.team, WorkspaceId::parse(&value).ok()),
                "model" => set(&mut view.filter.model, Some(value).filter(|it| !it.is_empty())),
                "skill" => set(&mut view.filter.skill, Some(value).filter(|it| !it.is_empty())),
                "text" => {
                    view.filter.text = value;
                    true
                }
                _ => false,
            };
            if !is_read {
                view.unknown.push(part.to_owned());
            }
        }
        view
    }
}

/// Returns whether there was a value.
fn set<T>(field: &mut Option<T>, value: Option<T>) -> bool {
    let is_some = value.is_some();
    *field = value;
    is_some
}

/// Reads the numbers as JSON, which has no infinite ones; the standard library's parser of floats is another 13 KB of brotli.
fn parse_camera(value: &str) -> Option<(Point, f64)> {
    let mut numbers = value.splitn(3, ',').map(|number| serde_json::from_str::<f64>(number).ok());
    let (x, y, zoom) = (numbers.next()??, numbers.next()??, numbers.next()??);
    (zoom > 0.0).then_some((Point::new(x, y), zoom))
}

#[cfg(test)]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    fn read(text: &str) -> SharedView {
        SharedView::parse(text, |it| Some(it.replace("%26", "&")))
    }

    #[wasm_bindgen_test]
    fn view_survives_a_round_trip() {
        let view = SharedView {
            camera: Some((Point::new(-120.0, 44.0), 0.625)),
            selection: WorkspaceId::parse("ws-1").ok(),
            tab: Some(PanelTab::AgentCard),
            filter: Filter { status: Some(Status::Failed), text: "a&b".into(), ..Filter::default() },
            unknown: Vec::new(),
        };
        let text = view.to_fragment(|it| it.replace('&', "%26"));
        assert_eq!(text, "at=-120,44,0.625&see=ws-1&tab=agent-card&status=failed&text=a%26b");
        assert_eq!(read(&format!("#{text}")), view);
        assert_eq!(SharedView::default().to_fragment(str::to_owned), "");
    }

    #[wasm_bindgen_test]
    fn unreadable_parts_are_reported() {
        let view = read("#at=1,2&tab=colours&status=mauve&what=7&at=0,0,-1&see=");
        assert_eq!(view.unknown, ["at=1,2", "tab=colours", "status=mauve", "what=7", "at=0,0,-1", "see="]);
        assert_eq!((view.camera, view.tab, view.filter), (None, None, Filter::default()));
    }
}
