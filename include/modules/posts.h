/*
 * Posts with authors and tags: what other modules may use of the posts module. Everything else
 * about posts is its operations (posts.list, posts.create, …).
 */
#ifndef CROFT_MODULES_POSTS_H
#define CROFT_MODULES_POSTS_H

#include <stdint.h>

#include "base/attr.h"
#include "base/clock.h"
#include "base/ctx.h"
#include "core/model.h"
#include "core/module.h"
#include "core/permission.h"
#include "core/schema.h"

extern const struct module posts_module;

/* Lets one see the posts of others whatever their status. */
extern const struct permission posts_read_any;

/* The account that wrote a post, as far as readers may see it. */
struct post_author {
	int64_t id;
	const char *username;
};

struct tag {
	int64_t id;
	const char *name;
};

/* A post as the API shows it. Lists load author and tags only when include= names them. */
struct post {
	int64_t id;
	const char *title;
	const char *content;
	/* "draft", "published" or "archived". */
	const char *status;
	int64_t author_id;
	/* NULL: not loaded. */
	const struct post_author *author;
	/* Of struct tag. */
	struct array tags;
	/* When it was published first. */
	struct maybe_instant published_at;
	struct instant created_at, updated_at;
};
extern const struct schema post_schema;
extern const struct model post_model;

/*
 * The post, if the actor may see it; else APP_NOT_FOUND, as for a post that is not there. Inside a
 * write it stays as it is until that is done. So asks who keeps rows that belong to posts.
 */
enum app_err post_find(struct ctx *c, int64_t id, struct post *ret) MUST_USE;

#endif
