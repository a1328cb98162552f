-- Keys that sign access tokens, sealed: auth.secret opens them. Without a row the key that follows
-- from auth.secret signs. sealed: null for that key itself. A key signs from signs_from on until
-- the next one does. Times are microseconds since 1970.
-- migrate:up
CREATE TABLE auth_keys (
  id bigint PRIMARY KEY,
  kid text NOT NULL
    CONSTRAINT auth_keys_kid_check CHECK (length(kid) = 11),
  sealed text
    CONSTRAINT auth_keys_sealed_check CHECK (length(sealed) = 96),
  signs_from bigint NOT NULL,
  created_at bigint NOT NULL
);

CREATE UNIQUE INDEX auth_keys_kid_key ON auth_keys (kid);

-- migrate:down
DROP TABLE auth_keys;
