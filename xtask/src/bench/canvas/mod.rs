//! `cargo xtask bench canvas`: measures the page in a headless Chromium, beside the peers' pages.

mod old_commit;
mod subjects;
mod table;

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, ensure};
use clap::Args;
use serde_json::{Value, json};

use super::figures::Figures;
use super::process_guard::ServerProcess;
use super::{RunOptions, bench_folder, compile_programs, peers};
use crate::steps::Steps;
use crate::workspace::Workspace;
use crate::{build, prerequisites, process};
use old_commit::OldCommit;
use subjects::{ORRERY, Page, PageKind};
use table::TABLE;

#[derive(Args)]
pub struct Options {
    #[command(flatten)]
    run: RunOptions,
    /// Build the page of this older commit too, measure it in turn with the present one, and print the ratios
    #[arg(long, value_name = "COMMIT")]
    against: Option<String>,
}

struct Bench<'a> {
    run: &'a RunOptions,
    driver: PathBuf,
    chromium: PathBuf,
    figures: Figures,
}

pub(super) fn measure_canvas(workspace: &Workspace, steps: &mut Steps, options: &Options) -> Result<()> {
    let run = &options.run;
    steps.step("Look for Chromium", prerequisites::ensure)?;
    if run.includes(ORRERY) {
        build::page(workspace, steps)?;
    }
    let program = compile_programs(workspace, steps)?;
    let driver = steps.step("Install the driver of Chromium", || peers::install_driver(workspace))?;
    let feed = program("orrery-feed");
    let against = options.against.as_deref();
    let old = against.map(|commit| OldCommit::build(workspace, steps, commit)).transpose()?;
    let pages = steps.step("Build the peers' pages", || Ok(subjects::pages(workspace, run, &feed, old.as_ref())))?;
    ensure!(!pages.is_empty(), "--only names no page that can be measured");
    let path = bench_folder(workspace).join("canvas.json");
    let mut figures = Figures::default();
    if let Some(old) = &old {
        figures.compare(ORRERY, &old.name);
    }
    let mut bench = Bench { run, driver, chromium: find_chromium()?, figures };
    for round in 1..=run.rounds() {
        for size in [1_000, 10_000, 100_000] {
            for page in pages.iter().filter(|page| page.sizes.contains(&size)) {
                let step = format!("Round {round}: {} with {size} workspaces", page.name);
                steps.step(&step, || bench.measure(page, size, round))?;
            }
        }
        bench.figures.save(&path)?;
    }
    if let Some(orrery) = pages.iter().find(|page| page.name == ORRERY) {
        steps.step("A million events and two hundred dropped sockets", || bench.measure_endurance(orrery))?;
    }
    bench.figures.publish(&path, TABLE)
}

impl Bench<'_> {
    fn measure(&mut self, page: &Page, size: usize, round: usize) -> Result<()> {
        let [gesture, events, sustained] = match (self.run.quick, page.kind) {
            (true, _) => [2, 1, 3],
            (false, PageKind::Orrery) => [4, 4, 60],
            // A page that does not answer for ten seconds does not answer for a minute either.
            (false, PageKind::Peer) => [4, 4, 10],
        };
        // There is a goal for 10,000 events a second at this size only.
        let sustained = if size == 10_000 { sustained } else { 0 };
        // A minute is an average already, so the two of them are spent once.
        let is_measured_idle = round == 1 && (size == 1_000 || matches!((size, page.kind), (10_000, PageKind::Orrery)));
        let idle = match (is_measured_idle, self.run.quick) {
            (false, _) => 0,
            (true, true) => 5,
            (true, false) => 60,
        };
        let plan = json!({
            "gesture_seconds": gesture,
            "event_seconds": events,
            "sustained_seconds": sustained,
            "sustained_rate": 10_000,
            "idle_seconds": idle,
            "filter_times": if self.run.quick { 1 } else { 5 },
        });
        self.drive(page, size, &size.to_string(), plan)
    }

    fn measure_endurance(&mut self, page: &Page) -> Result<()> {
        let (events, reconnects) = if self.run.quick { (100_000, 10) } else { (1_000_000, 200) };
        let plan = json!({"endurance_events": events, "reconnects": reconnects});
        self.drive(page, 1_000, "endurance", plan)
    }

    /// Serves the page by its feed, lets the driver carry out the plan, and adds the figures under `scenario`.
    fn drive(&mut self, page: &Page, size: usize, scenario: &str, mut plan: Value) -> Result<()> {
        let mut feed = Command::new(&page.feed);
        feed.arg("--dist").arg(&page.dist).args(["--workspaces", &size.to_string()]);
        let feed = ServerProcess::start(&mut feed)?;
        let common = json!({
            "base": format!("http://{}", feed.address),
            "page": page.kind.name(),
            "path": page.path,
            "workspaces": size,
            "chromium": self.chromium,
            "patience_seconds": 120,
        });
        for (key, value) in common.as_object().into_iter().flatten() {
            plan[key] = value.clone();
        }
        let mut node = Command::new("node");
        let printed = process::output(node.current_dir(&self.driver).arg("measure.mjs").arg(plan.to_string()))?;
        let figures: Value = serde_json::from_str(printed.trim()).context("the driver printed no figures")?;
        for key in ["failed", "page_errors"] {
            if let Some(message) = figures[key].as_str() {
                eprintln!("  {} with {size}: {message}", page.name);
            }
        }
        self.figures.add(&page.name, scenario, &figures);
        Ok(())
    }
}

fn find_chromium() -> Result<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
    let mut programs = names.iter().flat_map(|name| std::env::split_paths(&path).map(move |folder| folder.join(name)));
    programs.find(|program| Path::is_file(program)).context("there is no Chromium")
}
