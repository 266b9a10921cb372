//! The log in a PostgreSQL that several servers share. Whoever appends holds the head row from before it decides until it
//! has committed: so places are given in the order of the commits, without a gap. Never NOTIFY: the bus wakes.

#[path = "../sql/append.rs"]
#[allow(clippy::duplicate_mod)] // The same statements, compiled for the other engine.
mod append;
#[path = "../sql/script.rs"]
#[allow(clippy::duplicate_mod)]
mod script;
#[path = "../sql/gaps.rs"]
#[allow(clippy::duplicate_mod)]
mod gaps;
#[path = "../sql/read.rs"]
#[allow(clippy::duplicate_mod)]
mod read;
#[path = "../sql/rows.rs"]
#[allow(clippy::duplicate_mod)]
mod rows;
#[path = "../sql/credentials.rs"]
#[allow(clippy::duplicate_mod)]
mod credentials;
#[path = "../sql/claims.rs"]
#[allow(clippy::duplicate_mod)]
mod claims;
#[path = "../sql/encode.rs"]
#[allow(clippy::duplicate_mod)]
mod encode;
#[path = "../sql/retain.rs"]
#[allow(clippy::duplicate_mod)]
mod retain;
#[path = "../sql/runner.rs"]
#[allow(clippy::duplicate_mod)]
mod runner;
mod text;
mod head;
mod others;
mod lease;
mod owners;

use std::collections::{HashMap, HashSet};
use std::time::Duration;

use orrery_protocol::{Seq, WorkspaceId};
use sqlx::postgres::{PgConnectOptions, PgPool, PgPoolOptions};
use sqlx::{ConnectOptions, Connection as _};
use tokio::time::timeout;

use append::Room;
pub use others::Glance;
pub use owners::Ownerless;

use crate::log::schema::{Step, migrator, new_epoch};
use crate::log::{Appended, Batch, Claim, ClaimId, Ingested, LogError, Taken, Unreadable, Write};
use crate::ownership::Owner;
use text::{give, keep};

const SCHEMA: &[Step] = &[
    ("log", include_str!("../../../migrations/postgres/0001_log.sql")),
    ("runner", include_str!("../../../migrations/postgres/0002_runner.sql")),
    ("operations", include_str!("../../../migrations/postgres/0003_operations.sql")),
    ("owners", include_str!("../../../migrations/postgres/0004_owners.sql")),
    ("claims", include_str!("../../../migrations/postgres/0005_claims.sql")),
    ("idempotency", include_str!("../../../migrations/postgres/0006_idempotency.sql")),
];

/// What the shared statements need to know of the engine.
type Connection = sqlx::PgConnection;
type Row = sqlx::postgres::PgRow;
/// The rows of one JSON text, each an array in the column `value`.
const EACH: &str = "json_array_elements(CAST($1 AS json)) AS each (value)";
/// Statements with arguments go one by one.
const TOGETHER: bool = false;
/// A transaction that sees one state throughout.
const READ_AT_ONE_PLACE: &str = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";

/// No step of an append takes longer, or its connection is given up.
const PATIENCE: Duration = Duration::from_secs(30);
/// Taking the head takes no longer: a caller that waits is to hear that the database is away, not that time is over.
const BEGIN_PATIENCE: Duration = Duration::from_secs(12);
const CONNECT_PATIENCE: Duration = Duration::from_secs(5);
/// Who is further behind reads everything anew, without the head in its hand.
const FAR: u64 = 2_000;

pub struct Appender {
    options: PgConnectOptions,
    /// Gone after any error; the next append connects again.
    connection: Option<Connection>,
    /// Between `begin` and `append`: the transaction that holds the head.
    holding: Option<Connection>,
    epoch: String,
    /// Where `head.ownership` stood when this server was last seen to own what it runs.
    ownership: i64,
    room: Room,
    unreadable: Unreadable,
}

#[derive(Clone)]
pub struct Reader {
    pool: PgPool,
    unreadable: Unreadable,
}

pub(super) async fn open(url: &str, kept: u64) -> Result<(Appender, Reader), LogError> {
    let options: PgConnectOptions = url.parse()?;
    let options = options.application_name("orrery").disable_statement_logging().options([
        // A server that stops while it holds the head, or behind a dead cable, must not stop the others for long.
        ("lock_timeout", "10s"),
        ("statement_timeout", "20s"),
        ("idle_in_transaction_session_timeout", "5s"),
        ("tcp_keepalives_idle", "5"),
        ("tcp_keepalives_interval", "2"),
        ("tcp_keepalives_count", "3"),
    ]);
    let mut connection = options.connect().await?;
    migrator(SCHEMA).run(&mut connection).await?;
    let epoch = head::settle_in(&mut connection).await?;
    let pool = PgPoolOptions::new().max_connections(6).acquire_timeout(Duration::from_secs(3));
    let pool = pool.connect_lazy_with(options.clone());
    let room = Room { kept, untrimmed: 0 };
    let unreadable = Unreadable::default();
    let reader = Reader { pool, unreadable: unreadable.clone() };
    let connection = Some(connection);
    Ok((Appender { options, connection, holding: None, epoch, ownership: -1, room, unreadable }, reader))
}

impl Appender {
    /// Takes the head, and tells what others appended after the place that is `known`.
    pub async fn begin(&mut self, known: Seq, owner: Option<&Owner>) -> Result<Taken, LogError> {
        let (connection, taken) = within(BEGIN_PATIENCE, self.take_head(known, owner)).await?;
        self.holding = Some(connection);
        Ok(taken)
    }

