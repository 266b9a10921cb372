//! Types of the messages between the page, the server and the agents, and how they are read from and written as JSON (see
//! docs/protocol.md). No I/O, no clock, no randomness.

pub mod id;
pub mod timestamp;
pub mod cursor;
pub mod agent_card;
pub mod workspace_event;
pub mod run_event;
pub mod event;
pub mod position;
pub mod record;
pub mod snapshot;
pub mod workflow;
pub mod execution;
pub mod channel;
pub mod message;
pub mod limits;
pub mod decode;
mod spelling;

pub use agent_card::AgentCard;
pub use channel::Channel;
pub use cursor::{Cursor, Epoch, Seq};
pub use decode::{JsonError, from_json};
pub use event::{DecodeError, Event, EventEnvelope, UnknownEvent};
pub use execution::{AgentState, Execution, Run, RunEnd, RunStatus, Step};
pub use id::{AgentId, ExecutionId, RunId, StepId, TaskId, WorkflowId, WorkspaceId};
pub use message::Frame;
pub use position::{MovedWorkspace, Position, Rearranged};
pub use record::{Agent, Status, Workspace};
pub use run_event::{RunEvent, RunEventKind};
pub use timestamp::Timestamp;
pub use workflow::Workflow;
pub use workspace_event::{WorkspaceChange, WorkspaceEvent, WorkspaceEventKind};
