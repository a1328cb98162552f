/* The tags of a post. Called by commands, inside their transaction; reading tags is post_model's. */
#include "internal.h"

/* The update changes nothing: it makes RETURNING give the id of a tag that is there already. */
static const char SQL_TAG[] = "INSERT INTO tags (name) VALUES ($1)"
			      " ON CONFLICT (lower(name)) DO UPDATE SET name = tags.name"
			      " RETURNING id";

static const char SQL_LINK[] = "INSERT INTO post_tags (post_id, tag_id) VALUES ($1, $2)"
			       " ON CONFLICT DO NOTHING";

enum app_err post_tags_add(struct ctx *c, int64_t post_id, const struct list *names)
{
	const char *const *name = names->items;
	for (size_t i = 0; i < names->count; i++) {
		int64_t tag_id;
		enum app_err err = model_int(c, SQL_TAG, BIND(name[i]), &tag_id);
		if (!err)
			err = db_exec(c, SQL_LINK, BIND(post_id, tag_id), NULL);
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
