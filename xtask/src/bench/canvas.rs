//! `cargo xtask bench canvas`: the canvas in a headless Chromium, and React Flow + Zustand beside it. Never the page's own code.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};
use serde_json::{Value, json};

use super::figures::{Figures, Shown};
use super::running::Running;
use super::{Effort, folder, peers, programs};
use crate::steps::Steps;
use crate::workspace::Workspace;
use crate::{build, prerequisites, process};

const SHOWN: &[Shown] = &[
    Shown { figure: "10000.pan_fps", words: "10,000 visible: pan, FPS", goal: "≥ 55" },
    Shown { figure: "10000.pan_p95_ms", words: "… p95 of a frame, ms", goal: "≤ 25" },
    Shown { figure: "10000.zoom_fps", words: "10,000 visible: zoom, FPS", goal: "≥ 55" },
    Shown { figure: "10000.zoom_p95_ms", words: "… p95 of a frame, ms", goal: "≤ 25" },
    Shown { figure: "100000.pan_fps", words: "100,000 visible: pan, FPS", goal: "≥ 50" },
    Shown { figure: "100000.pan_p95_ms", words: "… p95 of a frame, ms", goal: "≤ 33" },
    Shown { figure: "100000.zoom_fps", words: "100,000 visible: zoom, FPS", goal: "≥ 50" },
    Shown { figure: "100000.zoom_p95_ms", words: "… p95 of a frame, ms", goal: "≤ 33" },
    Shown {
        figure: "1000.burst_script_us",
        words: "an event → painted, 1,000 a second, script at 1,000, µs",
        goal: "≤ 20",
    },
    Shown { figure: "10000.burst_script_us", words: "… at 10,000, µs", goal: "≤ 20" },
    Shown { figure: "100000.burst_script_us", words: "… at 100,000, µs", goal: "≤ 20, flat" },
    Shown { figure: "10000.flood_script_us", words: "… 5,000 a second, script at 10,000, µs", goal: "≤ 20" },
    Shown { figure: "100000.flood_script_us", words: "… at 100,000, µs", goal: "≤ 20, flat" },
    Shown { figure: "1000.event_script_us", words: "an event alone in its frame, script at 1,000, µs", goal: "" },
    Shown { figure: "10000.event_script_us", words: "… at 10,000, µs", goal: "" },
    Shown { figure: "100000.event_script_us", words: "… at 100,000, µs", goal: "" },
    Shown { figure: "10000.storm_fps", words: "10,000 events/s while panning, FPS", goal: "≥ 50" },
    Shown { figure: "10000.storm_events_a_second", words: "… applied a second", goal: "10,000" },
    Shown { figure: "10000.storm_lost", words: "… lost", goal: "0" },
    Shown { figure: "10000.storm_hash_equal", words: "… state hash equal", goal: "1" },
    Shown { figure: "10000.usable_ms", words: "load to usable: 10,000, ms", goal: "≤ 500" },
    Shown { figure: "10000.complete_ms", words: "… all known, ms", goal: "" },
    Shown { figure: "100000.usable_ms", words: "load to usable: 100,000, ms", goal: "≤ 1,500" },
    Shown { figure: "100000.complete_ms", words: "… all known, ms", goal: "" },
    Shown { figure: "10000.elements", words: "DOM elements, near, 10,000", goal: "≤ 1,500" },
    Shown { figure: "10000.elements_fit", words: "DOM elements, all in view, 10,000", goal: "≤ 1,500" },
    Shown { figure: "100000.elements", words: "DOM elements, near, 100,000", goal: "≤ 1,500" },
    Shown { figure: "100000.elements_fit", words: "DOM elements, all in view, 100,000", goal: "≤ 1,500" },
    Shown { figure: "10000.memory_mb", words: "JS + wasm memory, 10,000, MB", goal: "≤ 60" },
    Shown { figure: "100000.memory_mb", words: "JS + wasm memory, 100,000, MB", goal: "≤ 200" },
    Shown { figure: "10000.filter_ms", words: "a changed filter by text → answered, 10,000, ms", goal: "≤ 16" },
    Shown { figure: "10000.filter_drawn_ms", words: "… and drawn, ms", goal: "" },
    Shown { figure: "100000.filter_ms", words: "a changed filter by text → answered, 100,000, ms", goal: "≤ 50" },
    Shown { figure: "100000.filter_drawn_ms", words: "… and drawn, ms", goal: "" },
    Shown {
        figure: "100000.filter_memory_mb",
        words: "JS + wasm memory with the filter open, 100,000, MB",
        goal: "≤ 200",
    },
    Shown { figure: "endurance.endurance_growth_percent", words: "growth over the endurance run, %", goal: "≤ 2" },
    Shown { figure: "endurance.endurance_hash_equal", words: "… state hash equal", goal: "1" },
];

struct Subject {
    name: &'static str,
    page: &'static str,
    path: &'static str,
    dist: PathBuf,
    sizes: &'static [usize],
}

