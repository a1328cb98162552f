/*
 * A module as an author writes one whose rows belong to rows of another: comments below posts. The
 * example of docs/nested.md.
 */
#ifndef CROFT_TESTS_MODULES_COMMENTS_COMMENTS_H
#define CROFT_TESTS_MODULES_COMMENTS_COMMENTS_H

#include "core/list.h"
#include "core/model.h"
#include "core/module.h"
#include "modules/posts.h"
#include "modules/users.h"

/* ---- rows ---- */

struct commenter {
	int64_t id;
	const char *username;
};

struct comment {
	int64_t id, post_id, author_id;
	const struct commenter *author;
	const char *text;
	struct instant created_at, updated_at;
};

SCHEMA(commenter,
	FIELD(struct commenter, id, .required = true),
	FIELD(struct commenter, username, .required = true));

static const struct relation author_of_comment = {
	.kind = BELONGS_TO,
	.model = &user_model,
	.key = "author_id",
};

#define TEXT_RULES .required = true, .trim = true, .min_len = 1, .max_len = 2000

SCHEMA(comment,
	FIELD(struct comment, id, .required = true, .sort = true),
	FIELD(struct comment, post_id, .required = true),
	FIELD(struct comment, author_id, .required = true, .filter = FILTER_EQ),
	FIELD(struct comment, author, .required = true, .object = &commenter_schema,
	      .relation = &author_of_comment),
	FIELD(struct comment, text, TEXT_RULES),
	FIELD(struct comment, created_at, .required = true, .sort = true, .filter = FILTER_RANGE),
	FIELD(struct comment, updated_at, .required = true));
PAGE_SCHEMA(comment);

static const struct model comment_model = {
	.name = "comment",
	.table = "comments",
	.row = &comment_schema,
	.timestamps = true,
};

/* ---- inputs: the parent is in the path of each ---- */

#define POST_RULES .in = IN_PATH, .required = true, .doc = "Id of the post"
#define COMMENT_RULES .in = IN_PATH, .required = true, .doc = "Id of the comment"

struct comment_list {
	int64_t post_id;
	struct list_query list;
};
SCHEMA(comment_list,
	FIELD(struct comment_list, post_id, POST_RULES),
	LIST_FIELD(struct comment_list, list, &comment_schema));

struct comment_create {
	int64_t post_id;
	const char *text;

	int64_t author_id;
};
SCHEMA(comment_create,
	FIELD(struct comment_create, post_id, POST_RULES),
	FIELD(struct comment_create, text, TEXT_RULES),
	FIELD(struct comment_create, author_id, .in = NOT_INPUT));

struct comment_ref {
	int64_t post_id, comment_id;
};
SCHEMA(comment_ref,
	FIELD(struct comment_ref, post_id, POST_RULES),
	FIELD(struct comment_ref, comment_id, COMMENT_RULES));

/* ---- a post with its newest comments ---- */

struct comment_brief {
	int64_t id, author_id;
	const char *text;
};
SCHEMA(comment_brief,
	FIELD(struct comment_brief, id, .required = true),
	FIELD(struct comment_brief, author_id, .required = true),
	FIELD(struct comment_brief, text, .required = true));

struct thread {
	int64_t id;
	const char *title;
	struct array comments;
};

static const struct relation comments_of_post = {
	.kind = HAS_MANY,
	.model = &comment_model,
	.key = "post_id",
	.most = 2,
};

SCHEMA(thread,
	FIELD(struct thread, id, .required = true),
	FIELD(struct thread, title, .required = true),
	FIELD(struct thread, comments, .required = true, .object = &comment_brief_schema,
	      .relation = &comments_of_post));

static const struct model thread_model = {
	.name = "post",
	.table = "posts",
	.row = &thread_schema,
	.soft_delete = true,
};

struct thread_ref {
	int64_t post_id;
};
SCHEMA(thread_ref, FIELD(struct thread_ref, post_id, POST_RULES));

/* ---- which comments there are ---- */

/* Those of the post, if the actor sees that; else there is no such post. */
static enum app_err below_post(struct ctx *c, int64_t post_id, struct model_where *ret)
{
	struct post post;
	enum app_err err = post_find(c, post_id, &post);
	if (err)
		return err;
	*ret = (struct model_where){
		.sql = "post_id = $1",
		.binds = model_where_binds(c, BIND(post_id)),
	};
	return APP_OK;
}

