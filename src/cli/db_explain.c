/*
 * `croft db explain OPERATION [JSON]`: runs an operation as the system and shows, for each
 * statement it ran, how the database went about it. What a COMMAND changed is undone.
 */
#include <inttypes.h>
#include <string.h>

#include "app/modules.h"
#include "base/app_name.h"
#include "base/buf.h"
#include "base/str.h"
#include "core/module.h"
#include "core/op.h"
#include "core/trace.h"
#include "db.h"

static void add_lines(struct buf *out, const char *indent, const char *lines)
{
	while (*lines) {
		size_t len = strcspn(lines, "\n");
		buf_add_text(out, indent);
		str_add_printable(out, lines, len);
		buf_add_char(out, '\n');
		lines += len + (lines[len] == '\n');
	}
}

static void print_statements(const struct trace_statement *at)
{
	AUTO(buf) text = { 0 };
	if (!at)
		buf_add_lit(&text, "It ran no statement.\n");
	for (int number = 1; at; at = at->next, number++) {
		if (number > 1)
			buf_add_char(&text, '\n');
		buf_printf(&text, "%d. %s\n", number, at->sql);
		if (at->runs > 1)
			buf_printf(&text, "   run %" PRId64 " times\n", at->runs);
		add_lines(&text, "   ", at->plan);
	}
	cli_print(&text);
}

/* What is explained. */
struct explained {
	const struct operation *op;
	const char *json;
};

static int explain(struct boot *boot, void *arg)
{
	const struct explained *it = arg;
	struct ctx *c = boot_ctx(boot);
	AUTO(buf) out = { 0 };
	struct trace *trace = trace_begin(c);
	enum app_err err = op_try(c, it->op, it->json, strlen(it->json), &out);
	trace_end(trace);
	print_statements(trace_statements(trace));
	return err ? cli_failure(c, err, it->op->name) : CLI_OK;
}

int cli_db_explain(struct cli *cli, const void *arg)
{
	(void)arg;
	int code = cli_take_arguments(cli, 2);
	if (code)
		return code;
	if (!cli->argc)
		return cli_usage_error(cli,
				       "'db explain' needs an operation; '" APP_NAME " run' lists "
				       "them");
	struct explained it = { module_find_operation(app_modules, cli->argv[0]),
				cli->argc > 1 ? cli->argv[1] : "{}" };
	if (!it.op)
		return cli_operation_unknown(cli, cli->argv[0]);
	cli->boot.signs = true;
	code = cli_check_input(it.json, strlen(it.json));
	return code ? code : cli_with_boot(cli, BOOT_SERVICES, explain, &it);
}
