//! The workflows that the demo's agents work on together. Never when.

use std::collections::HashMap;

use orrery_protocol::WorkspaceId;
use serde_json::{Value, json};

/// So that a later start knows its own again.
pub const DESCRIPTION: &str = "Part of the demo";

/// Those whose agents are all there, as `POST /api/workflows` takes them.
pub fn plays(by_name: &HashMap<&str, &WorkspaceId>) -> Vec<Value> {
    let ask = |name: &str, who: &str, message: &str, after: &[&str]| {
        let workspace = by_name.get(who)?;
        Some(json!({ "name": name, "step_type": "agent", "workspace_id": workspace, "config": { "message": message },
                     "depends_on_steps": after, "timeout_seconds": 60, "max_retries": 2, "retry_backoff_seconds": 12 }))
    };
    let ship = json!({ "name": "Approve", "step_type": "approval", "config": { "title": "Ship version ${version}?" },
                       "depends_on_steps": ["Test"], "timeout_seconds": 600 });
    let pause = json!({ "name": "Let it settle", "step_type": "wait", "config": { "seconds": 6 }, "depends_on_steps": ["Audit"] });
    let release = [
        ask("Plan", "Release Captain", "Plan version ${version}", &[]),
        ask("Page", "Frontend Builder", "Build the page of version ${version}", &["Plan"]),
        ask("Export", "Backend Builder", "Build the export of version ${version}", &["Plan"]),
        ask("Test", "QA Runner", "Test version ${version}", &["Page", "Export"]),
        Some(ship),
        ask("Announce", "Growth Lead", "Announce version ${version}", &["Approve"]),
    ];
    let page = [
        ask("Research", "Market Researcher", "Compare prices for page ${version}", &[]),
        ask("Write", "Ad Copy Writer", "Write page ${version}", &["Research"]),
        ask("Audit", "Vancouver SEO Agent", "Audit page ${version}", &["Write"]),
        Some(pause),
        ask("Report", "Growth Lead", "Report on page ${version}", &["Let it settle"]),
    ];
    let tickets = [
        ask("Sort", "Ticket Triage", "Sort batch ${version}", &[]),
        ask("Match", "Billing Auditor", "Match the invoices of batch ${version}", &[]),
        ask("Decide", "Support Lead", "Decide on batch ${version}", &["Sort", "Match"]),
    ];
    let all = [("Ship the release", &release[..]), ("The weekly page", &page), ("Answer the tickets", &tickets)];
    let play = |(name, steps): (&str, &[Option<Value>])| {
        let steps: Option<Vec<Value>> = steps.iter().cloned().collect();
        Some(json!({ "name": name, "description": DESCRIPTION, "variables": ["version"], "steps": steps? }))
    };
    all.into_iter().filter_map(play).collect()
}
