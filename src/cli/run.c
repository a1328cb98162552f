/*
 * `croft run OPERATION [JSON|-] [--dry-run] [--pretty]`: any operation by its name, as the system.
 * Without a name it lists them all. The same op_run() as everywhere; the JSON passes the same
 * checks as a request's.
 */
#include <string.h>

#include "app/modules.h"
#include "base/app_name.h"
#include "base/arena.h"
#include "base/buf.h"
#include "base/str.h"
#include "cli.h"
#include "core/json.h"
#include "core/module.h"
#include "core/op.h"
#include "input.h"

/* More than any operation takes. */
enum { INPUT_MOST_MIB = 16 };

/* ---- the list ---- */

/* Those that can be run: a raw route may name one for its documentation only. */
struct op_list {
	const struct operation **at;
	size_t count;
};

/* One with two routes is there once. */
static void list_add(struct arena *arena, struct op_list *list, const struct operation *op)
{
	size_t size = sizeof(*list->at), count = list->count;
	for (size_t i = 0; i < count; i++)
		if (list->at[i] == op)
			return;
	list->at = arena_grow(arena, list->at, count * size, (count + 1) * size);
	list->at[list->count++] = op;
}

static struct op_list list_all(struct arena *arena)
{
	struct op_list list = { 0 };
	struct module_operations all = { .modules = app_modules };
	for (const struct operation *op; (op = module_operation_next(&all));)
		if (op_is_runnable(op))
			list_add(arena, &list, op);
	return list;
}

static const char *list_name_at(const void *names, size_t at)
{
	const struct op_list *list = names;
	return at < list->count ? list->at[at]->name : NULL;
}

static int print_list(void)
{
	AUTO(arena) arena = { 0 };
	AUTO(buf) text = { 0 };
	struct op_list list = list_all(&arena);
	size_t width = 0;
	for (size_t i = 0; i < list.count; i++)
		if (strlen(list.at[i]->name) > width)
			width = strlen(list.at[i]->name);
	for (size_t i = 0; i < list.count; i++)
		buf_printf(&text, "%-*s  %s\n", (int)width, list.at[i]->name,
			   list.at[i]->summary ? list.at[i]->summary : "");
	cli_print(&text);
	return CLI_OK;
}

int cli_operation_unknown(const struct cli *cli, const char *name)
{
	AUTO(arena) arena = { 0 };
	struct op_list list = list_all(&arena);
	const char *nearest = cli_nearest(name, list_name_at, &list);
	if (nearest)
		return cli_usage_error(cli, "unknown operation '%s'; did you mean '%s'?", name,
				       nearest);
	return cli_usage_error(cli, "unknown operation '%s'; '" APP_NAME " run' lists them", name);
}

/* ---- the input ---- */

static int read_input(const struct cli *cli, struct buf *ret)
{
	const char *json = cli->argc > 1 ? cli->argv[1] : "{}";
	if (str_eq(json, "-"))
		return input_read(json, INPUT_MOST_MIB, ret);
	buf_add_text(ret, json);
	return 0;
}

/* ---- the run ---- */

typedef enum app_err op_runner(struct ctx *c, const struct operation *op, const char *json,
			       size_t len, struct buf *out);

/* What is run, and how. */
struct run {
	const struct operation *op;
	const struct buf *input;
	op_runner *runner;
	bool is_pretty;
};

static void print_result(struct buf *result, bool is_pretty)
{
	AUTO(buf) printable = { 0 };
	AUTO(buf) laid_out = { 0 };
	json_printable(result->data, result->len, &printable);
	if (is_pretty)
		json_pretty(printable.data, printable.len, &laid_out);
	struct buf *out = is_pretty ? &laid_out : &printable;
	if (out->len && out->data[out->len - 1] != '\n')
		buf_add_char(out, '\n');
	cli_print(out);
}

static int run(struct boot *boot, void *arg)
{
	const struct run *it = arg;
	struct ctx *c = boot_ctx(boot);
	AUTO(buf) out = { 0 };
	enum app_err err = it->runner(c, it->op, it->input->data, it->input->len, &out);
	if (err)
		return cli_failure(c, err, it->op->name);
	print_result(&out, it->is_pretty);
	return CLI_OK;
}

static int run_named(struct cli *cli, op_runner *runner, bool is_pretty)
{
	AUTO(buf) input = { 0 };
	struct run it = { module_find_operation(app_modules, cli->argv[0]), &input, runner,
			  is_pretty };
	if (!it.op)
		return cli_operation_unknown(cli, cli->argv[0]);
	cli->boot.signs = true;
	int code = read_input(cli, &input);
	if (!code)
		code = cli_check_input(input.data, input.len);
	return code ? code : cli_with_boot(cli, BOOT_SERVICES, run, &it);
}

int cli_run(struct cli *cli)
{
	bool is_dry = false, is_pretty = false;
	const struct cli_option options[] = { { .name = "--dry-run", .flag = &is_dry },
					      { .name = "--pretty", .flag = &is_pretty },
					      { 0 } };
	int code = cli_take_options(cli, options, false);
	if (!code)
		code = cli_check_arguments(cli, 2);
	if (code)
		return code;
	return cli->argc ? run_named(cli, is_dry ? op_try : op_run, is_pretty) : print_list();
}
