-- The log: each event is one row of one of four tables, with its own place (seq) in one gap-free order.

CREATE TABLE head (
    one    INTEGER PRIMARY KEY CHECK (one = 1),
    epoch  TEXT    NOT NULL,
    seq    INTEGER NOT NULL,
    -- The first event of the unbroken rest: earlier transient events may have been trimmed.
    oldest INTEGER NOT NULL
) STRICT;

CREATE TABLE structure_events (
    seq          INTEGER PRIMARY KEY,
    id           TEXT    NOT NULL UNIQUE,
    event_type   TEXT    NOT NULL,
    workspace_id TEXT    NOT NULL,
    agent_id     TEXT,
    target_id    TEXT,
    payload      TEXT    NOT NULL,
    -- Milliseconds since 1970, as everywhere in these tables.
    created_at   INTEGER NOT NULL
) STRICT;
CREATE INDEX structure_events_by_workspace ON structure_events (workspace_id, seq);
CREATE INDEX structure_events_by_target ON structure_events (target_id, seq) WHERE target_id IS NOT NULL;
CREATE TRIGGER structure_events_are_never_updated BEFORE UPDATE ON structure_events
    BEGIN SELECT RAISE (ABORT, 'structure_events is append-only'); END;
CREATE TRIGGER structure_events_are_never_deleted BEFORE DELETE ON structure_events
    BEGIN SELECT RAISE (ABORT, 'structure_events is append-only'); END;

CREATE TABLE activity_logs (
    seq           INTEGER PRIMARY KEY,
    id            TEXT    NOT NULL UNIQUE,
    workspace_id  TEXT    NOT NULL,
    activity_type TEXT,
    method        TEXT,
    summary       TEXT,
    status        TEXT,
    source_id     TEXT,
    target_id     TEXT,
    duration_ms   INTEGER,
    request_body  TEXT,
    response_body TEXT,
    error_detail  TEXT,
    created_at    INTEGER NOT NULL
) STRICT;
CREATE INDEX activity_logs_by_workspace ON activity_logs (workspace_id, seq);

CREATE TABLE run_events (
    seq                   INTEGER PRIMARY KEY,
    event_type            TEXT    NOT NULL,
    workspace_id          TEXT,
    agent_id              TEXT,
    task_id               TEXT,
    run_id                TEXT,
    workflow_id           TEXT,
    workflow_execution_id TEXT,
    workflow_step_id      TEXT,
    data                  TEXT    NOT NULL,
    message               TEXT,
    created_at            INTEGER NOT NULL
) STRICT;
CREATE INDEX run_events_by_workspace ON run_events (workspace_id, seq) WHERE workspace_id IS NOT NULL;
CREATE INDEX run_events_by_execution ON run_events (workflow_execution_id, seq)
    WHERE workflow_execution_id IS NOT NULL;

-- Events whose value lives in a projection: kept for resuming, trimmed when they are many.
CREATE TABLE transient_events (
    seq          INTEGER PRIMARY KEY,
    workspace_id TEXT,
    frame        TEXT    NOT NULL
) STRICT;
CREATE INDEX transient_events_by_workspace ON transient_events (workspace_id, seq);

-- The projection: the fold of all events. `record` is the truth, the other words are read out of it.
CREATE TABLE workspaces (
    id           TEXT PRIMARY KEY,
    record       TEXT NOT NULL,
    config       TEXT,
    token_hash   TEXT UNIQUE,
    -- What heartbeats say without an event: last heard of, error rate, uptime.
    vitals       TEXT,
    name         TEXT    AS (record ->> '$.name'),
    status       TEXT    AS (record ->> '$.status'),
    parent_id    TEXT    AS (record ->> '$.parent_id'),
    current_task TEXT    AS (record ->> '$.current_task'),
    active_tasks INTEGER AS (record ->> '$.active_tasks')
) STRICT, WITHOUT ROWID;

-- The same for what runs: kind is execution, run or agent.
CREATE TABLE run_records (
    kind   TEXT NOT NULL,
    id     TEXT NOT NULL,
    record TEXT NOT NULL,
    PRIMARY KEY (kind, id)
) STRICT, WITHOUT ROWID;

CREATE TABLE removed_workspaces (
    id           TEXT PRIMARY KEY,
    seq          INTEGER NOT NULL,
    forwarded_to TEXT
) STRICT, WITHOUT ROWID;

CREATE TABLE viewport (
    one  INTEGER PRIMARY KEY CHECK (one = 1),
    x    REAL NOT NULL,
    y    REAL NOT NULL,
    zoom REAL NOT NULL
) STRICT;
