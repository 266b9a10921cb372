//! Keeps the store in step with the server: the WebSocket transport, the sync client that drives it, and the frame loop.

mod frame_loop;
mod handle;
mod load;
mod sync_client;
mod transport;

pub use frame_loop::FrameTarget;
pub use handle::SyncHandle;
