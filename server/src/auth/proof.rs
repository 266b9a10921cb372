//! On what the right to hear rests, for as long as a socket is open. Never who has it.

use super::{SignIn, TokenHash};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Proof {
    /// Open mode, or the admin token itself: it holds as long as the server runs.
    Lasting,
    /// A canvas's cookie: until it ends or its operator signs out.
    SignIn(SignIn),
    /// A workspace's token, until it is replaced or revoked.
    Token(TokenHash),
}
