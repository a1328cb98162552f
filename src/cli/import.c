/*
 * `croft import users FILE|- [--dry-run]`: the users module's import with a file for it, and what
 * came of it. Judges no record.
 */
#include <inttypes.h>

#include "base/app_name.h"
#include "base/buf.h"
#include "base/str.h"
#include "cli.h"
#include "input.h"
#include "modules/users.h"
#include "progress.h"

enum { FILE_MOST_MIB = 256 };

/* By its name; where that does not tell, an object at the beginning does. */
static enum records_form form_of(const char *path, const struct buf *text)
{
	if (str_ends(path, ".csv"))
		return RECORDS_CSV;
	if (str_ends(path, ".jsonl") || str_ends(path, ".ndjson"))
		return RECORDS_JSON_LINES;
	return text->len && text->data[0] == '{' ? RECORDS_JSON_LINES : RECORDS_CSV;
}

static int fail(const struct ctx *c, enum app_err err, const struct records_faults *faults)
{
	cli_failure(c, err, "import users");
	for (const struct records_fault *at = faults->first; at; at = at->next)
		cli_line_fault(at->line, at->fields, at->text);
	if (faults->kept < faults->count)
		cli_error("  and %" PRId64 " more", faults->count - faults->kept);
	return CLI_FAILED;
}

static void print_done(const struct users_import *what, const struct users_imported *done)
{
	AUTO(buf) text = { 0 };
	int64_t without = done->accounts - done->with_hash - done->with_password;
	buf_printf(&text, "%s: %" PRId64 ", superusers among them: %" PRId64 "\n",
		   what->is_dry ? "Nothing was written. Accounts that would be imported"
				: "Imported accounts",
		   done->accounts, done->superusers);
	buf_printf(&text, "  with the hash of a password: %" PRId64 "\n", done->with_hash);
	buf_printf(&text, "  with a password, which %s hashed: %" PRId64 "\n",
		   what->is_dry ? "would be" : "was", done->with_password);
	buf_printf(&text, "  without, until '" APP_NAME " user password' sets one: %" PRId64 "\n",
		   without);
	cli_print(&text);
}

static int import(struct boot *boot, void *arg)
{
	struct users_import *what = arg;
	struct ctx *c = boot_ctx(boot);
	struct progress progress = { .what = "passwords", .unit = "hashed" };
	struct users_imported done;
	what->tell = progress_tell;
	what->arg = &progress;
	progress_start(&progress);
	enum app_err err = users_import(c, what, &done);
	progress_end(&progress);
	if (err)
		return fail(c, err, &done.faults);
	print_done(what, &done);
	return CLI_OK;
}

static int import_users(struct cli *cli, const void *arg)
{
	const bool *is_dry = arg;
	if (!cli->argc)
		return cli_usage_error(cli, "'import users' needs a file, or - for standard input");
	int code = cli_check_arguments(cli, 1);
	AUTO(buf) text = { 0 };
	if (!code)
		code = input_read(cli->argv[0], FILE_MOST_MIB, &text);
	if (code)
		return code;
	struct users_import what = { .form = form_of(cli->argv[0], &text),
				     .text = text.data,
				     .len = text.len,
				     .is_dry = *is_dry };
	return cli_with_boot(cli, BOOT_READY, import, &what);
}

int cli_import(struct cli *cli)
{
	bool is_dry = false;
	const struct cli_option options[] = { { .name = "--dry-run", .flag = &is_dry }, { 0 } };
	static const struct cli_subcommand commands[] = { { "users", import_users }, { 0 } };
	int code = cli_take_options(cli, options, false);
	return code ? code : cli_run_subcommand(cli, commands, &is_dry);
}
