//! The page's state: the canvas store, its indexes, and the signals of the rendered nodes.

mod canvas_store;
mod overview_revision;
mod standing;
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
mod problems;
mod status_index;
mod directory;
pub mod activity_feed;
mod perf_counters;

pub use canvas_store::{CanvasStore, FrameDiff};
pub use directory::{Directory, Found};
pub use facets::{Choice, Facets};
pub use filter::Filter;
pub use filter_index::{Changed, FilterIndex, FilterQuery};
pub use fuzzy::{Fit, fit};
pub use node_activity::{AgentActivity, NodeActivity, TeamSummary};
pub use node_handle::{NodeDetails, NodeHandle, NodeKey, NodeLive, NodePosition};
pub use overview_revision::OverviewRevision;
pub use perf_counters::PerfCounters;
pub use problems::{next as next_problem, seen};
pub use rendered_nodes::{PUBLISH_INTERVAL, RenderedNodes, is_publish_due};
pub use search_index::{Search, SearchIndex};
pub use status_index::{OverviewStatus, StatusIndex};
pub use store_signals::{Problems, StoreSignals};
