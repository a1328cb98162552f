/*
 * `croft audit list`, `croft audit export` and `croft audit purge`: the operations of the audit
 * module. An export asks again and again, so that it is never held in memory as a whole.
 */
#include "modules/audit.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/app_name.h"
#include "base/arena.h"
#include "base/buf.h"
#include "cli.h"
#include "core/json.h"
#include "core/op.h"

const char cli_audit_usage[] =
	"Usage: " APP_NAME " audit list [--user ID] [--operation NAME] [--subject TABLE --id ID]\n"
	"                  [--since TIME]\n"
	"       " APP_NAME " audit export [--since TIME]\n"
	"       " APP_NAME " audit purge --keep-days N\n"
	"\n"
	"Shows who had what done, when and from where.\n"
	"\n"
	"  list    the twenty newest rows, as JSON\n"
	"          --user       only what that account had done; 'user list' shows its ID\n"
	"          --operation  only that operation, such as posts.update\n"
	"          --subject, --id  the history of a row, such as that of posts 7\n"
	"          --since      only what was done then or later: 2026-01-02T00:00:00Z\n"
	"  export  all rows, the oldest first, a JSON object on each line\n"
	"  purge   delete what is older than so many days, and leave a row that says so; a\n"
	"          server does that itself with audit.keep_days\n"
	"\n"
	"Examples:\n"
	"  " APP_NAME " audit list --subject posts --id 7\n"
	"  " APP_NAME " audit export --since 2026-01-01T00:00:00Z >audit.jsonl\n"
	"  " APP_NAME " audit purge --keep-days 90\n";

struct audit_arguments {
	const char *user, *operation, *subject, *id, *since, *keep_days;
};

/* is: what the option is, for whoever gave no number. Returns 0 or the exit code. */
static int add_number(const struct cli *cli, struct buf *json, const char *is, const char *name,
		      const char *value)
{
	enum { DIGITS_MOST = 18 };
	if (!value)
		return 0;
	if (!*value || strspn(value, "0123456789") != strlen(value) || strlen(value) > DIGITS_MOST)
		return cli_usage_error(cli, "%s", is);
	buf_printf(json, "%c\"%s\":%" PRId64, json->len ? ',' : '{', name,
		   (int64_t)strtoll(value, NULL, 10));
	return 0;
}

/* ---- list and purge ---- */

struct audit_work {
	const struct operation *op;
	struct buf *json;
};

static int run(struct boot *boot, void *arg)
{
	const struct audit_work *it = arg;
	struct ctx *c = boot_ctx(boot);
	AUTO(buf) out = { 0 };
	AUTO(buf) printable = { 0 };
	AUTO(buf) pretty = { 0 };
	if (!it->json->len)
		buf_add_char(it->json, '{');
	buf_add_char(it->json, '}');
	enum app_err err = op_run(c, it->op, it->json->data, it->json->len, &out);
	if (err)
		return cli_failure(c, err, it->op->name);
	json_printable(out.data, out.len, &printable);
	json_pretty(printable.data, printable.len, &pretty);
	buf_add_char(&pretty, '\n');
	cli_print(&pretty);
	return CLI_OK;
}

static int check_texts(const struct cli *cli, const struct audit_arguments *arguments)
{
	int code = cli_check_text(cli, "operation", arguments->operation);
	if (!code)
		code = cli_check_text(cli, "subject", arguments->subject);
	return code ? code : cli_check_text(cli, "time", arguments->since);
}

static int list(struct cli *cli, const void *arg)
{
	const struct audit_arguments *arguments = arg;
	AUTO(buf) json = { 0 };
	int code = cli_check_arguments(cli, 0);
	if (!code && arguments->keep_days)
		code = cli_usage_error(cli, "'audit list' takes no --keep-days");
	if (!code)
		code = check_texts(cli, arguments);
	if (code)
		return code;
	cli_add_member(&json, "operation", arguments->operation);
	cli_add_member(&json, "subject", arguments->subject);
	cli_add_member(&json, "since", arguments->since);
	code = add_number(cli, &json, "--user is the number of an account, as 'user list' shows it",
			  "user_id", arguments->user);
	if (!code)
		code = add_number(cli, &json, "--id is a number", "subject_id", arguments->id);
	return code ? code
		    : cli_with_boot(cli, BOOT_READY, run,
				    &(struct audit_work){ &audit_list, &json });
}

