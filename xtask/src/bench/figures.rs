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
    /// The subjects whose ratios are reported: the new one, and the old one.
    compared: Option<(String, String)>,
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

    /// Lets tables and files report the ratio of each figure of `new` to that of `old`.
    pub fn compare(&mut self, new: &str, old: &str) {
        self.compared = Some((new.to_owned(), old.to_owned()));
    }

    /// Returns new divided by old, for each round in which both were measured and the old figure is not zero.
    fn ratio(&self, figure: &str) -> Option<Spread> {
        let (new, old) = self.compared.as_ref()?;
        let rounds = self.values(new, figure)?.iter().zip(self.values(old, figure)?);
        let ratios: Vec<f64> = rounds.filter(|(_, old)| **old != 0.0).map(|(new, old)| new / old).collect();
        (!ratios.is_empty()).then(|| Spread::of(&ratios))
    }

    fn values(&self, subject: &str, figure: &str) -> Option<&[f64]> {
        let series = self.series.iter().find(|series| series.subject == subject && series.figure == figure)?;
        Some(&series.values)
    }

    fn spread(&self, subject: &str, figure: &str) -> Option<Spread> {
        self.values(subject, figure).map(Spread::of)
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

    /// Returns a Markdown table with a column for each subject, and for the ratio of two when they are compared. A row that nobody
    /// has a figure for is left out.
    pub fn table(&self, rows: &[TableRow]) -> String {
        let subjects = self.subjects();
        let mut columns = subjects.clone();
        columns.extend(self.compared.is_some().then_some("new / old"));
        let mut table = format!("| | goal | {} |\n|---|---|{}\n", columns.join(" | "), "---|".repeat(columns.len()));
        for TableRow { figure, label, goal } in rows {
            let mut spreads: Vec<_> = subjects.iter().map(|subject| self.spread(subject, figure)).collect();
            if self.compared.is_some() {
                spreads.push(self.ratio(figure));
            }
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
            let figures = by_subject.entry(subject).or_insert_with(|| json!({}));
            figures[figure] = Spread::of(values).to_json();
            figures[figure]["rounds"] = json!(values);
        }
        let mut all = json!({"machine": machine(), "measured": by_subject});
        if let Some((new, old)) = &self.compared {
            let figures = self.series.iter().filter(|series| series.subject == *new).map(|series| &series.figure);
            let ratios = figures.filter_map(|figure| Some((figure.clone(), self.ratio(figure)?.to_json())));
            all["compared"] = json!({"new": new, "old": old, "ratios": ratios.collect::<Map<_, _>>()});
        }
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

    fn to_json(&self) -> Value {
        json!({"median": self.median, "least": self.least, "most": self.most})
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

    #[test]
    fn compared_subjects_get_ratio_of_each_round() {
        let mut figures = Figures::default();
        figures.compare("Orrery", "Old 846e8e8");
        for (new, old) in [(1.0, 2.0), (3.0, 4.0), (3.0, 3.0)] {
            figures.add("Orrery", "1000", &json!({"cpu": new, "lost": 0}));
            figures.add("Old 846e8e8", "1000", &json!({"cpu": old, "lost": 0}));
        }
        let rows = [
            TableRow { figure: "1000.cpu", label: "CPU", goal: "" },
            TableRow { figure: "1000.lost", label: "lost", goal: "0" },
        ];
        let table = figures.table(&rows);
        assert!(table.starts_with("| | goal | Orrery | Old 846e8e8 | new / old |\n|---|---|---|---|---|\n"), "{table}");
        assert!(table.contains(" | 0.75 (0.50–1.00) |\n"), "{table}");
        assert!(table.ends_with("| lost | 0 | 0 | 0 | – |\n"), "{table}");
    }
}
