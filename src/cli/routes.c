/*
 * `croft routes [--access] [--json]`: the modules' routes in each version that has them, printed;
 * with --access by who may. The table is as wide as its longest cells.
 */
#include "core/route.h"

#include <string.h>
#include <unistd.h>

#include "app/modules.h"
#include "base/arena.h"
#include "base/buf.h"
#include "cli.h"
#include "core/app.h"
#include "core/db.h"
#include "core/json.h"
#include "core/module.h"
#include "core/op.h"
#include "core/router.h"
#include "modules/roles.h"

enum cell {
	METHOD,
	PATH,
	OPERATION,
	ACCESS,
	PERMISSION_OF,
	PROVEN,
	ROLES,
	STATUS,
	VERSION,
	MOUNT,
	CELLS,
};

/* By enum cell: the head of the table, and the name in JSON. */
static const char *const column_names[CELLS] = {
	"METHOD", "PATH",  "OPERATION", "ACCESS",  "PERMISSION",
	"PROVEN", "ROLES", "STATUS",    "VERSION", "MOUNT",
};
static const char *const member_names[CELLS] = {
	"method",   "path",  "operation", "access",  "permission",
	"proven_s", "roles", "status",    "version", "mount",
};
static const char *const access_names[] = {
	[ACCESS_DENY] = "nobody",
	[ACCESS_PUBLIC] = "public",
	[ACCESS_USER] = "user",
	[ACCESS_SUPERUSER] = "superuser",
};

struct row {
	const char *cells[CELLS];
};

/* What is printed. */
struct view {
	struct arena *arena;
	const struct router *router;
	/* Of struct role_summary; empty: nobody asks. */
	struct array roles;
	const enum cell *cells;
	int count;
};

static const enum cell plain_cells[] = { METHOD, PATH, OPERATION, ACCESS, STATUS, VERSION, MOUNT };
static const enum cell access_cells[] = { METHOD,        PATH,   OPERATION, ACCESS,
					  PERMISSION_OF, PROVEN, ROLES };

static const char *number_text(struct arena *arena, int64_t number)
{
	return number ? arena_printf(arena, "%lld", (long long)number) : "-";
}

/* Those that have the permission; NULL: it asks for none. */
static const char *roles_text(const struct view *view, const struct permission *permission)
{
	const struct role_summary *role = view->roles.items;
	struct buf out;
	buf_init(&out, view->arena);
	for (size_t i = 0; permission && i < view->roles.count; i++)
		if (role_summary_has(&role[i], permission->name))
			buf_printf(&out, "%s%s", out.len ? " " : "", role[i].name);
	return out.len ? buf_text(&out) : "-";
}

static struct row row_of(const struct view *view, const struct router_entry *entry)
{
	const struct route *route = entry->route;
	const struct permission *permission = route_permission(route);
	return (struct row){ {
		[METHOD] = route_method_name(route->method),
		[PATH] = entry->path,
		[OPERATION] = route->op ? route->op->name : "-",
		[ACCESS] = access_names[route_access(route)],
		[PERMISSION_OF] = permission ? permission->name : "-",
		[PROVEN] = number_text(view->arena, route_proven_s(route)),
		[ROLES] = roles_text(view, permission),
		[STATUS] = arena_printf(view->arena, "%d", route_status(route)),
		[VERSION] = number_text(view->arena, entry->version),
		[MOUNT] = entry->module->mount ? entry->module->mount : "-",
	} };
}

/* Calls print() for every route, in the order of the tables. */
static void each_row(const struct view *view,
		     void (*print)(const struct view *view, const struct row *row, void *arg),
		     void *arg)
{
	size_t count;
	const struct router_entry *entries = router_entries(view->router, &count);
	for (size_t i = 0; i < count; i++) {
		struct row row = row_of(view, &entries[i]);
		print(view, &row, arg);
	}
}

/* ---- as a table ---- */

struct table {
	size_t widths[CELLS];
	struct buf out;
};

static void table_measure(const struct view *view, const struct row *row, void *arg)
{
	(void)view;
	struct table *table = arg;
	for (int i = 0; i < CELLS; i++) {
		size_t len = strlen(row->cells[i]);
		if (len > table->widths[i])
			table->widths[i] = len;
	}
}

static void table_print(const struct view *view, const struct row *row, void *arg)
{
	struct table *table = arg;
	const enum cell *cell = view->cells;
	for (int i = 0; i < view->count - 1; i++)
		buf_printf(&table->out, "%-*s  ", (int)table->widths[cell[i]], row->cells[cell[i]]);
	buf_printf(&table->out, "%s\n", row->cells[cell[view->count - 1]]);
}