    pub async fn append(&mut self, batch: &Batch) -> Result<Appended, LogError> {
        let mut connection = self.holding.take().ok_or(LogError::HeadMoved(batch.head))?;
        let appended = in_time(async {
            let appended = append::fill(&mut connection, batch, &mut self.room).await?;
            if !batch.removed.is_empty() || batch.writes.iter().any(Write::is_credential) {
                sqlx::query("UPDATE head SET credentials = credentials + 1").execute(&mut connection).await?;
            }
            for write in &batch.writes {
                if let Write::Shared(write) = write {
                    owners::write(&mut connection, write).await?;
                }
            }
            Ok(appended)
        });
        let appended = appended.await?;
        self.commit(connection).await?;
        Ok(appended)
    }

    /// Writes something that changes nothing, and lets go of the head.
    pub async fn probe(&mut self) -> Result<(), LogError> {
        let mut connection = self.holding.take().ok_or(LogError::TooLate)?;
        in_time(async { Ok(sqlx::query("UPDATE head SET seq = seq").execute(&mut connection).await?) }).await?;
        self.commit(connection).await
    }

    async fn commit(&mut self, mut connection: Connection) -> Result<(), LogError> {
        let committed = in_time(async { Ok(sqlx::query("COMMIT").execute(&mut connection).await?) }).await;
        // The answer may be what was lost.
        committed.map_err(|error| LogError::Unconfirmed(Box::new(error)))?;
        self.connection = Some(connection);
        Ok(())
    }

    pub async fn taken_in(&mut self, keys: &[String]) -> Result<HashMap<String, Ingested>, LogError> {
        // After an error the transaction is given up with its connection.
        let mut connection = self.holding.take().ok_or(LogError::TooLate)?;
        let known = in_time(runner::taken_in(&mut connection, keys)).await?;
        self.holding = Some(connection);
        Ok(known)
    }

    pub async fn claims(&mut self, ids: &[ClaimId]) -> Result<HashMap<ClaimId, Claim>, LogError> {
        let mut connection = self.holding.take().ok_or(LogError::TooLate)?;
        let known = in_time(claims::claims(&mut connection, ids)).await?;
        self.holding = Some(connection);
        Ok(known)
    }

    pub async fn with_token(&mut self, workspaces: &[WorkspaceId]) -> Result<HashSet<WorkspaceId>, LogError> {
        let mut connection = self.holding.take().ok_or(LogError::TooLate)?;
        let known = in_time(claims::with_token(&mut connection, workspaces)).await?;
        self.holding = Some(connection);
        Ok(known)
    }

    /// There was nothing to append.
    pub async fn release(&mut self) {
        let Some(mut connection) = self.holding.take() else { return };
        let released = in_time(async { Ok(sqlx::query("ROLLBACK").execute(&mut connection).await?) }).await;
        self.connection = released.ok().map(|_| connection);
    }

    pub async fn close(self) {
        for connection in self.connection.into_iter().chain(self.holding) {
            let _ = connection.close().await;
        }
    }

    async fn take_head(&mut self, known: Seq, owner: Option<&Owner>) -> Result<(Connection, Taken), LogError> {
        // Whatever fails, the connection is dropped with its transaction.
        let mut connection = match self.connection.take() {
            Some(connection) => connection,
            None => within(CONNECT_PATIENCE, async { Ok(self.options.connect().await?) }).await?,
        };
        sqlx::query("BEGIN").execute(&mut connection).await?;
        let head = head::take(&mut connection).await?;
        if head.epoch != self.epoch {
            return Err(LogError::AnotherLife);
        }
        let missed = match head.seq.checked_sub(known) {
            Some(0) => Vec::new(),
            Some(1..=FAR) => read::events(&mut connection, known, FAR as u32, &self.unreadable).await?,
            Some(_) => return Err(LogError::HeadMoved(known)),
            // What was acknowledged is not there any more.
            None => return Err(LogError::AnotherLife),
        };
        // Trimmed events leave gaps before `oldest`.
        if missed.len() as u64 != head.seq - known {
            return Err(LogError::HeadMoved(known));
        }
        // Whoever takes over counts it up with the head in hand, as we have it now.
        let is_there = match owner {
            Some(_) if head.ownership == self.ownership => true,
            Some(owner) => owners::is_there(&mut connection, owner).await?,
            None => false,
        };
        self.ownership = if is_there { head.ownership } else { -1 };
        Ok((connection, Taken { missed, is_there }))
    }
}

/// Servers that still run say that the log was replaced, and append no more.
pub(super) async fn new_life(url: &str) -> Result<String, LogError> {
    let (appender, _) = open(url, u64::MAX).await?;
    let (mut connection, epoch) = (appender.options.connect().await?, new_epoch());
    sqlx::query("UPDATE head SET epoch = $1").bind(&epoch).execute(&mut connection).await?;
    connection.close().await?;
    appender.close().await;
    Ok(epoch)
}

async fn in_time<T>(work: impl Future<Output = Result<T, LogError>>) -> Result<T, LogError> {
    within(PATIENCE, work).await
}

async fn within<T>(limit: Duration, work: impl Future<Output = Result<T, LogError>>) -> Result<T, LogError> {
    timeout(limit, work).await.unwrap_or(Err(LogError::TooLate))
}
