//! Who is calling, and what that lets them do (wire §4, §8). Never what a call does.

mod token;
mod credentials;
mod caller;
mod origin;

pub use caller::{Caller, CallerId};
pub use credentials::Credentials;
pub use origin::{allowed_origin, guard_origin};
pub use token::{Token, TokenHash};
