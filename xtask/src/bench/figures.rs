//! Medians and ranges of the measured figures over all rounds, as a Markdown table and as JSON.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use serde_json::{Map, Value, json};

use crate::process;

/// Every figure of every subject, in the order in which they were first measured.
#[derive(Default)]
pub struct Figures {
    series: Vec<Series>,
}

/// The values of one figure of one subject, one a round.
struct Series {
    subject: String,
    figure: String,
    values: Vec<f64>,
}

/// One line of the printed table.
pub struct TableRow {
    /// Key of the figure, as `scenario.name`.
    pub figure: &'static str,
    /// Name and unit for a reader.
    pub label: &'static str,
    pub goal: &'static str,
}

impl Figures {
    /// Adds every number and boolean of one round under `scenario.name`.
    pub fn add(&mut self, subject: &str, scenario: &str, round: &Value) {
        for (name, value) in round.as_object().into_iter().flatten() {
            let Some(value) = value.as_f64().or(value.as_bool().map(f64::from)) else { continue };
            let figure = format!("{scenario}.{name}");
            match self.series.iter_mut().find(|series| series.subject == subject && series.figure == figure) {
                Some(series) => series.values.push(value),
                None => self.series.push(Series { subject: subject.to_owned(), figure, values: vec![value] }),
            }
        }
    }

    fn spread(&self, subject: &str, figure: &str) -> Option<Spread> {
        let series = self.series.iter().find(|series| series.subject == subject && series.figure == figure)?;
        Some(Spread::of(&series.values))
    }

    fn subjects(&self) -> Vec<&str> {
        let mut subjects: Vec<&str> = Vec::new();
        for series in &self.series {
            if !subjects.contains(&series.subject.as_str()) {
                subjects.push(&series.subject);
            }
        }
        subjects
    }

    /// Returns a Markdown table with a column for each subject; a row that nobody has a figure for is left out.
    pub fn table(&self, rows: &[TableRow]) -> String {
        let subjects = self.subjects();
        let mut table = format!("| | goal | {} |\n|---|---|{}\n", subjects.join(" | "), "---|".repeat(subjects.len()));
        for TableRow { figure, label, goal } in rows {
            let spreads: Vec<_> = subjects.iter().map(|subject| self.spread(subject, figure)).collect();
            if spreads.iter().any(Option::is_some) {
                let cell = |spread: &Option<Spread>| spread.as_ref().map_or("–".to_owned(), Spread::to_text);
                let cells: Vec<_> = spreads.iter().map(cell).collect();
                table.push_str(&format!("| {label} | {goal} | {} |\n", cells.join(" | ")));
            }
        }
        table
    }

    /// Prints the table and writes every figure to a JSON file.
    pub fn publish(&self, path: &Path, rows: &[TableRow]) -> Result<()> {
        self.save(path)?;
        println!("{}\n{}", describe(&machine()), self.table(rows));
        eprintln!("  every figure: {}", path.display());
        Ok(())
    }

    /// Writes the figures measured so far, since a run of an hour may be interrupted.
    pub fn save(&self, path: &Path) -> Result<()> {
        let mut by_subject = Map::new();
        for Series { subject, figure, values } in &self.series {
            let Spread { median, least, most } = Spread::of(values);
            let figures = by_subject.entry(subject).or_insert_with(|| json!({}));
            figures[figure] = json!({"median": median, "least": least, "most": most, "rounds": values});
        }
        let all = json!({"machine": machine(), "measured": by_subject});
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

    fn to_text(&self) -> String {
        match rounded(self.least) == rounded(self.most) {
            true => rounded(self.median),
            false => format!("{} ({}–{})", rounded(self.median), rounded(self.least), rounded(self.most)),
        }
    }
}

/// Rounds to three significant digits: more are not repeatable on two cores.
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

fn describe(machine: &Value) -> String {
    let text = |key: &str| machine[key].as_str().unwrap_or_default().to_owned();
    format!(
        "{} UTC · {} cores of {} · {} · Linux {} · load {}\n",
        text("date"),
        machine["cores"],
        text("processor"),
        text("memory"),
        text("system"),
        text("load")
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn table_row_shows_median_and_range() {
        let mut figures = Figures::default();
        for cpu in [3.0, 1.0, 2.0] {
            figures.add("Orrery", "deliver", &json!({"cpu": cpu, "name": "not a number"}));
        }
        let rows = [TableRow { figure: "deliver.cpu", label: "CPU", goal: "≤ 1.5" }];
        assert!(figures.table(&rows).ends_with("| CPU | ≤ 1.5 | 2.00 (1.00–3.00) |\n"), "{}", figures.table(&rows));
    }

    #[test]
    fn table_leaves_out_figure_without_values() {
        let mut figures = Figures::default();
        figures.add("Orrery", "deliver", &json!({"lost": 0}));
        let rows = [TableRow { figure: "idle.kib", label: "idle", goal: "" }];
        assert!(!figures.table(&rows).contains("idle"));
    }
}
