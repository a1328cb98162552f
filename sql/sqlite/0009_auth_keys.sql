-- Keys that sign access tokens, sealed: auth.secret opens them. Without a row the key that follows
-- from auth.secret signs. sealed: null for that key itself. A key signs from signs_from on until
-- the next one does.
-- migrate:up
CREATE TABLE auth_keys (
  id INTEGER PRIMARY KEY,
  kid TEXT NOT NULL
    CONSTRAINT auth_keys_kid_check CHECK (length(kid) = 11),
  sealed TEXT
    CONSTRAINT auth_keys_sealed_check CHECK (length(sealed) = 96),
  signs_from INTEGER NOT NULL,
  created_at INTEGER NOT NULL
) STRICT;

CREATE UNIQUE INDEX auth_keys_kid_key ON auth_keys (kid);

-- migrate:down
DROP TABLE auth_keys;
