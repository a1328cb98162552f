/*
 * `croft routes [--json]`: the modules' routes in each version that has them, printed. The table is
 * as wide as its longest cells.
 */
#include <string.h>

#include "app/modules.h"
#include "base/arena.h"
#include "base/buf.h"
#include "cli.h"
#include "core/json.h"
#include "core/module.h"
#include "core/op.h"
#include "core/router.h"

enum { STATUS_CELL = 4, VERSION_CELL, CELLS = 7 };

static const char *const column_names[CELLS] = { "METHOD", "PATH",    "OPERATION", "ACCESS",
						 "STATUS", "VERSION", "MOUNT" };
static const char *const member_names[CELLS] = { "method", "path",    "operation", "access",
						 "status", "version", "mount" };
static const char *const access_names[] = {
	[ACCESS_DENY] = "nobody",
	[ACCESS_PUBLIC] = "public",
	[ACCESS_USER] = "user",
	[ACCESS_SUPERUSER] = "superuser",
};

struct row {
	const char *cells[CELLS];
};

static const char *version_text(struct arena *arena, int version)
{
	return version ? arena_printf(arena, "%d", version) : "-";
}

static struct row row_of(struct arena *arena, const struct router_entry *entry)
{
	const struct route *route = entry->route;
	return (struct row){ {
		route_method_name(route->method),
		entry->path,
		route->op ? route->op->name : "-",
		access_names[route_access(route)],
		arena_printf(arena, "%d", route_status(route)),
		version_text(arena, entry->version),
		entry->module->mount ? entry->module->mount : "-",
	} };
}

/* Calls print() for every route, in the order of the tables. */
static void each_row(const struct router *router, struct arena *arena,
		     void (*print)(const struct row *row, void *arg), void *arg)
{
	size_t count;
	const struct router_entry *entries = router_entries(router, &count);
	for (size_t i = 0; i < count; i++) {
		struct row row = row_of(arena, &entries[i]);
		print(&row, arg);
	}
}

struct table {
	size_t widths[CELLS];
	struct buf out;
};

static void table_measure(const struct row *row, void *arg)
{
	struct table *table = arg;
	for (int i = 0; i < CELLS; i++) {
		size_t len = strlen(row->cells[i]);
		if (len > table->widths[i])
			table->widths[i] = len;
	}
}

static void table_print(const struct row *row, void *arg)
{
	struct table *table = arg;
	for (int i = 0; i < CELLS - 1; i++)
		buf_printf(&table->out, "%-*s  ", (int)table->widths[i], row->cells[i]);
	buf_printf(&table->out, "%s\n", row->cells[CELLS - 1]);
}

static void routes_table(const struct router *router, struct arena *arena)
{
	struct table table = { 0 };
	struct row head;
	memcpy(head.cells, column_names, sizeof(head.cells));
	buf_init(&table.out, arena);
	table_measure(&head, &table);
	each_row(router, arena, table_measure, &table);
	table_print(&head, &table);
	each_row(router, arena, table_print, &table);
	cli_print(&table.out);
}

static void object_print(const struct row *row, void *arg)
{
	struct buf *out = arg;
	buf_add_text(out, out->len > 1 ? ",\n" : "\n");
	for (int i = 0; i < CELLS; i++) {
		buf_printf(out, "%s\"%s\":", i ? "," : "{", member_names[i]);
		if (strcmp(row->cells[i], "-") == 0)
			buf_add_lit(out, "null");
		else if (i == STATUS_CELL || i == VERSION_CELL)
			buf_add_text(out, row->cells[i]);
		else
			json_add_text(out, row->cells[i], strlen(row->cells[i]));
	}
	buf_add_char(out, '}');
}

static void routes_json(const struct router *router, struct arena *arena)
{
	struct buf out;
	buf_init(&out, arena);
	buf_add_char(&out, '[');
	each_row(router, arena, object_print, &out);
	buf_add_lit(&out, "\n]\n");
	cli_print(&out);
}

static int routes_print(struct ctx *c, bool json)
{
	struct router *router;
	enum app_err err = router_new(c, app_modules, &router);
	if (err)
		return cli_failure(c, err, "the routes");
	if (json)
		routes_json(router, c->arena);
	else
		routes_table(router, c->arena);
	router_drop(router);
	return CLI_OK;
}

int cli_routes(struct cli *cli)
{
	bool json = false;
	const struct cli_option options[] = { { .name = "--json", .flag = &json }, { 0 } };
	int code = cli_take_options(cli, options, false);
	if (code)
		return code;
	if (cli->argc)
		return cli_usage_error(cli, "'%s' is one argument too many", cli->argv[0]);

	AUTO(arena) arena = { 0 };
	struct ctx c;
	ctx_init(&c, NULL, &arena);
	return routes_print(&c, json);
}
