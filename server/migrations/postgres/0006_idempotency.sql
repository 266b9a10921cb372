-- What a request with an Idempotency-Key led to, so that a repetition is answered alike.
ALTER TABLE ingested ADD COLUMN outcome TEXT;
ALTER TABLE ingested ADD COLUMN at BIGINT NOT NULL DEFAULT 0;
CREATE INDEX ingested_by_time ON ingested (at) WHERE outcome IS NOT NULL;
