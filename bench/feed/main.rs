//! A server for the measuring of pages: a fleet of any size, its snapshot, and events at any pace, with nothing durable
//! that could slow the page. Never what Orrery's own server is measured with.

mod fleet;
mod stream;
mod socket;
mod routes;

use std::path::PathBuf;
use std::sync::Arc;

use clap::Parser;
use tokio::net::TcpListener;

use fleet::Fleet;
use stream::Stream;

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
    let stream = Arc::new(Stream::new(Fleet::new(workspaces)));
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    println!("listening on http://{}", listener.local_addr()?);
    axum::serve(listener, routes::router(stream, dist)).await?;
    Ok(())
}
