-- The full-text index of posts holds words as text_words() of croft makes them, the same on every database, and is no longer
-- written by the triggers: they put the ids of changed rows on a list, and croft indexes many at a time. It keeps the words
-- themselves, so that it knows what to take out. posts_fts_words completes the beginning of a word. What was there before
-- is on the list, too.
-- migrate:up
DROP TRIGGER posts_fts_update;
DROP TRIGGER posts_fts_delete;
DROP TRIGGER posts_fts_insert;
DROP TABLE posts_fts;

CREATE VIRTUAL TABLE posts_fts USING fts5 (
  words, tokenize = 'ascii', detail = 'none', columnsize = 0, prefix = '1 2 3'
);
CREATE TABLE posts_fts_words (word TEXT PRIMARY KEY) STRICT, WITHOUT ROWID;
CREATE TABLE posts_fts_todo (id INTEGER PRIMARY KEY) STRICT;
CREATE VIEW posts_fts_source AS SELECT id, title || ' ' || content AS text FROM posts;

CREATE TRIGGER posts_fts_insert AFTER INSERT ON posts BEGIN
  INSERT INTO posts_fts_todo (id) VALUES (new.id) ON CONFLICT DO NOTHING;
END;

CREATE TRIGGER posts_fts_delete AFTER DELETE ON posts BEGIN
  INSERT INTO posts_fts_todo (id) VALUES (old.id) ON CONFLICT DO NOTHING;
END;

CREATE TRIGGER posts_fts_update AFTER UPDATE OF id, title, content ON posts BEGIN
  INSERT INTO posts_fts_todo (id) VALUES (old.id), (new.id) ON CONFLICT DO NOTHING;
END;

INSERT INTO posts_fts_todo (id) SELECT id FROM posts ORDER BY id;

-- migrate:down
DROP TRIGGER posts_fts_update;
DROP TRIGGER posts_fts_delete;
DROP TRIGGER posts_fts_insert;
DROP VIEW posts_fts_source;
DROP TABLE posts_fts_todo;
DROP TABLE posts_fts_words;
DROP TABLE posts_fts;

CREATE VIRTUAL TABLE posts_fts USING fts5 (
  title, content, content = 'posts', content_rowid = 'id',
  tokenize = 'unicode61 remove_diacritics 2'
);

CREATE TRIGGER posts_fts_insert AFTER INSERT ON posts BEGIN
  INSERT INTO posts_fts (rowid, title, content) VALUES (new.id, new.title, new.content);
END;

CREATE TRIGGER posts_fts_delete AFTER DELETE ON posts BEGIN
  INSERT INTO posts_fts (posts_fts, rowid, title, content)
  VALUES ('delete', old.id, old.title, old.content);
END;

CREATE TRIGGER posts_fts_update AFTER UPDATE OF id, title, content ON posts BEGIN
  INSERT INTO posts_fts (posts_fts, rowid, title, content)
  VALUES ('delete', old.id, old.title, old.content);
  INSERT INTO posts_fts (rowid, title, content) VALUES (new.id, new.title, new.content);
END;

INSERT INTO posts_fts (posts_fts) VALUES ('rebuild');
