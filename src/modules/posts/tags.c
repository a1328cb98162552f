/* The tags of a post. Called by commands, inside their transaction; reading tags is post_model's. */
#include <stdlib.h>
#include <strings.h>

#include "base/arena.h"
#include "internal.h"

static const char SQL_TAG[] = "SELECT id FROM tags WHERE lower(name) = lower($1)";

/* The update changes nothing: it makes RETURNING give the id of a tag that somebody else made just now. */
static const char SQL_NEW_TAG[] = "INSERT INTO tags (name) VALUES ($1)"
				  " ON CONFLICT (lower(name)) DO UPDATE SET name = tags.name"
				  " RETURNING id";

/* Looked for first, because the insert locks the tag for everyone until this transaction ends. */
static enum app_err tag_find(struct ctx *c, const char *name, int64_t *ret_id)
{
	enum app_err err = model_int(c, SQL_TAG, BIND(name), ret_id);
	return err == APP_NOT_FOUND ? model_int(c, SQL_NEW_TAG, BIND(name), ret_id) : err;
}

/* Of names that differ in case only, the one that was given first stays first. */
static int names_compare(const void *a, const void *b)
{
	const char *const *x = *(const char *const *const *)a;
	const char *const *y = *(const char *const *const *)b;
	int order = strcasecmp(*x, *y);
	return order ? order : (x > y) - (x < y);
}

/* In one order for all, so that two writers with new tags never wait for each other in a circle. */
static const char *const **names_sorted(struct ctx *c, const struct list *names)
{
	const char *const *name = names->items;
	const char *const **sorted = arena_raw(c->arena, names->count * sizeof(*sorted) + 1);
	for (size_t i = 0; i < names->count; i++)
		sorted[i] = &name[i];
	qsort(sorted, names->count, sizeof(*sorted), names_compare);
	return sorted;
}

enum app_err post_tags_make(struct ctx *c, const struct list *names)
{
	const char *const **sorted = names_sorted(c, names);
	enum app_err err = APP_OK;
	int64_t tag_id;
	for (size_t i = 0; i < names->count && !err; i++)
		if (!i || strcasecmp(*sorted[i - 1], *sorted[i]) != 0)
			err = tag_find(c, *sorted[i], &tag_id);
	return err;
}

static const char SQL_LINK[] = "INSERT INTO post_tags (post_id, tag_id) VALUES ($1, $2)"
			       " ON CONFLICT DO NOTHING";

enum app_err post_tags_add(struct ctx *c, int64_t post_id, const struct list *names)
{
	const char *const **sorted = names_sorted(c, names);
	enum app_err err = APP_OK;
	int64_t tag_id;
	for (size_t i = 0; i < names->count && !err; i++) {
		err = tag_find(c, *sorted[i], &tag_id);
		if (!err)
			err = db_exec(c, SQL_LINK, BIND(post_id, tag_id), NULL);
	}
	return err;
}

static const char SQL_UNLINK[] = "DELETE FROM post_tags WHERE post_id = $1";

enum app_err post_tags_replace(struct ctx *c, int64_t post_id, const struct list *names)
{
	enum app_err err = db_exec(c, SQL_UNLINK, BIND(post_id), NULL);
	return err ? err : post_tags_add(c, post_id, names);
}
