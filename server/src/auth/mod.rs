//! Who is calling, and what that lets them do (see section 8.2 of docs/protocol.md). Never what a call does.

mod token;
mod sign_in;
pub mod cookie;
mod proof;
mod credentials;
mod caller;
mod origin;
mod host;
mod lookups;
mod lapse;

pub use caller::{Caller, CallerId};
pub use credentials::{Credentials, Known};
pub use host::guard_host;
pub use lapse::close_lapsed;
pub use origin::{allowed_origin, guard_origin};
pub use proof::Proof;
pub use sign_in::SignIn;
pub use token::{Token, TokenHash};
