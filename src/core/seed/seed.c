/*
 * The rows of `croft seed`: users, tags, posts and their links, in a few big transactions. The
 * same seed on an empty database gives the same rows, their times counted back from now.
 */
#include <inttypes.h>
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

enum { ROWS_A_WRITE = 10000, TAGS_MOST = 64, POST_TAGS_MOST = 4, TEXTS_CHUNK = 1024 * 1024 };

static const int64_t year_us = INT64_C(365) * 24 * 3600 * 1000000;
static const int64_t day_us = INT64_C(24) * 3600 * 1000000;

static const char SQL_LAST_USER[] = "SELECT coalesce(max(id), 0) FROM users";
static const char SQL_LAST_POST[] = "SELECT coalesce(max(id), 0) FROM posts";
static const char SQL_USERS_SINCE[] = "SELECT id FROM users WHERE id > $1 ORDER BY id";
static const char SQL_POSTS_SINCE[] = "SELECT id FROM posts WHERE id > $1 ORDER BY id";
static const char SQL_TAG_ADD[] =
	"INSERT INTO tags (name, name_key) VALUES ($1, $2) ON CONFLICT DO NOTHING";
static const char SQL_TAG_ID[] = "SELECT id FROM tags WHERE name_key = $1";
static const char SQL_ADD_USERS[] =
	"INSERT INTO users (username, username_key, email, email_key, full_name, is_active, "
	"created_at, updated_at) VALUES";
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

struct seeder {
	const struct seed_plan *plan;
	struct seed_random random;
	int64_t done, until; /* rows of the kind under way: made, and to be made by this write */
	int64_t last_user;   /* highest id before; makes names unique when it is run again */
	struct id_list authors;
	int64_t tag_ids[TAGS_MOST];
	size_t tags;
	struct inserter users, posts, links;
	struct arena arena; /* texts of the write under way */
};

/* ---- reading ---- */

static enum app_err read_int(struct ctx *c, const char *sql, struct db_binds binds, int64_t *ret)
{
	AUTO(db_rows) rows = { 0 };
	bool has_row = false;
	enum app_err err = db_query(c, sql, binds, &rows);
	if (!err)
		err = db_rows_next(&rows, &has_row);
	if (!err && has_row)
		*ret = db_column_int(&rows, 0);
	return err;
}

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

/* ---- users ---- */

/* Rows come in the order of their time, as they would in life. */
static int64_t time_of(struct seeder *s, int64_t number, int64_t total)
{
	int64_t step = year_us / (total + 1);
	return s->plan->now.us - year_us + number * step + seed_below(&s->random, step + 1);
}

static struct db_value folded(struct seeder *s, const char *text)
{
	return db_bind_text(text_fold(&s->arena, text, strlen(text), NULL));
}

static enum app_err user_add(struct seeder *s)
{
	struct arena *arena = &s->arena;
	struct seed_random *random = &s->random;
	const char *first = seed_word(random, &seed_words.first_names);
	const char *last = seed_word(random, &seed_words.last_names);
	int64_t number = s->last_user + s->done + 1;
	char *full = arena_printf(arena, "%s %s", first, last);
	full[0] = (char)(full[0] - 'a' + 'A');
	full[strlen(first) + 1] = (char)(full[strlen(first) + 1] - 'a' + 'A');
	int64_t created = time_of(s, s->done, s->plan->users);
	const char *name = arena_printf(arena, "%s_%s%" PRId64, first, last, number);
	const char *email = arena_printf(arena, "%s.%s%" PRId64 "@example.com", first, last,
					 number);
	const struct db_value row[] = {
		db_bind_text(name),   folded(s, name),
		db_bind_text(email),  folded(s, email),
		db_bind_text(full),   db_bind_bool(seed_below(random, 100) < 97),
		db_bind_int(created), db_bind_int(created),
	};
	return inserter_add(&s->users, row);
}

static enum app_err users_write(struct ctx *c, void *arg)
{
	(void)c;
	struct seeder *s = arg;
	enum app_err err = APP_OK;
	for (; !err && s->done < s->until; s->done++)
		err = user_add(s);
	return err ? err : inserter_flush(&s->users);
}

/* ---- tags ---- */

static enum app_err tags_write(struct ctx *c, void *arg)
{
	struct seeder *s = arg;
	for (s->tags = 0; s->tags < seed_words.tags.count && s->tags < TAGS_MOST; s->tags++) {
		const char *name = seed_words.tags.at[s->tags];
		struct db_value key = folded(s, name);
		enum app_err err = db_exec(c, SQL_TAG_ADD, BIND(name, key), NULL);
		if (!err)
			err = read_int(c, SQL_TAG_ID, BIND(key), &s->tag_ids[s->tags]);
		if (err)
			return err;
	}
	return APP_OK;
}

