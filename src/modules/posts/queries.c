/*
 * Reads of the posts module. Everyone signed in sees what is published, authors also the rest of
 * their own, and who has the permission posts.read.any everything; what a reader may not see is not
 * found.
 */
#include "internal.h"

/* ---- who sees which ---- */

#define PUBLISHED "status = 'published'"

/* No post meets both. */
static const char SQL_PUBLISHED[] = PUBLISHED;
static const char SQL_OWN_UNPUBLISHED[] = "author_id = $1 AND status <> 'published'";

void post_visible(struct ctx *c, struct model_where *ret)
{
	*ret = (struct model_where){ 0 };
	if (post_may_see_all(&c->actor))
		return;
	ret->sql = SQL_PUBLISHED;
	if (c->actor.kind != ACTOR_USER)
		return;
	ret->or_else = SQL_OWN_UNPUBLISHED;
	ret->binds = model_where_binds(c, BIND(c->actor.user_id));
}

/* The same of the posts of one author. */
static const char SQL_BY_USER[] = "author_id = $1";
static const char SQL_BY_USER_PUBLISHED[] = "author_id = $1 AND " PUBLISHED;

static void visible_by_user(struct ctx *c, int64_t author_id, struct model_where *ret)
{
	*ret = (struct model_where){
		.sql = post_may_see(&c->actor, author_id) ? SQL_BY_USER : SQL_BY_USER_PUBLISHED,
		.binds = model_where_binds(c, BIND(author_id)),
	};
}

/* Deleted ones are there for who may bring them back. */
static void own_with_deleted(struct ctx *c, struct model_where *ret)
{
	*ret = (struct model_where){ .with_deleted = true };
	if (post_may_restore_all(&c->actor))
		return;
	ret->sql = SQL_BY_USER;
	ret->binds = model_where_binds(c, BIND(c->actor.user_id));
}

/* ---- posts.list ---- */

static enum app_err list_posts(struct ctx *c, const struct post_list *in, struct page *ret)
{
	struct model_where visible;
	post_visible(c, &visible);
	return model_list(c, &post_model, &in->list, &visible, ret);
}

OPERATION_FN(list_posts, struct post_list, struct page)

const struct operation posts_list = {
	.name = "posts.list",
	.summary = "List the posts",
	.doc = "Those that are published, and your own. q finds posts with all its words in title "
	       "or content, each as the beginning of a word, in any case and order.",
	.kind = QUERY,
	.access = ACCESS_USER,
	.in = &post_list_schema,
	.out = &post_page_schema,
	RUN(list_posts),
};

/* ---- posts.by_user ---- */

static enum app_err list_by_user(struct ctx *c, const struct post_by_user *in, struct page *ret)
{
	struct model_where theirs;
	visible_by_user(c, in->user_id, &theirs);
	return model_list(c, &post_model, &in->list, &theirs, ret);
}

OPERATION_FN(list_by_user, struct post_by_user, struct page)

const struct operation posts_by_user = {
	.name = "posts.by_user",
	.summary = "List the posts of one author",
	.doc = "Those that are published; all of them when they are your own. An unknown author "
	       "has none.",
	.kind = QUERY,
	.access = ACCESS_USER,
	.in = &post_by_user_schema,
	.out = &post_page_schema,
	RUN(list_by_user),
};

/* ---- posts.get ---- */

enum app_err post_find(struct ctx *c, int64_t id, struct post *ret)
{
	struct model_where visible;
	post_visible(c, &visible);
	return model_get_where(c, &post_model, id, &visible, ret);
}

enum app_err post_find_deleted(struct ctx *c, int64_t id, struct post *ret)
{
	struct model_where own;
	own_with_deleted(c, &own);
	return model_get_where(c, &post_model, id, &own, ret);
}

static enum app_err get_post(struct ctx *c, const struct post_ref *in, struct post *ret)
{
	enum app_err err = post_find(c, in->post_id, ret);
	return err ? err : model_embed(c, &post_model, ret);
}

OPERATION_FN(get_post, struct post_ref, struct post)

const struct operation posts_get = {
	.name = "posts.get",
	.summary = "Read a post",
	.doc = "With its author and tags.",
	.kind = QUERY,
	.access = ACCESS_USER,
	.in = &post_ref_schema,
	.out = &post_schema,
	RUN(get_post),
};
