/*
 * The table of roles as a whole: reading it, its first rows, its state, and what of its rows
 * accounts hold.
 */
#include <string.h>

#include "base/arena.h"
#include "base/random.h"
#include "base/str.h"
#include "core/app.h"
#include "core/config.h"
#include "core/log.h"
#include "internal.h"

/* All who change roles, or decide by them who gets which, stand in one line. */
static const char LOCK_ROLES[] = "roles";

static const char SQL_ALL[] =
	"SELECT id, name, permissions, created_at, updated_at FROM roles ORDER BY id";

enum app_err roles_read(struct ctx *c, struct array *ret)
{
	return model_all(c, SQL_ALL, BIND(), &role_row_schema, ROLES_MAX, ret);
}

/* The one of that name, or NULL. */
static const struct role_row *role_named(const struct array *rows, const char *name)
{
	const struct role_row *row = rows->items;
	for (size_t i = 0; i < rows->count; i++)
		if (str_eq(row[i].name, name))
			return &row[i];
	return NULL;
}

int64_t role_bit(const struct role_row *row)
{
	return (int64_t)1 << (row->id - 1);
}

/* ---- state ---- */

static const char SQL_TOUCH[] = "INSERT INTO role_state (id, version) VALUES (1, $1)"
				" ON CONFLICT (id) DO UPDATE SET version = excluded.version";

/* Random, so that none comes twice: not of work that was undone, and not of a backup. */
enum app_err roles_touch(struct ctx *c)
{
	uint64_t bits;
	random_bytes(&bits, sizeof(bits));
	return db_exec(c, SQL_TOUCH, BIND((int64_t)(bits >> 2) + 1), NULL);
}

/* ---- the first roles ---- */

/* The ids are those that the migration knows. */
static const struct role_write first_roles[] = {
	{ { GIVEN, 1 }, { GIVEN, "admin" }, { GIVEN, "*" } },
	{ { GIVEN, 2 },
	  { GIVEN, "editor" },
	  { GIVEN, "posts.read.any posts.update.any posts.delete.any" } },
	{ { GIVEN, 3 }, { GIVEN, "member" }, { GIVEN, "" } },
};

static enum app_err is_begun(struct ctx *c, bool *ret)
{
	int64_t version = 0;
	enum app_err err = model_int(c, "SELECT " ROLES_STATE, BIND(), &version);
	*ret = version != 0;
	return err;
}

/* They are not what the operation is about that happens to be the first one. */
static enum app_err make_first(struct ctx *c)
{
	const struct touched before = c->touched;
	enum app_err err = APP_OK;
	struct role_row row;
	for (size_t i = 0; !err && i < COUNT_OF(first_roles); i++)
		err = model_insert(c, &role_model, &role_write_schema, &first_roles[i], &row);
	c->touched = before;
	return err ? err : roles_touch(c);
}

enum app_err roles_begin(struct ctx *c)
{
	bool begun = false;
	enum app_err err = db_lock(c, LOCK_ROLES);
	if (!err)
		err = is_begun(c, &begun);
	return err || begun ? err : make_first(c);
}

static enum app_err begin_run(struct ctx *c, void *arg)
{
	(void)arg;
	return roles_begin(c);
}

enum app_err roles_ensure_first(struct ctx *c)
{
	bool begun = false;
	enum app_err err = is_begun(c, &begun);
	return err || begun ? err : db_write(c, begin_run, NULL);
}

/* ---- an overview ---- */

/* Whether there are roles to read. */
static enum app_err has_rows(struct ctx *c, bool *ret)
{
	struct db_columns columns;
	*ret = false;
	if (!c->app->db)
		return APP_OK;
	enum app_err err = db_columns_read(c, role_model.table, &columns);
	return err || !columns.count ? err : is_begun(c, ret);
}

static void summaries_of_first(struct ctx *c, struct array *ret)
{
	struct role_summary *list = arena_zero(c->arena, sizeof(first_roles));
	for (size_t i = 0; i < COUNT_OF(first_roles); i++)
		list[i] = (struct role_summary){ first_roles[i].name.value,
						 first_roles[i].permissions.value };
	*ret = (struct array){ .items = list, .count = COUNT_OF(first_roles) };
}

enum app_err roles_summaries(struct ctx *c, struct array *ret)
{
	struct array rows;
	bool has = false;
	enum app_err err = has_rows(c, &has);
	if (!err && !has)
		summaries_of_first(c, ret);
	if (!err && has)
		err = roles_read(c, &rows);
	if (err || !has)
		return err;
	const struct role_row *row = rows.items;
	struct role_summary *list = arena_zero(c->arena, (rows.count + 1) * sizeof(*list));
	for (size_t i = 0; i < rows.count; i++)
		list[i] = (struct role_summary){ row[i].name, row[i].permissions };
	*ret = (struct array){ .items = list, .count = rows.count };
	return APP_OK;
}

/* ---- what accounts hold ---- */

enum app_err roles_find(struct ctx *c, const char *field, const struct array *names,
			int64_t *ret_bits)
{
	struct array rows;
	const char *const *name = names->items;
	int64_t bits = 0;
	enum app_err err = roles_read(c, &rows);
	for (size_t i = 0; !err && i < names->count; i++) {
		const struct role_row *row = role_named(&rows, name[i]);
		if (!row)
			return schema_fault(c, "body", field, "there is no role '%s'", name[i]);
		bits |= role_bit(row);
		err = role_check_within(c, row->permissions);
	}
	if (!err)
		*ret_bits = bits;
	return err;
}

/* One that is not there any more is told in the log, and keeps nobody out. */
enum app_err roles_of_new_accounts(struct ctx *c, int64_t *ret_bits)
{
	const struct role_options *options = config_group(c->app->config, &role_option_group);
	const char *list = options->new_accounts;
	struct array rows;
	size_t len;
	enum app_err err = roles_read(c, &rows);
	if (err)
		return err;
	*ret_bits = 0;
	for (const char *at; (at = role_list_next(&list, &len));) {
		const char *name = arena_strndup(c->arena, at, len);
		const struct role_row *row = role_named(&rows, name);
		if (row)
			*ret_bits |= role_bit(row);
		else
			log_warn(c, "new accounts do not get a role that is not there",
				 LOG_TEXT("role", name));
	}
	return APP_OK;
}

enum app_err roles_check_reach(struct ctx *c, int64_t bits)
{
	struct array rows;
	struct role_grant grant = { 0 };
	enum app_err err = roles_read(c, &rows);
	if (err)
		return err;
	const struct role_row *row = rows.items;
	for (size_t i = 0; i < rows.count; i++)
		if (bits & role_bit(&row[i]))
			role_grant_add(c, &grant, row[i].permissions);
	if (role_grant_within(&grant, &c->actor))
		return APP_OK;
	return ctx_fail(c, APP_FORBIDDEN, "This account may do what you may not");
}

enum app_err roles_names_read(struct ctx *c, struct role_names *ret)
{
	struct array rows;
	*ret = (struct role_names){ 0 };
	enum app_err err = roles_read(c, &rows);
	const struct role_row *row = rows.items;
	for (size_t i = 0; !err && i < rows.count; i++)
		ret->of[row[i].id - 1] = row[i].name;
	return err;
}

struct array roles_names(struct ctx *c, const struct role_names *names, int64_t bits)
{
	const char **list = arena_zero(c->arena, (ROLES_MAX + 1) * sizeof(*list));
	struct array ret = { .items = list };
	for (int i = 0; i < ROLES_MAX; i++)
		if ((bits >> i & 1) && names->of[i])
			list[ret.count++] = names->of[i];
	return ret;
}