static enum app_err comment_find(struct ctx *c, const struct comment_ref *in, struct comment *ret)
{
	struct model_where below;
	enum app_err err = below_post(c, in->post_id, &below);
	return err ? err : model_get_where(c, &comment_model, in->comment_id, &below, ret);
}

/* ---- operations ---- */

static enum app_err list_comments(struct ctx *c, const struct comment_list *in, struct page *ret)
{
	struct model_where below;
	enum app_err err = below_post(c, in->post_id, &below);
	return err ? err : model_list(c, &comment_model, &in->list, &below, ret);
}
OPERATION_FN(list_comments, struct comment_list, struct page)

static const struct operation comments_list = {
	.name = "comments.list",
	.summary = "List the comments on a post",
	.kind = QUERY,
	.access = ACCESS_USER,
	.in = &comment_list_schema,
	.out = &comment_page_schema,
	.fails_with = { APP_NOT_FOUND },
	RUN(list_comments),
};

static enum app_err get_comment(struct ctx *c, const struct comment_ref *in, struct comment *ret)
{
	enum app_err err = comment_find(c, in, ret);
	return err ? err : model_embed(c, &comment_model, ret);
}
OPERATION_FN(get_comment, struct comment_ref, struct comment)

static const struct operation comments_get = {
	.name = "comments.get",
	.summary = "Read a comment",
	.kind = QUERY,
	.access = ACCESS_USER,
	.in = &comment_ref_schema,
	.out = &comment_schema,
	RUN(get_comment),
};

/* The post stays as it is until the comment is there. */
static enum app_err create_comment(struct ctx *c, const struct comment_create *in,
				   struct comment *ret)
{
	struct post post;
	struct comment_create comment = *in;
	comment.author_id = c->actor.user_id;
	enum app_err err = post_find(c, in->post_id, &post);
	if (!err)
		err = model_insert(c, &comment_model, &comment_create_schema, &comment, ret);
	return err ? err : model_embed(c, &comment_model, ret);
}
OPERATION_FN(create_comment, struct comment_create, struct comment)

static const struct operation comments_create = {
	.name = "comments.create",
	.summary = "Comment on a post",
	.kind = COMMAND,
	.access = ACCESS_USER,
	.in = &comment_create_schema,
	.out = &comment_schema,
	RUN(create_comment),
};

static enum app_err delete_comment(struct ctx *c, const struct comment_ref *in, struct nothing *ret)
{
	struct comment comment;
	enum app_err err = comment_find(c, in, &comment);
	(void)ret;
	if (err)
		return err;
	if (!c->actor.is_superuser && c->actor.user_id != comment.author_id)
		return ctx_fail(c, APP_FORBIDDEN, "You may not delete this comment");
	return model_delete(c, &comment_model, comment.id, NULL);
}
OPERATION_FN(delete_comment, struct comment_ref, struct nothing)

static const struct operation comments_delete = {
	.name = "comments.delete",
	.summary = "Delete a comment",
	.kind = COMMAND,
	.access = ACCESS_USER,
	.in = &comment_ref_schema,
	.fails_with = { APP_FORBIDDEN },
	RUN(delete_comment),
};

static enum app_err get_thread(struct ctx *c, const struct thread_ref *in, struct thread *ret)
{
	struct post post;
	enum app_err err = post_find(c, in->post_id, &post);
	if (!err)
		err = model_get(c, &thread_model, in->post_id, ret);
	return err ? err : model_embed(c, &thread_model, ret);
}
OPERATION_FN(get_thread, struct thread_ref, struct thread)

static const struct operation comments_thread = {
	.name = "comments.thread",
	.summary = "Read a post with its newest comments",
	.kind = QUERY,
	.access = ACCESS_USER,
	.in = &thread_ref_schema,
	.out = &thread_schema,
	RUN(get_thread),
};

/* ---- the module ---- */

static const struct route comments_routes[] = ROUTES(
	{ GET, "/posts/{post_id}/comments", &comments_list, .status = 200 },
	{ POST, "/posts/{post_id}/comments", &comments_create, .status = 201 },
	{ GET, "/posts/{post_id}/comments/{comment_id}", &comments_get, .status = 200 },
	{ DELETE, "/posts/{post_id}/comments/{comment_id}", &comments_delete, .status = 204 },
	{ GET, "/posts/{post_id}/thread", &comments_thread, .status = 200 });
static const struct model *const comments_models[] = MODELS(&comment_model, &thread_model);

static const struct module comments_module = {
	.name = "comments",
	.doc = "Comments on posts.",
	.routes = comments_routes,
	.models = comments_models,
};

#endif
