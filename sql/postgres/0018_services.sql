-- Service accounts: programs, which have API keys and nothing to sign in with.
-- migrate:up
ALTER TABLE users ADD COLUMN kind text NOT NULL DEFAULT 'person'
  CONSTRAINT users_kind_check CHECK (kind IN ('person', 'service'))
  CONSTRAINT users_service_check
    CHECK (kind = 'person' OR (password_hash IS NULL AND NOT is_superuser));

-- migrate:down
ALTER TABLE users DROP COLUMN kind;
