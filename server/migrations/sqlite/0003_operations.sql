-- What running a server for long needs: sign-ins that ended before their time, and how old the log's places are.

CREATE TABLE signed_out (
    id    TEXT PRIMARY KEY,
    -- From then on nobody would believe it anyway.
    until INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- At this time the log ended at this place: what is older than a time lies before a place.
CREATE TABLE marks (
    at  INTEGER PRIMARY KEY,
    seq INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
