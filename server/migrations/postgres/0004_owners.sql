-- Which server runs what: executions and the processes of workspaces. Never run by two.

-- The servers that are there, by the database's clock. Who is not here owns nothing.
CREATE TABLE servers (
    id    TEXT PRIMARY KEY,
    until TIMESTAMPTZ NOT NULL
);

ALTER TABLE executions ADD COLUMN owner TEXT;
ALTER TABLE workspaces ADD COLUMN owner TEXT;
CREATE INDEX workspaces_by_owner ON workspaces (owner) WHERE owner IS NOT NULL;

-- What people said to an execution through a server that does not run it, until its owner has answered.
CREATE TABLE words (
    id           TEXT PRIMARY KEY,
    execution_id TEXT        NOT NULL,
    word         TEXT        NOT NULL,
    -- Empty: it was done. Otherwise why not.
    answer       TEXT,
    said_at      TIMESTAMPTZ NOT NULL DEFAULT now()
);
CREATE INDEX words_unanswered ON words (execution_id) WHERE answer IS NULL;

-- Counts what changed in all of that, so that every server knows when to look.
ALTER TABLE head ADD COLUMN ownership BIGINT NOT NULL DEFAULT 0;
