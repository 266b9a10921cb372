//! Reads the settings, starts the server and waits for the signal to stop, or does one of the operator's chores. Never policy.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};
use orrery_server::config::{Config, LogFormat};
use orrery_server::environment;
use orrery_server::log::upkeep;
use tokio::signal::unix::{SignalKind, signal};
use tracing_subscriber::EnvFilter;

#[derive(Parser)]
#[command(
    name = "orrery-server",
    version,
    about = "Serves the Orrery canvas: keeps the event log, routes events to agents and publishes them to pages."
)]
struct Arguments {
    #[command(subcommand)]
    command: Option<Command>,
    #[command(flatten)]
    config: Config,
}

/// Commands other than serving.
#[derive(Subcommand)]
enum Command {
    /// Back up the SQLite event log to a new file. The server may be running
    Backup { file: PathBuf },
    /// Start a new epoch for a log that was restored by other means than `backup`. Stop the server first
    NewEpoch,
}

#[tokio::main]
async fn main() -> ExitCode {
    match run().await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // For a person: the reasons in a line, never a backtrace.
            eprintln!("orrery-server: {error:#}");
            ExitCode::FAILURE
        }
    }
}

async fn run() -> anyhow::Result<()> {
    let Arguments { command, config } = environment::parse(std::env::args_os());
    write_log(config.log_format);
    match command {
        None => serve(config).await,
        Some(Command::Backup { file }) => {
            upkeep::backup(&config, &file).await?;
            println!("Backed up the event log to {}", file.display());
            Ok(())
        }
        Some(Command::NewEpoch) => {
            println!("The log's new epoch is {}", upkeep::new_epoch(&config).await?);
            Ok(())
        }
    }
}

async fn serve(config: Config) -> anyhow::Result<()> {
    // Before anybody can know that it runs, it knows how to stop.
    let mut terminate = signal(SignalKind::terminate())?;
    // A write beyond the limit of a file's size is to fail, as on a full disk, and not to end the process.
    let _file_too_large = signal(SignalKind::from_raw(rustix::process::Signal::XFSZ.as_raw()))?;
    let mut running = orrery_server::start(config).await?;
    println!("listening on http://{}", running.addr);
    tokio::select! {
        _ = tokio::signal::ctrl_c() => {}
        _ = terminate.recv() => {}
        () = running.failed() => anyhow::bail!("the writer has ended: start the server again"),
    }
    tracing::info!("stopping");
    running.shutdown().await;
    Ok(())
}

/// To stderr: stdout has the address alone.
fn write_log(format: LogFormat) {
    let filter = environment::variable("ORRERY_LOG").and_then(|filter| EnvFilter::try_new(filter).ok());
    let filter = filter.unwrap_or_else(|| EnvFilter::new("info"));
    let log = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    match format {
        LogFormat::Text => log.init(),
        LogFormat::Json => log.json().flatten_event(true).init(),
    }
}
