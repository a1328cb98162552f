-- AUTOINCREMENT: the id of a deleted tag never comes back, and past the last id there is none,
-- as on PostgreSQL. A table cannot be told so later, so it is made anew, and what refers to it
-- with it.
-- migrate:up
CREATE TABLE tags_new (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  name TEXT NOT NULL
    CONSTRAINT tags_name_check CHECK (length(name) BETWEEN 1 AND 50),
  name_key TEXT NOT NULL DEFAULT ''
) STRICT;
INSERT INTO tags_new (id, name, name_key) SELECT id, name, name_key FROM tags ORDER BY id;

CREATE TABLE post_tags_new (
  post_id INTEGER NOT NULL REFERENCES posts (id) ON DELETE CASCADE,
  tag_id INTEGER NOT NULL REFERENCES tags_new (id) ON DELETE CASCADE,
  PRIMARY KEY (post_id, tag_id)
) STRICT, WITHOUT ROWID;
INSERT INTO post_tags_new (post_id, tag_id)
  SELECT post_id, tag_id FROM post_tags ORDER BY post_id, tag_id;

DROP TABLE post_tags;
DROP TABLE tags;
ALTER TABLE tags_new RENAME TO tags;
ALTER TABLE post_tags_new RENAME TO post_tags;

CREATE INDEX post_tags_tag_idx ON post_tags (tag_id);
CREATE UNIQUE INDEX tags_name_key ON tags (name_key);

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
CREATE TABLE tags_new (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL
    CONSTRAINT tags_name_check CHECK (length(name) BETWEEN 1 AND 50),
  name_key TEXT NOT NULL DEFAULT ''
) STRICT;
INSERT INTO tags_new (id, name, name_key) SELECT id, name, name_key FROM tags ORDER BY id;

CREATE TABLE post_tags_new (
  post_id INTEGER NOT NULL REFERENCES posts (id) ON DELETE CASCADE,
  tag_id INTEGER NOT NULL REFERENCES tags_new (id) ON DELETE CASCADE,
  PRIMARY KEY (post_id, tag_id)
) STRICT, WITHOUT ROWID;
INSERT INTO post_tags_new (post_id, tag_id)
  SELECT post_id, tag_id FROM post_tags ORDER BY post_id, tag_id;

DROP TABLE post_tags;
DROP TABLE tags;
ALTER TABLE tags_new RENAME TO tags;
ALTER TABLE post_tags_new RENAME TO post_tags;

CREATE INDEX post_tags_tag_idx ON post_tags (tag_id);
CREATE UNIQUE INDEX tags_name_key ON tags (name_key);

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
