-- Sessions: one for each sign-in; tokens name theirs, and are dead once it has ended.
-- AUTOINCREMENT: no id comes back.
-- token_version: the account's at the sign-in, which the tokens say. user_version: the account's
-- that it lives by: another ends it. seed: random, what refresh tokens are signed with besides the
-- secret. generation: of the newest refresh token.
-- seen_at: sign-in or last refresh. expires_at: the end of the longest life; over_at: that, or
-- before it the end of idleness; once the session has ended, when that was.
-- migrate:up
CREATE TABLE sessions (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  user_id INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  token_version INTEGER NOT NULL,
  user_version INTEGER NOT NULL,
  seed TEXT NOT NULL,
  generation INTEGER NOT NULL DEFAULT 0,
  proven_at INTEGER NOT NULL,
  seen_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  over_at INTEGER NOT NULL,
  ended_at INTEGER,
  ended_why TEXT,
  agent TEXT,
  address TEXT,
  created_at INTEGER NOT NULL
) STRICT;

CREATE INDEX sessions_user_idx ON sessions (user_id, id);
CREATE INDEX sessions_over_idx ON sessions (over_at);

-- migrate:down
DROP TABLE sessions;
