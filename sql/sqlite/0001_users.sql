-- Accounts. AUTOINCREMENT: the id of a deleted account never comes back, so neither do its tokens.
-- password_hash: null until a password is set. token_version: tokens of older versions are dead.
-- migrate:up
CREATE TABLE users (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  username TEXT NOT NULL
    CONSTRAINT users_username_check CHECK (length(username) BETWEEN 3 AND 50),
  email TEXT NOT NULL
    CONSTRAINT users_email_check CHECK (length(email) BETWEEN 3 AND 254),
  full_name TEXT
    CONSTRAINT users_full_name_check CHECK (length(full_name) <= 200),
  password_hash TEXT,
  is_active INTEGER NOT NULL DEFAULT 1
    CONSTRAINT users_is_active_check CHECK (is_active IN (0, 1)),
  is_superuser INTEGER NOT NULL DEFAULT 0
    CONSTRAINT users_is_superuser_check CHECK (is_superuser IN (0, 1)),
  token_version INTEGER NOT NULL DEFAULT 1
    CONSTRAINT users_token_version_check CHECK (token_version >= 1),
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL
) STRICT;

CREATE UNIQUE INDEX users_username_key ON users (lower(username));
CREATE UNIQUE INDEX users_email_key ON users (lower(email));
CREATE INDEX users_superuser_idx ON users (id) WHERE is_superuser;

-- migrate:down
DROP TABLE users;
