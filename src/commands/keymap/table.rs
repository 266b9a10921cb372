//! The table of all keyboard shortcuts, in the order of the help.

use super::Modifiers::{AnyShift, Command, Shift};
use super::Scope::{Anywhere, Canvas, OutsideFields, OutsidePanels};
use super::{Binding, KeyCommand, Modifiers, Shortcut, ShortcutGroup};

pub const KEYMAP: &[ShortcutGroup] = &[
    ShortcutGroup {
        title: "Navigation",
        shortcuts: &[
            Shortcut {
                keys: &["↓", "↑"],
                description: "Next and previous workspace, through all teams",
                bindings: &[
                    Binding::new("ArrowDown", Modifiers::None, Canvas, KeyCommand::FocusNext),
                    Binding::new("ArrowUp", Modifiers::None, Canvas, KeyCommand::FocusPrevious),
                ],
            },
            Shortcut {
                keys: &["→", "←"],
                description: "Enter or leave a team",
                bindings: &[
                    Binding::new("ArrowRight", Modifiers::None, Canvas, KeyCommand::EnterTeam),
                    Binding::new("ArrowLeft", Modifiers::None, Canvas, KeyCommand::LeaveTeam),
                ],
            },
            Shortcut {
                keys: &["Ctrl", "Arrow"],
                description: "Nearest workspace in that direction",
                bindings: &[
                    Binding::new("ArrowLeft", Command, Canvas, KeyCommand::FocusLeft),
                    Binding::new("ArrowRight", Command, Canvas, KeyCommand::FocusRight),
                    Binding::new("ArrowUp", Command, Canvas, KeyCommand::FocusUp),
                    Binding::new("ArrowDown", Command, Canvas, KeyCommand::FocusDown),
                ],
            },
            Shortcut {
                keys: &["Home", "End"],
                description: "First and last workspace",
                bindings: &[
                    Binding::new("Home", Modifiers::None, Canvas, KeyCommand::FocusFirst),
                    Binding::new("End", Modifiers::None, Canvas, KeyCommand::FocusLast),
                ],
            },
            Shortcut {
                keys: &["Ctrl", "K"],
                description: "Search or run a command",
                bindings: &[Binding::new("k", Command, Anywhere, KeyCommand::TogglePalette)],
            },
            Shortcut {
                keys: &["N"],
                description: "Next problem, or with Shift the previous one",
                bindings: &[
                    Binding::new("n", Modifiers::None, OutsideFields, KeyCommand::NextProblem),
                    Binding::new("n", Shift, OutsideFields, KeyCommand::PreviousProblem),
                ],
            },
            Shortcut {
                keys: &["/"],
                description: "Filter workspaces",
                bindings: &[Binding::new("/", AnyShift, OutsideFields, KeyCommand::OpenFilter)],
            },
        ],
    },
    ShortcutGroup {
        title: "View",
        shortcuts: &[
            Shortcut {
                keys: &["F"],
                description: "Zoom to fit",
                bindings: &[Binding::new("f", AnyShift, OutsidePanels, KeyCommand::FitView)],
            },
            Shortcut {
                keys: &["Z"],
                description: "Zoom to the selected workspace",
                bindings: &[Binding::new("z", AnyShift, OutsidePanels, KeyCommand::ZoomToNode)],
            },
            Shortcut {
                keys: &["W"],
                description: "Follow the selected workspace",
                bindings: &[Binding::new("w", AnyShift, OutsideFields, KeyCommand::ToggleFollow)],
            },
            Shortcut {
                keys: &["+", "−"],
                description: "Zoom in and out",
                bindings: &[
                    Binding::new("+", AnyShift, OutsidePanels, KeyCommand::ZoomIn),
                    Binding::new("=", AnyShift, OutsidePanels, KeyCommand::ZoomIn),
                    Binding::new("-", AnyShift, OutsidePanels, KeyCommand::ZoomOut),
                ],
            },
            Shortcut {
                keys: &["Space", "Drag"],
                description: "Pan",
                bindings: &[Binding::new(" ", AnyShift, OutsidePanels, KeyCommand::HoldToPan)],
            },
            Shortcut { keys: &["Double-click"], description: "Zoom to a workspace", bindings: &[] },
        ],
    },
    ShortcutGroup {
        title: "Actions",
        shortcuts: &[
            Shortcut {
                keys: &["Enter"],
                description: "Open the workspace in the panel",
                bindings: &[Binding::new("Enter", AnyShift, OutsidePanels, KeyCommand::OpenNode)],
            },
            Shortcut {
                keys: &["Tab"],
                description: "Go to the workspace's buttons, then to the next region",
                bindings: &[],
            },
            Shortcut { keys: &["Shift", "F10"], description: "Open the menu of the workspace", bindings: &[] },
            Shortcut {
                keys: &["Ctrl", "Z"],
                description: "Undo the last change",
                bindings: &[Binding::new("z", Command, OutsidePanels, KeyCommand::Undo)],
            },
            Shortcut {
                keys: &["Shift", "Click"],
                description: "Add to the selection, or drag to select an area",
                bindings: &[],
            },
            Shortcut {
                keys: &["Ctrl", "A"],
                description: "Select the whole team",
                bindings: &[Binding::new("a", Command, OutsidePanels, KeyCommand::SelectTeam)],
            },
            Shortcut {
                keys: &["R"],
                description: "Show runs and workflows",
                bindings: &[Binding::new("r", AnyShift, OutsidePanels, KeyCommand::OpenRuns)],
            },
            Shortcut {
                keys: &["Esc"],
                description: "Cancel, close or clear the selection",
                bindings: &[Binding::new("Escape", AnyShift, OutsidePanels, KeyCommand::Cancel)],
            },
            Shortcut {
                keys: &["?"],
                description: "Keyboard shortcuts",
                bindings: &[Binding::new("?", AnyShift, OutsideFields, KeyCommand::ShowShortcuts)],
            },
        ],
    },
];
