//! Workflow executions and task runs: the list, one run as a graph and a timeline, and what can be decided about it.

mod run_store;
mod run_summary;
mod labels;
mod spans;
mod run_query;
mod run_command;
mod run_details;
mod catalog;
mod tasks;
mod workflows;
mod run_list;
mod workspace_runs;
mod all_runs;
mod workspace_link;
mod step_layout;
mod step_graph;
mod timeline;
mod step_details;
mod approvals;
mod run_view;
mod overlay;
mod toolbar_button;

pub use overlay::RunsOverlay;
pub use run_store::RunStore;
pub use tasks::TaskCatalog;
pub use toolbar_button::RunsButton;
pub use workspace_link::WorkspaceLink;
pub use workspace_runs::WorkspaceRuns;
