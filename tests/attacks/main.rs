//! Strangers that try to take the server away from the others: a real server, real connections, and what the others see
//! meanwhile. Asserted is what must be bounded and what must arrive; how long it took is printed.
#![allow(clippy::unwrap_used)]

mod others;
mod slow_heads;
mod never_read;