static void routes_table(const struct view *view)
{
	struct table table = { 0 };
	struct row head;
	memcpy(head.cells, column_names, sizeof(head.cells));
	buf_init(&table.out, view->arena);
	table_measure(view, &head, &table);
	each_row(view, table_measure, &table);
	table_print(view, &head, &table);
	each_row(view, table_print, &table);
	cli_print(&table.out);
}

/* ---- as JSON ---- */

/* Names hold no blanks. */
static void list_add(const char *names, struct buf *out)
{
	buf_add_char(out, '[');
	for (size_t len; (len = strcspn(names, " ")); names += len + (names[len] == ' ')) {
		json_add_text(out, names, len);
		if (names[len])
			buf_add_char(out, ',');
	}
	buf_add_char(out, ']');
}

static void value_add(enum cell cell, const char *text, struct buf *out)
{
	bool is_none = strcmp(text, "-") == 0;
	if (cell == ROLES)
		list_add(is_none ? "" : text, out);
	else if (is_none)
		buf_add_lit(out, "null");
	else if (cell == STATUS || cell == VERSION || cell == PROVEN)
		buf_add_text(out, text);
	else
		json_add_text(out, text, strlen(text));
}

static void object_print(const struct view *view, const struct row *row, void *arg)
{
	struct buf *out = arg;
	buf_add_text(out, out->len > 1 ? ",\n" : "\n");
	for (int i = 0; i < view->count; i++) {
		enum cell cell = view->cells[i];
		buf_printf(out, "%s\"%s\":", i ? "," : "{", member_names[cell]);
		value_add(cell, row->cells[cell], out);
	}
	buf_add_char(out, '}');
}

static void routes_json(const struct view *view)
{
	struct buf out;
	buf_init(&out, view->arena);
	buf_add_char(&out, '[');
	each_row(view, object_print, &out);
	buf_add_lit(&out, "\n]\n");
	cli_print(&out);
}

/* ---- the command ---- */

static int routes_print(struct ctx *c, struct view *view, bool json)
{
	struct router *router;
	enum app_err err = router_new(c, app_modules, &router);
	if (err)
		return cli_failure(c, err, "the routes");
	view->router = router;
	if (json)
		routes_json(view);
	else
		routes_table(view);
	router_drop(router);
	return CLI_OK;
}

/* Needs nothing but the tables of the modules. */
static int run_plain(bool json)
{
	AUTO(arena) arena = { 0 };
	struct ctx c;
	struct view view = { .arena = &arena,
			     .cells = plain_cells,
			     .count = COUNT_OF(plain_cells) };
	ctx_init(&c, NULL, &arena);
	return routes_print(&c, &view, json);
}

static int run_access(struct boot *boot, void *arg)
{
	const bool *json = arg;
	struct ctx *c = boot_ctx(boot);
	struct view view = { .arena = c->arena,
			     .cells = access_cells,
			     .count = COUNT_OF(access_cells) };
	c->reads_primary = true;
	enum app_err err = roles_summaries(c, &view.roles);
	return err ? cli_failure(c, err, "the roles") : routes_print(c, &view, *json);
}

/* A file that is not there is not made for a look. */
static int find_database(struct boot *boot, void *arg)
{
	enum boot_level *level = arg;
	const char *path;
	switch (db_place_of(boot_database_url(boot), &path)) {
	case DB_PLACE_SERVER: *level = BOOT_DATABASE; break;
	case DB_PLACE_FILE: *level = access(path, F_OK) ? BOOT_CONFIG : BOOT_DATABASE; break;
	default: *level = BOOT_CONFIG;
	}
	return CLI_OK;
}

int cli_routes(struct cli *cli)
{
	bool json = false, by_access = false;
	enum boot_level level = BOOT_CONFIG;
	const struct cli_option options[] = { { .name = "--json", .flag = &json },
					      { .name = "--access", .flag = &by_access },
					      { 0 } };
	int code = cli_take_options(cli, options, false);
	if (!code)
		code = cli_check_arguments(cli, 0);
	if (code)
		return code;
	if (!by_access)
		return run_plain(json);
	code = cli_with_boot(cli, BOOT_CONFIG, find_database, &level);
	return code ? code : cli_with_boot(cli, level, run_access, &json);
}
