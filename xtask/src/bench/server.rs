//! `cargo xtask bench server`: measures the fan-out of Orrery and of its peers in turn, and what only Orrery does.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, Result};
use serde_json::Value;

use super::figures::{Figures, TableRow};
use super::peers::{self, Peer};
use super::postgres::Postgres;
use super::process_guard::ServerProcess;
use super::{RunOptions, bench_folder, compile_programs};
use crate::process;
use crate::steps::Steps;
use crate::workspace::{SERVER, Workspace};

const ORRERY: &str = "Orrery";

const TABLE: &[TableRow] = &[
    TableRow {
        figure: "deliver.cpu_us_a_delivery", label: "CPU a delivery, 500 clients × 400/s, µs", goal: "≤ 1.5"
    },
    TableRow { figure: "deliver.delivered_percent", label: "delivered of the requested rate, %", goal: "100" },
    TableRow { figure: "deliver.lost", label: "lost", goal: "0" },
    TableRow { figure: "deliver.closed", label: "closed", goal: "0" },
    TableRow { figure: "deliver.p50_ms", label: "published → delivered, p50, ms", goal: "" },
    TableRow { figure: "deliver.p99_ms", label: "published → delivered, p99, ms", goal: "≤ Bun" },
    TableRow { figure: "idle.kib_a_connection", label: "memory of an idle connection, KiB", goal: "≤ 3.5" },
    TableRow {
        figure: "idle.mib_in_all", label: "all idle connections and the process, MiB", goal: "≤ 40 at 10,000"
    },
    TableRow {
        figure: "agents.cpu_us_an_event_more",
        label: "1,000 agents: additional CPU an event, µs",
        goal: "≤ 20",
    },
    TableRow { figure: "agents.deliveries_an_event", label: "deliveries an event", goal: "" },
    TableRow { figure: "match.us_an_event", label: "1,000 agents: matching an event, in process, µs", goal: "≤ 20" },
    TableRow { figure: "agents.missing", label: "missing", goal: "0" },
    TableRow { figure: "agents.too_many", label: "unexpected", goal: "0" },
    TableRow { figure: "publish.events_a_second", label: "durable events/s, 256 a request", goal: "≥ 20,000" },
    TableRow { figure: "publish.heartbeats_a_second", label: "durable events/s, one a request", goal: "" },
    TableRow { figure: "postgres.events_a_second", label: "the same on PostgreSQL, 256 a request", goal: "≥ 20,000" },
    TableRow { figure: "postgres.heartbeats_a_second", label: "the same on PostgreSQL, one a request", goal: "" },
    TableRow { figure: "catch-up.p50_ms", label: "catch up 10,000 events, p50, ms", goal: "" },
    TableRow { figure: "catch-up.p99_ms", label: "catch up 10,000 events, p99, ms", goal: "≤ 150" },
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

pub(super) fn measure_server(workspace: &Workspace, steps: &mut Steps, run: &RunOptions) -> Result<()> {
    let program = compile_programs(workspace, steps)?;
    steps.step("Compile the server", || {
        process::run(&mut workspace.cargo(&["build", "--release", "-p", SERVER, "--bin", SERVER]))
    })?;
    let peers = steps.step("Install the peers", || Ok(peers::install_servers(workspace, |name| run.includes(name))))?;
    let postgres =
        steps.step("Start PostgreSQL", || Ok(Postgres::start_if_available().filter(|_| run.includes(ORRERY))))?;
    let (server, load, matching) = (workspace.server("release"), program("orrery-load"), program("orrery-match"));
    let data = bench_folder(workspace).join("data");
    let mut bench = Bench { server, load, matching, data, postgres, peers: &peers, figures: Figures::default() };
    let [deliver, idle, agents, publish, catch_up]: [&[&str]; 5] = match run.quick {
        true => [
            &["deliver", "--seconds", "3"],
            &["idle", "--connections", "2000"],
            &["agents", "--seconds", "3"],
            &["publish", "--seconds", "2"],
            &["catch-up", "--times", "20"],
        ],
        false => [&["deliver"], &["idle"], &["agents"], &["publish"], &["catch-up"]],
    };
    for round in 1..=run.rounds() {
        steps.step(&format!("Round {round}: every event to every client"), || bench.measure_everyone(deliver, run))?;
        steps.step(&format!("Round {round}: idle connections"), || bench.measure_everyone(idle, run))?;
        if run.includes(ORRERY) {
            steps.step(&format!("Round {round}: agents, durability, catching up"), || {
                [agents, publish, catch_up].into_iter().try_for_each(|scenario| bench.measure_orrery(scenario))?;
                bench.measure_on_postgres(publish)?;
                bench.measure_matching()
            })?;
        }
    }
    bench.figures.publish(&bench_folder(workspace).join("server.json"), TABLE)
}

impl Bench<'_> {
    fn measure_everyone(&mut self, scenario: &[&str], run: &RunOptions) -> Result<()> {
        if run.includes(ORRERY) {
            self.measure_orrery(scenario)?;
        }
        for peer in self.peers {
            self.measure(peer.name, &mut peer.command(), scenario, scenario[0])?;
        }
        Ok(())
    }

    fn measure_orrery(&mut self, scenario: &[&str]) -> Result<()> {
        // A new data folder each time, since a longer log could slow the next round.
        let _ = fs::remove_dir_all(&self.data);
        let mut command = Command::new(&self.server);
        command.args(["--listen", "127.0.0.1:0", "--data-dir"]).arg(&self.data);
        self.measure(ORRERY, &mut command, scenario, scenario[0])
    }

    fn measure_on_postgres(&mut self, scenario: &[&str]) -> Result<()> {
        let Some(postgres) = &self.postgres else { return Ok(()) };
        let mut command = Command::new(&self.server);
        command.args(["--listen", "127.0.0.1:0", "--database-url", &postgres.create_database()?]);
        self.measure(ORRERY, &mut command, scenario, "postgres")
    }

    fn measure_matching(&mut self) -> Result<()> {
        let printed = process::output(&mut Command::new(&self.matching))?;
        self.figures.add(ORRERY, "match", &serde_json::from_str(&printed)?);
        Ok(())
    }

    /// Runs one scenario of the load generator against a new server process; its figures are added under `figure`.
    fn measure(&mut self, subject: &str, command: &mut Command, scenario: &[&str], figure: &str) -> Result<()> {
        let server = ServerProcess::start(command)?;
        let mut load = Command::new(&self.load);
        load.args(["--address", &server.address, "--pid", &server.pid().to_string()]).args(scenario);
        let printed = process::output(&mut load).with_context(|| format!("{subject}, {}", scenario[0]))?;
        let figures: Value = serde_json::from_str(&printed)?;
        self.figures.add(subject, figure, &figures);
        Ok(())
    }
}
