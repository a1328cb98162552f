/*
 * The tags of posts, for commands inside their transaction. Reading tags is post_model's. However
 * many posts and names there are, they go in statements of many rows each.
 */
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/str.h"
#include "core/text.h"
#include "internal.h"

/* of one statement */
enum { ROWS_MOST = 512 };

/* A name as it was given for a post, and the key that it has in any case and form. */
struct tag_name {
	const char *name, *key;
	int64_t post_id;
	size_t place; /* among all that were given */
	struct named_tag *tag;
};

/* Each key once. */
struct named_tag {
	const char *name, *key;
	int64_t id; /* 0: not known yet */
};

struct tagging {
	struct ctx *c;
	struct tag_name *names; /* by key */
	size_t name_count;
	struct named_tag *tags; /* by key */
	size_t tag_count;
};

/* ---- what was given ---- */

/* Of names with one key, the one that was given first stays first. */
static int names_compare(const void *a, const void *b)
{
	const struct tag_name *x = a, *y = b;
	int order = strcmp(x->key, y->key);
	return order ? order : (x->place > y->place) - (x->place < y->place);
}

/* A name of which nothing can be seen has no key: a fault. */
static enum app_err names_gather(struct tagging *t, const struct post_tagged *posts, size_t count)
{
	struct ctx *c = t->c;
	size_t all = 0;
	for (size_t i = 0; i < count; i++)
		all += posts[i].names->count;
	t->names = arena_raw(c->arena, all * sizeof(*t->names) + 1);
	for (size_t i = 0; i < count; i++) {
		const char *const *given = posts[i].names->items;
		for (size_t k = 0; k < posts[i].names->count; k++) {
			const char *key = text_fold(c->arena, given[k], strlen(given[k]), NULL);
			if (!*key)
				return schema_fault(c, "body", "tags",
						    "a tag needs a character that can be seen");
			t->names[t->name_count] = (struct tag_name){ .name = given[k],
								     .key = key,
								     .post_id = posts[i].post_id,
								     .place = t->name_count };
			t->name_count++;
		}
	}
	return APP_OK;
}

/* In one order for all, so that two writers with new tags never wait for each other in a circle. */
static void tags_gather(struct tagging *t)
{
	qsort(t->names, t->name_count, sizeof(*t->names), names_compare);
	t->tags = arena_raw(t->c->arena, t->name_count * sizeof(*t->tags) + 1);
	for (size_t i = 0; i < t->name_count; i++) {
		struct tag_name *name = &t->names[i];
		if (!i || !str_eq(name->key, t->names[i - 1].key))
			t->tags[t->tag_count++] = (struct named_tag){ name->name, name->key, 0 };
		name->tag = &t->tags[t->tag_count - 1];
	}
}

/* ---- statements of many rows ---- */

/* A power of two, so that there are few texts to prepare. */
static size_t rows_of(size_t left)
{
	size_t rows = 1;
	while (rows * 2 <= left && rows < ROWS_MOST)
		rows *= 2;
	return rows;
}

/* "head ($1, $2), ($3, $4) tail"; with one value a row "head $1, $2 tail". */
static const char *rows_text(struct ctx *c, const char *head, size_t rows, size_t values,
			     const char *tail)
{
	struct buf text;
	buf_init(&text, c->arena);
	buf_add_text(&text, head);
	for (size_t i = 0; i < rows * values; i++) {
		buf_add_text(&text, i ? ", " : "");
		buf_add_text(&text, values > 1 && i % values == 0 ? "(" : "");
		buf_printf(&text, "$%zu", i + 1);
		buf_add_text(&text, values > 1 && i % values == values - 1 ? ")" : "");
	}
	buf_add_text(&text, tail);
	return buf_text(&text);
}

static const char SQL_IDS[] = "SELECT name_key, id FROM tags WHERE name_key IN (";

static int tag_compare(const void *key, const void *tag)
{
	return strcmp(key, ((const struct named_tag *)tag)->key);
}

