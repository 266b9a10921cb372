//! Keeps the store in step with a server: the WebSocket transport and the sync client that drives it.

mod load;
mod sync_client;
mod transport;

pub use sync_client::{RetryNow, SharedSyncClient, SyncClient};
pub use transport::{SocketEvent, Transport};
