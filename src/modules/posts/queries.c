/*
 * Reads of the posts module. Everyone signed in sees what is published, authors also the rest of
 * their own, superusers everything; what a reader may not see is not found.
 */
#include "internal.h"

/* ---- posts.list ---- */

/*
 * post_may_see() as two conditions that no post meets both of, for actors that may not manage every
 * post.
 */
static const char SQL_PUBLISHED[] = "status = 'published'";
static const char SQL_OWN_UNPUBLISHED[] = "author_id = $1 AND status <> 'published'";

static enum app_err list_posts(struct ctx *c, const struct post_list *in, struct page *ret)
{
	const struct model_where visible = {
		.sql = SQL_PUBLISHED,
		.or_else = SQL_OWN_UNPUBLISHED,
		.binds = BIND(c->actor.user_id),
	};
	return model_list(c, &post_model, &in->list, post_may_manage(&c->actor) ? NULL : &visible,
			  ret);
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
	.run = list_posts_run,
};

/* ---- posts.by_user ---- */

static const char SQL_BY_USER[] = "author_id = $1";
static const char SQL_BY_USER_VISIBLE[] = "author_id = $1 AND status = 'published'";

static enum app_err list_by_user(struct ctx *c, const struct post_by_user *in, struct page *ret)
{
	const struct model_where theirs = {
		.sql = post_may_change(&c->actor, in->user_id) ? SQL_BY_USER : SQL_BY_USER_VISIBLE,
		.binds = BIND(in->user_id),
	};
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
	.run = list_by_user_run,
};

/* ---- posts.get ---- */

enum app_err post_find(struct ctx *c, int64_t id, struct post *ret)
{
	struct post post;
	enum app_err err = c->db ? model_get_to_change(c, &post_model, id, &post)
				 : model_get(c, &post_model, id, &post);
	if (err)
		return err;
	if (!post_may_see(&c->actor, &post))
		return ctx_fail(c, APP_NOT_FOUND, "Post not found");
	*ret = post;
	return APP_OK;
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
	.run = get_post_run,
};
