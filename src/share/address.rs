//! A view as the words after the `#` of an address, and back. Pure. Never the browser's address itself.

use orrery_protocol::{Status, WorkspaceId};

use crate::session::PanelTab;
use crate::store::Filter;
use orrery_layout::Point;

/// What an address may say. The camera is the middle of the window, so that another window shows the same.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Shared {
    pub at: Option<(Point, f64)>,
    pub selection: Option<WorkspaceId>,
    pub tab: Option<PanelTab>,
    pub filter: Filter,
    /// What could not be understood, as it stood there.
    pub strange: Vec<String>,
}

/// The panel's tabs as an address names them.
const TABS: [(PanelTab, &str); 5] = [
    (PanelTab::Details, "details"),
    (PanelTab::Activity, "activity"),
    (PanelTab::AgentCard, "agent-card"),
    (PanelTab::Events, "events"),
    (PanelTab::Runs, "runs"),
];

impl Shared {
    /// Without the `#`; empty when there is nothing to say.
    pub fn write(&self, encode: impl Fn(&str) -> String) -> String {
        let mut parts = Vec::new();
        if let Some((at, zoom)) = self.at {
            parts.push(format!("at={:.0},{:.0},{}", at.x, at.y, (zoom * 1000.0).round() / 1000.0));
        }
        if let Some(id) = &self.selection {
            parts.push(format!("see={}", encode(id.as_str())));
        }
        if let Some((_, word)) = TABS.iter().find(|(tab, _)| Some(*tab) == self.tab) {
            parts.push(format!("tab={word}"));
        }
        let Filter { status, team, model, skill, text } = &self.filter;
        let text = Some(text.trim()).filter(|text| !text.is_empty());
        let looked_for = [
            ("status", status.as_ref().map(Status::as_str)),
            ("team", team.as_ref().map(WorkspaceId::as_str)),
            ("model", model.as_deref()),
            ("skill", skill.as_deref()),
            ("text", text),
        ];
        for (name, value) in looked_for {
            parts.extend(value.map(|value| format!("{name}={}", encode(value))));
        }
        parts.join("&")
    }

    pub fn read(text: &str, decode: impl Fn(&str) -> Option<String>) -> Self {
        let mut shared = Self::default();
        for part in text.trim_start_matches('#').split('&').filter(|part| !part.is_empty()) {
            let (name, value) = part.split_once('=').unwrap_or((part, ""));
            let value = decode(value).unwrap_or_default();
            let is_read = match name {
                "at" => set(&mut shared.at, camera(&value)),
                "see" => set(&mut shared.selection, WorkspaceId::parse(&value).ok()),
                "tab" => set(&mut shared.tab, TABS.iter().find(|(_, word)| *word == value).map(|(tab, _)| *tab)),
                "status" => set(&mut shared.filter.status, Status::SHOWN.into_iter().find(|it| it.as_str() == value)),
                "team" => set(&mut shared.filter.team, WorkspaceId::parse(&value).ok()),
                "model" => set(&mut shared.filter.model, Some(value).filter(|it| !it.is_empty())),
                "skill" => set(&mut shared.filter.skill, Some(value).filter(|it| !it.is_empty())),
                "text" => {
                    shared.filter.text = value;
                    true
                }
                _ => false,
            };
            if !is_read {
                shared.strange.push(part.to_owned());
            }
        }
        shared
    }
}

fn set<T>(place: &mut Option<T>, value: Option<T>) -> bool {
    let is_some = value.is_some();
    *place = value;
    is_some
}

/// Reads numbers as JSON does, which are never infinite: the standard library's reader of floats is another 13 KB of brotli.
fn camera(value: &str) -> Option<(Point, f64)> {
    let mut numbers = value.splitn(3, ',').map(|number| serde_json::from_str::<f64>(number).ok());
    let (x, y, zoom) = (numbers.next()??, numbers.next()??, numbers.next()??);
    (zoom > 0.0).then_some((Point::new(x, y), zoom))
}

#[cfg(test)]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    fn read(text: &str) -> Shared {
        Shared::read(text, |it| Some(it.replace("%26", "&")))
    }

    #[wasm_bindgen_test]
    fn a_view_reads_back_as_written() {
        let view = Shared {
            at: Some((Point::new(-120.0, 44.0), 0.625)),
            selection: WorkspaceId::parse("ws-1").ok(),
            tab: Some(PanelTab::AgentCard),
            filter: Filter { status: Some(Status::Failed), text: "a&b".into(), ..Filter::default() },
            strange: Vec::new(),
        };
        let text = view.write(|it| it.replace('&', "%26"));
        assert_eq!(text, "at=-120,44,0.625&see=ws-1&tab=agent-card&status=failed&text=a%26b");
        assert_eq!(read(&format!("#{text}")), view);
        assert_eq!(Shared::default().write(str::to_owned), "");
    }

    #[wasm_bindgen_test]
    fn what_is_not_understood_is_kept_to_be_said() {
        let view = read("#at=1,2&tab=colours&status=mauve&what=7&at=0,0,-1&see=");
        assert_eq!(view.strange, ["at=1,2", "tab=colours", "status=mauve", "what=7", "at=0,0,-1", "see="]);
        assert_eq!((view.at, view.tab, view.filter), (None, None, Filter::default()));
    }
}
