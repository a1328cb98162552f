-- Codes that letters bring, each good once: hash is the SHA-256 of one. There is one at a time for
-- a purpose and a subject: an address, or the id of an account. verified_at: when the owner of the
-- account was last known to read its e-mail; null: never.
-- migrate:up
CREATE TABLE one_time_tokens (
  purpose text NOT NULL,
  subject text NOT NULL,
  hash bytea NOT NULL
    CONSTRAINT one_time_tokens_hash_check CHECK (length(hash) = 32),
  user_id bigint REFERENCES users (id) ON DELETE CASCADE,
  data text,
  tries bigint NOT NULL DEFAULT 0,
  created_at bigint NOT NULL,
  expires_at bigint NOT NULL,
  used_at bigint,
  PRIMARY KEY (purpose, subject)
);

CREATE UNIQUE INDEX one_time_tokens_hash_key ON one_time_tokens (hash);
CREATE INDEX one_time_tokens_user_idx ON one_time_tokens (user_id) WHERE user_id IS NOT NULL;
CREATE INDEX one_time_tokens_expires_idx ON one_time_tokens (expires_at);

ALTER TABLE users ADD COLUMN verified_at bigint;

-- migrate:down
ALTER TABLE users DROP COLUMN verified_at;
DROP TABLE one_time_tokens;
