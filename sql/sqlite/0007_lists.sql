-- Lists that filter by what many rows share and sort by something else: an index of both gives each page in its order.
-- posts_author_idx still holds every row. The indexes of the author come last: where two would do as well, SQLite takes
-- the younger, and an author has fewer posts than a status.
-- migrate:up
CREATE INDEX posts_published_idx ON posts (published_at, id) WHERE deleted_at IS NULL;
CREATE INDEX posts_status_title_idx ON posts (status, title, id) WHERE deleted_at IS NULL;
CREATE INDEX posts_status_created_idx ON posts (status, created_at, id) WHERE deleted_at IS NULL;
CREATE INDEX posts_status_updated_idx ON posts (status, updated_at, id) WHERE deleted_at IS NULL;
DROP INDEX posts_author_idx;
CREATE INDEX posts_author_idx ON posts (author_id, id);
CREATE INDEX posts_author_title_idx ON posts (author_id, title, id) WHERE deleted_at IS NULL;
CREATE INDEX posts_author_created_idx ON posts (author_id, created_at, id) WHERE deleted_at IS NULL;
CREATE INDEX posts_author_updated_idx ON posts (author_id, updated_at, id) WHERE deleted_at IS NULL;

CREATE INDEX users_username_idx ON users (username, id);
CREATE INDEX users_email_idx ON users (email, id);
CREATE INDEX users_created_idx ON users (created_at, id);
CREATE INDEX users_is_active_idx ON users (is_active, id);
CREATE INDEX users_is_active_username_idx ON users (is_active, username, id);
CREATE INDEX users_is_active_email_idx ON users (is_active, email, id);
CREATE INDEX users_is_active_is_superuser_idx ON users (is_active, is_superuser, id);
CREATE INDEX users_is_active_created_idx ON users (is_active, created_at, id);
CREATE INDEX users_is_superuser_idx ON users (is_superuser, id);
CREATE INDEX users_is_superuser_username_idx ON users (is_superuser, username, id);
CREATE INDEX users_is_superuser_email_idx ON users (is_superuser, email, id);
CREATE INDEX users_is_superuser_is_active_idx ON users (is_superuser, is_active, id);
CREATE INDEX users_is_superuser_created_idx ON users (is_superuser, created_at, id);

-- migrate:down
DROP INDEX users_is_superuser_created_idx;
DROP INDEX users_is_superuser_is_active_idx;
DROP INDEX users_is_superuser_email_idx;
DROP INDEX users_is_superuser_username_idx;
DROP INDEX users_is_superuser_idx;
DROP INDEX users_is_active_created_idx;
DROP INDEX users_is_active_is_superuser_idx;
DROP INDEX users_is_active_email_idx;
DROP INDEX users_is_active_username_idx;
DROP INDEX users_is_active_idx;
DROP INDEX users_created_idx;
DROP INDEX users_email_idx;
DROP INDEX users_username_idx;

DROP INDEX posts_author_updated_idx;
DROP INDEX posts_author_created_idx;
DROP INDEX posts_author_title_idx;
DROP INDEX posts_author_idx;
CREATE INDEX posts_author_idx ON posts (author_id);
DROP INDEX posts_status_updated_idx;
DROP INDEX posts_status_created_idx;
DROP INDEX posts_status_title_idx;
DROP INDEX posts_published_idx;
