-- Changes that were asked for with an Idempotency-Key, and how they were answered, for as long as
-- idempotency.keep_minutes says: by the account and its key. What the input was is known by a keyed
-- hash alone. What is kept goes with its account.
-- migrate:up
CREATE TABLE idempotency (
  user_id INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  key TEXT NOT NULL,
  input_hash TEXT NOT NULL,
  at INTEGER NOT NULL,
  status INTEGER,
  location TEXT,
  etag TEXT,
  body TEXT,
  PRIMARY KEY (user_id, key)
) STRICT, WITHOUT ROWID;
CREATE INDEX idempotency_at_idx ON idempotency (at);

-- migrate:down
DROP TABLE idempotency;