struct Bench<'a> {
    effort: &'a Effort,
    feed: PathBuf,
    driver: PathBuf,
    chromium: &'static str,
    figures: Figures,
}

pub(super) fn canvas(workspace: &Workspace, steps: &mut Steps, effort: &Effort) -> Result<()> {
    steps.step("Look for Chromium", prerequisites::ensure)?;
    if effort.wants("Orrery") {
        build::page(workspace, steps)?;
    }
    let program = programs(workspace, steps)?;
    let driver = steps.step("Install what drives Chromium", || peers::driver(workspace))?;
    let subjects = steps.step("Install the peers", || Ok(subjects(workspace, effort)))?;
    let chromium = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
    let chromium = chromium.into_iter().find(|name| process::on_path(name)).context("there is no Chromium")?;
    let (feed, file) = (program("orrery-feed"), folder(workspace).join("canvas.json"));
    let mut bench = Bench { effort, feed, driver, chromium, figures: Figures::default() };
    for round in 1..=effort.rounds() {
        for subject in &subjects {
            for &size in subject.sizes {
                let step = format!("Round {round}: {} with {size} workspaces", subject.name);
                steps.step(&step, || bench.measure(subject, size))?;
            }
        }
        bench.figures.save(&file)?;
    }
    if effort.wants("Orrery") {
        let orrery = &subjects[0];
        steps.step("Events and reconnects without end", || bench.endure(orrery))?;
    }
    bench.figures.publish(&file, SHOWN)
}

/// Orrery first.
fn subjects(workspace: &Workspace, effort: &Effort) -> Vec<Subject> {
    let [all, most]: [&[usize]; 2] = match effort.quick {
        true => [&[10_000, 100_000], &[1_000]],
        false => [&[1_000, 10_000, 100_000], &[1_000, 10_000]],
    };
    let mut subjects = Vec::new();
    if effort.wants("Orrery") {
        let dist = workspace.dist();
        subjects.push(Subject { name: "Orrery", page: "orrery", path: "/", dist, sizes: all });
    }
    let react_flow = effort.wants("React Flow").then(|| peers::react_flow(workspace)).flatten();
    if let Some(dist) = react_flow {
        let page = "react-flow";
        subjects.push(Subject { name: "React Flow", page, path: "/", dist: dist.clone(), sizes: most });
        // All of 10,000 are in view while it is panned, so it would be the same once more.
        if !effort.quick {
            subjects.push(Subject { name: "React Flow, only visible", page, path: "/?visible", dist, sizes: &[1_000] });
        }
    }
    subjects
}

impl Bench<'_> {
    fn measure(&mut self, subject: &Subject, size: usize) -> Result<()> {
        let [gesture, events, storm] = match (self.effort.quick, subject.page) {
            (true, _) => [2, 1, 3],
            (false, "orrery") => [4, 4, 60],
            // A page that stands still for ten seconds stands still for a minute.
            (false, _) => [4, 4, 10],
        };
        // The storm is a goal at 10,000 only.
        let storm = if size == 10_000 { storm } else { 0 };
        let times = if self.effort.quick { 1 } else { 5 };
        let plan = json!({
            "gesture_seconds": gesture, "event_seconds": events, "storm_seconds": storm, "filter_times": times,
        });
        self.drive(subject, size, &size.to_string(), plan)
    }

    fn endure(&mut self, subject: &Subject) -> Result<()> {
        let (events, reconnects) = if self.effort.quick { (100_000, 10) } else { (1_000_000, 200) };
        let plan = json!({"endurance_events": events, "reconnects": reconnects});
        self.drive(subject, 1_000, "endurance", plan)
    }

    fn drive(&mut self, subject: &Subject, size: usize, scenario: &str, mut plan: Value) -> Result<()> {
        let mut feed = Command::new(&self.feed);
        feed.arg("--dist").arg(&subject.dist).args(["--workspaces", &size.to_string()]);
        let feed = Running::start(&mut feed)?;
        let chromium = which(self.chromium);
        let fixed = json!({
            "base": format!("http://{}", feed.address), "page": subject.page, "path": subject.path,
            "workspaces": size, "chromium": chromium, "storm_rate": 10_000, "patience_seconds": 120,
        });
        for (key, value) in fixed.as_object().into_iter().flatten() {
            plan[key] = value.clone();
        }
        let mut node = Command::new("node");
        let printed = process::output(node.current_dir(&self.driver).arg("measure.mjs").arg(plan.to_string()))?;
        let figures: Value = serde_json::from_str(printed.trim()).context("the measuring printed no figures")?;
        for trouble in ["failed", "page_errors"] {
            if let Some(words) = figures[trouble].as_str() {
                eprintln!("  {} with {size}: {words}", subject.name);
            }
        }
        self.figures.add(subject.name, scenario, &figures);
        Ok(())
    }
}

fn which(program: &str) -> PathBuf {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let found = std::env::split_paths(&path).map(|folder| folder.join(program)).find(|program| program.is_file());
    found.unwrap_or_else(|| Path::new(program).to_owned())
}
