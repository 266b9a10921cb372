//! The keymap: one table of all keyboard shortcuts, each with its command, where it applies, and its row in the help.
//!
//! A listener asks `command_for` which command a key press means, and runs the commands that are its own.

mod table;

use wasm_bindgen::JsCast;
use web_sys::{Element, KeyboardEvent};

pub use table::KEYMAP;

/// What a key does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum KeyCommand {
    FocusNext,
    FocusPrevious,
    FocusFirst,
    FocusLast,
    /// Moves the focus to the first member of a team, expanding it first.
    EnterTeam,
    /// Moves the focus to the team around the node.
    LeaveTeam,
    FocusLeft,
    FocusRight,
    FocusUp,
    FocusDown,
    TogglePalette,
    NextProblem,
    PreviousProblem,
    OpenFilter,
    FitView,
    ZoomToNode,
    ToggleFollow,
    ZoomIn,
    ZoomOut,
    /// While the key is down, every drag pans. On a node it opens the node instead, as `OpenNode` does.
    HoldToPan,
    OpenNode,
    Undo,
    Redo,
    SelectTeam,
    OpenRuns,
    Cancel,
    ShowShortcuts,
}

/// A row of the help, and the keys that it is about. Rows of pointer gestures and of the browser's own keys have none.
pub struct Shortcut {
    /// As shown: pressed together, or one of them.
    pub keys: &'static [&'static str],
    pub description: &'static str,
    bindings: &'static [Binding],
}

pub struct ShortcutGroup {
    pub title: &'static str,
    pub shortcuts: &'static [Shortcut],
}

struct Binding {
    /// As `KeyboardEvent.key`, in any case.
    key: &'static str,
    modifiers: Modifiers,
    scope: Scope,
    command: KeyCommand,
}

/// The modifier keys that a binding needs. Alt is never among them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Modifiers {
    None,
    Shift,
    /// With Shift or without: for characters, which need it or not depending on the keyboard layout.
    AnyShift,
    /// Ctrl, or Cmd on a Mac.
    Command,
    /// Ctrl or Cmd, with Shift.
    CommandShift,
}

/// Where the focus must be for a binding to apply.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Scope {
    /// Also while a dialog is open or a text is typed.
    Anywhere,
    /// Not in a text field, a dialog or a menu.
    OutsideFields,
    /// Not in a panel either.
    OutsidePanels,
    /// On the canvas, or nowhere.
    Canvas,
}

const FIELDS: &str = "input, textarea, select, [contenteditable], dialog, [role='menu']";
const PANELS: &str = "[role='dialog'], .panel, .runs, pre";

impl Binding {
    const fn new(key: &'static str, modifiers: Modifiers, scope: Scope, command: KeyCommand) -> Self {
        Self { key, modifiers, scope, command }
    }
}

/// Returns the command of a key press where it happened, or `None` if it has none or has been handled. The listener that
/// runs the command prevents the event's default.
pub fn command_for(event: &KeyboardEvent) -> Option<KeyCommand> {
    let is_command = event.ctrl_key() || event.meta_key();
    let (key, code) = (event.key(), event.code());
    let key = latin_key(&key, &code);
    let binding = find(key, is_command, event.shift_key()).filter(|_| !event.alt_key())?;
    let is_handled = event.default_prevented() && binding.scope != Scope::Anywhere;
    let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
    (!is_handled && binding.scope.contains(target.as_ref())).then_some(binding.command)
}

/// Returns the key, or on a layout of another script the Latin letter at its place on the keyboard.
fn latin_key<'a>(key: &'a str, code: &'a str) -> &'a str {
    let mut characters = key.chars();
    let is_other_letter = matches!((characters.next(), characters.next()), (Some(letter), None) if !letter.is_ascii());
    code.strip_prefix("Key").filter(|_| is_other_letter).unwrap_or(key)
}

fn find(key: &str, is_command: bool, is_shift: bool) -> Option<&'static Binding> {
    let has_modifiers = |binding: &Binding| match binding.modifiers {
        Modifiers::None => !is_command && !is_shift,
        Modifiers::Shift => !is_command && is_shift,
        Modifiers::AnyShift => !is_command,
        Modifiers::Command => is_command && !is_shift,
        Modifiers::CommandShift => is_command && is_shift,
    };
    bindings().find(|binding| binding.key.eq_ignore_ascii_case(key) && has_modifiers(binding))
}

fn bindings() -> impl Iterator<Item = &'static Binding> {
    KEYMAP.iter().flat_map(|group| group.shortcuts).flat_map(|shortcut| shortcut.bindings)
}

impl Scope {
    fn contains(self, target: Option<&Element>) -> bool {
        let Some(target) = target else { return true };
        let is_within = |selector: &str| target.closest(selector).is_ok_and(|found| found.is_some());
        match self {
            Self::Anywhere => true,
            Self::OutsideFields => !is_within(FIELDS),
            Self::OutsidePanels => !is_within(FIELDS) && !is_within(PANELS),
            Self::Canvas => target.tag_name() == "BODY" || is_within(".canvas"),
        }
    }
}

#[cfg(test)]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    #[wasm_bindgen_test]
    fn each_binding_is_found_by_its_key_alone() {
        for binding in bindings() {
            let is_command = matches!(binding.modifiers, Modifiers::Command | Modifiers::CommandShift);
            let is_shift = matches!(binding.modifiers, Modifiers::Shift | Modifiers::CommandShift);
            let found = find(binding.key, is_command, is_shift).map(|found| found.command);
            assert_eq!(found, Some(binding.command), "{:?}", binding.key);
        }
    }

    #[wasm_bindgen_test]
    fn letters_are_found_in_either_case_and_with_the_right_modifiers() {
        let command = |key, is_command, is_shift| find(key, is_command, is_shift).map(|found| found.command);
        assert_eq!(command("N", false, true), Some(KeyCommand::PreviousProblem));
        assert_eq!(command("n", false, false), Some(KeyCommand::NextProblem));
        assert_eq!(command("Z", false, true), Some(KeyCommand::ZoomToNode));
        assert_eq!(command("z", true, false), Some(KeyCommand::Undo));
        assert_eq!(command("z", true, true), Some(KeyCommand::Redo));
        assert_eq!(command("y", true, true), None);
        assert_eq!(command("ArrowDown", false, true), None);
    }

    #[wasm_bindgen_test]
    fn letters_of_other_scripts_are_found_by_their_place_and_latin_layouts_by_their_letter() {
        for (key, code, expected) in [
            ("л", "KeyK", "K"),
            ("я", "KeyZ", "Z"),
            ("z", "KeyW", "z"),
            ("/", "Period", "/"),
            ("Enter", "Enter", "Enter"),
        ] {
            assert_eq!(latin_key(key, code), expected, "{key}");
        }
    }

    #[wasm_bindgen_test]
    fn shortcuts_without_a_target_apply_everywhere() {
        for scope in [Scope::Anywhere, Scope::OutsideFields, Scope::OutsidePanels, Scope::Canvas] {
            assert!(scope.contains(None));
        }
    }
}
