/*
 * A made-up module with one route of every kind, for test_document.c. Its operations are never run.
 */
#ifndef CROFT_TESTS_CORE_OPENAPI_POSTS_H
#define CROFT_TESTS_CORE_OPENAPI_POSTS_H

#include "base/ctx.h"
#include "core/module.h"
#include "core/op.h"
#include "core/route.h"
#include "core/schema.h"

struct author {
	int64_t id;
	const char *name;
};
SCHEMA(author,
	FIELD(struct author, id, .required = true),
	FIELD(struct author, name, .required = true));

struct post {
	int64_t id;
	struct instant updated_at;
	const char *title;
	const char *draft_key;
	struct author author;
};
SCHEMA(post,
	FIELD(struct post, id, .required = true),
	FIELD(struct post, updated_at, .required = true),
	FIELD(struct post, title, .required = true),
	FIELD(struct post, draft_key, .secret = true),
	FIELD(struct post, author, .required = true, .object = &author_schema));

struct post_page {
	struct array items;
	int64_t total;
};
SCHEMA(post_page,
	FIELD(struct post_page, items, .required = true, .object = &post_schema),
	FIELD(struct post_page, total, .required = true));

struct post_query {
	int64_t page;
	const char *q;
};
SCHEMA(post_query,
	FIELD(struct post_query, page, .in = IN_QUERY, .preset = "1", MIN(1), .doc = "Which page"),
	FIELD(struct post_query, q, .in = IN_QUERY, .required = true, .max_len = 50));

struct post_link {
	const char *url;
};
SCHEMA(post_link, FIELD(struct post_link, url, .required = true, .format = FORMAT_URI));

struct post_create {
	const char *title;
	struct array links;
};
SCHEMA(post_create,
	FIELD(struct post_create, title, .required = true, .max_len = 200),
	FIELD(struct post_create, links, .object = &post_link_schema));

struct post_update {
	int64_t post_id;
	const char *if_match;
	struct maybe_text title;
};
SCHEMA(post_update,
	FIELD(struct post_update, post_id, .in = IN_PATH, .required = true,
	      .doc = "Id of the post"),
	FIELD(struct post_update, if_match, .in = IN_HEADER),
	FIELD(struct post_update, title));

struct post_ref {
	int64_t post_id;
};
SCHEMA(post_ref,
	FIELD(struct post_ref, post_id, .in = IN_PATH, .required = true, .doc = "Id of the post"));

struct post_report {
	const char *reason;
	const char *mail;
};
SCHEMA(post_report,
	FIELD(struct post_report, reason, .in = IN_FORM, .required = true),
	FIELD(struct post_report, mail, .in = IN_FORM));

struct ping {
	const char *status;
};
SCHEMA(ping, FIELD(struct ping, status, .required = true));

static enum app_err answer_raw(struct ctx *c, struct http_exchange *x)
{
	(void)c, (void)x;
	return APP_OK;
}

static enum app_err run_never(struct ctx *c, void *in, void *ret)
{
	(void)c, (void)in, (void)ret;
	return APP_OK;
}

static int ping_status(const void *out)
{
	(void)out;
	return 503;
}

static int upsert_status(const void *out)
{
	(void)out;
	return 201;
}

static const struct operation posts_list = { .run = run_never,
					     .name = "posts.list",
					     .summary = "List posts",
					     .access = ACCESS_PUBLIC,
					     .in = &post_query_schema,
					     .out = &post_page_schema };
static const struct operation posts_create = { .run = run_never,
					       .name = "posts.create",
					       .summary = "Write a post",
					       .doc = "In \"Markdown\".",
					       .kind = COMMAND,
					       .access = ACCESS_USER,
					       .proven_s = 60,
					       .fails_with = { APP_FORBIDDEN },
					       .in = &post_create_schema,
					       .out = &post_schema };
static const struct operation posts_update = { .run = run_never,
					       .name = "posts.update",
					       .summary = "Change a post",
					       .fails_with = { APP_CONFLICT },
					       .kind = COMMAND,
					       .access = ACCESS_USER,
					       .in = &post_update_schema,
					       .out = &post_schema };
static const struct operation posts_delete = { .run = run_never,
					       .name = "posts.delete",
					       .summary = "Delete a post",
					       .kind = COMMAND,
					       .access = ACCESS_SUPERUSER,
					       .in = &post_ref_schema };
static const struct operation posts_report = { .run = run_never,
					       .name = "posts.report",
					       .summary = "Report a post",
					       .kind = COMMAND,
					       .access = ACCESS_PUBLIC,
					       .fails_with = { APP_FORBIDDEN },
					       .in = &post_report_schema };
static const struct operation posts_ping = { .run = run_never,
					     .name = "posts.ping",
					     .summary = "Ping",
					     .access = ACCESS_PUBLIC,
					     .out = &ping_schema };
static const struct operation posts_upsert = { .run = run_never,
					       .name = "posts.upsert",
					       .summary = "Write or change",
					       .kind = COMMAND,
					       .access = ACCESS_PUBLIC,
					       .in = &post_create_schema,
					       .out = &post_schema };
PERMISSION(posts_pinning, "posts.pin", "Pin posts");
static const struct operation posts_pin = { .run = run_never,
					    .name = "posts.pin",
					    .summary = "Pin a post",
					    .doc = "To the top.",
					    .kind = COMMAND,
					    .access = ACCESS_WITH(&posts_pinning) };
static const struct operation posts_secret = {
	.run = run_never, .name = "posts.secret", .summary = "Hidden", .access = ACCESS_PUBLIC
};

static const struct route posts_routes[] = {
	{ GET, "/posts", &posts_list, .status = 200 },
	{ PATCH, "/posts/{post_id}", &posts_update, .status = 200 },
	{ POST, "/posts", &posts_create, .status = 201 },
	{ PUT, "/posts/{post_id}", &posts_update, .status = 200 },
	{ DELETE, "/posts/{post_id}", &posts_delete, .status = 204 },
	{ POST, "/reports", &posts_report, .status = 204 },
	{ GET, "/ping", &posts_ping, .status_of = ping_status, .other_status = 503, .root = true },
	{ PUT, "/upsert", &posts_upsert, .status_of = upsert_status, .other_status = 201 },
	{ PUT, "/pin", &posts_pin, .status = 204 },
	{ PUT, "/pin/loudly", &posts_pin, .status = 204, .oauth_errors = true },
	{ GET, "/feed/{name}", .handle = answer_raw, .access = ACCESS_PUBLIC, .root = true },
	{ GET, "/moved", .handle = answer_raw, .status = 308, .access = ACCESS_PUBLIC,
	  .root = true },
	{ GET, "/secret", &posts_secret, .hidden = true },
	{ 0 },
};

static const struct route other_routes[] = { { GET, "/other", &posts_secret, .hidden = true },
					     { 0 } };

static const struct module posts_module = { .name = "posts",
					    .doc = "Texts & pictures.",
					    .routes = posts_routes };
static const struct module other_module = { .name = "other",
					    .doc = "Nothing to see.",
					    .routes = other_routes };
static const struct module bare_module = { .name = "bare" };
static const struct module *const modules[] = { &posts_module, &other_module, &bare_module, NULL };

#endif
