-- Posts and their tags. deleted_at: a deleted post stays and can be restored; only lists of live rows
-- are indexed. posts_author_idx holds every row: deleting an account looks its posts up.
-- migrate:up
CREATE TABLE posts (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  author_id INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  title TEXT NOT NULL
    CONSTRAINT posts_title_check CHECK (length(title) BETWEEN 1 AND 200),
  content TEXT NOT NULL DEFAULT ''
    CONSTRAINT posts_content_check CHECK (length(content) <= 20000),
  status TEXT NOT NULL DEFAULT 'draft'
    CONSTRAINT posts_status_check CHECK (status IN ('draft', 'published', 'archived')),
  published_at INTEGER,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  deleted_at INTEGER
) STRICT;

CREATE INDEX posts_author_idx ON posts (author_id);
CREATE INDEX posts_created_idx ON posts (created_at, id) WHERE deleted_at IS NULL;
CREATE INDEX posts_status_idx ON posts (status, id) WHERE deleted_at IS NULL;

CREATE TABLE tags (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL
    CONSTRAINT tags_name_check CHECK (length(name) BETWEEN 1 AND 50)
) STRICT;

CREATE UNIQUE INDEX tags_name_key ON tags (lower(name));

CREATE TABLE post_tags (
  post_id INTEGER NOT NULL REFERENCES posts (id) ON DELETE CASCADE,
  tag_id INTEGER NOT NULL REFERENCES tags (id) ON DELETE CASCADE,
  PRIMARY KEY (post_id, tag_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX post_tags_tag_idx ON post_tags (tag_id);

-- migrate:down
DROP TABLE post_tags;
DROP TABLE tags;
DROP TABLE posts;
