//! What was measured: medians and ranges over the rounds, as a table and as JSON. Never how it was measured.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use serde_json::{Map, Value, json};

use crate::process;

/// Who was measured, what, and what came of each round; in the order in which they came.
#[derive(Default)]
pub struct Figures {
    rows: Vec<(String, String, Vec<f64>)>,
}

/// One line of the table.
pub struct Shown {
    pub figure: &'static str,
    pub words: &'static str,
    pub goal: &'static str,
}

impl Figures {
    /// Every number of a round, under the name of what was done.
    pub fn add(&mut self, who: &str, scenario: &str, round: &Value) {
        for (name, value) in round.as_object().into_iter().flatten() {
            let Some(value) = value.as_f64().or(value.as_bool().map(f64::from)) else { continue };
            let figure = format!("{scenario}.{name}");
            match self.rows.iter_mut().find(|row| row.0 == who && row.1 == figure) {
                Some(row) => row.2.push(value),
                None => self.rows.push((who.to_owned(), figure, vec![value])),
            }
        }
    }

    pub fn table(&self, shown: &[Shown]) -> String {
        let mut who: Vec<&str> = Vec::new();
        self.rows.iter().for_each(|row| {
            if !who.contains(&row.0.as_str()) {
                who.push(&row.0)
            }
        });
        let mut table = format!("| | goal | {} |\n|---|---|{}\n", who.join(" | "), "---|".repeat(who.len()));
        for Shown { figure, words, goal } in shown {
            let cell = |name: &str| match self.rows.iter().find(|row| row.0 == name && row.1 == *figure) {
                Some(row) => Spread::of(&row.2).words(),
                None => "–".to_owned(),
            };
            let cells: Vec<_> = who.iter().map(|name| cell(name)).collect();
            if cells.iter().any(|cell| cell != "–") {
                table.push_str(&format!("| {words} | {goal} | {} |\n", cells.join(" | ")));
            }
        }
        table
    }

    /// The table on the screen, everything in a file.
    pub fn publish(&self, path: &Path, shown: &[Shown]) -> Result<()> {
        self.save(path)?;
        println!("{}\n{}", machine_in_words(&machine()), self.table(shown));
        eprintln!("  everything in {}", path.display());
        Ok(())
    }

    /// What is known so far: a run of an hour may be broken off.
    pub fn save(&self, path: &Path) -> Result<()> {
        let mut by_name = Map::new();
        for (who, figure, rounds) in &self.rows {
            let Spread { median, least, most } = Spread::of(rounds);
            let figures = by_name.entry(who).or_insert_with(|| json!({}));
            figures[figure] = json!({"median": median, "least": least, "most": most, "rounds": rounds});
        }
        let all = json!({"machine": machine(), "measured": by_name});
        let folder = path.parent().context("a file lies in a folder")?;
        fs::create_dir_all(folder)?;
        fs::write(path, serde_json::to_string_pretty(&all)?)?;
        Ok(())
    }
}

struct Spread {
    median: f64,
    least: f64,
    most: f64,
}

impl Spread {
    fn of(rounds: &[f64]) -> Self {
        let mut sorted = rounds.to_vec();
        sorted.sort_by(f64::total_cmp);
        let (middle, last) = (sorted.len() / 2, sorted.len() - 1);
        let median = if sorted.len() % 2 == 1 { sorted[middle] } else { (sorted[middle - 1] + sorted[middle]) / 2.0 };
        Self { median, least: sorted[0], most: sorted[last] }
    }

    fn words(&self) -> String {
        match rounded(self.least) == rounded(self.most) {
            true => rounded(self.median),
            false => format!("{} ({}–{})", rounded(self.median), rounded(self.least), rounded(self.most)),
        }
    }
}

/// Three figures are more than two cores can repeat.
fn rounded(value: f64) -> String {
    match value.abs() {
        size if size == 0.0 || size >= 100.0 => format!("{value:.0}"),
        size if size >= 10.0 => format!("{value:.1}"),
        _ => format!("{value:.2}"),
    }
}

fn machine() -> Value {
    let read = |path: &str| fs::read_to_string(path).unwrap_or_default();
    let line = |text: &str, start: &str| {
        let line = text.lines().find(|line| line.starts_with(start)).unwrap_or_default().to_owned();
        line.split_once(':').map_or(String::new(), |(_, value)| value.trim().to_owned())
    };
    json!({
        "date": process::output(std::process::Command::new("date").args(["-u", "+%F %H:%M"])).unwrap_or_default().trim(),
        "processor": line(&read("/proc/cpuinfo"), "model name"),
        "cores": std::thread::available_parallelism().map_or(0, usize::from),
        "memory": line(&read("/proc/meminfo"), "MemTotal"),
        "system": read("/proc/sys/kernel/osrelease").trim(),
        "load": read("/proc/loadavg").trim(),
    })
}

fn machine_in_words(machine: &Value) -> String {
    let word = |key: &str| machine[key].as_str().unwrap_or_default().to_owned();
    format!(
        "{} UTC · {} cores of {} · {} · Linux {} · load {}\n",
        word("date"),
        machine["cores"],
        word("processor"),
        word("memory"),
        word("system"),
        word("load")
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_shows_the_median_and_the_range() {
        let mut figures = Figures::default();
        for cpu in [3.0, 1.0, 2.0] {
            figures.add("Orrery", "deliver", &json!({"cpu": cpu, "name": "not a number"}));
        }
        let shown = [Shown { figure: "deliver.cpu", words: "CPU", goal: "≤ 1.5" }];
        assert!(figures.table(&shown).ends_with("| CPU | ≤ 1.5 | 2.00 (1.00–3.00) |\n"), "{}", figures.table(&shown));
    }

    #[test]
    fn a_figure_that_nobody_has_is_left_out() {
        let mut figures = Figures::default();
        figures.add("Orrery", "deliver", &json!({"lost": 0}));
        let shown = [Shown { figure: "idle.kib", words: "idle", goal: "" }];
        assert!(!figures.table(&shown).contains("idle"));
    }
}
