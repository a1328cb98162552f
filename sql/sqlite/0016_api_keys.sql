-- API keys: what programs show in place of a person's token. AUTOINCREMENT: no id comes back.
-- hash: the SHA-256, in hex, of what is secret of the key. role_bits: as those of accounts; a key
-- may what both let it. expires_at: null for one that lives until it is deleted.
-- audit.key_id: the key by which something was done; null where none was.
-- migrate:up
CREATE TABLE api_keys (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  user_id INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  name TEXT NOT NULL
    CONSTRAINT api_keys_name_check CHECK (length(name) BETWEEN 1 AND 100),
  hash TEXT NOT NULL
    CONSTRAINT api_keys_hash_check CHECK (length(hash) = 64),
  role_bits INTEGER NOT NULL DEFAULT 0,
  expires_at INTEGER,
  last_used_at INTEGER,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL
) STRICT;
CREATE INDEX api_keys_user_idx ON api_keys (user_id, id);

ALTER TABLE audit ADD COLUMN key_id INTEGER;

-- migrate:down
ALTER TABLE audit DROP COLUMN key_id;
DROP TABLE api_keys;
