//! The table "Modules of the page" of ARCHITECTURE.md: what each module is, and which modules it may import.

use std::collections::BTreeMap;

use super::module_graph::Arrow;

const HEADING: &str = "## Modules of the page";

/// The modules that each module may import, by its name.
pub type ModuleTable = BTreeMap<String, Vec<String>>;

/// Reads the rows ``| `store` | what it is | `browser`, `ui` |``; a module that imports none has `-`, or nothing, in the last column.
///
/// Returns an error if the section is missing, or a row has another shape.
pub fn read_module_table(page: &str) -> Result<ModuleTable, String> {
    let section = page.split_once(HEADING).ok_or(format!("there is no section {HEADING:?}"))?.1;
    let section = section.split("\n## ").next().unwrap_or_default();
    let rows = section.lines().filter(|line| line.starts_with('|')).skip(2);
    let mut table = ModuleTable::new();
    for row in rows {
        let cells: Vec<&str> = row.trim_matches('|').split('|').map(str::trim).collect();
        let [module, _, imports] = cells[..] else { return Err(format!("not three columns: {row}")) };
        let names = quoted(module);
        let [name] = &names[..] else { return Err(format!("not one module in the first column: {row}")) };
        if table.insert(name.clone(), quoted(imports)).is_some() {
            return Err(format!("{name} has two rows"));
        }
    }
    Ok(table)
}

/// Returns what the table and the modules with their arrows do not have in common, one sentence each.
pub fn differences(table: &ModuleTable, modules: &[String], arrows: &[Arrow]) -> Vec<String> {
    let unlisted = modules.iter().filter(|module| !table.contains_key(*module));
    let mut found: Vec<String> = unlisted.map(|module| format!("`{module}` has no row")).collect();
    for (module, imports) in table {
        if !modules.contains(module) {
            found.push(format!("`{module}` has a row, but there is no such module"));
            continue;
        }
        for import in imports {
            if !arrows.iter().any(|arrow| arrow.from == *module && arrow.to == *import) {
                found.push(format!("`{module}` may import `{import}`, but does not"));
            }
        }
    }
    let is_listed = |arrow: &Arrow| table.get(&arrow.from).is_some_and(|imports| imports.contains(&arrow.to));
    let forbidden = arrows.iter().filter(|arrow| !is_listed(arrow));
    found.extend(
        forbidden.map(|arrow| {
            format!("{}: `{}` imports `{}`, which its row does not list", arrow.place, arrow.from, arrow.to)
        }),
    );
    found
}

/// Returns the words between backticks.
fn quoted(cell: &str) -> Vec<String> {
    cell.split('`').skip(1).step_by(2).map(str::to_owned).collect()
}
