/* Field tables of the keys module, and its model. */
#include "internal.h"
#include "modules/roles.h"
#include "modules/user_rules.h"

#define KEY_NAME_RULES \
	.min_len = 1, .max_len = 100, .pattern = ONE_LINE_PATTERN, .example = "\"deploy\""
#define KEY_ID_RULES .in = IN_PATH, .required = true, .doc = "Id of the key"

#define API_KEY_FIELDS(owner, at) \
	FIELD_AT(owner, at id, "id", .required = true), \
		FIELD_AT(owner, at user_id, "user_id", .required = true, \
			 .doc = "The account that it acts as"), \
		FIELD_AT(owner, at name, "name", .required = true, .example = "\"deploy\""), \
		FIELD_AT(owner, at roles, "roles", .required = true, .item_type = FIELD_TEXT, \
			 .not_column = true, .example = "[\"editor\"]", \
			 .doc = "Names of its roles: it may what these and the account's let it"), \
		FIELD_AT(owner, at role_bits, "role_bits", .unshown = true), \
		FIELD_AT(owner, at expires_at, "expires_at", .required = true, .nullable = true, \
			 .doc = "Null: it lives until it is deleted"), \
		FIELD_AT(owner, at last_used_at, "last_used_at", .required = true, \
			 .nullable = true, .doc = "Written once a minute; null: never"), \
		FIELD_AT(owner, at created_at, "created_at", .required = true), \
		FIELD_AT(owner, at updated_at, "updated_at", .required = true)

SCHEMA(api_key, API_KEY_FIELDS(struct api_key, ));

const struct model api_key_model = {
	.name = "API key",
	.table = "api_keys",
	.row = &api_key_schema,
	.timestamps = true,
};

SCHEMA(api_key_write,
	FIELD(struct api_key_write, user_id, .in = NOT_INPUT),
	FIELD(struct api_key_write, name, .in = NOT_INPUT),
	FIELD(struct api_key_write, hash, .in = NOT_INPUT, .secret = true),
	FIELD(struct api_key_write, role_bits, .in = NOT_INPUT),
	FIELD(struct api_key_write, expires_at, .in = NOT_INPUT));

SCHEMA(api_key_list,
	FIELD(struct api_key_list, items, .required = true, .object = &api_key_schema));

SCHEMA(api_key_made,
	API_KEY_FIELDS(struct api_key_made, row.),
	FIELD(struct api_key_made, key, .required = true,
	      .doc = "Shown this once. Send it as the header X-API-Key, or as Authorization: "
		     "Bearer …"));

static void create_check(struct arena *arena, void *value, struct check_faults *faults)
{
	(void)arena;
	const struct api_key_create *in = value;
	if (in->expires_at.is == GIVEN && in->expires_in_days.is == GIVEN)
		schema_check_fault(faults, "expires_in_days",
				   "give either expires_at or expires_in_days");
}

#define API_KEY_CREATE_FIELDS(owner, at) \
	FIELD_AT(owner, at name, "name", .required = true, KEY_NAME_RULES, \
		 .doc = "What it is for"), \
		FIELD_AT(owner, at roles, "roles", ROLE_NAMES_RULES, .example = "[\"editor\"]", \
			 .doc = "Names of roles of its account; none if absent"), \
		FIELD_AT(owner, at expires_at, "expires_at", .doc = "When it ends"), \
		FIELD_AT(owner, at expires_in_days, "expires_in_days", MIN(1), MAX(KEY_DAYS_MAX), \
			 .doc = "The same as so many times 24 hours from now")

SCHEMA_WITH(api_key_create, (.check = create_check),
	API_KEY_CREATE_FIELDS(struct api_key_create, ));

SCHEMA_WITH(api_key_create_of, (.check = create_check),
	API_KEY_CREATE_FIELDS(struct api_key_create_of, key.),
	FIELD(struct api_key_create_of, user_id, USER_ID_RULES));

SCHEMA(api_key_update,
	FIELD(struct api_key_update, key_id, KEY_ID_RULES),
	IF_MATCH_FIELD(struct api_key_update),
	FIELD(struct api_key_update, name, KEY_NAME_RULES));

SCHEMA(api_key_ref, FIELD(struct api_key_ref, key_id, KEY_ID_RULES));

SCHEMA(api_key_of,
	FIELD(struct api_key_of, user_id, USER_ID_RULES),
	FIELD(struct api_key_of, key_id, KEY_ID_RULES));

SCHEMA(api_key_owner, FIELD(struct api_key_owner, user_id, USER_ID_RULES));