static enum app_err ids_read(struct tagging *t, struct db_binds keys)
{
	AUTO(db_rows) rows = { 0 };
	bool has_row = true;
	const char *sql = rows_text(t->c, SQL_IDS, keys.count, 1, ")");
	enum app_err err = db_query(t->c, sql, keys, &rows);
	while (!err && !(err = db_rows_next(&rows, &has_row)) && has_row) {
		struct named_tag *tag = bsearch(db_column_text(&rows, 0, NULL), t->tags,
						t->tag_count, sizeof(*t->tags), tag_compare);
		if (tag)
			tag->id = db_column_int(&rows, 1);
	}
	return err;
}

/* Nothing is changed where somebody else made the tag just now; who is making it is waited for. */
static const char SQL_NEW[] = "INSERT INTO tags (name, name_key) VALUES ";
static const char SQL_UNLESS_THERE[] = " ON CONFLICT (name_key) DO NOTHING";

/* The tags that have no id yet, as bound values: of each its name, too, if that is wanted. */
static struct db_binds unknown_binds(const struct tagging *t, bool with_name)
{
	struct db_value *values = arena_raw(t->c->arena, t->tag_count * 2 * sizeof(*values) + 1);
	size_t count = 0;
	for (size_t i = 0; i < t->tag_count; i++) {
		const struct named_tag *tag = &t->tags[i];
		if (tag->id)
			continue;
		if (with_name)
			values[count++] = db_bind_text(tag->name);
		values[count++] = db_bind_text(tag->key);
	}
	return (struct db_binds){ values, count };
}

static enum app_err ids_find(struct tagging *t)
{
	struct db_binds all = unknown_binds(t, false);
	enum app_err err = APP_OK;
	for (size_t at = 0, rows; !err && at < all.count; at += rows) {
		rows = rows_of(all.count - at);
		err = ids_read(t, (struct db_binds){ all.values + at, rows });
	}
	return err;
}

/* Inserts rows of two values each. */
static enum app_err pairs_insert(struct ctx *c, const char *head, struct db_binds all,
				 const char *tail)
{
	enum app_err err = APP_OK;
	for (size_t at = 0, rows; !err && at < all.count; at += rows * 2) {
		rows = rows_of((all.count - at) / 2);
		err = db_exec(c, rows_text(c, head, rows, 2, tail),
			      (struct db_binds){ all.values + at, rows * 2 }, NULL);
	}
	return err;
}

/* Looked for first: an insert, even one that finds the tag there, draws an id. */
static enum app_err tags_make(struct tagging *t)
{
	enum app_err err = ids_find(t);
	struct db_binds unknown = unknown_binds(t, true);
	if (err || !unknown.count)
		return err;
	err = pairs_insert(t->c, SQL_NEW, unknown, SQL_UNLESS_THERE);
	return err ? err : ids_find(t);
}

static const char SQL_LINK[] = "INSERT INTO post_tags (post_id, tag_id) VALUES ";
static const char SQL_UNLESS_LINKED[] = " ON CONFLICT DO NOTHING";

static enum app_err links_make(const struct tagging *t)
{
	struct db_value *values = arena_raw(t->c->arena, t->name_count * 2 * sizeof(*values) + 1);
	for (size_t i = 0; i < t->name_count; i++) {
		values[2 * i] = db_bind_int(t->names[i].post_id);
		values[2 * i + 1] = db_bind_int(t->names[i].tag->id);
	}
	return pairs_insert(t->c, SQL_LINK, (struct db_binds){ values, t->name_count * 2 },
			    SQL_UNLESS_LINKED);
}

enum app_err post_tags_add(struct ctx *c, const struct post_tagged *posts, size_t count)
{
	struct tagging t = { .c = c };
	enum app_err err = names_gather(&t, posts, count);
	if (err)
		return err;
	tags_gather(&t);
	err = tags_make(&t);
	return err ? err : links_make(&t);
}

static const char SQL_UNLINK[] = "DELETE FROM post_tags WHERE post_id = $1";

enum app_err post_tags_replace(struct ctx *c, int64_t post_id, const struct array *names)
{
	enum app_err err = db_exec(c, SQL_UNLINK, BIND(post_id), NULL);
	return err ? err : post_tags_add(c, &(struct post_tagged){ post_id, names }, 1);
}
