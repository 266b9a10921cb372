//! WebSocket (RFC 6455), the server's half: finished frames out, a strict reader in, the handshake, one socket.
//! Never what the frames are about.
//!
//! Own code because every library keeps 4 to 128 KiB of buffers a connection, copies each message into each of them,
//! and cannot send one finished frame to many. Frames of a server are not masked, so one `Bytes` serves everybody.

pub mod frame;
pub mod reader;
pub mod handshake;
pub mod socket;

pub use frame::OutFrame;
pub use handshake::Upgrade;
pub use reader::{Incoming, Reader, Violation};
pub use socket::Socket;
