//! Environment variables of the settings. A variable that is empty, as `DATABASE_URL=` in a file of variables, counts as unset.

use std::env;
use std::ffi::OsString;

use clap::builder::Resettable;
use clap::{Arg, Command, Parser};

/// Parses arguments and environment variables. Exits with a message if they are wrong or ask for help.
pub fn parse<P: Parser>(arguments: impl IntoIterator<Item = OsString>) -> P {
    let matches = without_empty_variables(P::command()).get_matches_from(arguments);
    P::from_arg_matches(&matches).unwrap_or_else(|error| error.exit())
}

/// Returns the value of a variable without blanks around it, or `None` if it is empty.
pub fn variable(name: &str) -> Option<String> {
    env::var(name).ok().map(|value| value.trim().to_owned()).filter(|value| !value.is_empty())
}

fn without_empty_variables(command: Command) -> Command {
    let is_empty = |arg: &Arg| {
        let value = arg.get_env().and_then(env::var_os);
        value.is_some_and(|value| value.to_str().is_some_and(|text| text.trim().is_empty()))
    };
    command.mut_args(|arg| if is_empty(&arg) { arg.env(Resettable::Reset) } else { arg })
}
