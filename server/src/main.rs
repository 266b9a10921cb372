//! Reads the settings, starts the server, waits for the signal to stop. Never policy.

use std::process::ExitCode;

use clap::Parser;
use orrery_server::config::{Config, LogFormat};
use tokio::signal::unix::{SignalKind, signal};
use tracing_subscriber::EnvFilter;

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
    let config = Config::parse();
    write_log(config.log_format);
    // Before anybody can know that it runs, it knows how to stop.
    let mut terminate = signal(SignalKind::terminate())?;
    let running = orrery_server::start(config).await?;
    println!("listening on http://{}", running.addr);
    tokio::select! {
        _ = tokio::signal::ctrl_c() => {}
        _ = terminate.recv() => {}
    }
    tracing::info!("stopping");
    running.shutdown().await;
    Ok(())
}

/// To stderr: stdout has the address alone.
fn write_log(format: LogFormat) {
    let filter = EnvFilter::try_from_env("ORRERY_LOG").unwrap_or_else(|_| EnvFilter::new("info"));
    let log = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    match format {
        LogFormat::Text => log.init(),
        LogFormat::Json => log.json().flatten_event(true).init(),
    }
}
