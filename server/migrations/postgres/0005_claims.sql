-- Whom the ids in run events belong to: the workspace whose agent named one first, or the operators ('').

CREATE TABLE claims (
    kind    TEXT NOT NULL,
    id      TEXT NOT NULL,
    owner   TEXT NOT NULL,
    -- Milliseconds since 1970; NULL is kept for ever.
    used_at BIGINT,
    PRIMARY KEY (kind, id)
);
CREATE INDEX claims_by_use ON claims (used_at) WHERE used_at IS NOT NULL;

-- The runner's own. (The JSON of PostgreSQL knows no U+0000, so definitions are read as text.)
INSERT INTO claims (kind, id, owner) SELECT 'execution', id, '' FROM executions;
INSERT INTO claims (kind, id, owner) SELECT 'run', run_id, '' FROM executions WHERE run_id IS NOT NULL;
INSERT INTO claims (kind, id, owner) SELECT 'task', id, '' FROM tasks;
INSERT INTO claims (kind, id, owner) SELECT 'workflow', id, '' FROM workflows;
INSERT INTO claims (kind, id, owner)
    SELECT 'step', step[1], '' FROM (
        SELECT definition FROM workflows UNION ALL SELECT definition FROM executions) AS both_tables,
        regexp_matches(definition, '"step_id":"([^"]+)"', 'g') AS step
    ON CONFLICT DO NOTHING;

-- Of other systems: whose workspace the first event was about.
INSERT INTO claims
    SELECT DISTINCT ON (named.kind, named.id) named.kind, named.id, COALESCE(workspace_id, ''),
        CAST(extract(epoch FROM now()) * 1000 AS BIGINT)
    FROM run_events, LATERAL (VALUES ('run', run_id), ('execution', workflow_execution_id), ('task', task_id),
        ('workflow', workflow_id), ('step', workflow_step_id)) AS named (kind, id)
    WHERE named.id IS NOT NULL ORDER BY named.kind, named.id, seq ON CONFLICT DO NOTHING;
