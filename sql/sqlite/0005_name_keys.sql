-- Names are the same in any case and form, on every database alike: their folded form is kept beside them, and is what
-- must be unique. Folded copies of other texts, where they are not ASCII, are what lists look through. croft fills both: see
-- .key and .folded in include/core/schema.h. Whoever writes names by SQL writes their keys, too.
-- migrate:up
ALTER TABLE users ADD COLUMN username_key TEXT NOT NULL DEFAULT '';
ALTER TABLE users ADD COLUMN email_key TEXT NOT NULL DEFAULT '';
ALTER TABLE users ADD COLUMN full_name_folded TEXT;
ALTER TABLE tags ADD COLUMN name_key TEXT NOT NULL DEFAULT '';
ALTER TABLE posts ADD COLUMN title_folded TEXT;

-- migrate:fold users.username into username_key unique
-- migrate:fold users.email into email_key unique
-- migrate:fold users.full_name into full_name_folded beyond ascii
-- migrate:fold tags.name into name_key unique
-- migrate:fold posts.title into title_folded beyond ascii

DROP INDEX users_username_key;
DROP INDEX users_email_key;
DROP INDEX tags_name_key;
-- SQLite looks at the newest index first: where both are taken it is the username that clients are told, as on PostgreSQL.
CREATE UNIQUE INDEX users_email_key ON users (email_key);
CREATE UNIQUE INDEX users_username_key ON users (username_key);
CREATE UNIQUE INDEX tags_name_key ON tags (name_key);

-- A new column takes no CHECK in SQLite where there are rows, so triggers refuse what brings no key, or that of another name
-- as far as SQL can tell: of ASCII it is the text in lower case.
CREATE TRIGGER users_username_key_insert AFTER INSERT ON users
WHEN new.username_key = ''
  OR (new.username_key <> lower(new.username) AND length(new.username) = length(CAST(new.username AS BLOB)))
BEGIN
  SELECT RAISE(ABORT, 'username_key has a value that is not allowed');
END;

CREATE TRIGGER users_username_key_update AFTER UPDATE OF username, username_key ON users
WHEN new.username_key = ''
  OR (new.username_key <> lower(new.username) AND length(new.username) = length(CAST(new.username AS BLOB)))
BEGIN
  SELECT RAISE(ABORT, 'username_key has a value that is not allowed');
END;

CREATE TRIGGER users_email_key_insert AFTER INSERT ON users
WHEN new.email_key = ''
  OR (new.email_key <> lower(new.email) AND length(new.email) = length(CAST(new.email AS BLOB)))
BEGIN
  SELECT RAISE(ABORT, 'email_key has a value that is not allowed');
END;

CREATE TRIGGER users_email_key_update AFTER UPDATE OF email, email_key ON users
WHEN new.email_key = ''
  OR (new.email_key <> lower(new.email) AND length(new.email) = length(CAST(new.email AS BLOB)))
BEGIN
  SELECT RAISE(ABORT, 'email_key has a value that is not allowed');
END;

CREATE TRIGGER tags_name_key_insert AFTER INSERT ON tags
WHEN new.name_key = ''
  OR (new.name_key <> lower(new.name) AND length(new.name) = length(CAST(new.name AS BLOB)))
BEGIN
  SELECT RAISE(ABORT, 'name_key has a value that is not allowed');
END;

CREATE TRIGGER tags_name_key_update AFTER UPDATE OF name, name_key ON tags
WHEN new.name_key = ''
  OR (new.name_key <> lower(new.name) AND length(new.name) = length(CAST(new.name AS BLOB)))
BEGIN
  SELECT RAISE(ABORT, 'name_key has a value that is not allowed');
END;

-- migrate:down
DROP TRIGGER users_username_key_insert;
DROP TRIGGER users_username_key_update;
DROP TRIGGER users_email_key_insert;
DROP TRIGGER users_email_key_update;
DROP TRIGGER tags_name_key_insert;
DROP TRIGGER tags_name_key_update;
DROP INDEX users_username_key;
DROP INDEX users_email_key;
DROP INDEX tags_name_key;
ALTER TABLE users DROP COLUMN username_key;
ALTER TABLE users DROP COLUMN email_key;
ALTER TABLE users DROP COLUMN full_name_folded;
ALTER TABLE tags DROP COLUMN name_key;
ALTER TABLE posts DROP COLUMN title_folded;
CREATE UNIQUE INDEX users_username_key ON users (lower(username));
CREATE UNIQUE INDEX users_email_key ON users (lower(email));
CREATE UNIQUE INDEX tags_name_key ON tags (lower(name));
