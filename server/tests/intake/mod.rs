//! What agents, proxies and people really send, from the files in `tests/data` and `tests/cases`: one line a case.

mod bodies;
mod content;
mod environment;
mod headers;
mod ids;
mod keys;
mod origin;

use serde_json::Value;

fn cases(text: &str) -> Vec<Value> {
    serde_json::from_str(text).unwrap()
}
