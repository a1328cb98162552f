/*
 * Field tables of the users module: they check input, shape output, name columns and make the
 * documents. A rule that two inputs share is written once, in a macro, so that it cannot drift
 * apart.
 */
#include "import.h"
#include "internal.h"
#include "modules/posts.h"
#include "roles.h"

static const char *const kinds[] = CHOICES(USER_PERSON, USER_SERVICE);

#define USER_FIELDS(owner, at) \
	FIELD_AT(owner, at id, "id", .required = true, .sort = true, \
		 .filter = FILTER_EQ | FILTER_IN), \
		FIELD_AT(owner, at username, "username", .required = true, .sort = true, \
			 .filter = FILTER_TEXT, .search = true, .key = "username_key", \
			 .example = "\"ada\""), \
		FIELD_AT(owner, at email, "email", .required = true, .sort = true, \
			 .filter = FILTER_TEXT, .search = true, .key = "email_key", \
			 .example = "\"ada@example.com\""), \
		FIELD_AT(owner, at full_name, "full_name", .required = true, .nullable = true, \
			 .search = true, .folded = "full_name_folded"), \
		FIELD_AT(owner, at is_active, "is_active", .required = true, .sort = true, \
			 .filter = FILTER_EQ, .doc = "Whether the account may sign in"), \
		FIELD_AT(owner, at is_superuser, "is_superuser", .required = true, .sort = true, \
			 .filter = FILTER_EQ, .doc = "Whether it may manage the others"), \
		FIELD_AT(owner, at roles, "roles", .required = true, .item_type = FIELD_TEXT, \
			 .not_column = true, .doc = "Names of its roles", \
			 .example = "[\"member\"]"), \
		FIELD_AT(owner, at role_bits, "role_bits", .unshown = true), \
		FIELD_AT(owner, at created_at, "created_at", .required = true, .sort = true, \
			 .filter = FILTER_RANGE), \
		FIELD_AT(owner, at updated_at, "updated_at", .required = true), \
		FIELD_AT(owner, at kind, "kind", .required = true, .choices = kinds, \
			 .doc = "A service has API keys, and nothing to sign in with")

SCHEMA(user, USER_FIELDS(struct user, ));

SCHEMA(user_post,
	FIELD(struct user_post, id, .required = true),
	FIELD(struct user_post, title, .required = true),
	FIELD(struct user_post, status, .required = true),
	FIELD(struct user_post, created_at, .required = true));

static const struct relation posts_of_user = {
	.kind = HAS_MANY,
	.model = &post_model,
	.key = "author_id",
	.most = USER_POSTS_MAX,
};

SCHEMA(user_listed,
	USER_FIELDS(struct user_listed, user.),
	FIELD(struct user_listed, posts, .object = &user_post_schema, .relation = &posts_of_user,
	      .doc = "The newest ones that are not deleted, at most 20"));

PAGE_SCHEMA(user_listed);

const struct model user_model = {
	.name = "user",
	.table = "users",
	.row = &user_schema,
	.timestamps = true,
};

const struct model user_listed_model = {
	.name = "user",
	.table = "users",
	.row = &user_listed_schema,
	.timestamps = true,
};

SCHEMA(user_credentials,
	FIELD(struct user_credentials, id),
	FIELD(struct user_credentials, username),
	FIELD(struct user_credentials, email),
	FIELD(struct user_credentials, password_hash, .nullable = true, .secret = true),
	FIELD(struct user_credentials, is_active),
	FIELD(struct user_credentials, token_version),
	FIELD(struct user_credentials, is_superuser),
	FIELD(struct user_credentials, verified_at, .nullable = true),
	FIELD(struct user_credentials, kind));

const struct model user_credentials_model = {
	.name = "user",
	.table = "users",
	.row = &user_credentials_schema,
	.timestamps = true,
};

SCHEMA(user_list, LIST_FIELD(struct user_list, list, &user_listed_schema));

SCHEMA(user_recent,
	FIELD(struct user_recent, limit, .in = IN_QUERY, MIN(1), MAX(100),
	      .doc = "How many accounts at most: 10 unless said, with days 100"),
	FIELD(struct user_recent, days, .in = IN_QUERY, MIN(1), MAX(366),
	      .doc = "Only those created within so many times 24 hours"));

SCHEMA(user_recent_list,
	FIELD(struct user_recent_list, items, .required = true, .object = &user_schema));

SCHEMA(user_day,
	FIELD(struct user_day, day, .required = true, .doc = "In UTC"),
	FIELD(struct user_day, count, .required = true, MIN(0)));

SCHEMA(user_stats,
	FIELD(struct user_stats, total, .required = true, MIN(0)),
	FIELD(struct user_stats, active, .required = true, MIN(0), .doc = "Those that may sign in"),
	FIELD(struct user_stats, superusers, .required = true, MIN(0)),
	FIELD(struct user_stats, average_age_days, .required = true,
	      .doc = "Days since the accounts were created, on average; 0 without any"),
	FIELD(struct user_stats, new_7_days, .required = true, MIN(0),
	      .doc = "Created today (UTC) or on one of the six days before"),
	FIELD(struct user_stats, by_day, .required = true, .object = &user_day_schema,
	      .doc = "The same by day, today last"));

