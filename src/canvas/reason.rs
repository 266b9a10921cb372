//! What is wrong with a workspace, the button that tries again, and the line that leads to what came before. Never how it
//! became so.

use orrery_protocol::{Status, Workspace};

use super::looks;
use crate::ui::written::Part;

/// On a card and in the head of a team alike.
pub(super) fn reason(it: &Workspace, is_asking: bool, class: &'static str) -> Option<Part> {
    let trouble = looks::trouble(it)?;
    let button = || {
        let button =
            Part::new("button", "button").with("type", "button").with("tabindex", "-1").with("data-press", "retry");
        let button = button.with("data-size", "small").with("data-mark", "retry").flag("disabled", is_asking);
        button.words(if is_asking { "Retrying…" } else { "Retry" })
    };
    let words = Part::new("p", "").with("data-full", trouble.clone()).words(trouble);
    let before = Part::new("button", "cause-line").with("type", "button").with("tabindex", "-1");
    // In other words as soon as they are known (`panel/before`).
    let before = before.with("data-press", "cause").words("What came before");
    Some(Part::new("div", class).parts(vec![Some(words), (it.status == Status::Failed).then(button), Some(before)]))
}
