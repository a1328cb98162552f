-- Lists that filter by what many rows share and sort by something else: an index of both gives each page in its order.
-- posts_author_idx still holds every row. Text is sorted by code points, whatever the locale of the database.
-- migrate:up
DROP INDEX posts_title_idx;
CREATE INDEX posts_title_idx ON posts (title COLLATE "C", id) WHERE deleted_at IS NULL;
CREATE INDEX posts_published_idx ON posts (published_at, id) WHERE deleted_at IS NULL;
CREATE INDEX posts_status_title_idx ON posts (status, title COLLATE "C", id) WHERE deleted_at IS NULL;
CREATE INDEX posts_status_created_idx ON posts (status, created_at, id) WHERE deleted_at IS NULL;
CREATE INDEX posts_status_updated_idx ON posts (status, updated_at, id) WHERE deleted_at IS NULL;
DROP INDEX posts_author_idx;
CREATE INDEX posts_author_idx ON posts (author_id, id);
CREATE INDEX posts_author_title_idx ON posts (author_id, title COLLATE "C", id) WHERE deleted_at IS NULL;
CREATE INDEX posts_author_created_idx ON posts (author_id, created_at, id) WHERE deleted_at IS NULL;
CREATE INDEX posts_author_updated_idx ON posts (author_id, updated_at, id) WHERE deleted_at IS NULL;

CREATE INDEX users_username_idx ON users (username COLLATE "C", id);
CREATE INDEX users_email_idx ON users (email COLLATE "C", id);
CREATE INDEX users_created_idx ON users (created_at, id);
CREATE INDEX users_is_active_idx ON users (is_active, id);
CREATE INDEX users_is_active_username_idx ON users (is_active, username COLLATE "C", id);
CREATE INDEX users_is_active_email_idx ON users (is_active, email COLLATE "C", id);
CREATE INDEX users_is_active_is_superuser_idx ON users (is_active, is_superuser, id);
CREATE INDEX users_is_active_created_idx ON users (is_active, created_at, id);
CREATE INDEX users_is_superuser_idx ON users (is_superuser, id);
CREATE INDEX users_is_superuser_username_idx ON users (is_superuser, username COLLATE "C", id);
CREATE INDEX users_is_superuser_email_idx ON users (is_superuser, email COLLATE "C", id);
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
DROP INDEX posts_title_idx;
CREATE INDEX posts_title_idx ON posts (title, id) WHERE deleted_at IS NULL;