static enum app_err links_add(struct seeder *s, int64_t post)
{
	int64_t count = seed_below(&s->random, POST_TAGS_MOST + 1);
	size_t at = (size_t)seed_below(&s->random, (int64_t)s->tags);
	enum app_err err = APP_OK;
	for (; !err && count; count--) {
		const struct db_value row[] = { db_bind_int(post), db_bind_int(s->tag_ids[at]) };
		err = inserter_add(&s->links, row);
		/* on by less than a round in all, so that no tag comes twice */
		at = (at + 1 + (size_t)seed_below(&s->random, (int64_t)s->tags / 4 - 1)) % s->tags;
	}
	return err;
}

/* ---- posts ---- */

/* Who is there longer has written more. */
static int64_t author_of(struct seeder *s)
{
	int64_t there = (int64_t)s->authors.count * s->done / s->plan->posts + 1;
	int64_t a = seed_below(&s->random, there), b = seed_below(&s->random, there);
	return s->authors.at[a < b ? a : b];
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

static enum app_err post_add(struct seeder *s)
{
	struct buf title, text;
	buf_init(&title, &s->arena);
	buf_init(&text, &s->arena);
	int64_t author = author_of(s);
	seed_add_title(&s->random, &title);
	seed_add_text(&s->random, &text);
	const char *status = status_of(&s->random);
	int64_t created = time_of(s, s->done, s->plan->posts);
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
	return inserter_add(&s->posts, row);
}

static enum app_err posts_write(struct ctx *c, void *arg)
{
	struct seeder *s = arg;
	int64_t last = 0;
	AUTO(id_list) made = { 0 };
	enum app_err err = read_int(c, SQL_LAST_POST, BIND(), &last);
	for (; !err && s->done < s->until; s->done++)
		err = post_add(s);
	if (!err)
		err = inserter_flush(&s->posts);
	if (!err)
		err = read_ids(c, SQL_POSTS_SINCE, last, &made);
	for (size_t i = 0; !err && i < made.count; i++)
		err = links_add(s, made.at[i]);
	return err ? err : inserter_flush(&s->links);
}

/* ---- all of it ---- */

/* Makes `total` rows of a kind, so many in each write; the texts of a write are dropped with it. */
static enum app_err rows_make(struct ctx *c, struct seeder *s, const char *what, int64_t total,
			      db_write_fn *run)
{
	enum app_err err = APP_OK;
	s->done = s->until = 0;
	while (!err && s->until < total) {
		s->until = total - s->until > ROWS_A_WRITE ? s->until + ROWS_A_WRITE : total;
		err = db_write_slow(c, run, s);
		arena_reset(&s->arena);
		s->plan->tell(s->plan->arg, what, s->until, total);
	}
	return err;
}

static enum app_err authors_find(struct ctx *c, struct seeder *s)
{
	enum app_err err = read_ids(c, SQL_USERS_SINCE, s->plan->users ? s->last_user : 0,
				    &s->authors);
	if (!err && !s->authors.count)
		return app_fail(c, APP_CONFLICT,
				"there is no user who could have written posts: ask for --users "
				"too");
	return err;
}

static enum app_err seed_all(struct ctx *c, struct seeder *s)
{
	enum app_err err = read_int(c, SQL_LAST_USER, BIND(), &s->last_user);
	if (!err)
		err = rows_make(c, s, "users", s->plan->users, users_write);
	if (err || !s->plan->posts)
		return err;
	err = authors_find(c, s);
	if (!err)
		err = db_write_slow(c, tags_write, s);
	return err ? err : rows_make(c, s, "posts", s->plan->posts, posts_write);
}

enum app_err seed_run(struct ctx *c, const struct seed_plan *plan)
{
	struct seeder s = { .plan = plan, .random = { plan->seed } };
	arena_init(&s.arena, TEXTS_CHUNK);
	inserter_init(&s.users, c, SQL_ADD_USERS, 8);
	inserter_init(&s.posts, c, SQL_ADD_POSTS, 8);
	inserter_init(&s.links, c, SQL_ADD_LINKS, 2);
	enum app_err err = seed_all(c, &s);
	id_list_auto(&s.authors);
	arena_done(&s.arena);
	return err;
}
