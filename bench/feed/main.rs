//! Serves a page that is measured: a fleet of any size, its snapshot, and events at any rate. Nothing is durable, so that no disk
//! limits the rate.

mod event_stream;
mod fleet;
mod routes;
mod socket;

use std::path::PathBuf;
use std::sync::Arc;

use clap::Parser;
use tokio::net::TcpListener;

use event_stream::EventStream;
use fleet::Fleet;

#[derive(Parser)]
struct Arguments {
    /// The built page
    #[arg(long)]
    dist: PathBuf,
    #[arg(long, default_value_t = 10_000)]
    workspaces: usize,
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> anyhow::Result<()> {
    let Arguments { dist, workspaces } = Arguments::parse();
    let stream = Arc::new(EventStream::new(Fleet::new(workspaces)));
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    println!("listening on http://{}", listener.local_addr()?);
    axum::serve(listener, routes::router(stream, dist)).await?;
    Ok(())
}
