//! The load generator: runs one scenario against a running server and prints its figures as one line of JSON.

mod clients;
mod frames;
mod http;
mod latency;
mod process;
mod publisher;
mod scenario;

use clap::{Parser, Subcommand};
use rustix::process::{Resource, getrlimit, setrlimit};

use scenario::{agents, catch_up, deliver, idle, publish};

#[derive(Parser)]
struct Arguments {
    /// The server's address, as 127.0.0.1:8000
    #[arg(long)]
    address: std::net::SocketAddr,
    /// The server's process, whose CPU time and memory are read
    #[arg(long)]
    pid: u32,
    #[command(subcommand)]
    scenario: Scenario,
}

#[derive(Subcommand)]
enum Scenario {
    /// Every event to every client: CPU a delivery, losses, latency
    Deliver(deliver::Options),
    /// Idle connections: memory a connection
    Idle(idle::Options),
    /// Agents in a tree: the cost of matching
    Agents(agents::Options),
    /// Events made durable a second
    Publish(publish::Options),
    /// A client that missed events
    CatchUp(catch_up::Options),
}

fn main() -> anyhow::Result<()> {
    allow_many_sockets();
    let Arguments { address, pid, scenario } = Arguments::parse();
    let figures = match scenario {
        Scenario::Deliver(options) => deliver::run(address, pid, &options)?,
        Scenario::Idle(options) => idle::run(address, pid, &options)?,
        Scenario::Agents(options) => agents::run(address, pid, &options)?,
        Scenario::Publish(options) => publish::run(address, pid, &options)?,
        Scenario::CatchUp(options) => catch_up::run(address, &options)?,
    };
    println!("{figures}");
    Ok(())
}

fn allow_many_sockets() {
    let mut limit = getrlimit(Resource::Nofile);
    limit.current = limit.maximum;
    // If this is refused, opening the sockets fails with its reason.
    let _ = setrlimit(Resource::Nofile, limit);
}
