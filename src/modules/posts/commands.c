/*
 * Writes of the posts module. Each is a function that runs inside the transaction, and the
 * operation that names it. What the actor may not see is not found; what it may see but not change
 * is forbidden.
 */
#include <string.h>

#include "base/arena.h"
#include "base/str.h"
#include "internal.h"

/* ---- posts.create and posts.create_batch ---- */

/* Fills in what the client has no say in. */
static enum app_err post_complete(struct ctx *c, struct post_create *post)
{
	if (c->actor.kind != ACTOR_USER)
		return ctx_fail(c, APP_CONFLICT,
				"A post needs an author: sign in as a user to write one");
	post->author_id = c->actor.user_id;
	/* null said aloud: rows of a batch then have the same columns */
	bool published = str_eq(post->status, "published");
	post->published_at.is = published ? GIVEN : IS_NULL;
	post->published_at.value = published ? ctx_now(c) : (struct instant){ 0 };
	return APP_OK;
}

static enum app_err create_post(struct ctx *c, const struct post_create *in, struct post *ret)
{
	struct post_create post = *in;
	enum app_err err = post_complete(c, &post);
	if (!err)
		err = model_insert(c, &post_model, &post_create_schema, &post, ret);
	if (!err)
		err = post_tags_add(c, &(struct post_tagged){ ret->id, &post.tags }, 1);
	return err ? err : model_embed(c, &post_model, ret);
}

OPERATION_FN(create_post, struct post_create, struct post)

const struct operation posts_create = {
	.name = "posts.create",
	.summary = "Write a post",
	.doc = "You become its author.",
	.kind = COMMAND,
	.access = ACCESS_USER,
	.in = &post_create_schema,
	.out = &post_schema,
	RUN(create_post),
};

static enum app_err tag_all(struct ctx *c, const struct post_create *posts, const int64_t *ids,
			    size_t count)
{
	struct post_tagged *tagged = arena_raw(c->arena, count * sizeof(*tagged));
	for (size_t i = 0; i < count; i++)
		tagged[i] = (struct post_tagged){ ids[i], &posts[i].tags };
	return post_tags_add(c, tagged, count);
}

static enum app_err create_batch(struct ctx *c, const struct post_batch *in,
				 struct post_batch_done *ret)
{
	size_t count = in->items.count;
	struct post_create *posts = arena_raw(c->arena, count * sizeof(*posts));
	int64_t *ids = arena_raw(c->arena, count * sizeof(*ids));
	memcpy(posts, in->items.items, count * sizeof(*posts));
	enum app_err err = APP_OK;
	for (size_t i = 0; i < count && !err; i++)
		err = post_complete(c, &posts[i]);
	if (!err)
		err = model_insert_many(c, &post_model, &post_create_schema, "items",
					&(struct array){ .items = posts, .count = count }, ids);
	if (!err)
		err = tag_all(c, posts, ids, count);
	if (err)
		return err;
	ret->ids = (struct array){ .items = ids, .count = count };
	ret->count = (int64_t)count;
	return APP_OK;
}

OPERATION_FN(create_batch, struct post_batch, struct post_batch_done)

const struct operation posts_create_batch = {
	.name = "posts.create_batch",
	.summary = "Write many posts at once",
	.doc = "All or none: when one is refused, nothing is written and every faulty one is "
	       "named.",
	.kind = COMMAND,
	.access = ACCESS_USER,
	.in = &post_batch_schema,
	.out = &post_batch_done_schema,
	RUN(create_batch),
};

/* ---- posts.update ---- */

/* Of the actor, or of others with the permission to do that to theirs. */
static enum app_err find_to_change(struct ctx *c, int64_t id, const struct permission *any,
				   struct post *ret)
{
	enum app_err err = post_find(c, id, ret);
	if (err || post_is_own(&c->actor, ret->author_id) || actor_may(&c->actor, any))
		return err;
	return ctx_fail(c, APP_FORBIDDEN, "This post is another's: you lack the permission %s",
			any->name);
}

static enum app_err update_post(struct ctx *c, const struct post_update *in, struct post *ret)
{
	struct post before;
	enum app_err err = find_to_change(c, in->post_id, &posts_update_any, &before);
	if (err)
		return err;
	struct post_update post = *in;
	if (str_eq(post.status.value, "published") && before.published_at.is != GIVEN)
		post.published_at = (struct maybe_instant){ GIVEN, ctx_now(c) };
	/* Tags are no column, but a change of them is one of the post. */
	const struct model_match match = {
		.if_match = in->if_match,
		.before = &before,
		.touch = in->tags.items,
	};
	err = model_update(c, &post_model, in->post_id, &post_update_schema, &post, &match, ret);
	if (!err && in->tags.items)
		err = post_tags_replace(c, in->post_id, &in->tags);
	return err ? err : model_embed(c, &post_model, ret);
}

OPERATION_FN(update_post, struct post_update, struct post)

const struct operation posts_update = {
	.name = "posts.update",
	.summary = "Change a post",
	.doc = "Members that are absent stay as they are. For its author, and those with the "
	       "permission posts.update.any.",
	.kind = COMMAND,
	.access = ACCESS_USER,
	.in = &post_update_schema,
	.out = &post_schema,
	.fails_with = { APP_FORBIDDEN },
	RUN(update_post),
};

/* ---- posts.delete and posts.restore ---- */

static enum app_err delete_post(struct ctx *c, const struct post_delete *in, struct nothing *ret)
{
	(void)ret;
	struct post post;
	enum app_err err = find_to_change(c, in->post_id, &posts_delete_any, &post);
	if (err)
		return err;
	return model_delete(c, &post_model, in->post_id,
			    &(struct model_match){ .if_match = in->if_match, .before = &post });
}

OPERATION_FN(delete_post, struct post_delete, struct nothing)

const struct operation posts_delete = {
	.name = "posts.delete",
	.summary = "Delete a post",
	.doc = "It can be restored. For its author, and those with the permission "
	       "posts.delete.any.",
	.kind = COMMAND,
	.access = ACCESS_USER,
	.in = &post_delete_schema,
	.fails_with = { APP_FORBIDDEN },
	RUN(delete_post),
};

static enum app_err restore_post(struct ctx *c, const struct post_ref *in, struct post *ret)
{
	struct post deleted;
	enum app_err err = post_find_deleted(c, in->post_id, &deleted);
	if (!err)
		err = model_restore(c, &post_model, in->post_id, ret);
	return err ? err : model_embed(c, &post_model, ret);
}

OPERATION_FN(restore_post, struct post_ref, struct post)

const struct operation posts_restore = {
	.name = "posts.restore",
	.summary = "Bring a deleted post back",
	.doc = "For its author, and those with the permissions posts.read.any and "
	       "posts.delete.any.",
	.kind = COMMAND,
	.access = ACCESS_USER,
	.in = &post_ref_schema,
	.out = &post_schema,
	RUN(restore_post),
};