static bool has_filters(const struct audit_arguments *arguments)
{
	return arguments->user || arguments->operation || arguments->subject || arguments->id;
}

static int purge(struct cli *cli, const void *arg)
{
	const struct audit_arguments *arguments = arg;
	AUTO(buf) json = { 0 };
	int code = cli_check_arguments(cli, 0);
	if (!code && (has_filters(arguments) || arguments->since || !arguments->keep_days))
		code = cli_usage_error(cli, "'audit purge' takes --keep-days and nothing else");
	if (!code)
		code = add_number(cli, &json, "--keep-days is a number", "keep_days",
				  arguments->keep_days);
	return code ? code
		    : cli_with_boot(cli, BOOT_READY, run,
				    &(struct audit_work){ &audit_purge, &json });
}

/* ---- export ---- */

/* The id of the last line: the first member of each. */
static int64_t last_id(const struct buf *lines)
{
	const char *from = lines->data, *at = from + lines->len - 1;
	while (at > from && at[-1] != '\n')
		at--;
	return strtoll(at + strlen("{\"id\":"), NULL, 10);
}

/* *after: the last id that was printed. Returns CLI_OK, -1 at the end, or another exit code. */
static int export_some(struct boot *boot, const char *since, int64_t *after)
{
	struct ctx *c = boot_ctx(boot);
	AUTO(buf) json = { 0 };
	AUTO(buf) out = { 0 };
	AUTO(buf) printable = { 0 };
	cli_add_member(&json, "since", since);
	buf_printf(&json, "%c\"after\":%" PRId64 "}", json.len ? ',' : '{', *after);
	enum app_err err = op_run(c, &audit_export, json.data, json.len, &out);
	if (err)
		return cli_failure(c, err, audit_export.name);
	if (!out.len)
		return -1;
	*after = last_id(&out);
	json_printable(out.data, out.len, &printable);
	cli_print(&printable);
	arena_reset(c->arena);
	return CLI_OK;
}

static int export_all(struct boot *boot, void *arg)
{
	const struct audit_arguments *arguments = arg;
	int64_t after = 0;
	int code;
	do
		code = export_some(boot, arguments->since, &after);
	while (!code);
	return code == -1 ? CLI_OK : code;
}

static int export(struct cli *cli, const void *arg)
{
	struct audit_arguments arguments = *(const struct audit_arguments *)arg;
	int code = cli_check_arguments(cli, 0);
	if (!code && (has_filters(&arguments) || arguments.keep_days))
		code = cli_usage_error(cli, "'audit export' takes --since and nothing else");
	if (!code)
		code = check_texts(cli, &arguments);
	return code ? code : cli_with_boot(cli, BOOT_READY, export_all, &arguments);
}

int cli_audit(struct cli *cli)
{
	struct audit_arguments arguments = { 0 };
	const struct cli_option options[] = {
		{ .name = "--user", .value = &arguments.user },
		{ .name = "--operation", .value = &arguments.operation },
		{ .name = "--subject", .value = &arguments.subject },
		{ .name = "--id", .value = &arguments.id },
		{ .name = "--since", .value = &arguments.since },
		{ .name = "--keep-days", .value = &arguments.keep_days },
		{ 0 },
	};
	static const struct cli_subcommand commands[] = {
		{ "list", list },
		{ "export", export },
		{ "purge", purge },
		{ 0 },
	};
	int code = cli_take_options(cli, options, false);
	return code ? code : cli_run_subcommand(cli, commands, &arguments);
}
