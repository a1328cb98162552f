-- Names are the same in any case and form, on every database alike: their folded form is kept beside them, and is what
-- must be unique. Folded copies of other texts, where they are not ASCII, are what lists look through. croft fills both: see
-- .key and .folded in include/core/schema.h. Whoever writes names by SQL writes their keys, too.
-- Both are compared byte by byte, whatever the locale of the database.
-- migrate:up
ALTER TABLE users ADD COLUMN username_key TEXT COLLATE "C";
ALTER TABLE users ADD COLUMN email_key TEXT COLLATE "C";
ALTER TABLE users ADD COLUMN full_name_folded TEXT COLLATE "C";
ALTER TABLE tags ADD COLUMN name_key TEXT COLLATE "C";
ALTER TABLE posts ADD COLUMN title_folded TEXT COLLATE "C";

-- migrate:fold users.username into username_key unique
-- migrate:fold users.email into email_key unique
-- migrate:fold users.full_name into full_name_folded beyond ascii
-- migrate:fold tags.name into name_key unique
-- migrate:fold posts.title into title_folded beyond ascii

-- No key is refused, and that of another name as far as SQL can tell: of ASCII it is the text in lower case.
ALTER TABLE users ALTER COLUMN username_key SET NOT NULL;
ALTER TABLE users ADD CONSTRAINT users_username_key_check
  CHECK (username_key <> '' AND
    (length(username) < octet_length(username) OR username_key = lower(username COLLATE "C")));
ALTER TABLE users ALTER COLUMN email_key SET NOT NULL;
ALTER TABLE users ADD CONSTRAINT users_email_key_check
  CHECK (email_key <> '' AND
    (length(email) < octet_length(email) OR email_key = lower(email COLLATE "C")));
ALTER TABLE tags ALTER COLUMN name_key SET NOT NULL;
ALTER TABLE tags ADD CONSTRAINT tags_name_key_check
  CHECK (name_key <> '' AND
    (length(name) < octet_length(name) OR name_key = lower(name COLLATE "C")));

DROP INDEX users_username_key;
DROP INDEX users_email_key;
DROP INDEX tags_name_key;
CREATE UNIQUE INDEX users_username_key ON users (username_key);
CREATE UNIQUE INDEX users_email_key ON users (email_key);
CREATE UNIQUE INDEX tags_name_key ON tags (name_key);

-- migrate:down
ALTER TABLE users DROP COLUMN username_key;
ALTER TABLE users DROP COLUMN email_key;
ALTER TABLE users DROP COLUMN full_name_folded;
ALTER TABLE tags DROP COLUMN name_key;
ALTER TABLE posts DROP COLUMN title_folded;
CREATE UNIQUE INDEX users_username_key ON users (lower(username));
CREATE UNIQUE INDEX users_email_key ON users (lower(email));
CREATE UNIQUE INDEX tags_name_key ON tags (lower(name));
