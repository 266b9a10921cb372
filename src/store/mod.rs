//! The page's state: the canvas store, its indexes, and the signals that follow it.

mod canvas_store;
mod overview_revision;
mod hit_test;
mod node_activity;
mod node_handle;
mod optimistic;
mod rendered_nodes;
mod store_signals;
mod filter;
mod filter_index;
mod facets;
mod fuzzy;
mod search_index;
mod next_problem;
mod run_ref;
mod status_index;
mod directory;
pub mod activity_feed;
mod perf_counters;

pub use canvas_store::{CanvasStore, FrameDiff};
pub use directory::{Directory, DirectoryMatch};
pub use facets::{FacetValue, Facets};
pub use filter::Filter;
pub use filter_index::{ChangedSlots, FilterIndex, FilterQuery};
pub use fuzzy::{FuzzyMatch, fuzzy_match};
pub use next_problem::next_problem;
pub use node_activity::{AgentActivity, NodeActivity, TeamSummary};
pub use node_handle::{NodeDetails, NodeHandle, NodeHealth, NodeKey, NodePosition};
pub use overview_revision::OverviewRevision;
pub use perf_counters::PerfCounters;
pub use rendered_nodes::{PUBLISH_INTERVAL, RenderedNodes, is_publish_due};
pub use run_ref::RunRef;
pub use search_index::{Search, SearchIndex};
pub use status_index::{OverviewStatus, StatusIndex};
pub use store_signals::{Problems, StoreSignals};
