/* The tags of a post. Called by commands, inside their transaction; reading tags is post_model's. */
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/str.h"
#include "core/text.h"
#include "internal.h"

static const char SQL_TAG[] = "SELECT id FROM tags WHERE name_key = $1";

/* The update changes nothing: it makes RETURNING give the id of a tag that somebody else made just now. */
static const char SQL_NEW_TAG[] = "INSERT INTO tags (name, name_key) VALUES ($1, $2)"
				  " ON CONFLICT (name_key) DO UPDATE SET name = tags.name"
				  " RETURNING id";

/* A name as it was given, and the key that it has in any case and form. */
struct tag_name {
	const char *name, *key;
	size_t place; /* in the list that was given */
};

struct tag_names {
	struct tag_name *at;
	size_t count;
};

/* Looked for first, because the insert locks the tag for everyone until this transaction ends. */
static enum app_err tag_find(struct ctx *c, const struct tag_name *tag, int64_t *ret_id)
{
	enum app_err err = model_int(c, SQL_TAG, BIND(tag->key), ret_id);
	if (err != APP_NOT_FOUND)
		return err;
	return model_int(c, SQL_NEW_TAG, BIND(tag->name, tag->key), ret_id);
}

/* Of names with one key, the one that was given first stays first. */
static int names_compare(const void *a, const void *b)
{
	const struct tag_name *x = a, *y = b;
	int order = strcmp(x->key, y->key);
	return order ? order : (x->place > y->place) - (x->place < y->place);
}

/*
 * Each tag once, in one order for all, so that two writers with new tags never wait for each other in a circle. A name
 * of which nothing can be seen has no key: a fault.
 */
static enum app_err names_sort(struct ctx *c, const struct list *names, struct tag_names *ret)
{
	const char *const *given = names->items;
	struct tag_name *at = arena_raw(c->arena, names->count * sizeof(*at) + 1);
	for (size_t i = 0; i < names->count; i++) {
		const char *key = text_fold(c->arena, given[i], strlen(given[i]), NULL);
		at[i] = (struct tag_name){ given[i], key, i };
		if (!*key)
			return schema_fault(c, "body", "tags",
					    "a tag needs a character that can be seen");
	}
	qsort(at, names->count, sizeof(*at), names_compare);
	size_t count = 0;
	for (size_t i = 0; i < names->count; i++)
		if (!count || !str_eq(at[count - 1].key, at[i].key))
			at[count++] = at[i];
	*ret = (struct tag_names){ at, count };
	return APP_OK;
}

enum app_err post_tags_make(struct ctx *c, const struct list *names)
{
	struct tag_names tags;
	enum app_err err = names_sort(c, names, &tags);
	int64_t tag_id;
	for (size_t i = 0; !err && i < tags.count; i++)
		err = tag_find(c, &tags.at[i], &tag_id);
	return err;
}

static const char SQL_LINK[] = "INSERT INTO post_tags (post_id, tag_id) VALUES ($1, $2)"
			       " ON CONFLICT DO NOTHING";

enum app_err post_tags_add(struct ctx *c, int64_t post_id, const struct list *names)
{
	struct tag_names tags;
	enum app_err err = names_sort(c, names, &tags);
	int64_t tag_id;
	for (size_t i = 0; !err && i < tags.count; i++) {
		err = tag_find(c, &tags.at[i], &tag_id);
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
