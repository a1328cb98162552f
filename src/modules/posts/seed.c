/* Made-up posts of the users that were made with them, or of all; with tags. */
#include "seed.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/mem.h"
#include "base/str.h"
#include "core/db.h"
#include "core/inserter.h"
#include "core/text.h"
#include "internal.h"

enum { TAGS_MOST = 64, POST_TAGS_MOST = 4 };

static const int64_t day_us = INT64_C(24) * 3600 * 1000000;

static const char SQL_LAST_POST[] = "SELECT coalesce(max(id), 0) FROM posts";
static const char SQL_USERS_SINCE[] = "SELECT id FROM users WHERE id > $1 ORDER BY id";
static const char SQL_POSTS_SINCE[] = "SELECT id FROM posts WHERE id > $1 ORDER BY id";
static const char SQL_TAG_ADD[] =
	"INSERT INTO tags (name, name_key) VALUES ($1, $2) ON CONFLICT DO NOTHING";
static const char SQL_TAG_ID[] = "SELECT id FROM tags WHERE name_key = $1";
static const char SQL_ADD_POSTS[] =
	"INSERT INTO posts (author_id, title, content, status, published_at, created_at, "
	"updated_at, deleted_at) VALUES";
static const char SQL_ADD_LINKS[] = "INSERT INTO post_tags (post_id, tag_id) VALUES";

struct id_list {
	int64_t *at;
	size_t count;
};

static void id_list_auto(struct id_list *list)
{
	free(list->at);
}

struct post_seed {
	/* In the arena of the whole run. */
	struct id_list authors;
	int64_t tag_ids[TAGS_MOST];
	size_t tags;
	struct inserter rows, links;
};

static enum app_err read_ids(struct ctx *c, const char *sql, int64_t after, struct id_list *ret)
{
	AUTO(db_rows) rows = { 0 };
	bool has_row = false;
	size_t room = 0;
	enum app_err err = db_query(c, sql, BIND(after), &rows);
	while (!err && !(err = db_rows_next(&rows, &has_row)) && has_row) {
		if (ret->count == room) {
			room = room ? 2 * room : 1024;
			ret->at = mem_resize(ret->at, room * sizeof(*ret->at));
		}
		ret->at[ret->count++] = db_column_int(&rows, 0);
	}
	return err;
}

/* ---- tags ---- */

static enum app_err tags_write(struct ctx *c, void *arg)
{
	struct seeder *s = arg;
	struct post_seed *posts = s->state;
	for (posts->tags = 0; posts->tags < post_words.tags.count && posts->tags < TAGS_MOST;
	     posts->tags++) {
		const char *name = post_words.tags.at[posts->tags];
		struct db_value key = db_bind_text(text_fold(&s->arena, name, strlen(name), NULL));
		enum app_err err = db_exec(c, SQL_TAG_ADD, BIND(name, key), NULL);
		if (!err)
			err = db_query_int(c, SQL_TAG_ID, BIND(key), &posts->tag_ids[posts->tags]);
		if (err)
			return err;
	}
	return APP_OK;
}

static enum app_err links_add(struct seeder *s, struct post_seed *posts, int64_t post)
{
	int64_t count = seed_below(&s->random, POST_TAGS_MOST + 1);
	size_t at = (size_t)seed_below(&s->random, (int64_t)posts->tags);
	enum app_err err = APP_OK;
	for (; !err && count; count--) {
		const struct db_value row[] = { db_bind_int(post),
						db_bind_int(posts->tag_ids[at]) };
		err = inserter_add(&posts->links, row);
		/* on by less than a round in all, so that no tag comes twice */
		at = (at + 1 + (size_t)seed_below(&s->random, (int64_t)posts->tags / 4 - 1)) %
		     posts->tags;
	}
	return err;
}

/* ---- posts ---- */

/* Who is there longer has written more. */
static int64_t author_of(struct seeder *s, const struct post_seed *posts)
{
	int64_t there = (int64_t)posts->authors.count * s->done / s->total + 1;
	int64_t a = seed_below(&s->random, there), b = seed_below(&s->random, there);
	return posts->authors.at[a < b ? a : b];
}

static const char *status_of(struct seed_random *random)
{
	int64_t dice = seed_below(random, 100);
	return dice < 80 ? "published" : dice < 95 ? "draft" : "archived";
}

static struct db_value time_after(struct seeder *s, int64_t from)
{
	int64_t at = from + seed_below(&s->random, day_us);
	return db_bind_int(at < s->plan->now.us ? at : s->plan->now.us);
}

static enum app_err post_add(struct seeder *s, struct post_seed *posts)
{
	struct buf title, text;
	buf_init(&title, &s->arena);
	buf_init(&text, &s->arena);
	int64_t author = author_of(s, posts);
	post_seed_title(&s->random, &title);
	post_seed_text(&s->random, &text);
	const char *status = status_of(&s->random);
	int64_t created = seed_time_us(s);
	struct db_value published = str_eq(status, "draft") ? DB_NONE : time_after(s, created);
	bool deleted = seed_below(&s->random, 50) == 0;
	const struct db_value row[] = {
		db_bind_int(author),
		db_bind_text(buf_text(&title)),
		db_bind_text(buf_text(&text)),
		db_bind_text(status),
		published,
		db_bind_int(created),
		published.type ? published : db_bind_int(created),
		deleted ? time_after(s, created + day_us) : DB_NONE,
	};
	return inserter_add(&posts->rows, row);
}

static enum app_err posts_write(struct ctx *c, struct seeder *s)
{
	struct post_seed *posts = s->state;
	int64_t last = 0;
	AUTO(id_list) made = { 0 };
	enum app_err err = db_query_int(c, SQL_LAST_POST, BIND(), &last);
	for (; !err && s->done < s->until; s->done++)
		err = post_add(s, posts);
	if (!err)
		err = inserter_flush(&posts->rows);
	if (!err)
		err = read_ids(c, SQL_POSTS_SINCE, last, &made);
	for (size_t i = 0; !err && i < made.count; i++)
		err = links_add(s, posts, made.at[i]);
	return err ? err : inserter_flush(&posts->links);
}

static enum app_err authors_find(struct ctx *c, struct seeder *s, struct post_seed *posts)
{
	const struct seed_task *users = seed_task_find(s->plan, "users");
	AUTO(id_list) found = { 0 };
	enum app_err err = read_ids(c, SQL_USERS_SINCE, users && users->rows ? users->last_id : 0,
				    &found);
	if (err)
		return err;
	if (!found.count)
		return ctx_fail(c, APP_CONFLICT,
				"there is no user who could have written posts: ask for --users "
				"too");
	size_t size = found.count * sizeof(*found.at);
	posts->authors.at = memcpy(arena_raw(c->arena, size), found.at, size);
	posts->authors.count = found.count;
	return APP_OK;
}

static enum app_err posts_begin(struct ctx *c, struct seeder *s)
{
	struct post_seed *posts = arena_zero(c->arena, sizeof(*posts));
	s->state = posts;
	inserter_init(&posts->rows, c, SQL_ADD_POSTS, 8);
	inserter_init(&posts->links, c, SQL_ADD_LINKS, 2);
	enum app_err err = authors_find(c, s, posts);
	return err ? err : db_write_slow(c, tags_write, s);
}

const struct seed_kind posts_seed = {
	.name = "posts",
	.preset = 500,
	.begin = posts_begin,
	.write = posts_write,
};
