-- Who had what done: a row for each command. Ids grow with time, so that the oldest rows go by
-- their ids and no index of times is needed. AUTOINCREMENT: an id never comes back, so that
-- whoever has read up to one goes on behind it.
-- migrate:up
CREATE TABLE audit (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  at INTEGER NOT NULL,
  operation TEXT NOT NULL,
  outcome TEXT NOT NULL,
  actor TEXT NOT NULL
    CONSTRAINT audit_actor_check CHECK (actor IN ('anonymous', 'user', 'system')),
  user_id INTEGER,
  address TEXT,
  request_id TEXT,
  subject TEXT,
  subject_id INTEGER,
  change TEXT
) STRICT;

CREATE INDEX audit_operation_idx ON audit (operation, id);
CREATE INDEX audit_user_idx ON audit (user_id, id);
CREATE INDEX audit_subject_idx ON audit (subject, subject_id, id);

-- migrate:down
DROP TABLE audit;
