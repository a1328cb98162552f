/*
 * The field tables of posts, and the models: they check input, shape output, name columns, say what
 * lists may be sorted and filtered by, and make the documents.
 */
#include "internal.h"
#include "modules/users.h"

static const char *const statuses[] = CHOICES("draft", "published", "archived");

/* A rule that two inputs share is written once, so that it cannot drift apart. */
#define TITLE_RULES .min_len = 1, .max_len = 200
#define CONTENT_RULES .max_len = 20000
#define STATUS_RULES .choices = statuses
#define CONTROLS "\\x00-\\x1f\\x7f-\\x9f\\u2028\\u2029"
#define TAGS_RULES \
	.item_type = FIELD_TEXT, .max_len = POST_TAGS_MAX, .item_max_len = 50, \
	.pattern = "^[^\\s" CONTROLS "]([^" CONTROLS "]*[^\\s" CONTROLS "])?$"
#define POST_ID_RULES .in = IN_PATH, .required = true, .doc = "Id of the post"

/* ---- rows ---- */

SCHEMA(post_author,
	FIELD(struct post_author, id, .required = true),
	FIELD(struct post_author, username, .required = true, .example = "\"ada\""));

SCHEMA(tag,
	FIELD(struct tag, id, .required = true),
	FIELD(struct tag, name, .required = true, .example = "\"engines\""));

static const struct model tag_model = { .name = "tag", .table = "tags", .row = &tag_schema };

static const struct relation author_of_post = {
	.kind = BELONGS_TO,
	.model = &user_model,
	.key = "author_id",
};

static const struct relation tags_of_post = {
	.kind = MANY_TO_MANY,
	.model = &tag_model,
	.through = "post_tags",
	.through_ours = "post_id",
	.through_theirs = "tag_id",
};

SCHEMA(post,
	FIELD(struct post, id, .required = true, .sort = true, .filter = FILTER_EQ | FILTER_IN),
	FIELD(struct post, title, .required = true, .sort = true, .filter = FILTER_TEXT,
	      .search = true, .folded = "title_folded", .example = "\"Notes by the translator\""),
	FIELD(struct post, content, .required = true, .search = true),
	FIELD(struct post, status, .required = true, .filter = FILTER_EQ | FILTER_IN, STATUS_RULES),
	FIELD(struct post, author_id, .required = true, .filter = FILTER_EQ | FILTER_IN),
	FIELD(struct post, author, .required = true, .object = &post_author_schema,
	      .relation = &author_of_post),
	FIELD(struct post, tags, .object = &tag_schema, .relation = &tags_of_post),
	FIELD(struct post, published_at, .required = true, .nullable = true,
	      .filter = FILTER_RANGE | FILTER_NULL, .doc = "When it was published first"),
	FIELD(struct post, created_at, .required = true, .sort = true, .filter = FILTER_RANGE),
	FIELD(struct post, updated_at, .required = true, .sort = true, .filter = FILTER_RANGE));

PAGE_SCHEMA(post);

const struct model post_model = {
	.name = "post",
	.table = "posts",
	.row = &post_schema,
	.soft_delete = true,
	.timestamps = true,
	.fts_table = "posts_fts",
	.fts_column = "search",
};

const struct model *const posts_models[] = MODELS(&post_model, &tag_model);

/* ---- inputs ---- */

SCHEMA(post_ref, FIELD(struct post_ref, post_id, POST_ID_RULES));

SCHEMA(post_list, LIST_FIELD(struct post_list, list, &post_schema));

SCHEMA(post_by_user,
	FIELD(struct post_by_user, user_id, .in = IN_PATH, .required = true,
	      .doc = "Id of the author"),
	LIST_FIELD(struct post_by_user, list, &post_schema));

SCHEMA(post_create,
	FIELD(struct post_create, title, .required = true, TITLE_RULES, .doc = "Headline",
	      .example = "\"Notes by the translator\""),
	FIELD(struct post_create, content, CONTENT_RULES, .preset = ""),
	FIELD(struct post_create, status, STATUS_RULES, .preset = "draft"),
	FIELD(struct post_create, tags, TAGS_RULES,
	      .doc = "Names, each with a character that can be seen; new ones become tags",
	      .example = "[\"engines\"]"),
	FIELD(struct post_create, author_id, .in = NOT_INPUT),
	FIELD(struct post_create, published_at, .in = NOT_INPUT));

SCHEMA(post_update,
	FIELD(struct post_update, post_id, POST_ID_RULES),
	IF_MATCH_FIELD(struct post_update),
	FIELD(struct post_update, title, TITLE_RULES),
	FIELD(struct post_update, content, CONTENT_RULES),
	FIELD(struct post_update, status, STATUS_RULES),
	FIELD(struct post_update, tags, TAGS_RULES, .doc = "Names: the post has these, no others"),
	FIELD(struct post_update, published_at, .in = NOT_INPUT));

SCHEMA(post_delete,
	FIELD(struct post_delete, post_id, POST_ID_RULES),
	IF_MATCH_FIELD(struct post_delete));

SCHEMA(post_batch,
	FIELD(struct post_batch, items, .required = true, .object = &post_create_schema,
	      .min_len = 1, .max_len = POST_BATCH_MAX));

SCHEMA(post_batch_done,
	FIELD(struct post_batch_done, ids, .required = true, .item_type = FIELD_INT,
	      .doc = "Ids of the new posts, in the order of the items"),
	FIELD(struct post_batch_done, count, .required = true, MIN(1)));
