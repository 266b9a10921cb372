-- What the runner must not forget: definitions, executions as they stand, tasks, and the keys of events taken in.

CREATE TABLE workflows (
    id         TEXT PRIMARY KEY,
    definition TEXT    NOT NULL,
    created_at BIGINT NOT NULL
);

CREATE TABLE executions (
    id          TEXT PRIMARY KEY,
    -- None: the run of a task.
    workflow_id TEXT,
    task_id     TEXT,
    run_id      TEXT UNIQUE,
    status      TEXT    NOT NULL,
    started_at  BIGINT NOT NULL,
    -- As it was when the execution began.
    definition  TEXT    NOT NULL,
    state       TEXT    NOT NULL
);
CREATE INDEX executions_by_time ON executions (started_at);
CREATE INDEX executions_unfinished ON executions (status) WHERE status IN ('pending', 'running');

CREATE TABLE tasks (
    id         TEXT PRIMARY KEY,
    record     TEXT    NOT NULL,
    created_at BIGINT NOT NULL
);

CREATE TABLE ingested (
    key TEXT PRIMARY KEY,
    seq BIGINT NOT NULL
);
CREATE INDEX ingested_by_seq ON ingested (seq);