SCHEMA(user_ref, FIELD(struct user_ref, user_id, USER_ID_RULES));

SCHEMA(user_create,
	FIELD(struct user_create, username, .required = true, USERNAME_RULES, .example = "\"ada\""),
	FIELD(struct user_create, email, .required = true, EMAIL_RULES,
	      .example = "\"ada@example.com\""),
	FIELD(struct user_create, full_name, FULL_NAME_RULES),
	FIELD(struct user_create, password, PASSWORD_RULES, .not_column = true,
	      .doc = PASSWORD_WORDS ". Without one nobody can sign in until a superuser sets it"),
	FIELD(struct user_create, is_active, .preset = "true"),
	FIELD(struct user_create, is_superuser, .preset = "false"),
	FIELD(struct user_create, roles, ROLE_NAMES_RULES,
	      .doc = "Names of roles, which takes the permission roles.give; without it those of "
		     "the settings", .example = "[\"member\"]"),
	FIELD(struct user_create, password_hash, .in = NOT_INPUT, .secret = true),
	FIELD(struct user_create, token_version, .in = NOT_INPUT),
	FIELD(struct user_create, role_bits, .in = NOT_INPUT),
	FIELD(struct user_create, verified_at, .in = NOT_INPUT, .nullable = true));

SCHEMA(user_batch,
	FIELD(struct user_batch, items, .required = true, .object = &user_create_schema,
	      .min_len = 1, .max_len = USER_BATCH_MAX));

SCHEMA(user_delete,
	FIELD(struct user_delete, user_id, USER_ID_RULES),
	IF_MATCH_FIELD(struct user_delete));

SCHEMA(user_update,
	FIELD(struct user_update, user_id, USER_ID_RULES),
	IF_MATCH_FIELD(struct user_update),
	FIELD(struct user_update, username, USERNAME_RULES),
	FIELD(struct user_update, email, EMAIL_RULES),
	FIELD(struct user_update, full_name, FULL_NAME_RULES, .doc = "null clears it"),
	FIELD(struct user_update, password, PASSWORD_RULES, .not_column = true,
	      .doc = PASSWORD_WORDS ". Signs the account out everywhere"),
	FIELD(struct user_update, is_active, .doc = "false signs the account out everywhere"),
	FIELD(struct user_update, is_superuser),
	FIELD(struct user_update, password_hash, .in = NOT_INPUT, .secret = true),
	FIELD(struct user_update, token_version, .in = NOT_INPUT),
	FIELD(struct user_update, verified_at, .in = NOT_INPUT, .nullable = true));

SCHEMA(user_set_roles,
	FIELD(struct user_set_roles, user_id, USER_ID_RULES),
	IF_MATCH_FIELD(struct user_set_roles),
	FIELD(struct user_set_roles, roles, .required = true, ROLE_NAMES_RULES,
	      .doc = "Names of all its roles", .example = "[\"editor\"]"));

SCHEMA(user_write_roles, FIELD(struct user_write_roles, role_bits, .in = NOT_INPUT));

SCHEMA(user_update_me,
	IF_MATCH_FIELD(struct user_update_me),
	FIELD(struct user_update_me, full_name, FULL_NAME_RULES, .doc = "null clears it"));

SCHEMA(user_change_password,
	FIELD(struct user_change_password, current_password, CURRENT_PASSWORD_RULES),
	FIELD(struct user_change_password, new_password, .required = true, PASSWORD_RULES,
	      .doc = PASSWORD_WORDS ", and not the current one"));

SCHEMA(user_leave, FIELD(struct user_leave, current_password, CURRENT_PASSWORD_RULES));

SCHEMA(user_login, FIELD(struct user_login, login, LOGIN_RULES));

SCHEMA(user_set_password,
	FIELD(struct user_set_password, login, LOGIN_RULES),
	FIELD(struct user_set_password, password, .required = true, PASSWORD_RULES,
	      .doc = PASSWORD_WORDS));

SCHEMA(user_reset_password,
	FIELD(struct user_reset_password, user_id, USER_ID_RULES),
	FIELD(struct user_reset_password, password, .required = true, PASSWORD_RULES,
	      .doc = PASSWORD_WORDS));

SCHEMA_WITH(user_import, (.check = user_import_check),
	FIELD(struct user_import, username, .in = IN_FORM, .required = true, USERNAME_RULES),
	FIELD(struct user_import, email, .in = IN_FORM, .required = true, EMAIL_RULES),
	FIELD(struct user_import, full_name, .in = IN_FORM, FULL_NAME_RULES),
	FIELD(struct user_import, password_hash, .in = IN_FORM, .nullable = true, .secret = true,
	      .max_len = 255, CHECK(user_import_hash_check)),
	FIELD(struct user_import, password, .in = IN_FORM, .nullable = true, PASSWORD_RULES),
	FIELD(struct user_import, is_active, .in = IN_FORM, .preset = "true"),
	FIELD(struct user_import, is_superuser, .in = IN_FORM, .preset = "false"),
	FIELD(struct user_import, created_at, .in = IN_FORM, .nullable = true));
