//! The rows of the printed table of `cargo xtask bench canvas`, with their goals.

use super::super::figures::TableRow;

pub(super) const TABLE: &[TableRow] = &[
    TableRow { figure: "10000.pan_fps", label: "10,000 in view: pan, FPS", goal: "≥ 55" },
    TableRow { figure: "10000.pan_p95_ms", label: "… p95 of a frame, ms", goal: "≤ 25" },
    TableRow { figure: "10000.zoom_fps", label: "10,000 in view: zoom, FPS", goal: "≥ 55" },
    TableRow { figure: "10000.zoom_p95_ms", label: "… p95 of a frame, ms", goal: "≤ 25" },
    TableRow { figure: "100000.pan_fps", label: "100,000 in view: pan, FPS", goal: "≥ 50" },
    TableRow { figure: "100000.pan_p95_ms", label: "… p95 of a frame, ms", goal: "≤ 33" },
    TableRow { figure: "100000.zoom_fps", label: "100,000 in view: zoom, FPS", goal: "≥ 50" },
    TableRow { figure: "100000.zoom_p95_ms", label: "… p95 of a frame, ms", goal: "≤ 33" },
    TableRow {
        figure: "1000.script_us_at_1000",
        label: "an event → painted, 1,000/s, script at 1,000, µs",
        goal: "≤ 20",
    },
    TableRow { figure: "10000.script_us_at_1000", label: "… at 10,000, µs", goal: "≤ 20" },
    TableRow { figure: "100000.script_us_at_1000", label: "… at 100,000, µs", goal: "≤ 20, flat" },
    TableRow { figure: "10000.script_us_at_5000", label: "… 5,000/s, script at 10,000, µs", goal: "≤ 20" },
    TableRow { figure: "100000.script_us_at_5000", label: "… at 100,000, µs", goal: "≤ 20, flat" },
    TableRow { figure: "1000.script_us_at_25", label: "an event alone in its frame, script at 1,000, µs", goal: "" },
    TableRow { figure: "10000.script_us_at_25", label: "… at 10,000, µs", goal: "" },
    TableRow { figure: "100000.script_us_at_25", label: "… at 100,000, µs", goal: "" },
    TableRow { figure: "10000.sustained_fps", label: "10,000 events/s while panning, FPS", goal: "≥ 50" },
    TableRow { figure: "10000.sustained_events_a_second", label: "… applied a second", goal: "10,000" },
    TableRow { figure: "10000.sustained_lost", label: "… lost", goal: "0" },
    TableRow { figure: "10000.sustained_hash_equal", label: "… state hash equal", goal: "1" },
    TableRow { figure: "10000.usable_ms", label: "load to usable: 10,000, ms", goal: "≤ 500" },
    TableRow { figure: "10000.complete_ms", label: "… all workspaces counted, ms", goal: "" },
    TableRow { figure: "100000.usable_ms", label: "load to usable: 100,000, ms", goal: "≤ 1,500" },
    TableRow { figure: "100000.complete_ms", label: "… all workspaces counted, ms", goal: "" },
    TableRow { figure: "10000.elements", label: "DOM elements, near, 10,000", goal: "≤ 1,500" },
    TableRow { figure: "10000.elements_fit", label: "DOM elements, all in view, 10,000", goal: "≤ 1,500" },
    TableRow { figure: "100000.elements", label: "DOM elements, near, 100,000", goal: "≤ 1,500" },
    TableRow { figure: "100000.elements_fit", label: "DOM elements, all in view, 100,000", goal: "≤ 1,500" },
    TableRow { figure: "10000.memory_mb", label: "JS + wasm memory, 10,000, MB", goal: "≤ 60" },
    TableRow { figure: "100000.memory_mb", label: "JS + wasm memory, 100,000, MB", goal: "≤ 200" },
    TableRow { figure: "10000.filter_ms", label: "a changed filter by text → answered, 10,000, ms", goal: "≤ 16" },
    TableRow { figure: "10000.filter_drawn_ms", label: "… and drawn, ms", goal: "" },
    TableRow {
        figure: "100000.filter_ms", label: "a changed filter by text → answered, 100,000, ms", goal: "≤ 50"
    },
    TableRow { figure: "100000.filter_drawn_ms", label: "… and drawn, ms", goal: "" },
    TableRow {
        figure: "100000.filter_memory_mb",
        label: "JS + wasm memory with the filter open, 100,000, MB",
        goal: "≤ 200",
    },
    TableRow { figure: "endurance.endurance_growth_percent", label: "growth over the endurance run, %", goal: "≤ 2" },
    TableRow { figure: "endurance.endurance_hash_equal", label: "… state hash equal", goal: "1" },
];
