/* The tags of a post. Called by commands, inside their transaction; reading tags is post_model's. */
#include "internal.h"

static const char SQL_TAG[] = "SELECT id FROM tags WHERE lower(name) = lower($1)";

/*
 * For a tag that was not there. One that came meanwhile is updated with what it is, which makes RETURNING give its id;
 * doing so at once would lock every tag that posts share.
 */
static const char SQL_NEW_TAG[] = "INSERT INTO tags (name) VALUES ($1)"
				  " ON CONFLICT (lower(name)) DO UPDATE SET name = tags.name"
				  " RETURNING id";

static const char SQL_LINK[] = "INSERT INTO post_tags (post_id, tag_id) VALUES ($1, $2)"
			       " ON CONFLICT DO NOTHING";

static enum app_err tag_id(struct ctx *c, const char *name, int64_t *ret_id)
{
	enum app_err err = model_int(c, SQL_TAG, BIND(name), ret_id);
	return err == APP_NOT_FOUND ? model_int(c, SQL_NEW_TAG, BIND(name), ret_id) : err;
}

enum app_err post_tags_add(struct ctx *c, int64_t post_id, const struct list *names)
{
	const char *const *name = names->items;
	for (size_t i = 0; i < names->count; i++) {
		int64_t id;
		enum app_err err = tag_id(c, name[i], &id);
		if (!err)
			err = db_exec(c, SQL_LINK, BIND(post_id, id), NULL);
		if (err)
			return err;
	}
	return APP_OK;
}

static const char SQL_UNLINK[] = "DELETE FROM post_tags WHERE post_id = $1";

enum app_err post_tags_replace(struct ctx *c, int64_t post_id, const struct list *names)
{
	enum app_err err = db_exec(c, SQL_UNLINK, BIND(post_id), NULL);
	return err ? err : post_tags_add(c, post_id, names);
}
