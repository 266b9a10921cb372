//! Which workspaces pass which filter, and how much work that is.

use serde_json::json;
use wasm_bindgen_test::{console_log, wasm_bindgen_test};

use super::*;
use crate::store::FilterIndex;

fn workspace(id: &str, parent: Option<&str>) -> Workspace {
    let mut workspace = Workspace::new(WorkspaceId::parse(id).unwrap());
    workspace.parent_id = parent.map(|parent| WorkspaceId::parse(parent).unwrap());
    workspace
}

fn canvas() -> Canvas {
    let mut lead = workspace("lead", None);
    lead.name = "Website team".into();
    lead.status = Status::Online;
    let mut seo = workspace("seo", Some("lead"));
    seo.name = "Vancouver SEO".into();
    seo.role = Some("Märkte".into());
    seo.status = Status::Failed;
    seo.agent = serde_json::from_value(json!({"id": null, "model": "openai:gpt-4o"})).ok();
    seo.agent_card =
        serde_json::from_value(json!({"name": "seo", "skills": ["audit", {"name": "rank \"x\"", "tags": ["tag"]}]}))
            .ok();
    let mut alone = workspace("alone", None);
    alone.name = "Alone".into();
    alone.current_task = Some("Reads the NEWS".into());
    Canvas::from_rows([lead, seo, alone], 1)
}

#[wasm_bindgen_test]
fn filters_pass_the_workspaces_that_match() {
    let canvas = canvas();
    let text = |text: &str| Filter { text: text.into(), ..Filter::default() };
    let id = |id| WorkspaceId::parse(id).ok();
    for (filter, expected) in [
        (Filter::default(), "lead seo alone"),
        (text("  "), "lead seo alone"),
        (Filter { status: Some(Status::Failed), ..Filter::default() }, "seo"),
        (Filter { team: id("lead"), ..Filter::default() }, "lead seo"),
        (Filter { team: id("gone"), ..Filter::default() }, ""),
        (Filter { model: Some("openai:gpt-4o".into()), ..Filter::default() }, "seo"),
        (Filter { skill: Some("audit".into()), ..Filter::default() }, "seo"),
        (Filter { skill: Some("rank \"x\"".into()), ..Filter::default() }, "seo"),
        (Filter { skill: Some("tag".into()), ..Filter::default() }, ""),
        (Filter { skill: Some("seo".into()), ..Filter::default() }, ""),
        (text("website"), "lead"),
        (text("SEO vanc"), "seo"),
        (text("märk"), "seo"),
        (text("news"), "alone"),
        (text("gpt"), "seo"),
        (text("audit"), "seo"),
        (text("nothing"), ""),
        (Filter { status: Some(Status::Online), team: id("lead"), ..Filter::default() }, "lead"),
    ] {
        let query = filter.to_query();
        let passes = |slot| query.as_ref().is_none_or(|query| (query.passes)(&canvas, slot));
        let passed: Vec<&str> = canvas.iter().filter(|(slot, _)| passes(*slot)).map(|(_, it)| it.id.as_str()).collect();
        assert_eq!(passed.join(" "), expected, "{filter:?}");
    }
}

#[wasm_bindgen_test]
fn narrows_when_every_part_is_stricter() {
    let text = |text: &str| Filter { text: text.into(), ..Filter::default() };
    let failed = |text: &str| Filter { status: Some(Status::Failed), text: text.into(), ..Filter::default() };
    for (before, now, expected) in [
        (text(""), text("a"), true),
        (text("a"), text("Ab"), true),
        (text("gold work"), text("worker golden one"), true),
        (text("ab"), text("a"), false),
        (text("a b"), text("a"), false),
        (text("a"), failed("a"), true),
        (failed("a"), text("ab"), false),
        (failed(""), failed("x"), true),
    ] {
        assert_eq!(now.narrows(&before), expected, "{now:?} after {before:?}");
    }
}

#[wasm_bindgen_test]
fn reads_skills_from_the_json_of_a_card() {
    for (card, expected) in [
        (
            json!({"skills": ["a", {"name": "b"}, {"id": "c"}, {"other": "d"}, 7, {"name": "e", "tags": ["f"]}]}),
            "a b c e",
        ),
        (json!({"skills": []}), ""),
        (json!({"name": "no skills"}), ""),
        (json!({"skills": ["one"], "version": "2"}), "one"),
        (json!({"skills": "not a list"}), ""),
    ] {
        let card: AgentCard = serde_json::from_value(card).unwrap();
        assert_eq!(skills_of(&card).collect::<Vec<_>>().join(" "), expected, "{}", card.as_json());
    }
}

/// Asserts the work: each workspace is evaluated once. The times are printed only.
#[wasm_bindgen_test]
fn evaluates_each_of_a_hundred_thousand_once() {
    for count in [10_000usize, 100_000] {
        let row = |at: usize| {
            let mut row = workspace(&format!("019a0000-0000-7000-8000-{at:012}"), None);
            row.name = format!("Workspace {at} of the fleet");
            row.role = Some("Research".into());
            row.agent = serde_json::from_value(json!({"id": null, "model": "anthropic:claude-sonnet-4-6"})).ok();
            row.agent_card =
                serde_json::from_value(json!({"name": "An agent", "skills": ["audit-pages", {"name": "outreach"}]}))
                    .ok();
            row
        };
        let canvas = Canvas::from_rows((0..count).map(row), 1);
        let all = Filter {
            status: Some(Status::Provisioning),
            model: Some("anthropic:claude-sonnet-4-6".into()),
            skill: Some("outreach".into()),
            text: "nowhere".into(),
            ..Filter::default()
        };
        let text = Filter { text: "nowhere".into(), ..Filter::default() };
        for (words, filter) in [("words alone", text), ("everything at once", all)] {
            let mut filter_index = FilterIndex::default();
            let began = js_sys::Date::now();
            filter_index.set_query(&canvas, filter.to_query());
            console_log!("filter of {count} by {words}: {} ms", js_sys::Date::now() - began);
            assert_eq!((filter_index.evaluation_count(), filter_index.dimmed_count()), (count as u64, count));
        }
    }
}
