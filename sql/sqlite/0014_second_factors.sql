-- Second factors. secret: what a device makes codes of, sealed with auth.secret. last_step: of the
-- newest code that was taken; none is taken twice. confirmed_at: null until the first code.
-- recovery_codes: for when the device is lost, each good once; hash is the SHA-256 of one.
-- migrate:up
CREATE TABLE second_factors (
  user_id INTEGER PRIMARY KEY REFERENCES users (id) ON DELETE CASCADE,
  secret TEXT NOT NULL,
  last_step INTEGER NOT NULL DEFAULT 0,
  confirmed_at INTEGER,
  created_at INTEGER NOT NULL
) STRICT;

CREATE TABLE recovery_codes (
  user_id INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  hash BLOB NOT NULL
    CONSTRAINT recovery_codes_hash_check CHECK (length(hash) = 32),
  used_at INTEGER,
  PRIMARY KEY (user_id, hash)
) STRICT, WITHOUT ROWID;

-- migrate:down
DROP TABLE recovery_codes;
DROP TABLE second_factors;
