/* Field tables of the roles module, and its model. */
#include "internal.h"

#define ROLE_NAME_RULES .min_len = 1, .max_len = ROLE_NAME_MAX, .pattern = "^[a-z][a-z0-9_.-]*$"
#define ROLE_PERMISSIONS_RULES \
	.item_type = FIELD_TEXT, .max_len = PERMISSIONS_MAX, .item_max_len = PERMISSION_NAME_MAX, \
	.doc = "Names of GET /permissions, or * for all that there are and will be", \
	.example = "[\"posts.read.any\"]"
#define ROLE_ID_RULES .in = IN_PATH, .required = true, .doc = "Id of the role"

SCHEMA(role_row,
	FIELD(struct role_row, id),
	FIELD(struct role_row, name),
	FIELD(struct role_row, permissions),
	FIELD(struct role_row, created_at),
	FIELD(struct role_row, updated_at));

const struct model role_model = {
	.name = "role",
	.table = "roles",
	.row = &role_row_schema,
	.timestamps = true,
};

SCHEMA(role_write,
	FIELD(struct role_write, id, .in = NOT_INPUT),
	FIELD(struct role_write, name, .in = NOT_INPUT),
	FIELD(struct role_write, permissions, .in = NOT_INPUT));

SCHEMA(role,
	FIELD(struct role, id, .required = true),
	FIELD(struct role, name, .required = true, .example = "\"editor\""),
	FIELD(struct role, permissions, .required = true, .item_type = FIELD_TEXT,
	      .example = "[\"posts.update.any\"]"),
	FIELD(struct role, created_at, .required = true),
	FIELD(struct role, updated_at, .required = true));

SCHEMA(role_list, FIELD(struct role_list, items, .required = true, .object = &role_schema));

SCHEMA(role_permission,
	FIELD(struct role_permission, name, .required = true),
	FIELD(struct role_permission, doc, .required = true));

SCHEMA(role_permission_list,
	FIELD(struct role_permission_list, items, .required = true,
	      .object = &role_permission_schema));

SCHEMA(role_ref, FIELD(struct role_ref, role_id, ROLE_ID_RULES));

SCHEMA(role_create,
	FIELD(struct role_create, name, .required = true, ROLE_NAME_RULES, .example = "\"editor\""),
	FIELD(struct role_create, permissions, .required = true, ROLE_PERMISSIONS_RULES));

SCHEMA(role_update,
	FIELD(struct role_update, role_id, ROLE_ID_RULES),
	IF_MATCH_FIELD(struct role_update),
	FIELD(struct role_update, name, ROLE_NAME_RULES),
	FIELD(struct role_update, permissions, ROLE_PERMISSIONS_RULES));

SCHEMA(role_delete,
	FIELD(struct role_delete, role_id, ROLE_ID_RULES),
	IF_MATCH_FIELD(struct role_delete));
