-- The log, as in ../sqlite/0001_log.sql: each event is one row of one of four tables, in one gap-free order.
-- Beyond that: several servers share it, so the head tells them what else changed, and duties have one holder.

CREATE TABLE head (
    one         INT PRIMARY KEY CHECK (one = 1),
    epoch       TEXT   NOT NULL,
    seq         BIGINT NOT NULL,
    -- The first event of the unbroken rest: earlier transient events may have been trimmed.
    oldest      BIGINT NOT NULL,
    -- Counts the changes of tokens, so that every server knows when its own are out of date.
    credentials BIGINT NOT NULL DEFAULT 0,
    -- Which database this is. In another one, restored from a copy, the log begins a new life.
    home        TEXT   NOT NULL
);

CREATE TABLE structure_events (
    seq          BIGINT PRIMARY KEY,
    id           TEXT   NOT NULL UNIQUE,
    event_type   TEXT   NOT NULL,
    workspace_id TEXT   NOT NULL,
    agent_id     TEXT,
    target_id    TEXT,
    payload      TEXT   NOT NULL,
    -- Milliseconds since 1970, as everywhere in these tables.
    created_at   BIGINT NOT NULL
);
CREATE INDEX structure_events_by_workspace ON structure_events (workspace_id, seq);
CREATE INDEX structure_events_by_target ON structure_events (target_id, seq) WHERE target_id IS NOT NULL;
CREATE FUNCTION structure_events_are_append_only() RETURNS trigger LANGUAGE plpgsql
    AS $$ BEGIN RAISE EXCEPTION 'structure_events is append-only'; END $$;
CREATE TRIGGER structure_events_are_never_changed BEFORE UPDATE OR DELETE OR TRUNCATE ON structure_events
    FOR EACH STATEMENT EXECUTE FUNCTION structure_events_are_append_only();

CREATE TABLE activity_logs (
    seq           BIGINT PRIMARY KEY,
    id            TEXT   NOT NULL UNIQUE,
    workspace_id  TEXT   NOT NULL,
    activity_type TEXT,
    method        TEXT,
    summary       TEXT,
    status        TEXT,
    source_id     TEXT,
    target_id     TEXT,
    duration_ms   BIGINT,
    request_body  TEXT,
    response_body TEXT,
    error_detail  TEXT,
    created_at    BIGINT NOT NULL
);
CREATE INDEX activity_logs_by_workspace ON activity_logs (workspace_id, seq);

CREATE TABLE run_events (
    seq                   BIGINT PRIMARY KEY,
    event_type            TEXT   NOT NULL,
    workspace_id          TEXT,
    agent_id              TEXT,
    task_id               TEXT,
    run_id                TEXT,
    workflow_id           TEXT,
    workflow_execution_id TEXT,
    workflow_step_id      TEXT,
    data                  TEXT   NOT NULL,
    message               TEXT,
    created_at            BIGINT NOT NULL
);
CREATE INDEX run_events_by_workspace ON run_events (workspace_id, seq) WHERE workspace_id IS NOT NULL;
CREATE INDEX run_events_by_execution ON run_events (workflow_execution_id, seq)
    WHERE workflow_execution_id IS NOT NULL;

-- Events whose value lives in a projection: kept for resuming, trimmed when they are many.
CREATE TABLE transient_events (
    seq          BIGINT PRIMARY KEY,
    workspace_id TEXT,
    frame        TEXT   NOT NULL
);
CREATE INDEX transient_events_by_workspace ON transient_events (workspace_id, seq);

-- The projection: the fold of all events. `record` is text, because a database that respells a number changes the
-- state's hash.
CREATE TABLE workspaces (
    id           TEXT PRIMARY KEY,
    record       TEXT NOT NULL,
    config       TEXT,
    token_hash   TEXT UNIQUE,
    -- What heartbeats say without an event: last heard of, error rate, uptime.
    vitals       TEXT
);

-- For people who look. (The JSON of PostgreSQL knows no U+0000.)
CREATE VIEW workspace_words AS
    SELECT id, words ->> 'name' AS name, words ->> 'status' AS status, words ->> 'parent_id' AS parent_id,
        words ->> 'current_task' AS current_task, CAST(words ->> 'active_tasks' AS BIGINT) AS active_tasks
    FROM workspaces, CAST(replace(record, '\u0000', '') AS json) AS words;

-- The same for what runs: kind is execution, run or agent.
CREATE TABLE run_records (
    kind   TEXT NOT NULL,
    id     TEXT NOT NULL,
    record TEXT NOT NULL,
    PRIMARY KEY (kind, id)
);

CREATE TABLE removed_workspaces (
    id           TEXT PRIMARY KEY,
    seq          BIGINT NOT NULL,
    forwarded_to TEXT
);

CREATE TABLE viewport (
    one  INT PRIMARY KEY CHECK (one = 1),
    x    DOUBLE PRECISION NOT NULL,
    y    DOUBLE PRECISION NOT NULL,
    zoom DOUBLE PRECISION NOT NULL
);

-- What one server does for all, by the database's clock.
CREATE TABLE leases (
    name   TEXT PRIMARY KEY,
    holder TEXT        NOT NULL,
    until  TIMESTAMPTZ NOT NULL
);
