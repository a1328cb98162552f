-- Lists sort by title and by updated_at: without these every page would sort the whole table.
-- migrate:up
CREATE INDEX posts_title_idx ON posts (title, id) WHERE deleted_at IS NULL;
CREATE INDEX posts_updated_idx ON posts (updated_at, id) WHERE deleted_at IS NULL;

-- migrate:down
DROP INDEX posts_title_idx;
DROP INDEX posts_updated_idx;
