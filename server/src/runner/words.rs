//! What people say to an execution: straight to its task when it runs here, otherwise through the log to the server that
//! owns it. Never what it means.

use std::time::Duration;

use orrery_protocol::ExecutionId;
use serde::{Deserialize, Serialize};
use tokio::time::{Instant, sleep};

use super::{Message, restored};
use crate::app::{App, Shared};
use crate::clock;
use crate::error::Refusal;
use crate::log::{LogError, SharedLog, SharedWrite, Waiting, Write};
use crate::ownership::Owner;
use crate::publish::Decision;

/// Longer than it takes to notice that an owner is gone.
const PATIENCE: Duration = Duration::from_secs(25);
const LOOK_AGAIN: Duration = Duration::from_millis(100);

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Word {
    Decide { step: usize, approved: bool, feedback: Option<String> },
    Cancel { reason: Option<String> },
}

/// Says it and waits until it is done and written.
pub async fn say(app: &App, id: &ExecutionId, word: Word) -> Result<(), Refusal> {
    if let Some(result) = app.runner.tell(id, Message::of(word.clone())).await {
        return result;
    }
    let over = || Refusal::Conflict(format!("the execution {id} is over"));
    let log = app.log.shared().ok_or_else(over)?;
    let waiting = Waiting { id: clock::mint_text().into(), execution_id: id.clone(), word };
    let key = waiting.id.clone();
    publish(app, SharedWrite::Said(waiting)).await?;
    // Its owner may be this very server, which is about to take it up.
    app.ownership.stir();
    let until = Instant::now() + PATIENCE;
    while Instant::now() < until {
        match log.answer(&key).await {
            Ok(Some(answer)) if answer.is_empty() => return Ok(()),
            Ok(Some(refused)) => return Err(Refusal::Conflict(refused)),
            Ok(None) => {}
            Err(error) => tracing::warn!(%error, "waiting for the answer of another server"),
        }
        sleep(LOOK_AGAIN).await;
    }
    Err(Refusal::Unavailable(
        "the server that runs this execution does not answer; it was told, and may still do it: look again".into(),
    ))
}

/// Passes on what was said elsewhere to executions of this server.
pub(crate) async fn hear_words(app: &Shared, log: &SharedLog, owner: &Owner) -> Result<(), LogError> {
    for waiting in log.words(owner).await? {
        if app.runner.begins_to_hear(&waiting.id) {
            let (app, log) = (app.clone(), log.clone());
            tokio::spawn(async move {
                if let Err(error) = hear(&app, &log, &waiting).await {
                    tracing::warn!(%error, "a word from another server waits");
                }
                app.runner.has_heard(&waiting.id);
            });
        }
    }
    Ok(())
}

async fn hear(app: &App, log: &SharedLog, Waiting { id, execution_id, word }: &Waiting) -> Result<(), Refusal> {
    let message = Message { heard_as: Some(id.clone()), ..Message::of(word.clone()) };
    let answer = match app.runner.tell(execution_id, message).await {
        // Its answer was written with what it did.
        Some(Ok(())) => return Ok(()),
        Some(Err(Refusal::Conflict(refused))) => refused,
        // It will be tried again.
        Some(Err(refusal)) => return Err(refusal),
        None => {
            let execution = log.execution(execution_id).await?.and_then(restored);
            if execution.is_some_and(|execution| !execution.is_over()) {
                return Ok(());
            }
            format!("the execution {execution_id} is over")
        }
    };
    publish(app, SharedWrite::Answered { word: id.clone(), answer }).await
}

async fn publish(app: &App, write: SharedWrite) -> Result<(), Refusal> {
    let writes = vec![Write::Shared(write)];
    app.door.publish(move |_| Ok(Decision { events: Vec::new(), writes, answer: () })).await
}
