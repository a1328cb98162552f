-- Full-text search of posts: an index of title and content that triggers keep true, whoever changes the table. It holds
-- no text of its own: 'delete' must be told what was indexed. Softly deleted rows stay in it; lists leave them out.
-- migrate:up
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

-- migrate:down
DROP TRIGGER posts_fts_update;
DROP TRIGGER posts_fts_delete;
DROP TRIGGER posts_fts_insert;
DROP TABLE posts_fts;
