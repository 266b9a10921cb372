//! Free ports, for programs that cannot choose one themselves.

use std::net::TcpListener;

/// Free a moment ago.
pub fn free() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").expect("this machine has a free port");
    listener.local_addr().expect("it listens").port()
}
