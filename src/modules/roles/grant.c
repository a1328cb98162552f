/*
 * What the permissions of roles come to: the set that an account has by its roles, and whether
 * somebody has as much as what he gives away.
 */
#include <string.h>

#include "base/arena.h"
#include "base/str.h"
#include "core/app.h"
#include "internal.h"

/* ---- one role ---- */

const char *role_list_next(const char **list, size_t *ret_len)
{
	const char *name = *list + strspn(*list, " ");
	*ret_len = strcspn(name, " ");
	*list = name + *ret_len;
	return *ret_len ? name : NULL;
}

bool role_names_one(const char *list, const char *name)
{
	size_t len = strlen(name);
	for (const char *at = list; (at = strstr(at, name)); at++)
		if ((at == list || at[-1] == ' ') && (!at[len] || at[len] == ' '))
			return true;
	return false;
}

bool role_summary_has(const struct role_summary *role, const char *permission)
{
	return str_eq(role->permissions, "*") || role_names_one(role->permissions, permission);
}

static void set_add(struct permission_set *set, const struct permission *permission)
{
	unsigned bit = *permission->number - 1U;
	if (bit < PERMISSIONS_MAX)
		set->bits[bit / 64] |= (uint64_t)1 << (bit % 64);
}

/* "*" is each there may ever be. */
static void grant_add_one(struct ctx *c, struct role_grant *grant, const char *name)
{
	if (str_eq(name, "*")) {
		memset(&grant->set, 0xff, sizeof(grant->set));
		return;
	}
	const struct permission *found = module_find_permission(c->app->modules, name);
	if (found)
		set_add(&grant->set, found);
	else
		grant->has_unknown = true;
}

void role_grant_add(struct ctx *c, struct role_grant *grant, const char *permissions)
{
	size_t len;
	for (const char *name; (name = role_list_next(&permissions, &len));)
		grant_add_one(c, grant, arena_strndup(c->arena, name, len));
}

static bool has_all(const struct permission_set *set)
{
	for (size_t i = 0; i < SET_WORDS; i++)
		if (~set->bits[i])
			return false;
	return true;
}

bool role_grant_within(const struct role_grant *grant, const struct actor *actor)
{
	if (actor->kind != ACTOR_USER || actor->is_superuser)
		return actor->kind != ACTOR_ANONYMOUS;
	for (size_t i = 0; i < SET_WORDS; i++)
		if (grant->set.bits[i] & ~actor->may.bits[i])
			return false;
	return !grant->has_unknown || has_all(&actor->may);
}

enum app_err role_check_within(struct ctx *c, const char *permissions)
{
	struct role_grant grant = { 0 };
	role_grant_add(c, &grant, permissions);
	if (role_grant_within(&grant, &c->actor))
		return APP_OK;
	return ctx_fail(c, APP_FORBIDDEN, "This role may do what you may not");
}

/* ---- those of an account ---- */

/* Rows and their state in one statement, so that they belong together. */
static const char SQL_SETS[] = "SELECT id, permissions, " ROLES_STATE " FROM roles";

static enum app_err sets_read(struct ctx *c, struct permission_set sets[ROLES_MAX],
			      int64_t *ret_state)
{
	AUTO(db_rows) rows = { 0 };
	bool has_row = false;
	enum app_err err = db_query(c, SQL_SETS, BIND(), &rows);
	while (!err && !(err = db_rows_next(&rows, &has_row)) && has_row) {
		struct role_grant grant = { 0 };
		int64_t id = db_column_int(&rows, 0);
		role_grant_add(c, &grant, db_column_text(&rows, 1, NULL));
		*ret_state = db_column_int(&rows, 2);
		if (id >= 1 && id <= ROLES_MAX)
			sets[id - 1] = grant.set;
	}
	return err;
}

static void sets_join(const struct permission_set sets[ROLES_MAX], int64_t bits,
		      struct permission_set *ret)
{
	for (int role = 0; role < ROLES_MAX; role++)
		for (size_t i = 0; i < SET_WORDS && (bits >> role & 1); i++)
			ret->bits[i] |= sets[role].bits[i];
}

enum app_err roles_permissions(struct ctx *c, int64_t bits, int64_t state,
			       struct permission_set *ret)
{
	*ret = (struct permission_set){ 0 };
	if (!bits || roles_recall(c, state, bits, ret))
		return APP_OK;
	struct permission_set sets[ROLES_MAX] = { 0 };
	int64_t read = 0;
	enum app_err err = sets_read(c, sets, &read);
	if (err)
		return err;
	if (read)
		roles_remember(c, read, sets);
	sets_join(sets, bits, ret);
	return APP_OK;
}
