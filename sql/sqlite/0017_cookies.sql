-- Sessions of browsers: cookie_hash is the SHA-256 of the secret in the cookie; null: the session
-- lives by tokens.
-- migrate:up
ALTER TABLE sessions ADD COLUMN cookie_hash BLOB
  CONSTRAINT sessions_cookie_hash_check CHECK (length(cookie_hash) = 32);

-- migrate:down
ALTER TABLE sessions DROP COLUMN cookie_hash;
