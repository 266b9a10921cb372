//! `cargo xtask bench server`: Orrery's fan-out and its peers' in turn, and what only Orrery does. Never a peer's program.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, Result};
use serde_json::Value;

use super::figures::{Figures, Shown};
use super::peers::{self, Peer};
use super::postgres::Postgres;
use super::running::Running;
use super::{Effort, folder, programs};
use crate::process;
use crate::steps::Steps;
use crate::workspace::{SERVER, Workspace};

const ORRERY: &str = "Orrery";

const SHOWN: &[Shown] = &[
    Shown { figure: "deliver.cpu_us_a_delivery", words: "CPU a delivery, 500 clients × 400/s, µs", goal: "≤ 1.5" },
    Shown { figure: "deliver.delivered_percent", words: "delivered of what was asked, %", goal: "100" },
    Shown { figure: "deliver.lost", words: "lost", goal: "0" },
    Shown { figure: "deliver.closed", words: "closed", goal: "0" },
    Shown { figure: "deliver.p50_ms", words: "published → delivered, p50, ms", goal: "" },
    Shown { figure: "deliver.p99_ms", words: "published → delivered, p99, ms", goal: "≤ Bun" },
    Shown { figure: "idle.kib_a_connection", words: "an idle connection, KiB", goal: "≤ 3.5" },
    Shown { figure: "idle.mib_in_all", words: "all idle connections and the process, MiB", goal: "≤ 40 at 10,000" },
    Shown { figure: "agents.cpu_us_an_event_more", words: "1,000 agents, CPU an event more, µs", goal: "≤ 20" },
    Shown { figure: "agents.deliveries_an_event", words: "deliveries an event", goal: "" },
    Shown {
        figure: "match.us_an_event", words: "1,000 agents: matching an event, in the process, µs", goal: "≤ 20"
    },
    Shown { figure: "agents.missing", words: "missing", goal: "0" },
    Shown { figure: "agents.too_many", words: "too many", goal: "0" },
    Shown { figure: "publish.events_a_second", words: "durable events/s, 256 a request", goal: "≥ 20,000" },
    Shown { figure: "publish.heartbeats_a_second", words: "durable events/s, one a request", goal: "" },
    Shown { figure: "postgres.events_a_second", words: "the same on PostgreSQL, 256 a request", goal: "≥ 20,000" },
    Shown { figure: "postgres.heartbeats_a_second", words: "the same on PostgreSQL, one a request", goal: "" },
    Shown { figure: "catch-up.p50_ms", words: "catch up 10,000 events, p50, ms", goal: "" },
    Shown { figure: "catch-up.p99_ms", words: "catch up 10,000 events, p99, ms", goal: "≤ 150" },
];

struct Bench<'a> {
    server: PathBuf,
    load: PathBuf,
    matching: PathBuf,
    data: PathBuf,
    postgres: Option<Postgres>,
    peers: &'a [Peer],
    figures: Figures,
}

pub(super) fn server(workspace: &Workspace, steps: &mut Steps, effort: &Effort) -> Result<()> {
    let program = programs(workspace, steps)?;
    steps.step("Compile the server", || {
        process::run(&mut workspace.cargo(&["build", "--release", "-p", SERVER, "--bin", SERVER]))
    })?;
    let peers = steps.step("Install the peers", || Ok(peers::servers(workspace, |name| effort.wants(name))))?;
    let postgres = steps.step("Start PostgreSQL", || Ok(Postgres::find().filter(|_| effort.wants(ORRERY))))?;
    let (server, load, matching) = (workspace.server("release"), program("orrery-load"), program("orrery-match"));
    let data = folder(workspace).join("data");
    let mut bench = Bench { server, load, matching, data, postgres, peers: &peers, figures: Figures::default() };
    let [deliver, idle, agents, publish, catch_up]: [&[&str]; 5] = match effort.quick {
        true => [
            &["deliver", "--seconds", "3"],
            &["idle", "--connections", "2000"],
            &["agents", "--seconds", "3"],
            &["publish", "--seconds", "2"],
            &["catch-up", "--times", "20"],
        ],
        false => [&["deliver"], &["idle"], &["agents"], &["publish"], &["catch-up"]],
    };
    for round in 1..=effort.rounds() {
        steps.step(&format!("Round {round}: every event to every client"), || bench.all(deliver, effort))?;
        steps.step(&format!("Round {round}: idle connections"), || bench.all(idle, effort))?;
        if effort.wants(ORRERY) {
            steps.step(&format!("Round {round}: agents, durability, catching up"), || {
                [agents, publish, catch_up].into_iter().try_for_each(|scenario| bench.orrery(scenario))?;
                bench.on_postgres(publish)?;
                bench.matching()
            })?;
        }
    }
    bench.figures.publish(&folder(workspace).join("server.json"), SHOWN)
}

impl Bench<'_> {
    fn all(&mut self, scenario: &[&str], effort: &Effort) -> Result<()> {
        if effort.wants(ORRERY) {
            self.orrery(scenario)?;
        }
        for peer in self.peers {
            self.measure(peer.name, &mut peer.command(), scenario, scenario[0])?;
        }
        Ok(())
    }

    fn orrery(&mut self, scenario: &[&str]) -> Result<()> {
        // A data folder of its own each time: a longer log must not slow the next round.
        let _ = fs::remove_dir_all(&self.data);
        let mut command = Command::new(&self.server);
        command.args(["--listen", "127.0.0.1:0", "--data-dir"]).arg(&self.data);
        self.measure(ORRERY, &mut command, scenario, scenario[0])
    }

    fn on_postgres(&mut self, scenario: &[&str]) -> Result<()> {
        let Some(postgres) = &self.postgres else { return Ok(()) };
        let mut command = Command::new(&self.server);
        command.args(["--listen", "127.0.0.1:0", "--database-url", &postgres.fresh()?]);
        self.measure(ORRERY, &mut command, scenario, "postgres")
    }

    fn matching(&mut self) -> Result<()> {
        let printed = process::output(&mut Command::new(&self.matching))?;
        self.figures.add(ORRERY, "match", &serde_json::from_str(&printed)?);
        Ok(())
    }

    /// `figure`: under what name its figures are kept.
    fn measure(&mut self, who: &str, command: &mut Command, scenario: &[&str], figure: &str) -> Result<()> {
        let running = Running::start(command)?;
        let mut load = Command::new(&self.load);
        load.args(["--address", &running.address, "--pid", &running.pid().to_string()]).args(scenario);
        let printed = process::output(&mut load).with_context(|| format!("{who}, {}", scenario[0]))?;
        let figures: Value = serde_json::from_str(&printed)?;
        self.figures.add(who, figure, &figures);
        Ok(())
    }
}
