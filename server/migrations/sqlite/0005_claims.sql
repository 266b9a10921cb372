-- Whom the ids in run events belong to: the workspace whose agent named one first, or the operators ('').

CREATE TABLE claims (
    kind    TEXT NOT NULL,
    id      TEXT NOT NULL,
    owner   TEXT NOT NULL,
    -- Milliseconds since 1970; NULL is kept for ever.
    used_at INTEGER,
    PRIMARY KEY (kind, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX claims_by_use ON claims (used_at) WHERE used_at IS NOT NULL;

-- The runner's own.
INSERT INTO claims (kind, id, owner) SELECT 'execution', id, '' FROM executions;
INSERT INTO claims (kind, id, owner) SELECT 'run', run_id, '' FROM executions WHERE run_id IS NOT NULL;
INSERT INTO claims (kind, id, owner) SELECT 'task', id, '' FROM tasks;
INSERT INTO claims (kind, id, owner) SELECT 'workflow', id, '' FROM workflows;
INSERT INTO claims (kind, id, owner)
    SELECT 'step', step.value ->> 'step_id', '' FROM workflows, json_each(definition, '$.steps') AS step
    WHERE step.value ->> 'step_id' IS NOT NULL ON CONFLICT DO NOTHING;
INSERT INTO claims (kind, id, owner)
    SELECT 'step', step.value ->> 'step_id', '' FROM executions, json_each(definition, '$.steps') AS step
    WHERE step.value ->> 'step_id' IS NOT NULL ON CONFLICT DO NOTHING;

-- Of other systems: whose workspace the first event was about.
INSERT INTO claims SELECT 'run', run_id, COALESCE(workspace_id, ''), unixepoch() * 1000 FROM run_events
    WHERE seq IN (SELECT min(seq) FROM run_events WHERE run_id IS NOT NULL GROUP BY run_id) ON CONFLICT DO NOTHING;
INSERT INTO claims SELECT 'execution', workflow_execution_id, COALESCE(workspace_id, ''), unixepoch() * 1000
    FROM run_events WHERE seq IN (SELECT min(seq) FROM run_events
        WHERE workflow_execution_id IS NOT NULL GROUP BY workflow_execution_id) ON CONFLICT DO NOTHING;
INSERT INTO claims SELECT 'task', task_id, COALESCE(workspace_id, ''), unixepoch() * 1000 FROM run_events
    WHERE seq IN (SELECT min(seq) FROM run_events WHERE task_id IS NOT NULL GROUP BY task_id) ON CONFLICT DO NOTHING;
INSERT INTO claims SELECT 'workflow', workflow_id, COALESCE(workspace_id, ''), unixepoch() * 1000 FROM run_events
    WHERE seq IN (SELECT min(seq) FROM run_events WHERE workflow_id IS NOT NULL GROUP BY workflow_id)
    ON CONFLICT DO NOTHING;
INSERT INTO claims SELECT 'step', workflow_step_id, COALESCE(workspace_id, ''), unixepoch() * 1000 FROM run_events
    WHERE seq IN (SELECT min(seq) FROM run_events WHERE workflow_step_id IS NOT NULL GROUP BY workflow_step_id)
    ON CONFLICT DO NOTHING;
