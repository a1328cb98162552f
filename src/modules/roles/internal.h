/* What the files of the roles module share: rows, inputs, schemas, operations and rules. */
#ifndef CROFT_SRC_MODULES_ROLES_INTERNAL_H
#define CROFT_SRC_MODULES_ROLES_INTERNAL_H

#include "core/model.h"
#include "core/op.h"
#include "core/service.h"
#include "modules/roles.h"

/* ---- settings ---- */

struct role_options {
	/* names with blanks between */
	const char *new_accounts;
};
extern const struct option_group role_option_group;

/* ---- rows ---- */

struct role_row {
	/* from 1 to ROLES_MAX; its bit is the one before */
	int64_t id;
	const char *name;
	/* names with a blank between, or "*" */
	const char *permissions;
	struct instant created_at, updated_at;
};
extern const struct schema role_row_schema;
extern const struct model role_model;

/* What is stored of a role; ABSENT: it stays as it is. */
struct role_write {
	/* ABSENT in a change */
	struct maybe_int id;
	struct maybe_text name, permissions;
};
extern const struct schema role_write_schema;

/* All of them, of struct role_row, by id. */
enum app_err roles_read(struct ctx *c, struct array *ret) MUST_USE;
int64_t role_bit(const struct role_row *row);

/* ---- inputs and outputs ---- */

/* A role as the API shows it. */
struct role {
	int64_t id;
	const char *name;
	/* of const char * */
	struct array permissions;
	struct instant created_at, updated_at;
};

struct role_list {
	/* of struct role */
	struct array items;
};

struct role_permission {
	const char *name, *doc;
};

struct role_permission_list {
	/* of struct role_permission */
	struct array items;
};

struct role_ref {
	int64_t role_id;
};

struct role_create {
	const char *name;
	struct array permissions;
};

struct role_update {
	int64_t role_id;
	const char *if_match;
	struct maybe_text name;
	/* .items NULL: they stay */
	struct array permissions;
};

struct role_delete {
	int64_t role_id;
	const char *if_match;
};

extern const struct schema role_schema;
extern const struct schema role_list_schema;
extern const struct schema role_permission_list_schema;
extern const struct schema role_ref_schema;
extern const struct schema role_create_schema;
extern const struct schema role_update_schema;
extern const struct schema role_delete_schema;

void role_show(struct ctx *c, const struct role_row *row, struct role *ret);

/* ---- operations ---- */

extern const struct operation roles_get;
extern const struct route roles_routes[];

extern const struct permission roles_see;
extern const struct permission roles_manage;

/* ---- lists of names, as they are stored and set: with blanks between ---- */

/* The next name of the list, which goes on behind it then; NULL: there is none. */
const char *role_list_next(const char **list, size_t *ret_len);
/* Whether the name itself stands in the list, which may be "*". */
bool role_names_one(const char *list, const char *name);

/* ---- what a role lets one do ---- */

/* Words of a set of permissions. */
enum { SET_WORDS = sizeof(struct permission_set) / sizeof(uint64_t) };

struct role_grant {
	struct permission_set set;
	/* it names one that no module declares, which may be declared again one day */
	bool has_unknown;
};
/* Adds those of the list of names to it. */
void role_grant_add(struct ctx *c, struct role_grant *grant, const char *permissions);
/* Whether the actor has all that it grants. */
bool role_grant_within(const struct role_grant *grant, const struct actor *actor);
/* APP_FORBIDDEN unless the one who acts has all permissions of the list. */
enum app_err role_check_within(struct ctx *c, const char *permissions) MUST_USE;

/* ---- what is remembered ---- */

extern const struct service roles_memory_service;
/* Whether that state is remembered; *ret: what the bits grant then. */
bool roles_recall(struct ctx *c, int64_t state, int64_t bits, struct permission_set *ret);
/* The sets of all roles, by their bits, in that state. */
void roles_remember(struct ctx *c, int64_t state, const struct permission_set sets[ROLES_MAX]);

/* ---- their table as a whole ---- */

/* Inside a write that changed a role: what is remembered of the roles is old with its commit. */
enum app_err roles_touch(struct ctx *c) MUST_USE;

#endif
