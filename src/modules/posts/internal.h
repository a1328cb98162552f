/* What the files of the posts module share: inputs, schemas, operations, look-ups and rules. */
#ifndef CROFT_SRC_MODULES_POSTS_INTERNAL_H
#define CROFT_SRC_MODULES_POSTS_INTERNAL_H

#include "base/attr.h"
#include "core/list.h"
#include "core/model.h"
#include "core/op.h"
#include "modules/posts.h"

/* ---- inputs and outputs: members after the blank line are filled in by the server ---- */

struct post_ref {
	int64_t post_id;
};

struct post_list {
	struct list_query list;
};

struct post_by_user {
	int64_t user_id;
	struct list_query list;
};

struct post_create {
	const char *title;
	const char *content;
	const char *status;
	/* of const char *: names */
	struct array tags;

	int64_t author_id;
	struct maybe_instant published_at;
};

struct post_update {
	int64_t post_id;
	const char *if_match;
	struct maybe_text title;
	struct maybe_text content;
	struct maybe_text status;
	/* .items NULL: they stay */
	struct array tags;

	struct maybe_instant published_at;
};

struct post_delete {
	int64_t post_id;
	const char *if_match;
};

enum { POST_BATCH_MAX = 1000, POST_TAGS_MAX = 20 };

struct post_batch {
	/* of struct post_create */
	struct array items;
};

struct post_batch_done {
	/* of int64_t, in the order of the items */
	struct array ids;
	int64_t count;
};

extern const struct schema post_page_schema;
extern const struct schema post_ref_schema;
extern const struct schema post_list_schema;
extern const struct schema post_by_user_schema;
extern const struct schema post_create_schema;
extern const struct schema post_update_schema;
extern const struct schema post_delete_schema;
extern const struct schema post_batch_schema;
extern const struct schema post_batch_done_schema;

extern const struct model *const posts_models[];

/* ---- permissions, beside that of modules/posts.h ---- */

extern const struct permission posts_update_any;
extern const struct permission posts_delete_any;

/* ---- operations ---- */

extern const struct operation posts_list;
extern const struct operation posts_by_user;
extern const struct operation posts_get;
extern const struct operation posts_create;
extern const struct operation posts_create_batch;
extern const struct operation posts_update;
extern const struct operation posts_delete;
extern const struct operation posts_restore;

extern const struct route posts_routes[];

/* ---- queries that commands use too ---- */

/* Which posts the actor may see; the others are for it as if they were not there. */
void post_visible(struct ctx *c, struct model_where *ret);
/* As post_find(), deleted or not, of posts that the actor may restore: nobody else sees those. */
enum app_err post_find_deleted(struct ctx *c, int64_t id, struct post *ret) MUST_USE;

/* ---- tags: only inside a write ---- */

/* A post and the names of its tags (const char *). */
struct post_tagged {
	int64_t post_id;
	const struct array *names;
};
/*
 * Gives the posts these tags too, in few statements however many there are; names that are new
 * become tags.
 */
enum app_err post_tags_add(struct ctx *c, const struct post_tagged *posts, size_t count) MUST_USE;
/* Gives the post these tags and no others. */
enum app_err post_tags_replace(struct ctx *c, int64_t post_id, const struct array *names) MUST_USE;

/* ---- policies ---- */

bool post_is_own(const struct actor *actor, int64_t author_id);
/* Whether it sees every post, and those of that author, whatever their status. */
bool post_may_see_all(const struct actor *actor);
bool post_may_see(const struct actor *actor, int64_t author_id);
/* Whether it sees deleted posts of others, to bring them back. */
bool post_may_restore_all(const struct actor *actor);

/* ---- made-up rows ---- */

struct seed_kind;
extern const struct seed_kind posts_seed;

#endif
